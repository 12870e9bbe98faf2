// One solve of a CIB, and all that it says as text: to be compared byte for byte.
#pragma once

#include <string>
#include <string_view>

#include "solver/model/run.h"

namespace picket::tests {

// Scores, summary lines, graph file and dot file. `run` may hold anything; it is used and left as it is
// afterwards.
std::string SolvedText(std::string_view cib, solver::Run& run);

// The same with a Run of its own, on a thread of its own.
std::string SolvedText(std::string_view cib);

}  // namespace picket::tests
