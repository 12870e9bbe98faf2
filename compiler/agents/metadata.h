// From the XML that an agent prints to the description that checks use. Nothing is run here: cli/agent_collector
// calls the agents.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/agents/agent.h"

namespace picket::compiler::agents {

/// Reads what an agent prints when it is asked for its metadata (the XML of
/// the OCF resource agent API 1.0 and 1.1, and of fence agents). `full_name` is
/// the agent's; what the XML calls it does not matter, since links to one agent
/// print the same. Gives nothing and the reason if there is no metadata in it.
///
/// Agents are not believed blindly: a type that an agent's own default does not
/// fit is no type, a few that are known to be wrong are put right, and what
/// precedes the XML is skipped.
std::optional<Agent> ReadMetadata(std::string_view text, std::string full_name, std::string& reason);

}  // namespace picket::compiler::agents
