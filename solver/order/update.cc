// What one relation does to its two actions, kind by kind (spec 05 §19.5).
#include "solver/actions/create.h"
#include "solver/model/query.h"
#include "solver/order/propagation.h"

namespace picket::solver {
namespace {

// The attributes whose change counts (forcing an action in does not).
struct Snapshot {
  bool optional, runnable, pseudo, migratable;
  explicit Snapshot(const Action& action)
      : optional(action.optional), runnable(action.runnable), pseudo(action.pseudo), migratable(action.migratable) {}
  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

bool IsPrimitiveAction(const Run& run, ActionId action) {
  const ResourceId resource = run.at(action).resource;
  return resource.valid() && run.at(resource).is_primitive();
}

// An asymmetric ordering says nothing to what is already as it should be.
bool IsAlreadyThere(const Run& run, const Action& then) {
  const bool any_stop = then.name == Symbol::kStop && !run.Behaves(Behaviour::kRequiredStopsOrdered);
  if (!then.optional && !any_stop) return false;
  const Role role = CurrentRole(run, then.resource);
  if (then.name == Symbol::kStop) return role == Role::kStopped;
  const Resource& resource = run.at(then.resource);
  return then.name == Symbol::kStart && role >= Role::kStarted && resource.active.size() == 1 &&
         resource.active.front() == then.node;
}

void ApplyAsym(Run& run, ActionId first, ActionId then) {
  if (run.at(first).runnable || !run.at(then).resource.valid() || IsAlreadyThere(run, run.at(then))) return;
  MakeRequired(run, then, first);
  MakeUnrunnable(run, then, first);
}

void ApplyPull(Run& run, ActionId first, ActionId then, const Effect& effect) {
  if (run.at(then).optional) return;
  if (!effect.optional && run.at(first).optional) MakeRequired(run, first, then);
  if (effect.migratable && !run.at(then).migratable) MakeUnmigratable(run, first, then);
}

void ApplyPullPromoted(Run& run, ActionId first, ActionId then) {
  const ResourceId resource = run.at(then).resource;
  if (!resource.valid() || run.at(resource).role != Role::kPromoted || run.at(then).optional) return;
  const bool migratable = run.at(first).migratable;
  MakeRequired(run, first, then);
  if (migratable && !run.at(then).migratable) MakeUnmigratable(run, first, then);
}

void ApplyMigrationGate(Run& run, ActionId first, ActionId then) {
  if (!run.at(then).migratable || !run.at(then).runnable) MakeUnrunnable(run, first, then);
  if (!run.at(then).optional) MakeRequired(run, first, then);
}

void ApplyFallback(Run& run, ActionId first, ActionId then) {
  if (run.at(first).runnable) return;
  MakeUnmigratable(run, then, first);
  run.at(then).pseudo = false;
}

void ApplyGate(Run& run, ActionId first, ActionId then, const Effect& effect) {
  if (!run.at(then).runnable || effect.runnable) return;
  MakeUnrunnable(run, then, first);
  MakeUnmigratable(run, then, first);
}

void ApplyPush(Run& run, ActionId first, ActionId then, const Effect& effect) {
  if (run.at(then).optional && !effect.optional && !run.at(first).migratable) MakeRequired(run, then, first);
}

// A restart: what must start, or cannot start where it runs, has to stop before.
void ApplyRestart(Run& run, ActionId first, ActionId then) {
  if (!IsPrimitiveAction(run, first) || !IsPrimitiveAction(run, then)) return;
  const Action& action = run.at(then);
  const bool cannot_start =
      !action.runnable && run.at(action.resource).managed && run.at(first).resource == action.resource;
  if (action.optional && !cannot_start) return;
  if (run.at(first).runnable) MakeRequired(run, first, then);
  if (!run.at(then).optional) MakeRequired(run, first, then);
  if (!run.at(then).migratable) MakeUnmigratable(run, first, then);
  if (!run.at(first).optional && !run.at(first).runnable) MakeUnrunnable(run, then, first);
}

// The update of two actions themselves.
Change UpdateBasic(Run& run, ActionId first, ActionId then, const Effect& effect, Kinds kind) {
  const Snapshot first_before(run.at(first));
  const Snapshot then_before(run.at(then));
  switch (kind) {
    case kind::kAsym:
      ApplyAsym(run, first, then);
      break;
    case kind::kPull:
      ApplyPull(run, first, then, effect);
      break;
    case kind::kPullPromoted:
      ApplyPullPromoted(run, first, then);
      break;
    case kind::kMigGate:
      ApplyMigrationGate(run, first, then);
      break;
    case kind::kFallback:
      ApplyFallback(run, first, then);
      break;
    case kind::kGate:
      ApplyGate(run, first, then, effect);
      break;
    case kind::kPush:
      ApplyPush(run, first, then, effect);
      break;
    case kind::kRestart:
      ApplyRestart(run, first, then);
      break;
    default:
      break;
  }
  Change change;
  if (!(Snapshot(run.at(then)) == then_before)) {
    change.then = true;
    const ResourceId resource = run.at(then).resource;
    if (resource.valid() && run.at(resource).parent.valid()) ProcessAction(run, then);
  }
  change.first = !(Snapshot(run.at(first)) == first_before);
  return change;
}

Change UpdateGroup(Run& run, ActionId first, ActionId then, NodeId node, const Effect& effect, Kinds kind) {
  Change change = UpdateBasic(run, first, then, effect, kind);
  const ResourceId resource = run.at(then).resource;
  if (!resource.valid()) return change;
  const Symbol name = run.at(then).name;
  const std::vector<ResourceId>& members = run.at(resource).children;
  const ActionsByName::OfChildren& of_members = NewestOfChildren(run, resource, name);
  if (!of_members.any) return change;
  const std::vector<ActionId>& newest = of_members.newest;
  for (size_t i = 0; i < newest.size(); ++i) {
    const ActionId action = NewestOnNode(run, members[i], name, node, newest[i]);
    if (action.valid()) change |= UpdateOrdered(run, members[i], first, action, node, effect, kind);
  }
  return change;
}

Change UpdateCollective(Run& run, ActionId first, ActionId then, NodeId node, const Effect& effect, Kinds kind) {
  const ResourceId resource = run.at(then).resource;
  if (!resource.valid()) return {};
  if (Interleaves(run, first, then)) return UpdateInterleaved(run, first, then, node, kind);
  Change change = UpdateBasic(run, first, then, effect, kind);
  const std::vector<ResourceId> instances = Instances(run, resource);
  for (const ResourceId instance : instances) {
    const ActionId action = NewestNamed(run, instance, run.at(then).name, node);
    if (!action.valid() || !EffectiveAttributes(run, action, node).runnable) continue;
    const Change inner = UpdateOrdered(run, instance, first, action, node, effect, kind);
    change |= inner;
    if (inner.then) ProcessAfter(run, action);
  }
  return change;
}

}  // namespace

Change UpdateOrdered(Run& run, ResourceId owner, ActionId first, ActionId then, NodeId node, const Effect& effect,
                     Kinds kind) {
  switch (run.at(owner).variant) {
    case Variant::kPrimitive:
      return UpdateBasic(run, first, then, effect, kind);
    case Variant::kGroup:
      return UpdateGroup(run, first, then, node, effect, kind);
    case Variant::kClone:
    case Variant::kBundle:
      return UpdateCollective(run, first, then, node, effect, kind);
  }
  return {};
}

}  // namespace picket::solver
