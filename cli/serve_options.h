// The options of `picket serve`, which `picket` and the program that serves declare alike.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/read_cib.h"

namespace picket::cli {

struct ServeOptions {
  std::string input;  // a CIB's file, or `live:`, `live:HOST`; empty: `live:`
  std::string listen = "127.0.0.1:7680";
  std::string policy;
  bool allow_changes = false;
  std::string certificate, key, passwords;
  std::vector<std::string> names;
  double every_s = 2;
};

inline void AddServeOptions(CLI::App& verb, ServeOptions& options) {
  verb.add_option("FILE", options.input, "show this CIB, read again when it changes, in place of a live cluster");
  AddLiveInput(verb, options.input);
  verb.add_option("--listen", options.listen, "the address and the port; port 0 is any that is free")
      ->capture_default_str();
  verb.add_option("--policy", options.policy, "show where the cluster is no longer what this policy says");
  verb.add_flag("--allow-changes", options.allow_changes,
                "let people change the cluster: each change is simulated and shown first, then confirmed");
  verb.add_option("--certificate", options.certificate, "TLS: the certificate with its chain, in PEM");
  verb.add_option("--key", options.key, "TLS: its private key, in PEM");
  verb.add_option("--passwords", options.passwords, "who may enter: a line NAME:HASH for each, hashed by crypt(3)");
  verb.add_option("--name", options.names, "a name by which browsers reach this machine")->expected(1);
  verb.add_option("--every", options.every_s, "seconds from one look at the cluster to the next")
      ->check(CLI::Range(0.2, 60.0))
      ->capture_default_str();
  verb.footer(
      "Exit status: 0 it was ended by a signal, 2 the input or the options are wrong, 3 the cluster or a file cannot "
      "be "
      "read, or the address cannot be listened at.\nExample: picket serve --live ha1 --policy pbx.picket");
}

}  // namespace picket::cli
