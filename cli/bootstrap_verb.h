// `picket bootstrap`.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

// `picket bootstrap`: the nodes of a policy become its cluster; `--undo` takes that back.
void AddBootstrapVerb(CLI::App& program, int& status);

}  // namespace picket::cli
