// The world: a cluster that lives. It solves, executes with durations, applies what the agents really did,
// and solves again until nothing is left to do.
//
// It follows specifications 08 (fencing) and 09 (a live cluster between two scheduler runs); docs/world.md
// lists what is simplified. It is not crm_simulate's execution, which is instantaneous and forgetful
// (simulator/replay). Here each operation has a length and a true effect, nodes die in the middle of things,
// partitions act each by its own quorum, and agents set promotion scores and node attributes as real ones do
// (execution/agents).
//
// A World is a value: copy it, at rest or before any action, to try several futures. It is deterministic:
// equal settings and faults give an equal story. Cost of a reaction: for each transition one Schedule, or one
// look-up where the settings share a PlanCache, and the transition's actions. Cost of a copy: the nodes' true
// state, a pointer for each node's history, and the transition under way.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/scenario/scenario.h"
#include "execution/agents/attributes.h"
#include "execution/agents/fence_effects.h"
#include "execution/agents/promotion.h"
#include "execution/choices.h"
#include "execution/history/style.h"
#include "simulator/world/canonical.h"
#include "simulator/world/catalog.h"
#include "simulator/world/settings.h"
#include "simulator/world/side.h"
#include "simulator/world/story.h"
#include "solver/model/role.h"
#include "solver/model/run.h"
#include "solver/model/state.h"

namespace picket::simulator {

// What a resource really is on a node, whatever the cluster believes.
struct TrueResource {
  std::string primitive;  // configured id
  solver::Role role = solver::Role::kStarted;
  int failing_rc = 0;             // not 0: it does not serve, a monitor would say this
  bool times_out = false;         // the monitor that finds it hangs until its timeout
  int reported_rc = 0;            // what the recurring monitor reported last, if that was a failure
  int64_t monitored_from_ms = 0;  // the first recurring monitor waits for its start-delay until then
  friend bool operator==(const TrueResource&, const TrueResource&) = default;
};

// What a node really is.
struct TrueNode {
  std::string name;
  std::string id;
  bool remote = false;  // no member of its own: a remote, guest or bundle node
  bool powered = false;
  bool in_cluster = false;        // its cluster software runs
  bool stays_away = false;        // killed or shut down: it boots only when it is told to
  bool member = false;            // the main side counts it in
  bool has_seen_all = false;      // for wait_for_all: it was part of a quorate cluster since its boot
  bool fresh = false;             // its cluster software remembers nothing: it was started since the last join
  bool is_respawned = false;      // only its controller dies and is started again
  bool keeps_attributes = false;  // though it is fresh
  bool standby = false;           // somebody put it in standby
  int side = -1;                  // the id of the ClusterSide whose ring it is in
  int64_t died_ms = 0;            // when it lost its power or its cluster software last
  int64_t started_ms = 0;         // when its cluster software was started last
  Configuration disk;             // while it is on no side
  int group = 0;                  // partitions: nodes of different groups do not reach each other
  std::set<std::string> cut_links;
  std::set<std::string> asks_status;  // fence devices that its fencer asks by `status`, since their `list` has failed
  // Attributes that its peers have erased without its own software's knowing: the same values are not sent again.
  std::map<std::string, std::string> believed;
  std::map<std::string, TrueResource> resources;  // by history name

  bool runs() const { return powered && in_cluster; }
};

// What of a fencing under way makes a difference to the future.
void AddTo(Hasher& hasher, const execution::FenceOutcome& outcome);

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
  // The cluster is as the initial state says: who is a member, what runs where. The story begins. `run` is
  // scratch.
  void Resume(solver::Run& run);
  // A fault strikes now. Faults that cannot be played (a node that does not exist) are errors of the caller.
  void Strike(const compiler::scenario::Fault& fault);
  // Somebody edits the configuration; `what` tells what was done. Worlds that were copied from this one keep
  // theirs.
  void Change(const std::string& what, const std::function<void(solver::Cluster&)>& edit);
  // Runs until nothing is left to do and no clock is running. `run` is scratch.
  Rest Settle(solver::Run& run);

  // The same, pausing just before each action begins: there a copy may be made, or another fault struck.
  enum class Pause : uint8_t { kAtRest, kBeforeAction, kStopped };
  Pause Proceed(solver::Run& run);
  Rest rest() const { return rest_; }  // how it came to rest, after kAtRest
  // The step that begins next, while paused before an action.
  const PlanStep* NextAction() const;
  // Lets that step begin; what strikes then strikes while it is under way.
  void BeginNext();

