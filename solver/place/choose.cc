// Choosing a node, fixing it, taking it back (spec 03 §12, §13).
//
// Cost: sorting the candidates; a fixed or undone assignment touches the resource, its node and its actions.
#include <algorithm>
#include <utility>

#include "solver/model/merge_sort.h"
#include "solver/model/query.h"
#include "solver/place/assign.h"
#include "solver/place/place.h"
#include "solver/place/rows.h"
#include "solver/place/utilization.h"

namespace picket::solver {
namespace place {
namespace {

int CompareNodes(const Run& run, const Candidate& a, const Candidate& b, NodeId favoured) {
  const auto effective = [&run](const Candidate& c) {
    return IsAvailable(run, c.node) ? c.score : Score::MinusInfinity();
  };
  const Score score_a = effective(a);
  const Score score_b = effective(b);
  if (score_a != score_b) return score_a > score_b ? -1 : 1;
  const Node& x = run.at(a.node);
  const Node& y = run.at(b.node);
  if (run.options.placement != Strategy::kMinimal) {
    if (run.options.placement == Strategy::kBalanced) {
      if (const int votes = CompareCapacity(run, a.node, b.node); votes != 0) return votes;
    }
    if (x.assigned_count != y.assigned_count) return x.assigned_count < y.assigned_count ? -1 : 1;
    if (a.node != b.node && (a.node == favoured || b.node == favoured)) return a.node == favoured ? -1 : 1;
  }
  return x.name.compare(y.name);
}

// The entries of a row, best first. The order at the start shows only where the comparison is not transitive.
std::vector<Candidate> Candidates(const Run& run, ResourceId resource, NodeId favoured) {
  const Row& row = run.at(resource).row;
  std::vector<Candidate> candidates;
  candidates.reserve(row.inserted.size());
  const bool table_order = run.options.placement == Strategy::kBalanced;
  for (const NodeId node : table_order ? TableOrder(run, row) : row.inserted) {
    candidates.push_back({node, row.Find(node)->score});
  }
  if (table_order) std::reverse(candidates.begin(), candidates.end());
  SortNodes(run, candidates, favoured);
  return candidates;
}

// A resource does not leave a node that is as good as the best (spec 03 §12.2.4). Numbered instances do, else
// they could not spread.
NodeId StayIfAsGood(const Run& run, ResourceId id, const std::vector<Candidate>& candidates) {
  const Candidate& best = candidates.front();
  const ResourceId parent = run.at(id).parent;
  if (parent.valid() && run.at(parent).is_clone() && run.at(parent).unique) return best.node;
  const NodeId current = CurrentNode(run, id);
  if (best.score <= Score() || !IsAvailable(run, best.node) || !current.valid()) return best.node;
  if (!IsAvailableWithScore(run, current, run.at(current).base_score)) return best.node;
  for (const Candidate& candidate : candidates) {
    if (candidate.score != best.score) break;
    if (candidate.node == current) return current;
  }
  return best.node;
}

// What put the chosen node before the others, as CompareNodes() and the rules around it see it now.
ChoiceRule RuleOf(const Run& run, ResourceId id, const std::vector<Candidate>& candidates, NodeId chosen,
                  NodeId preferred) {
  std::vector<const Candidate*> possible;
  const Candidate* own = nullptr;
  for (const Candidate& candidate : candidates) {
    if (candidate.node == chosen) {
      own = &candidate;
    } else if (IsAvailableWithScore(run, candidate.node, candidate.score)) {
      possible.push_back(&candidate);
    }
  }
  if (!own) return ChoiceRule::kNoCandidate;
  if (possible.empty()) return ChoiceRule::kOnlyCandidate;
  const Candidate& rival = *possible.front();
  if (own->score > rival.score) return ChoiceRule::kScore;
  const bool first = candidates.front().node == chosen;
  if (!first) return chosen == preferred ? ChoiceRule::kAsked : ChoiceRule::kStays;
  if (run.options.placement == Strategy::kMinimal) return ChoiceRule::kName;
  if (run.options.placement == Strategy::kBalanced && CompareCapacity(run, chosen, rival.node) != 0) {
    return ChoiceRule::kCapacity;
  }
  if (run.at(chosen).assigned_count != run.at(rival.node).assigned_count) return ChoiceRule::kFewerResources;
  return CurrentNode(run, id) == chosen ? ChoiceRule::kCurrent : ChoiceRule::kName;
}

void RecordChoice(Run& run, ResourceId id, const std::vector<Candidate>& candidates, ChoiceRule rule) {
  ChoiceEvent event{id, run.at(id).node, rule, NodeId(), {}, false};
  if (!event.chosen.valid()) event.rule = ChoiceRule::kNoCandidate;
  for (const Candidate& candidate : candidates) {
    const bool available = IsAvailable(run, candidate.node);
    event.candidates.push_back({candidate.node, candidate.score, available});
    if (event.runner_up.valid() || candidate.node == event.chosen) continue;
    if (IsAvailableWithScore(run, candidate.node, candidate.score)) event.runner_up = candidate.node;
  }
  run.recorder->Add(std::move(event));
}

// What a resource without node makes of actions that exist already (spec 03 §13.1.4).
void EditActionsOfStopped(Run& run, ResourceId id) {
  for (const ActionId action_id : run.at(id).actions) {
    Action& action = run.at(action_id);
    if (action.name == Symbol::kStop) {
      SetAttribute(run, action.optional, false);
    } else if (action.name == Symbol::kStart) {
      SetAttribute(run, action.runnable, false);
    } else if (action.interval_ms > 0 && action.meta.Get("op_target_rc") != "7") {
      SetAttribute(run, action.runnable, false);
    }
  }
}

bool FixOne(Run& run, ResourceId id, NodeId node, bool force, bool final) {
  const NodeId before = run.at(id).node;
  Score score = node.valid() ? run.at(node).base_score : Score();
  const Cell* cell = run.at(id).row.Find(node);
  if (!force && node.valid()) {
    score = cell ? cell->score : score;
    const bool refused = score < Score() || (!IsAvailableWithScore(run, node, score) && !IsGuestNode(run, node));
    if (refused) node = NodeId();
  }
  if (run.at(id).assigned) Unassign(run, id);
  ++run.placements;
  Resource& resource = run.at(id);
  resource.assigned = true;
  if (!node.valid()) {
    if (final) {
      resource.next_role = Role::kStopped;
      EditActionsOfStopped(run, id);
    }
    return before.valid();
  }
  resource.node = node;
  resource.node_score = score;
  ++run.at(node).assigned_count;
  if (Cell* entry = resource.row.Find(node)) ++entry->count;
  TakeCapacity(run, id, node);
  RecordUtilization(run, id, node);
  return before != node;
}

}  // namespace

void SortNodes(const Run& run, std::vector<Candidate>& candidates, NodeId favoured) {
  MergeSort(candidates, [&](const Candidate& a, const Candidate& b) { return CompareNodes(run, a, b, favoured); });
}

NodeId Choose(Run& run, ResourceId id, NodeId preferred, bool final) {
  const NodeId most_capable = BanByCapacity(run, id);
  if (run.at(id).assigned) return run.at(id).node;  // A missing interleave partner has decided already.
  if (!preferred.valid()) preferred = most_capable;
  const std::vector<Candidate> candidates = Candidates(run, id, CurrentNode(run, id));
  NodeId chosen;
  if (!candidates.empty()) {
    const Cell* entry = run.at(id).row.Find(preferred);
    if (entry && entry->score >= candidates.front().score && IsUsable(run, preferred, *entry)) {
      chosen = preferred;
    } else {
      chosen = StayIfAsGood(run, id, candidates);
    }
  }
  const ChoiceRule rule = WantsReasons(run) ? RuleOf(run, id, candidates, chosen, preferred) : ChoiceRule::kScore;
  Fix(run, id, chosen, false, final);
  if (WantsReasons(run)) RecordChoice(run, id, candidates, rule);
  return run.at(id).node;
}

bool Fix(Run& run, ResourceId id, NodeId node, bool force, bool final) {
  const std::vector<ResourceId> children = run.at(id).children;
  if (children.empty()) return FixOne(run, id, node, force, final);
  bool changed = false;
  for (const ResourceId child : children) changed = Fix(run, child, node, force, final) || changed;
  return changed;
}

void Unassign(Run& run, ResourceId id) {
  const std::vector<ResourceId> children = run.at(id).children;
  for (const ResourceId child : children) Unassign(run, child);
  Resource& resource = run.at(id);
  const NodeId node = std::exchange(resource.node, NodeId());
  resource.assigned = false;
  ++run.placements;
  if (!node.valid()) return;
  --run.at(node).assigned_count;
  GiveCapacity(run, id, node);
}

}  // namespace place

bool AssignToNone(Run& run, ResourceId resource) {
  return place::Fix(run, resource, NodeId(), true, true);
}

std::vector<NodeId> SortedCandidates(const Run& run, ResourceId resource, NodeId favoured) {
  std::vector<NodeId> nodes;
  for (const place::Candidate& candidate : place::Candidates(run, resource, favoured)) nodes.push_back(candidate.node);
  return nodes;
}

}  // namespace picket::solver
