// What a fence agent says of itself in its metadata.
#pragma once

#include <optional>
#include <string_view>

#include "execution/fencing/agent_facts.h"

namespace picket::runtime {

using execution::AgentFacts;

// Nothing if the text is no metadata.
std::optional<AgentFacts> ReadAgentFacts(std::string_view metadata);

}  // namespace picket::runtime
