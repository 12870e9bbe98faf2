// `picket init`: a policy to begin with.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

void AddInitVerb(CLI::App& program, int& status);

}  // namespace picket::cli
