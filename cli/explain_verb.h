// The verb `explain`: the page of a diagnostic's code, and the table of what each release of Pacemaker does.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

/// `picket explain E0207`: what a diagnostic's code means, with an example.
void AddExplainVerb(CLI::App& program, int& status);

}  // namespace picket::cli
