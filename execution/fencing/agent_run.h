// One use of a device on a node: delay, attempts, and how the agent ends.
#pragma once

#include <cstdint>
#include <string>

#include "execution/fencing/parameters.h"
#include "execution/fencing/request.h"

namespace picket::execution {

struct AgentRun {
  const FenceDevice* device = nullptr;
  const solver::Table* parameters = nullptr;  // on the node
  std::string node;
  std::string target;
  std::string action;  // as the agent knows it
  int64_t at_ms = 0;   // when the device is asked
  int64_t budget_ms = 0;
  int64_t carried_ms = 0;  // delay that comes from the request; below 0: no delay at all
  bool delayed = true;     // the device's own delay counts
  DelayMap delay_map = DelayMap::kColon;
};

struct AgentEnd {
  FenceAttempt::End end = FenceAttempt::End::kOk;
  int64_t at_ms = 0;  // of no concern if it is silent
  int64_t waited_ms = 0;
  bool took_effect = false;
};

// The device's own delay for the target: base and limit of chance. Only what takes a node away is delayed.
struct OwnDelay {
  int64_t base_ms = 0;
  int64_t max_ms = 0;
};
OwnDelay OwnDelayOf(const solver::Table& parameters, const std::string& action, const std::string& target,
                    DelayMap map);

// Appends to the outcome's attempts. Of a random delay the shortest and the longest are tried.
AgentEnd RunAgent(const AgentRun& run, const FenceWorld& world, FenceOutcome& outcome, Choices& choices);

}  // namespace picket::execution
