// What a finished transition is as a graph: why it cannot complete, and how long it takes at least.
//
// The transition's own vectors are the graph; here they are handed to Boost.Graph for the two questions that
// its algorithms answer better than code of ours. Boost stays in the .cc file. Cost: synapses and inputs; the
// critical path the same, once.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "solver/graph/transition.h"

namespace picket::solver {

// Actions that wait for one another in a circle, each loop in order of listing, the loops by their first
// action. A transition with a loop stops before it (spec 05 §20).
std::vector<std::vector<ActionId>> FindLoops(const Transition& transition);

// The longest chain of actions by duration, first to last, and its length; nothing if there is a loop.
struct CriticalPath {
  std::vector<ActionId> actions;
  int64_t length_ms = 0;
};
// `duration_ms` has one entry for each synapse.
std::optional<CriticalPath> FindCriticalPath(const Transition& transition, const std::vector<int64_t>& duration_ms);

}  // namespace picket::solver
