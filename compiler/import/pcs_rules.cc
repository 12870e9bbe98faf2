#include "compiler/import/pcs_rules.h"

#include <algorithm>

#include "compiler/syntax/shape.h"

namespace picket::compiler::import {
namespace {

using pugi::xml_node;

constexpr int kDepthMax = 64;

// Whether the next word is a value, which may have blanks if it was quoted.
bool AwaitsValue(const std::vector<std::string>& tokens) {
  static const char* const kBefore[] = {"lt",     "gt",      "lte",    "gte",     "eq",       "ne",
                                        "string", "integer", "number", "version", "in_range", "to"};
  return !tokens.empty() && std::find(std::begin(kBefore), std::end(kBefore), tokens.back()) != std::end(kBefore);
}

// Each bracket a word of its own; quoted parts of a quoted rule stay together.
std::vector<std::string> Tokens(const std::vector<std::string>& words) {
  std::vector<std::string> tokens;
  for (const std::string& word : words) {
    if (word.find(' ') != std::string::npos && AwaitsValue(tokens)) {
      tokens.push_back(word);
      continue;
    }
    std::string token;
    char quote = 0;
    bool open = false;
    const auto end = [&] {
      if (open) tokens.push_back(std::move(token));
      token.clear();
      open = false;
    };
    for (const char c : word) {
      if (quote != 0) {
        if (c == quote)
          quote = 0;
        else
          token += c;
      } else if (c == '"' || c == '\'') {
        quote = c;
        open = true;
      } else if (c == '(' || c == ')') {
        end();
        tokens.emplace_back(1, c);
      } else if (c == ' ' || c == '\t' || c == '\n') {
        end();
      } else {
        token += c;
        open = true;
      }
    }
    end();
  }
  return tokens;
}

class RuleReader {
 public:
  RuleReader(std::vector<std::string> tokens, const std::function<void(const std::string&)>& tell)
      : tokens_(std::move(tokens)), tell_(tell) {}

  // Neither of `and` and `or` binds more: pcs takes `a or b and c` for `(a or b) and c`.
  void Read(xml_node rule, int depth) {
    std::string joined;
    bool any = false;
    while (!failed_ && at_ < tokens_.size() && tokens_[at_] != ")") {
      if (tokens_[at_] == "(")
        Brackets(rule, depth);
      else
        Condition(rule, "expr");
      any = true;
      if (failed_ || at_ >= tokens_.size() || tokens_[at_] == ")") break;
      const std::string& word = tokens_[at_];
      if (word != "and" && word != "or") return Fail("`" + word + "` stands where `and` or `or` is expected");
      if (!joined.empty() && joined != word) {
        if (++depth > kDepthMax) return Fail("`and` and `or` by turns more than 64 times");
        Wrap(rule, joined);
      }
      joined = word;
      ++at_;
    }
    if (!any) Fail("the rule has no condition");
    if (!joined.empty()) rule.append_attribute("boolean-op") = joined.c_str();
    Flatten(rule);
  }

  // Ids from the outside in, as the conditions stand in the end.
  static void Name(xml_node rule) {
    const std::string id = rule.attribute("id").value();
    int rules = 0, others = 0;
    for (xml_node child : rule.children()) {
      const bool inner = std::string_view(child.name()) == "rule";
      int& number = inner ? rules : others;
      const std::string own = id + (inner ? "-rule" : "-expr") + (number == 0 ? "" : '-' + std::to_string(number));
      ++number;
      child.attribute("id") = own.c_str();
      if (inner) Name(child);
      for (xml_node fields : child.children()) {
        if (!inner) fields.attribute("id") = (own + '-' + fields.name()).c_str();
      }
    }
  }

  bool AtEnd() const { return failed_ || at_ >= tokens_.size(); }

 private:
  void Fail(const std::string& what) {
    if (!failed_) tell_(what);
    failed_ = true;
  }

  std::string Take() { return at_ < tokens_.size() ? tokens_[at_++] : std::string(); }

  static xml_node Inner(xml_node rule) {
    xml_node inner = rule.append_child("rule");
    inner.append_attribute("id");
    inner.append_attribute("score") = "0";
    return inner;
  }

  // What stands before becomes one condition.
  static void Wrap(xml_node rule, const std::string& joined) {
    std::vector<xml_node> before;
    for (const xml_node child : rule.children()) before.push_back(child);
    xml_node inner = Inner(rule);
    inner.append_attribute("boolean-op") = joined.c_str();
    for (const xml_node child : before) inner.append_move(child);
    Flatten(inner);
  }

  // Brackets that change nothing are gone.
  static void Flatten(xml_node rule) {
    for (xml_node child = rule.first_child(), next; child; child = next) {
      next = child.next_sibling();
      if (std::string_view(child.name()) != "rule") continue;
      const std::string joined = child.attribute("boolean-op").value();
      const bool only = child == rule.first_child() && !next;
      const bool same = joined.empty() || joined == rule.attribute("boolean-op").value();
      if (!only && !same) continue;
      if (only && !joined.empty()) {
        rule.remove_attribute("boolean-op");
        rule.append_attribute("boolean-op") = joined.c_str();
      }
      while (const xml_node one = child.first_child()) rule.insert_move_before(one, child);
      rule.remove_child(child);
    }
  }

