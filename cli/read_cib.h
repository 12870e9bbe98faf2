// From where verbs read CIBs: a file, also packed, also an archive of crm_report; standard input; or the live cluster.
//
// `live:` is the cluster of this machine, `live:HOST` that of another one (cli/host.h). `--live [HOST]` is a
// friendly spelling of it.
#pragma once

#include <CLI/CLI.hpp>
#include <istream>
#include <optional>
#include <string>

namespace picket::cli {

bool IsLive(const std::string& input);
// Whether a name is that of a CIB and not of a policy: `.xml`, `.cib`, packed ones, and what is live.
bool NamesCib(const std::string& input);

// The text of a file, `-`, or a live CIB. Nothing, and the reason, if that fails.
std::optional<std::string> ReadCib(const std::string& input, std::istream& standard_input, std::string& reason);

// corosync.conf of the machine that a live input names; nothing where it has none.
std::optional<std::string> ReadLiveCorosync(const std::string& input);

// Adds `--live [HOST]`, after which `input` is a live one.
void AddLiveInput(CLI::App& verb, std::string& input);

}  // namespace picket::cli
