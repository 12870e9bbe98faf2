// A machine that is played: picketd's core with its disk, its session, its agents and the services they manage.
//
// It holds the truth: which agents' processes live, and what each service really does. The core sees none of that
// but through events, as on a real machine. What lies between machines (network, fencing, people) is the world's, and
// what is right or wrong the checkers'. Everything by chance is drawn from the timeline.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "execution/plan/orders.h"
#include "runtime/daemon/core.h"
#include "solver/model/role.h"
#include "solver/model/run.h"
#include "tests/daemon/policy.h"
#include "tests/daemon/timeline.h"

namespace picket::daemon_test {

enum class Trouble : uint8_t {
  kNone,
  kFails,
  kHangs,
  kIgnoresKill,
  kLate,   // of a fence device: does it, and answers when nobody waits any more, or after the target is back
  kLies,   // of a fence device: says yes and has done nothing
  kOther,  // of a fence device: shoots another node
};

// What really runs.
struct Process {
  int64_t pid = 0;
  runtime::RunNumber run = 0;
  uint64_t incarnation = 0;  // of the daemon that made it
  std::string resource;
  std::string operation;  // of a fence device's agent: its action
  std::string target;     // of a fence device's agent
  bool fences = false;
  bool adopted = false;  // by a later daemon, which sees its end, though not how
  bool released = false;
  bool killed = false;
  Trouble trouble = Trouble::kNone;
  int64_t ends_ms = 0;

  // A fence device's agent that is there to do something.
  bool Acts() const { return fences && (operation == "off" || operation == "reboot" || operation == "on"); }
};

// What is broken on purpose, so that a checker has something to find.
enum class Planted : uint8_t {
  kNothing,
  kSpawnsTwice,     // two processes for one run
  kForgetsSession,  // what one daemon leaves is kept from the next
  kNeverWakes,      // timers do not fire
  kForgetsStore,    // the disk says yes and keeps nothing
  kDeviceLies,      // fence devices say yes and do nothing
  kForgesProof,     // a fence device's failure arrives as a success
  kWrongTarget,     // fence devices shoot another node
  kSwapsMessages,   // members get messages in different orders
  kSpins,           // timers fire all the time
  kUntold,          // nobody is told why
};

class Node;

// What a machine has to do with the rest.
class World {
 public:
  virtual ~World() = default;
  virtual void Tell(const Node& node, const std::string& text) = 0;
  // Something that may lead to operations: a failure, a change by people.
  virtual void Explain() = 0;
  virtual void Began(const Node& node, const Process& process) = 0;
  virtual void Ended(const Node& node, const Process& process, int rc) = 0;
  virtual void Answered(Node& node, runtime::ClientNumber client, const std::string& line) = 0;
  virtual void Stepped(Node& node, size_t effects) = 0;
  virtual void DaemonCame(Node& node) = 0;
  virtual void DaemonWent(Node& node, bool in_good_order) = 0;
  virtual void Multicast(Node& node, std::string bytes) = 0;
  // What an agent of that kind is in for.
  virtual Trouble Luck(const Node& node, const Process& process) = 0;
  // A fence device acts.
  virtual void Shoot(const Node& by, const std::string& target, const std::string& action) = 0;
  virtual bool HasPower(const std::string& node) const = 0;
};

class Node {
 public:
  Node(Timeline& timeline, World& world, const Shape& shape, int number, Planted planted);

  // --- power, daemon, time
  void PowerOn();
  void PowerOff();
  void Pause();
  void Resume();
  // Its picketd alone stands still, as after SIGSTOP: agents, services and Corosync go on.
  void Hang();
  void GoOn();
  void StartDaemon();
  void KillDaemon();
  // In the middle of some step, after so many of its effects.
  void DieAtEffect(size_t effect, bool with_power) { dies_at_effect_ = {effect, with_power}; }
  void SetWall(int64_t by_ms) { wall_offset_ms_ += by_ms; }

  // --- what reaches its picketd
  void Feed(const runtime::Event& event);
  // A request of people or their programs, each a client of its own; 0 if nobody is there to ask.
  runtime::ClientNumber Ask(const std::string& line);
  runtime::ClientNumber next_client() const { return next_client_; }

