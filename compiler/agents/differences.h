// What an installed agent has otherwise than a lock says. Only what can make a policy wrong that was checked against
// the lock: new parameters that nobody has to set, and texts, are no difference.
#pragma once

#include <string>
#include <vector>

#include "compiler/agents/agent.h"

namespace picket::compiler::agents {

/// One phrase for each, which follows the agent's name: "has no parameter `nic`". Empty: none.
std::vector<std::string> Differences(const Agent& locked, const Agent& installed);

}  // namespace picket::compiler::agents
