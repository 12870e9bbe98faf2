#include "simulator/world/from_topology.h"

#include <cstdlib>

namespace picket::simulator {
namespace {

std::string OptionOf(const std::vector<std::pair<std::string, std::string>>& options, std::string_view name) {
  for (const auto& [key, value] : options) {
    if (key == name) return value;
  }
  return {};
}

bool IsOn(const std::string& value) {
  return value == "1" || value == "yes" || value == "true" || value == "on";
}

QuorumRules RulesFrom(const compiler::Topology& topology) {
  QuorumRules rules;
  rules.last_man_standing = IsOn(OptionOf(topology.quorum, "last_man_standing"));
  const std::string window = OptionOf(topology.quorum, "last_man_standing_window");
  if (!window.empty()) rules.last_man_standing_window_ms = std::atoll(window.c_str());
  rules.auto_tie_breaker = IsOn(OptionOf(topology.quorum, "auto_tie_breaker"));
  rules.tie_breaker_highest = OptionOf(topology.quorum, "auto_tie_breaker_node") == "highest";
  if (topology.device) {
    const bool lms = OptionOf(topology.device->options, "algorithm") == "lms";
    rules.device = lms ? QuorumRules::Device::kLastManStanding : QuorumRules::Device::kFiftyFifty;
  }
  return rules;
}

}  // namespace

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
  settings.quorum = RulesFrom(topology);
  settings.picket_engine = topology.engine == compiler::Engine::kPicket;
  settings.durations.detection_ms = topology.DetectionMs();
  if (topology.sbd && (topology.sbd->msgwait_ms || topology.sbd->watchdog_ms))
    settings.durations.sbd_message_ms = topology.sbd->msgwait_ms.value_or(2 * topology.sbd->watchdog_ms.value_or(0));
  if (topology.token_ms || topology.consensus_ms) settings.durations.detection_source = "the policy's totem settings";
  return settings;
}

}  // namespace picket::simulator
