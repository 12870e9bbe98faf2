// `picket sweep`: every combination of failures against the invariants.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

void AddSweepVerb(CLI::App& program, int& status);

}  // namespace picket::cli
