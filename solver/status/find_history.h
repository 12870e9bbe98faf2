// Which resource a recorded history is about (spec 02 §3).
#pragma once

#include "solver/model/run.h"

namespace picket::solver {

// The primitive for a history of `node`: found by id, chosen among the instances of an anonymous clone, or made for a
// resource that is not configured any more. None: the history is skipped. Sets the resource's history id.
ResourceId ResourceOfHistory(Run& run, NodeId node, const ResourceHistory& history);

}  // namespace picket::solver
