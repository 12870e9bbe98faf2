#include "solver/schedule.h"

#include <pthread.h>

#include <exception>
#include <utility>

#include "solver/actions/stages.h"
#include "solver/actions/summary.h"
#include "solver/constraints/constraints.h"
#include "solver/order/order.h"
#include "solver/place/place.h"
#include "solver/promises.h"
#include "solver/status/status.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {

void ReadStatus(const Cluster& cluster, const State& state, Run& run, Recorder* recorder) {
  run.cluster = &cluster;
  run.state = &state;
  run.recorder = recorder;
  UnpackConfiguration(run);
  UnpackStatus(run);
  CheckUnpacked(run);
}

Transition Schedule(const Cluster& cluster, const State& state, Run& run, Recorder* recorder) {
  ReadStatus(cluster, state, run, recorder);
  return Decide(run);
}

Transition Decide(Run& run) {
  // The stages of spec 05 §2 by their numbers; S1-S3 are in ReadStatus.
  ApplyHealth(run);        // S4
  UnpackConstraints(run);  // S5
  CheckConstraints(run);
  ApplyNodeCriteria(run);  // S6
  RecordImplicit(run);     // S7
  CheckDefinitions(run);   // S8
  AssignResources(run);    // S9
  CheckAssigned(run);
  CheckDeferredDefinitions(run);  // S10
  ScheduleProbes(run);            // S11
  ClearRemovedFailCounts(run);    // S12
  CreateResourceActions(run);     // S13
  OrderRemote(run);               // S14
  FenceAndShutDown(run);          // S15
  Materialise(run);               // S16
  Propagate(run);                 // S17
  CheckActions(run);
  // Before the graph, since the lines' look-ups give nodes to actions that have none (spec 06 §11.3).
  TransitionSummary summary = Summarise(run);
  Transition transition = BuildTransition(run);  // S18
  transition.summary = std::move(summary);
  CheckTransition(run, transition);
  return transition;
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
