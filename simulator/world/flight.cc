// One transition carried out as nodes do it (spec 09 §6, §7): steps begin when their inputs are done, take
// their time, and end with what the agent really did.
#include "simulator/world/flight.h"

#include <algorithm>

#include "execution/history/attributes.h"
#include "execution/history/failures.h"
#include "execution/history/history.h"
#include "simulator/world/world.h"

namespace picket::simulator {
namespace {

using Progress = Flight::Progress;

// A recurring operation with a longer start-delay does not hold up the transition (spec 09 §7.3).
constexpr int64_t kLongestDelayMs = 5 * 60 * 1000;
// From the order to leave until the node's cluster software has gone (spec 09 §13.5).
constexpr int64_t kLeavingMs = 1200;

StoryEvent OperationEvent(EventKind kind, const PlanStep& what) {
  StoryEvent event;
  event.kind = kind;
  event.resource = what.primitive;
  event.instance = what.instance;
  event.operation = what.operation;
  event.interval_ms = what.interval_ms;
  event.node = what.node;
  return event;
}

// How many live migrations from or to the node are under way.
int64_t MigrationsOn(const Flight& flight, const std::string& node) {
  return std::count_if(flight.in_flight.begin(), flight.in_flight.end(), [&](uint32_t index) {
    const PlanStep& step = flight.plan->steps[index];
    return step.operation.starts_with("migrate_") && (step.migrate_source == node || step.migrate_target == node);
  });
}

}  // namespace

Flight::Flight(std::shared_ptr<const Plan> what) : plan(std::move(what)), ready(plan->first) {
  steps.resize(plan->steps.size());
  for (size_t i = 0; i < steps.size(); ++i) steps[i].open_inputs = plan->steps[i].open_inputs;
}

// Launches what is ready. Only a coordinator that lives can order anything.
World::Moved World::Launch(ClusterSide& side, bool pausing) {
  Flight& flight = *side.flight;
  // Launching may confirm pseudo-actions at once and so lengthen the list.
  while (flight.next_ready < flight.ready.size() && IsLed(side)) {
    if (!BringForward(flight)) return Moved::kNo;
    const uint32_t index = flight.ready[flight.next_ready];
    const PlanStep& what = flight.plan->steps[index];
    const bool begins = flight.MayBegin(what);
    if (begins && pausing && !flight.announced && what.kind != StepKind::kPseudo) {
      flight.announced = true;
      paused_ = side.id;
      return Moved::kPaused;
    }
    flight.announced = false;
    ++flight.next_ready;
    if (begins) {
      LaunchStep(side, index);
    } else {
      flight.steps[index].progress = Progress::kDropped;
    }
  }
  flight.announced = false;
  flight.ready.clear();
  flight.next_ready = 0;
  return Moved::kNo;
}

// Whether the limits on what is under way let this step begin (spec 09 §6.4).
bool World::HasRoom(const Flight& flight, const PlanStep& what) const {
  if (what.kind == StepKind::kPseudo || !flight.MayBegin(what)) return true;
  const size_t batch = catalog_->batch_limit();
  if (batch > 0 && flight.in_flight.size() >= batch) return false;
  const int64_t migrations = catalog_->migration_limit();
  if (migrations >= 0 && what.operation.starts_with("migrate_") &&
      std::max(MigrationsOn(flight, what.migrate_source), MigrationsOn(flight, what.migrate_target)) >= migrations)
    return false;
  const size_t limit = catalog_->node_action_limit();
  const auto counts = [](const PlanStep& step) {
    return step.kind == StepKind::kOperation || step.kind == StepKind::kNotify;
  };
  if (limit == 0 || !counts(what)) return true;
  const auto on_node = std::count_if(flight.in_flight.begin(), flight.in_flight.end(), [&](uint32_t index) {
    const PlanStep& other = flight.plan->steps[index];
    return counts(other) && other.node == what.node;
  });
  return static_cast<size_t>(on_node) < limit;
}

// The next step for which there is room comes first. False if all have to wait.
bool World::BringForward(Flight& flight) const {
  if (catalog_->batch_limit() == 0 && catalog_->node_action_limit() == 0 && catalog_->migration_limit() < 0)
    return true;
  const auto from = flight.ready.begin() + static_cast<std::ptrdiff_t>(flight.next_ready);
  const auto next = std::find_if(from, flight.ready.end(),
                                 [&](uint32_t index) { return HasRoom(flight, flight.plan->steps[index]); });
  if (next == flight.ready.end()) return false;
  std::rotate(from, next, next + 1);
  return true;
}

// A dead node gives no answer, though nobody may have noticed its death yet; what the coordinator does itself
// ends with the coordinator.
bool World::WillAnswer(const ClusterSide& side, const PlanStep& what, const Flight::Step* step) const {
  // Who fences the coordinator leads the request itself, and tells the others (spec 08 §13.4).
  if (step && step->fencing) {
    const auto requester = nodes_.find(step->fencing->requester);
    return IsLed(side) || (requester != nodes_.end() && requester->second.runs());
  }
  if (what.kind == StepKind::kUnfencing || what.kind == StepKind::kOther) return IsLed(side);
  const auto node = nodes_.find(what.node);
  return node == nodes_.end() || node->second.runs() || (node->second.remote && node->second.powered);
}

// What was in flight on a node that is known to be lost has failed, without a trace in the history (spec 09
// §6.6).
void World::DropLost(ClusterSide& side) {
  if (!side.flight) return;
  Flight& flight = *side.flight;
  std::erase_if(flight.in_flight, [&](uint32_t index) {
    const PlanStep& what = flight.plan->steps[index];
    const auto node = nodes_.find(what.node);
    const bool stays = what.kind == StepKind::kFencing || what.kind == StepKind::kShutdown || node == nodes_.end() ||
                       (node->second.remote && !HostOf(what.node).empty()) ||
                       (node->second.side == side.id && node->second.runs());
    if (stays) return false;
    flight.steps[index].progress = Progress::kDropped;
    flight.Abort();
    NotePending(side, what, flight.steps[index]);
    Tell(OperationEvent(EventKind::kActionLost, what));
    return true;
  });
}

// An operation under way is in the CIB from its beginning on. That of a node that is not there any more stays until the
// node is fenced or joins: nobody knows how it ended (spec 09 §8.2).
void World::NotePending(ClusterSide& side, const PlanStep& what, const Flight::Step& step) {
  if (settings_.picket_engine || what.kind != StepKind::kOperation) return;
  execution::OperationResult begun;
  begun.resource = what.instance;
  begun.operation = what.operation;
  begun.interval_ms = what.interval_ms;
  begun.expected_rc = what.expected_rc;
  begun.digest = what.digest;
  if (!what.migrate_source.empty()) begun.migrate_source = what.migrate_source;
  if (!what.migrate_target.empty()) begun.migrate_target = what.migrate_target;
  const int64_t since_s = EpochNow() - std::max<int64_t>(now_ms_ - step.acts_ms, 0) / 1000;
  execution::RecordPending(Edit(side, what.node), what.target, begun, since_s, style());
}

// The coordinator of `from` is gone, or not with these nodes any more: operations on the nodes of `to` run
// on, and nothing further begins (spec 09 §6.7).
void World::Orphan(ClusterSide& from, ClusterSide& to) {
  if (!from.flight) return;
  Flight& flight = *from.flight;
  std::erase_if(flight.in_flight, [&](uint32_t index) {
    const PlanStep& what = flight.plan->steps[index];
    const auto node = nodes_.find(what.node);
    const Flight::Step& step = flight.steps[index];
    if (node == nodes_.end() || node->second.remote) return false;
    if (node->second.side != to.id || !node->second.runs()) {
      NotePending(to, what, step);
      return false;
    }
    const bool runs_on = what.kind == StepKind::kOperation || what.kind == StepKind::kNotify;
    if (runs_on) to.orphans.push_back({what, now_ms_, step.end_ms, step.fails, step.times_out, step.failing_rc, false});
    return true;
  });
  if (&from == &to) from.flight.reset();
}

int64_t World::DurationOf(const PlanStep& what) const {
  const Durations& durations = settings_.durations;
  const int64_t known_ms = catalog_->KnownDurationMs(settings_.assumptions, what.primitive, what.operation, what.node);
  if (known_ms >= 0) return known_ms;
  if (durations.longest && what.timeout_ms > 0) return what.timeout_ms;
  int64_t ms = durations.other_ms;
  if (what.operation == "start") ms = durations.start_ms;
  if (what.operation == "stop") ms = durations.stop_ms;
  if (what.operation == "promote") ms = durations.promote_ms;
  if (what.operation == "demote") ms = durations.demote_ms;
  if (what.operation.starts_with("migrate_")) ms = durations.migrate_ms;
  if (what.operation == "monitor") ms = durations.monitor_ms;
  if (what.operation == "notify") ms = durations.notify_ms;
  if (settings_.keep_story)
    Assume("operations take as long as --story lists, unless the policy says `assume start of NAME takes 90s`");
  // What works is done within its timeout.
  return what.timeout_ms > 0 ? std::min(ms, what.timeout_ms) : ms;
}

void World::LaunchStep(ClusterSide& side, uint32_t index) {
  Flight& flight = *side.flight;
  const PlanStep& what = flight.plan->steps[index];
  Flight::Step& step = flight.steps[index];
  if (what.kind == StepKind::kPseudo) {
    step.progress = Progress::kDone;
    Confirm(flight, index);
    return;
  }
  ++actions_;
  step.progress = Progress::kInFlight;
  step.acts_ms = now_ms_;
  step.end_ms = now_ms_ + DurationOf(what);
  flight.in_flight.push_back(index);
  // A notification leaves nothing behind: where it is all that can be done, the cluster is at rest.
  if (what.kind != StepKind::kNotify) flight.progressed = true;
  switch (what.kind) {
    case StepKind::kFencing:
      return LaunchFencing(side, what, step);
    case StepKind::kOperation:
    case StepKind::kNotify:
    case StepKind::kCancel:
      return LaunchOperation(side, what, step);
    case StepKind::kShutdown:
      step.end_ms = now_ms_ + kLeavingMs;
      return;
    default:
      return;
  }
}

void World::LaunchOperation(ClusterSide& side, const PlanStep& what, Flight::Step& step) {
  for (auto armed = armed_.begin(); armed != armed_.end(); ++armed) {
    if (armed->primitive != what.primitive || armed->operation != what.operation) continue;
    if (!armed->node.empty() && armed->node != what.node) continue;
    step.fails = true;
    step.failing_rc = armed->rc;
    step.times_out = armed->timed_out;
    if (armed->times > 0 && --armed->times == 0) armed_.erase(armed);
    break;
  }
  if (hanging_.count(what.primitive) && what.kind == StepKind::kOperation) {
    step.fails = true;
    step.failing_rc = 1;
    step.times_out = true;
  }
  // One operation of a resource at a time: what an earlier coordinator ordered ends first.
  for (const Operation& orphan : side.orphans) {
    if (orphan.what.node == what.node && orphan.what.instance == what.instance)
      step.acts_ms = std::max(step.acts_ms, orphan.end_ms);
  }
  step.acts_ms += what.start_delay_ms;
  AwaitRemote(what, step);
  const int64_t duration_ms = DurationOf(what);
  step.times_out = step.times_out || (what.timeout_ms > 0 && duration_ms > what.timeout_ms);
  step.end_ms = step.acts_ms + (step.times_out ? what.timeout_ms : duration_ms);
  if (step.times_out && !step.fails) {
    step.fails = true;
    step.failing_rc = 1;
  }
  // picketd's history has no monitors of what is being stopped.
  if (settings_.picket_engine && what.kind == StepKind::kOperation) {
    if (what.operation == "stop" || what.operation == "migrate_to")
      execution::ForgetAllRecurring(Edit(side, what.node), what.target);
    if (what.operation == "demote") execution::ForgetPromotedMonitors(Edit(side, what.node), what.target);
  }
  // The others are told at once that it succeeded; the truth comes later.
  if (what.interval_ms > 0 && what.start_delay_ms > kLongestDelayMs) {
    const auto resource = nodes_.at(what.node).resources.find(what.instance);
    if (resource != nodes_.at(what.node).resources.end()) resource->second.monitored_from_ms = step.acts_ms;
    step.end_ms = now_ms_;
  }
  Tell(OperationEvent(EventKind::kActionBegins, what));
}

void World::Confirm(Flight& flight, uint32_t index) {
  for (const uint32_t follower : flight.plan->steps[index].followers) {
    if (--flight.steps[follower].open_inputs == 0) flight.ready.push_back(follower);
  }
}

void World::Finish(ClusterSide& side, uint32_t index) {
  Flight& flight = *side.flight;
  if (const auto found = std::find(flight.in_flight.begin(), flight.in_flight.end(), index);
      found != flight.in_flight.end()) {
    flight.in_flight.erase(found);
  }
  const std::shared_ptr<const Plan> plan = flight.plan;
  const PlanStep& what = plan->steps[index];
  flight.steps[index].progress = Progress::kDone;
  switch (what.kind) {
    case StepKind::kFencing:
      return FinishFencing(side, index);
    case StepKind::kOperation:
    case StepKind::kNotify:
      return FinishOperation(side, index);
    case StepKind::kShutdown:
      Confirm(flight, index);
      return Leave(what.node);  // The side may be another one afterwards.
    case StepKind::kUnfencing:
      Unfence(side, what);
      break;
    case StepKind::kClearFailures:
      execution::ClearFailures(Edit(side, what.node), what.target);
      flight.Abort();  // An attribute changed.
      break;
    case StepKind::kForget:
      execution::ForgetResource(Edit(side, what.node), what.target);
      // A deleted history aborts (spec 09 §6.2): the node is asked again before anything starts there.
      if (!settings_.picket_engine) flight.Abort();
      break;
    case StepKind::kCancel:
      execution::ForgetRecurring(Edit(side, what.node), what.target, what.detail, what.interval_ms);
      break;
    case StepKind::kPseudo:
    case StepKind::kOther:
      break;
  }
  Confirm(flight, index);
}

// An operation that works in the world, or one whose failure a test ordered.
void World::FinishOperation(ClusterSide& side, uint32_t index) {
  Flight& flight = *side.flight;
  const PlanStep& what = flight.plan->steps[index];
  Flight::Step& step = flight.steps[index];
  const bool was_armed = step.fails;
  const int rc = TrueResult(what, step.fails, step.failing_rc);
  // Notifications cannot fail (spec 09 §7.6).
  const bool as_expected = what.kind == StepKind::kNotify || rc == what.expected_rc;
  StoryEvent event = OperationEvent(as_expected ? EventKind::kActionDone : EventKind::kActionFails, what);
  event.rc = rc;
  event.timed_out = step.times_out;
  // A probe that finds something else than expected has found out.
  const bool found_out =
      what.operation == "monitor" && what.interval_ms == 0 && !was_armed && (rc == 0 || rc == 7 || rc == 8);
  if (found_out) event.kind = EventKind::kActionDone;
  if (what.kind == StepKind::kOperation) {
    const bool counted = Record(side, what, rc, step.times_out, step.end_ms - step.acts_ms, true);
    const bool wrote = AgentAttributes(side, what, rc);
    // Any change of a node's attributes aborts the transition, and so does a remote node that comes (spec 09
    // §6.2).
    if (ConnectionChanged(side, what, rc) || counted || wrote) flight.Abort();
  }
  if (as_expected) {
    Confirm(flight, index);
  } else {
    flight.Abort(what.priority + 1);
  }
  Tell(std::move(event));
}

void World::FinishOrphan(ClusterSide& side, size_t index) {
  const Operation orphan = side.orphans[index];
  side.orphans.erase(side.orphans.begin() + static_cast<std::ptrdiff_t>(index));
  if (orphan.unheard) {
    if (nodes_.at(orphan.what.node).powered) TrueResult(orphan.what, orphan.fails, orphan.failing_rc);
    return;
  }
  if (!WillAnswer(side, orphan.what, nullptr)) return;
  const int rc = TrueResult(orphan.what, orphan.fails, orphan.failing_rc);
  const bool as_expected = orphan.what.kind == StepKind::kNotify || rc == orphan.what.expected_rc;
  if (orphan.what.kind == StepKind::kOperation) {
    // Failures that arrive while nobody leads are not counted (spec 09 §9.1).
    const bool counted = IsLed(side) && side.joining.empty() && !side.refreshes_all;
    Record(side, orphan.what, rc, orphan.times_out, orphan.end_ms - orphan.begin_ms, counted);
    AgentAttributes(side, orphan.what, rc);
    ConnectionChanged(side, orphan.what, rc);
    Wake(side, 0);
  }
  StoryEvent event = OperationEvent(as_expected ? EventKind::kActionDone : EventKind::kActionFails, orphan.what);
  event.rc = rc;
  event.timed_out = orphan.times_out;
  Tell(std::move(event));
}

bool World::Record(ClusterSide& side, const PlanStep& what, int rc, bool timed_out, int64_t exec_ms, bool counted) {
  execution::OperationResult result;
  result.resource = what.instance;
  result.operation = what.operation;
  result.interval_ms = what.interval_ms;
  result.expected_rc = what.expected_rc;
  result.rc = rc;
  result.status = timed_out ? execution::OperationStatus::kTimedOut : execution::OperationStatus::kDone;
  if (timed_out)
    result.exit_reason =
        "Resource agent did not complete within " + std::to_string((what.timeout_ms + 999) / 1000) + "s";
  result.exec_ms = exec_ms;
  result.digest = what.digest;
  if (!what.migrate_source.empty()) result.migrate_source = what.migrate_source;
  if (!what.migrate_target.empty()) result.migrate_target = what.migrate_target;
  solver::NodeState& state = Edit(side, what.node);
  execution::RecordResult(state, what.target, result, EpochNow(), style());
  if (what.locked && rc == what.expected_rc) {
    const std::string* since_s = execution::FindTransient(state, "shutdown");
    const bool waits = what.operation == "stop" && since_s;
    execution::SetShutdownLock(state, what.target, waits ? *since_s : "0");
  }
  if (!counted) return false;
  execution::Counting counting;
  counting.start_failure_is_fatal = catalog_->start_failure_is_fatal();
  return execution::CountResult(state, what.target.names.front(), result, counting, EpochNow());
}

}  // namespace picket::simulator
