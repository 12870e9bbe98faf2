// What comes in: everything that the daemon's core ever learns about the outside, as plain values.
//
// The core is one function, Step(moment, event) -> effects. Real ports (ports/linux) make these events out of
// epoll, pidfd and sockets; simulated ones (tests/daemon) make them out of a seed. Nothing here has a clock, a
// descriptor or a pointer into a port.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace picket::runtime {

struct Plan;

using RunNumber = uint64_t;     // one execution of an agent; unique within an incarnation
using ClientNumber = uint64_t;  // one connection to the control socket

struct StoredFile {
  std::string name;
  std::string bytes;
};

// The first event: who we are and what was found on disk.
struct Booted {
  std::string boot_id;           // of the machine: a session of another boot means nothing
  std::string incarnation;       // of this start of the daemon: never the same twice
  int cores = 1;
  std::vector<StoredFile> store;  // the durable generations, in any order
  std::string session;            // what the last daemon of this boot left behind; empty if nothing
  std::string configuration;      // to be in force from now on; empty: what is in the store
  std::string source;             // where that came from
};

struct TimerFired {};

// The agent's process is there and waits to be released; its pid and start time name it for ever.
struct ProcessSpawned {
  RunNumber run = 0;
  int64_t pid = 0;
  uint64_t start_ticks = 0;
};
struct SpawnFailed {
  RunNumber run = 0;
  std::string error;
};
// The agent is gone, and after a kill its whole process group.
struct ProcessEnded {
  RunNumber run = 0;
  bool known = true;      // false: it was adopted, nobody can say how it ended
  int exit_code = 0;      // if signal and exec_error are 0
  int signal = 0;
  int exec_error = 0;     // errno: the program could not be executed
  std::string output;     // standard output, bounded
  std::string errors;     // standard error, bounded
};

enum class WriteOutcome : uint8_t {
  kDone,
  kRefused,    // nothing was changed: no room, no permission. May be tried again.
  kUncertain,  // a sync failed: what is on the disk is not known, and asking again would not tell
};
struct StoreWritten {
  uint64_t write = 0;
  WriteOutcome outcome = WriteOutcome::kDone;
  std::string error;
};

struct Solved {
  uint64_t ticket = 0;
  std::shared_ptr<const Plan> plan;
};

struct ClientOpened {
  ClientNumber client = 0;
  uint32_t uid = 0;
  bool may_change = false;
};
struct ClientSent {
  ClientNumber client = 0;
  std::string line;  // one request, without its end of line
};
struct ClientClosed {
  ClientNumber client = 0;
};

// A signal: leave, and stop the services first or leave them running for the next daemon.
struct AskedToLeave {
  bool stop_services = false;
};

using Event = std::variant<Booted, TimerFired, ProcessSpawned, SpawnFailed, ProcessEnded, StoreWritten, Solved,
                           ClientOpened, ClientSent, ClientClosed, AskedToLeave>;

}  // namespace picket::runtime
