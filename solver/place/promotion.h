// Promotion: scores of promotable instances, and who is promoted (spec 04 §9.1-§9.6).
//
// Cost: instances × nodes for the scores before assignment; then one walk over the instances and a sort.
#pragma once

#include <optional>

#include "solver/model/run.h"

namespace picket::solver::place {

// The promotion score of an instance (of a group: of its members together) on a node; none: unset or not to be counted.
std::optional<Score> PromotionScore(const Run& run, ResourceId instance, NodeId node);

// Before the instances are distributed; once per run and clone.
void AddPromotionScores(Run& run, ResourceId clone);

// After it: priorities, order, and the roles (spec 04 §9.3-§9.6).
void SelectRoles(Run& run, ResourceId clone);

}  // namespace picket::solver::place
