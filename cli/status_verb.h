// `picket status` and `picket events`: what a running picketd does and did.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

void AddStatusVerbs(CLI::App& program, int& status);

}  // namespace picket::cli
