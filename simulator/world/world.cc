#include "simulator/world/world.h"

#include <algorithm>
#include <atomic>
#include <stdexcept>

#include "execution/history/failures.h"
#include "execution/history/history.h"
#include "simulator/world/plan_cache.h"
#include "solver/cib/values.h"
#include "solver/model/text.h"
#include "solver/schedule.h"

namespace picket::simulator {

using namespace execution;  // NOLINT
namespace {

bool IsClusterNode(const solver::NodeDef& node) {
  return node.type.empty() || solver::EqualFolded(node.type, "member");
}

// The history of an instance; that of an anonymous one may have been written under another number.
const solver::ResourceHistory* HistoryOf(const solver::NodeState& state, const std::string& instance) {
  for (const solver::ResourceHistory& history : state.history) {
    if (history.id == instance) return &history;
  }
  for (const solver::ResourceHistory& history : state.history) {
    if (solver::BaseName(history.id) == instance) return &history;
  }
  return nullptr;
}

}  // namespace

World::World(std::shared_ptr<const Catalog> catalog, solver::State initial, WorldSettings settings)
    : catalog_(std::move(catalog)),
      settings_(std::move(settings)),
      state_(std::move(initial)),
      node_hashes_(state_.nodes.size()) {
  for (const solver::NodeDef& def : catalog_->cluster().nodes) {
    if (!IsClusterNode(def)) continue;
    TrueNode node;
    node.name = def.uname;
    node.id = def.id;
    nodes_.emplace(def.uname, std::move(node));
  }
  if (state_.now.epoch_s > 0) settings_.start_epoch_s = state_.now.epoch_s;
  state_.now.epoch_s = settings_.start_epoch_s;
  const std::string* fatal = PlainValue(catalog_->cluster().properties, "start-failure-is-fatal");
  start_failure_is_fatal_ = !fatal || solver::ParseBoolean(*fatal).value_or(true);
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
    node.powered = true;
    names += (names.empty() ? "" : ", ") + name;
  }
  Tell(EventKind::kClusterStarts, {}, "the cluster starts: " + names);
  UpdateMembership();
}

