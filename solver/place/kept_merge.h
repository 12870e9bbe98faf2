// What merging all that depends on a resource does to a row, kept until a score below the resource changes.
//
// A merge visits paths of colocations (merge.h). What is kept apart from everything else has a path for every subset of
// resources; but below one resource it is always the same series of additions, node by node, as long as no step of it
// is dropped for want of a usable node. So the series is put together once (solver/model/score_change.h), and taken
// wherever some node is sure to stay usable all the time. Else it is put together for the scores of those nodes that
// may be usable. It never changes an answer: the plain solver of tests/plain always walks. Cost: the colocations below
// × nodes, once for each factor, and again for each set of scores that drops steps.
#pragma once

#include "solver/model/run.h"
#include "solver/place/merge.h"

namespace picket::solver::place {

// The same as following what depends on `source` into `work`, which has just got the scores of `source` itself with
// `factor` and has a usable node (spec 03 §10.2). False: not done. Where somebody wants reasons, a long series is told
// in one for each node, caused by `colocation`.
bool MergeKept(Run& run, ResourceId source, Row& work, ColocationId colocation, float factor, const MergeMode& mode);

}  // namespace picket::solver::place
