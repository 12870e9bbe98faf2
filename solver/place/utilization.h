// Utilization: what resources need, what nodes have left, and which nodes are therefore out (spec 03 §14).
//
// Cost: a check is the colocated set plus nodes × attributes.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "solver/model/run.h"

namespace picket::solver::place {

using Amounts = std::vector<std::pair<std::string, int64_t>>;

// Parses the configured utilization of nodes and resources, where that has not been done yet.
void PrepareUtilization(Run& run);

// A resource takes its share of a node, or gives it back.
void TakeCapacity(Run& run, ResourceId primitive, NodeId node);
void GiveCapacity(Run& run, ResourceId primitive, NodeId node);

// <0: `a` has more free capacity than `b` by a vote over the attributes (spec 03 §14.2).
int CompareCapacity(const Run& run, NodeId a, NodeId b);

// Bans the nodes that have not enough for the primitive and what is colocated with it; gives the most capable node if
// none has (spec 03 §14.3).
NodeId BanByCapacity(Run& run, ResourceId primitive);

// `Original:` and `Remaining:` lines, and the line of an assignment (spec 03 §15.4).
void RecordCapacities(Run& run, bool original);
void RecordUtilization(Run& run, ResourceId primitive, NodeId node);

}  // namespace picket::solver::place
