// What the `test` and `invariant` statements of a policy say, as plain data.
//
// This is what the simulator plays. It is not syntax: names are resolved (a
// resource is its id in the CIB, a node its name, a link its name in the
// `Topology`), variables are gone, every condition is well typed, durations
// are milliseconds. A consumer therefore meets no case that means "the author
// made a mistake"; the compiler has reported those. Every part keeps its
// `Span` so that a verdict can point at the words it is about.
//
// The data says *what* is claimed, never how it is decided: "since when" an
// event counts, what "settled" means and how faults are combined belongs to
// simulator/scenario.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/source_map/span.h"

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

/// `no restart of db`, `no restart of db on n1`, `no move of db`.
/// `node` only stands with `kRestart`.
struct Undisturbed {
  enum class Kind { kRestart, kMove };
  Kind kind = Kind::kRestart;
  Name resource;
  std::optional<Name> node;
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
  std::variant<InState, Happened, Undisturbed, UtilizationFits, Comparison, Before, Not, And, Or, Implies> what;
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
/// Ends a standby, or boots a node that was killed, fenced or shut down.
struct Online {
  std::vector<Name> nodes;
};
/// `shutdown n1`: an orderly stop of the cluster software and then of the
/// machine. The cluster moves everything away first; the node stays away until
/// `online`. `reboot n1`: the same, and it boots again by itself.
/// `leave n1`: only the cluster software stops, the machine runs on.
struct Shutdown {
  std::vector<Name> nodes;
  bool boots_again = false;
  bool halts = true;  ///< false: `leave`.
};
/// The node's cluster software dies and is started again at once; the services
/// that it has started run on meanwhile.
struct Crash {
  std::vector<Name> nodes;
};
/// A person tells the cluster that the node is off (`stonith_admin --confirm`).
struct Confirm {
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
/// `heal`: every cut, partition and isolation ends; `heal link lan [of n1]`:
/// the cut of that link (of that node) ends.
struct Heal {
  std::optional<Name> link;
  std::optional<Name> node;  ///< Only with `link`.
};
/// `repair d`: a fence device works again, a resource neither fails nor hangs
/// any more when its agent is asked.
struct Repair {
  Name subject;
};

// What people do on purpose (specification 09 section 15).

/// `maintenance on`, `maintenance off of n1`, `maintenance on of web`: for the
/// whole cluster without a subject, else for a node or a resource.
struct Maintenance {
  bool on = true;
  std::optional<Name> node;
  std::optional<Name> resource;
};
/// `unmanage web`, `manage web`: the meta-attribute `is-managed`.
struct Manage {
  Name resource;
  bool managed = false;
};
/// `disable web`, `enable web`: the meta-attribute `target-role`.
struct Enable {
  Name resource;
  bool enabled = false;
};
/// `move web [to n2]`, `move promoted db-ms to n2`: a `cli-prefer-…` constraint
/// for the node; without a node, `cli-ban-…` for the node where it runs.
struct Move {
  Name resource;
  std::optional<Name> node;
  bool promoted = false;
};
/// `ban web [on n1]`: without a node, from the node where it runs.
struct Ban {
  Name resource;
  std::optional<Name> node;
  bool promoted = false;
};
/// `clear web [on n1]`: what `move` and `ban` left is taken away.
struct Clear {
  Name resource;
  std::optional<Name> node;
};
/// `cleanup [web] [on n1]`: failures are forgotten where there are any;
/// `refresh [web] [on n1]`: the whole history is, and everything is probed.
struct Cleanup {
  std::optional<Name> resource;
  std::optional<Name> node;
  bool refresh = false;
};
/// `set property no-quorum-policy=freeze`, `set meta migration-threshold=1 of
/// web`, `set params ip=… of web`, `set op monitor on-fail=ignore of web`: one
/// option of the configuration is edited, of an operation wherever the resource
/// has one of that name.
struct Edit {
  enum class Block { kProperty, kMeta, kParams, kOperation };
  Block block = Block::kProperty;
  std::string operation;  ///< Only of `kOperation`.
  std::string option;
  std::string value;
  std::optional<Name> resource;  ///< Not of `kProperty`.
};
/// `delete web`: the resource goes, with what names it; or the constraint of
/// that id.
struct Delete {
  Name subject;
};
/// A policy as it was compiled.
struct Deployed {
  std::string path;  ///< As a reader finds it.
  std::string cib;   ///< XML, without status.
  /// Names that a test may use after the deployment.
  std::vector<std::string> resources;
  std::vector<std::string> devices;
};
/// `deploy "new.picket"`: another policy replaces this one while the cluster
/// runs. `deploy`: this one is in force again; an edit of what it says nothing of
/// stays. What Corosync knows stays the same.
struct Deploy {
  std::shared_ptr<const Deployed> policy;  ///< Null: this one.
  std::string file;                        ///< As it is written; empty: this one.
};
/// `by hand start web on n1`, `by hand stop web on n1`: the service is started
/// or stopped behind the cluster's back.
struct ByHand {
  Action action = Action::kStop;  ///< kStart or kStop.
  Name resource;
  Name node;
};

using Fault = std::variant<Kill, Standby, Online, Isolate, CutLink, Partition, FailResource, FailFence, Hang, Grant,
                           Revoke, SetAttribute, Advance, RestartCluster, Shutdown, Heal, Repair, Maintenance, Manage,
                           Enable, Move, Ban, Clear, Cleanup, ByHand, Crash, Confirm, Edit, Delete, Deploy>;

/// `during start of web on n2 { kill n1 }`: the faults strike at the moment
/// when the operation begins for the first time after the fault before it. It
/// is an objection to the test if the operation does not begin before rest.
/// `operation` is an agent's operation or `fencing`, whose subject is a node.
struct During {
  std::string operation;
  Name subject;
  std::optional<Name> node;
  std::vector<Fault> faults;
};

// -------------------------------------------------------------- tests, claims

/// The situation the test starts from: what happened before does not count.
/// Before it stands only what an operator does on purpose, as granting a ticket.
struct Given {
  Condition condition;
};
/// What must hold once the cluster has come to rest after the faults so far.
/// With `within_ms` it must also have been true at some moment at most so long
/// after the last fault struck.
struct Expect {
  Condition condition;
  std::optional<std::int64_t> within_ms;
};

/// The faults of neighbouring steps strike one after the other, each when the
/// cluster has come to rest from the one before.
struct Step {
  std::variant<Given, Fault, Expect, During> what;
  Span span;
};

struct Test {
  std::string name;
  std::vector<Step> steps;
  Span span;
};

/// `kReturn` is the end of an outage: power back, link healed, device repaired,
/// standby ended. It follows the other faults of a history.
enum class FaultKind { kNode, kResource, kLink, kFence, kTicket, kReturn };

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

// --------------------------------------------- where the author knows better

/// `assume start of db [on n1] takes 90s`.
struct TakesTime {
  Name resource;
  std::string operation;
  std::optional<Name> node;
  std::int64_t duration_ms = 0;
};
/// `assume promotion score of db-ms [on n1] is 1000 [when promoted]`: what the
/// agent sets; `when_promoted` unset: in either role.
struct SetsScore {
  Name resource;
  std::optional<Name> node;
  std::string score;
  std::optional<bool> when_promoted;
};
/// `assume ipmi-n1 is powered by n1`: the fence device answers only while the
/// node has power.
struct PoweredBy {
  Name device;
  Name node;
};
struct Assumption {
  std::variant<TakesTime, SetsScore, PoweredBy> what;
  Span span;
};

struct Scenario {
  std::vector<Test> tests;
  std::vector<Invariant> invariants;
  std::vector<Assumption> assumptions;
};

}  // namespace picket::compiler::scenario
