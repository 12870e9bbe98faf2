// Variables and the expressions that are about them.
//
// A value of the language is an `ast::Value` without anything left to compute:
// a text, a list, a map, or a call such as `secret("x")`, which is passed on
// as it is. Inside `${ }`, after `if` and after `in` a bare word is a variable
// (or a number); everywhere else it is text, and in a list or a map it is text
// even there.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler {

/// Names in scope. Inner scopes look into outer ones; a name is bound once in
/// each.
class Scope {
 public:
  explicit Scope(const Scope* outer = nullptr) : outer_(outer) {}

  /// False if the name is bound in this very scope already.
  bool Bind(const std::string& name, ast::Value value) { return values_.emplace(name, std::move(value)).second; }
  const ast::Value* Find(const std::string& name) const {
    const auto found = values_.find(name);
    if (found != values_.end()) return &found->second;
    return outer_ == nullptr ? nullptr : outer_->Find(name);
  }
  /// Every name that can be seen, for "did you mean".
  std::vector<std::string> Names() const;
  const std::unordered_map<std::string, ast::Value>& own() const { return values_; }

 private:
  const Scope* outer_;
  std::unordered_map<std::string, ast::Value> values_;
};

/// The longest text that a value may grow to.
inline constexpr std::size_t kValueBytesMax = 64 * 1024;

class Evaluator {
 public:
  /// `frame` is written into the spans of messages.
  Evaluator(const Scope& scope, std::uint32_t frame, Diagnostics& diagnostics)
      : scope_(scope), frame_(frame), diagnostics_(diagnostics) {}

  /// The value of an expression in which bare words are variables; nothing,
  /// and a report, if it has none.
  std::optional<ast::Value> Evaluate(const ast::Expr& expr);
  /// The truth of a condition after `if`.
  std::optional<bool> Truth(const ast::Expr& expr);
  /// A value as written after `=`: bare words are text, `${…}` is computed.
  std::optional<ast::Value> Resolve(const ast::Value& value);
  /// What stands after `in`: a bare word is a variable.
  std::optional<ast::Value> ResolveRange(const ast::Value& value);
  /// The argument of a `use`: bare words are text.
  std::optional<ast::Value> ResolveArgument(const ast::Expr& expr);
  /// Fills in the `${…}` of a text; false, and a report, if that fails.
  bool Fill(ast::Text& text);

 private:
  std::optional<ast::Value> Variable(const ast::Text& text);
  std::optional<ast::Value> Member(const ast::Value& of, const std::string& key, const Span& span);
  std::optional<std::int64_t> Integer(const ast::Expr& expr);
  std::optional<ast::Value> EvaluateBinary(const ast::Binary& binary, const Span& span);
  Diagnostic& Error(std::string_view code, Span span, std::string message);

  const Scope& scope_;
  std::uint32_t frame_;
  Diagnostics& diagnostics_;
};

}  // namespace picket::compiler
