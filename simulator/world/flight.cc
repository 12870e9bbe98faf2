// One transition carried out as nodes do it: steps begin when their inputs are done, take their time, and end with
// what the agent really did.
#include "simulator/world/flight.h"

#include <algorithm>

#include "execution/history/attributes.h"
#include "execution/history/failures.h"
#include "execution/history/history.h"
#include "execution/history/node.h"
#include "simulator/world/agent_effects.h"
#include "simulator/world/world.h"

namespace picket::simulator {

using namespace execution;  // NOLINT
namespace {

// Promotion scores as a well-behaved agent sets them: higher where it is promoted, so that the role stays.
constexpr std::string_view kScoreUnpromoted = "5";
constexpr std::string_view kScorePromoted = "10";

using Progress = Flight::Progress;
using How = compiler::scenario::FailFence::How;

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

}  // namespace

Flight::Flight(std::shared_ptr<const Plan> what) : plan(std::move(what)), ready(plan->first) {
  steps.resize(plan->steps.size());
  for (size_t i = 0; i < steps.size(); ++i) steps[i].open_inputs = plan->steps[i].open_inputs;
}

World::Carried World::Carry(bool pausing) {
  while (true) {
    Flight& flight = *flight_;
    // Launching may confirm pseudo-actions at once and so lengthen the list.
    while (flight.next_ready < flight.ready.size() && !flight.aborted) {
      const uint32_t index = flight.ready[flight.next_ready];
      if (pausing && !flight.announced && flight.plan->steps[index].kind != StepKind::kPseudo) {
        flight.announced = true;
        return Carried::kPaused;
      }
      flight.announced = false;
      ++flight.next_ready;
      Launch(index);
    }
    flight.announced = false;
    flight.ready.clear();
    flight.next_ready = 0;
    if (flight.in_flight.empty()) return Carried::kEnded;
    // Of those that end at one moment the one that began first.
    const auto next = std::min_element(
        flight.in_flight.begin(), flight.in_flight.end(),
        [&](uint32_t a, uint32_t b) { return flight.steps[a].end_ms < flight.steps[b].end_ms; });
    const int64_t end_ms = flight.steps[*next].end_ms;
    if (!timers_.empty() && timers_.front().at_ms <= end_ms) {
      if (FireFirstTimer()) flight.aborted = true;
      DropLost();
      continue;
    }
    const uint32_t index = *next;
    flight.in_flight.erase(next);
    now_ms_ = std::max(now_ms_, end_ms);
    Finish(index);
  }
}

// What was in flight on a node that is known to be lost will never answer.
void World::DropLost() {
  Flight& flight = *flight_;
  std::vector<uint32_t> left;
  for (const uint32_t index : flight.in_flight) {
    const PlanStep& what = flight.plan->steps[index];
    const auto node = nodes_.find(what.node);
    if (what.kind == StepKind::kFencing || node == nodes_.end() || node->second.member) {
      left.push_back(index);
      continue;
    }
    flight.steps[index].progress = Progress::kDropped;
    flight.aborted = true;
    Tell(OperationEvent(EventKind::kActionLost, what));
  }
  flight.in_flight = std::move(left);
}

int64_t World::DurationOf(const PlanStep& what) const {
  const Durations& durations = settings_.durations;
  int64_t ms = durations.other_ms;
  if (what.operation == "start") ms = durations.start_ms;
  if (what.operation == "stop") ms = durations.stop_ms;
  if (what.operation == "promote") ms = durations.promote_ms;
  if (what.operation == "demote") ms = durations.demote_ms;
  if (what.operation.starts_with("migrate_")) ms = durations.migrate_ms;
  if (what.operation == "monitor") ms = durations.monitor_ms;
  if (what.operation == "notify") ms = durations.notify_ms;
  // What works is done within its timeout.
  return what.timeout_ms > 0 ? std::min(ms, what.timeout_ms) : ms;
}

void World::Launch(uint32_t index) {
  const PlanStep& what = flight_->plan->steps[index];
  Flight::Step& step = flight_->steps[index];
  if (what.kind == StepKind::kPseudo) {
    step.progress = Progress::kDone;
    Confirm(index);
    return;
  }
  ++actions_;
  step.sequence = next_sequence_++;
  if (what.kind == StepKind::kFencing) {
    LaunchFencing(what, step);
    if (step.progress == Progress::kInFlight) flight_->in_flight.push_back(index);
    return;
  }
  step.progress = Progress::kInFlight;
  step.end_ms = now_ms_ + DurationOf(what);
  // A notification leaves nothing behind: where it is all that can be done, the cluster is at rest.
  if (what.kind != StepKind::kNotify) flight_->progressed = true;
  flight_->in_flight.push_back(index);
  const bool of_resource = what.kind == StepKind::kOperation || what.kind == StepKind::kNotify ||
                           what.kind == StepKind::kCancel;
  if (of_resource) LaunchOperation(what, step);
}

void World::LaunchFencing(const PlanStep& what, Flight::Step& step) {
  int& attempts = fence_attempts_[what.node];
  if (attempts >= settings_.max_fence_attempts) {
    step.progress = Progress::kDropped;  // Given up; what waits for it waits for ever.
    return;
  }
  ++attempts;
  flight_->progressed = true;
  step.progress = Progress::kInFlight;
  step.will_succeed = false;
  int64_t spent_ms = 0;
  for (const auto& level : catalog_->LevelsFor(what.node)) {
    bool level_works = !level.empty();
    bool level_lies = false;
    std::string names;
    for (const FenceDevice* device : level) {
      const auto broken = failing_devices_.find(device->id);
      const bool hangs = broken != failing_devices_.end() && broken->second == How::kTimesOut;
      spent_ms += catalog_->DelayFor(*device, what.node) +
                  (hangs ? device->timeout_ms : settings_.durations.fence_ms);
      names += (names.empty() ? "" : ",") + device->id;
      if (broken == failing_devices_.end()) continue;
      level_lies = level_lies || broken->second == How::kLies;
      if (broken->second != How::kLies) {
        level_works = false;
        break;  // The others of the level are not asked any more.
      }
    }
    step.device = names;
    if (level_works) {
      step.will_succeed = true;
      step.lies = level_lies;
      break;
    }
  }
  step.end_ms = now_ms_ + std::max<int64_t>(spent_ms, 1);
  StoryEvent event;
  event.kind = EventKind::kFenceBegins;
  event.node = what.node;
  event.device = step.device;
  event.text = what.detail;
  Tell(std::move(event));
}

void World::LaunchOperation(const PlanStep& what, Flight::Step& step) {
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
  if (step.times_out) step.end_ms = now_ms_ + what.timeout_ms;
  Tell(OperationEvent(EventKind::kActionBegins, what));
}

void World::Confirm(uint32_t index) {
  for (const uint32_t follower : flight_->plan->steps[index].followers) {
    if (--flight_->steps[follower].open_inputs == 0) flight_->ready.push_back(follower);
  }
}

void World::Finish(uint32_t index) {
  const std::shared_ptr<const Plan> plan = flight_->plan;
  const PlanStep& what = plan->steps[index];
  Flight::Step& step = flight_->steps[index];
  step.progress = Progress::kDone;
  if (what.kind == StepKind::kFencing) {
    FinishFencing(what, step);
    if (step.will_succeed) Confirm(index);
    return;
  }
  const auto node = nodes_.find(what.node);
  if (node != nodes_.end() && !node->second.powered && what.kind != StepKind::kOther &&
      what.kind != StepKind::kUnfencing) {
    // The node is gone, though nobody has noticed yet: its answer never comes, and what is waiting learns of
    // it when the loss is noticed.
    step.end_ms = INT64_MAX;
    step.progress = timers_.empty() ? Progress::kDropped : Progress::kInFlight;
    if (step.progress == Progress::kInFlight) flight_->in_flight.push_back(index);
    return;
  }
  switch (what.kind) {
    case StepKind::kShutdown:
      Leave(PlaceOf(what.node));
      break;
    case StepKind::kClearFailures:
      ClearFailures(Edit(what.node), what.target);
      break;
    case StepKind::kForget:
      ForgetResource(Edit(what.node), what.target);
      break;
    case StepKind::kCancel:
      ForgetRecurring(Edit(what.node), what.target, what.detail, what.interval_ms);
      break;
    case StepKind::kOperation:
    case StepKind::kNotify:
      FinishOperation(what, step);
      break;
    case StepKind::kPseudo:
    case StepKind::kFencing:
    case StepKind::kUnfencing:
    case StepKind::kOther:
      break;
  }
  if (step.fails && what.kind == StepKind::kOperation) {
    flight_->aborted = true;
  } else {
    Confirm(index);
  }
}

void World::FinishFencing(const PlanStep& what, const Flight::Step& step) {
  StoryEvent event;
  event.node = what.node;
  event.device = step.device;
  event.text = what.detail;
  event.kind = step.will_succeed ? EventKind::kFenced : EventKind::kFenceFails;
  if (!step.will_succeed) {
    flight_->aborted = true;
    Tell(std::move(event));
    return;
  }
  fence_attempts_.erase(what.node);
  if (settings_.hooks) settings_.hooks->fenced(step.device);
  TrueNode& node = PlaceOf(what.node);
  node.member = false;
  if (step.lies) {
    // The node learns that it is thought dead and keeps away from the others; what it runs goes on.
    node.group = next_group_++;
  } else {
    LosePower(node, false);
    // A node that lost its power does not come back by being reset.
    if (event.text == "reboot" && !node.stays_away && !node.remote) {
      SetTimer(now_ms_ + settings_.durations.boot_ms, TimerKind::kBoot, node.name);
    }
  }
  MarkFenced(Edit(what.node));
  Tell(std::move(event));
  if (step.lies) Tell(EventKind::kNote, what.node, what.node + " was not fenced: the device lies");
}

// What the agent answers, and what it did to the world.
int World::TrueResult(const PlanStep& what, const Flight::Step& step) {
  TrueNode& node = PlaceOf(what.node);
  const CatalogEntry* entry = catalog_->Find(what.primitive);
  const bool promotable = entry && entry->promotable;
  const auto found = node.resources.find(what.instance);
  if (step.fails) {
    // A failed stop, promotion or demotion leaves behind what cannot be trusted.
    const bool changes = what.operation == "stop" || what.operation == "promote" || what.operation == "demote" ||
                         what.operation.starts_with("migrate_");
    if (changes && found != node.resources.end()) found->second.failing_rc = step.failing_rc;
    return step.failing_rc;
  }
  if (what.operation == "start" || what.operation == "migrate_from") {
    node.resources[what.instance] = {what.primitive, promotable ? solver::Role::kUnpromoted : solver::Role::kStarted,
                                     0};
    // A remote node is there from the start of its connection on.
    if (what.target.type == "remote" && !node.remote) {
      TrueNode& remote = PlaceOf(what.instance);
      remote.member = remote.powered = true;
    }
    return 0;
  }
  if (what.operation == "stop" || what.operation == "migrate_to") {
    if (found != node.resources.end()) node.resources.erase(found);
    // A live migration hands over without a gap: what is over here is there already.
    const auto target = nodes_.find(what.operation == "stop" ? std::string() : what.migrate_target);
    if (target != nodes_.end() && target->second.powered)
      target->second.resources[what.instance] = {what.primitive, solver::Role::kStarted, 0};
    return 0;
  }
  if (what.operation == "promote" || what.operation == "demote") {
    // What does not serve cannot be promoted, and a demotion mends nothing; nobody may have noticed so far.
    const int broken_rc = found == node.resources.end() ? 0 : found->second.failing_rc;
    if (what.operation == "promote" && broken_rc != 0) return broken_rc;
    node.resources[what.instance] = {
        what.primitive, what.operation == "promote" ? solver::Role::kPromoted : solver::Role::kUnpromoted, broken_rc};
    return 0;
  }
  if (what.operation == "monitor") {
    if (found == node.resources.end()) return 7;
    if (found->second.failing_rc != 0) return found->second.failing_rc;
    return found->second.role == solver::Role::kPromoted ? 8 : 0;
  }
  return 0;
}

void World::SetPromotionScore(const PlanStep& what, int rc) {
  const CatalogEntry* entry = catalog_->Find(what.primitive);
  if (!entry || !entry->promotable || rc != 0) return;
  const std::string attribute = "master-" + what.instance;
  if (what.operation == "stop") {
    EraseTransient(Edit(what.node), attribute);
  } else if (what.operation == "promote") {
    StoreTransient(Edit(what.node), attribute, kScorePromoted);
  } else if (what.operation == "start" || what.operation == "demote") {
    StoreTransient(Edit(what.node), attribute, kScoreUnpromoted);
  }
}

void World::WriteAttribute(const PlanStep& what, int rc) {
  const CatalogEntry* entry = catalog_->Find(what.primitive);
  if (!entry || rc != 0 || (what.operation != "start" && what.operation != "stop")) return;
  const auto attribute = AttributeWrittenBy(*entry->def);
  if (!attribute) return;
  if (what.operation == "stop") {
    EraseTransient(Edit(what.node), attribute->name);
  } else if (!FindTransient(StateOf(what.node), attribute->name)) {  // What a test has set is the test's.
    StoreTransient(Edit(what.node), attribute->name, attribute->value);
  }
}

void World::FinishOperation(const PlanStep& what, Flight::Step& step) {
  const bool was_armed = step.fails;
  OperationResult result;
  result.resource = what.instance;
  result.operation = what.operation;
  result.interval_ms = what.interval_ms;
  result.expected_rc = what.expected_rc;
  result.exec_ms = DurationOf(what);
  result.digest = what.digest;
  result.migrate_source = what.migrate_source;
  result.migrate_target = what.migrate_target;
  result.rc = TrueResult(what, step);
  step.fails = what.kind == StepKind::kOperation && result.rc != result.expected_rc;
  // A probe that finds something else than expected has not failed: it has found out.
  const bool found_out = what.operation == "monitor" && what.interval_ms == 0 && !was_armed &&
                         (result.rc == 0 || result.rc == 7 || result.rc == 8);
  if (step.times_out) {
    result.status = OperationStatus::kTimedOut;
  } else if (step.fails && !found_out) {
    result.status = OperationStatus::kError;
  }
  if (what.kind == StepKind::kOperation) {
    solver::NodeState& state = Edit(what.node);
    RecordResult(state, what.target, result, EpochNow());
    if (step.fails && !found_out && result.rc != 0) {
      const bool fatal = what.operation == "stop" || (what.operation == "start" && start_failure_is_fatal_);
      CountFailure(state, what.target.names.front(), what.operation, what.interval_ms, fatal, EpochNow());
    }
    SetPromotionScore(what, result.rc);
    WriteAttribute(what, result.rc);
  }
  StoryEvent event = OperationEvent(step.fails ? EventKind::kActionFails : EventKind::kActionDone, what);
  event.rc = result.rc;
  event.timed_out = step.times_out;
  Tell(std::move(event));
}

}  // namespace picket::simulator
