// `picket lab`: a policy's own nodes on this machine, in network namespaces (docs/testing-policies.md).
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

void AddLabVerb(CLI::App& program, int& status);

}  // namespace picket::cli
