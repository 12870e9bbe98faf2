// Orderings that contradict how guests run, and the one kind of loop that is broken here (spec 05 §20).
//
// A loop that remains stays in the graph; solver/graph/analysis.h names it.
#include <vector>

#include "solver/model/query.h"
#include "solver/order/order.h"
#include "solver/order/propagation.h"

namespace picket::solver {
namespace {

// Whether following inputs from `action` backwards leads to `start`. What was visited once need not be
// visited again: whether the start is reached from there does not depend on the path.
bool LeadsTo(Run& run, ActionId action, ActionId start, std::vector<bool>& visited) {
  visited[action.index()] = true;
  for (RelationId id = run.at(action).before_head; id.valid(); id = run.at(id).next_before) {
    if (!AcceptsInput(run, id)) continue;
    const ActionId first = run.at(id).first;
    if (first == start) return true;
    if (!visited[first.index()] && LeadsTo(run, first, start, visited)) return true;
  }
  return false;
}

bool IsLoop(Run& run, RelationId id) {
  const Relation relation = run.at(id);
  if (relation.first == relation.then) return true;
  if (!AcceptsInput(run, id)) return false;
  std::vector<bool> visited(run.actions.size(), false);
  return LeadsTo(run, relation.first, relation.then, visited);
}

// What has to run for the connection to the node. An entry among the configured nodes that does not say that the node
// is a guest takes away its other rights as one, not this.
ResourceId LauncherBehind(const Run& run, NodeId node) {
  const ResourceId connection = run.at(node).connection;
  return connection.valid() ? run.at(connection).launcher : ResourceId();
}

bool IsInvalid(Run& run, RelationId id) {
  const Relation relation = run.at(id);
  const Action& first = run.at(relation.first);
  const Action& then = run.at(relation.then);
  if ((relation.kinds_before & kind::kGuestOk) == 0 && first.resource.valid() && first.node.valid() &&
      then.resource.valid() && LauncherBehind(run, first.node) == then.resource) {
    return true;
  }
  return relation.kinds_before == kind::kTargetNode && then.resource.valid() && then.name == Symbol::kMigrateTo &&
         IsLoop(run, id);
}

}  // namespace

void DropInvalid(Run& run) {
  for (size_t i = run.actions.size(); i-- > 0;) {
    for (RelationId id = run.at(ActionId(i)).before_head; id.valid(); id = run.at(id).next_before) {
      if (IsInvalid(run, id)) run.at(id).kinds_before = 0;
    }
  }
}

}  // namespace picket::solver
