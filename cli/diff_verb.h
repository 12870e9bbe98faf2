// `picket diff`: in which histories two policies behave differently.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

void AddDiffVerb(CLI::App& program, int& status);

}  // namespace picket::cli
