// Actions of the instances of a clone or bundle and of the collective itself (spec 05 §10.2, 04 §6.1).
#include "solver/actions/create.h"
#include "solver/actions/notify.h"
#include "solver/actions/resource_actions.h"
#include "solver/model/merge_sort.h"
#include "solver/model/query.h"
#include "solver/order/order.h"

namespace picket::solver {
namespace {

// What the instances do, summed up.
struct InstanceState {
  bool active = false;
  bool starting = false;
  bool stopping = false;
  bool restarting = false;  // some primitive does both
};

void Observe(const Run& run, ResourceId primitive, InstanceState& state) {
  const Resource& resource = run.at(primitive);
  if (!resource.active.empty()) state.active = true;
  bool starting = false;
  bool stopping = false;
  for (const ActionId id : resource.actions) {
    const Action& action = run.at(id);
    if (action.optional) continue;
    if (action.name == Symbol::kStart && action.runnable) starting = true;
    if (action.name == Symbol::kStop && (action.pseudo || action.runnable)) stopping = true;
  }
  state.starting = state.starting || starting;
  state.stopping = state.stopping || stopping;
  state.restarting = state.restarting || (starting && stopping);
}

// The only required action of that name, or none.
ActionId OnlyRequired(const Run& run, ResourceId instance, Symbol name) {
  ActionId found;
  for (const ActionId id : run.at(instance).actions) {
    if (run.at(id).name != name || run.at(id).optional) continue;
    if (found.valid()) return {};
    found = id;
  }
  return found;
}

// Before 2.1.7 the instances of an ordered clone that have something to do are chained here (spec 07 B-10).
void ChainOrderedInstances(Run& run, ResourceId clone) {
  std::vector<ResourceId> instances = run.at(clone).children;
  MergeSort(instances, [&run](ResourceId a, ResourceId b) {
    return run.at(a).instance_number.value_or(0) - run.at(b).instance_number.value_or(0);
  });
  run.at(clone).children = instances;
  ActionId last_stop;
  ActionId last_start;
  for (const ResourceId instance : instances) {
    if (const ActionId stop = OnlyRequired(run, instance, Symbol::kStop); stop.valid()) {
      if (last_stop.valid()) Link(run, stop, last_stop, kind::kSeq);
      last_stop = stop;
    }
    if (const ActionId start = OnlyRequired(run, instance, Symbol::kStart); start.valid()) {
      if (last_start.valid()) Link(run, last_start, start, kind::kSeq);
      last_start = start;
    }
  }
}

}  // namespace

void CreateInstanceActions(Run& run, ResourceId collective, const std::vector<ResourceId>& instances) {
  InstanceState state;
  for (const ResourceId instance : instances) {
    CreateActions(run, instance);
    ForEachPrimitive(run, instance, [&](ResourceId primitive) { Observe(run, primitive, state); });
  }
  const ActionId start = RequestPseudo(run, collective, Symbol::kStart, !state.starting, true);
  const ActionId running =
      RequestPseudo(run, collective, Symbol::kRunning, !state.starting, state.active || state.starting);
  run.at(running).priority = kTopPriority;
  // Before 2.1.6 the notifications of the start came before the stop: the ids of actions show it (spec 07 B-11).
  const bool notifies = run.at(collective).is_clone() && run.at(collective).notify;
  if (notifies && !run.Behaves(Behaviour::kNotifyActionsWithTheirOperation)) {
    CreateNotificationPoints(run, collective, Notified::kStart, start, running);
  }
  const ActionId stop = RequestPseudo(run, collective, Symbol::kStop, !state.stopping, true);
  const ActionId stopped = RequestPseudo(run, collective, Symbol::kStopped, !state.stopping, true);
  run.at(stopped).priority = kTopPriority;
  if (!state.restarting) run.at(stop).migratable = true;

  if (!notifies) return;
  CreateNotificationPoints(run, collective, Notified::kStart, start, running);
  CreateNotificationPoints(run, collective, Notified::kStop, stop, stopped);
  LinkNotifications(run, collective, Notified::kStop, Notified::kStart);
}

void CreateCloneActions(Run& run, ResourceId clone) {
  const std::vector<ResourceId> instances = run.at(clone).children;
  CreateInstanceActions(run, clone, instances);
  if (run.at(clone).clone->ordered && !run.Behaves(Behaviour::kOrderedInstancesAllPairs)) {
    ChainOrderedInstances(run, clone);
  }
  if (run.at(clone).promotable) CreatePromotableActions(run, clone);
}

}  // namespace picket::solver
