// The list of nodes where a resource is active, and what follows from being on several (spec 02 §15.1).
#pragma once

#include "solver/model/run.h"

namespace picket::solver {

// `failed`: active there after a failure, which does not count for the node's priority.
void AddActive(Run& run, ResourceId resource, NodeId node, bool failed);

}  // namespace picket::solver
