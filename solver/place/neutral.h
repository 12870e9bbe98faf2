// Colocations that change nothing: below a resource, everything that depends on it prefers no node to
// another.
//
// A merge visits paths of colocations (merge.h), and most paths lead through resources whose scores are all
// zero. Whether that is so is asked once for each resource and kept until a score below it changes. It never
// changes an answer: the plain solver of tests/plain always walks. Cost: the colocations below, once.
#pragma once

#include "solver/model/run.h"

namespace picket::solver::place {

// The same as following what depends on `source` into `work`, which has just got the scores of `source`
// itself with `factor` and has a usable node, if that is known to be neutral (spec 03 §10.2). False: not
// done.
bool SkipNeutral(Run& run, ResourceId source, Row& work, float factor, bool strict);

// The scores of `resource` are about to change, or have changed.
void ForgetNeutral(Run& run, ResourceId resource);
// Which nodes are available has changed, or which colocations there are.
void ForgetAllNeutral(Run& run);

}  // namespace picket::solver::place
