// The world: a cluster that lives. It solves, executes with durations, applies what the agents really did,
// and solves again until nothing is left to do.
//
// What it is not: crm_simulate's execution, which is instantaneous and forgetful (simulator/replay); docs/world.md
// lists the differences, and tests/agreement holds them to that list. Here each operation has a length and a true
// effect, nodes die in the middle of things and come back with an empty history, and agents of promotable clones set
// promotion scores as real ones do: without a score no instance may be promoted (spec 04 §9.4), so a cluster played
// from nothing would never promote.
//
// A World is a value: copy it, at rest or before any action, to try several futures. It is deterministic: equal
// settings and faults give an equal story. Cost of a reaction: for each transition one Schedule, or one look-up where
// the settings share a PlanCache, and the transition's actions. Cost of a copy: the nodes' true state, a pointer for
// each node's history, and the transition under way.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/scenario/scenario.h"
#include "simulator/world/canonical.h"
#include "simulator/world/catalog.h"
#include "simulator/world/flight.h"
#include "simulator/world/settings.h"
#include "simulator/world/story.h"
#include "solver/model/role.h"
#include "solver/model/run.h"
#include "solver/model/state.h"

namespace picket::simulator {

// What a resource really is on a node, whatever the cluster believes.
struct TrueResource {
  std::string primitive;  // configured id
  solver::Role role = solver::Role::kStarted;
  int failing_rc = 0;  // not 0: it does not serve, a monitor would say this
  friend bool operator==(const TrueResource&, const TrueResource&) = default;
};

// What a node really is.
struct TrueNode {
  std::string name;
  std::string id;
  bool remote = false;        // no member of its own: a remote, guest or bundle node
  bool powered = false;
  bool stays_away = false;    // killed: it boots only when it is told to
  bool member = false;        // the acting partition counts it in
  bool has_seen_all = false;  // for wait_for_all: it was with everybody since its boot
  int group = 0;              // partitions: nodes of different groups do not reach each other
  std::set<std::string> cut_links;
  std::map<std::string, TrueResource> resources;  // by history name
};

// A fault in the words of the policy language: `kill ha1`.
std::string FaultText(const compiler::scenario::Fault& fault);

enum class Rest : uint8_t {
  kSettled,
  kLivelock,  // the same state came again: it would go on for ever
  kRestless,  // more transitions than the settings allow
};

class World {
 public:
  World(std::shared_ptr<const Catalog> catalog, solver::State initial, WorldSettings settings);

  // From here on no story is kept, and plans are shared with other worlds of this cluster.
  void KeepNoStory(std::shared_ptr<PlanCache> plans, bool verify_plans);
  // Every node boots and joins. The story begins.
  void StartCluster();
  // The cluster is as the initial state says: who is a member, what runs where. The story begins. `run` is scratch.
  void Resume(solver::Run& run);
  // A fault strikes now. Faults that cannot be played (a node that does not exist) are errors of the caller.
  void Strike(const compiler::scenario::Fault& fault);
  // Runs until nothing is left to do and no clock is running. `run` is scratch.
  Rest Settle(solver::Run& run);

  // The same, pausing just before each action begins: there a copy may be made, or another fault struck.
  enum class Pause : uint8_t { kAtRest, kBeforeAction, kStopped };
  Pause Proceed(solver::Run& run);
  Rest rest() const { return rest_; }  // how it came to rest, after kAtRest
  // The step that begins next, while paused before an action.
  const PlanStep* NextAction() const;

  int64_t now_ms() const { return now_ms_; }
  // What has happened; empty where the settings keep no story.
  const Story& story() const { return story_; }
  // How many events there were, kept or not; the last one is the story's newest.
  size_t events() const { return events_; }
  // How many actions have begun.
  int64_t actions() const { return actions_; }
  const std::map<std::string, TrueNode>& nodes() const { return nodes_; }
  const solver::State& state() const { return state_; }
  const Catalog& catalog() const { return *catalog_; }
  const WorldSettings& settings() const { return settings_; }
  bool quorate() const { return quorate_; }
  bool Exists(std::string_view node) const { return nodes_.find(std::string(node)) != nodes_.end(); }
  // The future of two worlds with equal hashes is equal, but for numbers that only count.
  Hash FutureHash() const;

  // Called after every event of the story, with the event and the facts as they are then.
  std::function<void(const World&, const StoryEvent&)> on_event;
  // Called with each plan that begins, before its first step: the cluster has thought, and nothing is in flight.
  // If it gives false the world stops there, neither at rest nor to be used further.
  std::function<bool(const World&, const Plan&)> on_plan;

