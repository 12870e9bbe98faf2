// `picket plan`: what putting a policy in force would change in a live cluster, and what that does to its
// services.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

void AddPlanVerb(CLI::App& program, int& status);

}  // namespace picket::cli
