#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

/// `picket explain E0207`: what a diagnostic's code means, with an example.
void AddExplainVerb(CLI::App& program, int& status);

}  // namespace picket::cli
