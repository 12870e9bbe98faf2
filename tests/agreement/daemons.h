// A cluster of picketd's cores under simulated ports, carrying out any policy, with agents as the simulated
// world has them: the same durations, the same scores, services that fail and are mended in the same way.
//
// The network, the disks and the clock are those of tests/daemon; nothing is random but what Corosync leaves
// open, which is drawn from the seed. Facts are told in the words of the world's records, so that both can be
// compared.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/scenario/scenario.h"
#include "runtime/daemon/core.h"
#include "simulator/world/catalog.h"
#include "simulator/world/settings.h"
#include "solver/model/role.h"
#include "solver/model/run.h"
#include "tests/daemon/ether.h"
#include "tests/daemon/timeline.h"

namespace picket::agreement {

// What happened since the last rest: operations in the order of their beginning with their results, of
// recurring ones those that failed; calls of fence devices.
struct Happened {
  std::vector<std::string> operations;
  std::vector<std::string> fencing;
};

class Daemons {
 public:
  // `cib`: the policy's configuration as text. `catalog` is of the same one.
  Daemons(uint64_t seed, std::string cib, std::shared_ptr<const simulator::Catalog> catalog,
          const simulator::WorldSettings& settings);
  ~Daemons();

  // All machines boot, and the policy comes in force.
  void Start();
  // Kill, Online, Isolate, Heal, FailResource (of a monitor once, or of an operation).
  void Strike(const compiler::scenario::Fault& fault);
  // Until nothing but monitors happens any more. False: not within the limit.
  bool Settle();
  // What happened since the last call.
  Happened Take();
  // What the part with quorum knows, else the largest; null: nobody runs.
  std::optional<solver::State> State() const;
  // Names of the machines that part sees as members.
  std::set<std::string> Online() const;
  // Tells everything on standard output.
  bool trace = false;

 private:
  struct Service {
    std::string primitive;
    solver::Role role = solver::Role::kStarted;
    int failing_rc = 0;
    bool reported = false;
  };
  struct Process {
    runtime::RunNumber run = 0;
    std::string instance, operation, target;  // of a fence device's agent: the device, its action, its target
    uint32_t interval_ms = 0;
    bool fences = false;
    bool killed = false;
    size_t line = 0;  // of the operations, plus one
  };
  struct Armed {
    std::string primitive, operation, node;
    int rc = 1;
    int times = 1;
  };
  struct Machine {
    runtime::NodeId id = 0;
    std::string name;
    bool powered = false;
    bool away = false;  // it boots only when it is told to
    bool boots = false;
    int boot = 0;
    int64_t booted_ms = 0;
    std::unique_ptr<runtime::Core> core;
    uint64_t incarnation = 0;
    uint64_t wake = 0;
    std::string session;
    std::map<std::string, std::string> store;
    runtime::ClientNumber next_client = 1;
    int64_t next_pid = 1000;
    std::map<runtime::RunNumber, Process> processes;
    std::map<std::string, Service> services;  // by instance
    std::set<std::string> probed;             // units that were asked for since the boot
    std::set<std::string> gone;               // whose monitor has told that they do not run
  };

  Machine& At(const std::string& name);
  runtime::Moment Now(const Machine& machine) const;
  void After(Machine& machine, int64_t delay_ms, std::function<void()> what);
  void PowerOn(Machine& machine);
  void PowerOff(Machine& machine);
  void StartDaemon(Machine& machine);
  void Feed(Machine& machine, const runtime::Event& event);
  void Ask(Machine& machine, const std::string& line);
  void KeepApplying();
  bool InForce() const;
  bool InForceWherePowered() const;

  template <typename Effect>
  void Do(Machine&, const Effect&) {}
  void Do(Machine& machine, const runtime::Spawn& spawn);
  void Do(Machine& machine, const runtime::Release& release);
  void Do(Machine& machine, const runtime::Kill& kill);
  void Do(Machine& machine, const runtime::CallUnit& call);
  void Do(Machine& machine, const runtime::SaveSession& save);
  void Do(Machine& machine, const runtime::WriteStore& write);
  void Do(Machine& machine, const runtime::Solve& solve);
  void Do(Machine& machine, const runtime::WakeAt& wake);
  void Do(Machine& machine, const runtime::Say& say);
  void Do(Machine& machine, const runtime::Exit& exit);
  void Do(Machine& machine, const runtime::Multicast& multicast);

  std::string DeviceOf(const std::string& agent, const std::string& input) const;
  const simulator::CatalogEntry* EntryOf(const std::string& instance) const;
  void Begin(Machine& machine, Process& process);
  int64_t DurationOf(const Machine& machine, const Process& process) const;
  void Act(const Process& process);
  void End(Machine& machine, runtime::RunNumber run);
  int Result(Machine& machine, const Process& process);
  int TrueResult(Machine& machine, const Process& process);
  void WriteAttributes(Machine& machine, const Process& process, int rc);
  void Fail(const compiler::scenario::FailResource& fail);
  void Say(const std::string& text) const;
  bool AllReported() const;
  const Machine* Speaker() const;

  std::string cib_;
  std::shared_ptr<const simulator::Catalog> catalog_;
  simulator::WorldSettings settings_;
  daemon_test::Timeline timeline_;
  std::vector<std::unique_ptr<Machine>> machines_;
  std::unique_ptr<daemon_test::Ether> ether_;
  std::vector<Armed> armed_;
  Happened happened_;
  int64_t changed_ms_ = 0;  // when anything but a monitor happened last
  uint64_t next_process_ = 1;
  solver::Run scratch_;
};

}  // namespace picket::agreement
