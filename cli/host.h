// The machine whose cluster is asked and changed: this one, or another that is reached by ssh.
//
// All that runs there are Pacemaker's own tools and `cat`. Their words are plain, so that no shell on the way
// reads anything into them; data, secrets above all, goes through their standard input. ssh asks nothing
// (BatchMode), and checks host keys as the user has set it up. `PICKET_SSH` names another command, which is
// given HOST, `--` and the words.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cli/run_program.h"

namespace picket::cli {

struct Host {
  std::string name;   // empty: this machine
  std::string ssh;    // the command that reaches it; empty: PICKET_SSH, else ssh
  bool sudo = false;  // as root by `sudo -n`

  // Runs the words there, which hold nothing that a shell would change; refused if one of them does, or if
  // the name is no name of a machine. More output than `output_bytes_max` ends the program.
  ProgramRun Run(const std::vector<std::string>& words, const std::string& input = {},
                 std::chrono::milliseconds time = std::chrono::seconds(60),
                 size_t output_bytes_max = size_t{512} << 20) const;
  // For messages: `ha1`, `this machine`.
  std::string Told() const { return name.empty() ? "this machine" : name; }
  // The same way to another machine of the cluster.
  Host Other(const std::string& other) const { return {name.empty() ? "" : other, ssh, sudo}; }
};

// The last lines of what a program complained of, on one line; or how it ended.
std::string Complaint(const ProgramRun& run);

// The CIB of the cluster that the host is part of: by cibadmin, else by picketd. On this machine CIB_shadow
// and CIB_file count as they do for Pacemaker's tools. Nothing, and the reason, if there is none.
// `from_picketd`, if given, says which of the two answered.
std::optional<std::string> QueryCib(const Host& host, std::string& reason, bool* from_picketd = nullptr);

// Whether CIB_shadow or CIB_file puts a file in the place of this machine's cluster.
bool IsCibFromFile();

// A file there; nothing, and the reason, if it cannot be read.
std::optional<std::string> ReadFileOn(const Host& host, const std::string& path, std::string& reason);

}  // namespace picket::cli
