#include "compiler/import/crmsh_blocks.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/syntax/shape.h"

namespace picket::compiler::import {
namespace {

using pugi::xml_node;
using Names = std::set<std::string, std::less<>>;

// The element for a keyword; null for words that are none.
const char* TagOf(std::string_view word) {
  if (word == "params" || word == "attributes" || word == "op_params") return "instance_attributes";
  if (word == "meta" || word == "op_meta") return "meta_attributes";
  if (word == "utilization") return "utilization";
  return nullptr;
}

// What is said of an operation itself; anything else on its line is for the agent.
bool IsOfOperation(std::string_view name) {
  static const Names names = {"interval", "timeout",        "on-fail",         "start-delay", "role", "requires",
                              "enabled",  "record-pending", "interval-origin", "description", "name"};
  return names.contains(name);
}

bool IsOfDate(std::string_view name) {
  static const Names names = {"hours", "monthdays", "weekdays", "yearsdays", "yeardays", "months", "weeks",
                              "years", "weekyears", "moon",     "minutes",   "seconds",  "days"};
  return names.contains(name);
}

bool IsComparison(std::string_view word) {
  return word == "lt" || word == "gt" || word == "lte" || word == "gte" || word == "eq" || word == "ne";
}

std::string IdOf(xml_node element) {
  return element.attribute("id").value();
}

// An id that no sibling of the same kind has.
std::string Unused(xml_node parent, const char* tag, const std::string& wanted) {
  std::string id = wanted;
  for (int i = 0; parent.find_child_by_attribute(tag, "id", id.c_str()); ++i) id = wanted + '-' + std::to_string(i);
  return id;
}

// What Unused gives the conditions of one rule, without a look at all of them for each: there may be thousands.
class ConditionIds {
 public:
  explicit ConditionIds(const std::string& rule) : base_(rule + "-expression") {}

  std::string Next() const { return expressions_ == 0 ? base_ : base_ + '-' + std::to_string(expressions_ - 1); }
  std::string OfExpression() {
    std::string id = Next();
    ++expressions_;
    return id;
  }
  std::string OfDate() {
    const std::string wanted = Next();
    std::string id = wanted;
    for (int& i = tried_[wanted]; !dates_.insert(id).second; ++i) id = wanted + '-' + std::to_string(i);
    return id;
  }

