#include "cli/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <string_view>
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

  // A descriptor that is negative stands for nothing.
  [[noreturn]] void Become(int input, int output, int complaints) const {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nothing = open("/dev/null", O_RDWR);
    if (nothing < 0 || dup2(input < 0 ? nothing : input, 0) < 0 || dup2(output, 1) < 0 ||
        dup2(complaints < 0 ? nothing : complaints, 2) < 0) {
      _exit(127);
    }
    signal(SIGPIPE, SIG_DFL);
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

// A pipe whose ends close themselves.
struct Pipe {
  int read = -1;
  int write = -1;

  bool Open() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    read = ends[0];
    write = ends[1];
    return true;
  }
  static void Close(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }
  ~Pipe() {
    Close(read);
    Close(write);
  }
};

// What goes in and what comes out, at the same time: either alone could wait for the other for ever.
class Talk {
 public:
  Talk(Pipe& in, Pipe& out, Pipe& errors, std::string_view input, ProgramRun& run)
      : in_(in), out_(out), errors_(errors), input_(input), run_(run) {}

  // Until the outputs end; says whether time and size sufficed.
  ProgramRun::End Go(Clock::time_point deadline, size_t bytes_max) {
    if (in_.write >= 0) fcntl(in_.write, F_SETFL, O_NONBLOCK);
    while (out_.read >= 0 || errors_.read >= 0) {
      pollfd waits[] = {{out_.read, POLLIN, 0}, {errors_.read, POLLIN, 0}, {in_.write, POLLOUT, 0}};
      const int left = MillisecondsTo(deadline);
      if (left == 0) return ProgramRun::End::kTimedOut;
      const int ready = poll(waits, 3, left);
      if (ready < 0 && errno != EINTR) return ProgramRun::End::kKilled;
      if (ready <= 0) continue;
      if (waits[0].revents != 0) Take(out_.read, run_.output);
      if (waits[1].revents != 0) Take(errors_.read, run_.complaints);
      if (waits[2].revents != 0) Give();
      if (run_.output.size() + run_.complaints.size() > bytes_max) return ProgramRun::End::kTooMuch;
    }
    return ProgramRun::End::kExited;
  }

 private:
  static void Take(int& from, std::string& text) {
    char buffer[1 << 16];
    const ssize_t got = read(from, buffer, sizeof buffer);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (got <= 0) return Pipe::Close(from);
    text.append(buffer, static_cast<size_t>(got));
  }

  void Give() {
    const ssize_t gave = write(in_.write, input_.data(), input_.size());
    if (gave < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (gave > 0) input_.remove_prefix(static_cast<size_t>(gave));
    if (gave < 0 || input_.empty()) Pipe::Close(in_.write);
  }

  Pipe& in_;
  Pipe& out_;
  Pipe& errors_;
  std::string_view input_;
  ProgramRun& run_;
};

// A program that does not read what it is given must not end us.
class WithoutSigpipe {
 public:
  WithoutSigpipe() {
    sigemptyset(&only_);
    sigaddset(&only_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &only_, &before_);
  }
  ~WithoutSigpipe() {
    const timespec now{};
    while (sigtimedwait(&only_, nullptr, &now) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t only_{};
  sigset_t before_{};
};

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

namespace {

// `input`: what the program is given, null for nothing; `listening`: whether its complaints are kept.
ProgramRun RunIt(const std::vector<std::string>& words, const std::vector<std::string>& environment,
                 const std::string* input, bool listening, const ProgramLimits& limits) {
  ProgramRun run;
  const Clock::time_point deadline = Clock::now() + limits.time;
  const Command command(words, environment);
  Pipe in, out, errors;
  if (!out.Open() || (input && !in.Open()) || (listening && !errors.Open())) return run;
  const pid_t child = fork();
  if (child == 0) command.Become(in.read, out.write, errors.write);
  Pipe::Close(in.read);
  Pipe::Close(out.write);
  Pipe::Close(errors.write);
  if (child < 0) return run;
  setpgid(child, child);  // Both sides say it: whoever comes first.
  const WithoutSigpipe quiet;
  if (input && input->empty()) Pipe::Close(in.write);
  run.end = Talk(in, out, errors, input ? std::string_view(*input) : std::string_view(), run)
                .Go(deadline, limits.output_bytes_max);
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
    if (run.status == 127 && run.output.empty() && run.complaints.empty()) run.end = ProgramRun::End::kNotStarted;
  }
  return run;
}

}  // namespace

ProgramRun RunProgram(const std::vector<std::string>& words, const std::vector<std::string>& environment,
                      const ProgramLimits& limits) {
  return RunIt(words, environment, nullptr, false, limits);
}

ProgramRun TalkToProgram(const std::vector<std::string>& words, const std::vector<std::string>& environment,
                         const std::string& input, const ProgramLimits& limits) {
  return RunIt(words, environment, &input, true, limits);
}

}  // namespace picket::cli
