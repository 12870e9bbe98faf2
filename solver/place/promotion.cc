#include "solver/place/promotion.h"

#include <vector>

#include "solver/model/merge_sort.h"
#include "solver/model/query.h"
#include "solver/place/assign.h"
#include "solver/place/colocation.h"
#include "solver/place/instances.h"
#include "solver/place/merge.h"
#include "solver/place/neutral.h"
#include "solver/place/place.h"
#include "solver/place/rows.h"
#include "solver/unpack/unpack.h"

namespace picket::solver::place {
namespace {

template <typename Visit>
void ForEachBelow(const Run& run, ResourceId id, Visit&& visit) {
  visit(id);
  const std::vector<ResourceId> children = run.at(id).children;
  for (const ResourceId child : children) ForEachBelow(run, child, visit);
}

// --- the priority of an instance (spec 04 §9.4)

// A promotable instance that is said to be started is unpromoted.
void ShowAsUnpromoted(Run& run, ResourceId instance) {
  if (CurrentRole(run, instance) != Role::kStarted) return;
  ForEachBelow(run, instance, [&](ResourceId id) {
    if (run.at(id).role == Role::kStarted || id == instance) run.at(id).role = Role::kUnpromoted;
  });
}

void AddPromotedLocations(Run& run, ResourceId instance, ResourceId holder, NodeId node) {
  for (const LocationId id : run.at(holder).locations) {
    const Location& location = run.at(id);
    if (location.role != Role::kPromoted) continue;
    for (const auto& [at, score] : location.nodes) {
      if (at != node) continue;
      const Score before(run.at(instance).priority);
      AddPriority(run, instance, score);
      RecordReason(run, "promotion-location", instance, node, before, Score(run.at(instance).priority), location.id);
    }
  }
}

// What the agent has set for the instance; without it an instance may not be promoted.
Score OwnPromotionScore(Run& run, ResourceId instance, NodeId node) {
  const auto score = PromotionScore(run, instance, node);
  if (WantsReasons(run)) {
    run.recorder->Add(ReasonEvent{"promotion-base", instance, node, Score(), score.value_or(Score(-1)), "", false,
                                  ResourceId(), score ? "" : "no promotion score is set"});
  }
  return score.value_or(Score(-1));
}

void SetPriority(Run& run, ResourceId clone, ResourceId instance) {
  ShowAsUnpromoted(run, instance);
  const NodeId node = LocationOf(run, instance, false);
  if (!node.valid()) return;
  switch (NextRole(run, instance)) {
    case Role::kUnknown:
    case Role::kStarted:
      run.at(instance).priority = OwnPromotionScore(run, instance, node).value();
      break;
    case Role::kUnpromoted:
    case Role::kStopped:
      run.at(instance).priority = Score::MinusInfinity().value();
      break;
    case Role::kPromoted:
      break;  // Unmanaged and promoted now.
  }
  AddPromotedLocations(run, instance, instance, node);
  AddPromotedLocations(run, instance, clone, node);
  for (const ColocationId c : ThisWith(run, instance)) ApplyColocation(run, instance, run.at(c).primary, c);
  const bool promoted = NextRole(run, instance) == Role::kPromoted;
  run.at(instance).sort_index = promoted ? Score::kInfinityValue : run.at(instance).priority;
}

// --- the order in which instances are considered (spec 04 §9.5)

bool IsTicketMissing(const Run& run, const TicketConstraint& constraint) {
  const auto it = run.tickets.find(constraint.ticket);
  return it == run.tickets.end() || !it->second.granted || it->second.standby;
}

void AddOwnIndices(Run& run, ResourceId clone) {
  for (const ResourceId instance : run.at(clone).children) {
    if (run.at(instance).sort_index < 0) continue;
    const NodeId node = LocationOf(run, instance, false);
    if (!node.valid()) continue;
    if (Cell* cell = run.at(clone).row.Find(node)) cell->score += Score(run.at(instance).sort_index);
  }
  ForgetNeutral(run, clone);
}

// Before 2.1.8 the scores of what the promoted role depends on counted here too (spec 07 B-4).
void AddPrimariesOfPromoted(Run& run, ResourceId clone) {
  for (const ColocationId c : ThisWith(run, clone)) {
    const Colocation& colocation = run.at(c);
    if (colocation.dependent_role != Role::kPromoted) continue;
    const MergeMode mode{.target = clone, .active = !colocation.score.is_infinite()};
    MergeScores(run, colocation.primary, run.at(clone).row, c, FactorOf(colocation), mode);
  }
  ForgetNeutral(run, clone);
}

void AddDependentsOfPromoted(Run& run, ResourceId clone) {
  for (const ColocationId c : WithThis(run, clone)) {
    if (run.at(c).primary_role == Role::kPromoted) ApplyWithThis(run, clone, c);
  }
}

void BanWithoutTicket(Run& run, ResourceId clone) {
  const std::vector<int32_t> tickets = run.at(clone).tickets;
  for (const int32_t index : tickets) {
    const TicketConstraint& constraint = run.ticket_constraints[static_cast<size_t>(index)];
    if (constraint.role != Role::kPromoted || !IsTicketMissing(run, constraint)) continue;
    NoteBan(run, "promotion-ticket", clone, NodeId(), constraint.id, constraint.ticket);
    for (const NodeId node : std::vector<NodeId>(run.node_order)) AddScore(run, clone, node, Score::MinusInfinity());
  }
}

int NewIndex(const Run& run, ResourceId clone, ResourceId id) {
  const Resource& instance = run.at(id);
  if (!instance.managed && NextRole(run, id) == Role::kPromoted) return Score::kInfinityValue;
  const NodeId node = LocationOf(run, id, false);
  // Before 2.1.8 an instance without a node kept its place among those that nothing was said about (spec 07
  // B-16).
  if (!node.valid())
    return run.Behaves(Behaviour::kInactivePromotionSaid) ? -Score::kInfinityValue : instance.sort_index;
  if (instance.sort_index < 0) return instance.sort_index;
  const Cell* cell = run.at(clone).row.Find(node);
  return cell ? cell->score.value() : -Score::kInfinityValue;
}

// A chain of colocations that leads back to the clone ends there, also while instances are compared.
void SortForPromotion(Run& run, ResourceId clone) {
  run.at(clone).clone->role_selection_begun = true;
  const MergingMark mark(run, clone);
  AddOwnIndices(run, clone);
  if (!run.Behaves(Behaviour::kPromotedColocationsCountOnce)) AddPrimariesOfPromoted(run, clone);
  AddDependentsOfPromoted(run, clone);
  BanWithoutTicket(run, clone);
  const std::vector<ResourceId> instances = run.at(clone).children;
  for (const ResourceId instance : instances) run.at(instance).sort_index = NewIndex(run, clone, instance);
  MergeSort(run.at(clone).children, [&](ResourceId a, ResourceId b) {
    if (run.at(a).sort_index != run.at(b).sort_index) return run.at(a).sort_index > run.at(b).sort_index ? -1 : 1;
    const Role role_a = CurrentRole(run, a);
    const Role role_b = CurrentRole(run, b);
    if (role_a != role_b) return role_a > role_b ? -1 : 1;
    return CompareInstances(run, a, b);
  });
}

// --- choosing (spec 04 §9.6)

bool IsAvailableToPromote(const Run& run, NodeId node) {
  if (!IsAvailable(run, node)) return false;
  return !IsGuestNode(run, node) || run.at(LauncherOf(run, node)).node.valid();
}

bool IsEligible(Run& run, ResourceId id) {
  for (const ResourceId member : run.at(id).children) {
    if (!IsEligible(run, member)) return false;
  }
  const NodeId node = LocationOf(run, id, false);
  if (!node.valid()) return false;
  const bool managed = run.at(id).managed;
  if (!managed && CurrentRole(run, id) != Role::kPromoted) return false;
  if (managed && (run.at(id).priority < 0 || !IsAvailableToPromote(run, node))) return false;
  const Resource& top = run.at(Top(run, id));
  const Cell* cell = top.row.Find(node);
  return cell && (!managed || cell->count < top.clone->promoted_node_max);
}

RoleRule MayPromote(Run& run, ResourceId clone, ResourceId instance, int chosen) {
  if (run.at(instance).sort_index < 0) return RoleRule::kNegative;
  if (chosen >= run.at(clone).clone->promoted_max && run.at(clone).managed) return RoleRule::kEnough;
  if (!IsEligible(run, instance)) return RoleRule::kNotEligible;
  const bool frozen = !run.quorate && run.options.no_quorum_policy == QuorumPolicy::kFreeze &&
                      CurrentRole(run, instance) < Role::kPromoted;
  return frozen ? RoleRule::kFreeze : RoleRule::kPromoted;
}

void SetPromoted(Run& run, ResourceId clone, ResourceId instance) {
  if (Cell* cell = run.at(clone).row.Find(LocationOf(run, instance, false))) ++cell->count;
  ForEachBelow(run, instance, [&](ResourceId id) {
    if (run.at(id).next_role == Role::kUnknown) run.at(id).next_role = Role::kPromoted;
  });
}

void SetUnpromoted(Run& run, ResourceId instance) {
  ForEachBelow(run, instance, [&](ResourceId id) {
    const bool placed = LocationOf(run, id, false).valid();
    run.at(id).next_role = placed ? Role::kUnpromoted : Role::kStopped;
  });
}

}  // namespace

void SelectRoles(Run& run, ResourceId clone) {
  ResetCounts(run.at(clone).row);
  const std::vector<ResourceId> before = run.at(clone).children;
  for (const ResourceId instance : before) SetPriority(run, clone, instance);
  SortForPromotion(run, clone);
  int chosen = 0;
  const std::vector<ResourceId> sorted = run.at(clone).children;
  for (const ResourceId instance : sorted) {
    if (run.recorder && run.recorder->scores) {
      run.recorder->Add(PromotionLine{instance, LocationOf(run, instance, false), Score(run.at(instance).sort_index)});
    }
    const RoleRule rule = MayPromote(run, clone, instance, chosen);
    if (WantsReasons(run)) {
      run.recorder->Add(
          RoleEvent{instance, LocationOf(run, instance, false), Score(run.at(instance).sort_index), rule});
    }
    if (rule == RoleRule::kPromoted) {
      SetPromoted(run, clone, instance);
      ++chosen;
    } else {
      SetUnpromoted(run, instance);
    }
  }
}

}  // namespace picket::solver::place
