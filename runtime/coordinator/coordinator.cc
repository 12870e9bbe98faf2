#include "runtime/coordinator/coordinator.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "execution/fencing/reach.h"
#include "execution/plan/plan.h"
#include "runtime/executor/invocation.h"
#include "solver/model/text.h"

namespace picket::runtime {

using execution::PlanStep;
using execution::StepKind;

namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
// A resource that fails as soon as it is started could keep the cluster solving for ever; from this rate on it
// does so more slowly.
constexpr size_t kSolvesInARow = 40;
constexpr int64_t kRowMs = 10000;
constexpr int64_t kPauseMs = 1000;
// A plan that is made again: so often for nothing, then more slowly, twice as long after each so many.
constexpr int kRepeatsFree = 30;
constexpr int kRepeatsEach = 10;
constexpr int kPauseDoublings = 6;
constexpr size_t kPlansRemembered = 16;
// After a fencing that failed: twice as long each time, up to a limit.
constexpr int64_t kFencePauseMs = 500;
constexpr int kFencePauseDoublings = 6;
// An order's number has its term in the upper bits.
constexpr int kTermShift = 24;

// While one of these is under way, the solver takes the resource for what it was or for what it will be.
bool ChangesRole(std::string_view operation) {
  return operation == "start" || operation == "stop" || operation == "promote" || operation == "demote" ||
         operation == "migrate_to" || operation == "migrate_from";
}

bool Activates(std::string_view operation) {
  return operation == "start" || operation == "promote" || operation == "migrate_to" || operation == "migrate_from" ||
         operation == "reload" || operation == "reload-agent";
}

bool SameWork(const Operation& operation, const PlanStep& step) {
  const bool cancels = step.kind == StepKind::kCancel;
  return operation.name == (cancels ? step.detail : step.operation) && operation.interval_ms == step.interval_ms &&
         operation.cancels == cancels;
}

// The step as its agent is told.
Operation OperationOf(const PlanStep& step, const execution::StepOrder& order) {
  Operation operation;
  operation.resource = step.instance;
  operation.cls = step.target.cls;
  operation.provider = step.target.provider;
  operation.type = step.target.type;
  operation.cancels = step.kind == StepKind::kCancel;
  operation.name = operation.cancels ? step.detail : step.operation;
  operation.interval_ms = step.interval_ms;
  operation.timeout_ms = static_cast<uint32_t>(step.timeout_ms);
  operation.start_delay_ms = static_cast<uint32_t>(step.start_delay_ms);
  operation.target_rc = step.expected_rc;
  operation.failure_is_fatal = step.failure_is_fatal;
  operation.parameters = order.parameters;
  operation.digest = step.digest;
  operation.migrate_source = step.migrate_source;
  operation.migrate_target = step.migrate_target;
  return operation;
}

}  // namespace

void Coordinator::Drop() {
  for (auto& [number, flight] : in_flight_) flight.step.reset();
  for (auto& [number, flight] : fencing_) flight.step.reset();
  running_ = false;
  progressed_ = false;
  progress_.clear();
  open_inputs_.clear();
  ready_.clear();
}

void Coordinator::BeginView(uint64_t term, bool leads, const std::vector<Begin>& begun,
                            const std::vector<FenceOrder>& fencing) {
  EndView();
  term_ = term;
  leads_ = leads;
  // Numbers of one term are not those of another.
  next_order = std::max(next_order, term << kTermShift);
  in_flight_.clear();
  fencing_.clear();
  for (const Begin& begin : begun) Delivered(begin);
  for (const FenceOrder& order : fencing) Delivered(order);
  Changed();
}

void Coordinator::EndView() {
  Drop();
  leads_ = false;
  settled_ = false;
  solving_.reset();
  recheck_at_ms_.reset();
  told_settled_.reset();
}

void Coordinator::Delivered(const FenceOrder& order) {
  if (fencing_.count(order.number) == 0) fencing_[order.number] = {order, std::nullopt};
}

