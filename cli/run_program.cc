#include "cli/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>

extern char** environ;

namespace picket::cli {

namespace {

using Clock = std::chrono::steady_clock;

// Everything that the child needs, made before the fork: after it, with threads about, nothing may allocate.
class Command {
 public:
  Command(std::vector<std::string> words, const std::vector<std::string>& environment) : words_(std::move(words)) {
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string one = *entry;
      const std::string name = one.substr(0, one.find('=') + 1);
      const bool replaced = std::any_of(environment.begin(), environment.end(),
                                        [&](const std::string& other) { return other.starts_with(name); });
      if (!replaced) variables_.push_back(one);
    }
    variables_.insert(variables_.end(), environment.begin(), environment.end());
    for (std::string& word : words_) arguments_.push_back(word.data());
    for (std::string& variable : variables_) pointers_.push_back(variable.data());
    arguments_.push_back(nullptr);
    pointers_.push_back(nullptr);
  }
  Command(const Command&) = delete;

  [[noreturn]] void Become(int output) const {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nothing = open("/dev/null", O_RDWR);
    if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(output, 1) < 0 || dup2(nothing, 2) < 0) _exit(127);
    execvpe(arguments_[0], arguments_.data(), pointers_.data());
    _exit(127);
  }

 private:
  std::vector<std::string> words_;
  std::vector<std::string> variables_;
  std::vector<char*> arguments_;
  std::vector<char*> pointers_;
};

int MillisecondsTo(Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<int64_t>(left, 0, 60000));
}

// Until the end of the output; says whether time and size sufficed.
ProgramRun::End ReadOutput(int pipe, Clock::time_point deadline, size_t bytes_max, std::string& output) {
  char buffer[1 << 16];
  for (;;) {
    pollfd wait{pipe, POLLIN, 0};
    const int left = MillisecondsTo(deadline);
    if (left == 0) return ProgramRun::End::kTimedOut;
    const int ready = poll(&wait, 1, left);
    if (ready < 0 && errno != EINTR) return ProgramRun::End::kKilled;
    if (ready <= 0) continue;
    const ssize_t got = read(pipe, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return ProgramRun::End::kExited;
    output.append(buffer, static_cast<size_t>(got));
    if (output.size() > bytes_max) return ProgramRun::End::kTooMuch;
  }
}

// The end of a program whose output is closed: it may go on all the same.
bool Reap(pid_t child, Clock::time_point deadline, int& outcome) {
  for (;;) {
    const pid_t reaped = waitpid(child, &outcome, WNOHANG);
    if (reaped == child || (reaped < 0 && errno != EINTR)) return true;
    if (MillisecondsTo(deadline) == 0) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

}  // namespace

ProgramRun RunProgram(const std::vector<std::string>& words, const std::vector<std::string>& environment,
                      const ProgramLimits& limits) {
  ProgramRun run;
  const Clock::time_point deadline = Clock::now() + limits.time;
  const Command command(words, environment);
  int pipe[2];
  if (pipe2(pipe, O_CLOEXEC) != 0) return run;
  const pid_t child = fork();
  if (child == 0) command.Become(pipe[1]);
  close(pipe[1]);
  if (child < 0) {
    close(pipe[0]);
    return run;
  }
  setpgid(child, child);  // Both sides say it: whoever comes first.
  run.end = ReadOutput(pipe[0], deadline, limits.output_bytes_max, run.output);
  close(pipe[0]);
  int outcome = 0;
  if (run.end == ProgramRun::End::kExited && !Reap(child, deadline, outcome)) run.end = ProgramRun::End::kTimedOut;
  if (run.end != ProgramRun::End::kExited) {
    kill(-child, SIGKILL);
    while (waitpid(child, &outcome, 0) < 0 && errno == EINTR) {
    }
    return run;
  }
  if (WIFSIGNALED(outcome)) {
    run.end = ProgramRun::End::kKilled;
    run.status = WTERMSIG(outcome);
  } else {
    run.status = WEXITSTATUS(outcome);
    if (run.status == 127 && run.output.empty()) run.end = ProgramRun::End::kNotStarted;
  }
  return run;
}

}  // namespace picket::cli
