#include "solver/schedule.h"

#include <pthread.h>

#include <exception>
#include <utility>

#include "solver/actions/stages.h"
#include "solver/actions/summary.h"
#include "solver/constraints/constraints.h"
#include "solver/order/order.h"
#include "solver/place/merge.h"
#include "solver/place/place.h"
#include "solver/promises.h"
#include "solver/status/status.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {

namespace {

// What follows belongs to the stage of that name.
void Enter(const Run& run, std::string_view stage) {
  if (run.watch) run.watch->Begin(stage);
}

}  // namespace

void ReadStatus(const Cluster& cluster, const State& state, Run& run, Recorder* recorder) {
  run.cluster = &cluster;
  run.state = &state;
  run.recorder = recorder;
  Enter(run, "configuration");
  UnpackConfiguration(run);
  Enter(run, "status");
  UnpackStatus(run);
  CheckUnpacked(run);
}

Transition Schedule(const Cluster& cluster, const State& state, Run& run, Recorder* recorder) {
  ReadStatus(cluster, state, run, recorder);
  return Decide(run);
}

Transition Decide(Run& run) {
  // The stages of spec 05 §2 by their numbers; S1-S3 are in ReadStatus.
  Enter(run, "constraints");
  ApplyHealth(run);        // S4
  UnpackConstraints(run);  // S5
  CheckConstraints(run);
  ApplyNodeCriteria(run);  // S6
  Enter(run, "orderings");
  RecordImplicit(run);  // S7
  Enter(run, "definitions");
  CheckDefinitions(run);  // S8
  Enter(run, "placement");
  AssignResources(run);  // S9
  CheckAssigned(run);
  CheckDeferredDefinitions(run);  // S10
  Enter(run, "probes");
  ScheduleProbes(run);  // S11
  Enter(run, "actions");
  ClearRemovedFailCounts(run);  // S12
  CreateResourceActions(run);   // S13
  OrderRemote(run);             // S14
  FenceAndShutDown(run);        // S15
  Enter(run, "links");
  Materialise(run);  // S16
  Enter(run, "propagation");
  Propagate(run);  // S17
  CheckActions(run);
  Enter(run, "listing");
  // Before the graph, since the lines' look-ups give nodes to actions that have none (spec 06 §11.3).
  TransitionSummary summary = Summarise(run);
  Transition transition = BuildTransition(run);  // S18
  transition.summary = std::move(summary);
  CheckTransition(run, transition);
  return transition;
}

void KeepFor(Run& run, std::shared_ptr<const void> owner, const Cluster& cluster) {
  if (run.kept.cluster == &cluster && run.kept.owner == owner) return;
  run.kept = Kept{std::move(owner), &cluster, {}};
}

bool LeavesPreferencesOut(const Run& run) {
  return run.merges >= place::kMergeLimit;
}

std::string PreferencesLeftOut() {
  return "not proven: there are too many chains of colocations to follow, and preferences of some of them do not count";
}

void WithLargeStack(const std::function<void()>& work) {
  constexpr size_t kStackBytes = size_t{256} << 20;
  // An exception must not leave the thread; it goes on in the caller's.
  std::exception_ptr thrown;
  const std::function<void()> guarded = [&] {
    try {
      work();
    } catch (...) {
      thrown = std::current_exception();
    }
  };
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_t thread;
  const auto start = [](void* argument) -> void* {
    (*static_cast<const std::function<void()>*>(argument))();
    return nullptr;
  };
  void* argument = const_cast<void*>(static_cast<const void*>(&guarded));
  const int error = pthread_create(&thread, &attributes, start, argument);
  pthread_attr_destroy(&attributes);
  if (error == 0) {
    pthread_join(thread, nullptr);
  } else {
    guarded();  // No address space for the large stack: the usual one is better than nothing.
  }
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace picket::solver
