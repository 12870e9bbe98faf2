// What enters the graph: which actions are listed and which relations become their inputs (spec 05 §21.1,
// §21.2; 06 §3.2, §6.2).
#include "solver/model/query.h"
#include "solver/order/order.h"

namespace picket::solver {
namespace {

constexpr Kinds kMild = kind::kSeq | kind::kShowFirst | kind::kShowThen;

// Row 7: an ordering that only matters on the node where something is about to arrive.
bool AcceptsTargetNode(const Run& run, const Relation& relation) {
  const Action& first = run.at(relation.first);
  const Action& then = run.at(relation.then);
  if (then.resource.valid() && then.name == Symbol::kMigrateTo) return first.node == run.at(then.resource).node;
  return first.node == then.node && !first.optional;
}

// Row 8.
bool AcceptsNeededHere(const Run& run, const Relation& relation) {
  const Action& first = run.at(relation.first);
  const Action& then = run.at(relation.then);
  if (first.node.valid() && then.node.valid() && first.node != then.node) return false;
  return !first.optional;
}

// Row 9: a stop that will not happen does not hold up the rest of a clone.
bool IsStuckStopBeforeClone(const Run& run, const Relation& relation) {
  const Action& first = run.at(relation.first);
  const Action& then = run.at(relation.then);
  if (!first.resource.valid() || first.resource == then.resource || !then.resource.valid()) return false;
  const Resource& resource = run.at(first.resource);
  return resource.failed && !resource.managed && KeyEndsWithStop(run, relation.first) &&
         run.at(then.resource).is_clone();
}

}  // namespace

bool PassesGraphFilter(const Run& run, ActionId id) {
  const Action& action = run.at(id);
  if (!action.runnable) return false;
  if (action.optional && !action.forced_in) return false;
  if (action.resource.valid() && !run.at(action.resource).managed && action.name != Symbol::kMonitor &&
      action.interval_ms == 0) {
    return false;
  }
  if (action.pseudo || action.name == Symbol::kStonith || action.name == Symbol::kDoShutdown) return true;
  if (!action.node.valid()) return false;
  if (action.can_run_on_dc) return true;
  const Node& node = run.at(action.node);
  if (IsGuestNode(run, action.node) && !node.needs_reset) return true;
  return node.online && !node.unclean;
}

bool AcceptsInput(Run& run, RelationId id) {
  const Relation relation = run.at(id);
  const Kinds kinds = relation.kinds_before;
  const Action& first = run.at(relation.first);
  if (relation.accepted) return true;
  if (kinds == 0) return false;
  if (!first.runnable && ((kinds & ~kMild) == 0 || (kinds & (kind::kCount | kind::kMigGate)) != 0)) return false;
  if ((kinds & kind::kUnlessMigrating) != 0 && first.migratable) return false;
  if (kinds == kind::kSeq && first.migratable && KeyEndsWithStop(run, relation.first)) return false;
  if (kinds == kind::kTargetNode || kinds == kind::kNeededHere) {
    const bool accepted =
        kinds == kind::kTargetNode ? AcceptsTargetNode(run, relation) : AcceptsNeededHere(run, relation);
    if (!accepted) run.at(id).kinds_before = 0;
    return accepted;
  }
  if (IsStuckStopBeforeClone(run, relation)) return false;
  return !first.optional || first.forced_in || first.listed || PassesGraphFilter(run, relation.first);
}

}  // namespace picket::solver
