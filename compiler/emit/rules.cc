#include "compiler/emit/rules.h"

#include <algorithm>
#include <map>

#include "compiler/syntax/dump.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::emit {
namespace {

using Attributes = std::vector<std::pair<std::string, std::string>>;

// A condition as the CIB has it: a leaf is one element, a branch a nested rule.
struct Tree {
  bool leaf = true;
  bool conjunction = true;
  std::vector<Tree> children;  // Of a branch; of a leaf: elements inside it.
  std::string element;
  Attributes attributes;
  Span span;
};

Tree Branch(bool conjunction, std::vector<Tree> children, const Span& span) {
  Tree tree;
  tree.leaf = false;
  tree.conjunction = conjunction;
  tree.children = std::move(children);
  tree.span = span;
  return tree;
}

Tree Leaf(std::string element, Attributes attributes, const Span& span) {
  Tree tree;
  tree.element = std::move(element);
  tree.attributes = std::move(attributes);
  tree.span = span;
  return tree;
}

std::string SpecialAttribute(const ast::Text& name) {
  static const std::map<std::string, std::string, std::less<>> special = {
      {"node", "#uname"},    {"node.id", "#id"},          {"node.kind", "#kind"},
      {"node.dc", "#is_dc"}, {"node.site", "#site-name"}, {"node.cluster", "#cluster-name"}};
  if (!name.quoted) {
    if (const auto found = special.find(name.literal); found != special.end()) return found->second;
  }
  return name.literal;
}

class Converter {
 public:
  /// `where` is what the condition stands in, for messages.
  Converter(Context& context, const std::string& where) : context_(context), where_(where) {}

  Tree Convert(const ast::Expr& expr, bool negate) {
    if (const auto* node = std::get_if<ast::Not>(&expr.what)) return Convert(*node->operand, !negate);
    if (const auto* node = std::get_if<ast::Junction>(&expr.what)) {
      std::vector<Tree> children;
      for (const ast::Expr& operand : node->operands) children.push_back(Convert(operand, negate));
      return Branch(node->conjunction != negate, std::move(children), expr.span);
    }
    if (const auto* node = std::get_if<ast::Binary>(&expr.what)) return Compare(*node, expr.span, negate);
    if (const auto* node = std::get_if<ast::DateAtom>(&expr.what)) return Date(*node, expr.span, negate);
    if (const auto* node = std::get_if<ast::Value>(&expr.what)) {
      if (const auto* call = std::get_if<ast::Call>(&node->what)) return Call(*call, expr.span, negate);
    }
    if (const auto* node = std::get_if<ast::StateAtom>(&expr.what)) {
      return OfTests(expr.span, node->state.literal);
    }
    if (const auto* node = std::get_if<ast::UndisturbedAtom>(&expr.what)) {
      return OfTests(expr.span, "no " + node->kind.literal + " of");
    }
    if (std::holds_alternative<ast::Implies>(expr.what)) {
      return Wrong(expr.span, "`implies` can be used in a test, not in " + where_, "write `not a or b`");
    }
    return Wrong(expr.span, "not a condition", "a rule compares a node attribute: `rack == a`, `defined(pingd)`");
  }

 private:
  Tree Wrong(const Span& span, std::string message, std::string help = "") {
    Diagnostic& error = context_.Error("E0501", span, std::move(message));
    if (!help.empty()) error.help.push_back(std::move(help));
    return Leaf("expression", {}, span);
  }

  Tree OfTests(const Span& span, const std::string& word) {
    return Wrong(span, "`" + word + "` can be asked in a test, not in " + where_,
                 "a cluster decides by node attributes and the date: `rack == a`, `defined(pingd)`, "
                 "`date(hours=9..16)`");
  }
  static bool IsOfTests(const std::string& call) {
    return call == "count" || call == "downtime" || call == "utilization_fits";
  }

  // One argument of a call as text; the parser has made sure of nothing.
  std::optional<ast::Text> Argument(const ast::Argument& argument) {
    const auto* value = std::get_if<ast::Value>(&argument.value->what);
    const auto* text = value != nullptr ? std::get_if<ast::Text>(&value->what) : nullptr;
    if (text == nullptr) return std::nullopt;
    return *text;
  }

