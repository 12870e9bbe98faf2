// What is wrong with the fencing of a policy, asked of the same functions that carry fencing out (execution/fencing).
//
// For CompileOptions::review. Errors: nodes that nothing can fence, levels with a device that cannot reach their
// target. Warnings: devices that only their target may use, races, delays that count for nothing, levels that are
// ambiguous or replaced.
#pragma once

#include <vector>

#include "compiler/compile.h"
#include "simulator/timing/limits.h"

namespace picket::simulator {

void CheckFencing(const compiler::Review& review);

// The times that have to fit one another, those that do and those that do not.
std::vector<Limit> LimitsOf(const compiler::Review& review);

}  // namespace picket::simulator
