// How an action of a group, clone or bundle looks from outside: what its members and instances make of it
// (spec 05 §19.3, 04 §6.2).
//
// Asking changes things: a collective's action becomes required with one of its members and unrunnable when
// none of its instances can. So it must be asked exactly where the specification asks. Cost: the members or
// instances, after a change of some action.
#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/order/order.h"
#include "solver/order/propagation.h"

namespace picket::solver {
namespace {

// The operation that a notification's key names, else the action's name.
Symbol NotifiedOperation(const Run& run, const Action& action) {
  if (action.name != Symbol::kNotify && action.name != Symbol::kNotified) return action.name;
  constexpr std::string_view kInfix = "_notify_";
  const std::string_view key = run.symbols.Text(action.key_operation);
  const size_t at = key.find(kInfix);
  return at == std::string_view::npos ? action.name : run.symbols.Find(key.substr(at + kInfix.size()));
}

// The resources whose actions an action of the collective sums up.
const std::vector<ResourceId>& SummedUp(const Run& run, const Resource& collective, Symbol task,
                                        std::vector<ResourceId>& buffer) {
  if (!collective.is_bundle()) return collective.children;
  switch (task) {
    case Symbol::kStart:
    case Symbol::kRunning:
    case Symbol::kStop:
    case Symbol::kStopped:
      buffer = Instances(run, collective.self);
      return buffer;
    default:
      // Only what is inside the containers can be promoted or notified.
      if (collective.bundle->contained.valid()) return run.at(collective.bundle->contained).children;
      return buffer;
  }
}

Symbol TaskOfInstance(const Run& run, const std::vector<ResourceId>& instances, Symbol name) {
  if (instances.empty() || !run.at(instances.front()).is_primitive()) return name;
  return OperationOf(name);
}

Effect OfGroup(Run& run, ActionId id, NodeId node) {
  Effect effect;
  const Symbol name = run.at(id).name;
  const Resource& group = run.at(run.at(id).resource);
  const Symbol task = TaskOfInstance(run, group.children, name);
  const std::vector<ActionId>& newest = NewestOfChildren(run, group.self, task).newest;
  for (size_t i = 0; i < newest.size(); ++i) {
    const ActionId action = NewestOnNode(run, group.children[i], task, node, newest[i]);
    if (!action.valid()) {
      if (task != Symbol::kStop && task != Symbol::kDemote) effect.runnable = false;
      continue;
    }
    const Effect inner = EffectiveAttributes(run, action, node);
    if (!inner.optional) {
      effect.optional = false;
      SetAttribute(run, run.at(id).optional, false);
    }
    if (task != name && !inner.runnable) {
      effect.runnable = false;
      SetAttribute(run, run.at(id).runnable, false);
    }
  }
  return effect;
}

Effect OfCollective(Run& run, ActionId id, NodeId node) {
  Effect effect;
  const Resource& collective = run.at(run.at(id).resource);
  std::vector<ResourceId> buffer;
  const std::vector<ResourceId>& instances = SummedUp(run, collective, run.at(id).name, buffer);
  const Symbol task = TaskOfInstance(run, instances, NotifiedOperation(run, run.at(id)));
  // Those of a clone are its children.
  const std::vector<ActionId>* newest =
      collective.is_bundle() ? nullptr : &NewestOfChildren(run, collective.self, task).newest;
  bool any_runnable = false;
  for (size_t i = 0; i < instances.size(); ++i) {
    const ResourceId instance = instances[i];
    const ActionId anywhere = newest ? (*newest)[i] : NewestNamed(run, instance, task);
    const NodeId wanted = run.at(instance).is_primitive() ? node : NodeId();
    const ActionId action = NewestOnNode(run, instance, task, wanted, anywhere);
    if (!action.valid()) continue;
    const Effect inner = EffectiveAttributes(run, action, node);
    if (!inner.optional) {
      effect.optional = false;
      SetAttribute(run, run.at(id).optional, false);
    }
    any_runnable = any_runnable || inner.runnable;
  }
  if (!any_runnable) {
    effect.runnable = false;
    if (!node.valid()) SetAttribute(run, run.at(id).runnable, false);
  }
  return effect;
}

// Asking again changes nothing and gives the same answer while no attribute of any action has changed.
template <typename Ask>
Effect AskOnce(Run& run, ActionId id, NodeId node, const Ask& ask) {
  if (run.actions_by_name.begins.empty()) return ask(run, id, node);
  const uint64_t key = (uint64_t{static_cast<uint32_t>(id.value)} << 32) | static_cast<uint32_t>(node.value);
  const auto known = run.known_effects.find(key);
  if (known != run.known_effects.end() && known->second.at_change == run.attribute_changes) {
    return Effect{known->second.optional, known->second.runnable, false};
  }
  const Effect effect = ask(run, id, node);
  run.known_effects[key] = {run.attribute_changes, effect.optional, effect.runnable};
  return effect;
}

}  // namespace

ActionId NewestOnNode(const Run& run, ResourceId child, Symbol name, NodeId node, ActionId newest) {
  if (!newest.valid() || !node.valid() || run.at(newest).node == node) return newest;
  return NewestNamed(run, child, name, node);
}

Symbol OperationOf(Symbol completion) {
  switch (completion) {
    case Symbol::kRunning:
      return Symbol::kStart;
    case Symbol::kStopped:
      return Symbol::kStop;
    case Symbol::kPromoted:
      return Symbol::kPromote;
    case Symbol::kDemoted:
      return Symbol::kDemote;
    default:
      return completion;
  }
}

Symbol Completion(Symbol operation) {
  switch (operation) {
    case Symbol::kStart:
    case Symbol::kRunning:
      return Symbol::kRunning;
    case Symbol::kStop:
    case Symbol::kStopped:
      return Symbol::kStopped;
    case Symbol::kPromote:
    case Symbol::kPromoted:
      return Symbol::kPromoted;
    case Symbol::kDemote:
    case Symbol::kDemoted:
      return Symbol::kDemoted;
    default:
      return Symbol::kNone;
  }
}

Symbol InstanceTask(const Run& run, ActionId id) {
  const Action& action = run.at(id);
  return TaskOfInstance(run, run.at(action.resource).children, NotifiedOperation(run, action));
}

bool IsInterleaved(const Run& run, ResourceId collective) {
  const Resource& resource = run.at(collective);
  return resource.is_clone() ? resource.clone->interleave : IsTrue(resource.meta.Find("interleave"));
}

Effect EffectiveAttributes(Run& run, ActionId id, NodeId node) {
  const Action& action = run.at(id);
  if (action.resource.valid()) {
    const Variant variant = run.at(action.resource).variant;
    if (variant == Variant::kGroup) return AskOnce(run, id, node, OfGroup);
    if (variant == Variant::kClone || variant == Variant::kBundle) return AskOnce(run, id, node, OfCollective);
  }
  return Effect{action.optional, action.runnable, action.migratable};
}

Effect EffectiveForOrdering(Run& run, ActionId id, NodeId node) {
  const ResourceId resource = run.at(id).resource;
  if (!resource.valid()) return EffectiveAttributes(run, id, NodeId());
  const Effect anywhere = EffectiveAttributes(run, id, NodeId());
  if (!node.valid() || !run.at(resource).is_clone()) return anywhere;
  Effect here = EffectiveAttributes(run, id, node);
  here.runnable = here.runnable || anywhere.runnable;
  return here;
}

void RefreshCollective(Run& run, ActionId action) {
  EffectiveAttributes(run, action, NodeId());
}

}  // namespace picket::solver
