#include "runtime/coordinator/coordinator.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace picket::runtime {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
// A resource that fails as soon as it is started could keep the cluster solving for ever; from this rate on it
// does so more slowly.
constexpr size_t kSolvesInARow = 40;
constexpr int64_t kRowMs = 10000;
constexpr int64_t kPauseMs = 1000;

// While one of these is under way, the solver takes the resource for what it was or for what it will be.
bool ChangesRole(std::string_view operation) {
  return operation == "start" || operation == "stop" || operation == "promote" || operation == "demote" ||
         operation == "migrate_to" || operation == "migrate_from";
}

bool Activates(std::string_view operation) {
  return operation == "start" || operation == "promote" || operation == "migrate_to" ||
         operation == "migrate_from" || operation == "reload" || operation == "reload-agent";
}

bool SameWork(const Operation& a, const Operation& b) {
  return a.name == b.name && a.interval_ms == b.interval_ms && a.cancels == b.cancels;
}

}  // namespace

void Coordinator::Drop() {
  for (auto& [number, flight] : in_flight_) flight.step.reset();
  running_ = false;
  progressed_ = false;
  progress_.clear();
  open_inputs_.clear();
  ready_.clear();
}

void Coordinator::Delivered(const Begin& begin) {
  if (in_flight_.count(begin.order)) return;
  Order order;
  order.number = begin.order;
  order.node = begin.node;
  order.operation = begin.operation;
  in_flight_[begin.order] = {std::move(order), std::nullopt};
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
  if (plan_->recheck_by_s) {
    // A second later than it says: at the second itself a failure is as old as its timeout and not yet older.
    const int64_t at_ms = now.boot_ms + std::max<int64_t>((*plan_->recheck_by_s + 1) * 1000 - now.wall_ms, 1000);
    recheck_at_ms_ = std::min(recheck_at_ms_.value_or(kNever), at_ms);
  }
  progress_.assign(plan_->steps.size(), Progress::kWaiting);
  open_inputs_.reserve(plan_->steps.size());
  for (uint32_t i = 0; i < plan_->steps.size(); ++i) {
    open_inputs_.push_back(plan_->steps[i].open_inputs);
    if (open_inputs_.back() > 0) continue;
    progress_[i] = Progress::kReady;
    ready_.push_back(i);
  }
  running_ = true;
  settled_ = false;
  if (plan_->messages != told_) {
    for (const std::string& message : plan_->messages) out.Tell(SayLevel::kWarning, "solver", {}, {}, message);
    told_ = plan_->messages;
  }
  if (plan_->empty()) return;
  out.Tell(SayLevel::kInfo, "transition", {}, {},
           "transition " + std::to_string(transition_) + " of " + std::to_string(plan_->steps.size()) + " steps");
  for (const std::string& change : plan_->changes) out.Tell(SayLevel::kNotice, "change", {}, {}, change);
}

void Coordinator::OnTimer(const Moment& now) {
  if (recheck_at_ms_ && *recheck_at_ms_ <= now.boot_ms) {
    recheck_at_ms_.reset();
    Changed();
  }
}

int64_t Coordinator::NextDeadline() const {
  int64_t next = recheck_at_ms_.value_or(kNever);
  if (changed_ && paused_until_ms_) next = std::min(next, *paused_until_ms_);
  return next;
}

void Coordinator::AskForSolve(const Replica& replica, const Moment& now, Outbox& out) {
  if (paused_until_ms_ && now.boot_ms < *paused_until_ms_) return;
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
  if (!replica.configured()) return;
  if (changed_) {
    settled_ = false;
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
      if (Launch(step, out)) {
        any = true;
      } else {
        kept.push_back(step);
      }
    }
    ready_.insert(ready_.end(), kept.begin(), kept.end());
    if (!any) break;
  }
  if (!in_flight_.empty()) return;
  Finish(out);
  if (changed_) AskForSolve(replica, now, out);
}

// What is left now waits for something that this plan cannot bring about.
void Coordinator::Finish(Outbox& out) {
  running_ = false;
  if (progressed_) {
    Changed();  // Whether that was all is for the solver to say.
    return;
  }
  settled_ = true;
  const bool done = plan_->empty();
  out.Tell(done ? SayLevel::kInfo : SayLevel::kWarning, "settled", {}, {},
           done ? "nothing is left to do" : "what is left to do waits for something that does not happen");
}