  Tree Expression(const std::string& attribute, const std::string& operation, const Span& span) {
    return Leaf("expression", {{"attribute", attribute}, {"operation", operation}}, span);
  }

  Tree Compare(const ast::Binary& binary, const Span& span, bool negate) {
    struct Operation {
      const char* plain;
      const char* negated;
    };
    static const std::map<std::string, Operation, std::less<>> operations = {
        {"==", {"eq", "ne"}},  {"!=", {"ne", "eq"}}, {"<", {"lt", "gte"}},
        {"<=", {"lte", "gt"}}, {">", {"gt", "lte"}}, {">=", {"gte", "lt"}}};
    const auto operation = operations.find(binary.op);
    if (binary.op == "before") return OfTests(span, "before");
    if (operation == operations.end()) {
      return Wrong(span, "`" + binary.op + "` cannot stand in " + where_,
                   "rules compare with `==`, `!=`, `<`, `<=`, `>` and `>=`");
    }
    std::string type;
    std::optional<ast::Text> left;
    if (const auto* value = std::get_if<ast::Value>(&binary.left->what)) {
      if (const auto* text = std::get_if<ast::Text>(&value->what)) left = *text;
      if (const auto* call = std::get_if<ast::Call>(&value->what)) {
        type = call->name.literal;
        if ((type == "number" || type == "integer" || type == "version" || type == "string") &&
            call->arguments.size() == 1) {
          left = Argument(call->arguments[0]);
        }
        if (IsOfTests(type)) return OfTests(binary.left->span, type);
      }
    }
    if (!left) {
      return Wrong(binary.left->span, "the left side of a comparison is a node attribute",
                   "`pingd > 0`, or with a type `integer(pingd) > 0`");
    }
    Attributes attributes;
    const std::string attribute = SpecialAttribute(*left);
    attributes.emplace_back("attribute", attribute);
    const std::string word = negate ? operation->second.negated : operation->second.plain;
    attributes.emplace_back("operation", word);
    if (!type.empty()) attributes.emplace_back("type", type);
    const auto* right = std::get_if<ast::Value>(&binary.right->what);
    const auto* text = right != nullptr ? std::get_if<ast::Text>(&right->what) : nullptr;
    const auto* call = right != nullptr ? std::get_if<ast::Call>(&right->what) : nullptr;
    if (text != nullptr) {
      attributes.emplace_back("value", text->literal);
    } else if (call != nullptr && call->arguments.size() == 1 && Argument(call->arguments[0]) &&
               (call->name.literal == "param" || call->name.literal == "meta")) {
      attributes.emplace_back("value", Argument(call->arguments[0])->literal);
      attributes.emplace_back("value-source", call->name.literal);
    } else {
      return Wrong(binary.right->span, "the right side of a comparison is a value",
                   "a word, a string, `param(name)` or `meta(name)`");
    }
    Tree compared = Leaf("expression", std::move(attributes), span);
    // An undefined attribute is never smaller or greater, so its comparison is
    // false, and its negation must be true. `ne` is true of it already; names
    // and kinds of nodes are never undefined.
    if (negate && word != "eq" && word != "ne" && attribute[0] != '#') {
      std::vector<Tree> children;
      children.push_back(Expression(attribute, "not_defined", span));
      children.push_back(std::move(compared));
      return Branch(false, std::move(children), span);
    }
    return compared;
  }

  Tree Call(const ast::Call& call, const Span& span, bool negate) {
    const std::string& name = call.name.literal;
    if (name == "defined" && call.arguments.size() == 1) {
      if (const auto text = Argument(call.arguments[0])) {
        return Expression(SpecialAttribute(*text), negate ? "not_defined" : "defined", span);
      }
    }
    if (name == "date" || name == "resource" || name == "op") {
      if (negate) return NoNegation(span, name);
      if (name == "date") return DateSpec(call, span);
      return name == "op" ? OperationTest(call, span) : ResourceTest(call, span);
    }
    if (IsOfTests(name)) return OfTests(span, name);
    return Wrong(span, "`" + name + "(…)` is not a condition",
                 "conditions are comparisons, `defined(…)`, `date(…)`, `resource(…)` and `op(…)`");
  }

  Tree NoNegation(const Span& span, const std::string& name) {
    return Wrong(span, "`" + name + "` cannot be negated: the CIB has no way to say it",
                 "say when it does hold instead");
  }

