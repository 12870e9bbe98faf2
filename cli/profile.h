// `simulate --profile`: how long each file of a folder takes (spec 06 §12.1).
#pragma once

#include <ostream>

#include "cli/load_input.h"
#include "cli/simulate_options.h"
#include "simulator/text/report.h"

namespace picket::cli {

// Times reading the status and deciding, options.repeat times for each regular, non-hidden *.xml, in
// alphabetical order.
int RunProfile(const SimulateOptions& options, const AsRelease& as, int64_t clock_s, simulator::Report& report,
               std::ostream& err);

}  // namespace picket::cli
