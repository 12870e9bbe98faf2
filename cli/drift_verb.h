// `picket drift`: declared, last applied and live, side by side; `picket rollback`: the last apply taken
// back.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

void AddDriftVerb(CLI::App& program, int& status);
void AddRollbackVerb(CLI::App& program, int& status);

}  // namespace picket::cli
