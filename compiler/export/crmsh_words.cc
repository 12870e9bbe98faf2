#include "compiler/export/crmsh_words.h"

#include <algorithm>
#include <set>

#include "compiler/syntax/shape.h"

namespace picket::compiler::exporting {
namespace {

using pugi::xml_attribute;
using pugi::xml_node;

constexpr const char* kNewLine = " \\\n\t";

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// A name of a pair or an attribute that crmsh does not take apart, and that an id can be made of.
bool IsPairName(std::string_view name) {
  return !name.empty() && IsXmlId("x" + std::string(name));
}

// A value in a rule: crmsh takes its rules apart by pattern, quotes or not.
Said InRule(std::string_view value) {
  if (value.empty()) return std::nullopt;
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
    return IsLetter(c) || std::string_view("_.:/@%+,-#").find(c) != std::string_view::npos;
  });
  if (!plain || IsOneOf(value, {"and", "or"})) return std::nullopt;
  return std::string(value);
}

Said Date(xml_node date) {
  const std::string_view operation = date.attribute("operation") ? date.attribute("operation").value() : "in_range";
  if (operation == "lt" || operation == "gt") {
    if (!HasOnly(date, {"id", "operation", operation == "lt" ? "end" : "start"}) || date.first_child())
      return std::nullopt;
    const Said when = InRule(date.attribute(operation == "lt" ? "end" : "start").value());
    if (!when) return std::nullopt;
    return "date " + std::string(operation) + ' ' + *when;
  }
  const bool in_range = operation == "in_range";
  if (!in_range && operation != "date_spec") return std::nullopt;
  if (!HasOnly(date, {"id", "operation", "start", "end"})) return std::nullopt;
  std::string out = in_range ? "date in" : "date spec";
  int fields = 0;
  for (const char* end : {"start", "end"}) {
    if (!date.attribute(end)) continue;
    const Said when = InRule(date.attribute(end).value());
    if (!when) return std::nullopt;
    out += std::string(" ") + end + '=' + *when;
    ++fields;
  }
  const xml_node spec = date.first_child();
  if (spec.next_sibling() || (spec && std::string_view(spec.name()) != (in_range ? "duration" : "date_spec")))
    return std::nullopt;
  for (const xml_attribute field : spec.attributes()) {
    const std::string_view name = field.name();
    if (name == "id") continue;
    const bool known =
        IsOneOf(name, {"hours", "monthdays", "weekdays", "yearsdays", "months", "weeks", "years", "weekyears", "moon"});
    const Said value = InRule(field.value());
    if (!known || !value) return std::nullopt;
    out += ' ' + std::string(name) + '=' + *value;
    ++fields;
  }
  if (fields < (in_range ? 2 : 1)) return std::nullopt;
  return out;
}

Said Expression(xml_node expression) {
  const std::string_view tag = expression.name();
  if (tag == "date_expression") return Date(expression);
  if (tag != "expression" || !HasOnly(expression, {"id", "attribute", "operation", "value", "type"}))
    return std::nullopt;
  const Said attribute = InRule(expression.attribute("attribute").value());
  const std::string operation = expression.attribute("operation").value();
  if (!attribute || *attribute == "date") return std::nullopt;
  if (operation == "defined" || operation == "not_defined") {
    if (expression.attribute("value") || expression.attribute("type")) return std::nullopt;
    return operation + ' ' + *attribute;
  }
  if (IsOneOf(*attribute, {"defined", "not_defined"})) return std::nullopt;
  const Said value = InRule(expression.attribute("value").value());
  const std::string type = expression.attribute("type").value();
  if (!value || !IsOneOf(operation, {"lt", "gt", "lte", "gte", "eq", "ne"})) return std::nullopt;
  if (!IsOneOf(type, {"", "string", "integer", "number", "version"})) return std::nullopt;
  return *attribute + ' ' + (type.empty() ? "" : type + ':') + operation + ' ' + *value;
}

