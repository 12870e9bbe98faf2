#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

// `picket report`: one HTML page about a policy or a CIB.
void AddReportVerb(CLI::App& program, int& status);

}  // namespace picket::cli
