// What is wrong with the fencing of a policy, asked of the same functions that carry fencing out (execution/fencing).
//
// For CompileOptions::review. Errors: nodes that nothing can fence, levels with a device that cannot reach their
// target. Warnings: devices that only their target may use, races, delays that count for nothing, levels that are
// ambiguous or replaced.
#pragma once

#include "compiler/compile.h"

namespace picket::simulator {

void CheckFencing(const compiler::Review& review);

}  // namespace picket::simulator