void Coordinator::Delivered(const FenceDone& done, const Moment& now) {
  std::optional<uint32_t> step;
  const auto found = fencing_.find(done.order);
  if (found != fencing_.end()) {
    step = found->second.step;
    fencing_.erase(found);
  }
  if (!done.success) {
    FenceFailures& failures = fence_failures_[done.target];
    const int64_t pause_ms = kFencePauseMs << std::min(failures.count, kFencePauseDoublings);
    failures.not_before_ms = now.boot_ms + pause_ms;
    ++failures.count;
    Changed();
    return;
  }
  fence_failures_.erase(done.target);
  const bool lost_work = std::any_of(in_flight_.begin(), in_flight_.end(), [&](const auto& entry) {
    return solver::EqualFolded(entry.second.order.node, done.target);
  });
  if (done.action != "on") ForgetNode(done.target);
  if (step && running_ && !lost_work) {
    Complete(*step);
  } else {
    Changed();
  }
}

void Coordinator::ForgetNode(const std::string& node) {
  std::erase_if(in_flight_, [&](const auto& entry) { return solver::EqualFolded(entry.second.order.node, node); });
  Changed();
}

void Coordinator::Delivered(const Begin& begin) {
  InFlightOrder& flight = in_flight_[begin.order];
  flight.begun = true;
  flight.since_ms.reset();
  flight.late = 0;
  if (flight.order.number == begin.order) return;
  flight.order.number = begin.order;
  flight.order.node = begin.node;
  flight.order.operation = begin.operation;
}

void Coordinator::Delivered(const Result& result, Outbox& out) {
  const auto found = result.first ? in_flight_.find(result.order) : in_flight_.end();
  std::optional<uint32_t> step;
  if (found != in_flight_.end()) {
    step = found->second.step;
    in_flight_.erase(found);
  }
  const bool cancelled = result.outcome.status == OperationStatus::kCancelled;
  const bool expected = AsExpected(result.operation, result.outcome) || result.operation.name == "notify";
  if (!expected && !cancelled) {
    const bool found_by_probe = result.operation.IsProbe() && result.outcome.status == OperationStatus::kDone;
    std::string text = result.operation.name + " gave " + std::to_string(result.outcome.rc) + " instead of " +
                       std::to_string(result.operation.target_rc);
    if (!result.outcome.reason.empty()) text += ": " + result.outcome.reason;
    out.Tell(found_by_probe ? SayLevel::kInfo : SayLevel::kWarning, found_by_probe ? "found" : "failed", result.node,
             result.operation.resource, std::move(text));
  }
  if (step && expected && running_) {
    Complete(*step);
  } else if (repeating_.count(result.operation.resource) > 0) {
    changed_ = true;  // That was to be expected, and is no reason to hurry.
  } else {
    Changed();
  }
}

void Coordinator::On(const Solved& event, const Moment& now, Outbox& out) {
  if (solving_ != event.ticket) return;
  solving_.reset();
  // The world has moved on while it was being thought about: that answer is of no use.
  if (changed_) return;
  Drop();
  plan_ = event.plan;
  ++transition_;
  recheck_at_ms_.reset();
  if (plan_->recheck_every_ms > 0) recheck_at_ms_ = now.boot_ms + std::max<int64_t>(plan_->recheck_every_ms, 1000);
  if (plan_->recheck_in_s) {
    const int64_t recheck_by_s = plan_->made_at_s + *plan_->recheck_in_s;
    // A second later than it says: at the second itself a failure is as old as its timeout and not yet older.
    const int64_t at_ms = now.boot_ms + std::max<int64_t>((recheck_by_s + 1) * 1000 - now.wall_ms, 1000);
    recheck_at_ms_ = std::min(recheck_at_ms_.value_or(kNever), at_ms);
  }
  progress_.assign(plan_->steps.size(), StepState::kWaiting);
  open_inputs_.reserve(plan_->steps.size());
  for (uint32_t i = 0; i < plan_->steps.size(); ++i) {
    open_inputs_.push_back(plan_->steps[i].open_inputs);
    if (open_inputs_.back() > 0) continue;
    progress_[i] = StepState::kReady;
    ready_.push_back(i);
  }
  running_ = true;
  settled_ = false;
  NoteRepetition(now, out);
  if (plan_->messages != told_) {
    for (const std::string& message : plan_->messages) out.Tell(SayLevel::kWarning, "solver", {}, {}, message);
    told_ = plan_->messages;
  }
  if (plan_->empty()) return;
  out.Tell(SayLevel::kInfo, "transition", {}, {},
           "transition " + std::to_string(transition_) + " of " + std::to_string(plan_->steps.size()) + " steps");
  // What an earlier plan wanted as well, and this one still has to do, is no news.
  for (const std::string& change : plan_->changes) {
    if (std::find(told_changes_.begin(), told_changes_.end(), change) != told_changes_.end()) continue;
    out.Tell(SayLevel::kNotice, "change", {}, {}, change);
  }
  told_changes_ = plan_->changes;
}

