// `picket timing`.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

/// `picket timing`: how long each service is away after each fault, part by part, and which times do not fit.
void AddTimingVerb(CLI::App& program, int& status);

}  // namespace picket::cli
