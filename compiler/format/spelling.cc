#include "compiler/format/spelling.h"

#include <algorithm>

#include "compiler/syntax/keywords.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::format {
namespace {

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && byte != 0) || byte == 0x7f;
}

bool IsWordCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("_-.:/@%+~").find(c) != std::string_view::npos;
}

bool HasWord(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t blank = list.find(' ');
    if (list.substr(0, blank) == word) return true;
    list = blank == std::string_view::npos ? "" : list.substr(blank + 1);
  }
  return false;
}

// A stretch of text as it stands between double quotes.
std::string Escaped(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '$' && (i + 1 == text.size() || text[i + 1] == '{')) {
      out += "\\$";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (IsControl(c)) {
      out += "\\u{";
      if (byte >= 16) out += kHex[byte >> 4];
      out += kHex[byte & 15];
      out += '}';
    } else {
      out += c;
    }
  }
  return out;
}

std::string Interpolation(const ast::Expr& expr) {
  Phrase inner;
  Spell(inner, expr, true);
  return "${" + inner.Flat() + '}';
}

// A text in which something is computed. As a bare word if it can be one.
std::string Computed(const ast::Text& text) {
  bool bare = !text.quoted;
  std::string word;
  std::string quoted = "\"";
  for (const ast::Piece& piece : text.pieces) {
    if (const auto* run = std::get_if<std::string>(&piece)) {
      bare = bare && std::all_of(run->begin(), run->end(), IsWordCharacter);
      word += *run;
      quoted += Escaped(*run);
    } else {
      const std::string computed = Interpolation(*std::get<ast::Box<ast::Expr>>(piece));
      word += computed;
      quoted += computed;
    }
  }
  if (bare && word.front() != '@' && word.front() != ':' && word.back() != ':') return word;
  return quoted + '"';
}

}  // namespace

std::string Quoted(std::string_view text, bool inside_interpolation) {
  const bool control = std::any_of(text.begin(), text.end(), [](char c) { return IsControl(c) && c != '\n'; });
  const auto newlines = std::count(text.begin(), text.end(), '\n');
  const std::string plain = '"' + std::string(text) + '"';
  const std::string escaped = '"' + Escaped(text) + '"';
  if (plain == escaped || inside_interpolation || control) return escaped;
  if (newlines == 0 && text.find('\'') == std::string_view::npos) return '\'' + std::string(text) + '\'';
  // Over several lines, or a text with both kinds of quotes and escapes.
  const bool tripled = text.find("'''") == std::string_view::npos && text.front() != '\'' && text.back() != '\'';
  const bool worth_it = newlines > 1 || (newlines == 0 && escaped.size() > plain.size() + 2);
  return tripled && worth_it ? "'''" + std::string(text) + "'''" : escaped;
}

bool IsPlainName(std::string_view text) {
  if (text.empty() || (std::isalnum(static_cast<unsigned char>(text[0])) == 0 && text[0] != '_')) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
  });
}

std::string Name(const ast::Text& text, std::string_view keywords) {
  if (!text.IsLiteral()) return Computed(text);
  if (text.quoted || !IsPlainName(text.literal) || HasWord(keywords, text.literal)) {
    // A name is on one line, whatever it holds.
    return Quoted(text.literal, text.literal.find('\n') != std::string::npos);
  }
  return text.literal;
}

std::string ReferenceName(const ast::Text& text) {
  const std::string& word = text.literal;
  const bool keyword = IsAction(word) || IsRole(word) || IsConnective(word) || word == "any" || word == "not";
  return text.IsLiteral() && keyword ? Quoted(word) : Name(text);
}

std::string Word(const ast::Text& text, bool inside_interpolation) {
  if (!text.IsLiteral()) return Computed(text);
  if (text.quoted || !IsPlainWord(text.literal)) return Quoted(text.literal, inside_interpolation);
  return text.literal;
}

std::string Id(const ast::Text& text) {
  if (!text.IsLiteral()) return '@' + Computed(text);
  // Only "…" may follow the `@`.
  return '@' + (text.quoted || !IsPlainName(text.literal) ? Quoted(text.literal, true) : text.literal);
}

std::string String(const ast::Text& text) {
  if (text.IsLiteral()) return Quoted(text.literal);
  ast::Text quoted = text;
  quoted.quoted = true;
  return Computed(quoted);
}

std::string Pattern(const ast::Regex& regex) {
  std::string out = "/";
  for (const char c : regex.pattern.literal) {
    if (c == '/') out += '\\';
    out += c;
  }
  return out + '/';
}

// ------------------------------------------------------------------- values

namespace {

// Items between brackets, the line may end after each comma.
template <class Items, class Each>
void SpellList(Phrase& out, const Items& items, Each&& each) {
  bool first = true;
  for (const auto& item : items) {
    if (!first) (out << ",").Break();
    first = false;
    each(item);
  }
}

void SpellMapOption(Phrase& out, const ast::Option& option, bool inside) {
  out << OptionName(option) << " = ";
  Spell(out, option.value, inside);
}

}  // namespace

std::string OptionName(const ast::Option& option) {
  return Name(option.name) + (option.id ? ' ' + Id(*option.id) : "");
}

