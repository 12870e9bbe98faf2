// What the program says of itself: help, completion, manual pages, its version; and what is wrong with a
// command line.
#pragma once

#include <CLI/CLI.hpp>
#include <ostream>
#include <string>
#include <vector>

namespace picket::cli {

// `picket help [VERB…]` and `picket completion SHELL`, over all verbs that `program` has when they run.
void AddHelpVerbs(CLI::App& program, int& status);

// `picket --version`: version, commit if the build knew it, and the releases of Pacemaker that it answers as.
std::string VersionLine();

// Tells on `out` what is wrong with the words of a command line and what was probably meant. The exit status
// is 2.
int TellUsageError(const CLI::App& program, const CLI::ParseError& error, const std::vector<std::string>& words,
                   std::ostream& out);

}  // namespace picket::cli
