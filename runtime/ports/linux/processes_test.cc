#include "runtime/ports/linux/processes.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace picket::runtime {
namespace {

// How a process begins: as a small program, or as a copy of this one.
struct Small {
  static constexpr bool kCopies = false;
};
struct Copy {
  static constexpr bool kCopies = true;
};

template <typename Way>
struct Stage {
  Stage() : epoll(epoll_create1(0)), processes(epoll.get(), Way::kCopies) {}

  // Waits for an event of that kind.
  template <typename T>
  T WaitFor() {
    while (true) {
      for (size_t i = 0; i < events.size(); ++i) {
        if (const T* wanted = std::get_if<T>(&events[i])) {
          T found = *wanted;
          events.erase(events.begin() + static_cast<std::ptrdiff_t>(i));
          return found;
        }
      }
      epoll_event ready[8];
      const int count = epoll_wait(epoll.get(), ready, 8, Processes::kLookMs);
      for (int k = 0; k < count; ++k) processes.Ready(ready[k].data.u64, events);
      processes.Look(events);
    }
  }
  ProcessSpawned Run(RunNumber run, const std::string& script, const std::string& input = {}) {
    Spawn spawn;
    spawn.run = run;
    spawn.arguments = {"/bin/sh", "-c", script};
    spawn.environment = {"PATH=/usr/bin:/bin"};
    spawn.input = input;
    processes.Do(spawn, events);
    return WaitFor<ProcessSpawned>();
  }

