#include <algorithm>

#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/grammar/linked.h"
#include "compiler/syntax/keywords.h"

namespace picket::compiler::grammar {
namespace {

constexpr int kDepthMax = 100;

// Appends a code point as UTF-8; false if it is none.
bool AppendCodePoint(std::uint32_t code, std::string& out) {
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
  return true;
}

// Reads the escape at text[i] == '\\'; returns the offset after it.
std::uint32_t Unescape(State& state, std::uint32_t i, std::uint32_t end, std::string& out) {
  const char c = i + 1 < end ? state.text[i + 1] : '\0';
  switch (c) {
    case '"':
    case '\\':
    case '$':
      out += c;
      return i + 2;
    case 'n':
      out += '\n';
      return i + 2;
    case 't':
      out += '\t';
      return i + 2;
    case 'u': {
      std::uint32_t code = 0;
      std::uint32_t j = i + 2;
      if (j < end && state.text[j] == '{') {
        for (++j; j < end && j < i + 10 && std::isxdigit(static_cast<unsigned char>(state.text[j])); ++j) {
          const char h = state.text[j];
          code = code * 16 + static_cast<std::uint32_t>(h <= '9' ? h - '0' : (h | 0x20) - 'a' + 10);
        }
        if (j < end && state.text[j] == '}' && AppendCodePoint(code, out)) return j + 1;
      }
      break;
    }
    default:
      break;
  }
  state.diagnostics->Error("E0110", state.At(i, std::min(i + 2, end)), "unknown escape in a string")
      .help.push_back("known are \\\" \\\\ \\n \\t \\$ \\u{…}; '…' takes everything as it is");
  return std::min(i + 2, end);
}

// Parses the expression of a `${…}` at [begin, end).
std::optional<ast::Expr> Interpolated(State& state, std::uint32_t begin, std::uint32_t end) {
  if (state.depth >= kDepthMax) {
    state.diagnostics->Error("E0105", state.At(begin, end), "`${…}` nested too deeply");
    return std::nullopt;
  }
  Tokens tokens = Scan(state.text, state.file, begin + 2, end - 1, *state.diagnostics);
  if (!tokens.usable) return std::nullopt;
  State inner = state;
  inner.depth = state.depth + 10;
  inner.begin = tokens.list.data();
  inner.end = inner.begin + tokens.list.size() - kEndTokens;
  Cursor at = inner.begin;
  ast::Expr expr;
  try {
    if (ParseExpr(at, inner, expr) && at == inner.end) return expr;
    state.diagnostics->Error("E0112", state.At(begin, end), "not a valid `${…}`")
        .help.push_back("between the braces stands a variable or an expression, as in `${n + 1}`");
  } catch (const Failure& failure) {
    Cursor where = failure.where();
    state.diagnostics->Error("E0101", state.At(where),
                             "expected " + failure.which() + ", found " + Describe(inner, where));
  }
  return std::nullopt;
}

bool IsNameChar(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
}

}  // namespace

bool State::IsJoining(Cursor token) const {
  return token->kind == Token::Kind::kWord && IsConnective(Raw(token));
}

std::string Describe(const State& state, Cursor token) {
  switch (token->kind) {
    case Token::Kind::kEnd:
      return "the end of the file";
    case Token::Kind::kNewline:
      return state.Raw(token) == ";" ? "`;`" : "the end of the line";
    default:
      break;
  }
  std::string raw(state.Raw(token));
  if (raw.size() > 40) raw = raw.substr(0, 37) + "…";
  if (raw.empty()) return "the end of the line";
  return "`" + raw + "`";
}

ast::Text MakeText(State& state, Cursor token) {
  ast::Text text;
  text.span = state.At(token);
  text.quoted = token->kind != Token::Kind::kWord;
  std::uint32_t i = token->begin;
  std::uint32_t end = token->end;
  const auto closed_by = [&](std::string_view quote) {
    return end - i >= quote.size() && state.text.substr(end - quote.size(), quote.size()) == quote;
  };
  if (token->kind == Token::Kind::kRawString) {
    const bool tripled = state.text.substr(i, 3) == "'''" && end - i >= 3;
    const std::string_view quote = tripled ? "'''" : "'";
    i += static_cast<std::uint32_t>(quote.size());
    if (closed_by(quote)) end -= static_cast<std::uint32_t>(quote.size());
    text.literal = state.text.substr(i, end - i);
    return text;
  }
  if (token->kind == Token::Kind::kRegex) {
    for (++i, --end; i < end; ++i) {
      if (state.text[i] == '\\' && i + 1 < end && state.text[i + 1] == '/') ++i;
      text.literal += state.text[i];
    }
    return text;
  }
  if (token->kind == Token::Kind::kString) {
    ++i;
    if (closed_by("\"")) --end;
  }
  std::string run;
  while (i < end) {
    const char c = state.text[i];
    if (c == '$' && i + 1 < end && state.text[i + 1] == '{') {
      std::uint32_t after = InterpolationEnd(state.text, i, end);
      if (after == 0) {
        // The scanner has said so; the rest of the word is text.
        run += state.text.substr(i, end - i);
        break;
      }
      if (auto expr = Interpolated(state, i, after)) {
        if (!run.empty()) text.pieces.emplace_back(std::move(run));
        run.clear();
        text.pieces.emplace_back(ast::Box<ast::Expr>(std::move(*expr)));
      }
      i = after;
    } else if (c == '\\' && token->kind == Token::Kind::kString) {
      i = Unescape(state, i, end, run);
    } else {
      run += c;
      ++i;
    }
  }
  if (text.pieces.empty()) {
    text.literal = std::move(run);
  } else if (!run.empty()) {
    text.pieces.emplace_back(std::move(run));
  }
  return text;
}

void CheckName(State& state, const ast::Text& text) {
  if (text.quoted || !text.IsLiteral()) return;
  const std::string& name = text.literal;
  const bool starts_well = !name.empty() && (std::isalnum(static_cast<unsigned char>(name[0])) || name[0] == '_');
  if (starts_well && std::all_of(name.begin(), name.end(), IsNameChar)) return;
  Diagnostic& error = state.diagnostics->Error("E0103", text.span, "`" + name + "` is not a valid name");
  const std::size_t colon = name.find(':');
  if (colon != std::string::npos && colon > 0 && colon + 1 < name.size()) {
    error.help.push_back("put a blank after the colon of an id, or quote the name");
  } else {
    error.help.push_back("names are letters, digits, `_`, `-` and `.`; quote any other");
  }
}

bool AtItemEnd(const State& state, Cursor at) {
  return at->kind == Token::Kind::kNewline || at >= state.end || at->punctuation == '}';
}

namespace {

// The words in backticks of "`prefers` or `avoids`".
std::vector<std::string> WordsIn(std::string_view text) {
  std::vector<std::string> words;
  while (true) {
    const std::size_t open = text.find('`');
    const std::size_t close = open == std::string_view::npos ? open : text.find('`', open + 1);
    if (close == std::string_view::npos) return words;
    words.emplace_back(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
}

void SkipItem(const State& state, Cursor item, Cursor& at) {
  while (at < state.end && at->kind != Token::Kind::kNewline) {
    const char c = at->punctuation;
    if (c == '(' || c == '[' || c == '{') {
      at = state.begin + at->partner;
    } else if (c == '}' && state.begin + at->partner < item) {
      return;  // Closes the body in which the item stands.
    }
    ++at;
  }
}

}  // namespace

void Recover(State& state, Cursor item, Cursor& at, const Failure& failure) {
  const Cursor where = failure.where();
  // The end of a line is shown just behind its last word.
  Span span = state.At(where);
  if (where->kind == Token::Kind::kNewline || where >= state.end) {
    if (where > state.begin) span = state.At((where - 1)->end, (where - 1)->end + 1);
  }
  Diagnostic& error =
      state.diagnostics->Error("E0101", span, "expected " + failure.which() + ", found " + Describe(state, where));
  if (where->kind == Token::Kind::kWord) {
    if (auto nearest = Nearest(state.Raw(where), WordsIn(failure.which()))) {
      error.help.push_back("did you mean `" + *nearest + "`?");
    }
  }
  at = where;
  SkipItem(state, item, at);
  if (at == item && at < state.end) ++at;
}

void RecoverUnknown(State& state, Cursor& at, const std::string& words, const std::vector<std::string>& keywords) {
  const Cursor item = at;
  const std::string found(state.Raw(at));
  Diagnostic& error =
      state.diagnostics->Error("E0111", state.At(at), "expected " + words + ", found " + Describe(state, at));
  if (auto nearest = Nearest(found, keywords)) {
    error.help.push_back("did you mean `" + *nearest + "`?");
  } else if (at->kind == Token::Kind::kWord && !state.OpensOption(at)) {
    error.help.push_back("an option is written `name = value`");
  }
  SkipItem(state, item, at);
  if (at == item && at < state.end) ++at;
}

namespace {

// A misspelt connective is the likeliest reason why a sentence goes on.
std::string TrailingHelp(const State& state, Cursor at) {
  static const std::vector<std::string> words = {"then", "with", "from", "where", "when", "score", "and", "or"};
  static const std::vector<std::string> states = {"running", "stopped", "promoted", "unpromoted",
                                                  "fenced",  "online",  "promote",  "demote"};
  if (at->kind == Token::Kind::kWord) {
    if (at > state.begin && (at - 1)->kind == Token::Kind::kWord && !IsState(state.Raw(at - 1))) {
      if (auto nearest = Nearest(state.Raw(at - 1), states)) return "did you mean `" + *nearest + "`?";
    }
    const auto nearest = Nearest(state.Raw(at), words);
    if (nearest && *nearest != state.Raw(at)) return "did you mean `" + *nearest + "`?";
    if (nearest) return "`" + *nearest + "` cannot stand here; `picket explain E0101` says more";
    if (at > state.begin && (at - 1)->kind == Token::Kind::kWord) {
      return "names in a list are parted by commas; a new item begins on a new line or after `;`";
    }
  }
  return "every statement and every item has a line of its own, or is ended by `;`";
}

}  // namespace

void RecoverTrailing(State& state, Cursor item, Cursor& at) {
  state.diagnostics->Error("E0101", state.At(at), "expected the end of the line, found " + Describe(state, at))
      .help.push_back(TrailingHelp(state, at));
  const Cursor before = at;
  SkipItem(state, item, at);
  if (at == before && at < state.end) ++at;
}

}  // namespace picket::compiler::grammar
