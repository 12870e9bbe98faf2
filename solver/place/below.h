// What lies below a resource, for what is kept about it: the colocations that a merge follows (neutral.h,
// kept_merge.h).
#pragma once

#include "solver/model/run.h"

namespace picket::solver::place {

// Whether merges follow the rules that are kept, and whether anything is kept: the plain solver of tests/plain keeps
// nothing.
bool UnderstandsBelow(const Run& run);

// Not simple: what a merge does is more than looking at the row of one resource. By an attribute, from inside a bundle,
// from a group whose location constraints come back (merge.cc). And the rows of instances change on trial.
bool IsSimple(const Run& run, ResourceId resource);
bool IsSimple(const Run& run, const Colocation& colocation);

// The resource whose row counts for a dependent: of a group the first member's.
ResourceId Speaker(const Run& run, ResourceId dependent);

// What is kept about `source` rests on the rows of this dependent: ForgetNeutral() forgets both.
void RestOn(Run& run, ResourceId source, const Colocation& colocation);

}  // namespace picket::solver::place
