#include "solver/order/order.h"

namespace picket::solver {

bool Link(Run& run, ActionId first, ActionId then, Kinds kinds) {
  if (kinds == 0 || !first.valid() || !then.valid()) return false;
  // Any overlap with what was linked before drops the new link, further kinds included (spec 05 §11.3). What
  // the first's side says never changes, so the union of all records is as good as each of them.
  Kinds& known = run.linked.Of(first, then);
  if ((known & kinds) != 0) return false;
  known |= kinds;

  const RelationId id(run.relations.size());
  Relation relation{first, then, kinds, kinds, run.at(then).before_head, run.at(first).after_head, false};
  run.relations.push_back(relation);
  run.at(then).before_head = id;
  run.at(first).after_head = id;
  return true;
}

}  // namespace picket::solver
