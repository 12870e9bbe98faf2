// A transition under way: which of a plan's steps are waiting, in flight, done.
//
// A value beside an immutable plan, so that a world can be copied in the middle of things. Steps begin when their
// inputs are done; a failure, or news from the outside, ends the launching of further steps: what is in flight ends
// first, then the cluster thinks again. World (flight.cc) moves it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "execution/plan/plan.h"

namespace picket::simulator {

using execution::Plan;
using execution::PlanStep;
using execution::StepKind;

struct Flight {
  enum class Progress : uint8_t { kWaiting, kInFlight, kDone, kDropped };
  struct Step {
    uint32_t open_inputs = 0;
    Progress progress = Progress::kWaiting;
    bool will_succeed = true;  // fencing
    bool lies = false;         // fencing: the device will say that it is done, and nothing has happened
    bool fails = false;        // an armed failure took hold
    bool times_out = false;
    int failing_rc = 0;
    int64_t end_ms = 0;
    uint64_t sequence = 0;
    std::string device;  // fencing: the devices that do it
  };

  explicit Flight(std::shared_ptr<const Plan> what);

  std::shared_ptr<const Plan> plan;
  std::vector<Step> steps;
  std::vector<uint32_t> ready;     // from next_ready on: to be launched, in this order
  std::vector<uint32_t> in_flight;
  size_t next_ready = 0;
  bool announced = false;   // the next ready step was shown to the caller, who may have struck
  bool aborted = false;     // nothing further begins
  bool progressed = false;  // anything but pseudo-actions was done
};

}  // namespace picket::simulator
