#include "runtime/ports/linux/processes.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>

namespace picket::runtime {
namespace {

struct Stage {
  Stage() : epoll(epoll_create1(0)), processes(epoll.get()) {}

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

TEST_CASE("what is dead and not reaped does not live") {
  // Orphans become ours, and we do not reap them.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  Stage stage;
  const auto spawned = stage.Run(1, "sh -c 'exec sleep 1000' & exec sleep 1000");
  stage.processes.Do(Release{1});
  usleep(200000);
  stage.processes.Do(Kill{1});
  const auto ended = stage.WaitFor<ProcessEnded>();
  CHECK(ended.run == 1);
  CHECK(ended.signal == SIGKILL);
  CHECK(kill(static_cast<pid_t>(-spawned.pid), 0) == 0);
  prctl(PR_SET_CHILD_SUBREAPER, 0);
  while (waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

TEST_CASE("a service that keeps half of an agent's output open costs nothing") {
  Stage stage;
  stage.Run(1, "exec 2>&-; sleep 1000 2>/dev/null & echo $!; exit 0");
  stage.processes.Do(Release{1});
  const auto ended = stage.WaitFor<ProcessEnded>();
  CHECK(ended.exit_code == 0);
  // Of a run that has ended nothing is watched any more.
  epoll_event ready[8];
  CHECK(epoll_wait(stage.epoll.get(), ready, 8, 50) == 0);
  kill(std::atoi(ended.output.c_str()), SIGKILL);
}

TEST_CASE("a killed agent whose output is closed does not keep the loop busy") {
  Stage stage;
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
  stage.WaitFor<ProcessEnded>();
}

TEST_CASE("an agent's exit code and its words") {
  Stage stage;
  stage.Run(1, "cat; echo said; echo why >&2; exit 7", "given\n");
  stage.processes.Do(Release{1});
  const auto ended = stage.WaitFor<ProcessEnded>();
  CHECK(ended.exit_code == 7);
  CHECK(ended.output == "given\nsaid\n");
  CHECK(ended.errors == "why\n");
  CHECK(ended.known);
}

TEST_CASE("nothing runs before it is released, nor if its daemon dies") {
  const std::string file = std::string(std::getenv("TEST_TMPDIR")) + "/ran";
  {
    Stage stage;
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

TEST_CASE("a program that is not there") {
  Stage stage;
  Spawn spawn;
  spawn.run = 1;
  spawn.arguments = {"/nowhere/agent", "start"};
  stage.processes.Do(spawn, stage.events);
  stage.WaitFor<ProcessSpawned>();
  stage.processes.Do(Release{1});
  CHECK(stage.WaitFor<ProcessEnded>().exec_error == ENOENT);
}

TEST_CASE("a kill takes the whole group") {
  Stage stage;
  const auto spawned = stage.Run(1, "sleep 1000 & sleep 1000");
  stage.processes.Do(Release{1});
  usleep(50000);
  stage.processes.Do(Kill{1});
  CHECK(stage.WaitFor<ProcessEnded>().signal == SIGKILL);
  // Its orphan is dead, and gone as soon as process 1 has looked.
  for (int looks = 0; looks < 1000 && kill(static_cast<pid_t>(-spawned.pid), 0) == 0; ++looks) usleep(10000);
  CHECK(kill(static_cast<pid_t>(-spawned.pid), 0) != 0);
}

TEST_CASE("a service that is left behind keeps nobody waiting") {
  Stage stage;
  const auto spawned = stage.Run(1, "sleep 1000 & exit 0");
  stage.processes.Do(Release{1});
  CHECK(stage.WaitFor<ProcessEnded>().exit_code == 0);
  kill(static_cast<pid_t>(-spawned.pid), SIGKILL);
}

TEST_CASE("output without end is bounded and its end is kept") {
  Stage stage;
  stage.Run(1,
            "i=0; while [ $i -lt 20000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done;"
            "echo last");
  stage.processes.Do(Release{1});
  const auto ended = stage.WaitFor<ProcessEnded>();
  CHECK(ended.output.size() < 300000);
  CHECK(ended.output.ends_with("last\n"));
}

TEST_CASE("an adopted process is known by its start time") {
  Stage first;
  const auto spawned = first.Run(1, "sleep 1000");
  first.processes.Do(Release{1});
  Stage next;
  next.processes.Do(Adopt{7, spawned.pid, spawned.start_ticks + 1}, next.events);
  CHECK_FALSE(next.WaitFor<ProcessEnded>().known);
  next.processes.Do(Adopt{8, spawned.pid, spawned.start_ticks}, next.events);
  CHECK(next.events.empty());
  next.processes.Do(Kill{8});
  // Whoever made it has to reap it before its group is gone; in life that is init.
  first.WaitFor<ProcessEnded>();
  CHECK(next.WaitFor<ProcessEnded>().run == 8);
}

}  // namespace
}  // namespace picket::runtime
