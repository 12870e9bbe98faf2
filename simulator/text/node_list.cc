// The node list (spec 06 §10.1, §10.2).
#include <string>

#include "simulator/text/status_text.h"
#include "solver/model/query.h"

namespace picket::simulator {

using namespace solver;  // NOLINT

std::string_view NodeStateText(const Node& node) {
  if (node.unclean && node.online) return "UNCLEAN (online)";
  if (node.unclean && node.pending) return "UNCLEAN (pending)";
  if (node.unclean) return "UNCLEAN (offline)";
  if (node.pending) return "pending";
  if (node.standby_on_fail && node.online) return "standby (on-fail)";
  if (node.standby && !node.online) return "OFFLINE (standby)";
  if (node.standby && node.running.empty()) return "standby";
  if (node.standby) return "standby (with active resources)";
  if (node.maintenance) return node.online ? "maintenance" : "OFFLINE (maintenance)";
  return node.online ? "online" : "OFFLINE";
}

namespace {

std::string_view HealthSuffix(Health health) {
  switch (health) {
    case Health::kRed:
      return " (health is RED)";
    case Health::kYellow:
      return " (health is YELLOW)";
    default:
      return {};
  }
}

bool HasLineOfItsOwn(const Node& node, Health health) {
  return node.unclean || node.pending || (node.standby_on_fail && node.online) || node.standby || node.maintenance ||
         health != Health::kGreen;
}

}  // namespace

bool WriteNodeList(TextWriter& out, const Run& run) {
  if (run.node_order.empty()) return false;
  OpenList list(out, "Node List");
  enum { kOnline, kOffline, kRemoteOnline, kRemoteOffline, kGuestOnline, kLists };
  static constexpr std::string_view kLabels[kLists] = {"Online", "OFFLINE", "RemoteOnline", "RemoteOFFLINE",
                                                       "GuestOnline"};
  std::vector<NodeId> collected[kLists];
  for (const NodeId id : run.node_order) {
    const Node& node = run.at(id);
    const bool guest = IsGuestNode(run, id);
    const bool remote = IsRemoteNode(run, id);
    const Health health = HealthOf(run, id);
    if (HasLineOfItsOwn(node, health)) {
      std::string text = guest ? "GuestNode " : remote ? "RemoteNode " : "Node ";
      out.Item(text.append(node.name).append(": ").append(NodeStateText(node)).append(HealthSuffix(health)));
    } else if (guest) {
      if (node.online) collected[kGuestOnline].push_back(id);  // A guest node that is down is not mentioned at all.
    } else if (remote) {
      collected[node.online ? kRemoteOnline : kRemoteOffline].push_back(id);
    } else {
      collected[node.online ? kOnline : kOffline].push_back(id);
    }
  }
  for (int i = 0; i < kLists; ++i) {
    if (!collected[i].empty()) out.Labelled(kLabels[i], NodeBrackets(run, collected[i]));
  }
  return true;
}

}  // namespace picket::simulator
