// The verb `agents`: shows, searches and pins the descriptions of agents that policies are checked against.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

/// `picket agents lock|list|show`.
void AddAgentsVerb(CLI::App& program, int& status);

}  // namespace picket::cli
