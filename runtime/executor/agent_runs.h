// Runs agents that are asked something beside the operations of resources: a fence device to act, an agent what it can
// do. A call is one question, tried as often as it may be, within its time.
//
// A device takes as many calls at a time as it allows; the others wait for their turn, and their time begins with it.
// When a call's time is over its process group is killed; a process that survives that is reported and given up, and
// its device is free again. Knows nothing of targets and levels. Cost of a step: the calls under way, which are few.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "runtime/executor/invocation.h"
#include "runtime/group/outbox.h"
#include "runtime/ports/moment.h"

namespace picket::runtime {

using CallNumber = uint64_t;

struct AgentCall {
  std::string device;  // whose limit counts; empty: nobody's
  int64_t limit = 1;   // calls at a time; below 1: any number
  std::string words;   // for people: `off of n1 by ipmi-1`
  std::string target;  // likewise
  Invocation invocation;
  int64_t budget_ms = 60000;  // for all attempts together
  int64_t retries = 0;
  int other_good_exit = 0;  // an exit code beside 0 that is an answer
  bool quiet = false;       // a failure is nobody's business
};

struct AgentAnswer {
  CallNumber call = 0;
  bool success = false;
  std::string output;
  std::string reason;  // of a failure
};

// A process of ours, as the next daemon must know of it.
struct AgentProcess {
  RunNumber run = 0;
  int64_t pid = 0;
  uint64_t start_ticks = 0;
};

class AgentRuns {
 public:
  explicit AgentRuns(std::string node) : node_(std::move(node)) {}
  // Our own name turned out to be another one.
  void Rename(const std::string& node) { node_ = node; }

  CallNumber Start(AgentCall call, const Moment& now, Outbox& out);
  // Each call that was started has one answer, in time.
  std::vector<AgentAnswer> TakeAnswers() { return std::exchange(answers_, {}); }

  bool Owns(RunNumber run) const { return call_of_run_.count(run) > 0 || abandoned_.count(run) > 0; }
  void On(const ProcessSpawned& event, Outbox& out);
  void On(const SpawnFailed& event, const Moment& now, Outbox& out);
  void On(const ProcessEnded& event, const Moment& now, Outbox& out);
  void OnTimer(const Moment& now, Outbox& out);
  int64_t NextDeadline() const;

  // Processes that have not ended; and how often that has changed.
  std::vector<AgentProcess> Processes() const;
  uint64_t version() const { return version_; }
  // One of an earlier daemon's: nobody waits for its answer any more, and it must not act late.
  void EndEarlier(const AgentProcess& process, Outbox& out);

  // Where run numbers come from; set before the first call.
  RunNumber* next_run = nullptr;

 private:
  enum class Phase : uint8_t { kQueued, kSpawning, kRunning, kKilling, kPausing };
  struct Call {
    AgentCall what;
    Phase phase = Phase::kQueued;
    RunNumber run = 0;
    int64_t attempts = 0;
    int64_t end_ms = 0;       // of its time
    int64_t deadline_ms = 0;  // of the phase
  };
  using Calls = std::map<CallNumber, Call>;

  bool HasRoom(const AgentCall& what) const;
  void StartQueued(const Moment& now, Outbox& out);
  void Launch(CallNumber number, Call& call, const Moment& now, Outbox& out);
  void EndAttempt(CallNumber number, AgentAnswer answer, bool again, const Moment& now, Outbox& out);
  void CheckDeadline(CallNumber number, Call& call, const Moment& now, Outbox& out);
  void GiveUp(CallNumber number, Call& call, const std::string& reason, const Moment& now, Outbox& out);

  std::map<RunNumber, AgentProcess> processes_;
  uint64_t version_ = 0;
  std::string node_;
  CallNumber next_call_ = 1;
  Calls calls_;  // in the order in which they came
  std::map<RunNumber, CallNumber> call_of_run_;
  std::map<RunNumber, std::string> abandoned_;  // processes that may still live, and what they were for
  std::vector<AgentAnswer> answers_;
};

}  // namespace picket::runtime