// The same plan again and again: what it does has no effect that lasts. It is told, and made more and more
// seldom.
void Coordinator::NoteRepetition(const Moment& now, Outbox& out) {
  std::string wanted;
  std::set<std::string> concerned;
  for (size_t i = 0; i < plan_->steps.size(); ++i) {
    const PlanStep& step = plan_->steps[i];
    if (step.kind == StepKind::kPseudo) continue;
    wanted += plan_->orders[i].label + "\n";
    if (!step.instance.empty()) concerned.insert(step.instance);
  }
  // Between two of them there may be one that only looks again.
  if (wanted.empty()) return;
  if (repeated_plans_.count(wanted) == 0) {
    if (repeated_plans_.size() >= kPlansRemembered) repeated_plans_.clear();
    repeated_plans_[wanted] = 0;
    return;
  }
  const int times = ++repeated_plans_[wanted];
  if (times < kRepeatsFree) return;
  const int64_t pause_ms = kPauseMs << std::min((times - kRepeatsFree) / kRepeatsEach, kPauseDoublings);
  repeats_until_ms_ = now.boot_ms + pause_ms;
  repeating_ = std::move(concerned);
  if ((times - kRepeatsFree) % kRepeatsEach != 0) return;
  std::string whom;
  for (const std::string& resource : repeating_) whom += (whom.empty() ? "" : ", ") + resource;
  out.Tell(SayLevel::kWarning, "solver", {}, {},
           "the same is done again and again and changes nothing (" +
               (whom.empty() ? std::string("no resource") : whom) + ", " + std::to_string(times) +
               " times): from now on every " + std::to_string(pause_ms / 1000) + " s");
}

void Coordinator::OnTimer(const Moment& now) {
  if (recheck_at_ms_ && *recheck_at_ms_ <= now.boot_ms) {
    recheck_at_ms_.reset();
    Changed();
  }
  for (auto& [target, failures] : fence_failures_) {
    if (failures.not_before_ms > now.boot_ms) continue;
    failures.not_before_ms = kNever;
    Changed();
  }
}

int64_t Coordinator::NextDeadline() const {
  int64_t next = recheck_at_ms_.value_or(kNever);
  if (changed_ && paused_until_ms_) next = std::min(next, *paused_until_ms_);
  if (changed_ && repeats_until_ms_) next = std::min(next, *repeats_until_ms_);
  for (const auto& [target, failures] : fence_failures_) next = std::min(next, failures.not_before_ms);
  return next;
}

void Coordinator::AskForSolve(const Replica& replica, const Moment& now, Outbox& out) {
  if (paused_until_ms_ && now.boot_ms < *paused_until_ms_) return;
  if (repeats_until_ms_ && now.boot_ms < *repeats_until_ms_) return;
  repeats_until_ms_.reset();
  paused_until_ms_.reset();
  while (!solves_ms_.empty() && solves_ms_.front() + kRowMs < now.boot_ms) solves_ms_.pop_front();
  if (solves_ms_.size() >= kSolvesInARow) {
    paused_until_ms_ = now.boot_ms + kPauseMs;
    solves_ms_.pop_front();
    return;
  }
  solves_ms_.push_back(now.boot_ms);
  changed_ = false;
  Drop();
  solving_ = next_ticket_++;
  out.effects.push_back(Solve{*solving_, replica.cluster(), replica.Snapshot(now)});
}