 private:
  std::string base_;
  std::size_t expressions_ = 0;
  std::set<std::string> dates_;
  std::map<std::string, int> tried_;
};

std::size_t EqualIn(const std::string& word) {
  const std::size_t equal = word.find('=');
  return equal == 0 ? std::string::npos : equal;
}

}  // namespace

bool CrmshBlocks::IsKeyword(std::string_view word) {
  return TagOf(word) != nullptr || word == "op" || word == "operations";
}

bool CrmshBlocks::IsPair() const {
  return !AtEnd() && (EqualIn(words_[at_]) != std::string::npos || words_[at_].starts_with("@"));
}

void CrmshBlocks::Read(xml_node element, const std::string& id, const std::string& plain) {
  while (!AtEnd()) {
    const std::string& word = words_[at_];
    if (word.starts_with("description=")) {
      element.append_attribute("description") = word.c_str() + 12;
      ++at_;
    } else if (word == "operations") {
      xml_node operations = element.child("operations");
      if (!operations) operations = element.append_child("operations");
      for (++at_; !AtEnd() && words_[at_].starts_with("$"); ++at_) {
        const std::size_t equal = words_[at_].find('=');
        const std::string name = words_[at_].substr(1, equal - 1);
        if (equal != std::string::npos) operations.append_attribute(name.c_str()) = words_[at_].c_str() + equal + 1;
      }
    } else if (word == "op") {
      Operation(element, id);
    } else if (const std::size_t before = at_; Block(element, id, plain) == before) {
      tell_("`" + word + "` means nothing here");
      ++at_;
    }
  }
}

std::size_t CrmshBlocks::Block(xml_node element, const std::string& id, const std::string& plain) {
  if (AtEnd()) return at_;
  const bool named = TagOf(words_[at_]) != nullptr;
  if (!named && !IsPair() && words_[at_] != "rule") return at_;
  const char* tag = TagOf(named ? words_[at_] : plain);
  if (named) ++at_;
  if (!AtEnd() && words_[at_].starts_with("$id-ref=")) {
    element.append_child(tag).append_attribute("id-ref") = words_[at_++].c_str() + 8;
    return at_;
  }
  std::string own = Unused(element, tag, id + '-' + tag);
  if (!AtEnd() && words_[at_].starts_with("$id=")) own = words_[at_++].substr(4);
  xml_node block = element.append_child(tag);
  block.append_attribute("id") = own.c_str();
  Pairs(block, own);
  return at_;
}

void CrmshBlocks::Pairs(xml_node block, const std::string& id) {
  if (!AtEnd() && words_[at_].size() > 1 && words_[at_].back() == ':' && EqualIn(words_[at_]) == std::string::npos) {
    const std::string& word = words_[at_++];
    const auto score = AsScore(word.substr(0, word.size() - 1));
    if (score)
      block.append_attribute("score") = score->c_str();
    else
      tell_("`" + word + "` is no score");
  }
  while (Rule(block, id, "")) {
  }
  while (IsPair()) One(block, id);
}

// `name=value`, `@id` and `@id:name`: a pair that stands elsewhere; `$id:name=value`: one with an id.
void CrmshBlocks::One(xml_node block, const std::string& id) {
  std::string word = words_[at_++];
  xml_node pair = block.append_child("nvpair");
  if (word.starts_with("@")) {
    const std::size_t colon = word.find(':');
    pair.append_attribute("id-ref") = word.substr(1, colon == std::string::npos ? colon : colon - 1).c_str();
    if (colon != std::string::npos) pair.append_attribute("name") = word.c_str() + colon + 1;
    return;
  }
  std::string own;
  const std::size_t colon = word.find(':');
  if (word.starts_with("$") && colon < EqualIn(word)) {
    own = word.substr(1, colon - 1);
    word.erase(0, colon + 1);
  }
  const std::size_t equal = word.find('=');
  const std::string name = word.substr(0, equal);
  pair.append_attribute("name") = name.c_str();
  pair.append_attribute("value") = word.c_str() + equal + 1;
  pair.append_attribute("id") = (own.empty() ? id + '-' + name : own).c_str();
}

void CrmshBlocks::Operation(xml_node element, const std::string& id) {
  xml_node operations = element.child("operations");
  if (!operations) operations = element.append_child("operations");
  ++at_;
  if (AtEnd()) return tell_("`op` without an operation");
  const std::string name = words_[at_++];
  xml_node op = operations.append_child("op");
  op.append_attribute("name") = name.c_str();
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string own;
  for (; !AtEnd() && EqualIn(words_[at_]) != std::string::npos; ++at_) {
    const std::string& word = words_[at_];
    const std::string option = word.substr(0, EqualIn(word)), value = word.substr(EqualIn(word) + 1);
    if (option == "$id" || option == "id")
      own = value;
    else if (IsOfOperation(option))
      op.append_attribute(option.c_str()) = value.c_str();
    else
      parameters.emplace_back(option, value);
  }
  if (!op.attribute("interval")) op.append_attribute("interval") = "0";
  if (own.empty()) {
    own = Unused(
        operations, "op",
        (operations.attribute("id") ? IdOf(operations) : id) + '-' + name + '-' + op.attribute("interval").value());
  }
  op.append_attribute("id") = own.c_str();
  if (!parameters.empty()) {
    xml_node block = op.append_child("instance_attributes");
    block.append_attribute("id") = (own + "-instance_attributes").c_str();
    for (const auto& [option, value] : parameters) {
      xml_node pair = block.append_child("nvpair");
      pair.append_attribute("name") = option.c_str();
      pair.append_attribute("value") = value.c_str();
      pair.append_attribute("id") = (own + "-instance_attributes-" + option).c_str();
    }
  }
  while (!AtEnd() && (words_[at_] == "op_params" || words_[at_] == "op_meta")) {
    const std::size_t keyword = at_;
    Block(op, own, "params");
    if (words_[keyword] != "op_params") continue;
    for (std::size_t i = keyword + 1; i < at_; ++i) {
      std::string option = words_[i].substr(0, words_[i].find('='));
      std::replace(option.begin(), option.end(), '_', '-');
      if (option == "on-fail" || option == "timeout" || option == "interval") {
        tell_("`op_params " + words_[i] + "` is handed to the agent; it is an option of the operation: `op " + name +
              ' ' + option + words_[i].substr(words_[i].find('=')) + "`");
      }
    }
  }
}

bool CrmshBlocks::Rule(xml_node parent, const std::string& id, const std::string& score) {
  if (AtEnd() || words_[at_] != "rule") return false;
  ++at_;
  xml_node rule = parent.append_child("rule");
  std::string own = Unused(parent, "rule", id + "-rule");
  // With a dollar or without one.
  const auto is_own = [](const std::string& word) {
    return word.starts_with("$") || word.starts_with("role=") || word.starts_with("id=") || word.starts_with("id-ref=");
  };
  for (; !AtEnd() && is_own(words_[at_]); ++at_) {
    const std::size_t equal = words_[at_].find('=');
    const std::size_t from = words_[at_][0] == '$' ? 1 : 0;
    const std::string name = words_[at_].substr(from, equal - from);
    const std::string value = equal == std::string::npos ? "" : words_[at_].substr(equal + 1);
    if (name == "id-ref") {
      rule.append_attribute("id-ref") = value.c_str();
      ++at_;
      return true;
    }
    if (name == "id")
      own = value;
    else
      rule.append_attribute(name.c_str()) = value.c_str();
  }
  rule.append_attribute("id") = own.c_str();
  if (!AtEnd() && words_[at_].size() > 1 && words_[at_].back() == ':') {
    const std::string word = words_[at_].substr(0, words_[at_].size() - 1);
    ++at_;
    if (const auto number = AsScore(word))
      rule.append_attribute("score") = number->c_str();
    else
      rule.append_attribute("score-attribute") = word.c_str();
  } else {
    rule.append_attribute("score") = score.empty() ? "INFINITY" : score.c_str();
  }
  Expression(rule);
  return true;
}

void CrmshBlocks::Expression(xml_node rule) {
  ConditionIds ids(IdOf(rule));
  std::string joined;
  while (!AtEnd()) {
    const std::string& word = words_[at_];
    if (word == "date") {
      Date(rule, ids.OfDate());
    } else if ((word == "defined" || word == "not_defined") && at_ + 1 < words_.size()) {
      xml_node expression = rule.append_child("expression");
      expression.append_attribute("operation") = word.c_str();
      expression.append_attribute("attribute") = words_[at_ + 1].c_str();
      expression.append_attribute("id") = ids.OfExpression().c_str();
      at_ += 2;
    } else if (at_ + 2 < words_.size()) {
      std::string op = words_[at_ + 1], type;
      if (const std::size_t colon = op.find(':'); colon != std::string::npos) {
        type = op.substr(0, colon);
        op.erase(0, colon + 1);
      }
      if (!IsComparison(op)) tell_("`" + words_[at_ + 1] + "` does not compare anything");
      xml_node expression = rule.append_child("expression");
      expression.append_attribute("operation") = op.c_str();
      expression.append_attribute("attribute") = word.c_str();
      if (!type.empty()) expression.append_attribute("type") = type.c_str();
      expression.append_attribute("value") = words_[at_ + 2].c_str();
      expression.append_attribute("id") = ids.OfExpression().c_str();
      at_ += 3;
    } else {
      tell_("the rule ends in the middle of a condition");
      at_ = words_.size();
      return;
    }
    if (AtEnd() || (words_[at_] != "and" && words_[at_] != "or")) return;
    if (joined.empty() && words_[at_] == "or") rule.append_attribute("boolean-op") = "or";
    if (!joined.empty() && joined != words_[at_]) tell_("`and` and `or` in one rule: crmsh takes one of them");
    if (joined.empty()) joined = words_[at_];
    ++at_;
  }
}

void CrmshBlocks::Date(xml_node rule, const std::string& id) {
  ++at_;
  if (AtEnd()) return tell_("`date` says no time");
  xml_node date = rule.append_child("date_expression");
  date.append_attribute("id") = id.c_str();
  std::string op = words_[at_++];
  const std::string written = op;
  if (op == "in" || op == "in_range") op = "in_range";
  if (op == "spec" || op == "date_spec") op = "date_spec";
  date.append_attribute("operation") = op.c_str();
  if (op == "lt" || op == "gt") {
    if (AtEnd()) return tell_("`date " + op + "` says no time");
    std::string when = words_[at_++];
    if (when.starts_with("start=") || when.starts_with("end=")) when.erase(0, when.find('=') + 1);
    date.append_attribute(op == "lt" ? "end" : "start") = when.c_str();
    return;
  }
  if (op != "in_range" && op != "date_spec") return tell_("`date " + written + "` is not known");
  xml_node fields;
  for (; !AtEnd() && EqualIn(words_[at_]) != std::string::npos; ++at_) {
    const std::string name = words_[at_].substr(0, EqualIn(words_[at_]));
    const char* value = words_[at_].c_str() + name.size() + 1;
    if (op == "in_range" && (name == "start" || name == "end")) {
      date.append_attribute(name.c_str()) = value;
      continue;
    }
    if (!IsOfDate(name)) return;  // A pair of the block.
    const char* tag = op == "in_range" ? "duration" : "date_spec";
    if (!fields) {
      fields = date.append_child(tag);
      fields.append_attribute("id") = (id + '-' + tag).c_str();
    }
    fields.append_attribute(name == "yearsdays" ? "yeardays" : name.c_str()) = value;
  }
}

void CrmshBlocks::Rest() {
  for (; !AtEnd(); ++at_) tell_("`" + words_[at_] + "` means nothing here");
}

}  // namespace picket::compiler::import
