// Assigning a group: its members in order (spec 03 §11.2).
#include <vector>

#include "solver/place/assign.h"
#include "solver/place/place.h"
#include "solver/place/rows.h"

namespace picket::solver::place {

NodeId AssignGroup(Run& run, ResourceId id, NodeId preferred, bool final) {
  if (run.at(id).assigned) return run.at(id).node;
  if (run.at(id).assigning) return {};
  const std::vector<ResourceId> members = run.at(id).children;
  if (members.empty()) {
    run.at(id).assigned = true;
    return {};
  }
  run.at(id).assigning = true;
  run.at(id).role = run.at(members.front()).role;
  if (!run.Behaves(Behaviour::kGroupColocationsStay)) MoveColocationsToMembers(run, id);
  RecordScoresBelow(run, id, ScoreStage::kGroup);
  NodeId first_node;
  for (const ResourceId member : members) {
    const NodeId node = Assign(run, member, preferred, final);
    if (!first_node.valid()) first_node = node;
  }
  run.at(id).next_role = run.at(members.front()).next_role;
  run.at(id).assigning = false;
  run.at(id).assigned = true;
  return run.at(id).group_collocated ? first_node : NodeId();
}

}  // namespace picket::solver::place
