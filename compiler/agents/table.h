// A set of agents as the program carries it: the fields of everything in it, one after the other, a line
// each. The build writes it from a lock (lock.h), whose JSON would take ten times as long at every start. No
// file has this form, and only the program that carries a table reads it.
#pragma once

#include <string>
#include <string_view>

#include "compiler/agents/agent.h"

namespace picket::compiler::agents {

/// A line break in a field ends the program: nothing in a lock that the build reads has one.
std::string WriteTable(const Lock& lock);

/// Reads what WriteTable wrote; anything else ends the program.
Lock ReadTable(std::string_view table);

}  // namespace picket::compiler::agents