  // name=value arguments as attributes, ranges as the CIB writes them: 9-16.
  Attributes Fields(const std::vector<ast::Argument>& arguments, const std::vector<std::string>& known,
                    const char* owner) {
    Attributes out;
    for (const ast::Argument& argument : arguments) {
      const auto text = Argument(argument);
      if (!argument.name || !text) {
        Wrong(argument.value->span, std::string("`") + owner + "` takes `name=value`",
              std::string_view(owner) == "date" ? "as in `date(hours=2..3, weekdays=7)`; there are no lines of cron"
                                                : "");
        continue;
      }
      if (std::find(known.begin(), known.end(), argument.name->literal) == known.end()) {
        ast::Option option;
        option.name = *argument.name;
        UnknownOption(context_, option, known, std::string("`") + owner + "`");
        continue;
      }
      std::string value = text->literal;
      if (const auto range = AsRange(value)) {
        value = (range->first ? std::to_string(*range->first) : "") + '-' +
                (range->last ? std::to_string(*range->last) : "");
      }
      static const std::vector<std::string> recent = {"minutes", "seconds", "days", "yeardays"};
      if (std::find(recent.begin(), recent.end(), argument.name->literal) != recent.end()) {
        context_.needs_date_schema = true;
      }
      out.emplace_back(argument.name->literal, value);
    }
    return out;
  }

  Tree DateSpec(const ast::Call& call, const Span& span) {
    static const std::vector<std::string> known = {"years",   "months",   "monthdays", "hours", "minutes",
                                                   "seconds", "yeardays", "weekyears", "weeks", "weekdays"};
    Tree tree = Leaf("date_expression", {{"operation", "date_spec"}}, span);
    tree.children.push_back(Leaf("date_spec", Fields(call.arguments, known, "date"), span));
    return tree;
  }

  Tree ResourceTest(const ast::Call& call, const Span& span) {
    static const std::vector<std::string> known = {"class", "provider", "type"};
    return Leaf("rsc_expression", Fields(call.arguments, known, "resource"), span);
  }

  Tree OperationTest(const ast::Call& call, const Span& span) {
    std::vector<ast::Argument> rest = call.arguments;
    Attributes attributes;
    if (!rest.empty() && !rest[0].name) {
      if (const auto text = Argument(rest[0])) attributes.emplace_back("name", text->literal);
      rest.erase(rest.begin());
    }
    if (attributes.empty()) return Wrong(span, "`op` needs the name of an operation", "`op(monitor)`");
    static const std::vector<std::string> known = {"interval"};
    for (auto& field : Fields(rest, known, "op")) attributes.push_back(std::move(field));
    return Leaf("op_expression", std::move(attributes), span);
  }

  Tree Date(const ast::DateAtom& date, const Span& span, bool negate) {
    if (negate) return NoNegation(span, "date");
    const auto text = [&](const std::optional<ast::Value>& value) { return TextOf(context_, *value, "a date"); };
    if (date.after) {
      return Leaf("date_expression", {{"operation", "gt"}, {"start", text(date.after)}}, span);
    }
    if (date.before) {
      return Leaf("date_expression", {{"operation", "lt"}, {"end", text(date.before)}}, span);
    }
    if (!date.from && !date.until) {
      return Wrong(span, "`date for` needs a `from`", "`date from T for (hours=8)`");
    }
    Attributes attributes = {{"operation", "in_range"}};
    if (date.from) attributes.emplace_back("start", text(date.from));
    if (date.until) attributes.emplace_back("end", text(date.until));
    // Of old, a time that something begins at has one that it ends at, and one only.
    if (date.from && (date.until.has_value() == !date.duration.empty())) context_.needs_date_schema = true;
    Tree tree = Leaf("date_expression", std::move(attributes), span);
    if (!date.duration.empty()) {
      static const std::vector<std::string> known = {"years", "months", "weeks", "days", "hours", "minutes", "seconds"};
      tree.children.push_back(Leaf("duration", Fields(date.duration, known, "for"), span));
    }
    return tree;
  }

