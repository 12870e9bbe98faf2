// A colocation seen from its dependent, by the variant of its primary (spec 03 §9, §11.6; 04 §5.2-5.8,
// §12.3).
#include <algorithm>
#include <vector>

#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/place/assign.h"
#include "solver/place/attribute.h"
#include "solver/place/colocation.h"
#include "solver/place/neutral.h"
#include "solver/place/place.h"
#include "solver/place/rows.h"

namespace picket::solver::place {
namespace {

const std::string* ValueAt(const Run& run, ResourceId resource, NodeId node, const Colocation& colocation) {
  return AttributeFor(run, resource, node, colocation.attribute, true);
}

void Contribute(Run& run, ResourceId dependent, NodeId node, Cell& cell, Score score, const Colocation& colocation,
                ResourceId primary) {
  SetScore(run, dependent, node, cell, score, "colocation", colocation.id, primary);
}

void BanEverywhereExcept(Run& run, ResourceId dependent, const std::vector<NodeId>& allowed,
                         const Colocation& colocation, ResourceId primary) {
  ForEachCell(run.at(dependent).row, [&](NodeId node, Cell& cell) {
    if (std::find(allowed.begin(), allowed.end(), node) == allowed.end()) {
      Contribute(run, dependent, node, cell, Score::MinusInfinity(), colocation, primary);
    }
  });
  if (run.Behaves(Behaviour::kMissingNodesStayMissing)) return;
  ForgetNeutral(run, dependent);
  for (const NodeId node : allowed) {
    run.at(dependent).row.FindOrCreate(node, Score::MinusInfinity(), run.at(node).probe_mode);
  }
}

// --- primitive primary

// Spec 03 §9.4. An optional change that leaves no node is dropped.
void ApplyToScores(Run& run, ResourceId dependent, ResourceId primary, const Colocation& colocation) {
  const NodeId primary_node = run.at(primary).node;
  const Score score = colocation.score;
  if (!primary_node.valid() && score < Score()) return;
  const size_t mark = MarkReasons(run);
  Row work = CopyRow(run, run.at(dependent).row);
  const std::string* value = primary_node.valid() ? ValueAt(run, primary, primary_node, colocation) : nullptr;
  ForEachCell(work, [&](NodeId node, Cell& cell) {
    if (!primary_node.valid()) {
      Contribute(run, dependent, node, cell, cell.score + -score, colocation, primary);
    } else if (SameValue(ValueAt(run, dependent, node, colocation), value)) {
      if (score.is_infinite()) return;
      Contribute(run, dependent, node, cell, cell.score + score, colocation, primary);
    } else if (score.is_infinite()) {
      Contribute(run, dependent, node, cell, Score::MinusInfinity(), colocation, primary);
    }
  });
  if (IsMandatory(colocation) || AnyUsable(run, work)) {
    run.at(dependent).row = std::move(work);
  } else {
    TakeBackReasons(run, mark, dependent);
  }
}

// Spec 04 §5.8: the dependent has its node, what is open is its role.
Score ApplyToRole(Run& run, ResourceId dependent, ResourceId primary, const Colocation& colocation) {
  const NodeId node = run.at(dependent).node;
  const NodeId primary_node = run.at(primary).node;
  if (!node.valid()) return Score();
  if (!primary_node.valid() && !run.Behaves(Behaviour::kRoleMismatchSubtracts)) return Score();
  const Role primary_next = run.at(RoleHolder(run, primary)).next_role;
  if (primary_node.valid() && colocation.primary_role != Role::kUnknown && colocation.primary_role != primary_next) {
    return Score();
  }
  const std::string* value = ValueAt(run, dependent, node, colocation);
  const std::string* primary_value = primary_node.valid() ? ValueAt(run, primary, primary_node, colocation) : nullptr;
  Score change;
  if (!SameValue(value, primary_value)) {
    if (!colocation.score.is_infinite() || colocation.dependent_role != Role::kPromoted) return Score();
    change = -colocation.score;
  } else {
    change = colocation.dependent_role == Role::kUnpromoted ? -colocation.score : colocation.score;
  }
  const Score before(run.at(dependent).priority);
  AddPriority(run, dependent, change);
  RecordReason(run, "promotion-colocation", dependent, node, before, Score(run.at(dependent).priority), colocation.id,
               primary);
  return change;
}

Score ApplyWithPrimitive(Run& run, ResourceId dependent, ResourceId primary, const Colocation& colocation) {
  switch (EffectOf(run, dependent, primary, colocation, false)) {
    case Effect::kNone:
      return Score();
    case Effect::kRole:
      return ApplyToRole(run, dependent, primary, colocation);
    case Effect::kLocation:
      ApplyToScores(run, dependent, primary, colocation);
      return Score();
  }
  return Score();
}

// --- group primary

// Spec 03 §11.6: all of the group must run for a mandatory dependent, its beginning suffices for others.
// Members that are not colocated count one by one (§11.5.2).
Score ApplyWithGroup(Run& run, ResourceId dependent, ResourceId primary, ColocationId id) {
  const std::vector<ResourceId> members = run.at(primary).children;
  if (!run.at(primary).assigned || members.empty()) return Score();
  const bool mandatory = run.at(id).score.is_infinite();
  if (run.at(primary).group_collocated) {
    return ApplyColocation(run, dependent, mandatory ? members.back() : members.front(), id);
  }
  if (mandatory) {
    RecordLog(run, LogLevel::kError, "Cannot perform mandatory colocation with non-colocated group");
    return Score();
  }
  Score change;
  for (const ResourceId member : members) change += ApplyColocation(run, dependent, member, id);
  return change;
}

// --- clone primary

struct PlacedInstance {
  NodeId node;
  Score node_score;
};

// The instances that have a node and will have the constraint's role.
std::vector<PlacedInstance> InstancesWithRole(const Run& run, ResourceId clone, Role role) {
  std::vector<PlacedInstance> placed;
  for (const ResourceId instance : run.at(clone).children) {
    const NodeId node = LocationOf(run, instance, false);
    if (!node.valid() || NextRole(run, instance) != role) continue;
    const Resource& scored = run.at(instance).is_group() ? run.at(run.at(instance).children.front()) : run.at(instance);
    placed.push_back({node, scored.node_score});
  }
  return placed;
}

// Spec 04 §5.5: the dependent still has to find its node.
void ApplyWithRole(Run& run, ResourceId dependent, ResourceId clone, const Colocation& colocation) {
  const std::vector<PlacedInstance> placed = InstancesWithRole(run, clone, colocation.primary_role);
  if (!colocation.score.is_infinite()) {
    for (const PlacedInstance& instance : placed) {
      const std::string* value = ValueAt(run, clone, instance.node, colocation);
      ForEachCell(run.at(dependent).row, [&](NodeId node, Cell& cell) {
        if (!SameValue(ValueAt(run, dependent, node, colocation), value)) return;
        Contribute(run, dependent, node, cell, cell.score + colocation.score, colocation, clone);
      });
    }
    return;
  }
  // Promoted with promoted decides about roles later: bans now would keep stopped dependents from ever
  // starting.
  if (colocation.dependent_role == Role::kPromoted && colocation.primary_role == Role::kPromoted) return;
  if (!run.Behaves(Behaviour::kMissingNodesStayMissing)) {
    ForgetNeutral(run, dependent);
    for (const PlacedInstance& instance : placed) {
      run.at(dependent).row.FindOrCreate(instance.node, Score::MinusInfinity(), run.at(instance.node).probe_mode);
    }
  }
  ForEachCell(run.at(dependent).row, [&](NodeId node, Cell& cell) {
    const auto on_node = [node = node](const PlacedInstance& instance) { return instance.node == node; };
    const auto last = std::find_if(placed.rbegin(), placed.rend(), on_node);
    const Score score = last == placed.rend() ? Score::MinusInfinity() : cell.score + last->node_score;
    Contribute(run, dependent, node, cell, score, colocation, clone);
  });
}

// Spec 04 §5.6: the dependent has its node, the primary's role there decides about promotion.
Score ApplyRoleWithRole(Run& run, ResourceId dependent, ResourceId clone, const Colocation& colocation) {
  const bool by_attribute = run.Behaves(Behaviour::kPromotedPartnersByAttribute);
  const ResourceId instance = CompatibleInstance(run, dependent, clone, colocation.primary_role, false,
                                                 by_attribute ? std::string_view(colocation.attribute) : "");
  Score change = colocation.score;
  if (!instance.valid()) {
    if (!colocation.score.is_infinite()) return Score();
    change = Score::MinusInfinity();
  }
  const Score before(run.at(dependent).priority);
  AddPriority(run, dependent, change);
  RecordReason(run, "promotion-colocation", dependent, run.at(dependent).node, before,
               Score(run.at(dependent).priority), colocation.id, clone);
  return change;
}

int InstancesPerNode(const Run& run, ResourceId collective) {
  const Resource& resource = run.at(collective);
  if (resource.is_clone()) {
    if (run.Behaves(Behaviour::kInterleaveByEffectiveNodeMax)) return resource.clone->clone_node_max;
    const std::string* configured = resource.meta.Find("clone-node-max");
    return configured ? IntegerAtLeast(configured, 0) : 1;
  }
  return resource.is_bundle() ? resource.bundle->replicas_per_host : 0;
}

// Spec 04 §5.3: what counts is the `interleave` of the configured dependent.
bool IsInterleaved(Run& run, ResourceId primary, const Colocation& colocation) {
  const Resource& dependent = run.at(colocation.dependent);
  if (!dependent.is_clone() && !dependent.is_bundle()) return false;
  const bool interleave =
      dependent.is_clone() ? dependent.clone->interleave : IsTrue(dependent.meta.Find("interleave"));
  if (!interleave) return false;
  if (InstancesPerNode(run, colocation.dependent) == InstancesPerNode(run, primary)) return true;
  RecordLog(run, LogLevel::kError,
            "Cannot interleave " + dependent.id + " and " + run.at(primary).id +
                " because they do not support the same number of instances per node");
  return false;
}

// Applies the colocation with the partner that was found; without one a mandatory dependent gets no node at
// all.
Score ApplyWithPartner(Run& run, ResourceId dependent, ResourceId partner, ColocationId id) {
  if (partner.valid()) return ApplyColocation(run, dependent, partner, id);
  if (run.at(id).score.is_infinite()) {
    if (WantsReasons(run)) {
      run.recorder->Add(ReasonEvent{"colocation", dependent, NodeId(), Score(), Score::MinusInfinity(), run.at(id).id,
                                    false, run.at(id).primary, "no instance of it is there"});
    }
    AssignToNone(run, dependent);
  }
  return Score();
}

Score ApplyWithClone(Run& run, ResourceId dependent, ResourceId primary, ColocationId id) {
  if (!run.at(primary).assigned) return Score();
  const Colocation colocation = run.at(id);
  if (run.at(primary).promotable && colocation.primary_role != Role::kUnknown) {
    if (!run.at(dependent).assigned) {
      ApplyWithRole(run, dependent, primary, colocation);
      return Score();
    }
    if (colocation.dependent_role == Role::kPromoted) return ApplyRoleWithRole(run, dependent, primary, colocation);
  }
  if (IsInterleaved(run, primary, colocation)) {
    return ApplyWithPartner(run, dependent, CompatibleInstance(run, dependent, primary, Role::kUnknown, false), id);
  }
  const std::vector<ResourceId> instances = run.at(primary).children;
  if (colocation.score.is_infinite()) {
    std::vector<NodeId> allowed;
    for (const ResourceId instance : instances) {
      const NodeId node = LocationOf(run, instance, false);
      if (node.valid() && !AnyBlocked(run, instance)) allowed.push_back(node);
    }
    BanEverywhereExcept(run, dependent, allowed, colocation, primary);
    return Score();
  }
  // An instance without a node counts as an inactive primary (spec 03 §9.5.4).
  Score change;
  for (const ResourceId instance : instances) change += ApplyColocation(run, dependent, instance, id);
  return change;
}

// --- bundle primary

// A bundle node stands for the node that its container is assigned to.
NodeId HostOf(const Run& run, NodeId node) {
  if (!run.Behaves(Behaviour::kBundleRolesInColocations)) return node;
  return IsBundleNode(run, node) ? run.at(LauncherOf(run, node)).node : node;
}

ResourceId ContainerOn(const Run& run, ResourceId bundle, NodeId node) {
  if (!node.valid()) return {};
  for (const Replica& replica : run.at(bundle).bundle->replicas) {
    if (run.at(replica.container).node == node && !AnyBlocked(run, replica.container)) return replica.container;
  }
  return {};
}

ResourceId CompatibleContainer(const Run& run, ResourceId dependent, ResourceId bundle) {
  const NodeId location = LocationOf(run, dependent, false);
  if (location.valid()) return ContainerOn(run, bundle, HostOf(run, location));
  for (const NodeId node : SortedCandidates(run, dependent, NodeId())) {
    const ResourceId container = ContainerOn(run, bundle, HostOf(run, node));
    if (container.valid()) return container;
  }
  return {};
}

// The nodes a mandatory dependent of the bundle may use (spec 04 §12.3.3).
std::vector<NodeId> NodesOfContainers(const Run& run, ResourceId bundle, Role role) {
  std::vector<NodeId> nodes;
  for (const Replica& replica : run.at(bundle).bundle->replicas) {
    const Resource& container = run.at(replica.container);
    if (!container.node.valid() || AnyBlocked(run, replica.container)) continue;
    if (role == Role::kPromoted && run.at(ChildOrSelf(run, replica.container)).next_role != Role::kPromoted) continue;
    nodes.push_back(container.node);
  }
  return nodes;
}

Score ApplyWithBundle(Run& run, ResourceId dependent, ResourceId primary, ColocationId id) {
  if (!run.at(primary).assigned) return Score();
  const Colocation colocation = run.at(id);
  const Resource& configured = run.at(colocation.dependent);
  if (configured.is_clone() || configured.is_bundle()) {
    return ApplyWithPartner(run, dependent, CompatibleContainer(run, dependent, primary), id);
  }
  if (colocation.score.is_infinite()) {
    const std::vector<NodeId> allowed = NodesOfContainers(run, primary, colocation.primary_role);
    BanEverywhereExcept(run, dependent, allowed, colocation, primary);
    return Score();
  }
  Score change;
  const std::vector<Replica> replicas = run.at(primary).bundle->replicas;
  for (const Replica& replica : replicas) change += ApplyColocation(run, dependent, replica.container, id);
  return change;
}

// --- group dependent

// Only role selection asks for a whole group instance: its first member feels it, and the group keeps what
// that amounts to (spec 04 §5.2). Without colocated members each one is asked (spec 03 §11.5.5).
Score ApplyToGroup(Run& run, ResourceId dependent, ResourceId primary, ColocationId id) {
  const std::vector<ResourceId> members = run.at(dependent).children;
  if (members.empty()) return Score();
  Score change;
  if (run.at(dependent).group_collocated) {
    change = ApplyColocation(run, members.front(), primary, id);
  } else if (IsMandatory(run.at(id))) {
    RecordLog(run, LogLevel::kError, "Cannot perform mandatory colocation with non-colocated group");
    return Score();
  } else {
    for (const ResourceId member : members) change += ApplyColocation(run, member, primary, id);
  }
  if (run.Behaves(Behaviour::kClonedGroupRoleColocations)) AddPriority(run, dependent, change);
  return change;
}

}  // namespace

Score ApplyColocation(Run& run, ResourceId dependent, ResourceId primary, ColocationId id) {
  if (run.at(dependent).is_group()) return ApplyToGroup(run, dependent, primary, id);
  switch (run.at(primary).variant) {
    case Variant::kPrimitive:
      return ApplyWithPrimitive(run, dependent, primary, Colocation(run.at(id)));
    case Variant::kGroup:
      return ApplyWithGroup(run, dependent, primary, id);
    case Variant::kClone:
      return ApplyWithClone(run, dependent, primary, id);
    case Variant::kBundle:
      return ApplyWithBundle(run, dependent, primary, id);
  }
  return Score();
}

void ApplyThisWith(Run& run, ResourceId resource, ColocationId id) {
  const bool may_revert =
      run.at(id).dependent_role == Role::kPromoted || (run.at(id).score < Score() && !IsMandatory(run.at(id)));
  Row before;
  if (may_revert) before = CopyRow(run, run.at(resource).row);
  const ResourceId primary = run.at(id).primary;
  if (!run.at(primary).assigned || !run.Behaves(Behaviour::kPrimaryAssignedOnce)) {
    Assign(run, primary, NodeId(), true);
  }
  const size_t mark = MarkReasons(run);
  ApplyColocation(run, resource, primary, id);
  if (may_revert && !AnyUsable(run, run.at(resource).row)) {
    run.at(resource).row = std::move(before);
    ForgetNeutral(run, resource);
    TakeBackReasons(run, mark, resource);
  }
}

}  // namespace picket::solver::place
