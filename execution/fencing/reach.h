// Whom a device can fence from where.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "execution/fencing/agent_facts.h"
#include "execution/fencing/fencing.h"
#include "solver/model/table.h"

namespace picket::execution {

// What can be said without asking the device.
enum class Reach : uint8_t { kNo, kYes, kAsks };
Reach ReachOf(const solver::Table& parameters, const AgentFacts& facts, std::string_view target);

// Whether the node may run the action against the target at all: nobody fences itself unless nobody else is there
// (`self`), and some agents can be switched on by the target alone.
bool IsEligible(const AgentFacts& facts, std::string_view action, std::string_view node, std::string_view target,
                bool self);

// A device that a node knows, may use, and that may reach the target.
struct Usable {
  const FenceDevice* device = nullptr;
  const DeviceOnNode* there = nullptr;
  Reach reach = Reach::kNo;
};
// In the order of the configuration's devices; those that are registered on the node, by their facts as they are known.
std::vector<Usable> UsableOn(const Fencing& fencing, std::string_view node, std::string_view target,
                             std::string_view action);

// The members, but for the target, that may have a device that reaches the target: all devices of a level, if there
// are levels. If no member has a whole level, those that have one of its devices: trying says what is amiss. In the
// order of `members`. A level that names devices which no member has is nobody's.
std::vector<std::string> NodesThatCanFence(const Fencing& fencing, std::string_view target,
                                           const std::vector<std::string>& members);

}  // namespace picket::execution
