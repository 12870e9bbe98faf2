// The verb `fmt`: policies in their canonical spelling. The spelling itself is decided in compiler/format.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

/// `picket fmt`: policies in their canonical spelling, each file written whole
/// or not at all (docs/import.md). A file with syntax errors is left alone.
void AddFmtVerb(CLI::App& app, int& status);

}  // namespace picket::cli