void Coordinator::Advance(const Replica& replica, const Moment& now, Outbox& out) {
  if (!leads_ || !replica.configured()) return;
  Turn turn{replica, now, out};
  if (changed_) {
    settled_ = false;
    TellProgress(out);
    if (!solving_) AskForSolve(replica, now, out);
    return;
  }
  if (!running_) return;
  // Completing one step may make others ready, which go into the same list.
  while (true) {
    std::stable_sort(ready_.begin(), ready_.end(), [this](uint32_t a, uint32_t b) {
      const int32_t of_a = plan_->steps[a].priority;
      const int32_t of_b = plan_->steps[b].priority;
      return of_a != of_b ? of_a > of_b : a < b;
    });
    std::vector<uint32_t> now_ready = std::move(ready_);
    ready_.clear();
    std::vector<uint32_t> kept;
    bool any = false;
    for (const uint32_t step : now_ready) {
      if (Launch(step, turn)) {
        any = true;
      } else {
        kept.push_back(step);
      }
    }
    ready_.insert(ready_.end(), kept.begin(), kept.end());
    if (!any) break;
  }
  if (!in_flight_.empty() || !fencing_.empty()) return;
  Finish(out);
  if (changed_) AskForSolve(replica, now, out);
}

void Coordinator::TellProgress(Outbox& out) {
  if (told_settled_ == settled_) return;
  told_settled_ = settled_;
  Progress progress;
  progress.settled = settled_;
  progress.transition = transition_;
  if (plan_) progress.messages = plan_->messages;
  for (std::string& text : Braked()) progress.messages.push_back(std::move(text));
  out.messages.push_back(std::move(progress));
}

// What is left now waits for something that this plan cannot bring about.
void Coordinator::Finish(Outbox& out) {
  running_ = false;
  if (progressed_) {
    changed_ = true;  // Whether that was all is for the solver to say.
    return;
  }
  settled_ = true;
  repeated_plans_.clear();
  repeating_.clear();
  TellProgress(out);
  const bool done = plan_->empty();
  out.Tell(done ? SayLevel::kInfo : SayLevel::kWarning, "settled", {}, {},
           done ? "nothing is left to do" : "what is left to do waits for something that does not happen");
}

Coordinator::InFlightOrder* Coordinator::FindInFlight(const std::string& node, const std::string& resource) {
  for (auto& [number, flight] : in_flight_) {
    if (solver::EqualFolded(flight.order.node, node) && flight.order.operation.resource == resource) return &flight;
  }
  return nullptr;
}

bool Coordinator::FitsLimits(const PlanStep& step) const {
  int all = 0;
  int on_node = 0;
  int migrations = 0;
  for (const auto& [number, flight] : in_flight_) {
    ++all;
    if (!solver::EqualFolded(flight.order.node, step.node)) continue;
    ++on_node;
    migrations += flight.order.operation.name.starts_with("migrate_");
  }
  if (plan_->batch_limit > 0 && all >= plan_->batch_limit) return false;
  if (on_node >= jobs_per_node) return false;
  const bool migrates = step.operation.starts_with("migrate_");
  return !(migrates && plan_->migration_limit > 0 && migrations >= plan_->migration_limit);
}

bool Coordinator::HeldBack(const PlanStep& step) const {
  if (!Activates(step.operation)) return false;
  return std::any_of(in_flight_.begin(), in_flight_.end(), [](const auto& entry) {
    return !entry.second.step && ChangesRole(entry.second.order.operation.name);
  });
}

bool Coordinator::LaunchOperation(uint32_t index, Turn& turn) {
  const PlanStep& step = plan_->steps[index];
  for (auto& [number, flight] : in_flight_) {
    const bool same = solver::EqualFolded(flight.order.node, step.node) &&
                      flight.order.operation.resource == step.instance && SameWork(flight.order.operation, step);
    if (!same || flight.step) continue;
    flight.step = index;  // It was asked for before: its result is the one that this step waits for.
    progress_[index] = StepState::kInFlight;
    return true;
  }
  if (step.kind != StepKind::kCancel) {
    const InFlightOrder* other = FindInFlight(step.node, step.instance);
    if (other && !other->order.operation.IsRecurring()) return false;
  }
  if (HeldBack(step) || !FitsLimits(step)) return false;
  // Its picketd is away: it may come back before the solver has to be told.
  if (turn.replica.PeerOf(step.node).daemon_only) return false;
  Order order;
  order.number = next_order++;
  order.term = term_;
  order.node = step.node;
  order.operation = OperationOf(step, plan_->orders[index]);
  progress_[index] = StepState::kInFlight;
  in_flight_[order.number].order = order;
  in_flight_[order.number].step = index;
  if (!order.operation.IsRecurring() && !order.operation.IsProbe() && !order.operation.cancels) {
    turn.out.Tell(SayLevel::kInfo, "order", step.node, step.instance, plan_->orders[index].label);
  }
  turn.out.messages.push_back(std::move(order));
  return true;
}

