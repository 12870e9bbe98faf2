#include "solver/model/query.h"
#include "solver/order/order.h"

namespace picket::solver {
namespace {

// The name that decides about equivalents: that of a given action, else the operation of the key.
Symbol NameOf(const Run& run, const OrderingEnd& end) {
  return end.action.valid() ? run.at(end.action).name : end.operation;
}

void Append(Run& run, OrderingEnd first, OrderingEnd then, Kinds kinds) {
  run.orderings.push_back(Ordering{first, then, kinds});
}

void Fill(const Run& run, OrderingEnd& end) {
  if (!end.action.valid()) return;
  const Action& action = run.at(end.action);
  end.resource = action.resource;
  end.operation = action.key_operation;
  end.interval_ms = action.interval_ms;
}

// What an ordering means when one of its two resources moves alive instead of stopping and starting (spec 05
// §17.3).
void AppendEquivalents(Run& run, const OrderingEnd& first, const OrderingEnd& then) {
  const ResourceId a = first.resource;
  const ResourceId b = then.resource;
  if (!a.valid() || !b.valid() || a == b || IsAncestor(run, a, b) || IsAncestor(run, b, a)) return;
  const bool a_migrates = run.at(a).migratable;
  const bool b_migrates = run.at(b).migratable;
  if (!a_migrates && !b_migrates) return;

  const Symbol first_name = NameOf(run, first);
  const Symbol then_name = NameOf(run, then);
  const Kinds unless = kind::kSeq | (a_migrates ? kind::kUnlessMigrating : 0);
  const bool b_arrives = run.at(b).migration_target.valid();
  if (then_name == Symbol::kStart && first_name == Symbol::kStart) {
    if (a_migrates && b_migrates) Append(run, End(a, Symbol::kMigrateFrom), End(b, Symbol::kMigrateTo), kind::kSeq);
    if (b_migrates) Append(run, End(a, Symbol::kStart), End(b, Symbol::kMigrateTo), unless);
  } else if (then_name == Symbol::kStop && first_name == Symbol::kStop) {
    if (!b_migrates) return;
    Append(run, End(a, Symbol::kStop), End(b, Symbol::kMigrateTo), unless);
    if (b_arrives) Append(run, End(a, Symbol::kStop), End(b, Symbol::kMigrateFrom), unless);
  } else if (then_name == Symbol::kStart && first_name == Symbol::kPromote) {
    if (b_migrates) Append(run, End(a, Symbol::kPromote), End(b, Symbol::kMigrateTo), kind::kSeq);
  } else if (then_name == Symbol::kStop && first_name == Symbol::kDemote) {
    if (!b_migrates) return;
    Append(run, End(a, Symbol::kDemote), End(b, Symbol::kMigrateTo), kind::kSeq);
    if (b_arrives) Append(run, End(a, Symbol::kDemote), End(b, Symbol::kMigrateFrom), kind::kSeq);
  }
}

}  // namespace

void Record(Run& run, OrderingEnd first, OrderingEnd then, Kinds kinds) {
  Fill(run, first);
  Fill(run, then);
  Append(run, first, then, kinds);
  AppendEquivalents(run, first, then);
}

}  // namespace picket::solver
