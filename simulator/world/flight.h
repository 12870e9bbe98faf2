// A transition under way: which of a plan's steps are waiting, in flight, done.
//
// A value beside an immutable plan, so that a world can be copied in the middle of things. Steps begin when
// their inputs are done. An abort stops steps of lower priority from beginning; what is in flight ends first,
// then the coordinator thinks again (spec 09 §6). World (flight.cc) moves it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "execution/fencing/request.h"
#include "execution/plan/plan.h"

namespace picket::simulator {

using execution::Plan;
using execution::PlanStep;
using execution::StepKind;

// A step that has begun.
struct Operation {
  PlanStep what;
  int64_t begin_ms = 0;
  int64_t end_ms = 0;
  bool fails = false;  // an armed failure took hold
  bool times_out = false;
  int failing_rc = 0;
  bool unheard = false;  // the controller that ordered it is gone: it has its effect and leaves no record
};

struct Flight {
  enum class Progress : uint8_t { kWaiting, kInFlight, kDone, kDropped };
  struct Step {
    uint32_t open_inputs = 0;
    Progress progress = Progress::kWaiting;
    bool fails = false;  // an armed failure took hold
    bool times_out = false;
    int failing_rc = 0;
    int64_t acts_ms = 0;  // when the agent begins: the operation waits for its start-delay until then
    int64_t end_ms = 0;
    std::shared_ptr<const execution::FenceOutcome> fencing;
  };

  // The highest priority that a step can have: pseudo-actions go on even then.
  static constexpr int32_t kEverything = 1000000;

  explicit Flight(std::shared_ptr<const Plan> what);
  // From now on only steps of at least this priority begin.
  void Abort(int32_t priority = kEverything) { abort_priority = std::max(abort_priority, priority); }
  bool aborted() const { return abort_priority >= 0; }
  bool MayBegin(const PlanStep& step) const {
    return step.kind == StepKind::kPseudo || step.priority >= abort_priority;
  }

  std::shared_ptr<const Plan> plan;
  std::vector<Step> steps;
  std::vector<uint32_t> ready;  // from next_ready on: to be launched, in this order
  std::vector<uint32_t> in_flight;
  size_t next_ready = 0;
  int32_t abort_priority = -1;  // negative: nothing was aborted
  bool announced = false;       // the next ready step was shown to the caller, who may have struck
  bool progressed = false;      // anything but pseudo-actions was done
};

}  // namespace picket::simulator
