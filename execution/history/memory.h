// What a join makes of a node's history (09 §8.6).
//
// A node's controller remembers of each resource its last success that was not recurring, its last failure,
// and the monitors that run. The CIB can hold more: a join, and an election for every node, puts what is
// remembered in the place of the node's history.
#pragma once

#include "solver/model/state.h"

namespace picket::execution {

// The history as a join leaves it. What a failed last operation has replaced is not known any more: it stays
// away. Cost: the entries.
void KeepWhatIsRemembered(solver::NodeState& state);

}  // namespace picket::execution
