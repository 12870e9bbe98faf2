// Who has quorum: Corosync's votequorum (spec 09 §3).
#include <algorithm>
#include <tuple>

#include "simulator/world/world.h"

namespace picket::simulator {
namespace {

// Quorum that comes back without a join is acted on after a grace, so that further nodes may arrive (spec 09
// §4.3).
constexpr int64_t kQuorumGraceMs = 5000;

}  // namespace

int World::VotesOf(const std::string& name) const {
  const auto votes = settings_.votes.find(name);
  return votes == settings_.votes.end() ? 1 : votes->second;
}

bool World::HasQuorum(const ClusterSide& side) const {
  const QuorumRules& rules = settings_.quorum;
  int present = side.has_device_vote ? rules.DeviceVotes(nodes_.size()) : 0;
  int nodes = 0;
  bool somebody_has_seen_all = false;
  std::string lowest;  // of all nodes, by id
  bool lowest_is_here = false;
  int64_t lowest_id = INT64_MAX;
  int64_t highest_id = INT64_MIN;
  bool highest_is_here = false;
  for (const auto& [name, node] : nodes_) {
    if (node.remote) continue;
    ++nodes;
    // A node that died unnoticed still counts.
    const bool here = node.side == side.id;
    const int64_t id = std::atoll(node.id.c_str());
    if (id < lowest_id) lowest_id = id, lowest_is_here = here;
    if (id > highest_id) highest_id = id, highest_is_here = here;
    if (!here) continue;
    present += VotesOf(name);
    somebody_has_seen_all = somebody_has_seen_all || node.has_seen_all;
  }
  if (present == 0) return false;
  const int expected = std::max(side.expected_votes, present);
  if (settings_.wait_for_all && present < expected && !somebody_has_seen_all) return false;
  if (settings_.two_node && nodes == 2 && !rules.HasDevice()) return true;
  if (present >= std::max(expected / 2, present / 2) + 1) return true;
  // Exactly half: the part with the tie breaker goes on, as the other cannot.
  const bool breaks_tie = rules.tie_breaker_highest ? highest_is_here : lowest_is_here;
  return rules.auto_tie_breaker && !rules.HasDevice() && 2 * present == expected && breaks_tie;
}

void World::CountVotes() {
  const QuorumRules& rules = settings_.quorum;
  int all = rules.HasDevice() ? rules.DeviceVotes(nodes_.size()) : 0;
  for (const auto& [name, node] : nodes_) all += node.remote ? 0 : VotesOf(name);
  if (rules.HasDevice()) {
    // The device votes for one part: the largest, then the one it voted for before, then the one with the lowest
    // node id.
    ClusterSide* best = nullptr;
    std::tuple<size_t, bool, int64_t> best_rank;
    for (ClusterSide& side : sides_) {
      const std::vector<std::string> members = MembersOf(side);
      if (members.empty()) continue;
      int64_t lowest_id = INT64_MAX;
      for (const std::string& name : members)
        lowest_id = std::min<int64_t>(lowest_id, std::atoll(nodes_.at(name).id.c_str()));
      const std::tuple rank(members.size(), side.has_device_vote, -lowest_id);
      if (!best || rank > best_rank) best = &side, best_rank = rank;
    }
    for (ClusterSide& side : sides_) side.has_device_vote = &side == best;
  }
  for (ClusterSide& side : sides_) {
    if (side.expected_votes == 0) side.expected_votes = all;
    const bool quorate = HasQuorum(side);
    for (const std::string& name : MembersOf(side)) {
      TrueNode& node = nodes_.at(name);
      if (quorate) node.has_seen_all = true;
      if (!quorate && side.quorate && settings_.wait_for_all) node.has_seen_all = false;
    }
    const bool changed = quorate != side.quorate;
    side.quorate = quorate;
    side.state.have_quorum = quorate ? "1" : "0";
    if (changed && !quorate) ArmWatchdogs(side);
    if (!changed || side.coordinator.empty()) continue;
    const bool is_main = &side == &Main();
    if (is_main) Tell(EventKind::kQuorumChanges, {}, quorate ? "quorum regained" : "quorum lost");
    const bool joins = !side.joining.empty() || side.refreshes_all;
    Wake(side, quorate && !joins ? kQuorumGraceMs : settings_.durations.decide_ms);
  }
  const int main_id = Main().id;
  for (auto& [name, node] : nodes_) {
    if (node.remote) continue;
    const bool believed = solver::AttributeOr(StateOf(Main(), name).attributes, "join") == "member";
    node.member = node.side == main_id && Main().joining.count(name) == 0 && believed;
  }
}

// last_man_standing: what is present counts as all, once nothing has changed for the window.
void World::Shrink(int side_id) {
  for (ClusterSide& side : sides_) {
    if (side.id != side_id || !side.quorate) continue;
    int present = 0;
    for (const std::string& name : MembersOf(side)) present += VotesOf(name);
    const int lowest = settings_.quorum.auto_tie_breaker ? 1 : 2;
    side.expected_votes = std::max(present, lowest);
  }
}

}  // namespace picket::simulator
