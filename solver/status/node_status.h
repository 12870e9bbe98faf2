// Whether nodes are there: membership of cluster nodes, connections of remote and guest nodes (spec 02 §2).
#pragma once

#include "solver/model/run.h"

namespace picket::solver {

// The node of a node state, by id, else by name; none: the state of a removed node.
NodeId NodeOf(const Run& run, const NodeState& state);

// First pass (spec 02 §2.1): all of a cluster node, one flag of the others.
void ReadNodeState(Run& run, const NodeState& state);

// A remote or guest node is as its connection and its launcher are (spec 02 §2.4).
void UpdateRemoteStatus(Run& run, NodeId node);
// When its history is read (spec 02 §2.5).
void ReadRemoteAttributes(Run& run, NodeId node, const NodeState& state);

}  // namespace picket::solver
