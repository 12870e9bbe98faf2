// What comes in: everything that the daemon's core ever learns about the outside, as plain values.
//
// The core is one function, Step(moment, event) -> effects. Real ports (ports/linux) make these events out of
// epoll, pidfd and sockets; simulated ones (tests/daemon) make them out of a seed. Nothing here has a clock, a
// descriptor or a pointer into a port.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace picket::execution {
struct Plan;
}

namespace picket::runtime {

using NodeId = uint32_t;        // as Corosync counts nodes; 0: nobody
using RunNumber = uint64_t;     // one execution of an agent; unique within an incarnation
using ClientNumber = uint64_t;  // one connection to the control socket

struct StoredFile {
  std::string name;
  std::string bytes;
};

// The first event: who we are and what was found on disk.
struct Booted {
  std::string boot_id;      // of the machine: a session of another boot means nothing
  std::string incarnation;  // of this start of the daemon: never the same twice
  uint64_t seed = 0;        // random, for delays that are meant to differ between nodes
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
  bool known = true;  // false: it was adopted, nobody can say how it ended
  int exit_code = 0;  // if signal and exec_error are 0
  int signal = 0;
  int exec_error = 0;  // errno: the program could not be executed
  std::string output;  // standard output, bounded
  std::string errors;  // standard error, bounded
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

struct SessionSaved {
  uint64_t save = 0;
  bool kept = true;
  std::string error;
};

struct Solved {
  uint64_t ticket = 0;
  std::shared_ptr<const execution::Plan> plan;
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

// --- the group and the quorum: two streams whose mutual order is not given ----------------------------------------

// One configuration of the ring, in the eyes of all its members the same.
struct RingId {
  NodeId representative = 0;
  uint64_t sequence = 0;

  friend auto operator<=>(const RingId&, const RingId&) = default;
};

// A process in the group. A node has one that counts: the first that is listed.
struct GroupPeer {
  NodeId node = 0;
  uint64_t process = 0;  // meaningful within a ring only: process ids repeat

  friend auto operator<=>(const GroupPeer&, const GroupPeer&) = default;
};

struct ConfiguredNode {
  NodeId id = 0;
  std::string name;
  int votes = 1;

  friend bool operator==(const ConfiguredNode&, const ConfiguredNode&) = default;
};

// A connection to Corosync is there; what corosync.conf says. Rings, members and quorum follow.
struct GroupOpened {
  GroupPeer self;
  std::vector<ConfiguredNode> nodes;  // all that are configured, ourselves among them
  bool two_node = false;
  bool plain_majority = true;   // quorum means more than half of all votes: no two_node, last_man_standing,
                                // auto_tie_breaker, quorum device
  int64_t token_ms = 1000;      // how long a machine may be silent before the ring looks for it
  int64_t consensus_ms = 1200;  // and how long it does
  bool encrypted = false;       // messages cannot be read or made by others on the network

  friend bool operator==(const GroupOpened&, const GroupOpened&) = default;
};
// corosync.conf was read again and says something else than before, of others or of votes.
struct GroupConfigured {
  GroupOpened now;
};
// The connection is gone, and with it ring, members and quorum. GroupOpened follows when Corosync is back.
struct GroupLost {
  std::string reason;
};
// The ring has another shape; in order with what is delivered. The members are machines, with or without picketd.
struct RingChanged {
  RingId ring;
  std::vector<NodeId> members;
};
// Processes came or went; in order with what is delivered.
struct GroupChanged {
  std::vector<GroupPeer> members;
};
// A message of a member, our own among them, in the order in which all get it.
struct GroupDelivered {
  GroupPeer sender;
  std::string bytes;
};
// The other stream.
struct QuorumChanged {
  RingId ring;
  bool quorate = false;
};

using Event = std::variant<Booted, TimerFired, ProcessSpawned, SpawnFailed, ProcessEnded, StoreWritten, SessionSaved,
                           Solved, ClientOpened, ClientSent, ClientClosed, AskedToLeave, GroupOpened, GroupConfigured,
                           GroupLost, RingChanged, GroupChanged, GroupDelivered, QuorumChanged>;

}  // namespace picket::runtime
