// What the stages of a run promise one another: checked between them, in release builds as well (PICKET_ASSERT).
//
// A stage that breaks its promise is a defect of Picket. The program then ends with the exit status 70 in place of a
// transition that nobody asked for. Each check is one pass over the tables of the run.
#pragma once

#include "solver/graph/transition.h"
#include "solver/model/run.h"

namespace picket::solver {

// After S3: each resource and node knows its own number, and every id that leads from one to another is in its table.
void CheckUnpacked(const Run& run);

// After S5: colocations, locations and tickets name resources and nodes of this run.
void CheckConstraints(const Run& run);

// After S9: a primitive that has a node has one of this run.
void CheckAssigned(const Run& run);

// After S17: actions know their own number, and every relation leads from one action of this run to another.
void CheckActions(const Run& run);

// After S18: the inputs of each listed action are a part of one table, and are actions of this run.
void CheckTransition(const Run& run, const Transition& transition);

}  // namespace picket::solver
