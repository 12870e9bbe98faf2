// Schedule: from a cluster and its state to the transition that brings it where it should be.
//
// A pure function of its arguments: no clock, no I/O, no globals, a defined order everywhere; what `run` held
// before makes no difference. Stages and their order: spec 05 §2. Cost: see docs/solver/stages.md.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "solver/graph/transition.h"
#include "solver/model/cluster.h"
#include "solver/model/run.h"
#include "solver/model/state.h"

namespace picket::solver {

// The first half: configuration and status unpacked into `run`; what "Current cluster status" shows.
void ReadStatus(const Cluster& cluster, const State& state, Run& run, Recorder* recorder);

// The second half, for a Run that ReadStatus() has just filled: the simulator shows that status before it
// decides.
Transition Decide(Run& run);

// Both halves. `recorder` may be null.
Transition Schedule(const Cluster& cluster, const State& state, Run& run, Recorder* recorder);

// From here on `run` keeps from one solve of `cluster` to the next what is the same in all of them, until this is
// called for another cluster. `owner` is what `cluster` lives in: nobody changes `cluster` while `owner` exists. The
// answers are those of a fresh Run (tests/plain/same_test.cc).
void KeepFor(Run& run, std::shared_ptr<const void> owner, const Cluster& cluster);

// Whether preferences of colocations do not count in the answer of this Run, because following all of them would have
// taken too many steps (solver/place/merge.h): the cluster may decide otherwise.
bool LeavesPreferencesOut(const Run& run);
// What is said of an answer of which that is so.
std::string PreferencesLeftOut();

// Runs `work` on a thread with a stack large enough for the recursion of propagation (256 MiB of addresses,
// touched only when used). The callers at the edge use it once around everything they do with a Run.
void WithLargeStack(const std::function<void()>& work);

}  // namespace picket::solver
