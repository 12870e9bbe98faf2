// How picketd carries an order out on one node: its devices in an order, and what is to be done for a level. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "execution/fencing/agent_facts.h"
#include "execution/fencing/fencing.h"

namespace picket::execution {

// A device as a node has it.
struct NodeDevice {
  std::string id;
  std::string agent;
  solver::Table parameters;
  bool unfences = false;
};
// Those that are registered on the node, the highest priority first, then as in the configuration.
std::vector<NodeDevice> DevicesOn(const Fencing& fencing, std::string_view node);

// The levels of the target, each with its devices; empty if there are none. Of several entries that match, the first
// in the configuration.
std::vector<std::vector<std::string>> LevelsFor(const Fencing& fencing, std::string_view target);

struct FenceTask {
  enum class Kind : uint8_t {
    kList,    // does the device know the target? Asked for all that it knows
    kStatus,  // the same, asked for the target alone
    kAct,     // `off`, `on`, `reboot`
  };
  Kind kind = Kind::kAct;
  size_t device = 0;  // an index into the devices
  std::string action;
  bool forgiven = false;  // the level succeeds without it
};

struct LevelDevice {
  size_t index = 0;
  const NodeDevice* device = nullptr;
  AgentFacts facts;
};

// `asks`: devices that do not say whom they reach are asked first; not those that a level names for the target.
//
// A node is rebooted by taking all devices of the level off and then all on. Once all are off it is fenced, whatever
// comes of `on`. A single device reboots at once if it cannot switch on by itself, or if the configuration says how
// (`pcmk_reboot_…`). A device that lets nodes in when they join, or cannot switch on, is not told to.
std::vector<FenceTask> TasksOf(const std::vector<LevelDevice>& level, const std::string& action, bool asks);

// Whether the device is one of those that a node has to be let in by.
inline bool Unfences(const NodeDevice& device, const AgentFacts& facts) {
  return device.unfences || facts.unfences;
}

}  // namespace picket::execution
