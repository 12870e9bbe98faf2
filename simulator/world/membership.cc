// Who reaches whom, which partition acts, and what its members know of the others.
//
// One partition acts at a time: the quorate one. Where several may act (`two_node`, `no-quorum-policy=ignore`), they
// race to fence one another and the one whose devices are through first acts on; duel.cc says what happens if neither
// is first. Nodes outside keep what they run until they are fenced: the worst case.
#include <algorithm>

#include "execution/history/node.h"
#include "simulator/world/world.h"

namespace picket::simulator {

using namespace execution;  // NOLINT

bool World::Reaches(const TrueNode& a, const TrueNode& b) const {
  if (a.group != b.group) return false;
  const auto usable = [&](const std::string& link) {
    return cut_links_.count(link) == 0 && a.cut_links.count(link) == 0 && b.cut_links.count(link) == 0;
  };
  if (settings_.links.empty()) return true;
  return std::any_of(settings_.links.begin(), settings_.links.end(), usable);
}

std::vector<std::vector<std::string>> World::Partitions() const {
  std::vector<std::vector<std::string>> partitions;
  std::set<std::string> placed;
  for (const auto& [name, node] : nodes_) {
    if (node.remote || !node.powered || !placed.insert(name).second) continue;
    std::vector<std::string> partition = {name};
    for (size_t i = 0; i < partition.size(); ++i) {
      for (const auto& [other_name, other] : nodes_) {
        if (other.remote || !other.powered || placed.count(other_name)) continue;
        if (!Reaches(nodes_.at(partition[i]), other)) continue;
        placed.insert(other_name);
        partition.push_back(other_name);
      }
    }
    std::sort(partition.begin(), partition.end());
    partitions.push_back(std::move(partition));
  }
  return partitions;
}

bool World::HasQuorum(const std::vector<std::string>& partition) const {
  const auto votes_of = [&](const std::string& name) {
    const auto it = settings_.votes.find(name);
    return it == settings_.votes.end() ? 1 : it->second;
  };
  int total = 0;
  int here = 0;
  size_t members = 0;
  for (const auto& [name, node] : nodes_) {
    if (node.remote) continue;
    total += votes_of(name);
    ++members;
  }
  for (const std::string& name : partition) here += votes_of(name);
  if (settings_.wait_for_all && partition.size() < members) {
    // A node that booted alone waits until it has seen everybody once.
    const bool any_has_seen = std::any_of(partition.begin(), partition.end(), [&](const std::string& name) {
      return nodes_.at(name).has_seen_all;
    });
    if (!any_has_seen) return false;
  }
  if (settings_.two_node && members == 2) return here > 0;
  return 2 * here > total;
}

// When this partition would have fenced all powered nodes outside it; INT64_MAX if it sees no reason to fence one: it
// knows that the node is down, for it was fenced or left, and has not heard of its boot.
int64_t World::RaceTime(const std::vector<std::string>& partition) const {
  int64_t slowest_ms = 0;
  const bool is_acting = std::any_of(partition.begin(), partition.end(),
                                     [this](const std::string& name) { return nodes_.at(name).member; });
  for (const auto& [name, node] : nodes_) {
    if (node.remote || !node.powered) continue;
    if (std::find(partition.begin(), partition.end(), name) != partition.end()) continue;
    const bool known_down = solver::AttributeOr(StateOf(name).attributes, "expected") == "down";
    if (is_acting && !node.member && known_down) return INT64_MAX;
    int64_t fastest_ms = INT64_MAX;
    for (const auto& level : catalog_->LevelsFor(name)) {
      int64_t level_ms = 0;
      for (const FenceDevice* device : level) {
        const auto broken = failing_devices_.find(device->id);
        const bool lies = broken != failing_devices_.end() &&
                          broken->second == compiler::scenario::FailFence::How::kLies;
        if (broken != failing_devices_.end() && !lies) level_ms = INT64_MAX / 2;
        level_ms = std::max(level_ms, catalog_->DelayFor(*device, name));
      }
      fastest_ms = std::min(fastest_ms, level_ms);
    }
    if (fastest_ms < INT64_MAX / 2) fastest_ms += PriorityDelay(name);
    slowest_ms = std::max(slowest_ms, fastest_ms);
  }
  return slowest_ms;
}

// With quorum, or with a policy that does not ask for it.
bool World::MayAct(const std::vector<std::string>& partition) const {
  const std::string* policy = PlainValue(catalog_->cluster().properties, "no-quorum-policy");
  return (policy && *policy == "ignore") || HasQuorum(partition);
}

std::vector<std::string> World::ActingPartition() const {
  std::vector<std::string> best;
  bool best_acts = false;
  int64_t best_race_ms = 0;
  for (const std::vector<std::string>& partition : Partitions()) {
    const bool acts = MayAct(partition);
    const int64_t race_ms = acts ? RaceTime(partition) : 0;
    const bool better = best.empty() || (acts != best_acts ? acts
                                         : acts            ? race_ms < best_race_ms
                                                                 : partition.size() > best.size());
    if (!better) continue;
    best = partition;
    best_acts = acts;
    best_race_ms = race_ms;
  }
  return best;
}

bool World::UpdateMembership() {
  const bool shot = ShootEachOther();
  const std::vector<std::string> acting = ActingPartition();
  const bool quorate = !acting.empty() && HasQuorum(acting);
  bool changed = shot;
  const auto members = static_cast<size_t>(
      std::count_if(nodes_.begin(), nodes_.end(), [](const auto& node) { return !node.second.remote; }));
  for (auto& [name, node] : nodes_) {
    if (node.remote) continue;
    const bool is_member = std::find(acting.begin(), acting.end(), name) != acting.end();
    if (is_member && acting.size() == members) node.has_seen_all = true;
    if (is_member == node.member) continue;
    node.member = is_member;
    changed = true;
    solver::NodeState& state = Edit(name);
    if (is_member) {
      MarkJoined(state);
      fence_attempts_.erase(name);
      Tell(EventKind::kNodeJoins, name, name + " joins");
    } else {
      MarkLost(state);
      Tell(EventKind::kNodeLost, name, name + " is lost");
    }
  }
  if (quorate != quorate_) {
    quorate_ = quorate;
    changed = true;
    Tell(EventKind::kQuorumChanges, {}, quorate ? "quorum regained" : "quorum lost");
  }
  state_.have_quorum = quorate ? "1" : "0";
  return changed;
}

// The others notice a change of connections after the detection time; a node that can be reached again joins
// at once.
void World::ConnectionsChanged() {
  SetTimer(now_ms_ + settings_.durations.detection_ms, TimerKind::kMembership, {});
}

void World::LosePower(TrueNode& node, bool stays_away) {
  node.powered = false;
  node.stays_away = node.stays_away || stays_away;
  node.has_seen_all = false;
  // A guest dies with its host; a remote node is a machine of its own.
  for (const auto& [instance, resource] : node.resources) {
    const auto guest = nodes_.find(instance);
    if (guest != nodes_.end() && guest->second.remote && !catalog_->Find(instance)) guest->second.resources.clear();
  }
  node.resources.clear();
}

void World::Leave(TrueNode& node) {
  LosePower(node, true);
  node.member = false;
  MarkLeft(Edit(node.name));
  Tell(EventKind::kNodeLeaves, node.name, node.name + " leaves");
  UpdateMembership();
}

void World::Boot(TrueNode& node) {
  if (node.powered) return;
  node.powered = true;
  node.stays_away = false;
  node.member = false;
  solver::NodeState& state = Edit(node.name);
  state.history.clear();
  state.transient.clear();
  state.has_transient = false;
}

}  // namespace picket::simulator
