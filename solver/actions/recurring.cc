// Recurring operations (spec 05 §9): those wanted in the next role are kept or scheduled, those of another
// role cancelled.
#include <array>
#include <string_view>

#include "solver/actions/create.h"
#include "solver/actions/resource_actions.h"
#include "solver/model/query.h"
#include "solver/order/order.h"

namespace picket::solver {
namespace {

struct RecurringOperation {
  Symbol operation = Symbol::kNone;
  uint32_t interval_ms = 0;
  Role role = Role::kUnknown;  // none configured
};

// Operations that the role walk schedules by itself; a recurring one makes no sense.
bool IsUnschedulable(std::string_view name) {
  constexpr std::array<std::string_view, 7> kNames = {"stop",         "start",      "demote",      "promote",
                                                      "reload-agent", "migrate_to", "migrate_from"};
  for (const std::string_view candidate : kNames) {
    if (name == candidate) return true;
  }
  return false;
}

bool IsDuplicate(const ResourceDef& definition, const OperationDef& operation) {
  for (const OperationDef& other : definition.operations) {
    if (&other != &operation && other.name == operation.name && other.interval_ms == operation.interval_ms) return true;
  }
  return false;
}

// The usable recurring operations in configuration order (spec 05 §9.1).
std::vector<RecurringOperation> RecurringOperations(Run& run, ResourceId id) {
  std::vector<RecurringOperation> found;
  const ResourceDef* definition = run.at(id).def;
  if (definition == nullptr) return found;
  for (const OperationDef& operation : definition->operations) {
    if (operation.interval_ms == 0 || operation.id.empty() || IsUnschedulable(operation.name)) continue;
    if (IsDuplicate(*definition, operation) || !operation.enabled) continue;
    RecurringOperation usable{run.symbols.Intern(operation.name), operation.interval_ms, Role::kUnknown};
    if (const std::string* text = FindAttribute(operation.attributes, "role")) {
      const std::optional<Role> role = ParseRole(*text);
      if (!role && run.Behaves(Behaviour::kInvalidMonitorRoleDropped)) continue;
      usable.role = role.value_or(Role::kStarted);
    }
    found.push_back(usable);
  }
  return found;
}

struct Existing {
  bool any = false;
  bool reschedule = false;
};

Existing FindOn(const Run& run, ResourceId id, const RecurringOperation& operation, NodeId node) {
  Existing existing;
  for (const ActionId action : ActionsWithKey(run, id, operation.operation, operation.interval_ms)) {
    if (run.at(action).node != node) continue;
    existing.any = true;
    existing.reschedule = existing.reschedule || run.at(action).reschedule;
  }
  return existing;
}

bool CannotRunOn(const Run& run, NodeId node) {
  return !node.valid() || !run.at(node).online || run.at(node).unclean;
}

// The operation runs in a role that the resource leaves: it ends before the resource does what takes it out
// of that role.
void CancelForRole(Run& run, ResourceId id, const RecurringOperation& operation, NodeId node) {
  const ActionId cancel = CancelRecurring(run, id, node, operation.operation, operation.interval_ms, std::nullopt);
  const Resource& resource = run.at(id);
  Symbol after = Symbol::kNone;
  switch (resource.role) {
    case Role::kStarted:
    case Role::kUnpromoted:
      if (resource.next_role == Role::kPromoted) after = Symbol::kPromote;
      if (resource.next_role == Role::kStopped) after = Symbol::kStop;
      break;
    case Role::kPromoted:
      after = Symbol::kDemote;
      break;
    default:
      break;
  }
  if (after != Symbol::kNone) Record(run, End(cancel), End(id, after), kind::kGate);
}

// Spec 05 §9.2. `start` is the start on the assigned node.
void ForActiveRole(Run& run, ResourceId id, ActionId start, const RecurringOperation& operation) {
  const NodeId node = run.at(id).node;
  const Existing existing = FindOn(run, id, operation, node);
  const bool is_optional = run.at(start).optional && existing.any && !existing.reschedule;
  const Role next_role = run.at(id).next_role;
  const bool matches = operation.role == Role::kUnknown ? next_role != Role::kPromoted : next_role == operation.role;
  if (!matches) {
    if (is_optional) CancelForRole(run, id, operation, node);
    return;
  }
  const ActionId action = RequestAction(run, id, operation.operation, operation.interval_ms, node, is_optional);
  if (!run.at(start).runnable || CannotRunOn(run, node)) run.at(action).runnable = false;
  if (next_role == Role::kPromoted) run.at(action).meta.Set("op_target_rc", "8");
  if (!run.at(id).managed) return;
  Record(run, End(id, Symbol::kStart), End(action), kind::kPush | kind::kGate);
  Record(run, End(id, Symbol::kReloadAgent), End(action), kind::kPush | kind::kGate);
  if (next_role == Role::kPromoted) {
    Record(run, End(id, Symbol::kPromote), End(action), kind::kSeq | kind::kGate);
  } else if (run.at(id).role == Role::kPromoted) {
    Record(run, End(id, Symbol::kDemote), End(action), kind::kSeq | kind::kGate);
  }
}

void OrderAfterProbesAndStops(Run& run, ResourceId id, NodeId node, ActionId action) {
  const bool managed = run.at(id).managed;
  if (managed) {
    for (const ActionId probe : ActionsWithKey(run, id, Symbol::kMonitor, 0)) {
      if (run.at(probe).node == node) Link(run, probe, action, kind::kGate);
    }
  }
  for (const ActionId stop : ActionsWithKey(run, id, Symbol::kStop, 0)) {
    if (run.at(stop).node != node) continue;
    if (!run.at(stop).optional && !run.at(action).optional && !managed) run.at(action).optional = true;
    if (!run.at(stop).runnable) run.at(action).runnable = false;
    if (managed) Record(run, End(stop), End(action), kind::kPush | kind::kGate);
  }
}

// Spec 05 §9.3: the operation watches that the resource stays away from the nodes where it is not assigned.
void ForStoppedRole(Run& run, ResourceId id, const RecurringOperation& operation) {
  if (!run.at(id).unique) return;
  const std::vector<NodeId> nodes = run.node_order;
  for (const NodeId node : nodes) {
    const bool exists = FindOn(run, id, operation, node).any;
    if (node == run.at(id).node) {
      if (!exists) continue;
      const ActionId cancel = CancelRecurring(run, id, node, operation.operation, operation.interval_ms, std::nullopt);
      const Role next_role = run.at(id).next_role;
      if (next_role == Role::kStarted || next_role == Role::kUnpromoted) {
        Record(run, End(cancel), End(id, Symbol::kStart), kind::kGate);
      }
      continue;
    }
    const ActionId action = RequestAction(run, id, operation.operation, operation.interval_ms, node, exists);
    run.at(action).meta.Set("op_target_rc", "7");
    OrderAfterProbesAndStops(run, id, node, action);
    if (CannotRunOn(run, node)) run.at(action).runnable = false;
  }
}

}  // namespace

void CreateRecurring(Run& run, ResourceId id) {
  if (run.at(id).blocked || run.at(id).maintenance) return;
  const std::vector<RecurringOperation> operations = RecurringOperations(run, id);
  ActionId start;
  const NodeId node = run.at(id).node;
  if (node.valid() && !run.at(node).maintenance && (run.at(id).next_role != Role::kStopped || !run.at(id).managed)) {
    start = RequestAction(run, id, Symbol::kStart, 0, node, true);
  }
  for (const RecurringOperation& operation : operations) {
    if (operation.role == Role::kStopped) {
      ForStoppedRole(run, id, operation);
    } else if (start.valid()) {
      ForActiveRole(run, id, start, operation);
    }
  }
}

}  // namespace picket::solver
