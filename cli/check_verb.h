// The verb `check`: what the compiler has to say about policies, and nothing is written.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

/// `picket check`: everything that `compile` finds, for any number of files,
/// without writing anything.
void AddCheckVerb(CLI::App& program, int& status);

}  // namespace picket::cli
