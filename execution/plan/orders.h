// A plan whose steps become orders: with what agents have to be told, and with words for people.
//
// PlanOrders() is `Schedule` and nothing else: the transition it holds is the one that `picket simulate` shows for the
// same state. Pure; cost: one solve, and the actions.
#pragma once

#include "execution/plan/plan.h"
#include "solver/model/cluster.h"
#include "solver/model/run.h"
#include "solver/model/state.h"

namespace picket::execution {

// Needs a thread with a large stack (solver/schedule.h). `run` is scratch.
Plan PlanOrders(const solver::Cluster& cluster, const solver::State& state, solver::Run& run);

}  // namespace picket::execution
