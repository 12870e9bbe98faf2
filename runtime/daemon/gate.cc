#include "runtime/daemon/gate.h"

#include <algorithm>

#include "runtime/group/patience.h"
#include "solver/cib/values.h"

namespace picket::runtime {
namespace {

constexpr int64_t kDeadtimeMs = 20000;

// A cold start waits so long for nodes that are still booting.
int64_t DeadtimeOf(const solver::Cluster& cluster) {
  for (const solver::NvBlock& block : cluster.properties) {
    for (const solver::NvPair& pair : block.pairs) {
      if (pair.name == "dc-deadtime") return std::max<int64_t>(solver::DurationOrZero(pair.value), 0);
    }
  }
  return kDeadtimeMs;
}

}  // namespace

void Gate::BeginView(const Transfer& transfer, const Turn& turn) {
  const int64_t now_ms = turn.now.boot_ms;
  started_ = transfer.started;
  start_at_ms_ = now_ms + DeadtimeOf(*parts_.replica.cluster());
  gathering_until_ms_ = view_.verdict->had_quorum ? 0 : now_ms + membership_.group().token_ms * 6 / 5;
  for (auto& [id, absence] : daemonless_) absence.told = false;
}

void Gate::NoticeDaemons(Turn& turn) {
  const std::vector<NodeId>& ring = membership_.ring_members();
  std::erase_if(daemonless_, [&](const auto& entry) {
    const bool in_ring = std::find(ring.begin(), ring.end(), entry.first) != ring.end();
    return !in_ring || membership_.HasProcess(entry.first);
  });
  for (const NodeId id : ring) {
    if (!membership_.HasProcess(id)) daemonless_.emplace(id, Absence{turn.now.boot_ms, false});
  }
  if (!view_.active || !parts_.coordinator.leads()) return;
  for (auto& [id, absence] : daemonless_) {
    if (absence.told || absence.since_ms + kDaemonGraceMs > turn.now.boot_ms) continue;
    absence.told = true;
    const std::string name = membership_.NameOf(id);
    if (parts_.replica.PeerOf(name).daemon_only) turn.out.messages.push_back(DaemonGone{name});
  }
}

// Of a machine whose picketd was not met in the view before, nobody knows what it runs.
bool Gate::SomebodyUnknown() const {
  return std::any_of(daemonless_.begin(), daemonless_.end(), [&](const auto& entry) {
    const Standing standing = parts_.replica.PeerOf(membership_.NameOf(entry.first)).standing;
    return (standing == Standing::kUnseen || standing == Standing::kLost) && !entry.second.told;
  });
}

bool Gate::MayGiveOrders(Turn& turn) {
  const int64_t now_ms = turn.now.boot_ms;
  const bool quorate = membership_.quorate();
  const Replica& replica = parts_.replica;
  if (!view_.active || !parts_.coordinator.leads() || !replica.configured()) return false;
  if (!parts_.self.grouped) return true;
  // A Corosync that was started again is alone in its first ring; that is no reason to stop anything.
  if (!quorate && now_ms < patient_until_ms_) return false;
  if (SomebodyUnknown()) return false;
  const std::vector<ConfiguredNode>& nodes = membership_.group().nodes;
  const bool all_here = std::all_of(nodes.begin(), nodes.end(), [&](const ConfiguredNode& node) {
    return !replica.HasNode(node.name) || replica.PeerOf(node.name).standing == Standing::kMember;
  });
  // Nodes that find one another again do so one after the other; the last to come is not to be fenced for that.
  if (quorate && !all_here && now_ms < gathering_until_ms_) return false;
  if (started_) return true;
  if (!all_here && now_ms < start_at_ms_) return false;
  started_ = true;
  turn.out.messages.push_back(Progress{});
  return true;
}

int64_t Gate::NextDeadline(const Moment& now) const {
  int64_t next = INT64_MAX;
  if (!parts_.coordinator.leads()) return next;
  // What is over was looked at in this step; to ask for it again would be to ask for ever.
  const auto wait_for = [&](int64_t when_ms) {
    if (when_ms > now.boot_ms) next = std::min(next, when_ms);
  };
  if (!started_) wait_for(start_at_ms_);
  for (const auto& [id, absence] : daemonless_) {
    if (!absence.told) wait_for(absence.since_ms + kDaemonGraceMs);
  }
  return next;
}

}  // namespace picket::runtime
