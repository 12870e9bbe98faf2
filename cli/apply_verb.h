// `picket apply`: a policy or a CIB put in force by picketd, after showing what that does.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

void AddApplyVerb(CLI::App& program, int& status);

}  // namespace picket::cli