void World::Resume(solver::Run& run) {
  solver::ReadStatus(catalog_->cluster(), state_, run, nullptr);
  std::string names;
  bool everybody = true;
  for (const solver::Node& seen : run.nodes) {
    TrueNode& node = PlaceOf(seen.name);
    node.member = node.powered = seen.online;
    // A node whose loss awaits fencing comes back when it is reset; one that has left comes when it is told to.
    node.stays_away = !seen.online && !seen.unclean;
    if (!node.remote) everybody = everybody && seen.online;
    if (seen.online) names += (names.empty() ? "" : ", ") + seen.name;
  }
  for (auto& [name, node] : nodes_) node.has_seen_all = everybody;
  for (const solver::Resource& resource : run.resources) {
    if (!resource.is_primitive() || resource.role < solver::Role::kStarted) continue;
    for (const solver::NodeId id : resource.active) {
      TrueNode& node = PlaceOf(run.at(id).name);
      if (!node.powered) continue;
      node.resources[resource.unique ? resource.id : resource.config_id] = {resource.config_id, resource.role,
                                                                            resource.failed ? 1 : 0};
    }
  }
  quorate_ = run.quorate;
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

void World::SetTimer(int64_t at_ms, TimerKind kind, std::string node, std::string instance,
                     std::string operation, uint32_t interval_ms) {
  Timer timer{at_ms,      next_sequence_++, kind, std::move(node), std::move(instance), std::move(operation),
              interval_ms};
  const auto later =
      std::find_if(timers_.begin(), timers_.end(), [&](const Timer& t) { return t.at_ms > timer.at_ms; });
  timers_.insert(later, std::move(timer));
}

bool World::FireFirstTimer() {
  const Timer timer = timers_.front();
  timers_.erase(timers_.begin());
  now_ms_ = std::max(now_ms_, timer.at_ms);
  switch (timer.kind) {
    case TimerKind::kMembership:
      return UpdateMembership();
    case TimerKind::kBoot:
      Boot(nodes_.at(timer.node));
      return UpdateMembership();
    case TimerKind::kMonitor:
      return NoticeFailure(timer);
  }
  return false;
}

bool World::NoticeFailure(const Timer& timer) {
  TrueNode& node = PlaceOf(timer.node);
  if (!node.powered || !node.member) return false;
  const auto found = node.resources.find(timer.instance);
  // Stopped or started anew in the meantime: nothing to notice.
  if (found == node.resources.end() || found->second.failing_rc == 0) return false;
  const solver::ResourceHistory* history = HistoryOf(StateOf(timer.node), timer.instance);
  const solver::HistoryEntry* entry =
      history ? FindRecurring(*history, timer.operation, timer.interval_ms) : nullptr;
  if (!entry) return false;
  const HistoryTarget target{{history->id}, {}, {}, {}};
  OperationResult result;
  result.resource = timer.instance;
  result.operation = timer.operation;
  result.interval_ms = timer.interval_ms;
  result.expected_rc = found->second.role == solver::Role::kPromoted ? 8 : 0;
  result.rc = found->second.failing_rc;
  const bool timed_out = hanging_.count(found->second.primitive) > 0;
  result.status = timed_out ? OperationStatus::kTimedOut : OperationStatus::kError;
  result.digest = std::string(entry->Get("op-digest"));
  solver::NodeState& state = Edit(timer.node);
  RecordResult(state, target, result, EpochNow());
  CountFailure(state, target.names.front(), timer.operation, timer.interval_ms, false, EpochNow());
  StoryEvent event;
  event.kind = EventKind::kFailureNoticed;
  event.resource = found->second.primitive;
  event.instance = timer.instance;
  event.operation = timer.operation;
  event.interval_ms = timer.interval_ms;
  event.node = timer.node;
  event.rc = result.rc;
  event.timed_out = timed_out;
  // An agent that says "not running" is right: what it monitors is gone.
  if (result.rc == 7) node.resources.erase(found);
  Tell(std::move(event));
  return true;
}

Rest World::Settle(solver::Run& run) {
  Work(run, false);
  return rest_;
}

World::Pause World::Proceed(solver::Run& run) { return Work(run, true); }

const PlanStep* World::NextAction() const {
  if (!flight_ || !flight_->announced) return nullptr;
  return &flight_->plan->steps[flight_->ready[flight_->next_ready]];
}

World::Pause World::ComeToRest(Rest rest) {
  flight_.reset();
  rest_ = rest;
  return Pause::kAtRest;
}

std::shared_ptr<const Plan> World::Think(solver::Run& run) {
  state_.now.epoch_s = EpochNow();
  const auto solve = [&] {
    solver::Recorder recorder;
    recorder.reasons = true;
    const solver::Transition transition =
        solver::Schedule(catalog_->cluster(), state_, run, settings_.hooks ? &recorder : nullptr);
    std::shared_ptr<const Plan> plan = MakePlan(run, transition);
    if (settings_.hooks) settings_.hooks->solved(run, recorder, *plan);
    return plan;
  };
  if (!settings_.plans) return solve();
  flight_key_ = StateHash(true);
  std::shared_ptr<const Plan> plan = settings_.plans->Find(flight_key_);
  if (!plan) {
    plan = solve();
    settings_.plans->Put(flight_key_, plan);
  } else if (settings_.verify_plans && !(*plan == *solve())) {
    throw std::logic_error("two states with equal canonical form have different plans");
  }
  return plan;
}

// Solves and executes until nothing is left, or, if `pausing`, until an action is about to begin.
World::Pause World::Work(solver::Run& run, bool pausing) {
  while (true) {
    if (!flight_) {
      flight_.emplace(Think(run));
      if (on_plan && !on_plan(*this, *flight_->plan)) return Pause::kStopped;
    }
    if (Carry(pausing) == Carried::kPaused) return Pause::kBeforeAction;
    const bool progressed = flight_->progressed;
    const bool aborted = flight_->aborted;
    const std::optional<int64_t> recheck_in_s = flight_->plan->recheck_in_s;
    flight_.reset();
    if (!progressed && aborted) continue;  // News came before anything was done.
    if (!progressed) {
      if (advance_until_ms_ > now_ms_ && (timers_.empty() || timers_.front().at_ms > advance_until_ms_)) {
        // Time passes; what is known to change on the way is looked at when it does.
        const int64_t next_ms = recheck_in_s ? now_ms_ + std::max<int64_t>(*recheck_in_s, 1) * 1000 : INT64_MAX;
        now_ms_ = std::min(next_ms, advance_until_ms_);
        continue;
      }
      if (timers_.empty()) return ComeToRest(Rest::kSettled);
      FireFirstTimer();
      continue;
    }
    if (++transitions_ >= settings_.max_transitions) return ComeToRest(Rest::kRestless);
    Hasher hasher;
    hasher.Add(StateHash(false));
    AddFacts(hasher);
    const Hash here = hasher.Get();
    if (std::find(seen_.begin(), seen_.end(), here) == seen_.end()) {
      seen_.push_back(here);
      continue;
    }
    // Where fencing was given up the cluster goes round for ever, doing nothing that matters: it waits for a person.
    if (!GaveUpFencing()) return ComeToRest(Rest::kLivelock);
    Tell(EventKind::kNote, {}, "fencing is given up; the cluster waits for somebody to look");
    return ComeToRest(Rest::kSettled);
  }
}

bool World::GaveUpFencing() const {
  return std::any_of(fence_attempts_.begin(), fence_attempts_.end(),
                     [&](const auto& attempts) { return attempts.second >= settings_.max_fence_attempts; });
}

TrueNode& World::PlaceOf(const std::string& name) {
  const auto found = nodes_.find(name);
  if (found != nodes_.end()) return found->second;
  TrueNode node;
  node.name = node.id = name;
  node.remote = node.powered = node.member = true;
  return nodes_.emplace(name, std::move(node)).first->second;
}

solver::NodeState& World::Edit(std::string_view name) {
  for (size_t i = 0; i < state_.nodes.size(); ++i) {
    auto& shared = state_.nodes[i];
    if (!shared->uname || !solver::EqualFolded(*shared->uname, name)) continue;
    node_hashes_[i].reset();
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
  state_.nodes.push_back(std::move(fresh));
  node_hashes_.emplace_back();
  return editable;
}

const solver::NodeState& World::StateOf(std::string_view name) const {
  static const solver::NodeState kNothing;
  for (const auto& shared : state_.nodes) {
    if (shared->uname && solver::EqualFolded(*shared->uname, name)) return *shared;
  }
  return kNothing;
}

Hash World::StateHash(bool with_ages) const {
  const CanonicalForm& form = catalog_->canonical();
  Hasher hasher;
  form.AddShared(hasher, state_, EpochNow(), with_ages);
  const bool keep = !form.ages_matter();
  for (size_t i = 0; i < state_.nodes.size(); ++i) {
    if (keep && node_hashes_[i]) {
      hasher.Add(*node_hashes_[i]);
      continue;
    }
    const Hash hash = form.OfNode(*state_.nodes[i], EpochNow(), with_ages);
    if (keep) node_hashes_[i] = hash;
    hasher.Add(hash);
  }
  return hasher.Get();
}

// What is so outside of the cluster's own knowledge. A state seen before in one reaction, with these facts, means that
// the reaction never ends.
void World::AddFacts(Hasher& hasher) const {
  std::map<int, uint64_t> groups;  // numbers of groups only count by who shares them
  for (const auto& [name, node] : nodes_) {
    hasher.Add(name);
    const uint64_t group = groups.emplace(node.group, groups.size()).first->second;
    hasher.Add((group << 4) | (node.powered ? 8 : 0) | (node.stays_away ? 4 : 0) | (node.member ? 2 : 0) |
               (node.has_seen_all ? 1 : 0));
    for (const std::string& link : node.cut_links) hasher.Add(link);
    hasher.Add(node.resources.size());
    for (const auto& [instance, resource] : node.resources) {
      hasher.Add(instance);
      hasher.Add((static_cast<uint64_t>(resource.role) << 32) ^ static_cast<uint32_t>(resource.failing_rc));
    }
  }
  for (const Timer& timer : timers_) {
    hasher.Add(static_cast<uint64_t>(timer.at_ms - now_ms_) * 4 + static_cast<uint64_t>(timer.kind));
    hasher.Add(timer.node);
    hasher.Add(timer.instance);
    hasher.Add(timer.interval_ms);
  }
  for (const auto& [node, attempts] : fence_attempts_) {
    hasher.Add(node);
    hasher.Add(static_cast<uint64_t>(attempts));
  }
}

Hash World::FutureHash() const {
  Hasher hasher;
  hasher.Add(StateHash(true));
  AddFacts(hasher);
  if (catalog_->canonical().ages_matter() || catalog_->canonical().dates_matter())
    hasher.Add(static_cast<uint64_t>(now_ms_ % 1000));
  hasher.Add(static_cast<uint64_t>(std::max<int64_t>(advance_until_ms_ - now_ms_, 0)));
  hasher.Add(quorate_ ? 1 : 0);
  for (const std::string& link : cut_links_) hasher.Add(link);
  hasher.Add(shot_each_other_ ? 1 : 0);
  hasher.Add(armed_.size());
  for (const ArmedFailure& armed : armed_) {
    hasher.Add(armed.primitive);
    hasher.Add(armed.operation);
    hasher.Add(armed.node);
    hasher.Add((static_cast<uint64_t>(static_cast<uint32_t>(armed.times)) << 32) ^
               static_cast<uint32_t>(armed.rc * 2 + (armed.timed_out ? 1 : 0)));
  }
  for (const std::string& primitive : hanging_) hasher.Add(primitive);
  hasher.Add(hanging_.size());
  for (const auto& [device, how] : failing_devices_) {
    hasher.Add(device);
    hasher.Add(static_cast<uint64_t>(how));
  }
  if (!flight_) return hasher.Get();
  hasher.Add(flight_key_);
  hasher.Add((flight_->announced ? 4 : 0) + (flight_->aborted ? 2 : 0) + (flight_->progressed ? 1 : 0));
  for (const Flight::Step& step : flight_->steps) hasher.Add(static_cast<uint64_t>(step.progress));
  for (const uint32_t index : flight_->in_flight) {
    const Flight::Step& step = flight_->steps[index];
    hasher.Add(index);
    hasher.Add(static_cast<uint64_t>(step.end_ms - now_ms_));
    hasher.Add((step.will_succeed ? 8 : 0) + (step.lies ? 4 : 0) + (step.fails ? 2 : 0) + (step.times_out ? 1 : 0));
    hasher.Add(static_cast<uint32_t>(step.failing_rc));
    hasher.Add(step.device);
  }
  for (size_t i = flight_->next_ready; i < flight_->ready.size(); ++i) hasher.Add(flight_->ready[i]);
  return hasher.Get();
}

}  // namespace picket::simulator
