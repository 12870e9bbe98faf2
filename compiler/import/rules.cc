#include <array>

#include "compiler/import/reader.h"
#include "compiler/syntax/keywords.h"
#include "compiler/syntax/shape.h"

// Rules as conditions: the reverse of what compiler/emit/rules.cc writes.
namespace picket::compiler::import {
namespace {

struct Renamed {
  std::string_view cib;
  std::string_view word;
};
constexpr std::array<Renamed, 6> kSpecial = {{{"#uname", "node"},
                                              {"#id", "node.id"},
                                              {"#kind", "node.kind"},
                                              {"#is_dc", "node.dc"},
                                              {"#site-name", "node.site"},
                                              {"#cluster-name", "node.cluster"}}};
constexpr std::array<Renamed, 6> kOperations = {
    {{"eq", "=="}, {"ne", "!="}, {"lt", "<"}, {"lte", "<="}, {"gt", ">"}, {"gte", ">="}}};

template <class List>
std::string_view WordFor(const List& list, std::string_view name) {
  for (const Renamed& renamed : list) {
    if (renamed.cib == name) return renamed.word;
  }
  return "";
}

// A bare word here could be taken for something else.
bool IsSpecial(std::string_view word) {
  for (const Renamed& renamed : kSpecial) {
    if (renamed.word == word) return true;
  }
  return IsState(word) || IsConnective(word) || word == "not" || word == "no" || word == "date";
}

ast::Expr Operand(std::string_view text) {
  return MakeExpr(MakeValue(text, IsSpecial(text)));
}

// The name of a node attribute: `#uname` is `node`.
ast::Expr AttributeName(std::string_view name) {
  const std::string_view word = WordFor(kSpecial, name);
  return word.empty() ? Operand(name) : MakeExpr(MakeValue(word));
}

std::vector<ast::Argument> One(ast::Expr expr) {
  std::vector<ast::Argument> arguments(1);
  arguments[0].value = ast::Box<ast::Expr>(std::move(expr));
  return arguments;
}

// 9-16 is 9..16 here, 2026- is 2026.., and a number is a number.
std::string RangeOf(std::string_view text) {
  const std::size_t dash = text.find('-');
  std::string out(text);
  if (dash != std::string_view::npos && text.find('-', dash + 1) == std::string_view::npos && text.size() > 1) {
    out.replace(dash, 1, "..");
  }
  return out;
}

std::vector<ast::Argument> Fields(xml_node node, bool ranges = true) {
  std::vector<ast::Argument> arguments;
  for (const pugi::xml_attribute attribute : node.attributes()) {
    if (std::string_view(attribute.name()) == "id") continue;
    arguments.push_back(MakeArgument(attribute.name(), ranges ? RangeOf(attribute.value()) : attribute.value()));
  }
  return arguments;
}

bool ReadExpression(xml_node node, ast::Expr& out) {
  if (!Has(node, "attribute")) return false;
  const std::string_view operation = Attribute(node, "operation");
  ast::Expr name = AttributeName(Attribute(node, "attribute"));
  if (operation == "defined" || operation == "not_defined") {
    out = MakeCall("defined", One(std::move(name)));
    if (operation == "not_defined") out = {ast::Not{std::move(out)}, {}};
    return true;
  }
  const std::string_view word = WordFor(kOperations, operation);
  if (word.empty() || !Has(node, "value")) return false;
  if (Has(node, "type")) name = MakeCall(Attribute(node, "type"), One(std::move(name)));
  ast::Expr value = Operand(Attribute(node, "value"));
  const std::string_view source = Attribute(node, "value-source");
  if (source == "param" || source == "meta") {
    value = MakeCall(source, One(Operand(Attribute(node, "value"))));
  } else if (Has(node, "value-source") && source != "literal") {
    return false;
  }
  out = {ast::Binary{std::string(word), std::move(name), std::move(value)}, {}};
  return true;
}

bool ReadDate(xml_node node, ast::Expr& out) {
  const std::string_view operation = Attribute(node, "operation");
  ast::DateAtom date;
  const auto value = [&](const char* name) -> std::optional<ast::Value> {
    if (!Has(node, name)) return std::nullopt;
    return MakeValue(Attribute(node, name));
  };
  if (operation == "date_spec") {
    if (!node.child("date_spec")) return false;
    out = MakeCall("date", Fields(node.child("date_spec")));
    return true;
  }
  if (operation == "gt") {
    date.after = value("start");
    if (!date.after) return false;
  } else if (operation == "lt") {
    date.before = value("end");
    if (!date.before) return false;
  } else if (operation == "in_range" || operation.empty()) {
    date.from = value("start");
    date.until = value("end");
    if (!date.from && !date.until) return false;
    if (node.child("duration")) date.duration = Fields(node.child("duration"));
  } else {
    return false;
  }
  out = {std::move(date), {}};
  return true;
}

bool ReadCondition(xml_node rule, ast::Expr& out);

bool ReadTest(xml_node node, ast::Expr& out) {
  const std::string_view name = node.name();
  if (name == "expression") return ReadExpression(node, out);
  if (name == "date_expression") return ReadDate(node, out);
  if (name == "rule") return !Has(node, "id-ref") && ReadCondition(node, out);
  if (name == "rsc_expression") {
    out = MakeCall("resource", Fields(node, false));
    return true;
  }
  if (name != "op_expression" || !Has(node, "name")) return false;
  std::vector<ast::Argument> arguments = One(Operand(Attribute(node, "name")));
  if (Has(node, "interval")) arguments.push_back(MakeArgument("interval", Attribute(node, "interval")));
  out = MakeCall("op", std::move(arguments));
  return true;
}

bool ReadCondition(xml_node rule, ast::Expr& out) {
  std::vector<ast::Expr> tests;
  for (const xml_node child : rule.children()) {
    if (child.type() != pugi::node_element) continue;  // A comment has been noted by whoever reads the block.
    if (!ReadTest(child, tests.emplace_back())) return false;
  }
  if (tests.empty()) return false;
  if (tests.size() == 1) {
    out = std::move(tests[0]);
  } else {
    out = {ast::Junction{Attribute(rule, "boolean-op") != "or", std::move(tests)}, {}};
  }
  return true;
}

}  // namespace

bool ReadRule(Reader& reader, xml_node rule, ast::Rule& out) {
  if (Has(rule, "id-ref")) {
    out.from = MakeText(Attribute(rule, "id-ref"));
    return true;
  }
  out.id = reader.InnerId(rule);
  ast::Expr condition;
  if (!ReadCondition(rule, condition)) return false;
  out.condition = std::move(condition);
  return true;
}

}  // namespace picket::compiler::import
