// The verb `doctor`: the command line of the checks in runtime/preflight, and how their findings are printed.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

// `picket doctor`: whether the nodes of a policy are fit for it, check by check.
void AddDoctorVerb(CLI::App& program, int& status);

}  // namespace picket::cli
