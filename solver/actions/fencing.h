// Fencing requests: who must be fenced, may be fenced, is unfenced (spec 01 §10, 02 §21, 05 §15.1, §15.2, §15.6).
//
// The fencing and shutdown stage itself (spec 05 §15.3) is in fencing_stage.cc.
#pragma once

#include <string_view>

#include "solver/model/run.h"

namespace picket::solver {

// "Fence node N for reason W": marks the node (or its launcher) and creates the optional fencing operation. The first
// reason stays.
void FenceNode(Run& run, NodeId node, std::string_view reason, bool priority_delay = false);
bool CanBeFenced(const Run& run, NodeId node);

// The fencing operation `stonith-NODE-OP`, created if need be (with unfencing digests, spec 02 §18); `operation` empty:
// the configured fencing-action. Required if `optional` is false. `reason` (may be empty) does not overwrite.
ActionId FencingOperation(Run& run, NodeId node, std::string_view operation, bool optional, std::string_view reason,
                          bool priority_delay = false);

// "Trigger unfencing": nothing unless unfencing is in use (spec 05 §15.6). `device` may be none.
void TriggerUnfencing(Run& run, ResourceId device, NodeId node, std::string_view reason);
// "Order after unfencing" of `node` the action `then` of resource `resource` (spec 05 §15.6).
void OrderAfterUnfencing(Run& run, ResourceId resource, NodeId node, ActionId then, Kinds kinds);

}  // namespace picket::solver
