// The verb `compile`: from a policy to the files that a cluster reads.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

/// `picket compile`: a policy to a CIB, a corosync.conf and a dependency graph.
/// Nothing is written unless everything could be compiled.
void AddCompileVerb(CLI::App& program, int& status);

}  // namespace picket::cli
