// The world: a cluster that lives. It solves, executes with durations, applies what the agents really did,
// and solves again until nothing is left to do.
//
// What it is not: crm_simulate's execution, which is instantaneous and forgetful (simulator/replay). Here
// each operation has a length and a true effect, nodes die in the middle of things and come back with an
// empty history, and agents of promotable clones set promotion scores as real ones do: without a score no
// instance may be promoted (spec 04 §9.4), so a cluster played from nothing would never promote.
//
// A World is a value: copy it at rest to try several futures. It is deterministic: equal settings and faults
// give an equal story. Cost of Settle: one Schedule per transition, and the transition's actions.
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
#include "simulator/world/catalog.h"
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
  bool powered = false;
  bool stays_away = false;    // killed: it boots only when it is told to
  bool member = false;        // the acting partition counts it in
  bool has_seen_all = false;  // for wait_for_all: it was with everybody since its boot
  int group = 0;              // partitions: nodes of different groups do not reach each other
  std::set<std::string> cut_links;
  std::map<std::string, TrueResource> resources;  // by history name
};

enum class Rest : uint8_t {
  kSettled,
  kLivelock,  // the same state came again: it would go on for ever
  kRestless,  // more transitions than the settings allow
};

class World {
 public:
  World(std::shared_ptr<const Catalog> catalog, solver::State initial, WorldSettings settings);

  // Every node boots and joins. The story begins.
  void StartCluster();
  // A fault strikes now. Faults that cannot be played (a node that does not exist) are errors of the caller.
  void Strike(const compiler::scenario::Fault& fault);
  // Runs until nothing is left to do and no clock is running. `run` is scratch.
  Rest Settle(solver::Run& run);

  int64_t now_ms() const { return now_ms_; }
  const Story& story() const { return story_; }
  const std::map<std::string, TrueNode>& nodes() const { return nodes_; }
  const solver::State& state() const { return state_; }
  const Catalog& catalog() const { return *catalog_; }
  const WorldSettings& settings() const { return settings_; }
  bool quorate() const { return quorate_; }
  bool Exists(std::string_view node) const { return nodes_.find(std::string(node)) != nodes_.end(); }

  // Called after every event of the story, with the facts as they are then. For claims about every moment.
  std::function<void(const World&)> on_event;

 private:
  friend class Execution;

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
  // The next execution of an operation that is to fail.
  struct ArmedFailure {
    std::string primitive;
    std::string operation;
    std::string node;  // empty: wherever
    int rc = 1;
    bool timed_out = false;
  };

  void Tell(StoryEvent event);
  void Tell(EventKind kind, std::string node, std::string text);
  void SetTimer(int64_t at_ms, TimerKind kind, std::string node, std::string instance = {},
                std::string operation = {}, uint32_t interval_ms = 0);
  // Moves the clock to the first timer and lets it act. Gives whether the cluster's state changed.
  bool FireFirstTimer();
  bool NoticeFailure(const Timer& timer);

  // membership.cc
  bool Reaches(const TrueNode& a, const TrueNode& b) const;
  std::vector<std::vector<std::string>> Partitions() const;
  bool HasQuorum(const std::vector<std::string>& partition) const;
  int64_t RaceTime(const std::vector<std::string>& partition) const;
  std::vector<std::string> ActingPartition() const;
  bool UpdateMembership();
  void LosePower(TrueNode& node, bool stays_away);
  void Boot(TrueNode& node);
  void ConnectionsChanged();

  // faults.cc
  void FailResource(const compiler::scenario::FailResource& fault);
  void StopServing(const std::string& primitive, const std::string& node, int rc, bool timed_out);
  void ArmMonitor(TrueNode& node, const std::string& instance);

  solver::NodeState& Edit(std::string_view node);
  const solver::NodeState& StateOf(std::string_view node) const;
  int64_t EpochNow() const { return settings_.start_epoch_s + now_ms_ / 1000; }
  std::string CanonicalState() const;
  bool GaveUpFencing() const;

  std::shared_ptr<const Catalog> catalog_;
  WorldSettings settings_;
  solver::State state_;
  std::map<std::string, TrueNode> nodes_;
  Story story_;
  std::vector<Timer> timers_;  // by time, then by sequence
  uint64_t next_sequence_ = 0;
  int64_t now_ms_ = 0;
  int next_group_ = 1;
  bool quorate_ = false;
  bool start_failure_is_fatal_ = true;
  std::set<std::string> cut_links_;
  std::vector<ArmedFailure> armed_;
  std::set<std::string> hanging_;  // primitives whose every operation hangs
  std::set<std::string> failing_devices_;
  std::map<std::string, int> fence_attempts_;
};

}  // namespace picket::simulator
