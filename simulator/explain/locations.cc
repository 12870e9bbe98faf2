// What a location constraint saw on a node: the attributes its rule looks at, with their values there.
#include <algorithm>

#include "simulator/explain/explainer.h"
#include "solver/model/text.h"

namespace picket::simulator::explain {

using solver::NodeId;
using solver::ReasonEvent;

namespace {

// Ids that the upgrade of an old configuration makes up, and that nobody wrote.
constexpr std::string_view kUpgraded = "pcmk__3_10_upgrade-";
// More than these are no help.
constexpr std::size_t kAttributesMax = 3;

const solver::LocationDef* FindLocation(const solver::Run& run, std::string_view id) {
  for (const solver::ConstraintDef& constraint : run.cluster->constraints) {
    const auto* location = std::get_if<solver::LocationDef>(&constraint);
    if (location && location->id == id) return location;
  }
  return nullptr;
}

void CollectAttributes(const solver::RuleDef& rule, std::vector<std::string>& names) {
  const auto add = [&](const std::string& name) {
    // What every node has, such as its name, is no news.
    static constexpr std::string_view kBuiltIn[] = {"#uname", "#id", "#kind", "#is_dc", "#cluster-name", "#site-name"};
    const bool built_in = std::any_of(std::begin(kBuiltIn), std::end(kBuiltIn),
                                      [&](std::string_view one) { return solver::EqualFolded(one, name); });
    if (!name.empty() && !built_in && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  if (rule.score_attribute) add(*rule.score_attribute);
  for (const solver::Condition& condition : rule.conditions) {
    if (const auto* nested = std::get_if<solver::RuleDef>(&condition.what)) {
      CollectAttributes(*nested, names);
    } else if (const auto* expression = std::get_if<solver::AttributeExpression>(&condition.what)) {
      add(std::string(solver::AttributeOr(expression->attributes, "attribute")));
    }
  }
}

}  // namespace

std::string WrittenLocation(const solver::Run& run, const std::string& id) {
  if (!id.starts_with(kUpgraded)) return id;
  const solver::LocationDef* location = FindLocation(run, id);
  return location && location->rule && !location->rule->id.empty() ? location->rule->id : id;
}

std::string Explainer::SeenBy(const std::string& location_id, NodeId node) const {
  const solver::LocationDef* location = FindLocation(run_, location_id);
  if (!location || !location->rule || !node.valid()) return {};
  std::vector<std::string> names;
  CollectAttributes(*location->rule, names);
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kAttributesMax; ++i) {
    const std::string* value = run_.at(node).attributes.Find(names[i]);
    text += (i > 0 ? ", " : ": ") + names[i] + (value ? " is " + *value : " is not defined");
  }
  return text.empty() ? text : text + " on " + Name(node);
}

}  // namespace picket::simulator::explain
