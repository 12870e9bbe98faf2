#include "runtime/executor/executor.h"

#include <algorithm>
#include <cerrno>
#include <limits>

#include "solver/model/unit_name.h"

namespace picket::runtime {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
// How long a killed process group may take to go before it is called stuck.
constexpr int64_t kDyingMs = 5000;
// Between two tries to make a process.
constexpr int64_t kLackMs = 1000;
constexpr int kUnimplemented = 3;
constexpr int kNotInstalled = 5;
constexpr int kNotRunning = 7;
constexpr int kPromotedResult = 8;
constexpr int kError = 1;

std::string Named(const Operation& operation) {
  std::string text = operation.name + " of " + operation.resource;
  if (operation.interval_ms > 0) text += " every " + std::to_string(operation.interval_ms) + " ms";
  return text;
}

// What a parameter says of the operation, and not of the resource.
bool OfOperation(std::string_view parameter) {
  return parameter.starts_with("CRM_meta_") || parameter == "crm_feature_set";
}

// Nobody has run it, whatever becomes of it.
RunRecord Slim(RunRecord record) {
  record.operation.parameters.clear();
  return record;
}

// The same for the same resource, and different for most: where in the interval its runs come.
uint32_t PlaceOf(const Operation& operation) {
  uint32_t hash = 2166136261u;
  for (const char c : operation.resource + operation.name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

bool Activates(std::string_view operation) {
  return operation == "start" || operation == "migrate_from" || operation == "reload" || operation == "reload-agent";
}

}  // namespace

// --- lanes

Executor::Lane& Executor::LaneFor(const std::string& resource) {
  Lane& lane = lanes_[resource];
  lane.resource = resource;
  return lane;
}

int64_t Executor::DueOf(const Lane& lane) const {
  if (lane.running) {
    const int64_t deadline_ms = lane.running->record.deadline_ms;
    switch (lane.running->phase) {
      case Phase::kLacking:
        return std::min(lane.running->retry_ms, deadline_ms);
      case Phase::kRecording:
      case Phase::kRunning:
      case Phase::kKilling:
        return deadline_ms;
      case Phase::kSpawning:  // There is nothing to kill,
      case Phase::kStuck:     // and here no deadline left.
        return kNever;
    }
  }
  int64_t due_ms = kNever;
  if (!lane.waiting.empty() || lane.queued) return due_ms;
  for (const auto& [key, repeating] : lane.repeating) due_ms = std::min(due_ms, repeating.due_ms);
  return due_ms;
}

void Executor::Touch(Lane& lane) {
  const int64_t due_ms = DueOf(lane);
  if (due_ms != lane.due_ms) {
    if (lane.due_ms != kNever) due_.erase({lane.due_ms, lane.resource});
    if (due_ms != kNever) due_.emplace(due_ms, lane.resource);
    lane.due_ms = due_ms;
  }
  const auto count = [](int& all, bool& counted, bool is) {
    all += static_cast<int>(is) - static_cast<int>(counted);
    counted = is;
  };
  const bool repeats = lane.running && lane.running->record.repeat;
  count(orders_, lane.has_order, (lane.running && !repeats) || !lane.waiting.empty());
  count(runs_, lane.runs, lane.running.has_value());
  count(repeats_, lane.repeats, repeats && lane.running->phase != Phase::kStuck);
}

// Recurring operations that are due and had to wait, in the order in which they came.
void Executor::StartQueued(const Moment& now, Outbox& out) {
  while (!queued_.empty() && repeats_ < kRepeatsMax) {
    Lane& lane = LaneFor(queued_.front());
    queued_.pop_front();
    const Touching touching(*this, lane);
    lane.queued = false;
    if (!lane.running && lane.waiting.empty()) StartDueRepeat(lane, now, out);
  }
}

// --- orders

void Executor::Take(const Order& order, const Moment& now, Outbox& out) {
  Lane& lane = LaneFor(order.operation.resource);
  const Touching touching(*this, lane);
  if (order.operation.cancels) {
    const auto found = lane.repeating.find({order.operation.name, order.operation.interval_ms});
    if (found != lane.repeating.end()) {
      EndRepeating(found->second, now, out);
      lane.repeating.erase(found);
    }
    Report(order.number, order.operation, Outcome{}, 0, true, now, out);
    return;
  }
  lane.waiting.push_back(order);
  GiveWay(lane, now, out);
  Advance(lane, now, out);
}

// A run that only repeats stands back behind an order.
void Executor::GiveWay(Lane& lane, const Moment& now, Outbox& out) {
  if (!lane.running || lane.running->discarded || !lane.running->record.operation.IsRecurring()) return;
  const Phase phase = lane.running->phase;
  if (phase != Phase::kRunning && phase != Phase::kRecording && phase != Phase::kLacking) return;
  lane.running->discarded = true;
  if (phase == Phase::kLacking) return Finish(lane, Outcome{}, now, out);
  lane.running->phase = Phase::kKilling;
  lane.running->record.deadline_ms = now.boot_ms + kDyingMs;
  out.effects.push_back(Kill{lane.running->record.run});
}

void Executor::Advance(Lane& lane, const Moment& now, Outbox& out) {
  if (lane.running) {
    if (lane.running->phase != Phase::kStuck) return;
    // What would have to wait for a process that does not die fails instead, so that fencing can follow.
    while (!lane.waiting.empty() && !lane.announced) {
      const Order order = lane.waiting.front();
      lane.waiting.pop_front();
      Report(order.number, order.operation,
             {OperationStatus::kError, kError,
              "the process of an earlier " + lane.running->record.operation.name + " does not die"},
             0, true, now, out);
    }
    return;
  }
  if (!lane.waiting.empty()) {
    if (lane.announced) return;
    lane.announced = true;
    const Order& order = lane.waiting.front();
    out.messages.push_back(Begin{order.number, order.node, now.wall_s(), order.operation});
    return;
  }
  StartDueRepeat(lane, now, out);
}

void Executor::Begun(const Begin& begin, const Moment& now, Outbox& out) {
  const auto found = lanes_.find(begin.operation.resource);
  if (found == lanes_.end()) return;
  Lane& lane = found->second;
  const Touching touching(*this, lane);
  if (!lane.announced || lane.waiting.empty() || lane.waiting.front().number != begin.order) return;
  const Order order = lane.waiting.front();
  lane.waiting.pop_front();
  lane.announced = false;
  StartOrder(lane, order, now, out);
}

void Executor::StartOrder(Lane& lane, const Order& order, const Moment& now, Outbox& out) {
  if (EndsRecurring(order.operation)) EndAllRepeating(lane, now, out);
  // What looks whether it is promoted would call the outcome a failure.
  std::erase_if(lane.repeating, [&](const auto& entry) {
    const bool over = order.operation.name == "demote" && entry.second.operation.target_rc == kPromotedResult;
    if (over) EndRepeating(entry.second, now, out);
    return over;
  });
  if (order.operation.IsRecurring()) {
    Repeating repeating;
    repeating.operation = order.operation;
    repeating.order = order.number;
    repeating.due_ms = now.boot_ms + order.operation.start_delay_ms;
    lane.repeating[{order.operation.name, order.operation.interval_ms}] = std::move(repeating);
    Advance(lane, now, out);
    return;
  }
  StartRun(lane, order.operation, order.number, false, now, out);
}

void Executor::StartDueRepeat(Lane& lane, const Moment& now, Outbox& out) {
  Repeating* due = nullptr;
  for (auto& [key, repeating] : lane.repeating) {
    if (repeating.due_ms <= now.boot_ms && (!due || repeating.due_ms < due->due_ms)) due = &repeating;
  }
  if (!due || lane.queued) return;
  if (repeats_ >= kRepeatsMax) {
    lane.queued = true;
    queued_.push_back(lane.resource);
    return;
  }
  due->due_ms = kNever;
  StartRun(lane, due->operation, due->order, true, now, out);
}

// Nothing of what cannot exist runs: to a stop that is a success, or one wrong word in a policy would have
// node after node fenced.
Outcome Executor::Impossible(const Operation& operation, std::string why) const {
  if (operation.name == "stop") return {};
  return {OperationStatus::kNotInstalled, kNotInstalled, std::move(why)};
}

// What needs no program: an agent that cannot be named, and what fence devices are not asked about.
std::optional<Outcome> Executor::AtOnce(const Operation& operation) {
  switch (ClassOf(operation)) {
    case AgentClass::kUnknown:
      return Impossible(operation, "agents of class " + operation.cls + " cannot be run");
    case AgentClass::kSystemd:
      if (UnitCallOf(operation)) return std::nullopt;
      if (solver::UnitName(operation.type).empty()) {
        return Impossible(operation, "systemd can have no unit of the name `" + operation.type + "`");
      }
      return Outcome{OperationStatus::kError, kUnimplemented, "units of systemd know no `" + operation.name + "`"};
    case AgentClass::kFence:
      if (operation.name == "stop") {
        registered_.erase(operation.resource);
        return Outcome{};
      }
      if (operation.IsProbe() && registered_.count(operation.resource) == 0) {
        return Outcome{OperationStatus::kDone, kNotRunning, {}};
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

// A resource is stopped with what it was started with: a policy that has given it another address since, or that no
// longer has it, would leave the old one behind.
Operation Executor::AsStarted(const Operation& operation) const {
  Operation stop = operation;
  const auto started = started_with_.find(operation.resource);
  if (operation.name != "stop" || started == started_with_.end()) return stop;
  std::erase_if(stop.parameters, [](const auto& parameter) { return !OfOperation(parameter.first); });
  stop.parameters.insert(stop.parameters.end(), started->second.begin(), started->second.end());
  return stop;
}

std::vector<StartedWith> Executor::Started() const {
  std::vector<StartedWith> all;
  for (const auto& [resource, parameters] : started_with_) all.push_back({resource, parameters});
  return all;
}

void Executor::StartRun(Lane& lane, const Operation& wanted, uint64_t order, bool repeat, const Moment& now,
                        Outbox& out) {
  const Operation operation = AsStarted(wanted);
  if (Activates(operation.name)) {
    solver::Attributes& parameters = started_with_[operation.resource];
    parameters = operation.parameters;
    std::erase_if(parameters, [](const auto& parameter) { return OfOperation(parameter.first); });
    changes_.push_back(StartedWith{operation.resource, parameters});
  }
  Running running;
  running.record.deadline_ms = now.boot_ms + PatienceOf(operation).timeout_ms;
  running.record.operation = operation;
  running.record.order = order;
  running.record.repeat = repeat;
  running.started_ms = now.boot_ms;
  lane.running = std::move(running);
  std::optional<Outcome> outcome = AtOnce(operation);
  if (!outcome && !UnitCallOf(operation) && InvocationOf(operation, settings_).arguments.empty()) {
    outcome = Impossible(operation, "there is no agent of that name");
  }
  if (outcome) {
    Finish(lane, *outcome, now, out);
  } else {
    Launch(lane, out);
    if (!repeat) reloads_.Ask(operation, settings_, next_run, now, out);
  }
}

// A process, or a call to systemd, for what runs on the lane: the first, or another one after it failed.
void Executor::Launch(Lane& lane, Outbox& out) {
  Running& running = *lane.running;
  NoteEnd(running);
  running.record.run = next_run++;
  running.record.pid = 0;
  running.record.start_ticks = 0;
  running.phase = Phase::kSpawning;
  ++running.attempts;
  lane_of_run_[running.record.run] = running.record.operation.resource;
  std::optional<CallUnit> call = running.lacks_unit ? std::nullopt : UnitCallOf(running.record.operation);
  running.asks_unit = call.has_value();
  if (call) {
    // Nothing has to be written down in between: a job of systemd's outlives us, and after us it is asked for.
    running.phase = Phase::kRunning;
    call->run = running.record.run;
    out.effects.push_back(*std::move(call));
    return;
  }
  Invocation invocation = InvocationOf(running.record.operation, settings_);
  Spawn spawn;
  spawn.run = running.record.run;
  spawn.arguments = std::move(invocation.arguments);
  spawn.environment = std::move(invocation.environment);
  spawn.input = std::move(invocation.input);
  out.effects.push_back(std::move(spawn));
}

Executor::Lane* Executor::LaneOf(RunNumber run) {
  const auto resource = lane_of_run_.find(run);
  if (resource == lane_of_run_.end()) return nullptr;
  const auto lane = lanes_.find(resource->second);
  if (lane == lanes_.end() || !lane->second.running || lane->second.running->record.run != run) return nullptr;
  return &lane->second;
}

void Executor::On(const ProcessSpawned& event, const Moment& now, Outbox& out) {
  if (reloads_.Owns(event.run)) return reloads_.On(event, now, out);
  Lane* lane = LaneOf(event.run);
  if (!lane) return;
  const Touching touching(*this, *lane);
  lane->running->record.pid = event.pid;
  lane->running->record.start_ticks = event.start_ticks;
  changes_.push_back(Slim(lane->running->record));
  if (lane->running->phase != Phase::kSpawning) return;
  lane->running->phase = Phase::kRecording;
  unrecorded_.push_back(event.run);
  // An order may have come while the process was being made.
  if (!lane->waiting.empty()) GiveWay(*lane, now, out);
}

void Executor::Recorded(RunNumber run, const Moment&, Outbox& out) {
  Lane* lane = LaneOf(run);
  if (!lane || lane->running->phase != Phase::kRecording) return;
  const Touching touching(*this, *lane);
  lane->running->phase = Phase::kRunning;
  out.effects.push_back(Release{run});
}

void Executor::On(const SpawnFailed& event, const Moment& now, Outbox& out) {
  if (reloads_.Owns(event.run)) return reloads_.On(event, now, out);
  Lane* lane = LaneOf(event.run);
  if (!lane) return;
  const Touching touching(*this, *lane);
  Running& running = *lane->running;
  NoteEnd(running);
  running.phase = Phase::kLacking;
  running.lack = "no process could be made: " + event.error;
  running.retry_ms = now.boot_ms + kLackMs;
  --running.attempts;
  if (!lane->waiting.empty()) GiveWay(*lane, now, out);
}

// Its time is over and we could not even begin. That is nothing that its agent has done: it is probed, or
// looked at again in its turn. Only a stop has failed all the same, since the service goes on.
void Executor::GiveUpLacking(Lane& lane, const Moment& now, Outbox& out) {
  Running& running = *lane.running;
  const Operation operation = running.record.operation;
  const std::string lack = running.lack.empty() ? "it could not be written down that it begins" : running.lack;
  out.Tell(SayLevel::kError, "daemon", settings_.node, operation.resource,
           "picketd could not run " + Named(operation) + ": " + lack);
  if (running.phase == Phase::kRecording) out.effects.push_back(Kill{running.record.run});
  if (running.record.repeat) {
    running.discarded = true;
  } else if (operation.name != "stop") {
    running.adopted = true;
  }
  Finish(lane, {OperationStatus::kError, kError, "picketd could not run it: " + lack}, now, out);
}

// Its process is gone, or there never was one.
void Executor::NoteEnd(const Running& running) {
  lane_of_run_.erase(running.record.run);
  if (running.record.pid != 0) changes_.push_back(RunEnded{running.record.run});
}

Outcome Executor::OutcomeOf(const Running& running, const ProcessEnded& event) const {
  const Operation& operation = running.record.operation;
  if (running.timed_out) {
    return {OperationStatus::kTimedOut, kError,
            "it did not end within " + std::to_string(PatienceOf(operation).timeout_ms) + " ms and was killed"};
  }
  if (!event.known) return {OperationStatus::kError, kError, "nobody saw how it ended"};
  if (event.exec_error != 0) {
    // Nobody can have started it here without its agent.
    if (event.exec_error == ENOENT && started_with_.count(operation.resource) == 0) {
      return Impossible(operation, "the agent is not there");
    }
    return {OperationStatus::kNotInstalled, kNotInstalled, "the agent cannot be executed"};
  }
  if (event.signal != 0) {
    return {OperationStatus::kError, kError, "it was ended by signal " + std::to_string(event.signal)};
  }
  const bool as_it_is = running.asks_unit && ClassOf(operation) == AgentClass::kService;
  Outcome outcome{OperationStatus::kDone, as_it_is ? event.exit_code : ResultOf(operation, event.exit_code),
                  ReasonIn(event.errors)};
  if (ClassOf(operation) == AgentClass::kFence && outcome.rc != 0) outcome.reason = LastWords(event.errors);
  return outcome;
}

// A fence device that did not answer is asked again, unless somebody has a better use for the lane.
bool Executor::MayTryAgain(const Lane& lane, const ProcessEnded& event, const Outcome& outcome,
                           const Moment& now) const {
  const Running& running = *lane.running;
  const bool ended_by_itself = running.phase == Phase::kRunning && !running.adopted && event.known;
  if (!ended_by_itself || event.exec_error != 0 || AsExpected(running.record.operation, outcome)) return false;
  if (running.record.repeat && !lane.waiting.empty()) return false;
  return running.attempts <= PatienceOf(running.record.operation).retries && now.boot_ms < running.record.deadline_ms;
}

// A service of which systemd has no unit is a script, which has what is left of the time.
bool Executor::IsScriptAfterAll(const Running& running, const Outcome& outcome) const {
  return running.asks_unit && running.phase == Phase::kRunning && outcome.rc == kNotInstalled &&
         ClassOf(running.record.operation) == AgentClass::kService &&
         !InvocationOf(running.record.operation, settings_).arguments.empty();
}

void Executor::On(const ProcessEnded& event, const Moment& now, Outbox& out) {
  if (reloads_.Owns(event.run)) return reloads_.On(event, now, out);
  Lane* lane = LaneOf(event.run);
  if (!lane) return;
  {
    const Touching touching(*this, *lane);
    Ended(*lane, event, now, out);
  }
  StartQueued(now, out);
}

void Executor::Ended(Lane& lane_of_it, const ProcessEnded& event, const Moment& now, Outbox& out) {
  Lane* lane = &lane_of_it;
  const Outcome outcome = OutcomeOf(*lane->running, event);
  if (lane->running->phase == Phase::kStuck) {
    // Its result was reported when it was given up; now the lane is free again.
    out.Tell(SayLevel::kNotice, "agent", settings_.node, lane->running->record.operation.resource,
             "the process of " + Named(lane->running->record.operation) + " is gone at last");
    NoteEnd(*lane->running);
    lane->running.reset();
    Advance(*lane, now, out);
    return;
  }
  lane->running->lacks_unit = IsScriptAfterAll(*lane->running, outcome);
  if (lane->running->lacks_unit || MayTryAgain(*lane, event, outcome, now)) {
    Launch(*lane, out);
    return;
  }
  Finish(*lane, outcome, now, out);
}

void Executor::Finish(Lane& lane, Outcome outcome, const Moment& now, Outbox& out) {
  const Running running = std::move(*lane.running);
  const Operation& operation = running.record.operation;
  lane.running.reset();
  NoteEnd(running);
  const bool device_answers =
      ClassOf(operation) == AgentClass::kFence && operation.name == "start" && AsExpected(operation, outcome);
  if (device_answers) registered_.insert(operation.resource);
  if (operation.name == "stop" && AsExpected(operation, outcome) && started_with_.erase(operation.resource) > 0) {
    changes_.push_back(NoLongerStarted{operation.resource});
  }
  if (running.record.repeat) {
    FinishRepeat(lane, running, outcome, now, out);
  } else if (running.adopted) {
    // How it ended is not known, so what is known of the resource counts for nothing: it will be probed.
    Report(running.record.order, operation, {OperationStatus::kCancelled, 0, {}}, 0, true, now, out);
    out.messages.push_back(ResourceForgotten{settings_.node, operation.resource, false});
  } else {
    Report(running.record.order, operation, outcome, now.boot_ms - running.started_ms, true, now, out);
  }
  Advance(lane, now, out);
}

void Executor::FinishRepeat(Lane& lane, const Running& running, const Outcome& outcome, const Moment& now,
                            Outbox& out) {
  const Operation& operation = running.record.operation;
  const auto found = lane.repeating.find({operation.name, operation.interval_ms});
  if (found == lane.repeating.end()) return;
  Repeating& repeating = found->second;
  repeating.due_ms = now.boot_ms + operation.interval_ms;
  if (running.discarded) {
    // Somebody waits for a first result: it is tried again as soon as the lane is free.
    if (!repeating.reported) repeating.due_ms = now.boot_ms + (running.lack.empty() ? 0 : kLackMs);
    return;
  }
  if (repeating.reported == outcome) return;
  const bool first = !repeating.reported;
  // What is started together is not looked at together for ever.
  if (first)
    repeating.due_ms = now.boot_ms + operation.interval_ms - PlaceOf(operation) % (operation.interval_ms / 2 + 1);
  repeating.reported = outcome;
  Report(repeating.order, operation, outcome, now.boot_ms - running.started_ms, first, now, out);
}

void Executor::EndRepeating(const Repeating& repeating, const Moment& now, Outbox& out) {
  if (repeating.reported) return;
  Report(repeating.order, repeating.operation, {OperationStatus::kCancelled, 0, {}}, 0, true, now, out);
}

void Executor::EndAllRepeating(Lane& lane, const Moment& now, Outbox& out) {
  for (const auto& [key, repeating] : lane.repeating) EndRepeating(repeating, now, out);
  lane.repeating.clear();
}

void Executor::Report(uint64_t order, const Operation& operation, const Outcome& outcome, int64_t exec_ms, bool first,
                      const Moment& now, Outbox& out) {
  Result result;
  result.order = order;
  result.node = settings_.node;
  result.operation = operation;
  result.outcome = outcome;
  result.call = next_call++;
  result.when_s = now.wall_s();
  result.exec_ms = exec_ms;
  result.first = first;
  if (const auto restart = reloads_.Of(operation)) {
    result.force_restart = restart->names;
    result.restart_digest = restart->digest;
  }
  out.messages.push_back(std::move(result));
}

void Executor::OnTimer(const Moment& now, Outbox& out) {
  reloads_.OnTimer(now, out);
  std::vector<std::string> due;
  for (const auto& [due_ms, resource] : due_) {
    if (due_ms > now.boot_ms) break;
    due.push_back(resource);
  }
  for (const std::string& resource : due) {
    Lane& lane = LaneFor(resource);
    const Touching touching(*this, lane);
    if (lane.running) CheckDeadline(lane, now, out);
    if (!lane.running && lane.waiting.empty()) StartDueRepeat(lane, now, out);
  }
  StartQueued(now, out);
}

void Executor::CheckDeadline(Lane& lane, const Moment& now, Outbox& out) {
  Running& running = *lane.running;
  const Operation& operation = running.record.operation;
  const bool over = now.boot_ms >= running.record.deadline_ms;
  if (running.phase == Phase::kLacking || running.phase == Phase::kRecording) {
    if (over) return GiveUpLacking(lane, now, out);
    if (running.phase == Phase::kLacking && now.boot_ms >= running.retry_ms) Launch(lane, out);
    return;
  }
  if (running.phase == Phase::kRunning && now.boot_ms >= running.record.deadline_ms) {
    running.phase = Phase::kKilling;
    running.timed_out = true;
    running.record.deadline_ms = now.boot_ms + kDyingMs;
    out.effects.push_back(Kill{running.record.run});
    return;
  }
  if (running.phase != Phase::kKilling || now.boot_ms < running.record.deadline_ms) return;
  running.phase = Phase::kStuck;
  out.Tell(SayLevel::kError, "agent", settings_.node, operation.resource,
           "the process of " + Named(operation) + " (" + std::to_string(running.record.pid) +
               ") was killed and does not die");
  const Outcome outcome = {OperationStatus::kTimedOut, kError, "it was killed and does not die"};
  if (running.record.repeat) {
    FinishRepeat(lane, running, outcome, now, out);
  } else {
    Report(running.record.order, operation, outcome, now.boot_ms - running.started_ms, true, now, out);
  }
  Advance(lane, now, out);
}

int64_t Executor::NextDeadline() const {
  return std::min(reloads_.NextDeadline(), due_.empty() ? kNever : due_.begin()->first);
}

void Executor::Forget(const std::string& resource, const Moment& now, Outbox& out) {
  const auto lane = lanes_.find(resource);
  if (lane == lanes_.end()) return;
  const Touching touching(*this, lane->second);
  EndAllRepeating(lane->second, now, out);
}

void Executor::Adopt(const RunRecord& record, const Moment& now, Outbox& out) {
  Lane& lane = LaneFor(record.operation.resource);
  const Touching touching(*this, lane);
  Running running;
  running.record = record;
  running.phase = Phase::kRunning;
  running.adopted = true;
  running.started_ms = now.boot_ms;
  lane.running = std::move(running);
  lane_of_run_[record.run] = record.operation.resource;
  out.effects.push_back(runtime::Adopt{record.run, record.pid, record.start_ticks});
}

void Executor::DropUnbegun() {
  for (auto& [resource, lane] : lanes_) {
    lane.waiting.clear();
    lane.announced = false;
    Touch(lane);
  }
}

std::vector<Begin> Executor::InFlight() const {
  std::vector<Begin> begun;
  for (const auto& [resource, lane] : lanes_) {
    // Of one that does not die the result was given when it was given up.
    if (lane.running && !lane.running->record.repeat && lane.running->phase != Phase::kStuck) {
      begun.push_back({lane.running->record.order, settings_.node, 0, lane.running->record.operation});
    }
    for (const auto& [key, repeating] : lane.repeating) {
      if (!repeating.reported) begun.push_back({repeating.order, settings_.node, 0, repeating.operation});
    }
  }
  return begun;
}

std::vector<RunRecord> Executor::Runs() const {
  std::vector<RunRecord> runs;
  for (const auto& [resource, lane] : lanes_) {
    if (lane.running) runs.push_back(Slim(lane.running->record));
  }
  return runs;
}

std::vector<Operation> Executor::Recurring() const {
  std::vector<Operation> recurring;
  for (const auto& [resource, lane] : lanes_) {
    for (const auto& [key, repeating] : lane.repeating) recurring.push_back(repeating.operation);
  }
  return recurring;
}

}  // namespace picket::runtime
