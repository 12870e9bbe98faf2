// What goes out: everything that the daemon's core ever does to the outside, as plain values.
//
// A port carries the effects of one step out in their order. An agent is released only after the port has
// said that the session is kept (SessionSaved), so that whoever comes after a crash knows of every agent that
// may be running.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/ports/events.h"
#include "solver/model/cluster.h"
#include "solver/model/state.h"

namespace picket::runtime {

// Makes a process in a group of its own that waits for Release before it becomes the program. If the daemon
// dies before that, the process ends without having done anything.
struct Spawn {
  RunNumber run = 0;
  std::vector<std::string> arguments;  // the first is the program's path
  std::vector<std::string> environment;
  std::string input;  // for its standard input
};
struct Release {
  RunNumber run = 0;
};
// SIGKILL to the whole process group; ProcessEnded follows once all of it is gone, or never.
struct Kill {
  RunNumber run = 0;
};
// systemd is asked to start or stop a unit, or how it is; ProcessEnded follows, with what an OCF agent would have
// exited with and its reason in `errors`. Kill gives the call up and ProcessEnded follows at once; a job that systemd
// has begun goes on.
enum class UnitVerb : uint8_t { kStatus, kStart, kStop };
struct CallUnit {
  RunNumber run = 0;
  std::string unit;  // its full name
  UnitVerb verb = UnitVerb::kStatus;
};
// A process of an earlier daemon is watched; ProcessEnded (not known) follows, at once if it is gone.
struct Adopt {
  RunNumber run = 0;
  int64_t pid = 0;
  uint64_t start_ticks = 0;
};

// Kept until the machine reboots: appended to what is there, or, if it is whole, in its place. SessionSaved
// follows, in the order of the numbers. After one that could not be kept only a whole one can be.
struct SaveSession {
  uint64_t save = 0;
  std::string bytes;
  bool whole = true;
};
// Kept for ever, synced, atomically; StoreWritten follows. The files named in `remove` go after that.
struct WriteStore {
  uint64_t write = 0;
  std::string name;
  std::string bytes;
  std::vector<std::string> remove;
};

// To all members, ourselves among them, in one order with what they send. Kept while Corosync says try again; lost
// with the connection. At most kMulticastMax bytes.
inline constexpr size_t kMulticastMax = size_t{256} << 10;
struct Multicast {
  std::string bytes;
};

// Solved follows.
struct Solve {
  uint64_t ticket = 0;
  std::shared_ptr<const solver::Cluster> cluster;
  solver::State state;
};

struct Answer {
  ClientNumber client = 0;
  std::string line;
};
struct CloseClient {
  ClientNumber client = 0;
};

// TimerFired follows at that time; replaces what was asked for before.
struct WakeAt {
  int64_t boot_ms = 0;
};

enum class SayLevel : uint8_t { kInfo, kNotice, kWarning, kError };
// For the daemon's log.
struct Say {
  SayLevel level = SayLevel::kInfo;
  std::string text;
};

struct Exit {
  int status = 0;
};

using Effect = std::variant<Spawn, Release, Kill, CallUnit, Adopt, SaveSession, WriteStore, Solve, Answer, CloseClient,
                            WakeAt, Say, Exit, Multicast>;
using Effects = std::vector<Effect>;

}  // namespace picket::runtime
