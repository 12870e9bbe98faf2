// Interleaved collectives: a relation between two of them holds between instances on the same node (spec 05
// §19.6, 04 §7.2).
#include "solver/model/query.h"
#include "solver/order/order.h"
#include "solver/order/propagation.h"
#include "solver/place/place.h"

namespace picket::solver {
namespace {

// What runs inside the container `instance`, or none if it is no container of a bundle or nothing is in it.
ResourceId InsideContainer(const Run& run, ResourceId collective, ResourceId instance) {
  const Resource& resource = run.at(collective);
  if (!resource.is_bundle()) return {};
  for (const Replica& replica : resource.bundle->replicas) {
    if (replica.container == instance) return replica.child;
  }
  return {};
}

// Before 2.1.6: what is inside counts only on its own bundle node, for going down on the first side, for
// promotion on the second (spec 07 B-12).
ActionId ContainerAction(const Run& run, ActionId action, ResourceId instance, Symbol name, NodeId node,
                         bool first_side) {
  const Symbol task = run.at(action).name;
  const bool stops = task == Symbol::kStop || task == Symbol::kStopped;
  const bool promotes =
      task == Symbol::kPromote || task == Symbol::kPromoted || task == Symbol::kDemote || task == Symbol::kDemoted;
  const ResourceId inside = InsideContainer(run, run.at(action).resource, instance);
  if (node.valid() && inside.valid() && (first_side ? stops : promotes)) {
    for (const Replica& replica : run.at(run.at(action).resource).bundle->replicas) {
      if (replica.container == instance && replica.node == node) return NewestNamed(run, inside, name);
    }
  }
  return NewestNamed(run, instance, name, node);
}

// The instance's action for `action`; for a container that of its contents, when they are what the ordering
// is about: for the first side everything but stopping, for the then side only promotion.
ActionId InstanceAction(const Run& run, ActionId action, ResourceId instance, Symbol name, NodeId node,
                        bool first_side) {
  if (!run.Behaves(Behaviour::kInterleavedBundleInstances)) {
    return ContainerAction(run, action, instance, name, node, first_side);
  }
  const Symbol operation = OperationOf(run.at(action).name);
  const bool stops = operation == Symbol::kStop;
  const bool promotes = operation == Symbol::kPromote || operation == Symbol::kDemote;
  if (first_side ? !stops : promotes) {
    const ResourceId inside = InsideContainer(run, run.at(action).resource, instance);
    if (inside.valid()) return NewestNamed(run, inside, name);
  }
  return NewestNamed(run, instance, name, node);
}

}  // namespace

bool Interleaves(const Run& run, ActionId first_id, ActionId then_id) {
  const Action& first = run.at(first_id);
  const Action& then = run.at(then_id);
  if (!first.resource.valid() || !then.resource.valid() || first.resource == then.resource) return false;
  if (run.at(first.resource).variant < Variant::kClone || run.at(then.resource).variant < Variant::kClone) return false;
  // The collective that has to wait says whether its instances wait one by one.
  const bool down = KeyEndsWith(run, then_id, "stop") || KeyEndsWith(run, then_id, "demote");
  return IsInterleaved(run, down ? first.resource : then.resource);
}

Change UpdateInterleaved(Run& run, ActionId first, ActionId then, NodeId node, Kinds kind) {
  Change change;
  const bool current = KeyEndsWith(run, first, "stopped") || KeyEndsWith(run, first, "demoted");
  const Symbol first_task = InstanceTask(run, first);
  const Symbol then_task = run.at(then).name;
  const ResourceId first_resource = run.at(first).resource;
  const std::vector<ResourceId> instances = Instances(run, run.at(then).resource);
  Partners partners(run, first_resource, Role::kUnknown, current);
  for (const ResourceId then_instance : instances) {
    const ResourceId first_instance = partners.Of(then_instance);
    if (!first_instance.valid()) {
      // Nothing to wait for is no reason to stay up, but going down is not held up by it.
      const bool needed = kind == kind::kPush || kind == kind::kGate;
      if (!current && needed && AssignToNone(run, then_instance)) change.then = true;
      continue;
    }
    const ActionId first_action = InstanceAction(run, first, first_instance, first_task, node, true);
    if (!first_action.valid()) continue;
    const ActionId then_action = InstanceAction(run, then, then_instance, then_task, node, false);
    if (!then_action.valid()) continue;
    if (Link(run, first_action, then_action, kind)) change.first = change.then = true;
    const Effect effect = EffectiveAttributes(run, first_action, node);
    change |= UpdateOrdered(run, then_instance, first_action, then_action, node, effect, kind);
  }
  return change;
}

}  // namespace picket::solver
