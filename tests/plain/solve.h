// One solve of a CIB, and all that it says as text: to be compared byte for byte.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "solver/model/run.h"

namespace picket::tests {

// Scores, summary lines, graph file and dot file. `run` may hold anything; it is used and left as it is
// afterwards.
std::string SolvedText(std::string_view cib, solver::Run& run);

// The same of a CIB that has been read.
std::string SolvedText(const solver::Cluster& cluster, const solver::State& state, solver::Run& run);
struct Read {
  std::shared_ptr<const solver::Cluster> cluster;
  solver::State state;
};
Read ReadCib(std::string_view cib);

// The same with a Run of its own, on a thread of its own.
std::string SolvedText(std::string_view cib);

}  // namespace picket::tests
