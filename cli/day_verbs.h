// Day-to-day verbs on a running picketd: standby, online, maintenance, cleanup, stop, recover. Each is simulated
// and shown before it is done.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

void AddDayVerbs(CLI::App& program, int& status);

}  // namespace picket::cli