  // --- disk and services
  void FillDisk(int writes) { refused_writes_ = writes; }
  void FailSync() { uncertain_writes_ = 1; }
  void SlowDisk(int64_t until_ms) { slow_until_ms_ = until_ms; }
  // The newest generation is damaged; false if there is none, or another is already.
  bool TearStore();
  // The newest generation is gone, as if a backup had been put back; false if there is no older one.
  bool RestoreOld();
  // Of all cores there ever were in this process: how much was simulated.
  static uint64_t steps;
  // That a sync failed its picketd does not forget until it is restarted.
  bool sync_failed() const { return sync_failed_; }
  // The same of where the session lies: nothing can be kept, or it takes as long.
  void FillRun(int64_t until_ms) { run_full_until_ms_ = until_ms; }
  void SlowRun(int64_t until_ms) { run_slow_until_ms_ = until_ms; }
  void RepairDisk() {
    refused_writes_ = uncertain_writes_ = 0;
    slow_until_ms_ = run_full_until_ms_ = run_slow_until_ms_ = 0;
  }
  // The first service dies, counted from that number; its id, empty if nothing runs.
  std::string KillService(size_t which);

  // --- the truth
  runtime::NodeId id() const { return id_; }
  const std::string& name() const { return name_; }
  bool powered() const { return powered_; }
  bool paused() const { return paused_; }
  bool hung() const { return hung_; }
  int boot() const { return boot_; }
  uint64_t incarnation() const { return incarnation_; }
  const runtime::Core* core() const { return core_.get(); }
  const std::map<int64_t, Process>& processes() const { return processes_; }
  const std::map<std::string, solver::Role>& services() const { return services_; }
  solver::Role RoleOf(std::string_view service) const;
  const std::map<std::string, std::string>& store() const { return store_; }
  bool torn() const { return torn_; }
  runtime::Moment Now() const;

 private:
  struct Death {
    size_t effect = 0;
    bool with_power = false;
  };

  // On this machine, in this boot; not while it is paused.
  void After(int64_t delay_ms, std::function<void()> what);
  // The daemon that runs now gets the event, if it still lives then.
  void Send(int64_t delay_ms, runtime::Event event);
  void DropDaemon();

  void Do(const runtime::Spawn& spawn);
  void Do(const runtime::Release& release);
  void Do(const runtime::Kill& kill);
  void Do(const runtime::Adopt& adopt);
  void Do(const runtime::SaveSession& save);
  void EndSessionWrite();
  void Do(const runtime::WriteStore& write);
  void Do(const runtime::Solve& solve);
  void Do(const runtime::Answer& answer) { world_.Answered(*this, answer.client, answer.line); }
  void Do(const runtime::CloseClient&) {}
  void Do(const runtime::WakeAt& wake);
  void Do(const runtime::Say& say) { world_.Tell(*this, "  " + say.text); }
  void Do(const runtime::Exit& exit);
  void Do(const runtime::Multicast& multicast) { world_.Multicast(*this, multicast.bytes); }
  void Do(const runtime::CallUnit&) {}  // no policy here has one

  void Keep(const runtime::WriteStore& write);
  void Begin(Process& process);
  void Act(int64_t pid);
  void End(int64_t pid);
  int TrueResult(const Process& process);
  int FenceResult(const Process& process);
  void SetScore(const Process& process, int rc);
  bool IsPromotable(std::string_view resource) const;

  Timeline& timeline_;
  World& world_;
  const Shape shape_;
  const runtime::NodeId id_;
  const std::string name_;
  const Planted planted_;

  bool powered_ = false;
  bool paused_ = false;
  int boot_ = 0;
  int64_t booted_ms_ = 0;
  int64_t wall_offset_ms_ = 1700000000000;
  std::vector<std::function<void()>> held_;  // until it is resumed
  bool hung_ = false;
  std::vector<runtime::Event> unheard_;  // by a picketd that hangs

  std::unique_ptr<runtime::Core> core_;
  uint64_t incarnation_ = 0;
  uint64_t wake_ = 0;  // only the last one that was asked for
  std::optional<Death> dies_at_effect_;
  std::string session_;
  std::deque<runtime::SaveSession> session_writes_;  // under way
  bool session_broken_ = false;                      // one failed: only a whole one helps
  int64_t session_floor_ms_ = 0;
  int64_t run_full_until_ms_ = 0;
  int64_t run_slow_until_ms_ = 0;
  runtime::ClientNumber next_client_ = 1;

  std::map<std::string, std::string> store_;
  std::map<uint64_t, runtime::WriteStore> writing_;
  int refused_writes_ = 0;
  int uncertain_writes_ = 0;
  bool sync_failed_ = false;  // in the life of the daemon that runs
  int64_t slow_until_ms_ = 0;
  bool torn_ = false;

  std::map<int64_t, Process> processes_;
  int64_t next_pid_ = 1000;
  std::map<runtime::RunNumber, int64_t> pid_of_run_;  // of the daemon that lives
  std::map<std::string, solver::Role> services_;      // only what runs
  solver::Run scratch_;
};

}  // namespace picket::daemon_test
