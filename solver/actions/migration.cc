// Live migration (spec 05 §17.1, §17.2). The stop and the start of the role walk stay; whether the migration
// really happens instead of them is decided by propagation along the orderings recorded here.
#include "solver/actions/create.h"
#include "solver/actions/resource_actions.h"
#include "solver/model/query.h"
#include "solver/order/order.h"

namespace picket::solver {

bool MayMigrate(const Run& run, ResourceId id, NodeId current) {
  const Resource& resource = run.at(id);
  return resource.migratable && resource.managed && !resource.failed && !resource.start_pending && current.valid() &&
         !run.at(current).unclean && !run.at(resource.node).unclean;
}

void CreateMigration(Run& run, ResourceId id, NodeId source) {
  const NodeId target = run.at(id).node;
  const bool continues = run.at(id).migration_target.valid();

  // Asking again clears the reason of the stop (spec 05 §3.4).
  const ActionId start = RequestAction(run, id, Symbol::kStart, 0, target, true);
  const ActionId stop = RequestAction(run, id, Symbol::kStop, 0, source, true);
  run.at(start).migratable = true;
  run.at(start).pseudo = true;
  run.at(stop).migratable = true;

  ActionId migrate_to;
  if (!continues) migrate_to = RequestAction(run, id, Symbol::kMigrateTo, 0, source, true);
  const ActionId migrate_from = RequestAction(run, id, Symbol::kMigrateFrom, 0, target, true);
  run.at(migrate_from).migratable = true;
  if (continues) {
    run.at(migrate_from).needs = run.at(start).needs;
    Record(run, End(id, Symbol::kMonitor), End(id, Symbol::kMigrateFrom), kind::kSeq);
  } else {
    run.at(migrate_to).migratable = true;
    run.at(migrate_to).needs = run.at(start).needs;
    Record(run, End(id, Symbol::kMonitor), End(id, Symbol::kMigrateTo), kind::kSeq);
    Record(run, End(id, Symbol::kMigrateTo), End(id, Symbol::kMigrateFrom), kind::kSeq | kind::kMigGate);
  }
  Record(run, End(id, Symbol::kMigrateFrom), End(id, Symbol::kStop), kind::kSeq | kind::kMigGate);
  Record(run, End(id, Symbol::kMigrateFrom), End(id, Symbol::kStart), kind::kSeq | kind::kMigGate | kind::kFallback);

  for (const ActionId action : {migrate_to, migrate_from}) {
    if (!action.valid()) continue;
    run.at(action).meta.Set("migrate_source", run.at(source).name);
    run.at(action).meta.Set("migrate_target", run.at(target).name);
  }
  if (migrate_to.valid() && !run.at(id).connection) SetMeta(run, migrate_to, "record-pending", "true");
}

}  // namespace picket::solver