Coordinator::InFlightOrder* Coordinator::FindInFlight(const std::string& node, const std::string& resource) {
  for (auto& [number, flight] : in_flight_) {
    if (flight.order.node == node && flight.order.operation.resource == resource) return &flight;
  }
  return nullptr;
}

bool Coordinator::FitsLimits(const PlanStep& step) const {
  int all = 0;
  int on_node = 0;
  int migrations = 0;
  for (const auto& [number, flight] : in_flight_) {
    ++all;
    if (flight.order.node != step.node) continue;
    ++on_node;
    migrations += flight.order.operation.name.starts_with("migrate_");
  }
  if (plan_->batch_limit > 0 && all >= plan_->batch_limit) return false;
  if (on_node >= jobs_per_node) return false;
  const bool migrates = step.operation.name.starts_with("migrate_");
  return !(migrates && plan_->migration_limit > 0 && migrations >= plan_->migration_limit);
}

bool Coordinator::HeldBack(const PlanStep& step) const {
  if (!Activates(step.operation.name)) return false;
  return std::any_of(in_flight_.begin(), in_flight_.end(), [](const auto& entry) {
    return !entry.second.step && ChangesRole(entry.second.order.operation.name);
  });
}

bool Coordinator::LaunchOperation(uint32_t index, Outbox& out) {
  const PlanStep& step = plan_->steps[index];
  for (auto& [number, flight] : in_flight_) {
    const bool same = flight.order.node == step.node && flight.order.operation.resource == step.resource &&
                      SameWork(flight.order.operation, step.operation);
    if (!same || flight.step) continue;
    flight.step = index;  // It was asked for before: its result is the one that this step waits for.
    progress_[index] = Progress::kInFlight;
    return true;
  }
  if (!step.operation.cancels) {
    const InFlightOrder* other = FindInFlight(step.node, step.resource);
    if (other && !other->order.operation.IsRecurring()) return false;
  }
  if (HeldBack(step) || !FitsLimits(step)) return false;
  Order order;
  order.number = next_order++;
  order.term = term;
  order.node = step.node;
  order.operation = step.operation;
  progress_[index] = Progress::kInFlight;
  in_flight_[order.number] = {order, index};
  if (!step.operation.IsRecurring() && !step.operation.IsProbe() && !step.operation.cancels) {
    out.Tell(SayLevel::kInfo, "order", step.node, step.resource, step.label);
  }
  out.messages.push_back(std::move(order));
  return true;
}

// Gives whether the step is no longer ready, that is: it is done or under way.
bool Coordinator::Launch(uint32_t index, Outbox& out) {
  const PlanStep& step = plan_->steps[index];
  switch (step.kind) {
    case StepKind::kPseudo:
    case StepKind::kOther:
      Complete(index);
      return true;
    case StepKind::kOperation:
    case StepKind::kCancel:
      progressed_ = LaunchOperation(index, out) || progressed_;
      return progress_[index] != Progress::kReady;
    case StepKind::kClearFailures:
      out.messages.push_back(FailuresCleared{step.node, step.resource, true});
      break;
    case StepKind::kForget:
      out.messages.push_back(ResourceForgotten{step.node, step.resource, true});
      break;
    case StepKind::kShutDown:
      leaves = step.node;
      Complete(index);
      return true;
    case StepKind::kFence:
      // Reported once for each plan; what waits for it waits until the world changes.
      progress_[index] = Progress::kInFlight;
      out.Tell(SayLevel::kError, "fencing", step.node, {},
               step.node + " should be fenced (" + step.fence_action + "), and nobody here can do it");
      return true;
  }
  progressed_ = true;
  Complete(index);
  return true;
}

void Coordinator::Complete(uint32_t index) {
  if (progress_[index] == Progress::kDone) return;
  progress_[index] = Progress::kDone;
  for (const uint32_t follower : plan_->steps[index].followers) {
    if (open_inputs_[follower] == 0 || --open_inputs_[follower] > 0) continue;
    if (progress_[follower] != Progress::kWaiting) continue;
    progress_[follower] = Progress::kReady;
    ready_.push_back(follower);
  }
}

std::vector<Order> Coordinator::InFlight() const {
  std::vector<Order> orders;
  for (const auto& [number, flight] : in_flight_) orders.push_back(flight.order);
  return orders;
}

}  // namespace picket::runtime
