// What should run in a cluster that has settled, and does not.
//
// Settled means that there is nothing left to do, and not that all is well: a resource may have failed
// everywhere, wait for a node, or be left alone after a failed stop.
#pragma once

#include <string>
#include <vector>

#include "solver/model/run.h"

namespace picket::runtime {

// One line each, in the order of the configuration. `run` is as ReadStatus() has filled it. A clone runs if
// an instance does, and is promoted if an instance is; what the configuration has stopped on purpose is left
// out.
std::vector<std::string> NotRunning(const solver::Run& run);

}  // namespace picket::runtime
