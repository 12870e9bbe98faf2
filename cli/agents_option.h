// `--agents FILE`, which the verbs that compile a policy have in common.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace picket::cli {

inline void AddAgentsOption(CLI::App& verb, std::string& file) {
  verb.add_option("--agents", file, "The lock of agents; else agents.lock beside the policy, else the built-in set");
}

}  // namespace picket::cli
