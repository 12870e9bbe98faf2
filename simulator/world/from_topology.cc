#include "simulator/world/from_topology.h"

namespace picket::simulator {

WorldSettings SettingsFrom(const compiler::Topology& topology,
                           const std::vector<compiler::scenario::Assumption>& assumptions) {
  WorldSettings settings;
  settings.assumptions = assumptions;
  settings.picket_engine = topology.engine == compiler::Engine::kPicket;
  for (const compiler::Link& link : topology.links) settings.links.push_back(link.name);
  for (const compiler::TopologyNode& node : topology.nodes) {
    if (node.votes) settings.votes[node.name] = *node.votes;
  }
  settings.two_node = topology.two_node;
  settings.wait_for_all = topology.WaitsForAll();
  settings.durations.detection_ms = topology.DetectionMs();
  if (topology.token_ms || topology.consensus_ms) settings.durations.detection_source = "the policy's totem settings";
  return settings;
}

}  // namespace picket::simulator
