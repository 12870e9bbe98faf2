// The executor: carries orders out on this node, one operation at a time for each resource.
//
// A resource has a lane: what runs, what waits, and the recurring operations, which run here by themselves and
// report changes only. An order is begun when its lane is free and the group has seen the Begin. A timeout kills
// the whole process group; an agent that survives that is reported and never waited for, and while it lives
// nothing on its lane may be called a success. Recurring runs give way to orders. A call to systemd is a run like
// any other, except that it is no process: after a crash nobody adopts it, and its resource is probed.
//
// Part of the core: it sees events, leaves effects and messages, and touches nothing else. A step costs the lane
// it concerns; a timer all lanes.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/executor/invocation.h"
#include "runtime/executor/reloads.h"
#include "runtime/group/outbox.h"
#include "runtime/ports/moment.h"

namespace picket::runtime {

// A run as the next daemon must know of it.
struct RunRecord {
  RunNumber run = 0;
  int64_t pid = 0;  // 0: not yet there
  uint64_t start_ticks = 0;
  int64_t deadline_ms = 0;
  Operation operation;
  uint64_t order = 0;   // whose result it is
  bool repeat = false;  // none's: a recurring operation
};

// What a resource was started with, apart from what is said of the operation itself.
struct StartedWith {
  std::string resource;
  solver::Attributes parameters;
};

class Executor {
 public:
  explicit Executor(Settings settings) : settings_(std::move(settings)), reloads_(settings_.node) {}

  // Our own name turned out to be another one.
  void Rename(const std::string& node) {
    settings_.node = node;
    reloads_.Rename(node);
  }

  // An order for this node was delivered; and our own Begin.
  void Take(const Order& order, const Moment& now, Outbox& out);
  void Begun(const Begin& begin, const Moment& now, Outbox& out);

  void On(const ProcessSpawned& event, const Moment& now, Outbox& out);
  void On(const SpawnFailed& event, const Moment& now, Outbox& out);
  void On(const ProcessEnded& event, const Moment& now, Outbox& out);
  void OnTimer(const Moment& now, Outbox& out);
  // When OnTimer() is wanted; INT64_MAX if never.
  int64_t NextDeadline() const;

  // The resource's recurring operations end; what runs goes on.
  void Forget(const std::string& resource, const Moment& now, Outbox& out);
  // A run of an earlier daemon that may still live.
  void Adopt(const RunRecord& record, const Moment& now, Outbox& out);

  // The term is over: orders that were not begun die with it.
  void DropUnbegun();

  std::vector<RunRecord> Runs() const;
  // Kept across daemons: a policy that has changed since does not know what is to be stopped.
  std::vector<StartedWith> Started() const;
  void TakeStarted(const StartedWith& started) { started_with_[started.resource] = started.parameters; }
  // What was begun here and has not ended, as the group was told.
  std::vector<Begin> InFlight() const;
  // Operations that run or wait here, and recurring ones, for `status`.
  std::vector<Operation> Recurring() const;
  bool idle() const;

  RunNumber next_run = 1;  // kept across daemons, as is
  int32_t next_call = 1;
  // Rises whenever Runs() says something else.
  uint64_t version() const { return version_; }

 private:
  enum class Phase : uint8_t { kSpawning, kRunning, kKilling, kStuck };
  struct Running {
    RunRecord record;
    Phase phase = Phase::kSpawning;
    bool adopted = false;
    bool asks_unit = false;   // it is no process but a call to systemd
    bool lacks_unit = false;  // systemd has no unit of that name
    bool discarded = false;  // it gave way to an order: its outcome is not looked at
    bool timed_out = false;
    int64_t started_ms = 0;
    int64_t attempts = 0;
  };
  struct Repeating {
    Operation operation;
    uint64_t order = 0;
    int64_t due_ms = 0;  // INT64_MAX while its run is under way
    std::optional<Outcome> reported;
  };
  using RepeatKey = std::pair<std::string, uint32_t>;
  struct Lane {
    std::deque<Order> waiting;
    bool announced = false;  // our Begin for the first one is on its way
    std::optional<Running> running;
    std::map<RepeatKey, Repeating> repeating;
  };

  void Advance(Lane& lane, const Moment& now, Outbox& out);
  void StartOrder(Lane& lane, const Order& order, const Moment& now, Outbox& out);
  void StartRun(Lane& lane, const Operation& operation, uint64_t order, bool repeat, const Moment& now, Outbox& out);
  void Launch(Lane& lane, Outbox& out);
  bool IsScriptAfterAll(const Running& running, const Outcome& outcome) const;
  bool MayTryAgain(const Lane& lane, const ProcessEnded& event, const Outcome& outcome, const Moment& now) const;
  Operation AsStarted(const Operation& operation) const;
  void StartDueRepeat(Lane& lane, const Moment& now, Outbox& out);
  void GiveWay(Lane& lane, const Moment& now, Outbox& out);
  void Finish(Lane& lane, Outcome outcome, const Moment& now, Outbox& out);
  void FinishRepeat(Lane& lane, const Running& running, const Outcome& outcome, const Moment& now, Outbox& out);
  void EndRepeating(const Repeating& repeating, const Moment& now, Outbox& out);
  void EndAllRepeating(Lane& lane, const Moment& now, Outbox& out);
  void Report(uint64_t order, const Operation& operation, const Outcome& outcome, int64_t exec_ms, bool first,
              const Moment& now, Outbox& out);
  void CheckDeadline(Lane& lane, const Moment& now, Outbox& out);
  std::optional<Outcome> AtOnce(const Operation& operation);
  Outcome OutcomeOf(const Running& running, const ProcessEnded& event) const;
  Lane* LaneOf(RunNumber run);

  Settings settings_;
  Reloads reloads_;
  std::map<std::string, Lane> lanes_;
  std::map<RunNumber, std::string> lane_of_run_;
  std::map<std::string, solver::Attributes> started_with_;
  std::set<std::string> registered_;  // fence devices that are started here
  uint64_t version_ = 0;
};

}  // namespace picket::runtime
