// `picket test`: plays the tests and invariants of policies (docs/testing-policies.md).
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

void AddTestVerb(CLI::App& program, int& status);

}  // namespace picket::cli
