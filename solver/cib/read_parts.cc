#include "solver/cib/read_parts.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "solver/cib/values.h"
#include "solver/model/merge_sort.h"

namespace picket::solver {
namespace {

std::string IndexKey(std::string_view element, std::string_view id) {
  return std::string(element) + ' ' + std::string(id);
}

void IndexIds(pugi::xml_node parent, std::unordered_map<std::string, pugi::xml_node>& index) {
  for (const pugi::xml_node child : parent.children()) {
    if (const pugi::xml_attribute id = child.attribute("id")) {
      const auto [it, inserted] = index.emplace(IndexKey(child.name(), id.value()), child);
      if (!inserted) it->second = {};
    }
    IndexIds(child, index);
  }
}

std::optional<std::string> OptionalText(pugi::xml_node element, const char* name) {
  const pugi::xml_attribute attribute = element.attribute(name);
  if (!attribute) return std::nullopt;
  return attribute.value();
}

DateExpression ReadDateExpression(pugi::xml_node element) {
  DateExpression expression{ReadAttributes(element), std::nullopt, std::nullopt};
  if (const pugi::xml_node duration = element.child("duration")) expression.duration = ReadAttributes(duration);
  if (const pugi::xml_node spec = element.child("date_spec")) expression.date_spec = ReadAttributes(spec);
  return expression;
}

}  // namespace

Attributes ReadAttributes(pugi::xml_node element) {
  Attributes attributes;
  for (const pugi::xml_attribute attribute : element.attributes()) {
    attributes.emplace_back(attribute.name(), attribute.value());
  }
  return attributes;
}

pugi::xml_node PartReader::Find(const char* element, std::string_view id) const {
  if (by_id_.empty()) IndexIds(document_, by_id_);
  const auto found = by_id_.find(IndexKey(element, id));
  return found == by_id_.end() ? pugi::xml_node() : found->second;
}

pugi::xml_node PartReader::Resolve(pugi::xml_node element) const {
  const pugi::xml_attribute reference = element.attribute("id-ref");
  if (!reference) return element;
  const pugi::xml_node found = Find(element.name(), reference.value());
  if (!found) {
    Error(std::string("Ignoring invalid ") + element.name() + " configuration: id-ref '" + reference.value() +
          "' does not reference a valid object");
  }
  return found;
}

RuleDef PartReader::ReadRule(pugi::xml_node element) const {
  RuleDef rule;
  element = Resolve(element);
  rule.id = element.attribute("id").value();
  rule.broken = !element || (!element.attribute("id") && Behaves(Behaviour::kInvalidRulePartsFail));
  if (rule.broken) return rule;
  rule.boolean_op = OptionalText(element, "boolean-op");
  rule.score = OptionalText(element, "score");
  rule.score_attribute = OptionalText(element, "score-attribute");
  rule.role = OptionalText(element, "role");
  for (const pugi::xml_node child : element.children()) {
    const std::string_view name = child.name();
    if (name == "rule") {
      rule.conditions.push_back({ReadRule(child)});
    } else if (name == "expression") {
      rule.conditions.push_back({AttributeExpression{ReadAttributes(child)}});
    } else if (name == "date_expression") {
      rule.conditions.push_back({ReadDateExpression(child)});
    } else if (name == "rsc_expression") {
      rule.conditions.push_back({ResourceExpression{ReadAttributes(child)}});
    } else if (name == "op_expression") {
      rule.conditions.push_back({OperationExpression{ReadAttributes(child)}});
    } else {
      rule.conditions.push_back({UnknownCondition{std::string(name), child.attribute("id").value()}});
    }
  }
  return rule;
}

std::optional<RuleDef> PartReader::ReadRules(pugi::xml_node parent, bool any) const {
  const pugi::xml_node first = parent.child("rule");
  if (!first) return std::nullopt;
  if (!any || !first.next_sibling("rule")) return ReadRule(first);
  RuleDef all;
  all.boolean_op = "or";
  for (const pugi::xml_node rule : parent.children("rule")) all.conditions.push_back({ReadRule(rule)});
  return all;
}

std::vector<NvPair> PartReader::ReadPairs(pugi::xml_node block) const {
  // Before 1.0 the pairs were inside an `attributes` element.
  if (std::string_view(block.first_child().name()) == "attributes") block = block.first_child();
  std::vector<NvPair> pairs;
  for (const pugi::xml_node own : block.children("nvpair")) {
    const pugi::xml_node child = Resolve(own);
    pugi::xml_attribute name = child.attribute("name");
    pugi::xml_attribute value = child.attribute("value");
    if (child != own && !Behaves(Behaviour::kReferencedPairWins)) {
      if (own.attribute("name")) name = own.attribute("name");
      if (own.attribute("value")) value = own.attribute("value");
    }
    if (name && value) pairs.push_back({child.attribute("id").value(), name.value(), value.value()});
  }
  return pairs;
}

NvBlocks PartReader::ReadNvBlocks(pugi::xml_node parent, const char* name, std::string_view first_id) const {
  NvBlocks blocks;
  for (pugi::xml_node element : parent.children(name)) {
    element = Resolve(element);
    if (!element) continue;
    NvBlock block;
    block.id = element.attribute("id").value();
    if (const pugi::xml_attribute score = element.attribute("score")) {
      const auto parsed = ParseScore(score.value());
      if (!parsed) {
        Error("Using 0 as " + block.id + " score because '" + score.value() +
              "' is not a valid score: Bad input value provided");
      }
      block.score = parsed.value_or(Score());
    }
    block.rule = ReadRules(element, !Behaves(Behaviour::kOneRulePerBlock));
    block.pairs = ReadPairs(element);
    blocks.push_back(std::move(block));
  }
  // Ties go to the block that comes later in the document, so the sort starts from the reversed list.
  std::reverse(blocks.begin(), blocks.end());
  MergeSort(blocks, [first_id](const NvBlock& a, const NvBlock& b) {
    if (!first_id.empty() && (a.id == first_id) != (b.id == first_id)) return a.id == first_id ? -1 : 1;
    return a.score == b.score ? 0 : (a.score > b.score ? -1 : 1);
  });
  return blocks;
}

}  // namespace picket::solver