  Descriptor epoll;
  Processes processes;
  std::vector<Event> events;
};

TEST_CASE_TEMPLATE("what is dead and not reaped does not live", Way, Small, Copy) {
  // Orphans become ours, and we do not reap them.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  Stage<Way> stage;
  const auto spawned = stage.Run(1, "sh -c 'exec sleep 1000' & exec sleep 1000");
  stage.processes.Do(Release{1});
  usleep(200000);
  stage.processes.Do(Kill{1});
  const auto ended = stage.template WaitFor<ProcessEnded>();
  CHECK(ended.run == 1);
  CHECK(ended.signal == SIGKILL);
  CHECK(kill(static_cast<pid_t>(-spawned.pid), 0) == 0);
  prctl(PR_SET_CHILD_SUBREAPER, 0);
  while (waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

TEST_CASE_TEMPLATE("a service that keeps half of an agent's output open costs nothing", Way, Small, Copy) {
  Stage<Way> stage;
  stage.Run(1, "exec 2>&-; sleep 1000 2>/dev/null & echo $!; exit 0");
  stage.processes.Do(Release{1});
  const auto ended = stage.template WaitFor<ProcessEnded>();
  CHECK(ended.exit_code == 0);
  // Of a run that has ended nothing is watched any more.
  epoll_event ready[8];
  CHECK(epoll_wait(stage.epoll.get(), ready, 8, 50) == 0);
  kill(std::atoi(ended.output.c_str()), SIGKILL);
}

TEST_CASE_TEMPLATE("a killed agent whose output is closed does not keep the loop busy", Way, Small, Copy) {
  Stage<Way> stage;
  stage.Run(1, "trap '' TERM; (exec >&- 2>&-; sleep 1000) & exec >&- 2>&-; sleep 1000");
  stage.processes.Do(Release{1});
  usleep(200000);
  std::vector<Event> events;
  epoll_event ready[8];
  int turns = 0;
  while (epoll_wait(stage.epoll.get(), ready, 8, 50) > 0 && ++turns < 100) {
    stage.processes.Ready(ready[0].data.u64, events);
  }
  CHECK(turns < 10);
  stage.processes.Do(Kill{1});
  stage.template WaitFor<ProcessEnded>();
}

TEST_CASE_TEMPLATE("an agent's exit code and its words", Way, Small, Copy) {
  Stage<Way> stage;
  stage.Run(1, "cat; echo said; echo why >&2; exit 7", "given\n");
  stage.processes.Do(Release{1});
  const auto ended = stage.template WaitFor<ProcessEnded>();
  CHECK(ended.exit_code == 7);
  CHECK(ended.output == "given\nsaid\n");
  CHECK(ended.errors == "why\n");
  CHECK(ended.known);
}

TEST_CASE_TEMPLATE("nothing runs before it is released, nor if its daemon dies", Way, Small, Copy) {
  const std::string file = std::string(std::getenv("TEST_TMPDIR")) + "/ran";
  {
    Stage<Way> stage;
    const auto spawned = stage.Run(1, "touch " + file);
    CHECK(spawned.pid > 0);
    CHECK(spawned.start_ticks > 0);
    usleep(50000);
    CHECK_FALSE(std::ifstream(file).good());
    // The stage goes, and with it the pipe that the child waits on.
  }
  int status = 0;
  waitpid(-1, &status, 0);
  CHECK(WEXITSTATUS(status) == 126);
  CHECK_FALSE(std::ifstream(file).good());
}

TEST_CASE_TEMPLATE("an agent has nothing of the daemon", Way, Small, Copy) {
  // What a daemon has: signals that are ignored and held back, another umask, descriptors that nobody closes.
  signal(SIGUSR1, SIG_IGN);
  sigset_t held, before;
  sigemptyset(&held);
  sigaddset(&held, SIGTERM);
  sigprocmask(SIG_BLOCK, &held, &before);
  const mode_t mask = umask(077);
  const int leak = dup(2);
  Stage<Way> stage;
  stage.processes.SetFileLimit(321);
  stage.Run(
      1,
      "umask; pwd; ulimit -n; ls /proc/$$/fd | tr '\\n' ' '; echo; cut -d' ' -f6 /proc/$$/stat; echo $$;"
      "grep -E 'Sig(Blk|Ign)' /proc/self/status; cat /proc/self/oom_score_adj; env | grep -v -e PWD -e SHLVL -e _=");
  stage.processes.Do(Release{1});
  const auto ended = stage.template WaitFor<ProcessEnded>();
  sigprocmask(SIG_SETMASK, &before, nullptr);
  signal(SIGUSR1, SIG_DFL);
  umask(mask);
  close(leak);
  std::istringstream lines(ended.output);
  std::vector<std::string> said;
  for (std::string line; std::getline(lines, line);) said.push_back(line);
  REQUIRE(said.size() == 10);
  CHECK(said[0] == "0022");
  CHECK(said[1] == "/");
  CHECK(said[2] == "321");
  CHECK(said[3] == "0 1 2 ");
  CHECK(said[4] == said[5]);  // a session of its own
  CHECK(said[6] == "SigBlk:\t0000000000000000");
  CHECK(said[7] == "SigIgn:\t0000000000000000");
  CHECK(said[8] == "0");
  CHECK(said[9] == "PATH=/usr/bin:/bin");
}

TEST_CASE_TEMPLATE("a program that is not there", Way, Small, Copy) {
  Stage<Way> stage;
  Spawn spawn;
  spawn.run = 1;
  spawn.arguments = {"/nowhere/agent", "start"};
  stage.processes.Do(spawn, stage.events);
  stage.template WaitFor<ProcessSpawned>();
  stage.processes.Do(Release{1});
  CHECK(stage.template WaitFor<ProcessEnded>().exec_error == ENOENT);
}

TEST_CASE_TEMPLATE("a kill takes the whole group", Way, Small, Copy) {
  Stage<Way> stage;
  const auto spawned = stage.Run(1, "sleep 1000 & sleep 1000");
  stage.processes.Do(Release{1});
  usleep(50000);
  stage.processes.Do(Kill{1});
  CHECK(stage.template WaitFor<ProcessEnded>().signal == SIGKILL);
  // Its orphan is dead, and gone as soon as process 1 has looked.
  for (int looks = 0; looks < 1000 && kill(static_cast<pid_t>(-spawned.pid), 0) == 0; ++looks) usleep(10000);
  CHECK(kill(static_cast<pid_t>(-spawned.pid), 0) != 0);
}

TEST_CASE_TEMPLATE("a service that is left behind keeps nobody waiting", Way, Small, Copy) {
  Stage<Way> stage;
  const auto spawned = stage.Run(1, "sleep 1000 & exit 0");
  stage.processes.Do(Release{1});
  CHECK(stage.template WaitFor<ProcessEnded>().exit_code == 0);
  kill(static_cast<pid_t>(-spawned.pid), SIGKILL);
}

TEST_CASE_TEMPLATE("output without end is bounded and its end is kept", Way, Small, Copy) {
  Stage<Way> stage;
  stage.Run(1,
            "i=0; while [ $i -lt 20000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done;"
            "echo last");
  stage.processes.Do(Release{1});
  const auto ended = stage.template WaitFor<ProcessEnded>();
  CHECK(ended.output.size() < 300000);
  CHECK(ended.output.ends_with("last\n"));
}

TEST_CASE_TEMPLATE("an adopted process is known by its start time", Way, Small, Copy) {
  Stage<Way> first;
  const auto spawned = first.Run(1, "sleep 1000");
  first.processes.Do(Release{1});
  Stage<Way> next;
  next.processes.Do(Adopt{7, spawned.pid, spawned.start_ticks + 1}, next.events);
  CHECK_FALSE(next.template WaitFor<ProcessEnded>().known);
  next.processes.Do(Adopt{8, spawned.pid, spawned.start_ticks}, next.events);
  CHECK(next.events.empty());
  next.processes.Do(Kill{8});
  // Whoever made it has to reap it before its group is gone; in life that is init.
  first.template WaitFor<ProcessEnded>();
  CHECK(next.template WaitFor<ProcessEnded>().run == 8);
}

}  // namespace
}  // namespace picket::runtime
