#include "execution/fencing/agent_run.h"

#include <algorithm>

#include "execution/fencing/parameters.h"

namespace picket::execution {
namespace {

using End = FenceAttempt::End;
using How = FenceBehaviour::How;

constexpr int64_t kSecondMs = 1000;
// A failure is tried again only while less than this share of the time is gone.
constexpr int64_t kRetryPercent = 70;

struct AttemptEnd {
  End end = End::kOk;
  int64_t took_ms = 0;
  bool took_effect = false;
};

AttemptEnd EndOf(const FenceBehaviour& behaviour, int64_t left_ms) {
  if (behaviour.how == How::kSilent) return {End::kSilent, 0, false};
  if (behaviour.how == How::kHangs || behaviour.after_ms > left_ms) return {End::kKilled, left_ms, false};
  const bool fails = behaviour.how == How::kRefuses || behaviour.how == How::kWorksButFails;
  const bool works = behaviour.how == How::kWorks || behaviour.how == How::kWorksButFails;
  return {fails ? End::kFailed : End::kOk, behaviour.after_ms, works};
}

int64_t DelayOf(const AgentRun& run, Choices& choices) {
  if (run.carried_ms < 0) return 0;
  if (!run.delayed) return run.carried_ms;
  const OwnDelay own = OwnDelayOf(*run.parameters, run.action, run.target, run.delay_map);
  const int64_t room_ms = own.max_ms - own.base_ms;
  const bool longest = room_ms > 0 && choices.Choose(2, "the random delay of " + run.device->id) == 1;
  return run.carried_ms + own.base_ms + (longest ? room_ms : 0);
}

}  // namespace

OwnDelay OwnDelayOf(const solver::Table& parameters, const std::string& action, const std::string& target,
                    DelayMap map) {
  if (action == "on") return {};
  const int64_t max_ms = DelayMaxMs(parameters, target, map);
  return {std::min(DelayBaseMs(parameters, target, map), max_ms), max_ms};
}

AgentEnd RunAgent(const AgentRun& run, const FenceWorld& world, FenceOutcome& outcome, Choices& choices) {
  AgentEnd result;
  result.waited_ms = DelayOf(run, choices);
  const int64_t begin_ms = run.at_ms + result.waited_ms;
  result.at_ms = begin_ms;
  outcome.executor = run.node;
  const int64_t attempts = std::max<int64_t>(1, ActionAttempts(*run.parameters, run.action));
  for (int64_t i = 0; i < attempts; ++i) {
    const FenceUse use{run.device->id, run.node, run.target, run.action, static_cast<int>(i)};
    const FenceBehaviour behaviour = world.behaviour ? world.behaviour(use) : FenceBehaviour{};
    const AttemptEnd ended = EndOf(behaviour, run.budget_ms - (result.at_ms - begin_ms));
    FenceAttempt& attempt = outcome.attempts.emplace_back();
    attempt.device = run.device->id;
    attempt.node = run.node;
    attempt.action = run.action;
    attempt.agent_action = ActionName(*run.parameters, run.action);
    attempt.waited_ms = i == 0 ? result.waited_ms : 0;
    attempt.begin_ms = result.at_ms;
    result.at_ms += ended.took_ms;
    attempt.end_ms = result.at_ms;
    attempt.end = result.end = ended.end;
    attempt.took_effect = ended.took_effect;
    result.took_effect = result.took_effect || ended.took_effect;
    const int64_t gone_s = (result.at_ms - begin_ms) / kSecondMs;
    if (ended.end != End::kFailed || gone_s * 100 >= run.budget_ms / kSecondMs * kRetryPercent) break;
    if (i + 1 < attempts) result.at_ms += kSecondMs;
  }
  return result;
}

}  // namespace picket::execution
