// Assigning a clone: its primaries, its dependents' wishes, its instances, their roles (spec 04 §4.1).
#include <vector>

#include "solver/model/merge_sort.h"
#include "solver/place/assign.h"
#include "solver/place/instances.h"
#include "solver/place/merge.h"
#include "solver/place/place.h"
#include "solver/place/promotion.h"
#include "solver/place/rows.h"

namespace picket::solver::place {

NodeId AssignClone(Run& run, ResourceId id, NodeId preferred, bool final) {
  if (run.at(id).assigned || run.at(id).assigning) return {};
  run.at(id).assigning = true;
  if (run.at(id).promotable) AddPromotionScores(run, id);
  // The primaries' scores are not added to the clone's own: the instances apply them themselves.
  for (const ColocationId c : ThisWith(run, id)) Assign(run, run.at(c).primary, preferred, final);
  for (const ColocationId c : WithThis(run, id)) ApplyWithThis(run, id, c);
  RecordScoresBelow(run, id, ScoreStage::kClone);
  MergeSort(run.at(id).children, [&](ResourceId a, ResourceId b) { return CompareInstances(run, a, b); });
  const CloneData& clone = *run.at(id).clone;
  Distribute(run, id, std::vector<ResourceId>(run.at(id).children), clone.clone_max, clone.clone_node_max);
  if (run.at(id).promotable) SelectRoles(run, id);
  run.at(id).assigning = false;
  run.at(id).assigned = true;
  return {};
}

}  // namespace picket::solver::place
