#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/source_map/span.h"

/// What the `test` and `invariant` statements of a policy say, as plain data.
///
/// This is what the simulator plays. It is not syntax: names are resolved (a
/// resource is its id in the CIB, a node its name, a link its name in the
/// `Topology`), variables are gone, every condition is well typed, durations
/// are milliseconds. A consumer therefore meets no case that means "the author
/// made a mistake"; the compiler has reported those. Every part keeps its
/// `Span` so that a verdict can point at the words it is about.
///
/// The data says *what* is claimed, never how it is decided: "since when" an
/// event counts, what "settled" means and how faults are combined belongs to
/// simulator/scenario.
namespace picket::compiler::scenario {

/// A resolved name and where it was written.
struct Name {
  std::string id;
  Span span;
};

// ---------------------------------------------------------------- conditions

/// A state that a resource (the first four) or a node (the last two) is in.
enum class State { kRunning, kStopped, kPromoted, kUnpromoted, kFenced, kOnline };

/// An action that the cluster carries out on a resource.
enum class Action { kStart, kStop, kPromote, kDemote };

/// `running vip on ha2`, `fenced ha1 by ipmi-ha1`, `online ha1`.
/// `subject` is a resource for resource states, a node for `kFenced` and
/// `kOnline`; `node` only stands with resource states, `device` (a fence
/// device's resource id) only with `kFenced`.
struct InState {
  State state = State::kRunning;
  Name subject;
  std::optional<Name> node;
  std::optional<Name> device;
};

/// `promote drbd-ms on ha2`: the action happened.
struct Happened {
  Action action = Action::kStart;
  Name resource;
  std::optional<Name> node;
};

/// What `before` can compare: two things that come about at a moment.
struct Event {
  std::variant<InState, Happened> what;
  Span span;
};

/// `no restart of db`, `no move of db`.
struct Undisturbed {
  enum class Kind { kRestart, kMove };
  Kind kind = Kind::kRestart;
  Name resource;
};

/// `utilization_fits()`: no node carries more than it has.
struct UtilizationFits {};

/// `count(promoted drbd-ms)`: instances in that state; `count(online)`: nodes.
/// `subject` is set for resource states, unset for `kFenced` and `kOnline`.
struct Count {
  State state = State::kRunning;
  std::optional<Name> subject;
};

/// `downtime(pbx)`: how long in all the resource did not run, in milliseconds.
struct Downtime {
  Name resource;
};

/// A number or, in milliseconds, a duration.
struct Constant {
  std::int64_t value = 0;
};

struct Arithmetic;

/// Something that has an amount. Durations are in milliseconds.
struct Quantity {
  std::variant<Constant, Count, Downtime, std::shared_ptr<const Arithmetic>> what;
  Span span;
};

struct Arithmetic {
  enum class Op { kAdd, kSubtract, kMultiply, kDivide, kRemainder };
  Op op = Op::kAdd;
  Quantity left;
  Quantity right;
};

/// `count(promoted drbd-ms) <= 1`.
struct Comparison {
  enum class Op { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };
  Op op = Op::kEqual;
  Quantity left;
  Quantity right;
};

/// `fenced ha1 before promote drbd-ms on ha2`.
struct Before {
  Event first;
  Event second;
};

struct Condition;

struct Not {
  std::shared_ptr<const Condition> operand;
};
/// Two or more operands, in the order written.
struct And {
  std::vector<Condition> operands;
};
/// Two or more operands, in the order written.
struct Or {
  std::vector<Condition> operands;
};
struct Implies {
  std::shared_ptr<const Condition> premise;
  std::shared_ptr<const Condition> conclusion;
};

/// Something that is true or false of a history. Trees are at most a few
/// hundred levels deep (the parser bounds nesting), so recursion is safe.
struct Condition {
  std::variant<InState, Happened, Undisturbed, UtilizationFits, Comparison,
               Before, Not, And, Or, Implies>
      what;
  Span span;
};

// -------------------------------------------------------------------- faults

/// Power loss; the node stays away until `online`.
struct Kill {
  std::vector<Name> nodes;
};
struct Standby {
  std::vector<Name> nodes;
};
/// Ends a standby, or boots a node that was killed or fenced.
struct Online {
  std::vector<Name> nodes;
};
/// The node keeps running but reaches nobody, on any link.
struct Isolate {
  std::vector<Name> nodes;
};
/// One link for everybody, or for one node only.
struct CutLink {
  Name link;
  std::optional<Name> node;
};
/// Nobody of `left` reaches anybody of `right`, on any link.
struct Partition {
  std::vector<Name> left;
  std::vector<Name> right;
};
/// The next executions of an operation fail: so many `times`, or always. Without
/// `operation` it is the monitor; without `node` wherever it runs. `timed_out`
/// is `rc=timeout`: the agent hangs until the operation's timeout; else it
/// returns `exit_code`.
struct FailResource {
  static constexpr int kAlways = -1;
  Name resource;
  std::optional<std::string> operation;
  std::optional<Name> node;
  int exit_code = 1;
  bool timed_out = false;
  int times = 1;
};
/// A fence device is broken: it says no, or hangs, or says yes and does nothing
/// (the node lives on: the worst of the three).
struct FailFence {
  enum class How { kRefuses, kTimesOut, kLies };
  Name device;
  How how = How::kRefuses;
};
/// Every operation of the resource hangs from here on; of a fence device, its
/// fencing.
struct Hang {
  Name resource;
};
struct Grant {
  Name ticket;
};
struct Revoke {
  Name ticket;
};
struct SetAttribute {
  std::string attribute;
  std::string value;
  Name node;
};
struct Advance {
  std::int64_t duration_ms = 0;
};
struct RestartCluster {};

using Fault = std::variant<Kill, Standby, Online, Isolate, CutLink, Partition,
                           FailResource, FailFence, Hang, Grant, Revoke,
                           SetAttribute, Advance, RestartCluster>;

// -------------------------------------------------------------- tests, claims

/// The situation the test starts from: what happened before does not count.
/// Before it stands only what an operator does on purpose, as granting a ticket.
struct Given {
  Condition condition;
};
/// What must hold once the cluster has come to rest after the faults so far.
struct Expect {
  Condition condition;
};

struct Step {
  std::variant<Given, Fault, Expect> what;
  Span span;
};

struct Test {
  std::string name;
  std::vector<Step> steps;
  Span span;
};

enum class FaultKind { kNode, kResource, kLink, kFence, kTicket };

/// `over failures 1..2 of node, link`: every combination of `failures_min` to
/// `failures_max` faults of these kinds.
struct Scope {
  int failures_min = 0;
  int failures_max = 0;
  std::vector<FaultKind> kinds;
  Span span;
};

/// `always C`: true at every moment; `never C`: at none; `settles C`: true
/// whenever the cluster has come to rest.
struct Claim {
  enum class Kind { kAlways, kNever, kSettles };
  Kind kind = Kind::kAlways;
  Condition condition;
  Span span;
};

/// All claims must hold in every history that `scope` allows and in which
/// `assuming`, if set, is true.
struct Invariant {
  std::string name;
  std::optional<Scope> scope;
  std::optional<Condition> assuming;
  std::vector<Claim> claims;
  Span span;
};

struct Scenario {
  std::vector<Test> tests;
  std::vector<Invariant> invariants;
};

}  // namespace picket::compiler::scenario
