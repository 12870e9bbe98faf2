// A machine that is played: the ports of picketd's core with a seed instead of a kernel.
//
// It holds the truth: which agents' processes live, and what each service really does. The core sees none of that
// but through events, as on a real machine. Everything that happens follows from the seed, so a history can be
// played again; `trace` tells it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <random>
#include <string>
#include <vector>

#include "runtime/coordinator/plan.h"
#include "runtime/daemon/core.h"
#include "solver/model/role.h"
#include "solver/model/run.h"

namespace picket::daemon_test {

enum class Trouble : uint8_t { kNone, kFails, kHangs, kIgnoresKill };

// What really runs.
struct Process {
  int64_t pid = 0;
  runtime::RunNumber run = 0;
  uint64_t incarnation = 0;  // of the daemon that made it
  std::string resource;
  std::string operation;
  bool repeat = false;  // unknown to the machine; kept for messages only
  bool released = false;
  bool killed = false;
  Trouble trouble = Trouble::kNone;
  int64_t ends_ms = 0;
};

// What is broken on purpose, so that a checker has something to find.
enum class Planted : uint8_t {
  kNothing,
  kSpawnsTwice,      // two processes for one run
  kForgetsSession,   // what one daemon leaves is kept from the next
  kNeverWakes,       // timers do not fire
  kForgetsStore,     // the disk says yes and keeps nothing
};

class Machine;

// Looks on and complains. Each is told of everything that happens.
class Checker {
 public:
  virtual ~Checker() = default;
  virtual const char* name() const = 0;
  virtual void Released(const Machine&, const Process&) {}
  // Something that may lead to operations: a failure, a change by people.
  virtual void Explained(const Machine&) {}
  // All is as it should be: the core has settled, what it believes is true, and no failure is remembered that
  // could be forgotten and tried again.
  virtual void AtPeace(const Machine&) {}
  virtual void Accepted(const Machine&, const std::string& /*property*/, const std::string& /*value*/) {}
  virtual void End(const Machine&) {}

  std::vector<std::string> complaints;
};

struct Odds {
  bool agents = true;   // they fail, hang, do not die
  bool services = true; // they die by themselves
  bool daemon = true;   // picketd is killed
  bool clock = true;    // the wall clock is set
  bool disk = true;     // it is full
  bool people = true;   // they change things
};

class Machine {
 public:
  Machine(uint64_t seed, Odds odds, Planted planted);

  void AddChecker(std::unique_ptr<Checker> checker) { checkers_.push_back(std::move(checker)); }
  // Boots, lives through `faulty_ms` of trouble, then is left alone for `calm_ms`.
  void Play(int64_t faulty_ms, int64_t calm_ms);
  // Every complaint, with the checker's name before it.
  std::vector<std::string> Complaints() const;

  const runtime::Core* core() const { return core_.get(); }
  const std::map<int64_t, Process>& processes() const { return processes_; }
  const std::map<std::string, solver::Role>& services() const { return services_; }
  runtime::Moment Now() const;
  // The plan that the solver makes of the state in which the core is.
  runtime::Plan PlanNow() const;
  solver::Run& scratch() const { return scratch_; }
  // The first resource of which the core believes what is not so; one that it knows to have failed does not count.
  std::string Misbelief() const;
  bool trace = false;

 private:
  struct Due {
    int64_t at_ms;
    uint64_t sequence;
    std::function<void()> what;
    bool operator<(const Due& other) const {
      return std::pair(at_ms, sequence) > std::pair(other.at_ms, other.sequence);
    }
  };

  int64_t Random(int64_t from, int64_t to);
  bool Chance(int percent) { return Random(1, 100) <= percent; }
  void At(int64_t at_ms, std::function<void()> what);
  void Tell(const std::string& text);
  template <typename F>
  void Watchers(F&& f) {
    for (const auto& checker : checkers_) f(*checker);
  }
  void Explain();

  void StartDaemon();
  void KillDaemon();
  // The daemon of that incarnation gets the event, if it still lives then.
  void Send(int64_t delay_ms, runtime::Event event);
  void Feed(const runtime::Event& event);
  void Request(const std::string& line);

  void Do(const runtime::Spawn& spawn);
  void Do(const runtime::Release& release);
  void Do(const runtime::Kill& kill);
  void Do(const runtime::Adopt& adopt);
  void Do(const runtime::SaveSession& save);
  void Do(const runtime::WriteStore& write);
  void Do(const runtime::Solve& solve);
  void Do(const runtime::Answer& answer);
  void Do(const runtime::CloseClient&) {}
  void Do(const runtime::WakeAt& wake);
  void Do(const runtime::Say& say);
  void Do(const runtime::Exit& exit);
  void Do(const runtime::Multicast&) {}

  void Begin(Process& process);
  void End(int64_t pid);
  int TrueResult(const Process& process);
  void SetScore(const Process& process, int rc);
  void ScheduleFault();
  void Strike();
  void StrikePeople();
  void CheckPeace();
  bool RemembersFailures() const;

  std::mt19937_64 random_;
  Odds odds_;
  Planted planted_;
  std::vector<std::unique_ptr<Checker>> checkers_;

  int64_t now_ms_ = 100000;
  int64_t wall_offset_ms_ = 1700000000000;
  std::priority_queue<Due> due_;
  uint64_t sequence_ = 0;
  bool faulty_ = true;
  bool at_peace_ = false;

  std::unique_ptr<runtime::Core> core_;
  uint64_t incarnation_ = 0;
  int64_t wake_ms_ = INT64_MAX;
  uint64_t wake_sequence_ = 0;
  std::optional<size_t> dies_at_effect_;
  std::string session_;
  std::map<std::string, std::string> store_;
  int full_writes_ = 0;

  std::map<int64_t, Process> processes_;
  int64_t next_pid_ = 1000;
  std::map<runtime::RunNumber, int64_t> pid_of_run_;  // of the daemon that lives
  std::map<std::string, solver::Role> services_;      // only what runs
  uint64_t next_client_ = 1;
  std::map<uint64_t, std::pair<std::string, std::string>> asked_;  // client -> property and value
  mutable solver::Run scratch_;
};

}  // namespace picket::daemon_test
