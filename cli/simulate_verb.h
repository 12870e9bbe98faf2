// `picket simulate`: crm_simulate's options, output and exit statuses (docs/simulate.md).
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace picket::cli {

// `words` is the command line, for the XML output. `status` gets the exit status if the verb is the one that
// runs.
void AddSimulateVerb(CLI::App& program, const std::vector<std::string>& words, int& status);

// What is said of a command line that `simulate` does not understand; gives the exit status.
int TellSimulateUsageError(const CLI::ParseError& error, const std::vector<std::string>& words, std::ostream& err);

}  // namespace picket::cli