Said Block(const Source& source, xml_node block, const std::string& keyword) {
  if (block.attribute("id-ref")) {
    if (!HasOnly(block, {"id-ref"}) || !IsCrmshName(block.attribute("id-ref").value())) return std::nullopt;
    return keyword + " $id-ref=" + block.attribute("id-ref").value();
  }
  if (!HasOnly(block, {"id", "score"})) return std::nullopt;
  std::string out = keyword;
  if (source.IsReferenced(block)) out += std::string(" $id=") + block.attribute("id").value();
  if (block.attribute("score")) {
    const Said score = Score(block.attribute("score"));
    if (!score) return std::nullopt;
    out += ' ' + *score;
  }
  const Said body = BlockBody(source, block);
  if (!body) return std::nullopt;
  // Nothing at all says nothing.
  if (body->empty() && !block.child("rule")) return "";
  return out + *body;
}

Said Operation(const Source& source, xml_node op) {
  // The order in which crmsh wants them: what follows an unknown one is taken for a parameter of the agent.
  static constexpr std::string_view kOptions[] = {"interval", "timeout",        "start-delay", "interval-origin",
                                                  "enabled",  "record-pending", "role",        "on-fail"};
  const std::string name = op.attribute("name").value();
  if (!IsPairName(name)) return std::nullopt;
  std::string out = std::string(kNewLine) + "op " + name;
  if (source.IsReferenced(op)) out += std::string(" $id=") + op.attribute("id").value();
  if (const xml_attribute description = op.attribute("description")) {
    if (*description.value() == '\0') return std::nullopt;
    out += ' ' + Option("description", description.value());
  }
  if (!op.attribute("interval")) out += " interval=0";
  for (const std::string_view option : kOptions) {
    const xml_attribute value = op.attribute(std::string(option).c_str());
    if (value) out += ' ' + Option(option, value.value());
  }
  for (const xml_attribute attribute : op.attributes()) {
    const std::string_view known = attribute.name();
    if (known == "id" || known == "name" || known == "description") continue;
    if (std::find(std::begin(kOptions), std::end(kOptions), known) == std::end(kOptions)) return std::nullopt;
  }
  for (const xml_node block : op.children()) {
    const bool parameters = std::string_view(block.name()) == "instance_attributes";
    if (!parameters && std::string_view(block.name()) != "meta_attributes") return std::nullopt;
    const Said said = Block(source, block, parameters ? "op_params" : "op_meta");
    if (!said) return std::nullopt;
    if (!said->empty()) out += std::string(kNewLine) + '\t' + *said;
  }
  return out;
}

Said Operations(const Source& source, xml_node operations) {
  std::string out;
  if (operations.attribute("id-ref")) {
    if (!HasOnly(operations, {"id-ref"}) || operations.first_child() ||
        !IsCrmshName(operations.attribute("id-ref").value()))
      return std::nullopt;
    return std::string(kNewLine) + "operations $id-ref=" + operations.attribute("id-ref").value();
  }
  if (!HasOnly(operations, {"id"})) return std::nullopt;
  if (source.IsReferenced(operations))
    out += std::string(kNewLine) + "operations $id=" + operations.attribute("id").value();
  for (const xml_node op : operations.children()) {
    const Said said = Operation(source, op);
    if (!said || std::string_view(op.name()) != "op") return std::nullopt;
    out += *said;
  }
  return out;
}

}  // namespace

bool FitsCrmsh(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; }) && !text.ends_with('\\') &&
         text.find("\\\"") == std::string_view::npos;
}

std::string Quoted(std::string_view text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return IsLetter(c) || std::string_view("_.:/@%+,=^~-").find(c) != std::string_view::npos;
  });
  if (plain) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

bool IsCrmshName(std::string_view text) {
  return IsXmlId(text) &&
         std::all_of(text.begin(), text.end(), [](char c) { return IsLetter(c) || c == '_' || c == '-' || c == '.'; });
}

std::string Option(std::string_view name, std::string_view value) {
  return std::string(name) + '=' + Quoted(value);
}

bool HasOnly(xml_node element, std::initializer_list<std::string_view> attributes) {
  const auto all = element.attributes();
  return std::all_of(all.begin(), all.end(), [&](const xml_attribute& one) { return IsOneOf(one.name(), attributes); });
}

