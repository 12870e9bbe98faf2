// What the members of a group tell one another, in total order. A group of one tells itself.
//
// Delivery is what counts: nothing is known, begun or ended before its message has come back. So a daemon alone
// and one among many are the same code, and what replicas do with a message is a function of the message and of
// what they held before: time stamps, call numbers and verdicts travel in it (docs/runtime.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "runtime/group/command.h"
#include "runtime/group/operation.h"
#include "runtime/ports/events.h"

namespace picket::runtime {

// The coordinator wants something done. An order without a delivered Begin dies with its term.
struct Order {
  uint64_t number = 0;
  uint64_t term = 0;
  std::string node;
  Operation operation;
};

// The executor has taken the order; it starts the agent when this comes back to it.
struct Begin {
  uint64_t order = 0;
  std::string node;
  int64_t when_s = 0;
  Operation operation;
};

// How it ended. A recurring operation reports its first result and then changes only, under the same number.
struct Result {
  uint64_t order = 0;
  std::string node;
  Operation operation;
  Outcome outcome;
  int32_t call = 0;
  int64_t when_s = 0;
  int64_t exec_ms = 0;
  bool first = true;  // of a recurring operation: the run that was ordered
  // Parameters that the agent cannot take in while it runs, and their digest; empty if it cannot reload at all.
  std::string force_restart, restart_digest;
};

// A transient node attribute was set, or erased.
struct AttributeSet {
  std::string node;
  std::string name;
  std::optional<std::string> value;
};

// Fail counts, and the failures that the history shows, of a resource on a node are forgotten.
struct FailuresCleared {
  std::string node;
  std::string resource;
  bool planned = false;  // a step of the coordinator's own plan
};
// All that is known of a resource on a node is forgotten; it will be probed if it is still wanted.
struct ResourceForgotten {
  std::string node;
  std::string resource;
  bool planned = false;  // a step of the coordinator's own plan
};

// --- who is here and what they know (docs/runtime.md, "Views") -----------------------------------------------------

// The coordinator has something carried out against a node that is not asked.
struct FenceOrder {
  uint64_t number = 0;
  uint64_t term = 0;
  std::string node;  // who carries it out
  std::string target;
  std::string incarnation;  // of the target's picketd that was lost; empty: it was never seen
  std::string boot_id;      // of the target when it was last seen
  std::string action;       // `off`, `reboot`, `on`
  int64_t delay_ms = 0;     // before the first device (priority-fencing-delay)
  int64_t timeout_ms = 60000;
  std::string digests_all, digests_secure;  // of `on`: kept as the node's attributes once it is done
  std::optional<std::string> because;       // the resource whose failed stop is the reason
};
// How it ended. The only proof, beside a Goodbye, that a lost node's resources may be recovered.
struct FenceDone {
  uint64_t order = 0;  // 0: a person says so
  std::string node;    // who carried it out, or confirmed
  std::string target;
  std::string incarnation;  // as in the order
  std::string boot_id;
  std::string action;
  bool success = false;
  std::string device;  // the device or devices that did it; `a person`
  std::string reason;  // of a failure, in the agent's words
  int64_t when_s = 0;
  std::string digests_all, digests_secure;
  std::optional<std::string> because;  // as in the order
};

// A node was fenced because a resource could not be stopped there.
struct StopFencing {
  std::string resource;  // without the number of an instance
  std::string node;
  int64_t when_s = 0;

  friend bool operator==(const StopFencing&, const StopFencing&) = default;
};

// A process of the group that has been silent for too long (patience.h). Corosync still has it; the others do
// not.
struct OverduePeer {
  NodeId node = 0;
  uint64_t process = 0;

