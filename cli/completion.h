// Completion for shells, made from what the command line declares. Pure text.
#pragma once

#include <string>

#include "cli/command_tree.h"

namespace picket::cli {

// A script that completes verbs, options and closed sets of values; everything else completes to file names.
std::string BashCompletion(const VerbWords& program);
std::string ZshCompletion(const VerbWords& program);
std::string FishCompletion(const VerbWords& program);

}  // namespace picket::cli