  int64_t now_ms() const { return now_ms_; }
  // What has happened; empty where the settings keep no story.
  const Story& story() const { return story_; }
  // How many events there were, kept or not; the last one is the story's newest.
  size_t events() const { return events_; }
  // How many actions have begun.
  int64_t actions() const { return actions_; }
  const std::map<std::string, TrueNode>& nodes() const { return nodes_; }
  // The CIB of the main side: the quorate one, else the largest.
  const solver::State& state() const { return Main().state; }
  const std::vector<ClusterSide>& sides() const { return sides_; }
  // The nodes whose fencing has failed and not succeeded since.
  std::vector<std::string> NotFenced() const;
  const Catalog& catalog() const { return *catalog_; }
  const std::shared_ptr<const Catalog>& shared_catalog() const { return catalog_; }
  const WorldSettings& settings() const { return settings_; }
  bool quorate() const { return Main().quorate; }
  bool Exists(std::string_view node) const { return nodes_.find(std::string(node)) != nodes_.end(); }
  // The future of two worlds with equal hashes is equal, but for numbers that only count.
  Hash FutureHash() const;

  // Called after every event of the story, with the event and the facts as they are then.
  std::function<void(const World&, const StoryEvent&)> on_event;
  // Called with each plan that begins, before its first step: the cluster has thought, and nothing is in
  // flight. If it gives false the world stops there, neither at rest nor to be used further.
  std::function<bool(const World&, const Plan&)> on_plan;
  // Decides what is arbitrary in a live cluster: the order of devices, who wins a race. Null: the first
  // alternative, which is the worst where one is. Belongs to the caller, and is shared by copies.
  execution::Choices* choices = nullptr;
  // What this history rests on and the policy does not say, one sentence each.
  const std::set<std::string>& assumed() const { return assumed_; }

 private:
  enum class TimerKind : uint8_t {
    kMeet,
    kLose,
    kBoot,
    kLeave,
    kEscalate,
    kMonitor,
    kShrink,
    kScores,
    kPower,
    kWatchdog,
    kAttribute
  };
  struct Timer {
    int64_t at_ms = 0;
    uint64_t sequence = 0;
    TimerKind kind = TimerKind::kMeet;
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
  void Assume(std::string sentence) const;
  size_t Choose(size_t alternatives, std::string_view what);
  void SetTimer(int64_t at_ms, TimerKind kind, std::string node, std::string instance = {}, std::string operation = {},
                uint32_t interval_ms = 0);
  void FireFirstTimer();
  Pause ComeToRest(Rest rest);
  Pause Work(solver::Run& run, bool pausing);
  enum class Moved : uint8_t { kYes, kPaused, kStopped, kNo };
  Moved MoveSides(solver::Run& run, bool pausing);
  Moved StartRun(ClusterSide& side, solver::Run& run);
  bool EndFlight(ClusterSide& side);
  bool IsCircle();
  std::optional<int64_t> NextMoment() const;
  bool OnlyDelaysAreLeft() const;
  void ActAt(int64_t moment_ms);
  int64_t RecheckMs(const ClusterSide& side) const;
  bool PassTime();
  std::shared_ptr<const Plan> Think(ClusterSide& side, solver::Run& run);

  // The side whose ring the node is in; null: none.
  ClusterSide* SideOf(const std::string& node);
  const ClusterSide& Main() const;
  ClusterSide& Main() { return const_cast<ClusterSide&>(static_cast<const World*>(this)->Main()); }
  // Something happened: the transition under way is aborted, and the coordinator thinks again, at the
  // earliest so long from now.
  void Wake(ClusterSide& side, int64_t after_ms, int32_t priority = Flight::kEverything);
  bool IsLed(const ClusterSide& side) const;

  // flight.cc: one transition.
  Moved Launch(ClusterSide& side, bool pausing);
  void LaunchStep(ClusterSide& side, uint32_t index);
  void LaunchOperation(ClusterSide& side, const PlanStep& what, Flight::Step& step);
  bool HasRoom(const Flight& flight, const PlanStep& what) const;
  bool BringForward(Flight& flight) const;
  void Confirm(Flight& flight, uint32_t index);
  void Finish(ClusterSide& side, uint32_t index);
  void FinishOperation(ClusterSide& side, uint32_t index);
  void FinishOrphan(ClusterSide& side, size_t index);
  // `step` may be null: then the step is no fencing.
  bool WillAnswer(const ClusterSide& side, const PlanStep& what, const Flight::Step* step) const;
  // Writes the result into the history. True if it counts as a failure.
  bool Record(ClusterSide& side, const PlanStep& what, int rc, bool timed_out, int64_t exec_ms, bool counted);
  int64_t DurationOf(const PlanStep& what) const;
  void DropLost(ClusterSide& side);
  void Orphan(ClusterSide& from, ClusterSide& to);
  void NotePending(ClusterSide& side, const PlanStep& what, const Flight::Step& step);