  friend auto operator<=>(const OverduePeer&, const OverduePeer&) = default;
};

// Begins a round: what a member knows of itself. All members compute the same from the same hellos.
struct Hello {
  std::string view;  // the round that it belongs to
  std::string node;
  NodeId id = 0;
  std::string incarnation;  // of the daemon
  std::string boot_id;      // of the machine
  int wire_low = 1, wire_high = 1;
  uint64_t seen_term = 0;  // the highest it knows of
  uint64_t hard_term = 0, hard_index = 0;
  std::string hard_digest;
  bool forgetful = false;           // its store is damaged: it is no source
  bool started = false;             // it was in a view that gave orders
  bool had_quorum = false;          // its last view had quorum
  std::string coordinator;          // incarnation of the coordinator of its last view
  std::vector<Begin> in_flight;     // begun here and not ended
  std::vector<FenceOrder> fencing;  // under way here
  std::string soft;                 // its own history and transient attributes
  int64_t watchdog_ms = 0;          // of an armed watchdog; 0: none
  int64_t wall_ms = 0;
  std::optional<std::vector<OverduePeer>> overdue;        // without whom it goes on
  std::optional<std::vector<StopFencing>> stop_fencings;  // that it knows of
};

// What the group holds a node for that is not in the view.
enum class Standing : uint8_t {
  kUnseen,  // never met
  kMember,  // in the view
  kLost,    // gone without a word: it may run things until it is fenced
  kLeft,    // gone in good order, nothing runs there
  kFenced,  // proven off
};
struct AbsentNode {
  std::string node;
  Standing standing = Standing::kUnseen;
  std::string incarnation, boot_id;  // as last seen
  bool daemon_only = false;          // its machine is in the ring, its picketd is not
  std::string soft;
};
// Ends the round: the source's word, with which the view begins.
struct Transfer {
  std::string view;
  uint64_t term = 0;
  std::string hard;  // as a file has it; empty if all have the same
  std::vector<AbsentNode> absent;
  bool started = false;
  int64_t group_wall_ms = 0;  // the time that stamps are made of
};

// --- the hard state ------------------------------------------------------------------------------------------------

// The author's own name for a command, so that it is applied once and its author answered.
struct CommandId {
  std::string incarnation;
  uint64_t counter = 0;

  friend auto operator<=>(const CommandId&, const CommandId&) = default;
};
struct Proposed {
  CommandId id;
  std::optional<uint64_t> only_at;  // applied only while the configuration has that number
  Command command;
};
// A member has the command with that number on disk, or will not (`refused`).
struct Stored {
  std::string node;
  uint64_t hard_term = 0, hard_index = 0;
  std::string refused;
};
// A member will never again speak in an older term: that is on its disk.
struct Promised {
  std::string node;
};

// --- coming and going ----------------------------------------------------------------------------------------------

// The plan has nothing left to run on that node: it may leave.
struct MayLeave {
  std::string node;
};
// The last words of a node on which nothing runs any more.
struct Goodbye {
  std::string node;
};
// A machine in the ring has been without its picketd for longer than it is given.
struct DaemonGone {
  std::string node;
};
// --- of the coordinator --------------------------------------------------------------------------------------------

// How far it is, for `status` on the other members.
struct Progress {
  bool settled = false;
  uint64_t transition = 0;
  std::vector<std::string> messages;
};
// Recorded times move along with a wall clock that was set, so that nothing ages by it.
struct ClockSet {
  int64_t by_ms = 0;
};
// Comes back to its sender, who then knows that it is still among the living.
struct Echo {
  std::string node;
  uint64_t nonce = 0;
};

// A sign of life. When it comes back its sender has heard all that was said before.
struct Pulse {
  std::string node;
  bool waits = false;  // the view is held back on purpose: people are to say how to go on
};
// What a member was waited for in vain.
enum class Lateness : uint8_t {
  kSilent,    // it says nothing at all
  kHello,     // it has not said hello
  kTransfer,  // it is the source and has not given its word
  kWork,      // it does not begin what it is ordered, or does not say how it ended
};
// The view is to go on without a member. It counts only where the member has indeed not spoken meanwhile.
struct Overdue {
  std::string view;
  OverduePeer peer;
  Lateness lateness = Lateness::kSilent;
};

using Message = std::variant<Order, Begin, Result, AttributeSet, FailuresCleared, ResourceForgotten, FenceOrder,
                             FenceDone, Hello, Transfer, Proposed, Stored, Promised, MayLeave, Goodbye, DaemonGone,
                             Progress, ClockSet, Echo, Pulse, Overdue>;

// A message as it travels: all but those of a round are dropped where the term is another one.
struct Envelope {
  uint64_t term = 0;
  Message message;
};

}  // namespace picket::runtime
