// Inside the graph room: small things that listing, describing and drawing share.
#pragma once

#include "solver/model/run.h"

namespace picket::solver {

// Sorts an action's before-list by the first action's id and merges records of the same two actions (spec 05
// §21.3), once.
void MergeBefore(Run& run, ActionId action);

// Whether the node learns about maintenance that begins or ends (spec 06 §4.3.4).
inline bool ChangesRemoteMaintenance(const Node& node) {
  return node.remote && node.maintenance != node.remote_maintenance;
}

}  // namespace picket::solver
