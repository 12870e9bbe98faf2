// The role walk of a primitive (spec 05 §8): from where it is and what it is to where it shall be and what it
// shall be.
#include "solver/actions/create.h"
#include "solver/actions/fencing.h"
#include "solver/actions/resource_actions.h"
#include "solver/actions/steps.h"
#include "solver/model/query.h"
#include "solver/order/order.h"

namespace picket::solver {
namespace {

// Under multiple-active=stop_unexpected, the instance on the assigned node is left alone while restarting
// (spec 05 §8.5).
bool IsExpectedNode(const Resource& resource, NodeId node) {
  return resource.restarting && resource.stop_unexpected && resource.next_role > Role::kStopped &&
         resource.node.valid() && resource.node == node;
}

// Before 3.0 the history could be cleaned up with each stop (spec 07 E-13).
void ForgetAfterStop(Run& run, ResourceId id, NodeId node, bool optional) {
  if (run.at(id).failed || !IsClean(run, node)) return;
  const ActionId clean_up = RequestAction(run, id, Symbol::kDelete, 0, node, optional);
  const Kinds kinds = optional ? kind::kPush : kind::kSeq;
  Record(run, End(id, Symbol::kStop), End(clean_up), kinds);
  Record(run, End(clean_up), End(id, Symbol::kStart), kinds);
}

void StopEverywhere(Run& run, ResourceId id, bool optional) {
  const std::vector<NodeId> current = run.at(id).active;
  for (const NodeId node : current) {
    if (IsExpectedNode(run.at(id), node)) continue;
    if (const Resource& resource = run.at(id); resource.migration_target.valid()) {
      if (node == resource.migration_target && node == resource.node) continue;  // the migration arrives there
      optional = false;
    }
    const ActionId stop = RequestAction(run, id, Symbol::kStop, 0, node, optional);
    const Resource& resource = run.at(id);
    if (!resource.node.valid()) {
      SetReason(run, stop, "node availability", true);
    } else if (resource.restarting && resource.stop_unexpected) {
      SetReason(run, stop, "being multiply active", true);
    }
    if (!run.at(id).managed) run.at(stop).runnable = false;
    if (run.options.remove_after_stop) ForgetAfterStop(run, id, node, optional);
    if (run.at(id).needs_unfencing) {
      Link(run, stop, FencingOperation(run, node, "on", true, ""), kind::kPull);
    }
  }
}

void Start(Run& run, ResourceId id, NodeId node, bool optional) {
  const ActionId start = RequestAction(run, id, Symbol::kStart, 0, node, true);
  OrderAfterUnfencing(run, id, node, start, kind::kPush);
  // A start that cannot run stays optional.
  if (run.at(start).runnable && !optional) run.at(start).optional = false;
  if (IsExpectedNode(run.at(id), node)) run.at(start).pseudo = true;
}

void Promote(Run& run, ResourceId id, NodeId node, bool optional) {
  bool runnable = true;
  for (const ActionId start : ActionsWithKey(run, id, Symbol::kStart, 0)) {
    if (run.at(start).node == node && !run.at(start).runnable) runnable = false;
  }
  if (runnable) {
    const ActionId promote = RequestAction(run, id, Symbol::kPromote, 0, node, optional);
    if (IsExpectedNode(run.at(id), node)) run.at(promote).pseudo = true;
    return;
  }
  for (const ActionId promote : ActionsWithKey(run, id, Symbol::kPromote, 0)) {
    if (run.at(promote).node == node) run.at(promote).runnable = false;
  }
}

void DemoteEverywhere(Run& run, ResourceId id, bool optional) {
  const std::vector<NodeId> current = run.at(id).active;
  for (const NodeId node : current) {
    if (!IsExpectedNode(run.at(id), node)) RequestAction(run, id, Symbol::kDemote, 0, node, optional);
  }
}

// Stops and demotes ignore `node`: they are for all current nodes.
void Take(Run& run, ResourceId id, Step step, NodeId node, bool optional) {
  switch (step) {
    case Step::kNone:
      return;
    case Step::kStop:
      return StopEverywhere(run, id, optional);
    case Step::kStart:
      return Start(run, id, node, optional);
    case Step::kPromote:
      return Promote(run, id, node, optional);
    case Step::kDemote:
      return DemoteEverywhere(run, id, optional);
  }
}

// Down to Stopped and up again to the current role: bookkeeping unless a stop or a promotion is needed. The
// next role may change on the way (spec 05 §3.4, no-quorum-policy=demote), so it is read each time.
void RestartWalk(Run& run, ResourceId id, NodeId current, bool need_stop, bool need_promote) {
  run.at(id).restarting = true;
  const Role from = run.at(id).role;
  Role role = from;
  while (role != Role::kStopped) {
    const Role next = RoleTowards(role, Role::kStopped);
    const Step step = StepBetween(role, next);
    if (step == Step::kNone) break;
    Take(run, id, step, current, !need_stop);
    role = next;
  }
  while (from <= run.at(id).next_role && role != from && !run.at(id).blocked) {
    const Role next = RoleTowards(role, from);
    const Step step = StepBetween(role, next);
    if (step == Step::kNone) break;
    const bool required = need_stop || (step == Step::kPromote && need_promote);
    Take(run, id, step, run.at(id).node, !required);
    role = next;
  }
  run.at(id).restarting = false;
}

void RoleWalk(Run& run, ResourceId id) {
  Role role = run.at(id).role;
  while (role != run.at(id).next_role) {
    const Role next = RoleTowards(role, run.at(id).next_role);
    const Step step = StepBetween(role, next);
    if (step == Step::kNone) break;
    Take(run, id, step, run.at(id).node, false);
    role = next;
  }
}

void StopDanglingSources(Run& run, ResourceId id) {
  const std::vector<NodeId> sources = run.at(id).dangling;
  for (const NodeId node : sources) {
    const ActionId stop = RequestAction(run, id, Symbol::kStop, 0, node, false);
    run.at(stop).migration_abort = true;
  }
}

// What the two walks depend on.
struct Demands {
  bool stop = false;
  bool promote = false;
  bool migrate = false;
};

// Steps 3 and 4 of spec 05 §8.3.
void JudgeMultiplicity(Run& run, ResourceId id, NodeId current, Demands& needs) {
  Resource& resource = run.at(id);
  const ActiveCounts counts = CountActive(run, id);
  bool multiply_active = false;
  if (resource.migration_source.valid() && resource.migration_target.valid() && needs.migrate && counts.all == 2 &&
      current == resource.migration_source && resource.node == resource.migration_target) {
    // The recorded migration continues.
  } else if (resource.migration_source.valid() || resource.migration_target.valid()) {
    needs.stop = true;
    needs.migrate = false;
    resource.migration_source = resource.migration_target = NodeId();
  } else {
    multiply_active = (resource.needs_fencing ? counts.all : counts.clean) > 1;
  }
  if (!multiply_active) {
    resource.stop_unexpected = false;
  } else if (resource.multiple_active == MultipleActive::kStopStart) {
    needs.stop = true;
  } else if (resource.multiple_active == MultipleActive::kStopUnexpected) {
    needs.stop = true;
    resource.stop_unexpected = true;
  }
}

// Step 6 of spec 05 §8.3, for a resource that does not move.
void JudgeInPlace(Run& run, ResourceId id, NodeId current, Demands& needs) {
  const Resource& resource = run.at(id);
  if (resource.failed) {
    if (resource.stop_on_failure) {
      needs.stop = true;
    } else if (resource.next_role == Role::kPromoted) {
      needs.promote = true;
    }
  } else if (resource.blocked) {
    needs.stop = true;
  } else if (resource.role > Role::kStarted && current.valid() && resource.node.valid()) {
    const ActionId start = RequestAction(run, id, Symbol::kStart, 0, resource.node, true);
    if (!run.at(start).optional) needs.stop = true;  // its definition changed
  }
}

}  // namespace

void CreatePrimitiveActions(Run& run, ResourceId id) {
  if (Resource& resource = run.at(id); resource.next_role == Role::kUnknown) {
    resource.next_role = resource.node.valid() ? Role::kStarted : Role::kStopped;
  }
  const NodeId current = CurrentNode(run, id);
  StopDanglingSources(run, id);

  Demands needs;
  const NodeId assigned = run.at(id).node;
  const bool moving =
      current.valid() && assigned.valid() && current != assigned && run.at(id).next_role >= Role::kStarted;
  if (moving) {
    needs.stop = true;
    needs.migrate = MayMigrate(run, id, current);
  }
  JudgeMultiplicity(run, id, current, needs);
  if (run.at(id).start_pending) {
    const ActionId start = RequestAction(run, id, Symbol::kStart, 0, assigned, true);
    run.at(start).forced_in = true;
  }
  if (!moving) JudgeInPlace(run, id, current, needs);

  RestartWalk(run, id, current, needs.stop, needs.promote);
  RoleWalk(run, id);
  CreateRecurring(run, id);
  if (needs.migrate) CreateMigration(run, id, current);
}

}  // namespace picket::solver
