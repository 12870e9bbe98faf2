// Runs a program and takes what it prints, for at most so long.
//
// For short questions to programs that are not ours: an agent's metadata, a package manager's answer,
// cibadmin on another machine. It has a process group of its own, which is killed whole when the time is up,
// and with us; so neither a program that hangs nor what it started outlives the question.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace picket::cli {

struct ProgramRun {
  enum class End { kExited, kKilled, kTimedOut, kTooMuch, kNotStarted };
  End end = End::kNotStarted;
  int status = 0;          // the exit status, or the signal
  std::string output;      // what came until then
  std::string complaints;  // the same on its standard error; TalkToProgram() only
};

struct ProgramLimits {
  std::chrono::milliseconds time{10000};
  size_t output_bytes_max = size_t{4} << 20;
};

// `words` is the program, looked for in PATH if it has no slash, and its arguments; `environment` is added to
// ours, NAME=VALUE each. The program gets no input and its complaints are dropped. May be called from several
// threads.
ProgramRun RunProgram(const std::vector<std::string>& words, const std::vector<std::string>& environment,
                      const ProgramLimits& limits);

// The same with something to read, and with its complaints kept. Secrets go this way: nobody sees them in a
// list of processes.
ProgramRun TalkToProgram(const std::vector<std::string>& words, const std::vector<std::string>& environment,
                         const std::string& input, const ProgramLimits& limits);

}  // namespace picket::cli
