// Who sees whom, what becomes of a side whose members no longer see one another, and how nodes are taken in
// (spec 09 §2, §4, §5, §13).
#include <algorithm>
#include <utility>

#include "execution/history/attributes.h"
#include "execution/history/history.h"
#include "execution/history/memory.h"
#include "execution/history/node.h"
#include "simulator/world/world.h"
#include "solver/cib/values.h"

namespace picket::simulator {
namespace {

using solver::AttributeOr;

std::string Join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

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
    if (node.remote || !node.runs() || !placed.insert(name).second) continue;
    std::vector<std::string> partition = {name};
    for (size_t i = 0; i < partition.size(); ++i) {
      for (const auto& [other_name, other] : nodes_) {
        if (other.remote || !other.runs() || placed.count(other_name)) continue;
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

std::vector<std::string> World::MembersOf(const ClusterSide& side) const {
  std::vector<std::string> members;
  for (const auto& [name, node] : nodes_) {
    if (!node.remote && node.side == side.id && node.runs()) members.push_back(name);
  }
  return members;
}

// The ring as it is now. `losses`: whoever is not seen counts as lost; else only those who meet are looked
// at.
void World::UpdateMembership(bool losses) {
  if (losses) {
    std::vector<int> ids;
    for (const ClusterSide& side : sides_) ids.push_back(side.id);
    for (const int id : ids) Part(id);
  }
  Meet();
  CountVotes();
}

// Whether more than one part of a cluster may act after a split.
bool World::MayActApart() const {
  const std::string* policy = PlainValue(catalog_->cluster().properties, "no-quorum-policy");
  return settings_.two_node || (policy && *policy == "ignore");
}

// The members of a side that still see one another go on together; the others are on sides of their own.
void World::Part(int side_id) {
  const auto find = [&](int id) {
    return std::find_if(sides_.begin(), sides_.end(), [id](const ClusterSide& side) { return side.id == id; });
  };
  std::vector<std::string> old_members;
  for (const auto& [name, node] : nodes_) {
    if (!node.remote && node.side == side_id) old_members.push_back(name);
  }
  std::vector<std::vector<std::string>> groups;
  for (const std::vector<std::string>& partition : Partitions()) {
    std::vector<std::string> group;
    for (const std::string& name : partition) {
      if (nodes_.at(name).side == side_id) group.push_back(name);
    }
    if (!group.empty()) groups.push_back(std::move(group));
  }
  for (const std::string& name : old_members) {
    if (!nodes_.at(name).runs()) LeaveSide(nodes_.at(name));
  }
  if (groups.empty()) return ForgetSide(side_id);
  const auto has = [](const std::vector<std::string>& group, const std::string& name) {
    return std::find(group.begin(), group.end(), name) != group.end();
  };
  auto kept = std::find_if(groups.begin(), groups.end(),
                           [&](const auto& group) { return has(group, find(side_id)->coordinator); });
  if (kept == groups.end()) {
    kept = std::max_element(groups.begin(), groups.end(),
                            [](const auto& a, const auto& b) { return a.size() < b.size(); });
  }
  const auto lost_by = [&](const std::vector<std::string>& group) {
    std::vector<std::string> lost;
    for (const std::string& name : old_members) {
      if (!has(group, name)) lost.push_back(name);
    }
    return lost;
  };
  if (lost_by(*kept).empty()) return;
  // Two parts with quorum fence each other; who decides first is open: the one with the coordinator needs no
  // election.
  const bool race = groups.size() > 1 && MayActApart();
  const size_t order = race ? Choose(2, "which part of the cluster decides first") : 0;
  const int64_t head_start_ms = order == 0 ? 0 : 2 * settings_.durations.elect_ms;
  for (const std::vector<std::string>& group : groups) {
    if (&group == &*kept) continue;
    ClusterSide part = *find(side_id);
    part.id = next_side_++;
    part.flight.reset();
    part.orphans.clear();
    part.coordinator.clear();
    for (const std::string& name : group) nodes_.at(name).side = part.id;
    sides_.push_back(std::move(part));
    ClusterSide& other = sides_.back();
    Orphan(*find(side_id), other);
    Elect(other, settings_.durations.elect_ms);
    Lose(other, lost_by(group));
  }
  ClusterSide& side = *find(side_id);
  if (!has(*kept, side.coordinator)) {
    Orphan(side, side);
    Elect(side, settings_.durations.elect_ms + head_start_ms);
  }
  Lose(side, lost_by(*kept));
  Wake(side, settings_.durations.decide_ms + head_start_ms);
}

// The side learns that these nodes are gone: their attributes go at once, their history stays (spec 09
// §11.3).
void World::Lose(ClusterSide& side, const std::vector<std::string>& names) {
  const bool is_main = &side == &Main();
  std::vector<std::string> lost;
  for (const std::string& name : names) {
    side.joining.erase(name);
    const solver::NodeState& state = StateOf(side, name);
    if (AttributeOr(state.attributes, "expected") == "down") {
      execution::SetMembership(Edit(side, name), execution::kDown);
      continue;
    }
    execution::MarkLost(Edit(side, name));
    lost.push_back(name);
  }
  if (is_main) {
    for (auto& name : lost) Tell(EventKind::kNodeLost, name, name + " is lost");
  } else if (!lost.empty()) {
    Tell(EventKind::kNote, {},
         Join(MembersOf(side)) + " no longer see" + (MembersOf(side).size() == 1 ? "s " : " ") + Join(lost));
  }
  DropLost(side);
  for (const std::string& primitive : catalog_->promotable_primitives()) {
    if (ModelOf(*catalog_->Find(primitive)).board == execution::PromotionModel::Board::kMonitorOfPromoted)
      AwaitScores(primitive);
  }
  if (settings_.quorum.last_man_standing) {
    SetTimer(now_ms_ + settings_.quorum.last_man_standing_window_ms, TimerKind::kShrink, {}, {}, {},
             static_cast<uint32_t>(side.id));
  }
}

// Nobody of the side lives: what it knew is gone with it, unless no other side is left to ask.
void World::ForgetSide(int id) {
  for (auto& [name, node] : nodes_) {
    if (node.side == id) LeaveSide(node);
  }
  const auto side = std::find_if(sides_.begin(), sides_.end(), [id](const ClusterSide& one) { return one.id == id; });
  if (sides_.size() > 1) {
    sides_.erase(side);
    return;
  }
  if (side->quorate) Tell(EventKind::kQuorumChanges, {}, "quorum lost");
  for (const auto& [name, node] : nodes_) {
    if (!node.remote && !side->coordinator.empty() &&
        AttributeOr(StateOf(*side, name).attributes, "expected") != "down")
      execution::MarkLost(Edit(*side, name));
  }
  side->quorate = false;
  side->state.have_quorum = "0";
  side->flight.reset();
  side->orphans.clear();
  side->joining.clear();
  side->coordinator.clear();
  side->wants_run = false;
  for (auto& [name, node] : nodes_) {
    if (!node.remote) node.member = false;
  }
}

// Nodes and sides that see one another become one side.
void World::Meet() {
  for (const std::vector<std::string>& partition : Partitions()) {
    std::vector<int> ids;
    std::vector<std::string> newcomers;
    for (const std::string& name : partition) {
      const int id = nodes_.at(name).side;
      if (id < 0) {
        newcomers.push_back(name);
      } else if (std::find(ids.begin(), ids.end(), id) == ids.end()) {
        ids.push_back(id);
      }
    }
    if (ids.size() > 1) Merge(ids);
    if (newcomers.empty()) continue;
    if (ids.empty()) {
      Found(newcomers);
      continue;
    }
    ClusterSide& side = *std::find_if(sides_.begin(), sides_.end(), [&](const ClusterSide& one) {
      return std::any_of(partition.begin(), partition.end(),
                         [&](const std::string& name) { return nodes_.at(name).side == one.id; });
    });
    for (const std::string& name : newcomers) Take(side, name);
  }
}

// A cluster starts: nothing is known of anybody. The nodes wait for a coordinator that does not come, then
// elect one (spec 09 §5.2).
ClusterSide& World::Found(const std::vector<std::string>& names) {
  const std::string* wait = PlainValue(catalog_->cluster().properties, "dc-deadtime");
  const int64_t pacemaker_ms = wait ? solver::ParseDuration(*wait).value_or(20000) : 20000;
  // picketd waits for those who are missing.
  const auto members = std::count_if(nodes_.begin(), nodes_.end(), [](const auto& one) { return !one.second.remote; });
  const bool all_here = names.size() == static_cast<size_t>(members);
  const int64_t wait_ms = settings_.picket_engine && all_here ? 0 : pacemaker_ms;
  ClusterSide* side = &sides_.front();
  if (sides_.size() > 1 || !side->coordinator.empty()) {
    ClusterSide another;
    another.id = next_side_++;
    another.state = side->state;
    sides_.push_back(std::move(another));
    side = &sides_.back();
  }
  // The status of a cluster is on no disk. Tickets are granted anew by whoever granted them.
  std::erase_if(side->state.nodes, [&](const auto& node) {
    const auto found = node->uname ? nodes_.find(*node->uname) : nodes_.end();
    return found != nodes_.end() && !found->second.remote;
  });
  side->node_hashes.assign(side->state.nodes.size(), {});
  joined_before_.clear();
  side->failed_fencings.clear();
  side->expected_votes = 0;
  side->quorate = false;
  const auto newest = std::max_element(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
    return nodes_.at(a).disk.epoch < nodes_.at(b).disk.epoch;
  });
  side->configuration = nodes_.at(*newest).disk;
  for (const std::string& name : names) {
    nodes_.at(name).side = side->id;
    side->joining.insert(name);
    Edit(*side, name);
  }
  Elect(*side, wait_ms + settings_.durations.join_ms);
  return *side;
}

// A node that booted, or whose cluster software came back, is in the ring; the join follows.
void World::Take(ClusterSide& side, const std::string& name) {
  TrueNode& node = nodes_.at(name);
  node.side = side.id;
  side.joining.insert(name);
  execution::MarkMember(Edit(side, name));
  // The coordinator joins as well and tells what it remembers; the others are not asked.
  if (node.disk.epoch > side.configuration.epoch) Adopt(side, node.disk, {side.coordinator});
  Wake(side, settings_.durations.join_ms);
}

// Nobody leads, or two do: one is elected, and everybody joins again.
void World::Elect(ClusterSide& side, int64_t after_ms) {
  const std::vector<std::string> members = MembersOf(side);
  // Whoever has been there longest wins, among equals the first by name (spec 09 §5.1).
  const auto oldest = std::min_element(members.begin(), members.end(), [&](const std::string& a, const std::string& b) {
    return nodes_.at(a).started_ms < nodes_.at(b).started_ms;
  });
  side.coordinator = oldest == members.end() ? std::string() : *oldest;
  if (std::exchange(lacks_options_, false)) ++side.configuration.epoch;
  side.refreshes_all = true;
  side.gives_up = false;
  side.wants_run = true;
  side.run_at_ms = now_ms_ + after_ms;
}

// The cut is over: one CIB wins, everybody joins with what his node remembers (spec 09 §13.8).
void World::Merge(std::vector<int> ids) {
  const auto find = [&](int id) -> ClusterSide& {
    return *std::find_if(sides_.begin(), sides_.end(), [id](const ClusterSide& side) { return side.id == id; });
  };
  const auto rank = [&](int id) { return std::pair(find(id).quorate, MembersOf(find(id)).size()); };
  std::stable_sort(ids.begin(), ids.end(), [&](int a, int b) { return rank(a) > rank(b); });
  // The first of those with the highest epoch.
  const int newest = *std::max_element(
      ids.begin(), ids.end(), [&](int a, int b) { return find(a).configuration.epoch < find(b).configuration.epoch; });
  const Configuration winner = find(newest).configuration;
  if (winner.epoch == find(ids.front()).configuration.epoch)
    Assume(
        "where parts of the cluster meet that nobody has edited, the CIB of the quorate part wins, else that of the "
        "largest");
  const std::vector<std::string> winners = MembersOf(find(newest));
  for (size_t i = 1; i < ids.size(); ++i) {
    ClusterSide lost = find(ids[i]);
    ClusterSide& won = find(ids.front());
    for (const std::string& name : MembersOf(lost)) {
      nodes_.at(name).side = won.id;
      won.joining.insert(name);
      const solver::NodeState theirs = StateOf(lost, name);
      solver::NodeState& state = Edit(won, name);
      state.history = theirs.history;
      state.has_history = theirs.has_history;
      state.transient = theirs.transient;
      state.has_transient = theirs.has_transient;
      state.transient_id = theirs.transient_id;
    }
    Orphan(lost, won);
    won.orphans.insert(won.orphans.end(), lost.orphans.begin(), lost.orphans.end());
    std::erase_if(sides_, [&](const ClusterSide& side) { return side.id == lost.id; });
  }
  ClusterSide& won = find(ids.front());
  if (newest != ids.front()) Adopt(won, winner, {winners.begin(), winners.end()});
  const std::string coordinator = won.coordinator;
  if (won.flight) won.flight->Abort();
  Elect(won, settings_.durations.join_ms);
  if (nodes_.at(coordinator).runs()) won.coordinator = coordinator;
}

// The nodes that came are members; histories are replaced by what the nodes remember: those of the newcomers
// and of the coordinator, after an election everybody's (spec 09 §5.3).
bool World::CompleteJoin(ClusterSide& side) {
  if (side.joining.empty() && !side.refreshes_all) return false;
  for (const std::string& name : MembersOf(side)) {
    const bool joins = side.joining.count(name) > 0;
    if (!joins && !side.refreshes_all && name != side.coordinator) continue;
    solver::NodeState& state = Edit(side, name);
    TrueNode& node = nodes_.at(name);
    if (node.fresh) {
      execution::ForgetHistory(state, true);
      if (!node.keeps_attributes) execution::ForgetTransient(state);
      node.fresh = node.keeps_attributes = false;
    }
    // (picketd's nodes tell what they know, and know what they have told.)
    if (!settings_.picket_engine) execution::KeepWhatIsRemembered(state);
    if (!joins) continue;
    execution::MarkJoined(state);
  }
  const std::set<std::string> joined = std::exchange(side.joining, {});
  side.refreshes_all = false;
  const bool is_main = &side == &Main();
  for (const std::string& name : joined) {
    if (is_main) nodes_.at(name).member = true;
    Tell(EventKind::kNodeJoins, name, name + (is_main ? " joins" : " starts a cluster of its own"));
  }
  return !joined.empty();
}

// Connections changed: who meets is seen soon, who is lost after the token and the consensus (spec 09 §2.2,
// §2.4).
void World::ConnectionsChanged() {
  SetTimer(now_ms_ + settings_.durations.meet_ms, TimerKind::kMeet, {});
  SetTimer(now_ms_ + settings_.durations.detection_ms, TimerKind::kLose, {});
}

void World::LosePower(TrueNode& node, bool stays_away) {
  node.powered = node.in_cluster = false;
  node.died_ms = now_ms_;
  node.stays_away = node.stays_away || stays_away;
  node.has_seen_all = node.keeps_attributes = node.is_respawned = false;
  // A guest dies with its host; a remote node is a machine of its own.
  for (const auto& [instance, resource] : node.resources) {
    const auto guest = nodes_.find(instance);
    if (guest != nodes_.end() && guest->second.remote && !IsRemoteMachine(instance)) guest->second.resources.clear();
  }
  node.resources.clear();
  ForgetEscalation(node.name);
}

void World::ForgetEscalation(const std::string& name) {
  std::erase_if(timers_, [&](const Timer& timer) { return timer.kind == TimerKind::kEscalate && timer.node == name; });
}

// The node's cluster software has ended in good order: its peers know it, and Corosync's ring is one smaller
// at once (spec 09 §2.3, §13.5).
void World::Leave(const std::string& name) {
  TrueNode& node = PlaceOf(name);
  if (!node.remote) LeavePart(node);
  node.has_seen_all = false;
  ForgetEscalation(name);
  if (stays_on_.erase(name) > 0) return;
  SetTimer(now_ms_ + settings_.durations.halt_ms, TimerKind::kLeave, name);
}

// The node's cluster software is gone, in good order: its peers see it leave.
void World::LeavePart(TrueNode& node) {
  ClusterSide* side = SideOf(node.name);
  if (!side) return;
  const int id = side->id;
  const bool led = side->coordinator == node.name;
  execution::MarkLeft(Edit(*side, node.name));
  side->joining.erase(node.name);
  LeaveSide(node);
  node.member = node.in_cluster = false;
  Tell(EventKind::kNodeLeaves, node.name, node.name + " leaves");
  const std::vector<std::string> left = MembersOf(*side);
  if (left.empty()) {
    ForgetSide(id);
  } else if (led) {
    Orphan(*side, *side);
    Elect(*side, settings_.durations.elect_ms);
  } else {
    Wake(*side, settings_.durations.decide_ms);
  }
  CountVotes();
}

// What the executor does there for the controller that has died ends as it would have; nobody hears of it.
void World::RunOnUnheard(const TrueNode& node, ClusterSide& side) {
  if (!side.flight) return;
  for (const uint32_t index : side.flight->in_flight) {
    const PlanStep& what = side.flight->plan->steps[index];
    if (what.kind != StepKind::kOperation || what.node != node.name) continue;
    const Flight::Step& step = side.flight->steps[index];
    side.orphans.push_back({what, now_ms_, step.end_ms, step.fails, step.times_out, step.failing_rc, true});
  }
}

// The node's controller dies and is started again at once. Its peers see it leave and join; nobody is fenced,
// for the run that would do it waits a second. What it has started runs on and is found by probes (spec 09
// §13.7).
void World::Crash(TrueNode& node) {
  if (node.remote || !node.runs()) return;
  ClusterSide* side = SideOf(node.name);
  node.in_cluster = node.member = false;
  LeaveSide(node);
  node.is_respawned = true;
  // Before 3.0.2 its peers erase the attributes of a node whose controller leaves (spec 09 §11.3).
  node.keeps_attributes = catalog_->cluster().target.release() >= solver::Release::k3_0_2;
  SetTimer(now_ms_ + settings_.durations.respawn_ms, TimerKind::kBoot, node.name);
  if (!side) return;
  side->joining.erase(node.name);
  execution::MarkPeerLost(Edit(*side, node.name));
  if (!node.keeps_attributes) {
    for (const solver::NvBlock& block : StateOf(*side, node.name).transient) {
      for (const solver::NvPair& pair : block.pairs) {
        if (!pair.name.starts_with("fail-count-") && !pair.name.starts_with("last-failure-"))
          node.believed[pair.name] = pair.value;
      }
    }
    execution::ForgetTransient(Edit(*side, node.name));
  }
  RunOnUnheard(node, *side);
  DropLost(*side);
  if (MembersOf(*side).empty()) return ForgetSide(side->id);
  if (side->coordinator == node.name) {
    Orphan(*side, *side);
    Elect(*side, settings_.durations.elect_ms);
  } else {
    Wake(*side, settings_.durations.respawn_ms + settings_.durations.join_ms);
  }
}

// The machine goes down after its cluster software.
void World::Depart(TrueNode& node) {
  if (node.in_cluster || !node.powered) return;  // It was started again in the meantime, or lost its power.
  LosePower(node, true);
  if (boots_again_.erase(node.name) > 0) SetTimer(now_ms_ + settings_.durations.boot_ms, TimerKind::kBoot, node.name);
}

void World::Boot(TrueNode& node) {
  if (node.remote) return BootRemote(node);
  if (node.runs()) return;
  for (auto& [instance, resource] : node.resources) resource.reported_rc = 0;
  // The fencer that knew of started devices is a new one (spec 09 §7.8); where only the controller died it is
  // not.
  if (!std::exchange(node.is_respawned, false)) {
    node.asks_status.clear();
    node.believed.clear();
    std::erase_if(node.resources, [&](const auto& one) { return catalog_->IsFenceDevice(one.second.primitive); });
  }
  node.powered = node.in_cluster = node.fresh = true;
  node.started_ms = now_ms_;
  node.stays_away = false;
  // A node that is back before anybody has noticed its loss leaves the ring and enters it anew.
  if (ClusterSide* side = SideOf(node.name)) {
    LeaveSide(node);
    Lose(*side, {node.name});
    Wake(*side, settings_.durations.decide_ms);
  }
  UpdateMembership(false);
}

}  // namespace picket::simulator
