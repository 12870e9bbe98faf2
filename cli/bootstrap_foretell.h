// What nodes that join or leave do to the services of the cluster that runs, foretold by the simulator.
#pragma once

#include <string>
#include <vector>

#include "compiler/topology/topology.h"

namespace picket::cli {

// `cib`: what is live. A line for each effect, worst first; a single line with the reason where nothing can
// be foretold. Needs a large stack.
std::vector<std::string> ForetellNodes(const std::string& cib, const compiler::Topology& topology,
                                       const std::vector<std::string>& joining,
                                       const std::vector<std::string>& leaving);

}  // namespace picket::cli
