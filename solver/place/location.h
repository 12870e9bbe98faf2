// Applying location constraints to rows (spec 03 §4.4-4.6).
//
// Reading them is solver/constraints. Cost: entries of the constraint × resources it reaches.
#pragma once

#include "solver/model/run.h"

namespace picket::solver::place {

// One constraint, spread over the resource and what is below it by the rules of its variant.
void ApplyLocation(Run& run, ResourceId resource, LocationId location);

// All constraints of `group` on a row that stands for `member` for a moment (spec 03 §10.3.1, "group refinement").
void ApplyLocationsToRow(const Run& run, ResourceId group, ResourceId member, Row& row);

}  // namespace picket::solver::place
