// `picket fence`: have a node fenced, or vouch for a node that nobody could fence.
//
// Both are simulated and shown first. To vouch is the one thing that can damage data if it is wrong: the cluster
// starts elsewhere what the node may still run. So it takes more than a `y`.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

void AddFenceVerb(CLI::App& program, int& status);

}  // namespace picket::cli
