#include "solver/actions/create.h"

#include "solver/actions/fencing.h"
#include "solver/cib/rules.h"
#include "solver/model/query.h"
#include "solver/order/order.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

// What an action waits for apart from orderings (spec 05 §4.5): only starting and promoting need anything.
Needs NeedsOf(const Resource& resource, Symbol name) {
  if (name != Symbol::kStart && name != Symbol::kPromote) return Needs::kNothing;
  if (resource.needs_fencing) return Needs::kFencing;
  return resource.needs_quorum ? Needs::kQuorum : Needs::kNothing;
}

// The configuration of the operation; notifications all share that of `notify` (spec 05 §3.3.2).
const OperationDef* ConfigurationOf(const Run& run, const Action& action) {
  const OperationDef* operation =
      FindOperation(run, action.resource, run.symbols.Text(action.name), action.interval_ms, false);
  if (!operation && run.symbols.Text(action.key_operation).find("_notify_") != std::string_view::npos) {
    operation = FindOperation(run, action.resource, run.symbols.Text(Symbol::kNotify), 0, false);
  }
  return operation;
}

// Before 2.1.7 the graph has the failure policy as it is written, valid or not, and of those that are derived only that
// a demotion blocks (spec 07 E-8).
void ShowOnFailAsWritten(Run& run, Action& action) {
  const std::string written = WrittenOnFail(run, action.resource, run.symbols.Text(action.name), action.interval_ms,
                                            action.operation, action.node);
  if (written.empty() && action.name == Symbol::kDemote && action.meta.Get("on-fail") == "block") return;
  action.meta.Remove("on-fail");
  if (!written.empty()) action.meta.Set("on-fail", written);
}

ActionId CreateForResource(Run& run, ResourceId resource, Symbol key_operation, uint32_t interval_ms, NodeId node,
                           bool optional, Symbol name) {
  Action action;
  action.id = ActionId(run.actions.size());
  action.resource = resource;
  action.node = node;
  action.key_operation = key_operation;
  action.name = name;
  action.interval_ms = interval_ms;
  action.optional = optional;
  action.can_run_on_dc = name == Symbol::kLrmDelete;
  action.needs = NeedsOf(run.at(resource), name);
  action.operation = ConfigurationOf(run, action);
  action.meta = OperationMeta(run, resource, run.symbols.Text(name), interval_ms, action.operation, node);
  if (!run.Behaves(Behaviour::kOnFailAsValidated)) ShowOnFailAsWritten(run, action);
  const ActionId id = action.id;
  run.actions.push_back(std::move(action));
  run.at(resource).actions.push_back(id);
  run.actions_by_key.Of(ActionKey{resource, key_operation, interval_ms}).push_back(id);
  return id;
}

// A wish for "optional" never undoes a requirement (spec 05 §3.3.3).
void UpdateOptional(const Run& run, Action& action, bool optional) {
  const bool left_alone = action.resource.valid() && action.node.valid() && !action.pseudo &&
                          !run.at(action.resource).managed && action.interval_ms == 0;
  if (left_alone) {
    action.optional = true;
  } else if (!optional) {
    action.optional = false;
  }
}

// The op's own parameters, evaluated as soon as both the node and the configuration are known (spec 05 §3.3.4).
void EvaluateOperationParams(Run& run, ActionId id) {
  const Action& action = run.at(id);
  if (action.params_evaluated || !action.node.valid() || !action.operation) return;
  RuleInput input;
  input.now = run.state->now;
  input.target = &run.cluster->target;
  input.node_attributes = &run.at(action.node).attributes;
  Table params;
  NextChange next_change;
  ReadBlocks(action.operation->params, input, params, next_change);
  if (next_change) ConsiderRecheck(run, *next_change);
  run.at(id).op_params = std::move(params);
  run.at(id).params_evaluated = true;
}

// The no-quorum policy as it bears on one resource: demote takes the promoted role away and lets the rest of a
// promotable be (spec 05 §3.4).
QuorumPolicy PolicyFor(Run& run, ResourceId id) {
  if (run.quorate) return QuorumPolicy::kIgnore;
  if (run.options.no_quorum_policy != QuorumPolicy::kDemote) return run.options.no_quorum_policy;
  const Role current = CurrentRole(run, id);
  if (current != Role::kPromoted && current != Role::kUnpromoted) return QuorumPolicy::kStop;
  Resource& resource = run.at(id);
  if (resource.next_role > Role::kUnpromoted) resource.next_role = Role::kUnpromoted;
  return QuorumPolicy::kIgnore;
}

void MakeUnrunnableFor(Run& run, ActionId id, std::string_view reason) {
  run.at(id).runnable = false;
  SetReason(run, id, reason, true);
}

// Whether the action cannot run where it is, whatever the quorum; a stop that cannot run calls for fencing.
bool NodePreventsRunning(Run& run, ActionId id) {
  const Action& action = run.at(id);
  if (!action.node.valid()) return true;
  if (action.can_run_on_dc) return false;
  const NodeId node = action.node;
  if (!run.at(node).online && (!IsGuestNode(run, node) || run.at(node).needs_reset)) {
    if (run.at(action.resource).managed && action.name == Symbol::kStop && !run.at(node).unclean) {
      FenceNode(run, node, "stop is unrunnable");
    }
    return true;
  }
  return run.at(node).pending;
}