  // truth.cc: what agents do and answer.
  int TrueResult(const PlanStep& what, bool fails, int failing_rc);
  int TakeArmedMonitor(const std::string& primitive, const std::string& node);
  bool AgentAttributes(ClusterSide& side, const PlanStep& what, int rc);
  struct Instance {  // of a promotable clone
    std::string node;
    std::string name;
    bool promoted = false;
    bool has_score = false;  // above 0
  };
  std::vector<Instance> InstancesOf(const ClusterSide& side, const std::string& primitive) const;
  bool SetScore(ClusterSide& side, const std::string& primitive, const Instance& instance, std::string_view score);
  bool SetScores(ClusterSide& side, const std::string& primitive);
  bool ChooseToPromote(ClusterSide& side, const CatalogEntry& entry, const std::string& primitive,
                       const std::vector<Instance>& instances);
  bool ScoreBesidePromoted(ClusterSide& side, const std::string& primitive, const execution::PromotionModel& model,
                           const std::vector<Instance>& instances);
  void AwaitScores(const std::string& primitive);
  // How many instances there can be.
  size_t CopiesOf(const CatalogEntry& entry) const;
  const execution::PromotionModel& ModelOf(const CatalogEntry& entry) const;
  bool WriteAttribute(ClusterSide& side, const std::string& node, const execution::AgentAttribute& attribute,
                      std::optional<std::string> value);
  void WriteDampened(const Timer& timer);
  bool StoreAttribute(ClusterSide& side, const std::string& node, std::string_view name,
                      std::optional<std::string> value);
  void Monitor(const Timer& timer);
  void StopServing(const std::string& primitive, const std::string& node, int rc, bool timed_out);
  void ArmMonitor(TrueNode& node, const std::string& instance);

  // promotion_order.cc: which of equal instances is promoted.
  static void MoveAhead(ClusterSide& side, const std::string& name, const std::string& before);
  std::vector<std::string> RivalsOf(const ClusterSide& side, const PlanStep& promotion) const;
  std::shared_ptr<const Plan> LeavePromotionsOpen(ClusterSide& side, solver::Run& run,
                                                  std::shared_ptr<const Plan> plan);

  // fencing.cc: requests to the fencers, and what becomes of them.
  int64_t FenceTimeoutMs(const execution::FenceUse& use) const;
  bool HasPower(const std::string& device) const;
  execution::FenceEffect EffectOf(const std::string& device, const std::string& executor) const;
  execution::FenceBehaviour BehaviourOf(const execution::FenceUse& use) const;
  void LaunchFencing(ClusterSide& side, const PlanStep& what, Flight::Step& step);
  void FinishFencing(ClusterSide& side, uint32_t index);
  void TakeAsFenced(ClusterSide& side, TrueNode& node);
  void HearOfFencing(const ClusterSide& side, TrueNode& node);
  ClusterSide* PartThatIsTold(const TrueNode& node);
  void CutPower(const Timer& timer);
  void LoseFencing(const std::string& target, const std::string& executor);
  void Unfence(ClusterSide& side, const PlanStep& what);
  void ArmWatchdogs(const ClusterSide& side);
  void FireWatchdog(TrueNode& node);

  // membership.cc
  bool Reaches(const TrueNode& a, const TrueNode& b) const;
  std::vector<std::vector<std::string>> Partitions() const;
  std::vector<std::string> MembersOf(const ClusterSide& side) const;
  // Members, and the remote nodes that they are connected to.
  std::vector<std::string> PlacesOf(const ClusterSide& side) const;
  void UpdateMembership(bool losses);
  bool MayActApart() const;
  void Part(int side_id);
  void Lose(ClusterSide& side, const std::vector<std::string>& names);
  void Meet();
  void Merge(std::vector<int> ids);
  void Take(ClusterSide& side, const std::string& name);
  void Elect(ClusterSide& side, int64_t after_ms);
  // True if somebody joined.
  bool CompleteJoin(ClusterSide& side);
  ClusterSide& Found(const std::vector<std::string>& names);
  void ForgetSide(int id);
  void LosePower(TrueNode& node, bool stays_away);
  void Boot(TrueNode& node);
  void LeavePart(TrueNode& node);
  void Leave(const std::string& name);
  void Depart(TrueNode& node);
  void ConnectionsChanged();
  void Crash(TrueNode& node);
  void RunOnUnheard(const TrueNode& node, ClusterSide& side);

  // remote.cc: machines that are reached through a connection.
  bool IsRemoteMachine(const std::string& name) const;
  std::string HostOf(const std::string& remote) const;
  bool CanConnect(const TrueNode& host, const TrueNode& remote) const;
  void ConnectionsToRemotes();
  void AwaitRemote(const PlanStep& what, Flight::Step& step) const;
  bool ConnectionChanged(ClusterSide& side, const PlanStep& what, int rc);
  void DropRemote(ClusterSide& side, const std::string& name);
  void BootRemote(TrueNode& node);
  void ClearGuestsOf(const std::string& launcher);

