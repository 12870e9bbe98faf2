// The fencer: carries out on this node what is to be done to another one.
//
// Devices and levels come from the configuration (primitives of class `stonith`, `fencing-topology`). For a target
// it finds the devices that can reach it (pcmk_host_map, pcmk_host_list, pcmk_host_check), tries them level by
// level, waits out delays, tries again as often as a device allows, and makes a reboot of an off and an on where
// there are several devices or one that knows no reboot. A success is that of a whole level. Each action has the time
// that the order gives, or the device's own; so an order ends in the sum of what its levels take.
//
// Part of the core: it sees events, leaves effects and messages (FenceDone), and touches nothing else. At most one
// action against a target is under way here. Whom to fence, and who does it, is the coordinator's business.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "execution/fencing/fencing.h"
#include "execution/fencing/tasks.h"
#include "runtime/executor/agent_runs.h"
#include "runtime/executor/invocation.h"
#include "runtime/fencer/agent_facts.h"
#include "runtime/fencer/listed_targets.h"
#include "runtime/group/outbox.h"
#include "runtime/ports/moment.h"
#include "solver/model/cluster.h"

namespace picket::runtime {

using execution::FenceTask;
using execution::NodeDevice;

class Fencer {
 public:
  explicit Fencer(Settings settings) : settings_(std::move(settings)), runs_(settings_.node) {}

  // A configuration is in force; what is under way goes on as it began. OnTimer() is wanted soon after: agents are
  // asked beforehand what they can do, so that no time is lost when it counts.
  void Configure(std::shared_ptr<const solver::Cluster> cluster);
  // Our own name turned out to be another one.
  void Rename(const std::string& node) {
    settings_.node = node;
    runs_.Rename(node);
  }
  // Random delays (pcmk_delay_max) come from here, so that a history can be played again.
  void Seed(uint64_t seed) { random_.seed(seed); }

  // An order for this node was delivered. FenceDone follows, whatever happens. One that wants the same of the same
  // incarnation as an order under way ends with that; another one against the same target waits for it.
  void Take(const FenceOrder& order, const Moment& now, Outbox& out);
  // Whether the process is one of ours.
  bool Owns(RunNumber run) const { return runs_.Owns(run); }
  void On(const ProcessSpawned& event, const Moment& now, Outbox& out);
  void On(const SpawnFailed& event, const Moment& now, Outbox& out);
  void On(const ProcessEnded& event, const Moment& now, Outbox& out);
  void OnTimer(const Moment& now, Outbox& out);
  // When OnTimer() is wanted; INT64_MAX if never.
  int64_t NextDeadline() const;

  // Orders that were taken and are not answered.
  std::vector<FenceOrder> InFlight() const;

  // For the session: an agent that outlives its daemon must not act late, perhaps on a node that is back.
  std::vector<AgentProcess> Processes() const { return runs_.Processes(); }
  uint64_t version() const { return runs_.version(); }
  void EndEarlier(const AgentProcess& process, Outbox& out) { runs_.EndEarlier(process, out); }

  // Nothing is under way, not even switching on what was fenced.
  bool idle() const { return jobs_.empty(); }

  // Where run numbers come from (the executor's); set by the core before the first order.
  RunNumber* next_run = nullptr;

 private:
  enum class Stage : uint8_t {
    kWaiting,   // for another job against the same target
    kLearning,  // what the agents can do
    kActing,
  };
  struct Job {
    std::vector<FenceOrder> orders;  // the first is carried out, the others end with it
    Stage stage = Stage::kWaiting;
    std::vector<NodeDevice> devices;
    std::vector<std::vector<size_t>> levels;  // indices of devices
    bool named = false;                       // the levels are the configuration's
    std::set<std::string> asked;              // agents that were asked what they can do
    size_t level = 0;
    std::deque<FenceTask> tasks;          // what is left of the level
    CallNumber call = 0;                  // of the first of them
    bool delayed = false;                 // the delay before the first device has begun
    int64_t wake_ms = 0;                  // when it is over
    std::map<size_t, std::string> plugs;  // as devices listed the target
    std::vector<std::string> acted;       // devices of this level that did something
    std::vector<std::string> failures;
    bool answered = false;  // the target is off; what is left is to switch it on

    const FenceOrder& order() const { return orders.front(); }
  };
  using JobNumber = uint64_t;
  struct Listed {
    std::vector<ListedTarget> targets;
    int64_t until_ms = 0;
  };

  void Begin(JobNumber number, const Moment& now, Outbox& out);
  void FindLevels(Job& job, const execution::Fencing& fencing) const;
  bool MayReach(const NodeDevice& device, const std::string& target) const;
  bool HasLearned(Job& job, const Moment& now, Outbox& out);
  void ChooseUnfencing(Job& job) const;
  void StartLevel(Job& job) const;
  void Advance(JobNumber number, const Moment& now, Outbox& out);
  bool StartTask(Job& job, const Moment& now, Outbox& out);
  int64_t DelayOf(const Job& job, const NodeDevice& device);
  AgentCall CallFor(const Job& job, const FenceTask& task) const;
  void TakeTargets(Job& job, const std::vector<ListedTarget>& targets);
  void Drop(Job& job, const std::string& why);
  void FailLevel(Job& job, std::string why) const;
  void OnAnswer(const AgentAnswer& answer, const Moment& now, Outbox& out);
  void EndTask(Job& job, const AgentAnswer& answer, const Moment& now, Outbox& out);
  bool OnlySwitchesOn(const Job& job) const;
  void Answer(Job& job, bool success, const Moment& now, Outbox& out) const;
  void Finish(JobNumber number, bool success, const Moment& now, Outbox& out);
  void AskAgent(const std::string& agent, const Moment& now, Outbox& out);
  void AskAgents(const Moment& now, Outbox& out);
  void AskDevices(const std::string& agent, const Moment& now, Outbox& out);
  AgentFacts FactsOf(const std::string& agent) const;
  void Settle(const Moment& now, Outbox& out);
  AgentRuns& Runs() {
    runs_.next_run = next_run;
    return runs_;
  }

  Settings settings_;
  AgentRuns runs_;
  std::shared_ptr<const solver::Cluster> cluster_;
  std::mt19937_64 random_;
  bool asks_agents_ = false;  // a new configuration may have agents that we do not know
  JobNumber next_job_ = 1;
  std::map<JobNumber, Job> jobs_;  // in the order in which they came
  std::map<std::string, AgentFacts> facts_;
  std::map<CallNumber, std::string> learning_;  // agents that are being asked
  std::map<CallNumber, std::string> listing_;   // devices that are asked beforehand whom they know
  std::map<std::string, Listed> listed_;        // what devices answered
};

}  // namespace picket::runtime
