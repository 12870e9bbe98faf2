// One transition carried out as nodes do it: actions begin when their inputs are done, take their time, and
// end with what the agent really did. A failure, or news from the outside, ends the launching of further
// actions; what is in flight ends first, then the cluster thinks again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/world/world.h"
#include "solver/graph/transition.h"

namespace picket::simulator {

class Execution {
 public:
  Execution(World& world, solver::Run& run, const solver::Transition& transition);
  // Runs to the end. Gives whether anything but pseudo-actions was done.
  bool Carry();

 private:
  enum class Progress : uint8_t { kWaiting, kInFlight, kDone, kDropped };
  struct Step {
    solver::ActionDescription description;
    size_t open_inputs = 0;
    std::vector<size_t> followers;
    Progress progress = Progress::kWaiting;
    int64_t end_ms = 0;
    uint64_t sequence = 0;
    std::string operation;
    std::string node;
    std::string device;  // fencing: the devices that do it
    bool will_succeed = true;
    bool lost = false;   // its node died under it
    bool fails = false;  // an armed failure took hold
    int failing_rc = 0;
    bool times_out = false;
  };

  std::string_view Parameter(const Step& step, std::string_view name) const;
  void Launch(size_t index);
  void LaunchFencing(Step& step);
  void LaunchOperation(Step& step);
  void Confirm(size_t index);
  void Finish(size_t index);
  void FinishFencing(Step& step);
  void FinishOperation(Step& step);
  int TrueResult(Step& step);
  void SetPromotionScore(const Step& step, int rc);
  int64_t DurationOf(const Step& step) const;
  int64_t TimeoutOf(const Step& step) const;
  void DropLost();

  World& world_;
  std::vector<Step> steps_;
  std::vector<size_t> ready_;
  bool aborted_ = false;
  bool progressed_ = false;
};

}  // namespace picket::simulator
