// `--as VERSION`, which the verbs that decide something have in common: the release of Pacemaker that decides.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "solver/model/behaviour.h"

namespace picket::cli {

inline void AddAsOption(CLI::App& verb, std::string& as) {
  verb.add_option("--as", as,
                  "the release of Pacemaker that decides, 2.1.5 to 3.0.2; else what the input says, else the newest");
}

// The last line of a verdict, where it is not the newest release's.
inline std::string DecidedAs(const solver::Target& target) {
  return target.IsNewest() ? std::string() : "decided as Pacemaker " + target.name() + " does\n";
}

}  // namespace picket::cli
