// `--host`, `--ssh` and `--sudo`, which the verbs that ask a live cluster have in common.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/host.h"

namespace picket::cli {

inline void AddHostOptions(CLI::App& verb, Host& host) {
  verb.add_option("--host", host.name, "a node of the cluster, reached by ssh; else this machine");
  verb.add_option("--ssh", host.ssh,
                  "the command that reaches it, given HOST, `--` and words; else PICKET_SSH, else ssh");
  verb.add_flag("--sudo", host.sudo, "run Pacemaker's tools there by `sudo -n`");
}

}  // namespace picket::cli
