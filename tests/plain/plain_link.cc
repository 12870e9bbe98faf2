// The plain solver's linking: the overlap is looked for in the first action's list, as spec 05 §11.3 says it.
// See solver/order/link.cc.
#include "solver/order/order.h"

namespace picket::solver {

bool Link(Run& run, ActionId first, ActionId then, Kinds kinds) {
  if (kinds == 0 || !first.valid() || !then.valid()) return false;
  for (RelationId id = run.at(first).after_head; id.valid(); id = run.at(id).next_after) {
    if (run.at(id).then == then && (run.at(id).kinds_after & kinds) != 0) return false;
  }
  Relation relation;
  relation.first = first;
  relation.then = then;
  relation.kinds_before = relation.kinds_after = kinds;
  relation.next_before = run.at(then).before_head;
  relation.next_after = run.at(first).after_head;
  const RelationId id(run.relations.size());
  run.relations.push_back(relation);
  run.at(then).before_head = run.at(first).after_head = id;
  return true;
}

}  // namespace picket::solver
