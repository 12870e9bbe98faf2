#include "compiler/expand/evaluate.h"

#include <algorithm>

#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/dump.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

using ast::Value;

Value Word(std::string text, const Span& span) {
  ast::Text out;
  out.quoted = !IsPlainWord(text);
  out.literal = std::move(text);
  out.span = span;
  return Value{std::move(out), span};
}

const ast::Text* TextOf(const Value& value) {
  return std::get_if<ast::Text>(&value.what);
}

std::string_view KindOf(const Value& value) {
  if (std::holds_alternative<ast::List>(value.what)) return "a list";
  if (std::holds_alternative<ast::Map>(value.what)) return "a map";
  if (std::holds_alternative<ast::Call>(value.what)) return "a call";
  return "a text";
}

bool SameValue(const Value& left, const Value& right) {
  const ast::Text* a = TextOf(left);
  const ast::Text* b = TextOf(right);
  if (a != nullptr && b != nullptr) {
    const auto x = AsInteger(a->literal), y = AsInteger(b->literal);
    return x && y ? *x == *y : a->literal == b->literal;
  }
  return DumpValue(left) == DumpValue(right);
}

// A bare word that says what it is by its shape and is therefore no variable.
bool IsLiteralShape(const std::string& word) {
  const char c = word.empty() ? '\0' : word[0];
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '/' || c == '.' || c == '~' || c == '%';
}

}  // namespace