// We ourselves if we may, then the others by turns, so that one that cannot reach a device is not asked for ever.
std::string Coordinator::WhoFences(const std::string& target, int attempt, const Turn& turn) const {
  std::vector<std::string> members;
  for (const auto& node : turn.replica.state().nodes) {
    const Peer& peer = turn.replica.PeerOf(*node->uname);
    const bool here = peer.standing == Standing::kMember && !peer.fencing && !peer.daemon_only;
    if (here) members.push_back(*node->uname);
  }
  const solver::Instant when{turn.now.wall_s(), turn.now.utc_offset_s};
  const execution::Fencing fencing = execution::ReadFencing(*turn.replica.cluster(), when);
  std::vector<std::string> able = NodesThatCanFence(fencing, target, members);
  std::stable_partition(able.begin(), able.end(),
                        [this](const std::string& name) { return solver::EqualFolded(name, self); });
  return able.empty() ? std::string() : able[static_cast<size_t>(attempt) % able.size()];
}

// What cannot be stopped on two nodes will not be on a third either: something is wrong with the policy or
// with the agent, and to go on would take the cluster down node after node.
bool Coordinator::Brakes(const PlanStep& step, std::string& because, Turn& turn) {
  const Peer& peer = turn.replica.PeerOf(step.node);
  if (step.kind == StepKind::kUnfencing || peer.standing != Standing::kMember || peer.fencing || peer.daemon_only) {
    return false;
  }
  because = turn.replica.FailedStop(step.node);
  const std::string* asked = turn.replica.Transient(step.node, "terminate");
  if (because.empty() || (asked && *asked == "true")) return false;
  if (turn.replica.StopFencings(because, turn.now.wall_s()) < kStopFencingsMax) return false;
  std::string text = step.node + " is not fenced though " + because +
                     " could not be stopped there: " + std::to_string(kStopFencingsMax) +
                     " nodes were fenced for the same within the hour. `picket fence " + step.node +
                     "` does it all the same; `picket cleanup " + because + "` tries again";
  if (braked_[step.node] != text) turn.out.Tell(SayLevel::kError, "fencing", step.node, because, text);
  braked_[step.node] = std::move(text);
  return true;
}

std::vector<std::string> Coordinator::Braked() const {
  std::vector<std::string> texts;
  for (const auto& [node, text] : braked_) texts.push_back(text);
  return texts;
}

bool Coordinator::LaunchFence(uint32_t index, Turn& turn) {
  const PlanStep& step = plan_->steps[index];
  std::string because;
  if (Brakes(step, because, turn)) {
    progress_[index] = StepState::kInFlight;
    return false;
  }
  braked_.erase(step.node);
  for (auto& [number, flight] : fencing_) {
    if (!solver::EqualFolded(flight.order.target, step.node)) continue;
    // One that was asked for an earlier life of its picketd proves nothing of this one.
    const bool same =
        flight.order.action == step.detail && flight.order.incarnation == turn.replica.PeerOf(step.node).incarnation;
    if (flight.step || !same) return false;
    flight.step = index;
    progress_[index] = StepState::kInFlight;
    return true;
  }
  const auto failed = fence_failures_.find(step.node);
  const int attempt = failed == fence_failures_.end() ? 0 : failed->second.count;
  if (failed != fence_failures_.end() && failed->second.not_before_ms != kNever &&
      failed->second.not_before_ms > turn.now.boot_ms) {
    return false;
  }
  const Peer& target = turn.replica.PeerOf(step.node);
  FenceOrder order;
  order.node = step.kind == StepKind::kUnfencing ? step.node : WhoFences(step.node, attempt, turn);
  if (order.node.empty()) {
    // Reported once for each plan; what waits for it waits until the world changes.
    progress_[index] = StepState::kInFlight;
    turn.out.Tell(SayLevel::kError, "fencing", step.node, {},
                  step.node + " should be fenced (" + step.detail + "), and nobody here can do it");
    return false;
  }
  order.number = next_order++;
  order.term = term_;
  order.target = step.node;
  order.incarnation = target.incarnation;
  order.boot_id = target.boot_id;
  order.action = step.detail;
  order.delay_ms = step.fence_delay_ms;
  order.timeout_ms = plan_->fence_timeout_ms;
  order.digests_all = step.digests_all;
  order.digests_secure = step.digests_secure;
  if (!because.empty()) order.because = because;
  progress_[index] = StepState::kInFlight;
  fencing_[order.number] = {order, index};
  turn.out.Tell(SayLevel::kWarning, "fencing", step.node, {},
                step.node + " is fenced (" + step.detail + ") by " + order.node);
  turn.out.messages.push_back(std::move(order));
  return true;
}

