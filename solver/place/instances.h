// Instances of a collective: their order, and how they are spread over nodes (spec 04 §4.2-§4.5).
//
// Clones use it for their children, bundles for their containers. Cost: every trial placement of an instance is an
// assignment, and an instance has at most as many trials as there are instances to place.
#pragma once

#include <cstdint>
#include <vector>

#include "solver/model/run.h"

namespace picket::solver::place {

// <0: `a` first. Not transitive, so the order depends on the sort.
int CompareInstances(Run& run, ResourceId a, ResourceId b);

// Assigns at most `total` of the instances, in the order of the list, at most `per_node` on one node.
void Distribute(Run& run, ResourceId collective, const std::vector<ResourceId>& instances, int total, int per_node);

void ResetCounts(Row& row);

}  // namespace picket::solver::place
