// The verb `graph`: the dependency graph of a policy or a CIB as a picture or as data.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

/// `picket graph`: the dependency graph of a policy as dot, JSON or SVG.
void AddGraphVerb(CLI::App& program, int& status);

}  // namespace picket::cli
