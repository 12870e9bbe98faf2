// `--engine pacemaker|picket`, which the verbs that play a policy have in common.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace picket::cli {

inline void AddEngineOption(CLI::App& verb, std::string& engine) {
  verb.add_option("--engine", engine, "what carries the policy out, whatever the policy says: pacemaker or picket")
      ->check(CLI::IsMember({"pacemaker", "picket"}));
}

}  // namespace picket::cli