  void Brackets(xml_node rule, int depth) {
    if (depth >= kDepthMax) return Fail("brackets in more than 64 levels");
    ++at_;
    Read(Inner(rule), depth + 1);
    if (Take() != ")") Fail("a bracket is never closed");
  }

  void Condition(xml_node rule, const std::string& id) {
    const std::string word = Take();
    if (word == "date") return Date(rule, id);
    if (word == "date-spec") {
      xml_node date = Element(rule, "date_expression", id, "date_spec");
      return Fields(date, "date_spec");
    }
    if (word == "resource" && At(0).find(':') != std::string::npos) return Resource(rule, id);
    if (word == "op" && (at_ + 1 >= tokens_.size() || IsJoint(At(1)) || At(1).starts_with("interval=")))
      return Operation(rule, id);
    if (word == "defined" || word == "not_defined") {
      xml_node expression = Element(rule, "expression", id, word.c_str());
      expression.append_attribute("attribute") = Take().c_str();
      return;
    }
    Comparison(rule, id, word);
  }

  std::string At(std::size_t ahead) const {
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : std::string();
  }
  static bool IsJoint(const std::string& word) { return word == "and" || word == "or" || word == ")"; }

  static xml_node Element(xml_node rule, const char* tag, const std::string& id, const char* operation) {
    xml_node element = rule.append_child(tag);
    element.append_attribute("id") = id.c_str();
    element.append_attribute("operation") = operation;
    return element;
  }

  void Comparison(xml_node rule, const std::string& id, const std::string& attribute) {
    const std::string op = Take();
    static const char* const kAll[] = {"lt", "gt", "lte", "gte", "eq", "ne"};
    if (std::find(std::begin(kAll), std::end(kAll), op) == std::end(kAll))
      return Fail("`" + op + "` does not compare anything");
    xml_node expression = Element(rule, "expression", id, op.c_str());
    expression.append_attribute("attribute") = attribute.c_str();
    std::string value = Take();
    const bool typed = value == "string" || value == "integer" || value == "number" || value == "version";
    if (typed && at_ < tokens_.size() && !IsJoint(At(0))) {
      expression.append_attribute("type") = value.c_str();
      value = Take();
    }
    if (value.empty()) return Fail("the rule ends in the middle of a condition");
    expression.append_attribute("value") = value.c_str();
  }

  void Date(xml_node rule, const std::string& id) {
    const std::string op = Take();
    if (op == "gt" || op == "lt") {
      xml_node date = Element(rule, "date_expression", id, op.c_str());
      date.append_attribute(op == "gt" ? "start" : "end") = Take().c_str();
      return;
    }
    if (op != "in_range") return Fail("`date " + op + "` is not known");
    xml_node date = Element(rule, "date_expression", id, "in_range");
    if (At(0) != "to") date.append_attribute("start") = Take().c_str();
    if (Take() != "to") return Fail("`date in_range` without `to`");
    if (At(0) == "duration") {
      ++at_;
      return Fields(date, "duration");
    }
    date.append_attribute("end") = Take().c_str();
  }

  void Fields(xml_node date, const char* tag) {
    xml_node fields = date.append_child(tag);
    fields.append_attribute("id") = (std::string(date.attribute("id").value()) + '-' + tag).c_str();
    bool any = false;
    for (; at_ < tokens_.size() && tokens_[at_].find('=') != std::string::npos; ++at_, any = true) {
      const std::size_t equal = tokens_[at_].find('=');
      const std::string name = tokens_[at_].substr(0, equal);
      if (!IsXmlId(name)) return Fail("`" + name + "` is no field of a date");
      fields.append_attribute(name == "yearsdays" ? "yeardays" : name.c_str()) = tokens_[at_].c_str() + equal + 1;
    }
    if (!any) Fail("a date without fields");
  }

  void Resource(xml_node rule, const std::string& id) {
    const std::string agent = Take();
    const std::size_t first = agent.find(':'), second = agent.find(':', first + 1);
    if (second == std::string::npos) return Fail("`resource` wants STANDARD:PROVIDER:TYPE");
    xml_node expression = rule.append_child("rsc_expression");
    expression.append_attribute("id") = id.c_str();
    const std::string parts[] = {agent.substr(0, first), agent.substr(first + 1, second - first - 1),
                                 agent.substr(second + 1)};
    const char* const names[] = {"class", "provider", "type"};
    for (int i = 0; i < 3; ++i) {
      if (!parts[i].empty()) expression.append_attribute(names[i]) = parts[i].c_str();
    }
  }

  void Operation(xml_node rule, const std::string& id) {
    xml_node expression = rule.append_child("op_expression");
    expression.append_attribute("id") = id.c_str();
    expression.append_attribute("name") = Take().c_str();
    if (At(0).starts_with("interval="))
      expression.append_attribute("interval") = Take().substr(std::string("interval=").size()).c_str();
  }

  std::vector<std::string> tokens_;
  const std::function<void(const std::string&)>& tell_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace

void ReadPcsRule(xml_node rule, const std::vector<std::string>& words,
                 const std::function<void(const std::string&)>& tell) {
  RuleReader reader(Tokens(words), tell);
  reader.Read(rule, 0);
  RuleReader::Name(rule);
  if (!reader.AtEnd()) tell("a bracket too many in the rule");
}

}  // namespace picket::compiler::import
