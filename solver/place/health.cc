// Node health becomes location constraints, before any configured one exists (spec 03 §3.4, 01 §11).
#include "solver/cib/values.h"
#include "solver/place/place.h"

namespace picket::solver {
namespace {

Score HealthOf(const Run& run, NodeId node) {
  const Options& options = run.options;
  Score health = options.health_strategy == HealthStrategy::kProgressive ? options.health_base : Score();
  for (const auto& [name, value] : run.at(node).attributes) {
    if (!name.starts_with("#health")) continue;
    const auto score = ParseScore(value, options.health_red, options.health_yellow, options.health_green);
    if (score) health += *score;
  }
  return health;
}

}  // namespace

void ApplyHealth(Run& run) {
  if (run.options.health_strategy == HealthStrategy::kNone) return;
  for (const NodeId node : run.node_order) {
    const Score health = HealthOf(run, node);
    if (health == Score()) continue;
    for (const ResourceId resource : run.top_level) {
      const bool tolerant = IsTrue(run.at(resource).meta.Find("allow-unhealthy-nodes"));
      if (health < Score() && tolerant) continue;
      Location location;
      location.id = run.options.health_strategy_text;
      location.resource = resource;
      location.nodes.emplace_back(node, health);
      AddLocation(run, std::move(location));
    }
  }
}

}  // namespace picket::solver