void Spell(Phrase& out, const ast::Value& value, bool inside) {
  if (const auto* text = std::get_if<ast::Text>(&value.what)) {
    out << Word(*text, inside);
  } else if (const auto* list = std::get_if<ast::List>(&value.what)) {
    out << "[";
    SpellList(out, list->items, [&](const ast::Value& item) { Spell(out, item, inside); });
    out << "]";
  } else if (const auto* map = std::get_if<ast::Map>(&value.what)) {
    out << "{";
    SpellList(out, map->options, [&](const ast::Option& option) { SpellMapOption(out, option, inside); });
    out << "}";
  } else {
    const auto& call = std::get<ast::Call>(value.what);
    // Quoted it would not be a call.
    out << (call.name.IsLiteral() ? call.name.literal : Computed(call.name)) << "(";
    Spell(out, call.arguments, inside);
    out << ")";
  }
}

void Spell(Phrase& out, const std::vector<ast::Argument>& arguments, bool inside) {
  SpellList(out, arguments, [&](const ast::Argument& argument) {
    if (argument.name) out << Name(*argument.name) << "=";
    Spell(out, *argument.value, inside);
  });
}

void Spell(Phrase& out, const ast::Option& option) {
  out << OptionName(option) << "=";
  Spell(out, option.value);
}

// -------------------------------------------------------------- conditions

namespace {

// From the weakest to the strongest.
enum Strength { kImplies, kOr, kAnd, kNot, kRelation, kSum, kTerm, kAtom };

struct StrengthOf {
  Strength operator()(const ast::Implies&) const { return kImplies; }
  Strength operator()(const ast::Junction& node) const { return node.conjunction ? kAnd : kOr; }
  Strength operator()(const ast::Not&) const { return kNot; }
  Strength operator()(const ast::Binary& node) const {
    if (node.op == "+" || node.op == "-") return kSum;
    return node.op == "*" || node.op == "/" || node.op == "%" ? kTerm : kRelation;
  }
  template <class T>
  Strength operator()(const T&) const {
    return kAtom;
  }
};

class ExprSpeller {
 public:
  ExprSpeller(Phrase& out, bool inside) : out_(out), inside_(inside) {}

  // Puts parentheses around what binds weaker than `least`.
  void At(const ast::Expr& expr, Strength least) {
    const bool weaker = std::visit(StrengthOf{}, expr.what) < least;
    if (weaker) out_ << "(";
    std::visit(*this, expr.what);
    if (weaker) out_ << ")";
  }

  void operator()(const ast::Value& value) { Spell(out_, value, inside_); }
  void operator()(const ast::Not& node) {
    out_ << "not ";
    At(*node.operand, kRelation);
  }
  void operator()(const ast::Junction& node) {
    for (std::size_t i = 0; i < node.operands.size(); ++i) {
      if (i > 0) (out_ << (node.conjunction ? " and" : " or")).Break();
      At(node.operands[i], node.conjunction ? kNot : kAnd);
    }
  }
  void operator()(const ast::Implies& node) {
    At(*node.premise, kOr);
    (out_ << " implies").Break();
    At(*node.conclusion, kImplies);
  }
  void operator()(const ast::Binary& node) {
    const Strength own = StrengthOf{}(node);
    // Arithmetic groups to the left; comparisons do not chain.
    At(*node.left, own == kRelation ? kSum : own);
    out_ << " " << node.op << " ";
    At(*node.right, static_cast<Strength>(own + 1));
  }
  void operator()(const ast::StateAtom& node) {
    out_ << node.state.literal << " " << ReferenceName(node.subject);
    if (node.node) out_ << " on " << Name(*node.node, "by");
    if (node.device) out_ << " by " << Name(*node.device);
  }
  void operator()(const ast::UndisturbedAtom& node) {
    out_ << "no " << node.kind.literal << " of " << Name(node.resource, "on");
    if (node.node) out_ << " on " << Name(*node.node);
  }
  void operator()(const ast::DateAtom& node) {
    out_ << "date";
    Bound(" after ", node.after);
    Bound(" before ", node.before);
    Bound(" from ", node.from);
    Bound(" until ", node.until);
    if (node.duration.empty()) return;
    out_ << " for (";
    Spell(out_, node.duration, inside_);
    out_ << ")";
  }
  void operator()(const ast::Index& node) {
    At(*node.base, kAtom);
    out_ << "[";
    At(*node.key, kImplies);
    out_ << "]";
  }

 private:
  void Bound(std::string_view word, const std::optional<ast::Value>& value) {
    if (!value) return;
    out_ << word;
    Spell(out_, *value, inside_);
  }

  Phrase& out_;
  bool inside_;
};

// True if the last word of the condition asks for a subject behind it.
struct EndsInState {
  bool operator()(const ast::Value& value) const {
    const auto* text = std::get_if<ast::Text>(&value.what);
    return text != nullptr && text->IsLiteral() && !text->quoted && IsState(text->literal);
  }
  bool operator()(const ast::Not& node) const { return std::visit(*this, node.operand->what); }
  bool operator()(const ast::Junction& node) const { return std::visit(*this, node.operands.back().what); }
  bool operator()(const ast::Implies& node) const { return std::visit(*this, node.conclusion->what); }
  bool operator()(const ast::Binary& node) const { return std::visit(*this, node.right->what); }
  template <class T>
  bool operator()(const T&) const {
    return false;
  }
};

}  // namespace

void Spell(Phrase& out, const ast::Expr& expr, bool inside) {
  ExprSpeller(out, inside).At(expr, kImplies);
}

void SpellBeforeBrace(Phrase& out, const ast::Expr& expr) {
  const bool parentheses = std::visit(EndsInState{}, expr.what);
  if (parentheses) out << "(";
  Spell(out, expr);
  if (parentheses) out << ")";
}

}  // namespace picket::compiler::format
