// The verb `why`: reads the command line and prints the answers that simulator/explain finds.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

// `picket why`: why a resource is where it is, why not elsewhere, and what made it move.
void AddWhyVerb(CLI::App& program, int& status);

}  // namespace picket::cli
