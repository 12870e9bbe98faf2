// How many steps merging takes at least, without taking one (merge.h): for whoever wants to know beforehand that a
// configuration exceeds the limit.
//
// Counts what is walked whatever the scores are: the chains of colocations below each resource, as far as they cannot
// be put together once (kept_merge.h). It needs the colocations of a Run and none of its rows, and stops at the limit.
#pragma once

#include <optional>

#include "solver/model/run.h"

namespace picket::solver::place {

// The colocation from which on preferences would not count; nullopt where the limit is not reached.
std::optional<ColocationId> WhereChainsExceedTheLimit(Run& run);

}  // namespace picket::solver::place
