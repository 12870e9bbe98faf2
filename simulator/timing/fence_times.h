// How long it takes to fence each node, played with the functions that carry fencing out (execution/fencing).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "execution/fencing/fencing.h"
#include "execution/fencing/request.h"

namespace picket::simulator {

// A device as it is used against one target.
struct DeviceTimes {
  int level = 0;  // from 1; 0: there are no levels
  std::string device;
  int64_t delay_min_ms = 0;
  int64_t delay_max_ms = 0;
  int64_t timeout_ms = 0;  // the agent is killed then (spec 08 §10)
  int64_t attempts = 1;
};

// The others are there and lead; the worst of what a live cluster leaves open counts.
struct FenceTimes {
  std::string target;
  std::vector<DeviceTimes> devices;
  std::optional<int64_t> works_ms;  // every device works; nothing: it is not fenced
  std::string hangs;                // the device that is used first
  std::optional<int64_t> hung_ms;   // that one hangs
  int64_t given_up_ms = 0;          // all of them hang: the request ends
};

struct FenceTimesOptions {
  execution::Engine engine = execution::Engine::kPacemaker;
  std::string action = "reboot";
  int64_t agent_ms = 3000;         // how long an agent runs that works
  int64_t sbd_message_ms = 10000;  // the same of fence_sbd: SBD's msgwait
};

// One for each of the cluster's own nodes, in their order; empty where nothing fences.
std::vector<FenceTimes> FenceTimesOf(const execution::Fencing& fencing, const FenceTimesOptions& options);

// How long the device may run for the action, as it is registered on the first node that has it.
int64_t DeviceTimeoutMs(const execution::Fencing& fencing, const execution::FenceDevice& device,
                        const std::string& action);

}  // namespace picket::simulator
