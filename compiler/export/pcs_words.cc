#include "compiler/export/pcs_words.h"

#include <algorithm>
#include <set>

#include "compiler/export/shell.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::exporting {
namespace {

using pugi::xml_attribute;
using pugi::xml_node;

bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::vector<xml_node> Children(xml_node parent) {
  std::vector<xml_node> all;
  for (const xml_node child : parent.children()) all.push_back(child);
  return all;
}

// A word of a rule: pcs joins the words and takes them apart again, at blanks outside of what was one word,
// and at brackets.
bool FitsRule(std::string_view word) {
  return word.find_first_of("()") == std::string_view::npos && !IsOneOf(word, {"and", "or"});
}

bool IsRuleName(std::string_view word) {
  return !word.empty() && word.find_first_of("() \t\n=\"'") == std::string_view::npos &&
         !IsOneOf(word, {"and", "or", "date", "date-spec", "defined", "not_defined", "resource", "op"});
}

std::optional<Words> Fields(xml_node fields) {
  Words words;
  for (const xml_attribute field : fields.attributes()) {
    const std::string_view name = field.name();
    if (name == "id") continue;
    const bool known =
        IsOneOf(name, {"hours", "monthdays", "weekdays", "yearsdays", "months", "weeks", "years", "weekyears", "moon"});
    if (!known || !FitsRule(field.value()) || std::string_view(field.value()).find(' ') != std::string_view::npos)
      return std::nullopt;
    words.push_back(std::string(name) + '=' + field.value());
  }
  if (words.empty()) return std::nullopt;
  return words;
}

std::optional<Words> Date(xml_node date) {
  const std::string operation = date.attribute("operation") ? date.attribute("operation").value() : "in_range";
  const std::string start = date.attribute("start").value(), end = date.attribute("end").value();
  if (!FitsRule(start) || !FitsRule(end) || date.first_child().next_sibling()) return std::nullopt;
  if (operation == "lt" && !end.empty() && !date.first_child()) return Words{"date", "lt", end};
  if (operation == "gt" && !start.empty() && !date.first_child()) return Words{"date", "gt", start};
  if (operation == "date_spec") {
    auto fields = Fields(date.child("date_spec"));
    if (fields) fields->insert(fields->begin(), "date-spec");
    return fields;
  }
  if (operation != "in_range" || start.empty()) return std::nullopt;
  if (!end.empty() && !date.first_child()) return Words{"date", "in_range", start, "to", end};
  auto fields = Fields(date.child("duration"));
  if (!fields || !end.empty()) return std::nullopt;
  const Words front = {"date", "in_range", start, "to", "duration"};
  fields->insert(fields->begin(), front.begin(), front.end());
  return fields;
}

std::optional<Words> Comparison(xml_node expression) {
  if (!HasAttributesOnly(expression, {"id", "attribute", "operation", "value", "type"})) return std::nullopt;
  const std::string attribute = expression.attribute("attribute").value(),
                    operation = expression.attribute("operation").value(),
                    value = expression.attribute("value").value(), type = expression.attribute("type").value();
  if (!IsRuleName(attribute)) return std::nullopt;
  if (operation == "defined" || operation == "not_defined") {
    if (expression.attribute("value") || expression.attribute("type")) return std::nullopt;
    return Words{operation, attribute};
  }
  const bool known = IsOneOf(operation, {"lt", "gt", "lte", "gte", "eq", "ne"}) && FitsRule(value);
  // A value that is the name of a type would be taken for it.
  if (!known || (type.empty() && IsOneOf(value, {"string", "integer", "number", "version"}))) return std::nullopt;
  Words words = {attribute, operation};
  if (!type.empty()) words.push_back(type);
  words.push_back(value);
  return words;
}

std::optional<Words> AboutResource(xml_node expression) {
  std::string agent;
  for (const char* part : {"class", "provider", "type"}) {
    const std::string value = expression.attribute(part).value();
    if (value.find_first_of(": ()") != std::string::npos) return std::nullopt;
    agent += (part == std::string_view("class") ? "" : ":") + value;
  }
  return Words{"resource", agent};
}

std::optional<Words> AboutOperation(xml_node expression) {
  const std::string name = expression.attribute("name").value(), interval = expression.attribute("interval").value();
  if (!IsRuleName(name) || interval.find_first_of(" ()") != std::string::npos) return std::nullopt;
  Words words = {"op", name};
  if (!interval.empty()) words.push_back("interval=" + interval);
  return words;
}

}  // namespace

