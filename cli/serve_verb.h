// `picket serve`: the live page.
//
// Another program does it, `picket-serve`, so that no other verb carries a server and its libraries along. This
// verb declares the options, and becomes that program.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace picket::cli {

void AddServeVerb(CLI::App& program, const std::vector<std::string>& words, int& status);

}  // namespace picket::cli
