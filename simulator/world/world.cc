#include "simulator/world/world.h"

#include <algorithm>
#include <atomic>
#include <stdexcept>

#include "simulator/world/by_hand.h"
#include "simulator/world/plan_cache.h"
#include "solver/cib/values.h"
#include "solver/model/text.h"
#include "solver/schedule.h"

namespace picket::simulator {
namespace {

constexpr int64_t kNever = INT64_MAX;
constexpr int64_t kPicketdElectsMs = 200;  // the next in the ring leads, and nobody joins anew (docs/runtime.md)
constexpr int64_t kLateRecheckMs = 500;    // a recheck whose moment has passed (spec 09 §6.8)

bool IsClusterNode(const solver::NodeDef& node) {
  return node.type.empty() || solver::EqualFolded(node.type, "member");
}

// The newest moment that the status tells of, in seconds since 1970; 0: it tells of none.
int64_t NewestMoment(const solver::State& state) {
  int64_t newest_s = 0;
  for (const auto& node : state.nodes) {
    for (const solver::ResourceHistory& history : node->history) {
      for (const solver::HistoryEntry& entry : history.entries)
        newest_s = std::max(newest_s, entry.last_rc_change_s.value_or(0));
    }
    for (const solver::NvBlock& block : node->transient) {
      for (const solver::NvPair& pair : block.pairs) {
        if (pair.name.starts_with("last-failure-"))
          newest_s = std::max(newest_s, solver::ParseInteger(pair.value).value_or(0));
      }
    }
  }
  return newest_s;
}

}  // namespace

World::World(std::shared_ptr<const Catalog> catalog, solver::State initial, WorldSettings settings)
    : catalog_(std::move(catalog)), written_(catalog_), settings_(std::move(settings)) {
  for (const solver::NodeDef& def : catalog_->cluster().nodes) {
    if (!IsClusterNode(def)) continue;
    TrueNode node;
    node.name = def.uname;
    node.id = def.id;
    nodes_.emplace(def.uname, std::move(node));
  }
  // A cluster that has found sbd writes so into its configuration when it starts.
  const solver::Cluster& given = catalog_->cluster();
  if (catalog_->fencing().watchdog_ms > 0 && !PlainValue(given.properties, "have-watchdog")) {
    written_ = catalog_ = Edited(given, [](solver::Cluster& cluster) {
      SetByHand(cluster.properties, "cib-bootstrap-options", "have-watchdog", "true");
    });
  }
  // A saved cluster is played from its own moment.
  const int64_t own_s = initial.now.epoch_s > 0 ? initial.now.epoch_s : NewestMoment(initial);
  if (own_s > 0) settings_.start_epoch_s = own_s;
  initial.now.epoch_s = settings_.start_epoch_s;
  if (settings_.picket_engine) {
    settings_.durations.elect_ms = std::min(settings_.durations.elect_ms, kPicketdElectsMs);
    Assume("picketd carries the policy out, not Pacemaker");
  }
  ClusterSide side;
  side.node_hashes.resize(initial.nodes.size());
  side.state = std::move(initial);
  side.wants_run = false;
  sides_.push_back(std::move(side));
}

void World::KeepNoStory(std::shared_ptr<PlanCache> plans, bool verify_plans) {
  settings_.keep_story = false;
  settings_.plans = std::move(plans);
  settings_.verify_plans = verify_plans;
  story_.clear();
}

void World::StartCluster() {
  std::string names;
  for (auto& [name, node] : nodes_) {
    node.powered = node.in_cluster = node.fresh = true;
    names += (names.empty() ? "" : ", ") + name;
  }
  Tell(EventKind::kClusterStarts, {}, "the cluster starts: " + names);
  UpdateMembership(false);
}

void World::Resume(solver::Run& run) {
  ClusterSide& side = sides_.front();
  solver::ReadStatus(catalog_->cluster(), side.state, run, nullptr);
  std::string names;
  bool everybody = true;
  for (const solver::Node& seen : run.nodes) {
    TrueNode& node = PlaceOf(seen.name);
    node.member = node.powered = node.in_cluster = seen.online;
    // A node whose loss awaits fencing comes back when it is reset; one that has left comes when it is told
    // to.
    node.stays_away = !seen.online && !seen.unclean;
    if (!node.remote) everybody = everybody && seen.online;
    if (seen.online) names += (names.empty() ? "" : ", ") + seen.name;
    if (!seen.online || node.remote) continue;
    node.side = side.id;
    const bool leads = !side.state.dc_uuid.empty() && side.state.dc_uuid == node.id;
    if (side.coordinator.empty() || leads) side.coordinator = seen.name;
    if (seen.standby) node.standby = true;
  }
  for (auto& [name, node] : nodes_) node.has_seen_all = node.member && (everybody || run.quorate);
  for (const solver::Resource& resource : run.resources) {
    if (!resource.is_primitive() || resource.role < solver::Role::kStarted) continue;
    for (const solver::NodeId id : resource.active) {
      TrueNode& node = PlaceOf(run.at(id).name);
      if (!node.powered) continue;
      TrueResource& real = node.resources[resource.unique ? resource.id : resource.config_id];
      real.primitive = resource.config_id;
      real.role = resource.role;
      real.failing_rc = resource.failed ? 1 : 0;
    }
  }
  for (const auto& [name, node] : nodes_) {
    if (!node.remote) side.expected_votes += VotesOf(name);
  }
  side.quorate = run.quorate;
  lacks_options_ = !PlainValue(catalog_->cluster().properties, "dc-version");
  side.wants_run = true;
  Tell(EventKind::kClusterStarts, {}, "the cluster as it is: " + (names.empty() ? "no node is online" : names));
}

void World::Tell(StoryEvent event) {
  event.time_ms = now_ms_;
  ++events_;
  if (!settings_.keep_story) {
    if (on_event) on_event(*this, event);
    return;
  }
  story_.push_back(std::move(event));
  if (on_event) on_event(*this, story_.back());
}

void World::Tell(EventKind kind, std::string node, std::string text) {
  StoryEvent event;
  event.kind = kind;
  event.node = std::move(node);
  event.text = std::move(text);
  Tell(std::move(event));
}

void World::SetTimer(int64_t at_ms, TimerKind kind, std::string node, std::string instance, std::string operation,
                     uint32_t interval_ms) {
  Timer timer{at_ms, next_sequence_++, kind, std::move(node), std::move(instance), std::move(operation), interval_ms};
  const auto later =
      std::find_if(timers_.begin(), timers_.end(), [&](const Timer& t) { return t.at_ms > timer.at_ms; });
  timers_.insert(later, std::move(timer));
}

void World::Assume(std::string sentence) const {
  if (settings_.keep_story) assumed_.insert(std::move(sentence));
}

size_t World::Choose(size_t alternatives, std::string_view what) {
  return choices && alternatives > 1 ? choices->Choose(alternatives, std::string(what)) : 0;
}

void World::FireFirstTimer() {
  const Timer timer = timers_.front();
  timers_.erase(timers_.begin());
  switch (timer.kind) {
    case TimerKind::kMeet:
      return UpdateMembership(false);
    case TimerKind::kLose:
      return UpdateMembership(true);
    case TimerKind::kBoot:
      return Boot(nodes_.at(timer.node));
    case TimerKind::kLeave:
      return Depart(nodes_.at(timer.node));
    case TimerKind::kEscalate:
      return Escalate(timer.node);
    case TimerKind::kMonitor:
      return Monitor(timer);
    case TimerKind::kShrink:
      return Shrink(static_cast<int>(timer.interval_ms));
    case TimerKind::kPower:
      return CutPower(timer);
    case TimerKind::kAttribute:
      return WriteDampened(timer);
    case TimerKind::kWatchdog:
      return FireWatchdog(nodes_.at(timer.node));
    case TimerKind::kScores:
      for (ClusterSide& side : sides_) {
        if (SetScores(side, timer.instance)) Wake(side, 0);
      }
      return;
  }
}

Rest World::Settle(solver::Run& run) {
  Work(run, false);
  return rest_;
}

World::Pause World::Proceed(solver::Run& run) {
  return Work(run, true);
}

const PlanStep* World::NextAction() const {
  for (const ClusterSide& side : sides_) {
    if (paused_ != side.id || !side.flight || !side.flight->announced) continue;
    return &side.flight->plan->steps[side.flight->ready[side.flight->next_ready]];
  }
  return nullptr;
}

void World::BeginNext() {
  for (ClusterSide& side : sides_) {
    if (paused_ != side.id || !side.flight || !side.flight->announced) continue;
    side.flight->announced = false;
    LaunchStep(side, side.flight->ready[side.flight->next_ready++]);
  }
  paused_.reset();
}

World::Pause World::ComeToRest(Rest rest) {
  rest_ = rest;
  return Pause::kAtRest;
}

std::shared_ptr<const Plan> World::Think(ClusterSide& side, solver::Run& run) {
  side.state.now.epoch_s = EpochNow();
  const std::shared_ptr<const Catalog>& catalog = side.configuration.behind ? side.configuration.behind : catalog_;
  const auto solve = [&](solver::Run& run) {
    solver::Recorder recorder;
    recorder.reasons = true;
    const solver::Transition transition =
        solver::Schedule(catalog->cluster(), side.state, run, settings_.hooks ? &recorder : nullptr);
    std::shared_ptr<const Plan> plan = execution::MakePlan(run, transition);
    if (solver::LeavesPreferencesOut(run)) {
      Assume(solver::PreferencesLeftOut());
      if (settings_.plans) settings_.plans->NotePreferencesLeftOut();
    }
    if (settings_.hooks) settings_.hooks->solved(run, recorder, *plan);
    return plan;
  };
  solver::KeepFor(run, catalog, catalog->cluster());
  if (!settings_.plans) return solve(run);
  side.flight_key = StateHash(side, true);
  std::shared_ptr<const Plan> plan = settings_.plans->Find(side.flight_key);
  if (!plan) {
    plan = solve(run);
    settings_.plans->Put(side.flight_key, plan);
  }
  // In a Run that has kept nothing.
  if (solver::Run fresh; settings_.verify_plans && !(*plan == *solve(fresh))) {
    throw std::logic_error("two states with equal canonical form have different plans");
  }
  return plan;
}

const ClusterSide& World::Main() const {
  const ClusterSide* main = &sides_.front();
  const auto rank = [&](const ClusterSide& side) {
    size_t members = 0;
    for (const auto& [name, node] : nodes_) members += !node.remote && node.side == side.id && node.powered ? 1 : 0;
    return std::pair(side.quorate && members > 0, members);
  };
  if (sides_.size() == 1) return *main;
  for (const ClusterSide& side : sides_) {
    if (rank(side) > rank(*main)) main = &side;
  }
  return *main;
}

ClusterSide* World::SideOf(const std::string& name) {
  const auto node = nodes_.find(name);
  if (node == nodes_.end()) return nullptr;
  if (node->second.remote) return &Main();
  for (ClusterSide& side : sides_) {
    if (side.id == node->second.side) return &side;
  }
  return nullptr;
}

void World::Wake(ClusterSide& side, int64_t after_ms, int32_t priority) {
  if (side.flight) side.flight->Abort(priority);
  side.gives_up = false;
  side.wants_run = true;
  side.run_at_ms = std::max(side.run_at_ms, now_ms_ + after_ms + catalog_->transition_delay_ms());
}

// How this engine writes histories.
const execution::Style& World::style() const {
  return settings_.picket_engine ? execution::kPicketd : execution::kLive;
}

bool World::IsLed(const ClusterSide& side) const {
  const auto node = nodes_.find(side.coordinator);
  return node != nodes_.end() && node->second.runs() && node->second.side == side.id;
}

// Lets each side do what it can do at this moment.
World::Moved World::MoveSides(solver::Run& run, bool pausing) {
  for (size_t i = 0; i < sides_.size(); ++i) {
    ClusterSide& side = sides_[i];
    if (side.flight) {
      if (const Moved moved = Launch(side, pausing); moved != Moved::kNo) return moved;
      if (!side.flight->in_flight.empty()) continue;
      return EndFlight(side) ? Moved::kYes : Moved::kStopped;
    }
    if (!side.wants_run || !IsLed(side) || side.run_at_ms > now_ms_) continue;
    return StartRun(side, run);
  }
  return Moved::kNo;
}

World::Moved World::StartRun(ClusterSide& side, solver::Run& run) {
  // Nodes that boot only to be fenced never let a transition end: their joins are looked at, too.
  if (CompleteJoin(side) && IsCircle()) {
    ComeToRest(Rest::kLivelock);
    return Moved::kStopped;
  }
  side.wants_run = false;
  std::shared_ptr<const Plan> plan = LeavePromotionsOpen(side, run, Think(side, run));
  side.recheck_by_ms.reset();
  if (plan->recheck_in_s) side.recheck_by_ms = now_ms_ + std::max<int64_t>(*plan->recheck_in_s, 1) * 1000;
  side.flight.emplace(std::move(plan));
  return !on_plan || on_plan(*this, *side.flight->plan) ? Moved::kYes : Moved::kStopped;
}

// The transition is over. False if the cluster will never come to rest.
bool World::EndFlight(ClusterSide& side) {
  const bool progressed = side.flight->progressed;
  const bool again = progressed || side.flight->aborted();
  side.flight.reset();
  side.idle_since_ms = now_ms_;
  if (side.gives_up) {
    side.gives_up = side.wants_run = false;
    return true;
  }
  if (!again) return true;
  side.wants_run = true;
  side.run_at_ms = std::max(side.run_at_ms, now_ms_ + catalog_->transition_delay_ms());
  if (!progressed) return true;
  if (++transitions_ >= settings_.max_transitions) {
    ComeToRest(Rest::kRestless);
    return false;
  }
  if (!IsCircle()) return true;
  ComeToRest(Rest::kLivelock);
  return false;
}

// Whether everything is as it was before in this reaction.
bool World::IsCircle() {
  const Hash here = ReactionHash();
  if (std::find(seen_.begin(), seen_.end(), here) != seen_.end()) return true;
  seen_.push_back(here);
  return false;
}

// When something happens next, if nothing is to be done now.
std::optional<int64_t> World::NextMoment() const {
  int64_t next_ms = timers_.empty() ? kNever : timers_.front().at_ms;
  for (const ClusterSide& side : sides_) {
    if (!side.flight && side.wants_run && IsLed(side)) next_ms = std::min(next_ms, side.run_at_ms);
    for (const Operation& orphan : side.orphans) next_ms = std::min(next_ms, orphan.end_ms);
    if (!side.flight) continue;
    // Thousands may be in flight, and most of them end later: who answers is asked of few.
    for (const uint32_t index : side.flight->in_flight) {
      if (next_ms <= now_ms_) return next_ms;
      const Flight::Step& step = side.flight->steps[index];
      if (step.end_ms < next_ms && WillAnswer(side, side.flight->plan->steps[index], &step)) next_ms = step.end_ms;
    }
  }
  if (next_ms == kNever) return std::nullopt;
  return next_ms;
}

// Monitors that wait for their start-delay and will find what is expected are no reason to wait: a user sees
// a cluster at rest. What happens meanwhile waits for them all the same (spec 09 §7.3).
bool World::OnlyDelaysAreLeft() const {
  if (!timers_.empty()) return false;
  for (const ClusterSide& side : sides_) {
    if (!side.orphans.empty()) return false;
    if (!side.flight) {
      if (side.wants_run && IsLed(side)) return false;
      continue;
    }
    if (side.wants_run || side.flight->aborted() || side.flight->in_flight.empty()) return false;
    for (const uint32_t index : side.flight->in_flight) {
      const PlanStep& what = side.flight->plan->steps[index];
      if (what.operation != "monitor" || what.start_delay_ms == 0 || !WillAnswer(side, what, nullptr)) return false;
      if (now_ms_ >= side.flight->steps[index].acts_ms || side.flight->steps[index].fails) return false;
      const auto& resources = nodes_.at(what.node).resources;
      const auto found = resources.find(what.instance);
      if (found == resources.end() || found->second.failing_rc != 0) return false;
    }
  }
  return true;
}

// What happens at this moment. Of several things one happens; the others follow in the next call.
void World::ActAt(int64_t moment_ms) {
  now_ms_ = std::max(now_ms_, moment_ms);
  if (!timers_.empty() && timers_.front().at_ms <= now_ms_) return FireFirstTimer();
  for (ClusterSide& side : sides_) {
    for (size_t i = 0; i < side.orphans.size(); ++i) {
      if (side.orphans[i].end_ms <= now_ms_) return FinishOrphan(side, i);
    }
    if (!side.flight) continue;
    // Of those that end at one moment the one that began first.
    const auto& in_flight = side.flight->in_flight;
    const auto next = std::find_if(in_flight.begin(), in_flight.end(), [&](uint32_t index) {
      return side.flight->steps[index].end_ms <= now_ms_ &&
             WillAnswer(side, side.flight->plan->steps[index], &side.flight->steps[index]);
    });
    if (next != in_flight.end()) return Finish(side, *next);
  }
}

// When the side's coordinator, which has nothing to do, thinks again for no other reason than time (spec 09 §6.8).
int64_t World::RecheckMs(const ClusterSide& side) const {
  const int64_t interval_ms = catalog_->recheck_interval_ms();
  const int64_t by_ms = side.recheck_by_ms.value_or(kNever);
  const int64_t recheck_ms = interval_ms > 0 ? std::min(side.idle_since_ms + interval_ms, by_ms) : by_ms;
  return recheck_ms < now_ms_ ? now_ms_ + kLateRecheckMs : recheck_ms;
}

// Time passes because a test says so. True if there is more to do.
bool World::PassTime() {
  if (advance_until_ms_ <= now_ms_) return false;
  int64_t next_ms = NextMoment().value_or(kNever);
  ClusterSide* rechecked = nullptr;
  for (ClusterSide& side : sides_) {
    if (side.flight || side.wants_run || !IsLed(side)) continue;
    const int64_t recheck_ms = RecheckMs(side);
    if (recheck_ms >= next_ms) continue;
    next_ms = recheck_ms;
    rechecked = &side;
  }
  if (next_ms > advance_until_ms_) {
    now_ms_ = advance_until_ms_;
    // picketd looks at any time; what changed by time alone shows now.
    for (ClusterSide& side : sides_) {
      if (settings_.picket_engine && !side.flight && IsLed(side)) side.wants_run = true;
    }
    return true;
  }
  if (!rechecked) {
    ActAt(next_ms);
    return true;
  }
  now_ms_ = next_ms;
  rechecked->wants_run = true;
  return true;
}

// Solves and executes until nothing is left, or, if `pausing`, until an action is about to begin.
World::Pause World::Work(solver::Run& run, bool pausing) {
  paused_.reset();
  while (true) {
    const Moved moved = MoveSides(run, pausing);
    if (moved == Moved::kPaused) return Pause::kBeforeAction;
    if (moved == Moved::kStopped) return rest_ == Rest::kSettled ? Pause::kStopped : Pause::kAtRest;
    if (moved == Moved::kYes) continue;
    const std::optional<int64_t> next_ms = NextMoment();
    if (!next_ms || OnlyDelaysAreLeft()) {
      if (PassTime()) continue;
      return ComeToRest(Rest::kSettled);
    }
    ActAt(*next_ms);
  }
}

TrueNode& World::PlaceOf(const std::string& name) {
  const auto found = nodes_.find(name);
  if (found != nodes_.end()) return found->second;
  TrueNode node;
  node.name = node.id = name;
  node.remote = node.powered = node.in_cluster = node.member = true;
  return nodes_.emplace(name, std::move(node)).first->second;
}

solver::NodeState& World::Edit(ClusterSide& side, std::string_view name) {
  for (size_t i = 0; i < side.state.nodes.size(); ++i) {
    auto& shared = side.state.nodes[i];
    if (!shared->uname || !solver::EqualFolded(*shared->uname, name)) continue;
    side.node_hashes[i].whole.reset();
    // Only this world knows it: no need for a copy.
    if (shared.use_count() == 1) {
      std::atomic_thread_fence(std::memory_order_acquire);  // after the last reading of whoever else had it
      return const_cast<solver::NodeState&>(*shared);
    }
    auto copy = std::make_shared<solver::NodeState>(*shared);
    solver::NodeState& editable = *copy;
    shared = std::move(copy);
    return editable;
  }
  auto fresh = std::make_shared<solver::NodeState>();
  const TrueNode& node = PlaceOf(std::string(name));
  fresh->id = node.id;
  fresh->uname = node.name;
  fresh->attributes = {{"id", node.id}, {"uname", node.name}};
  solver::NodeState& editable = *fresh;
  side.state.nodes.push_back(std::move(fresh));
  side.node_hashes.emplace_back();
  return editable;
}

const solver::NodeState& World::StateOf(const ClusterSide& side, std::string_view name) const {
  static const solver::NodeState kNothing;
  for (const auto& shared : side.state.nodes) {
    if (shared->uname && solver::EqualFolded(*shared->uname, name)) return *shared;
  }
  return kNothing;
}

Hash World::StateHash(const ClusterSide& side, bool with_ages) const {
  const Configuration& mine = side.configuration;
  const CanonicalForm& form = (mine.behind ? mine.behind : catalog_)->canonical();
  Hasher hasher;
  for (const std::string& deviation : mine.behind ? mine.deviations_behind : deviations_) hasher.Add(deviation);
  form.AddShared(hasher, side.state, EpochNow(), with_ages);
  const bool keep = !form.changes_with_time();
  for (size_t i = 0; i < side.state.nodes.size(); ++i) {
    ClusterSide::NodeHash& known = side.node_hashes[i];
    if (keep && known.whole) {
      hasher.Add(*known.whole);
      continue;
    }
    const Hash hash = form.OfNode(*side.state.nodes[i], EpochNow(), with_ages, known.histories);
    if (keep) known.whole = hash;
    hasher.Add(hash);
  }
  return hasher.Get();
}

// Who has been there longest: the next coordinator.
void World::AddAges(Hasher& hasher) const {
  std::vector<std::pair<int64_t, const std::string*>> ages;
  for (const auto& [name, node] : nodes_) {
    if (!node.remote && node.runs()) ages.emplace_back(node.started_ms, &name);
  }
  const auto younger = [](const auto& a, const auto& b) { return a.first < b.first; };
  if (std::is_sorted(ages.begin(), ages.end(), younger)) return;
  std::stable_sort(ages.begin(), ages.end(), younger);
  for (const auto& age : ages) hasher.Add(*age.second);
}

// Whose configuration is older than that of most of the cluster, or newer.
void World::AddConfigurations(Hasher& hasher) const {
  const int64_t epoch = Main().configuration.epoch;
  const auto add = [&](const Configuration& one) {
    if (one.epoch == epoch && !one.behind) return;
    hasher.Add(static_cast<uint64_t>(one.epoch - epoch) * 2 + (one.behind ? 1 : 0));
    for (const std::string& deviation : one.deviations_behind) hasher.Add(deviation);
  };
  for (const ClusterSide& side : sides_) add(side.configuration);
  for (const auto& [name, node] : nodes_) {
    if (node.side < 0 && !node.remote) add(node.disk);
  }
}

// What is true outside of the cluster's own knowledge.
void World::AddFacts(Hasher& hasher) const {
  AddAges(hasher);
  AddConfigurations(hasher);
  std::map<int, uint64_t> groups;  // numbers of groups only count by who shares them
  std::map<int, uint64_t> sides;
  for (const auto& [name, node] : nodes_) {
    hasher.Add(name);
    const uint64_t group = groups.emplace(node.group, groups.size()).first->second;
    const uint64_t side = sides.emplace(node.side, sides.size()).first->second;
    hasher.Add((group << 32) | (side << 16) | (node.powered ? 64 : 0) | (node.in_cluster ? 32 : 0) |
               (node.keeps_attributes ? 128 : 0) | (node.fresh ? 16 : 0) | (node.standby ? 8 : 0) |
               (node.stays_away ? 4 : 0) | (node.member ? 2 : 0) | (node.has_seen_all ? 1 : 0));
    for (const std::string& link : node.cut_links) hasher.Add(link);
    for (const std::string& device : node.asks_status) hasher.Add("status of " + device);
    for (const auto& [attribute, value] : node.believed) {
      hasher.Add(attribute);
      hasher.Add(value);
    }
    hasher.Add(node.resources.size());
    for (const auto& [instance, resource] : node.resources) {
      hasher.Add(instance);
      hasher.Add((static_cast<uint64_t>(resource.role) << 32) ^ static_cast<uint32_t>(resource.failing_rc));
      hasher.Add(static_cast<uint64_t>(static_cast<uint32_t>(resource.reported_rc)) * 2 + (resource.times_out ? 1 : 0));
      hasher.Add(static_cast<uint64_t>(std::max<int64_t>(resource.monitored_from_ms - now_ms_, 0)));
    }
  }
  for (const Timer& timer : timers_) {
    hasher.Add(static_cast<uint64_t>(timer.at_ms - now_ms_) * 16 + static_cast<uint64_t>(timer.kind));
    hasher.Add(timer.node);
    hasher.Add(timer.instance);
    if (timer.kind == TimerKind::kAttribute) hasher.Add(timer.operation);
    hasher.Add(timer.interval_ms);
  }
  hasher.Add(timers_.size());
  for (const ClusterSide& side : sides_) {
    hasher.Add(side.coordinator);
    hasher.Add(static_cast<uint64_t>(side.expected_votes) * 16 + (side.has_device_vote ? 8 : 0) +
               (side.refreshes_all ? 4 : 0) + (side.quorate ? 2 : 0) + (side.wants_run ? 1 : 0));
    for (const std::string& name : side.joining) hasher.Add(name);
    for (const auto& [node, failures] : side.failed_fencings) {
      hasher.Add(node);
      hasher.Add(static_cast<uint64_t>(failures));
    }
  }
}

// A state seen before in one reaction, with these facts, means that the reaction never ends.
Hash World::ReactionHash() const {
  Hasher hasher;
  for (const ClusterSide& side : sides_) hasher.Add(StateHash(side, false));
  AddFacts(hasher);
  AddArmed(hasher);
  return hasher.Get();
}

// Failures that are still to come: a reaction in which their number falls makes progress.
void World::AddArmed(Hasher& hasher) const {
  hasher.Add(armed_.size());
  for (const ArmedFailure& armed : armed_) {
    hasher.Add(armed.primitive);
    hasher.Add(armed.operation);
    hasher.Add(armed.node);
    hasher.Add((static_cast<uint64_t>(static_cast<uint32_t>(armed.times)) << 32) ^
               static_cast<uint32_t>(armed.rc * 2 + (armed.timed_out ? 1 : 0)));
  }
}

void World::AddSide(Hasher& hasher, const ClusterSide& side) const {
  hasher.Add(StateHash(side, true));
  hasher.Add(static_cast<uint64_t>(std::max<int64_t>(side.run_at_ms - now_ms_, 0)));
  hasher.Add((side.tries_again ? 2 : 0) + (side.gives_up ? 1 : 0));
  hasher.Add(static_cast<uint64_t>(advance_until_ms_ > now_ms_ ? RecheckMs(side) - now_ms_ : -1));
  for (const Operation& orphan : side.orphans) {
    hasher.Add(orphan.what.node);
    hasher.Add(orphan.what.instance);
    hasher.Add(orphan.what.operation);
    hasher.Add(static_cast<uint64_t>(orphan.end_ms - now_ms_) * 2 + (orphan.unheard ? 1 : 0));
  }
  if (!side.flight) return;
  const Flight& flight = *side.flight;
  hasher.Add(side.flight_key);
  hasher.Add(static_cast<uint64_t>(static_cast<uint32_t>(flight.abort_priority)) * 4 + (flight.announced ? 2 : 0) +
             (flight.progressed ? 1 : 0));
  for (const Flight::Step& step : flight.steps) hasher.Add(static_cast<uint64_t>(step.progress));
  for (const uint32_t index : flight.in_flight) {
    const Flight::Step& step = flight.steps[index];
    hasher.Add(index);
    hasher.Add(static_cast<uint64_t>(step.end_ms - now_ms_));
    hasher.Add((step.fails ? 2 : 0) + (step.times_out ? 1 : 0));
    hasher.Add(static_cast<uint32_t>(step.failing_rc));
    if (step.fencing) AddTo(hasher, *step.fencing);
  }
  for (size_t i = flight.next_ready; i < flight.ready.size(); ++i) hasher.Add(flight.ready[i]);
}

Hash World::FutureHash() const {
  Hasher hasher;
  AddFacts(hasher);
  for (const ClusterSide& side : sides_) AddSide(hasher, side);
  if (catalog_->canonical().ages_matter() || catalog_->canonical().dates_matter())
    hasher.Add(static_cast<uint64_t>(now_ms_ % 1000));
  hasher.Add(static_cast<uint64_t>(std::max<int64_t>(advance_until_ms_ - now_ms_, 0)));
  for (const std::string& link : cut_links_) hasher.Add(link);
  AddArmed(hasher);
  for (const std::string& primitive : hanging_) hasher.Add(primitive);
  hasher.Add(hanging_.size());
  for (const auto& [primitive, nodes] : current_data_) {
    hasher.Add(primitive);
    for (const std::string& name : nodes) hasher.Add(name);
  }
  for (const auto& [device, how] : failing_devices_) {
    hasher.Add(device);
    hasher.Add(static_cast<uint64_t>(how));
  }
  for (const std::string& name : boots_again_) hasher.Add(name);
  for (const std::string& name : stays_on_) hasher.Add("on " + name);
  for (const std::string& name : set_by_hand_) hasher.Add(name);
  for (const auto& [first, second] : joined_before_) hasher.Add(first + " before " + second);
  return hasher.Get();
}

}  // namespace picket::simulator