void Append(Words& words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
}

std::string PcsCommand(const Words& words) {
  std::string line = "pcs -f cib.xml";
  for (const std::string& word : words) line += ' ' + ShellWord(word);
  return line + '\n';
}

bool HasAttributesOnly(xml_node element, std::initializer_list<std::string_view> attributes) {
  const auto all = element.attributes();
  return std::all_of(all.begin(), all.end(), [&](const xml_attribute& one) { return IsOneOf(one.name(), attributes); });
}

void AddOptions(Words& words, xml_node element, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (element.attribute(name)) words.push_back(std::string(name) + '=' + element.attribute(name).value());
  }
}

Words Pairs(Source& source, xml_node block, const std::string& name_of_owner) {
  Words words;
  std::set<std::string> names;
  for (const xml_node pair : Children(block)) {
    if (std::string_view(pair.name()) != "nvpair") continue;
    const std::string name = pair.attribute("name").value(), value = pair.attribute("value").value();
    std::string why;
    if (pair.attribute("id-ref"))
      why = "is a pair that stands elsewhere";
    else if (!pair.attribute("value") || !names.insert(name).second)
      continue;  // No cluster reads it.
    else if (value.empty())
      why = "is empty, which pcs takes for none";
    else if (name.empty() || !IsXmlId("x" + name))
      why = "has a name that pcs cannot make an id of";
    if (why.empty()) {
      words.push_back(name + '=' + value);
      continue;
    }
    source.Tell('`' + (pair.attribute("id-ref") ? pair.attribute("id-ref").value() : name) + "` of " + name_of_owner +
                ' ' + why);
    block.remove_child(pair);
  }
  return words;
}

Words PlainPairs(Source& source, xml_node owner, const char* tag, const std::string& name_of_owner) {
  Words words;
  bool any = false;
  for (xml_node block : Children(owner)) {
    if (std::string_view(block.name()) != tag) continue;
    const bool plain = !any && !block.child("rule") && !block.attribute("score") && !block.attribute("id-ref");
    if (plain) {
      words = Pairs(source, block, name_of_owner);
      any = true;
      continue;
    }
    if (block.first_child() || block.attribute("id-ref")) {
      source.Tell("of " + name_of_owner + ": a block `" + tag +
                  "` with a rule, a score or beside another one, which pcs does not have");
    }
    owner.remove_child(block);
  }
  return words;
}

std::optional<Words> PcsRule(xml_node rule, bool in_defaults) {
  Words words;
  const std::string joint = rule.attribute("boolean-op") ? rule.attribute("boolean-op").value() : "and";
  if (rule.attribute("id-ref") || (joint != "and" && joint != "or")) return std::nullopt;
  for (const xml_node child : rule.children()) {
    const std::string_view tag = child.name();
    std::optional<Words> said;
    if (tag == "rule") {
      said = PcsRule(child, in_defaults);
      if (said) {
        said->insert(said->begin(), "(");
        said->push_back(")");
      }
    } else if (tag == "date_expression") {
      said = Date(child);
    } else if (tag == "expression" && !in_defaults) {
      said = Comparison(child);
    } else if (tag == "rsc_expression" && in_defaults) {
      said = AboutResource(child);
    } else if (tag == "op_expression" && in_defaults) {
      said = AboutOperation(child);
    }
    if (!said) return std::nullopt;
    if (!words.empty()) words.push_back(joint);
    words.insert(words.end(), said->begin(), said->end());
  }
  if (words.empty()) return std::nullopt;
  return words;
}

}  // namespace picket::compiler::exporting
