// One run of `simulate`: read, change, decide, carry out, tell (spec 06 §9, §12).
#pragma once

#include <istream>
#include <ostream>

#include "cli/simulate_options.h"

namespace picket::cli {

struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

// Gives crm_simulate's exit status. `clock_s` is the time of day, in seconds since 1970: simulated operations
// happen then, and it is the time of deciding where neither the options nor the input state one.
int RunSimulate(const SimulateOptions& options, int64_t clock_s, Streams streams);

}  // namespace picket::cli