Said Score(xml_attribute score) {
  const auto known = AsScore(score.value());
  if (!known) return std::nullopt;
  std::string out = *known;
  if (out == "INFINITY") out = "inf";
  if (out == "-INFINITY") out = "-inf";
  return out + ':';
}

Said Rule(const Source& source, xml_node rule) {
  if (rule.attribute("id-ref")) {
    if (!HasOnly(rule, {"id-ref"}) || !IsCrmshName(rule.attribute("id-ref").value())) return std::nullopt;
    return std::string(" rule $id-ref=") + rule.attribute("id-ref").value();
  }
  if (!HasOnly(rule, {"id", "score", "score-attribute", "role", "boolean-op"})) return std::nullopt;
  std::string out = " rule";
  if (source.IsReferenced(rule)) out += std::string(" $id=") + rule.attribute("id").value();
  if (rule.attribute("role")) out += std::string(" $role=") + rule.attribute("role").value();
  if (rule.attribute("score-attribute")) {
    const std::string_view attribute = rule.attribute("score-attribute").value();
    if (!IsCrmshName(attribute) || rule.attribute("score") || Score(rule.attribute("score-attribute")))
      return std::nullopt;
    out += ' ' + std::string(attribute) + ':';
  } else if (rule.attribute("score")) {
    const Said score = Score(rule.attribute("score"));
    if (!score) return std::nullopt;
    out += ' ' + *score;
  }
  const std::string_view joint = rule.attribute("boolean-op").value();
  if (!IsOneOf(joint, {"", "and", "or"})) return std::nullopt;
  bool first = true;
  for (const xml_node expression : rule.children()) {
    const Said said = Expression(expression);
    if (!said) return std::nullopt;
    if (!first) out += joint == "or" ? " or" : " and";
    out += ' ' + *said;
    first = false;
  }
  if (first) return std::nullopt;
  return out;
}

Said BlockBody(const Source& source, xml_node block) {
  std::string out;
  std::set<std::string_view> names;
  for (const xml_node child : block.children()) {
    const std::string_view tag = child.name();
    if (tag == "rule") {
      const Said rule = Rule(source, child);
      if (!rule || child.previous_sibling()) return std::nullopt;
      out += *rule;
      continue;
    }
    const std::string_view name = child.attribute("name").value();
    if (tag != "nvpair" || !HasOnly(child, {"id", "name", "value", "id-ref"})) return std::nullopt;
    if (child.attribute("id-ref")) {
      if (child.attribute("value") || !IsCrmshName(child.attribute("id-ref").value())) return std::nullopt;
      if (child.attribute("name") && !IsPairName(name)) return std::nullopt;
      out += std::string(" @") + child.attribute("id-ref").value();
      if (child.attribute("name")) out += ':' + std::string(name);
      continue;
    }
    // No cluster reads a pair without a value, or a second one of a name.
    if (!child.attribute("value") || !names.insert(name).second) {
      if (source.IsReferenced(child)) return std::nullopt;
      continue;
    }
    if (!IsPairName(name)) return std::nullopt;
    out += ' ';
    if (source.IsReferenced(child)) out += std::string("$") + child.attribute("id").value() + ':';
    out += Option(name, child.attribute("value").value());
  }
  return out;
}

Said Blocks(const Source& source, xml_node element, const std::string& parameters) {
  std::string out, operations;
  for (const xml_node block : element.children()) {
    const std::string_view tag = block.name();
    if (tag == "operations") {
      const Said said = Operations(source, block);
      if (!said || !operations.empty()) return std::nullopt;
      operations = *said;
      continue;
    }
    const bool known = tag == "instance_attributes" || tag == "meta_attributes" || tag == "utilization";
    if (!known) continue;  // Members; what else there may be is found when the text is read back.
    const Said said = Block(source, block,
                            tag == "instance_attributes" ? parameters
                            : tag == "utilization"       ? "utilization"
                                                         : "meta");
    if (!said) return std::nullopt;
    if (!said->empty()) out += kNewLine + *said;
  }
  return out + operations;
}

}  // namespace picket::compiler::exporting
