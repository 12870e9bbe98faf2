// The verb `report`: the page that shows what a cluster does. The page itself is in web/.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

// `picket report`: one HTML page about a policy or a CIB.
void AddReportVerb(CLI::App& program, int& status);

}  // namespace picket::cli
