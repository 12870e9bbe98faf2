// What every grammar rule can reach besides its tokens. No Spirit in here, so
// that translation units can share it without paying for the library.
#pragma once

#include <string>
#include <string_view>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/ast.h"
#include "compiler/syntax/lexer.h"

namespace picket::compiler::grammar {

using Cursor = const Token*;

/// The parsers reach this through Spirit's context, under this tag.
struct StateTag;

struct State {
  std::string_view text;  ///< The whole file.
  std::uint32_t file = 0;
  Cursor begin = nullptr;  ///< All tokens of this parse.
  Cursor end = nullptr;    ///< The kEnd token: always safe to look at.
  Diagnostics* diagnostics = nullptr;
  int depth = 0;  ///< Of expressions and interpolations.

  Span At(std::uint32_t from, std::uint32_t to) const { return {file, from, to, 0}; }
  Span At(Cursor token) const { return At(token->begin, token->end); }
  /// From the first token up to the one before `after`.
  Span Between(Cursor first, Cursor after) const {
    return At(first->begin, after > first ? (after - 1)->end : first->end);
  }
  std::string_view Raw(Cursor token) const { return text.substr(token->begin, token->end - token->begin); }
  bool IsWord(Cursor token, std::string_view word) const {
    return token->kind == Token::Kind::kWord && Raw(token) == word;
  }
  static bool IsPunctuation(Cursor token, char c) { return token->punctuation == c; }

  /// True if `name =` or `name @id =` begins here: an option, never a keyword.
  bool OpensOption(Cursor token) const {
    if (token->kind != Token::Kind::kWord && token->kind != Token::Kind::kString &&
        token->kind != Token::Kind::kRawString) {
      return false;
    }
    Cursor next = token + 1;
    if (next >= end) return false;
    if (next->kind == Token::Kind::kWord && Raw(next).starts_with("@") && next < end) {
      ++next;
      if (Raw(next - 1) == "@" && next < end) ++next;
    }
    return next->punctuation == '=';
  }

  /// True if a name, a set or `any` could begin here; what an action, a role
  /// or a state word must be followed by to be one.
  bool OpensReference(Cursor token) const {
    if (token->punctuation == '{' || token->punctuation == '[') return true;
    if (token->kind == Token::Kind::kString || token->kind == Token::Kind::kRawString) return true;
    return token->kind == Token::Kind::kWord && !IsJoining(token) && !OpensOption(token) &&
           !Raw(token).starts_with("@");
  }
  bool IsJoining(Cursor token) const;
};

/// What stands at a token, in words fit for "found …".
std::string Describe(const State& state, Cursor token);

/// The text of a word or string token, with escapes resolved and `${…}` parsed.
ast::Text MakeText(State& state, Cursor token);

/// Reports a text that is no name unless it was quoted. `what` is for "… is
/// not a valid name".
void CheckName(State& state, const ast::Text& text);

}  // namespace picket::compiler::grammar
