// Runs a program and takes what it prints, for at most so long.
//
// For short questions to programs that are not ours: an agent's metadata, a package manager's answer. The program
// gets no input and its complaints are dropped. It has a process group of its own, which is killed whole when the
// time is up, and with us; so neither a program that hangs nor what it started outlives the question.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace picket::cli {

struct ProgramRun {
  enum class End { kExited, kKilled, kTimedOut, kTooMuch, kNotStarted };
  End end = End::kNotStarted;
  int status = 0;      // the exit status, or the signal
  std::string output;  // what came until then
};

struct ProgramLimits {
  std::chrono::milliseconds time{10000};
  size_t output_bytes_max = size_t{4} << 20;
};

// `words` is the program, looked for in PATH if it has no slash, and its arguments; `environment` is added to
// ours, NAME=VALUE each. May be called from several threads.
ProgramRun RunProgram(const std::vector<std::string>& words, const std::vector<std::string>& environment,
                      const ProgramLimits& limits);

}  // namespace picket::cli
