// Processes on Linux: groups of their own, watched through pidfds, their output bounded.
//
// A child waits on a pipe before it becomes the agent. If the daemon dies first, the pipe ends and so does the
// child: nothing runs that was not written down. What waits is a small program of its own (begin.cc): to begin it costs
// the same however much memory the daemon has. Agents get none of the daemon's signal mask, limits, priority or
// descriptors. Services that a start leaves behind keep the agent's output open; nobody waits for its end.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "runtime/ports/effects.h"
#include "runtime/ports/events.h"
#include "runtime/ports/linux/descriptor.h"

namespace picket::runtime {

struct ChildEnds;

class Processes {
 public:
  // `epoll` gets the descriptors, each under the number Tag() of its run. `copies`: each process begins as a copy of
  // the daemon, as where the kernel executes no program from memory.
  explicit Processes(int epoll, bool copies = false);

  void Do(const Spawn& spawn, std::vector<Event>& events);
  void Do(const Release& release);
  void Do(const Kill& kill);
  void Do(const Adopt& adopt, std::vector<Event>& events);

  // Something happened to the run's process or its output.
  void Ready(RunNumber run, std::vector<Event>& events);
  // Looks again after killed groups; wanted every kLookMs while there are any.
  void Look(std::vector<Event>& events);
  bool HasDying() const;
  static constexpr int kLookMs = 20;

  // Agents get the limit of open files that picketd itself was started with.
  void SetFileLimit(uint64_t soft) { file_limit_ = soft; }

 private:
  struct Process {
    int64_t pid = 0;
    Descriptor pidfd;
    Descriptor release;
    Descriptor failure;  // carries errno if the program cannot be executed
    Descriptor output, errors;
    std::string output_text, errors_text;
    int looks = 0;  // after its killed group
    bool adopted = false;
    bool killed = false;
    bool reaped = false;
    int status = 0;
  };

  // 0 and the process, which waits to be released; or an errno.
  int Begin(const Spawn& spawn, const ChildEnds& ends, pid_t& pid);
  void Watch(int fd, RunNumber run);
  void Finish(RunNumber run, std::vector<Event>& events);

  int epoll_;
  Descriptor begin_;  // the program that becomes the agent; invalid: a copy of the daemon does
  std::map<RunNumber, Process> processes_;
  uint64_t file_limit_ = 0;  // 0: as it is
};

}  // namespace picket::runtime
