// Orderings that nobody configures: of a resource with itself, of a group with its members, of a clone or
// bundle with its instances, of a guest with its launcher (spec 05 §13, 04 §6.3, §9.8, §12.6), with the bans
// and colocations that come along (03 §5.6, §6.5).
#include <vector>

#include "solver/actions/create.h"
#include "solver/actions/fencing.h"
#include "solver/explain/note.h"
#include "solver/model/merge_sort.h"
#include "solver/model/query.h"
#include "solver/order/order.h"
#include "solver/place/place.h"

namespace picket::solver {
namespace {

// Within one resource, or between two, both ends by key with interval 0.
void Order(Run& run, ResourceId first, Symbol first_operation, ResourceId then, Symbol then_operation, Kinds kinds) {
  Record(run, End(first, first_operation), End(then, then_operation), kinds);
}

// Nodes of the resource's table, by name.
std::vector<NodeId> AllowedByName(const Run& run, ResourceId resource) {
  std::vector<NodeId> nodes;
  for (const NodeId node : run.node_order) {
    if (run.at(resource).row.Find(node)) nodes.push_back(node);
  }
  return nodes;
}

void BanFromRemoteNodes(Run& run, ResourceId resource) {
  for (const NodeId id : AllowedByName(run, resource)) {
    // Whatever its kind: a node that an injection configured is a cluster node with a connection.
    if (!run.at(id).connection.valid()) continue;
    NoteBan(run, "remote", resource, id, "");
    run.at(resource).row.Find(id)->score = Score::MinusInfinity();
  }
}

void Colocate(Run& run, const char* name, ResourceId dependent, ResourceId primary, Score score, bool influence) {
  Colocation colocation;
  colocation.id = name;
  colocation.dependent = dependent;
  colocation.primary = primary;
  colocation.score = score;
  colocation.influence = influence;
  AddColocation(run, std::move(colocation));
}

// --- primitives (13.1)

// 13.1 point 4: whatever needs unfencing stops before it and starts after it.
void OrderWithUnfencing(Run& run, ResourceId id) {
  const Resource& resource = run.at(id);
  if (!resource.needs_unfencing || resource.fence_device || !run.options.unfencing) return;
  for (const NodeId node : AllowedByName(run, id)) {
    const ActionId unfence = FencingOperation(run, node, "on", /*optional=*/true, "");
    Record(run, End(id, Symbol::kStop), End(unfence), kind::kSeq | kind::kSameNode);
    Record(run, End(unfence), End(id, Symbol::kStart), kind::kPushLocal | kind::kSameNode);
  }
}

// 13.1 point 5: nothing comes to a node before everything that leaves it has stopped.
void OrderWithLoad(Run& run, ResourceId id) {
  if (run.at(id).utilization.empty() || run.options.placement == Strategy::kDefault) return;
  const auto load_stopped = [&run](NodeId node) {
    const std::string key = "load_stopped_" + run.at(node).name;
    return RequestClusterAction(run, key, key, node, /*optional=*/false, /*pseudo=*/true);
  };
  const std::vector<NodeId> current = run.at(id).active;
  for (const NodeId node : current) {
    Record(run, End(id, Symbol::kStop), End(load_stopped(node)), kind::kTargetNode);
  }
  for (const NodeId node : AllowedByName(run, id)) {
    const ActionId barrier = load_stopped(node);
    Record(run, End(barrier), End(id, Symbol::kStart), kind::kTargetNode);
    Record(run, End(barrier), End(id, Symbol::kMigrateTo), kind::kTargetNode);
  }
}

// The guest's connection if the launcher is a remote connection or launches one.
ResourceId ConnectionOfLauncher(const Run& run, ResourceId launcher) {
  if (run.at(launcher).connection) return launcher;
  for (const ResourceId launched : run.at(launcher).launched) {
    if (run.at(launched).connection) return launched;
  }
  return {};
}

// A resource whose launcher is a guest can only run inside it (03 §5.6.3).
void BanOutsideGuest(Run& run, ResourceId id, ResourceId connection) {
  for (const NodeId node : AllowedByName(run, id)) {
    if (run.at(node).connection == connection) continue;
    NoteBan(run, "remote", id, node, "container");
    run.at(id).row.Find(node)->score = Score::MinusInfinity();
  }
}

// 13.1 point 6.
void OrderWithLauncher(Run& run, ResourceId id) {
  const ResourceId launcher = run.at(id).launcher;
  if (!launcher.valid()) return;
  if (run.at(id).connection) {
    // The node of a bundle's connection may itself be a remote node; a guest's launcher may not nest.
    if (!run.at(id).nesting_allowed) BanFromRemoteNodes(run, launcher);
    Order(run, launcher, Symbol::kMonitor, id, Symbol::kStop, kind::kSeq);
  } else if (const ResourceId connection = ConnectionOfLauncher(run, launcher); connection.valid()) {
    BanOutsideGuest(run, id, connection);
    return;
  }
  Order(run, launcher, Symbol::kStart, id, Symbol::kStart, kind::kPush | kind::kGate);
  Order(run, id, Symbol::kStop, launcher, Symbol::kStop, kind::kPull);
  const Score score = run.at(id).nesting_allowed ? Score(10000) : Score::Infinity();
  Colocate(run, "#resource-with-container", id, launcher, score, true);
}

void RecordPrimitive(Run& run, ResourceId id) {
  if (!run.at(id).managed) return;
  Order(run, id, Symbol::kStop, id, Symbol::kStart, kind::kSeq | kind::kPush | kind::kRestart);
  if (run.at(Top(run, id)).promotable || run.at(id).role == Role::kPromoted) {
    Order(run, id, Symbol::kDemote, id, Symbol::kStop, kind::kPullPromoted);
    Order(run, id, Symbol::kStart, id, Symbol::kPromote, kind::kGate);
  }
  // A probe finds out anew what the clean-up would only forget.
  Order(run, id, Symbol::kLrmDelete, id, Symbol::kMonitor, kind::kSameNode | kind::kCancelFirst);
  OrderWithUnfencing(run, id);
  OrderWithLoad(run, id);
  OrderWithLauncher(run, id);
  if (run.at(id).connection || run.at(id).fence_device) BanFromRemoteNodes(run, id);
}

// --- groups (13.2)

struct GroupTraits {
  ResourceId group;
  bool ordered = true;
  bool collocated = true;
  bool promotable = false;
};

// Points 4 and 5: the group's pseudo-actions around those of the member.
void OrderGroupWithMember(Run& run, const GroupTraits& group, ResourceId member, bool first) {
  Kinds down = kind::kShowFirst;
  Kinds post_down = kind::kShowThen;
  if (first && group.ordered) {
    down |= kind::kSeq;
    post_down = kind::kPush;
  }
  constexpr Kinds kUp = kind::kGate | kind::kPush | kind::kShowThen;
  if (group.promotable) {
    Order(run, group.group, Symbol::kDemote, member, Symbol::kDemote, down);
    Order(run, member, Symbol::kDemote, group.group, Symbol::kDemoted, post_down);
    Order(run, member, Symbol::kPromote, group.group, Symbol::kPromoted, kUp);
    Order(run, group.group, Symbol::kPromote, member, Symbol::kPromote, kind::kShowFirst);
  }
  Order(run, group.group, Symbol::kStop, member, Symbol::kStop, down);
  Order(run, member, Symbol::kStop, group.group, Symbol::kStopped, post_down);
  Order(run, group.group, Symbol::kStart, member, Symbol::kStart, kind::kShowFirst);
  Order(run, member, Symbol::kStart, group.group, Symbol::kRunning, kUp);
}

// Point 6: the member after its predecessor, or directly after the group's start.
void OrderMember(Run& run, const GroupTraits& group, ResourceId member, ResourceId previous) {
  if (!group.ordered || !previous.valid()) {
    // The first member of an ordered group gets an ordering without kinds: it has no effect but its place.
    const Kinds kinds = group.ordered ? 0 : kind::kPush | kind::kGate | kind::kShowFirst;
    Order(run, group.group, Symbol::kStart, member, Symbol::kStart, kinds);
    if (group.promotable) Order(run, group.group, Symbol::kPromote, member, Symbol::kPromote, kinds);
    return;
  }
  Order(run, previous, Symbol::kStart, member, Symbol::kStart, kind::kPush | kind::kGate);
  Order(run, member, Symbol::kStop, previous, Symbol::kStop, kind::kSeq | kind::kRestart);
  if (!run.at(member).active.empty() && run.at(previous).active.empty() &&
      run.Behaves(Behaviour::kGroupStopBeforeEarlierStart)) {
    Order(run, member, Symbol::kStop, previous, Symbol::kStart, kind::kPull | kind::kGate);
  }
  if (group.promotable) {
    Order(run, previous, Symbol::kPromote, member, Symbol::kPromote, kind::kPush | kind::kGate);
    Order(run, member, Symbol::kDemote, previous, Symbol::kDemote, kind::kSeq);
  }
}

void RecordGroup(Run& run, ResourceId id) {
  Order(run, id, Symbol::kStop, id, Symbol::kStopped, kind::kGate);
  Order(run, id, Symbol::kStopped, id, Symbol::kStart, kind::kSeq);
  Order(run, id, Symbol::kStart, id, Symbol::kRunning, kind::kGate);
  const GroupTraits group{id, run.at(id).group_ordered, run.at(id).group_collocated, run.at(Top(run, id)).promotable};
  const std::vector<ResourceId> members = run.at(id).children;
  ResourceId previous;
  ResourceId last_active;
  for (const ResourceId member : members) {
    RecordPrimitive(run, member);
    if (previous.valid() && group.collocated) {
      Colocate(run, "#group-members", member, previous, Score::Infinity(), run.at(member).critical);
    }
    OrderGroupWithMember(run, group, member, !previous.valid());
    OrderMember(run, group, member, previous);
    if (!run.at(member).active.empty()) {
      if (group.ordered && previous.valid() && run.at(previous).active.empty() && last_active.valid()) {
        Order(run, member, Symbol::kStop, last_active, Symbol::kStop, kind::kSeq);
      }
      last_active = member;
    }
    previous = member;
  }
}

// --- clones (13.3, 13.5)

void RecordInstance(Run& run, ResourceId instance) {
  if (run.at(instance).is_group()) {
    RecordGroup(run, instance);
  } else {
    RecordPrimitive(run, instance);
  }
}

// 13.5: whatever restarts goes all the way down before anything comes up.
void RecordPromotableRestart(Run& run, ResourceId id) {
  Order(run, id, Symbol::kStopped, id, Symbol::kStart, kind::kSeq);
  Order(run, id, Symbol::kStopped, id, Symbol::kPromote, kind::kSeq);
  Order(run, id, Symbol::kDemoted, id, Symbol::kStop, kind::kSeq);
  Order(run, id, Symbol::kDemoted, id, Symbol::kStart, kind::kSeq);
  Order(run, id, Symbol::kDemoted, id, Symbol::kPromote, kind::kSeq);
  Order(run, id, Symbol::kRunning, id, Symbol::kPromote, kind::kSeq);
  Order(run, id, Symbol::kDemote, id, Symbol::kDemoted, kind::kSeq);
}

void RecordPromotion(Run& run, ResourceId clone, bool ordered) {
  RecordPromotableRestart(run, clone);
  const std::vector<ResourceId> instances = run.at(clone).children;
  ResourceId previous;
  for (const ResourceId instance : instances) {
    Order(run, instance, Symbol::kDemote, instance, Symbol::kPromote, kind::kSeq);
    Order(run, clone, Symbol::kPromote, instance, Symbol::kPromote, kind::kSeq);
    Order(run, instance, Symbol::kPromote, clone, Symbol::kPromoted, kind::kSeq);
    if (ordered && previous.valid()) Order(run, previous, Symbol::kPromote, instance, Symbol::kPromote, kind::kSeq);
    Order(run, clone, Symbol::kDemote, instance, Symbol::kDemote, kind::kShowFirst);
    Order(run, instance, Symbol::kDemote, clone, Symbol::kDemoted, kind::kShowThen);
    if (ordered && previous.valid()) Order(run, instance, Symbol::kDemote, previous, Symbol::kDemote, kind::kSeq);
    previous = instance;
  }
}

void RecordClone(Run& run, ResourceId clone) {
  const bool ordered = run.at(clone).clone->ordered;
  const bool promotable = run.at(clone).promotable;
  Order(run, clone, Symbol::kStopped, clone, Symbol::kStart, kind::kSeq);
  Order(run, clone, Symbol::kStart, clone, Symbol::kRunning, kind::kGate);
  Order(run, clone, Symbol::kStop, clone, Symbol::kStopped, kind::kGate);
  if (promotable) {
    Order(run, clone, Symbol::kDemoted, clone, Symbol::kStop, kind::kSeq);
    Order(run, clone, Symbol::kRunning, clone, Symbol::kPromote, kind::kGate);
  }
  if (ordered) {
    MergeSort(run.at(clone).children, [&run](ResourceId a, ResourceId b) {
      return run.at(a).instance_number.value_or(0) - run.at(b).instance_number.value_or(0);
    });
  }
  const std::vector<ResourceId> instances = run.at(clone).children;
  const bool neighbours = ordered && !run.Behaves(Behaviour::kOrderedInstancesAllPairs);
  for (size_t i = 0; i < instances.size(); ++i) {
    const ResourceId instance = instances[i];
    RecordInstance(run, instance);
    Order(run, clone, Symbol::kStart, instance, Symbol::kStart, kind::kGate | kind::kShowFirst);
    Order(run, instance, Symbol::kStart, clone, Symbol::kRunning, kind::kShowThen);
    if (neighbours && i > 0) Order(run, instances[i - 1], Symbol::kStart, instance, Symbol::kStart, kind::kSeq);
    Order(run, clone, Symbol::kStop, instance, Symbol::kStop, kind::kShowFirst);
    Order(run, instance, Symbol::kStop, clone, Symbol::kStopped, kind::kShowThen);
    if (neighbours && i > 0) Order(run, instance, Symbol::kStop, instances[i - 1], Symbol::kStop, kind::kSeq);
    if (!ordered || neighbours) continue;
    for (size_t j = i + 1; j < instances.size(); ++j) {
      Order(run, instance, Symbol::kStart, instances[j], Symbol::kStart, kind::kSeq);
      Order(run, instances[j], Symbol::kStop, instance, Symbol::kStop, kind::kSeq);
    }
  }
  if (promotable) RecordPromotion(run, clone, ordered);
}

// --- bundles (13.4)

void RecordReplica(Run& run, ResourceId bundle, const Replica& replica) {
  const ResourceId container = replica.container;
  RecordPrimitive(run, container);
  Order(run, bundle, Symbol::kStart, container, Symbol::kStart, kind::kGate | kind::kShowFirst);
  if (replica.child.valid()) Order(run, bundle, Symbol::kStop, replica.child, Symbol::kStop, kind::kShowFirst);
  Order(run, bundle, Symbol::kStop, container, Symbol::kStop, kind::kShowFirst);
  Order(run, container, Symbol::kStart, bundle, Symbol::kRunning, kind::kShowThen);
  Order(run, container, Symbol::kStop, bundle, Symbol::kStopped, kind::kShowThen);
  if (replica.ip.valid()) {
    RecordPrimitive(run, replica.ip);
    Order(run, replica.ip, Symbol::kStart, container, Symbol::kStart, kind::kGate | kind::kGuestOk);
    Order(run, container, Symbol::kStop, replica.ip, Symbol::kStop, kind::kPull | kind::kGuestOk);
    Colocate(run, "#ip-with-container", replica.ip, container, Score::Infinity(), true);
  }
  if (replica.connection.valid()) RecordPrimitive(run, replica.connection);
}

void RecordBundle(Run& run, ResourceId bundle) {
  const std::vector<Replica> replicas = run.at(bundle).bundle->replicas;
  for (const Replica& replica : replicas) RecordReplica(run, bundle, replica);
  const ResourceId contained = run.at(bundle).bundle->contained;
  if (!contained.valid()) return;
  Order(run, bundle, Symbol::kStart, contained, Symbol::kStart, kind::kShowFirst);
  Order(run, contained, Symbol::kRunning, bundle, Symbol::kRunning, kind::kShowThen);
  Order(run, bundle, Symbol::kStop, contained, Symbol::kStop, kind::kShowFirst);
  Order(run, contained, Symbol::kStopped, bundle, Symbol::kStopped, kind::kShowThen);
  RecordClone(run, contained);
  if (!run.at(contained).promotable) return;
  RecordPromotableRestart(run, bundle);
  Order(run, bundle, Symbol::kDemote, contained, Symbol::kDemote, kind::kShowFirst);
  Order(run, contained, Symbol::kDemoted, bundle, Symbol::kDemoted, kind::kShowThen);
  Order(run, bundle, Symbol::kPromote, contained, Symbol::kPromote, kind::kShowFirst);
  Order(run, contained, Symbol::kPromoted, bundle, Symbol::kPromoted, kind::kShowThen);
}

// --- mandatory anti-colocation (13.6)

std::vector<Symbol> LoseOperations(Role role) {
  if (role == Role::kPromoted) return {Symbol::kDemote};
  if (role == Role::kUnpromoted) return {Symbol::kStop, Symbol::kPromote};
  return {Symbol::kStop};
}

std::vector<Symbol> GainOperations(Role role) {
  if (role == Role::kPromoted) return {Symbol::kPromote};
  if (role == Role::kUnpromoted) return {Symbol::kStart, Symbol::kDemote};
  return {Symbol::kStart};
}

void OrderLossBeforeGain(Run& run, ResourceId loser, Role lost, ResourceId gainer, Role gained) {
  for (const Symbol lose : LoseOperations(lost)) {
    for (const Symbol gain : GainOperations(gained)) Order(run, loser, lose, gainer, gain, kind::kNeededHere);
  }
}

}  // namespace

void RecordImplicit(Run& run) {
  const std::vector<ResourceId> resources = run.top_level;
  for (const ResourceId id : resources) {
    switch (run.at(id).variant) {
      case Variant::kPrimitive:
        RecordPrimitive(run, id);
        break;
      case Variant::kGroup:
        RecordGroup(run, id);
        break;
      case Variant::kClone:
        RecordClone(run, id);
        break;
      case Variant::kBundle:
        RecordBundle(run, id);
        break;
    }
  }
}

void RecordAntiColocation(Run& run, const Colocation& colocation) {
  // Copied, because recording must not depend on where the colocation lives.
  const Colocation pair = colocation;
  OrderLossBeforeGain(run, pair.dependent, pair.dependent_role, pair.primary, pair.primary_role);
  OrderLossBeforeGain(run, pair.primary, pair.primary_role, pair.dependent, pair.dependent_role);
}

}  // namespace picket::solver
