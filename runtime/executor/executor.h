// The executor: carries orders out on this node, one operation at a time for each resource.
//
// A resource has a lane: what runs, what waits, and the recurring operations, which run here by themselves
// and report changes only. An order is begun when its lane is free and the group has seen the Begin. A
// timeout kills the whole process group; an agent that survives that is reported and never waited for, and
// while it lives nothing on its lane may be called a success. Recurring runs give way to orders. A call to
// systemd is a run like any other, except that it is no process: after a crash nobody adopts it, and its
// resource is probed.
//
// No agent begins before its process is written down (Recorded). What fails for a lack of ours (no process
// could be made, nothing could be written down) is tried again for as long as the operation may take.
// Recurring runs are spread over their interval, and so many at a time at most.
//
// Part of the core: it sees events, leaves effects and messages, and touches nothing else. A step costs the
// lane it concerns, a timer those that are due.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/executor/invocation.h"
#include "runtime/executor/reloads.h"
#include "runtime/group/outbox.h"
#include "runtime/ports/moment.h"

namespace picket::runtime {

// How many recurring operations run at the same time.
inline constexpr int kRepeatsMax = 64;

// A run as the next daemon must know of it; without the parameters, which it has no use for.
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

// What has changed of that, in order.
struct RunEnded {
  RunNumber run = 0;
};
struct NoLongerStarted {
  std::string resource;
};
using ExecutorChange = std::variant<RunRecord, RunEnded, StartedWith, NoLongerStarted>;

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

  // Runs whose process waits until it is written down, since this was last asked; and that it is.
  std::vector<RunNumber> TakeUnrecorded() { return std::exchange(unrecorded_, {}); }
  void Recorded(RunNumber run, const Moment& now, Outbox& out);

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
  bool IsDevice(const std::string& resource) const { return registered_.count(resource) > 0; }
  // What was begun here and has not ended, as the group was told.
  std::vector<Begin> InFlight() const;
  // Operations that run or wait here, and recurring ones, for `status`.
  std::vector<Operation> Recurring() const;
  // No order runs or waits; recurring operations do not count.
  bool idle() const { return orders_ == 0; }
  // Nothing runs at all.
  bool quiet() const { return orders_ == 0 && runs_ == 0; }

  RunNumber next_run = 1;  // kept across daemons, as is
  int32_t next_call = 1;
  // What Runs() and Started() say otherwise than when this was last asked.
  std::vector<ExecutorChange> TakeChanges() { return std::exchange(changes_, {}); }

 private:
  enum class Phase : uint8_t {
    kLacking,  // no process could be made; another try follows
    kSpawning,
    kRecording,  // its process waits until it is written down
    kRunning,
    kKilling,
    kStuck,
  };
  struct Running {
    RunRecord record;
    Phase phase = Phase::kSpawning;
    bool adopted = false;
    bool asks_unit = false;   // it is no process but a call to systemd
    bool lacks_unit = false;  // systemd has no unit of that name
    bool discarded = false;   // it gave way to an order: its outcome is not looked at
    bool timed_out = false;
    int64_t started_ms = 0;
    int64_t attempts = 0;
    int64_t retry_ms = 0;  // kLacking
    std::string lack;      // what we did not have
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

    std::string resource;
    bool queued = false;  // a recurring operation is due and waits for others to end
    // As they are counted: by Touch().
    int64_t due_ms = INT64_MAX;
    bool has_order = false;
    bool runs = false;
    bool repeats = false;
  };
  // Counts the lane anew at its end.
  class Touching {
   public:
    Touching(Executor& executor, Lane& lane) : executor_(executor), lane_(lane) {}
    ~Touching() { executor_.Touch(lane_); }
    Touching(const Touching&) = delete;
    Touching& operator=(const Touching&) = delete;

   private:
    Executor& executor_;
    Lane& lane_;
  };

  Lane& LaneFor(const std::string& resource);
  void Touch(Lane& lane);
  int64_t DueOf(const Lane& lane) const;
  void StartQueued(const Moment& now, Outbox& out);
  void GiveUpLacking(Lane& lane, const Moment& now, Outbox& out);
  void NoteEnd(const Running& running);

  void Advance(Lane& lane, const Moment& now, Outbox& out);
  void StartOrder(Lane& lane, const Order& order, const Moment& now, Outbox& out);
  void StartRun(Lane& lane, const Operation& operation, uint64_t order, bool repeat, const Moment& now, Outbox& out);
  void Launch(Lane& lane, Outbox& out);
  bool IsScriptAfterAll(const Running& running, const Outcome& outcome) const;
  bool MayTryAgain(const Lane& lane, const ProcessEnded& event, const Outcome& outcome, const Moment& now) const;
  Operation AsStarted(const Operation& operation) const;
  void StartDueRepeat(Lane& lane, const Moment& now, Outbox& out);
  void GiveWay(Lane& lane, const Moment& now, Outbox& out);
  void Ended(Lane& lane, const ProcessEnded& event, const Moment& now, Outbox& out);
  void Finish(Lane& lane, Outcome outcome, const Moment& now, Outbox& out);
  void FinishRepeat(Lane& lane, const Running& running, const Outcome& outcome, const Moment& now, Outbox& out);
  void EndRepeating(const Repeating& repeating, const Moment& now, Outbox& out);
  void EndAllRepeating(Lane& lane, const Moment& now, Outbox& out);
  void Report(uint64_t order, const Operation& operation, const Outcome& outcome, int64_t exec_ms, bool first,
              const Moment& now, Outbox& out);
  void CheckDeadline(Lane& lane, const Moment& now, Outbox& out);
  Outcome Impossible(const Operation& operation, std::string why) const;
  std::optional<Outcome> AtOnce(const Operation& operation);
  Outcome OutcomeOf(const Running& running, const ProcessEnded& event) const;
  Lane* LaneOf(RunNumber run);

  Settings settings_;
  Reloads reloads_;
  std::map<std::string, Lane> lanes_;
  std::map<RunNumber, std::string> lane_of_run_;
  std::map<std::string, solver::Attributes> started_with_;
  std::set<std::string> registered_;  // fence devices that are started here
  std::vector<ExecutorChange> changes_;
  std::vector<RunNumber> unrecorded_;
  std::set<std::pair<int64_t, std::string>> due_;  // lanes that wait for a time
  std::deque<std::string> queued_;                 // lanes with a recurring operation that is due
  int orders_ = 0;                                 // lanes with an order that runs or waits
  int runs_ = 0;                                   // lanes with a run
  int repeats_ = 0;                                // lanes with a recurring run
};

}  // namespace picket::runtime
