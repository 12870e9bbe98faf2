// One history: the steps of a test, played one after the other.
//
// Each fault strikes when the cluster has come to rest from the one before, but for those that a `during`
// names, which strike when an operation begins.
#pragma once

#include "compiler/scenario/scenario.h"
#include "execution/choices.h"
#include "simulator/scenario/play.h"
#include "simulator/world/world.h"
#include "solver/model/run.h"

namespace picket::simulator {

// `rested` is the cluster at rest before anything happens; `run` is scratch. `choices` decides what a cluster
// leaves open; `on_rest` may be empty.
Verdict PlaySteps(const World& rested, const compiler::scenario::Test& test, solver::Run& run,
                  execution::Choices& choices, const RestListener& on_rest);

}  // namespace picket::simulator
