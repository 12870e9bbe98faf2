#include "runtime/fencer/placement.h"

#include <regex.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "solver/cib/rules.h"
#include "solver/cib/values.h"
#include "solver/model/role.h"
#include "solver/model/text.h"

namespace picket::runtime {
namespace {

using solver::AttributeOr;
using solver::FindAttribute;
using solver::LocationDef;
using solver::Score;

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A leading `!` selects what does not match.
bool Selects(const std::string& pattern, const std::vector<std::string>& names) {
  const bool inverted = pattern.starts_with('!');
  const std::string plain = inverted ? pattern.substr(1) : pattern;
  // Patterns are for the ids of resources at the top level: the last of the names.
  return MatchesPattern(plain, names.back()) != inverted;
}

bool Concerns(const LocationDef& location, const std::vector<std::string>& names) {
  const std::string* role = FindAttribute(location.attributes, "role");
  if (role && solver::ParseRole(*role) != solver::Role::kStarted) return false;
  for (const solver::ResourceSetDef& set : location.sets) {
    const bool listed =
        std::any_of(set.refs.begin(), set.refs.end(), [&](const auto& ref) { return Contains(names, ref); });
    if (listed) return true;
  }
  if (Contains(names, AttributeOr(location.attributes, "rsc"))) return true;
  const std::string* pattern = FindAttribute(location.attributes, "rsc-pattern");
  return pattern && Selects(*pattern, names);
}

// The score that the constraint gives the node; nothing if it says nothing of it.
std::optional<Score> ScoreOn(const LocationDef& location, const std::string& node, const solver::Table& attributes,
                             const solver::Instant& now) {
  if (!location.rule) {
    if (!solver::EqualFolded(AttributeOr(location.attributes, "node"), node)) return std::nullopt;
    return solver::ParseScore(AttributeOr(location.attributes, "score"));
  }
  solver::RuleInput input;
  input.now = now;
  input.node_attributes = &attributes;
  solver::NextChange next_change;
  if (!solver::RulePasses(*location.rule, input, next_change)) return std::nullopt;
  if (location.rule->score) return solver::ParseScore(*location.rule->score);
  if (!location.rule->score_attribute) return std::nullopt;
  return solver::ParseScore(attributes.Get(*location.rule->score_attribute));
}

// In a cluster that is not symmetric, a resource runs only where it was told that it may.
bool IsSymmetric(const solver::Cluster& cluster, const solver::Instant& now) {
  solver::RuleInput input;
  input.now = now;
  solver::Table properties;
  solver::NextChange next_change;
  solver::ReadBlocks(cluster.properties, input, properties, next_change);
  return solver::ParseBoolean(properties.Get("symmetric-cluster")).value_or(true);
}

}  // namespace

bool MatchesPattern(const std::string& pattern, const std::string& text) {
  regex_t compiled;
  if (regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0) return false;
  const bool matches = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return matches;
}

solver::Table NodeAttributes(const solver::Cluster& cluster, const std::string& node, const solver::Instant& now) {
  solver::Table attributes;
  for (const solver::NodeDef& def : cluster.nodes) {
    if (!solver::EqualFolded(def.uname, node)) continue;
    solver::RuleInput input;
    input.now = now;
    solver::NextChange next_change;
    attributes.Set("#uname", def.uname);
    attributes.Set("#id", def.id);
    attributes.Set("#kind", "cluster");
    solver::ReadBlocks(def.attributes, input, attributes, next_change);
  }
  return attributes;
}

bool MayRunOn(const solver::Cluster& cluster, const std::vector<std::string>& names, const std::string& node,
              const solver::Instant& now) {
  const solver::Table attributes = NodeAttributes(cluster, node, now);
  std::optional<Score> total;
  if (IsSymmetric(cluster, now)) total = Score(0);
  for (const solver::ConstraintDef& constraint : cluster.constraints) {
    const auto* location = std::get_if<LocationDef>(&constraint);
    if (!location || !Concerns(*location, names)) continue;
    const std::optional<Score> score = ScoreOn(*location, node, attributes, now);
    if (score) total = total.value_or(Score(0)) + *score;
  }
  return total && !total->is_minus_infinite();
}

}  // namespace picket::runtime