// Gives whether the step is no longer ready, that is: it is done or under way.
bool Coordinator::Launch(uint32_t index, Turn& turn) {
  Outbox& out = turn.out;
  const PlanStep& step = plan_->steps[index];
  switch (step.kind) {
    case StepKind::kPseudo:
    case StepKind::kOther:
      Complete(index);
      return true;
    case StepKind::kOperation:
    case StepKind::kNotify:
    case StepKind::kCancel:
      progressed_ = LaunchOperation(index, turn) || progressed_;
      return progress_[index] != StepState::kReady;
    case StepKind::kClearFailures:
      out.messages.push_back(FailuresCleared{step.node, step.instance, true});
      break;
    case StepKind::kForget:
      out.messages.push_back(ResourceForgotten{step.node, step.instance, true});
      break;
    case StepKind::kShutdown:
      out.messages.push_back(MayLeave{step.node});
      Complete(index);
      return true;
    case StepKind::kFencing:
    case StepKind::kUnfencing:
      progressed_ = LaunchFence(index, turn) || progressed_;
      return progress_[index] != StepState::kReady;
  }
  progressed_ = true;
  Complete(index);
  return true;
}

void Coordinator::Complete(uint32_t index) {
  if (progress_[index] == StepState::kDone) return;
  progress_[index] = StepState::kDone;
  for (const uint32_t follower : plan_->steps[index].followers) {
    if (open_inputs_[follower] == 0 || --open_inputs_[follower] > 0) continue;
    if (progress_[follower] != StepState::kWaiting) continue;
    progress_[follower] = StepState::kReady;
    ready_.push_back(follower);
  }
}

std::vector<FenceOrder> Coordinator::Fencing() const {
  std::vector<FenceOrder> orders;
  for (const auto& [number, flight] : fencing_) orders.push_back(flight.order);
  return orders;
}

// Recurring operations wait for their turn as long as it takes, and have no deadline of their own.
std::set<std::string> Coordinator::Late(const Moment& now, int64_t patience_ms, int pulses) {
  std::set<std::string> late;
  for (auto& [number, flight] : in_flight_) {
    const Operation& operation = flight.order.operation;
    if (operation.IsRecurring() || operation.cancels) continue;
    const bool waits = !flight.begun && std::any_of(in_flight_.begin(), in_flight_.end(), [&](const auto& other) {
      return other.second.begun && other.second.order.operation.resource == operation.resource &&
             solver::EqualFolded(other.second.order.node, flight.order.node);
    });
    if (!flight.since_ms || waits) flight.since_ms = now.boot_ms;
    const int64_t own_ms = flight.begun ? int64_t{PatienceOf(operation).timeout_ms} : 0;
    if (now.boot_ms < *flight.since_ms + own_ms + patience_ms) {
      flight.late = 0;
    } else if (++flight.late > pulses) {
      late.insert(solver::Folded(flight.order.node));
    }
  }
  return late;
}

std::vector<Order> Coordinator::InFlight() const {
  std::vector<Order> orders;
  for (const auto& [number, flight] : in_flight_) orders.push_back(flight.order);
  return orders;
}

}  // namespace picket::runtime
