#include "runtime/executor/agent_runs.h"

#include <algorithm>
#include <limits>

namespace picket::runtime {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
// How long a killed process group may take to go before it is given up.
constexpr int64_t kDyingMs = 5000;
// Between two attempts: a device that is busy with somebody else is so for a moment.
constexpr int64_t kPauseMs = 1000;

std::string WhyItFailed(const ProcessEnded& event) {
  if (!event.known) return "nobody saw how it ended";
  if (event.exec_error != 0) return "the agent cannot be executed";
  if (event.signal != 0) return "it was ended by signal " + std::to_string(event.signal);
  std::string words = LastWords(event.errors);
  if (words.empty()) words = LastWords(event.output);
  return words.empty() ? "it ended with code " + std::to_string(event.exit_code) : words;
}

}  // namespace

CallNumber AgentRuns::Start(AgentCall call, const Moment& now, Outbox& out) {
  const CallNumber number = next_call_++;
  calls_[number].what = std::move(call);
  StartQueued(now, out);
  return number;
}

bool AgentRuns::HasRoom(const AgentCall& what) const {
  if (what.device.empty() || what.limit < 1) return true;
  const auto busy = std::count_if(calls_.begin(), calls_.end(), [&](const auto& other) {
    return other.second.phase != Phase::kQueued && other.second.what.device == what.device;
  });
  return busy < what.limit;
}

// A call that cannot be launched ends at once, and with it others may, so the list is looked at anew each time.
void AgentRuns::StartQueued(const Moment& now, Outbox& out) {
  const auto startable = [&](const auto& entry) {
    return entry.second.phase == Phase::kQueued && HasRoom(entry.second.what);
  };
  for (;;) {
    const auto next = std::find_if(calls_.begin(), calls_.end(), startable);
    if (next == calls_.end()) return;
    next->second.end_ms = now.boot_ms + next->second.what.budget_ms;
    Launch(next->first, next->second, now, out);
  }
}

void AgentRuns::Launch(CallNumber number, Call& call, const Moment& now, Outbox& out) {
  if (call.what.invocation.arguments.empty()) {
    EndAttempt(number, {number, false, {}, "no agent can be run for it"}, false, now, out);
    return;
  }
  ++call.attempts;
  call.run = (*next_run)++;
  call.phase = Phase::kSpawning;
  call.deadline_ms = call.end_ms;
  call_of_run_[call.run] = number;
  const Invocation& invocation = call.what.invocation;
  out.effects.push_back(Spawn{call.run, invocation.arguments, invocation.environment, invocation.input});
}

std::vector<AgentProcess> AgentRuns::Processes() const {
  std::vector<AgentProcess> processes;
  for (const auto& [run, process] : processes_) processes.push_back(process);
  return processes;
}

void AgentRuns::EndEarlier(const AgentProcess& process, Outbox& out) {
  processes_[process.run] = process;
  abandoned_[process.run] = "an earlier picketd's agent";
  ++version_;
  out.effects.push_back(Adopt{process.run, process.pid, process.start_ticks});
  out.effects.push_back(Kill{process.run});
}

void AgentRuns::On(const ProcessSpawned& event, Outbox& out) {
  processes_[event.run] = {event.run, event.pid, event.start_ticks};
  ++version_;
  // What was given up before it began never begins.
  if (abandoned_.count(event.run) > 0) out.effects.push_back(Kill{event.run});
  const auto number = call_of_run_.find(event.run);
  if (number == call_of_run_.end()) return;
  Call& call = calls_.at(number->second);
  if (call.phase != Phase::kSpawning) return;
  call.phase = Phase::kRunning;
  out.effects.push_back(Release{event.run});
}

void AgentRuns::On(const SpawnFailed& event, const Moment& now, Outbox& out) {
  abandoned_.erase(event.run);
  const auto number = call_of_run_.find(event.run);
  if (number == call_of_run_.end()) return;
  // That is no failure of the agent's: it is tried again as long as there is time.
  --calls_.at(number->second).attempts;
  EndAttempt(number->second, {number->second, false, {}, "no process could be made: " + event.error}, true, now, out);
}