  Context& context_;
  const std::string& where_;
};

std::string Summary(const Tree& tree) {
  std::string out = tree.leaf ? tree.element : tree.conjunction ? "and" : "or";
  for (const auto& [name, value] : tree.attributes) out += ' ' + name + '=' + value;
  for (const Tree& child : tree.children) out += " (" + Summary(child) + ')';
  return out;
}

// A part of the id that a reader recognises: `pingd-lt-1`, `date_spec`.
std::string LeafName(const Tree& tree) {
  std::string out;
  if (tree.element == "expression") {
    for (const auto& [name, value] : tree.attributes) {
      if (name != "type" && name != "value-source") {
        out += (out.empty() ? "" : "-") + (value.starts_with("#") ? value.substr(1) : value);
      }
    }
    return out.size() <= 40 ? out : "expr-" + ShortHash(Summary(tree));
  }
  for (const auto& [name, value] : tree.attributes) {
    if (name == "operation" || name == "name" || name == "type") out += '-' + value;
  }
  return tree.element + out;
}

// Schemas before 3.9 want a score on every rule, also where nobody reads it.
bool NeedsScore(const Context& context) {
  return context.target == Target::k21;
}

void Append(Context& context, pugi::xml_node rule, const std::string& rule_id, const Tree& tree) {
  pugi::xml_node node = rule.append_child(tree.leaf ? tree.element.c_str() : "rule");
  const std::string summary = Summary(tree);
  const std::string name = tree.leaf ? LeafName(tree) : "rule-" + ShortHash(summary);
  const std::string id = context.SetId(node, std::nullopt, rule_id + '-' + IdPart(name), summary, tree.span);
  if (!tree.leaf && NeedsScore(context)) context.Set(node, "score", "0", tree.span);
  if (!tree.leaf && !tree.conjunction) context.Set(node, "boolean-op", "or", tree.span);
  for (const auto& [attribute, value] : tree.attributes) {
    context.Set(node, attribute.c_str(), value, tree.span);
  }
  for (const Tree& child : tree.children) Append(context, node, id, child);
}

pugi::xml_node Write(Context& context, pugi::xml_node parent, const std::optional<ast::Text>& given, const Tree& tree,
                     const std::string& owner, const Span& span, const RuleUse& use) {
  pugi::xml_node rule = parent.append_child("rule");
  // Several rules of one constraint are told apart by what they say.
  const std::string summary = Summary(tree) + use.score + use.score_attribute;
  const std::string wanted = owner + (use.several ? "-rule-" + ShortHash(summary) : "-rule");
  const std::string id = context.SetId(rule, given, wanted, summary, span);
  if (!use.score.empty()) context.Set(rule, "score", use.score, span);
  if (!use.score_attribute.empty()) context.Set(rule, "score-attribute", use.score_attribute, span);
  if (use.score.empty() && use.score_attribute.empty() && NeedsScore(context)) {
    context.Set(rule, "score", "INFINITY", span);
  }
  if (!use.role.empty()) context.Set(rule, "role", use.role, span);
  if (!tree.leaf) {
    if (!tree.conjunction) context.Set(rule, "boolean-op", "or", span);
    for (const Tree& child : tree.children) Append(context, rule, id, child);
  } else {
    Append(context, rule, id, tree);
  }
  return rule;
}

}  // namespace

pugi::xml_node EmitRule(Context& context, pugi::xml_node parent, const ast::Rule& rule, const std::string& owner,
                        const RuleUse& use) {
  if (rule.from) {
    pugi::xml_node reference = parent.append_child("rule");
    reference.append_attribute("id-ref") = rule.from->literal.c_str();
    return reference;
  }
  const Tree tree = Converter(context, use.where).Convert(*rule.condition, use.negated);
  return Write(context, parent, rule.id, tree, owner, use.place.value_or(rule.span), use);
}

pugi::xml_node EmitNodesRule(Context& context, pugi::xml_node parent, const std::vector<ast::Text>& nodes,
                             const Span& span, const std::string& owner, const RuleUse& use) {
  std::vector<Tree> children;
  for (const ast::Text& node : nodes) {
    children.push_back(
        Leaf("expression", {{"attribute", "#uname"}, {"operation", use.negated ? "ne" : "eq"}, {"value", node.literal}},
             node.span));
  }
  const Tree tree = children.size() == 1 ? children[0] : Branch(use.negated, children, span);
  return Write(context, parent, std::nullopt, tree, owner, span, use);
}

}  // namespace picket::compiler::emit