  // The node, made as a remote one if it is no member of the cluster.
  TrueNode& PlaceOf(const std::string& name);

  // quorum.cc
  int VotesOf(const std::string& name) const;
  bool HasQuorum(const ClusterSide& side) const;
  void CountVotes();
  void Shrink(int side_id);

  // faults.cc, acts.cc
  void Hit(const compiler::scenario::Fault& fault);
  void BringBack(TrueNode& node);
  void FailResource(const compiler::scenario::FailResource& fault);
  void Repair(const std::string& id);
  void ShutDown(const std::string& name, const compiler::scenario::Shutdown& how);
  void Escalate(const std::string& name);
  void ForgetEscalation(const std::string& name);
  void FakeFailure(const std::string& primitive, const std::string& only_node);
  // `deviation` says how the configuration differs from what was written, if `holds`; the opposite takes it
  // back.
  void FallBehind();
  void LeaveSide(TrueNode& node);
  void Adopt(ClusterSide& side, const Configuration& configuration, const std::set<std::string>& keep);
  void Reconfigure(const std::string& deviation, bool holds, const std::function<void(solver::Cluster&)>& edit);
  void SetStandby(const std::vector<compiler::scenario::Name>& nodes, bool on);
  void Act(const compiler::scenario::Confirm& act);
  void Act(const compiler::scenario::Maintenance& act);
  void Act(const compiler::scenario::Manage& act);
  void Act(const compiler::scenario::Enable& act);
  void Act(const compiler::scenario::Move& act);
  void Act(const compiler::scenario::Ban& act);
  void Act(const compiler::scenario::Clear& act);
  void Act(const compiler::scenario::Cleanup& act);
  void Act(const compiler::scenario::ByHand& act);

  // edits.cc
  void Act(const compiler::scenario::Edit& act);
  void Act(const compiler::scenario::Delete& act);
  void Act(const compiler::scenario::Deploy& act);

  solver::NodeState& Edit(ClusterSide& side, std::string_view node);
  const solver::NodeState& StateOf(const ClusterSide& side, std::string_view node) const;
  const execution::Style& style() const;
  int64_t EpochNow() const { return settings_.start_epoch_s + now_ms_ / 1000; }
  Hash StateHash(const ClusterSide& side, bool with_ages) const;
  void AddAges(Hasher& hasher) const;
  void AddConfigurations(Hasher& hasher) const;
  void AddFacts(Hasher& hasher) const;
  void AddArmed(Hasher& hasher) const;
  void AddSide(Hasher& hasher, const ClusterSide& side) const;
  Hash ReactionHash() const;

  std::shared_ptr<const Catalog> catalog_;
  std::shared_ptr<const Catalog> written_;  // as it was before anybody edited the configuration
  std::set<std::string> deviations_;        // of the configuration from what was written, in words
  WorldSettings settings_;
  std::map<std::string, TrueNode> nodes_;
  std::vector<ClusterSide> sides_;  // at least one
  int next_side_ = 1;
  // The coordinators that were elected since the configuration was loaded have not written their options yet: it is a
  // saved one that lacks them.
  bool lacks_options_ = false;
  Story story_;
  size_t events_ = 0;
  int64_t actions_ = 0;
  std::optional<int> paused_;  // the side that shows its next action
  Rest rest_ = Rest::kSettled;
  int transitions_ = 0;        // since the last fault
  std::vector<Hash> seen_;     // states since the last fault
  std::vector<Timer> timers_;  // by time, then by sequence
  uint64_t next_sequence_ = 0;
  int64_t now_ms_ = 0;
  int64_t advance_until_ms_ = 0;  // the cluster is watched until then even if nothing is left to do
  int next_group_ = 1;
  std::set<std::string> cut_links_;
  std::vector<ArmedFailure> armed_;
  std::set<std::string> hanging_;  // primitives whose every operation hangs
  // primitive -> the nodes with the promoted data, or with a replica in sync, when an instance was promoted last
  std::map<std::string, std::set<std::string>> current_data_;
  std::map<std::string, compiler::scenario::FailFence::How> failing_devices_;
  std::set<std::string> boots_again_;  // nodes that are being rebooted on purpose
  std::set<std::string> stays_on_;     // nodes whose cluster software alone is being stopped
  std::set<std::string> set_by_hand_;  // node attributes that a test has set: `n1 pingd`
  // Pairs of nodes whose order in the status was open and is not any more: the first joined before the second.
  std::set<std::pair<std::string, std::string>> joined_before_;
  mutable std::set<std::string> assumed_;
};

}  // namespace picket::simulator
