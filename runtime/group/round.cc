#include "runtime/group/round.h"

#include <algorithm>
#include <tuple>

namespace picket::runtime {
namespace {

// The highest state is the source, not the oldest member: after a cold start or a merge the oldest may be the one
// that missed everything. Among equals it is one that was at work, since it knows of those who are absent, and rather
// with quorum than alone.
auto RankOf(const Hello& hello) {
  return std::tuple(!hello.forgetful, hello.hard_term, hello.hard_index, hello.started, hello.had_quorum,
                    hello.seen_term);
}

}  // namespace

std::string ViewKey(const RingId& ring, const std::vector<GroupPeer>& members) {
  if (members.empty()) return {};
  std::vector<GroupPeer> sorted = members;
  std::sort(sorted.begin(), sorted.end());
  std::string key = std::to_string(ring.representative) + "." + std::to_string(ring.sequence) + ":";
  for (const GroupPeer& peer : sorted) {
    if (key.back() != ':') key += ",";
    key += std::to_string(peer.node) + "." + std::to_string(peer.process);
  }
  return key;
}

Round::Round(std::string key, const std::vector<GroupPeer>& members, const std::set<OverduePeer>& overdue)
    : key_(std::move(key)), overdue_(overdue) {
  for (const GroupPeer& peer : members) {
    const bool counted =
        std::none_of(members_.begin(), members_.end(), [&](const GroupPeer& other) { return other.node == peer.node; });
    if (counted) members_.push_back(peer);
  }
}

bool Round::Add(NodeId from, const Hello& hello) {
  if (key_.empty() || hello.view != key_ || hello.id != from || complete()) return false;
  const auto member =
      std::find_if(members_.begin(), members_.end(), [&](const GroupPeer& peer) { return peer.node == from; });
  if (member == members_.end() || IsOverdue(*member)) return false;
  hellos_.emplace(from, hello);
  for (const OverduePeer& peer : hello.overdue.value_or(std::vector<OverduePeer>())) Exclude(peer);
  return complete();
}

void Round::Exclude(const OverduePeer& peer) {
  const bool here = std::find(members_.begin(), members_.end(), GroupPeer{peer.node, peer.process}) != members_.end();
  if (here && overdue_.insert(peer).second) hellos_.erase(peer.node);
}

bool Round::complete() const {
  return !hellos_.empty() && Missing().empty();
}

std::vector<GroupPeer> Round::Missing() const {
  std::vector<GroupPeer> missing;
  for (const GroupPeer& peer : members_) {
    if (!IsOverdue(peer) && hellos_.count(peer.node) == 0) missing.push_back(peer);
  }
  return missing;
}

Verdict Round::Conclude() const {
  Verdict verdict;
  const Hello* source = nullptr;
  int low = 0;
  int high = INT32_MAX;
  for (const auto& [id, hello] : hellos_) {
    verdict.term = std::max({verdict.term, hello.seen_term + 1, hello.hard_term + 1});
    verdict.started = verdict.started || hello.started;
    verdict.had_quorum = verdict.had_quorum || hello.had_quorum;
    low = std::max(low, hello.wire_low);
    high = std::min(high, hello.wire_high);
    // Of equals the lowest id, which comes first.
    if (source && RankOf(hello) <= RankOf(*source)) continue;
    source = &hello;
    verdict.source = id;
  }
  if (!source) return verdict;
  verdict.forgetful = source->forgetful;
  verdict.wire_differs = low > high;
  verdict.wire = high;
  // A member has the state if it has the source's; such a one can coordinate at once.
  const auto ready = [&](const Hello& hello) { return !hello.forgetful && hello.hard_digest == source->hard_digest; };
  for (const auto& [id, hello] : hellos_) {
    // The coordinator of the last view stays: who comes back takes nothing over.
    const bool stays = !source->coordinator.empty() && hello.incarnation == source->coordinator;
    if (ready(hello) && (verdict.coordinator == 0 || stays)) verdict.coordinator = id;
  }
  if (verdict.coordinator == 0) verdict.coordinator = verdict.source;
  return verdict;
}

}  // namespace picket::runtime