// Spec 05 §3.4, also on reuse: asking again for an action that needs nothing erases its reason.
void UpdateRunnable(Run& run, ActionId id) {
  if (run.at(id).pseudo) return;
  const ResourceId resource = run.at(id).resource;
  const QuorumPolicy policy = PolicyFor(run, resource);
  if (NodePreventsRunning(run, id)) {
    run.at(id).runnable = false;
    return;
  }
  Action& action = run.at(id);
  if (action.needs == Needs::kNothing) {
    action.reason.clear();
    action.runnable = !IsGuestNode(run, action.node) || CanBeFenced(run, action.node);
    return;
  }
  if (policy == QuorumPolicy::kStop) {
    MakeUnrunnableFor(run, id, "no quorum");
  } else if (policy == QuorumPolicy::kFreeze) {
    const Resource& owner = run.at(resource);
    if (!IsActive(run, resource, true) || owner.next_role > owner.role) MakeUnrunnableFor(run, id, "quorum freeze");
  } else {
    action.runnable = true;
  }
}

// `WORD [RSC ]TASK`, unless both actions are for the same resource (spec 05 §3.5).
void ExplainClearing(Run& run, ActionId action, ActionId cause, std::string_view word, bool overwrite = false) {
  if (!cause.valid() || run.at(action).resource == run.at(cause).resource) return;
  std::string reason(word);
  reason += ' ';
  if (run.at(cause).resource.valid()) {
    reason += run.at(run.at(cause).resource).id;
    reason += ' ';
  }
  reason += run.symbols.Text(run.at(cause).name);
  SetReason(run, action, reason, overwrite);
}

}  // namespace

ActionId RequestAction(Run& run, ResourceId resource, Symbol key_operation, uint32_t interval_ms, NodeId node,
                       bool optional, Symbol name) {
  if (name == Symbol::kNone) name = key_operation;
  ActionId id = OldestWithKey(run, resource, key_operation, interval_ms, node);
  if (!id.valid()) {
    id = CreateForResource(run, resource, key_operation, interval_ms, node, optional, name);
  } else if (node.valid() && !run.at(id).node.valid()) {
    run.at(id).node = node;
  }
  UpdateOptional(run, run.at(id), optional);
  EvaluateOperationParams(run, id);
  UpdateRunnable(run, id);
  return id;
}

ActionId RequestPseudo(Run& run, ResourceId resource, Symbol key_operation, bool optional, bool runnable, Symbol name) {
  const ActionId id = RequestAction(run, resource, key_operation, 0, NodeId(), optional, name);
  run.at(id).pseudo = true;
  run.at(id).runnable = runnable;
  return id;
}

ActionId RequestClusterAction(Run& run, std::string_view key, std::string_view name, NodeId node, bool optional,
                              bool pseudo) {
  const Symbol key_symbol = run.symbols.Intern(key);
  std::vector<ActionId>& known = run.cluster_actions[key_symbol];
  ActionId id;
  if (known.empty()) {
    Action action;
    action.id = id = ActionId(run.actions.size());
    action.key_operation = key_symbol;
    action.name = run.symbols.Intern(name);
    action.optional = optional;
    run.actions.push_back(std::move(action));
    known.push_back(id);
  } else {
    id = known.front();
  }
  Action& action = run.at(id);
  if (!action.node.valid()) action.node = node;
  if (!optional) action.optional = false;
  if (pseudo) action.pseudo = true;
  return id;
}

void SetReason(Run& run, ActionId action, std::string_view reason, bool overwrite) {
  std::string& text = run.at(action).reason;
  if (overwrite || text.empty()) text = reason;
}

bool MakeRequired(Run& run, ActionId action, ActionId cause) {
  if (!run.at(action).optional) return false;
  SetAttribute(run, run.at(action).optional, false);
  ExplainClearing(run, action, cause, "required");
  return true;
}

bool MakeUnrunnable(Run& run, ActionId action, ActionId cause) {
  if (!run.at(action).runnable) return false;
  SetAttribute(run, run.at(action).runnable, false);
  ExplainClearing(run, action, cause, "unrunnable");
  return true;
}

bool MakeUnmigratable(Run& run, ActionId action, ActionId cause) {
  if (!run.at(action).migratable) return false;
  SetAttribute(run, run.at(action).migratable, false);
  // Before 2.1.7 it was told as unrunnable, whatever had been told before (spec 07 E-7).
  const bool said = run.Behaves(Behaviour::kUnmigrateableSaid);
  ExplainClearing(run, action, cause, said ? "unmigrateable" : "unrunnable", !said);
  return true;
}

ActionId CancelRecurring(Run& run, ResourceId resource, NodeId node, Symbol operation, uint32_t interval_ms,
                         std::optional<std::string> call_id) {
  // The key is that of the operation itself, so the optional action that says "it runs there" becomes the cancel.
  const ActionId id = RequestAction(run, resource, operation, interval_ms, node, false);
  run.at(id).name = Symbol::kCancel;
  run.at(id).cancelled = operation;
  SetMeta(run, id, "operation", run.symbols.Text(operation));
  SetMeta(run, id, "interval", std::to_string(interval_ms));
  if (call_id) {
    SetMeta(run, id, "call-id", *call_id);
    Record(run, End(resource, Symbol::kStop), End(id), kind::kSeq);
  }
  return id;
}

ActionId ClearFailCount(Run& run, ResourceId resource, NodeId node) {
  const ActionId id = RequestAction(run, resource, Symbol::kClearFailcount, 0, node, false);
  run.at(id).meta.Set("op_no_wait", "true");
  return id;
}

bool HasClearFailCount(const Run& run, ResourceId resource, NodeId node) {
  for (const ActionId id : ActionsWithKey(run, resource, Symbol::kClearFailcount, 0)) {
    if (run.at(id).node == node) return true;
  }
  return false;
}

void SetMeta(Run& run, ActionId action, std::string_view name, std::string_view value) {
  Table& meta = run.at(action).meta;
  if (run.Behaves(Behaviour::kMetaOverwritten)) {
    meta.Set(name, value);
  } else {
    meta.Add(name, value);
  }
}

}  // namespace picket::solver
