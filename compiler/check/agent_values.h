// The part of the agents' check (agents.h) that looks at what a value has to look like in the field.
#pragma once

#include <pugixml.hpp>

#include "compiler/check/agent_report.h"
#include "compiler/check/configured.h"

namespace picket::compiler {

/// E0314 for what metadata calls text and the field knows better: addresses, lengths of networks, ports,
/// whole paths. Looks at what the element itself says, a primitive or a template; names decide, so that
/// agents which nobody has listed are checked alike.
void CheckValues(Configuration& configuration, pugi::xml_node element, const agents::Agent& agent, AgentReport& report);

}  // namespace picket::compiler