std::vector<std::string> Scope::Names() const {
  std::vector<std::string> names = outer_ == nullptr ? std::vector<std::string>{} : outer_->Names();
  for (const auto& [name, value] : values_) names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

Diagnostic& Evaluator::Error(std::string_view code, Span span, std::string message) {
  span.frame = frame_;
  return diagnostics_.Error(code, span, std::move(message));
}

std::optional<Value> Evaluator::Member(const Value& of, const std::string& key, const Span& span) {
  if (const auto* map = std::get_if<ast::Map>(&of.what)) {
    std::vector<std::string> keys;
    for (const ast::Option& option : map->options) {
      if (option.name.literal == key) return option.value;
      keys.push_back(option.name.literal);
    }
    Diagnostic& error = Error("E0401", span, "no key `" + key + "` in this map");
    if (auto nearest = Nearest(key, keys)) error.help.push_back("did you mean `" + *nearest + "`?");
    return std::nullopt;
  }
  if (const auto* list = std::get_if<ast::List>(&of.what)) {
    const auto index = AsInteger(key);
    if (index && *index >= 0 && static_cast<std::size_t>(*index) < list->items.size()) {
      return list->items[static_cast<std::size_t>(*index)];
    }
    Error("E0401", span, "no element `" + key + "` in this list")
        .help.push_back("elements are counted from 0; there are " + std::to_string(list->items.size()));
    return std::nullopt;
  }
  Error("E0402", span, std::string(KindOf(of)) + " has no keys")
      .help.push_back("`a.b` and `a[b]` look into a map or a list");
  return std::nullopt;
}

std::optional<Value> Evaluator::Variable(const ast::Text& text) {
  // Names of variables hold no dot: what follows the first one is a key.
  std::string_view rest = text.literal;
  const std::size_t dot = rest.find('.');
  const std::string name(rest.substr(0, dot));
  const Value* found = scope_.Find(name);
  if (found == nullptr) {
    if (AsBoolean(name) && dot == std::string_view::npos) return Word(name, text.span);
    Diagnostic& error = Error("E0401", text.span, "unknown variable `" + name + "`");
    if (auto nearest = Nearest(name, scope_.Names())) {
      error.help.push_back("did you mean `" + *nearest + "`?");
    } else {
      error.help.push_back("define it with `let " + name + " = …`, or quote it if it is text");
    }
    return std::nullopt;
  }
  Value value = *found;
  while (rest.find('.') != std::string_view::npos) {
    rest.remove_prefix(rest.find('.') + 1);
    auto member = Member(value, std::string(rest.substr(0, rest.find('.'))), text.span);
    if (!member) return std::nullopt;
    value = std::move(*member);
  }
  return value;
}

bool Evaluator::Fill(ast::Text& text) {
  if (text.IsLiteral()) return true;
  std::string out;
  for (const ast::Piece& piece : text.pieces) {
    if (const auto* run = std::get_if<std::string>(&piece)) {
      out += *run;
      continue;
    }
    const ast::Expr& expr = *std::get<ast::Box<ast::Expr>>(piece);
    const auto value = Evaluate(expr);
    if (!value) return false;
    const ast::Text* part = TextOf(*value);
    if (part == nullptr) {
      Error("E0402", expr.span, std::string(KindOf(*value)) + " cannot be part of a text")
          .help.push_back("`${…}` inside a name or a string has to be a text or a number");
      return false;
    }
    out += part->literal;
    if (out.size() > kValueBytesMax) {
      Error("E0405", text.span, "this text grows too long");
      return false;
    }
  }
  text.literal = std::move(out);
  text.pieces.clear();
  if (!IsPlainWord(text.literal)) text.quoted = true;
  return true;
}

std::optional<Value> Evaluator::Resolve(const Value& value) {
  if (const ast::Text* text = TextOf(value)) {
    // `${x}` alone may be a list or a map as well.
    if (text->pieces.size() == 1 && !text->quoted) {
      if (const auto* expr = std::get_if<ast::Box<ast::Expr>>(&text->pieces[0])) {
        auto out = Evaluate(**expr);
        if (out) out->span = value.span;
        if (out && TextOf(*out) != nullptr) std::get<ast::Text>(out->what).span = value.span;
        return out;
      }
    }
    ast::Text copy = *text;
    if (!Fill(copy)) return std::nullopt;
    return Value{std::move(copy), value.span};
  }
  if (const auto* list = std::get_if<ast::List>(&value.what)) {
    ast::List out;
    for (const Value& item : list->items) {
      auto resolved = Resolve(item);
      if (!resolved) return std::nullopt;
      out.items.push_back(std::move(*resolved));
    }
    return Value{std::move(out), value.span};
  }
  if (const auto* map = std::get_if<ast::Map>(&value.what)) {
    ast::Map out;
    for (const ast::Option& option : map->options) {
      ast::Option copy = option;
      auto resolved = Resolve(option.value);
      if (!resolved || !Fill(copy.name)) return std::nullopt;
      copy.value = std::move(*resolved);
      out.options.push_back(std::move(copy));
    }
    return Value{std::move(out), value.span};
  }
  ast::Call call = std::get<ast::Call>(value.what);
  for (ast::Argument& argument : call.arguments) {
    auto resolved = ResolveArgument(*argument.value);
    if (!resolved) return std::nullopt;
    const Span span = argument.value->span;
    argument.value = ast::Box<ast::Expr>(ast::Expr{std::move(*resolved), span});
  }
  return Value{std::move(call), value.span};
}

std::optional<Value> Evaluator::ResolveArgument(const ast::Expr& expr) {
  if (const auto* value = std::get_if<Value>(&expr.what)) return Resolve(*value);
  Error("E0402", expr.span, "not a value").help.push_back("compute inside `${…}`, as in `${n + 1}`");
  return std::nullopt;
}

std::optional<Value> Evaluator::ResolveRange(const Value& value) {
  const ast::Text* text = TextOf(value);
  if (text != nullptr && text->IsLiteral() && !text->quoted && !IsLiteralShape(text->literal)) {
    return Variable(*text);
  }
  return Resolve(value);
}

std::optional<std::int64_t> Evaluator::Integer(const ast::Expr& expr) {
  const auto value = Evaluate(expr);
  if (!value) return std::nullopt;
  const ast::Text* text = TextOf(*value);
  const auto number = text != nullptr ? AsInteger(text->literal) : std::nullopt;
  if (!number) {
    Error("E0402", expr.span,
          text != nullptr ? "`" + text->literal + "` is not an integer"
                          : std::string(KindOf(*value)) + " is not an integer");
  }
  return number;
}

std::optional<Value> Evaluator::EvaluateBinary(const ast::Binary& binary, const Span& span) {
  const auto truth = [&](bool value) { return Word(value ? "true" : "false", span); };
  const std::string& op = binary.op;
  if (op == "==" || op == "!=") {
    const auto left = Evaluate(*binary.left);
    const auto right = Evaluate(*binary.right);
    if (!left || !right) return std::nullopt;
    return truth(SameValue(*left, *right) == (op == "=="));
  }
  if (op == "in") {
    const auto left = Evaluate(*binary.left);
    const auto right = Evaluate(*binary.right);
    if (!left || !right) return std::nullopt;
    if (const auto* list = std::get_if<ast::List>(&right->what)) {
      return truth(std::any_of(list->items.begin(), list->items.end(),
                               [&](const Value& item) { return SameValue(item, *left); }));
    }
    const ast::Text* key = TextOf(*left);
    if (const auto* map = std::get_if<ast::Map>(&right->what); map != nullptr && key != nullptr) {
      return truth(std::any_of(map->options.begin(), map->options.end(),
                               [&](const auto& option) { return option.name.literal == key->literal; }));
    }
    Error("E0402", binary.right->span, "`in` looks into a list or a map");
    return std::nullopt;
  }
  if (op == "before") {
    Error("E0402", span, "`before` can be asked in a test, not here");
    return std::nullopt;
  }
  const auto left = Integer(*binary.left);
  const auto right = Integer(*binary.right);
  if (!left || !right) return std::nullopt;
  if (op == "<") return truth(*left < *right);
  if (op == "<=") return truth(*left <= *right);
  if (op == ">") return truth(*left > *right);
  if (op == ">=") return truth(*left >= *right);
  std::int64_t out = 0;
  bool overflow = false;
  if (op == "+") overflow = __builtin_add_overflow(*left, *right, &out);
  if (op == "-") overflow = __builtin_sub_overflow(*left, *right, &out);
  if (op == "*") overflow = __builtin_mul_overflow(*left, *right, &out);
  if (op == "/" || op == "%") {
    if (*right == 0) {
      Error("E0402", binary.right->span, "division by zero");
      return std::nullopt;
    }
    overflow = *right == -1 && *left == INT64_MIN;
    if (!overflow) out = op == "/" ? *left / *right : *left % *right;
  }
  if (overflow) {
    Error("E0402", span, "the result does not fit in 64 bits");
    return std::nullopt;
  }
  return Word(std::to_string(out), span);
}

std::optional<Value> Evaluator::Evaluate(const ast::Expr& expr) {
  if (const auto* value = std::get_if<Value>(&expr.what)) return ResolveRange(*value);
  if (const auto* binary = std::get_if<ast::Binary>(&expr.what)) {
    return EvaluateBinary(*binary, expr.span);
  }
  if (const auto* index = std::get_if<ast::Index>(&expr.what)) {
    const auto base = Evaluate(*index->base);
    const auto key = Evaluate(*index->key);
    if (!base || !key) return std::nullopt;
    const ast::Text* text = TextOf(*key);
    if (text == nullptr) {
      Error("E0402", index->key->span, std::string(KindOf(*key)) + " cannot be a key");
      return std::nullopt;
    }
    return Member(*base, text->literal, index->key->span);
  }
  if (std::holds_alternative<ast::Not>(expr.what) || std::holds_alternative<ast::Junction>(expr.what) ||
      std::holds_alternative<ast::Implies>(expr.what)) {
    const auto truth = Truth(expr);
    if (!truth) return std::nullopt;
    return Word(*truth ? "true" : "false", expr.span);
  }
  Error("E0402", expr.span, "this can be asked of a running cluster, not while compiling")
      .help.push_back("variables, numbers, comparisons, `in`, `and`, `or` and `not` stand here");
  return std::nullopt;
}

std::optional<bool> Evaluator::Truth(const ast::Expr& expr) {
  if (const auto* node = std::get_if<ast::Not>(&expr.what)) {
    const auto truth = Truth(*node->operand);
    if (!truth) return std::nullopt;
    return !*truth;
  }
  if (const auto* node = std::get_if<ast::Junction>(&expr.what)) {
    // All operands are looked at, so that a mistake in any of them is found.
    bool result = node->conjunction;
    bool known = true;
    for (const ast::Expr& operand : node->operands) {
      const auto truth = Truth(operand);
      if (!truth) {
        known = false;
      } else {
        result = node->conjunction ? result && *truth : result || *truth;
      }
    }
    if (!known) return std::nullopt;
    return result;
  }
  if (const auto* node = std::get_if<ast::Implies>(&expr.what)) {
    const auto premise = Truth(*node->premise);
    const auto conclusion = Truth(*node->conclusion);
    if (!premise || !conclusion) return std::nullopt;
    return !*premise || *conclusion;
  }
  const auto value = Evaluate(expr);
  if (!value) return std::nullopt;
  const ast::Text* text = TextOf(*value);
  const auto truth = text != nullptr ? AsBoolean(text->literal) : std::nullopt;
  if (!truth) {
    Error("E0402", expr.span,
          text != nullptr ? "`" + text->literal + "` is neither yes nor no"
                          : std::string(KindOf(*value)) + " is neither yes nor no");
  }
  return truth;
}

}  // namespace picket::compiler
