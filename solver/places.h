// Where resources may be by what the configuration says alone: the first stages of a run, without what happened.
//
// Node health, locations with their rules (permanent attributes, the given time), exclusive discovery, opt-in clusters
// and tickets count, and no ticket is granted. Nothing of the status is read, nothing is assigned. A fencer decides by
// this which devices it knows.
#pragma once

#include "solver/model/cluster.h"
#include "solver/model/run.h"
#include "solver/model/state.h"

namespace picket::solver {

// `state` gives the time; what else is in it is not looked at. Resources have their rows and finished meta tables.
void ReadPlaces(const Cluster& cluster, const State& state, Run& run);

}  // namespace picket::solver