void AgentRuns::On(const ProcessEnded& event, const Moment& now, Outbox& out) {
  if (processes_.erase(event.run) > 0) ++version_;
  if (const auto abandoned = abandoned_.find(event.run); abandoned != abandoned_.end()) {
    out.Tell(SayLevel::kNotice, "fencing", node_, {}, "the process of " + abandoned->second + " is gone at last");
    abandoned_.erase(abandoned);
  }
  const auto number = call_of_run_.find(event.run);
  if (number == call_of_run_.end()) return;
  const Call& call = calls_.at(number->second);
  AgentAnswer answer{number->second, false, event.output, {}};
  if (call.phase == Phase::kKilling) {
    answer.reason = "it did not end within " + std::to_string(call.what.budget_ms) + " ms and was killed";
    EndAttempt(number->second, std::move(answer), false, now, out);
    return;
  }
  const bool ran = event.known && event.exec_error == 0 && event.signal == 0;
  answer.success = ran && (event.exit_code == 0 || event.exit_code == call.what.other_good_exit);
  if (!answer.success) answer.reason = WhyItFailed(event);
  EndAttempt(number->second, std::move(answer), event.exec_error == 0, now, out);
}

// A failure is tried again, if that makes sense and there is time.
void AgentRuns::EndAttempt(CallNumber number, AgentAnswer answer, bool again, const Moment& now, Outbox& out) {
  Call& call = calls_.at(number);
  call_of_run_.erase(call.run);
  const bool pauses =
      !answer.success && again && call.attempts <= call.what.retries && now.boot_ms + kPauseMs < call.end_ms;
  if (!answer.success && !call.what.quiet) {
    out.Tell(SayLevel::kWarning, "fencing", call.what.target, call.what.device,
             call.what.words + " failed: " + answer.reason + (pauses ? "; it is tried again" : ""));
  }
  if (pauses) {
    call.phase = Phase::kPausing;
    call.deadline_ms = now.boot_ms + kPauseMs;
    return;
  }
  answers_.push_back(std::move(answer));
  calls_.erase(number);
  StartQueued(now, out);
}

void AgentRuns::OnTimer(const Moment& now, Outbox& out) {
  std::vector<CallNumber> numbers;
  for (const auto& [number, call] : calls_) numbers.push_back(number);
  for (const CallNumber number : numbers) {
    const auto call = calls_.find(number);
    if (call != calls_.end()) CheckDeadline(number, call->second, now, out);
  }
}

void AgentRuns::CheckDeadline(CallNumber number, Call& call, const Moment& now, Outbox& out) {
  if (call.phase == Phase::kQueued || now.boot_ms < call.deadline_ms) return;
  switch (call.phase) {
    case Phase::kQueued:
      return;
    case Phase::kPausing:
      Launch(number, call, now, out);
      return;
    case Phase::kRunning:
      call.phase = Phase::kKilling;
      call.deadline_ms = now.boot_ms + kDyingMs;
      out.effects.push_back(Kill{call.run});
      return;
    case Phase::kSpawning:
      GiveUp(number, call, "no process could be made in time", now, out);
      return;
    case Phase::kKilling:
      out.Tell(SayLevel::kError, "fencing", node_, call.what.device,
               "the process of " + call.what.words + " was killed and does not die");
      GiveUp(number, call, "its process was killed and does not die", now, out);
      return;
  }
}

void AgentRuns::GiveUp(CallNumber number, Call& call, const std::string& reason, const Moment& now, Outbox& out) {
  abandoned_[call.run] = call.what.words;
  EndAttempt(number, {number, false, {}, reason}, false, now, out);
}

int64_t AgentRuns::NextDeadline() const {
  int64_t next = kNever;
  for (const auto& [number, call] : calls_) {
    if (call.phase != Phase::kQueued) next = std::min(next, call.deadline_ms);
  }
  return next;
}

}  // namespace picket::runtime