 private:
  enum class TimerKind : uint8_t { kMembership, kBoot, kMonitor };
  struct Timer {
    int64_t at_ms = 0;
    uint64_t sequence = 0;
    TimerKind kind = TimerKind::kMembership;
    std::string node;
    std::string instance;
    std::string operation;
    uint32_t interval_ms = 0;
  };
  // Executions of an operation that are to fail.
  struct ArmedFailure {
    std::string primitive;
    std::string operation;
    std::string node;  // empty: wherever
    int rc = 1;
    bool timed_out = false;
    int times = 1;  // that are left; negative: always
  };

  void Tell(StoryEvent event);
  void Tell(EventKind kind, std::string node, std::string text);
  void SetTimer(int64_t at_ms, TimerKind kind, std::string node, std::string instance = {},
                std::string operation = {}, uint32_t interval_ms = 0);
  // Moves the clock to the first timer and lets it act. Gives whether the cluster's state changed.
  bool FireFirstTimer();
  bool NoticeFailure(const Timer& timer);
  Pause ComeToRest(Rest rest);
  Pause Work(solver::Run& run, bool pausing);
  std::shared_ptr<const Plan> Think(solver::Run& run);
  // News that the cluster learns at once ends the launching of further actions.
  void Interrupt() {
    if (flight_) flight_->aborted = true;
  }

  // flight.cc: one transition.
  enum class Carried : uint8_t { kPaused, kEnded };
  Carried Carry(bool pausing);
  void Launch(uint32_t index);
  void LaunchFencing(const PlanStep& what, Flight::Step& step);
  void LaunchOperation(const PlanStep& what, Flight::Step& step);
  void Confirm(uint32_t index);
  void Finish(uint32_t index);
  void FinishFencing(const PlanStep& what, const Flight::Step& step);
  void FinishOperation(const PlanStep& what, Flight::Step& step);
  int TrueResult(const PlanStep& what, const Flight::Step& step);
  void SetPromotionScore(const PlanStep& what, int rc);
  void WriteAttribute(const PlanStep& what, int rc);
  int64_t DurationOf(const PlanStep& what) const;
  void DropLost();

  // membership.cc
  bool Reaches(const TrueNode& a, const TrueNode& b) const;
  std::vector<std::vector<std::string>> Partitions() const;
  bool HasQuorum(const std::vector<std::string>& partition) const;
  bool MayAct(const std::vector<std::string>& partition) const;
  int64_t RaceTime(const std::vector<std::string>& partition) const;
  std::vector<std::string> ActingPartition() const;
  // duel.cc: the parts of a cluster fence each other, if it has come to that.
  bool ShootEachOther();
  int64_t PriorityDelay(const std::string& target) const;
  bool UpdateMembership();
  void LosePower(TrueNode& node, bool stays_away);
  void Boot(TrueNode& node);
  void Leave(TrueNode& node);
  void ConnectionsChanged();
  // The node, made as a remote one if it is no member of the cluster.
  TrueNode& PlaceOf(const std::string& name);

  // faults.cc
  void BringBack(TrueNode& node);
  void FailResource(const compiler::scenario::FailResource& fault);
  void StopServing(const std::string& primitive, const std::string& node, int rc, bool timed_out);
  void ArmMonitor(TrueNode& node, const std::string& instance);

  solver::NodeState& Edit(std::string_view node);
  const solver::NodeState& StateOf(std::string_view node) const;
  int64_t EpochNow() const { return settings_.start_epoch_s + now_ms_ / 1000; }
  Hash StateHash(bool with_ages) const;
  void AddFacts(Hasher& hasher) const;
  bool GaveUpFencing() const;

  std::shared_ptr<const Catalog> catalog_;
  WorldSettings settings_;
  solver::State state_;
  // Of each node state, while it is unchanged and time does not matter.
  mutable std::vector<std::optional<Hash>> node_hashes_;
  std::map<std::string, TrueNode> nodes_;
  Story story_;
  size_t events_ = 0;
  int64_t actions_ = 0;
  std::optional<Flight> flight_;
  Hash flight_key_;
  Rest rest_ = Rest::kSettled;
  int transitions_ = 0;     // since the last fault
  std::vector<Hash> seen_;  // states since the last fault
  std::vector<Timer> timers_;  // by time, then by sequence
  uint64_t next_sequence_ = 0;
  int64_t now_ms_ = 0;
  int64_t advance_until_ms_ = 0;  // the cluster is watched until then even if nothing is left to do
  int next_group_ = 1;
  bool shot_each_other_ = false;
  bool quorate_ = false;
  bool start_failure_is_fatal_ = true;
  std::set<std::string> cut_links_;
  std::vector<ArmedFailure> armed_;
  std::set<std::string> hanging_;  // primitives whose every operation hangs
  std::map<std::string, compiler::scenario::FailFence::How> failing_devices_;
  std::map<std::string, int> fence_attempts_;
};

}  // namespace picket::simulator
