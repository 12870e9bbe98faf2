// With levels: one after the other, until one is complete. A device that fails ends its level.
#include <algorithm>
#include <utility>

#include "execution/fencing/pacemaker.h"
#include "execution/fencing/parameters.h"
#include "execution/fencing/reach.h"
#include "solver/model/text.h"

namespace picket::execution {

using Result = FenceOutcome::Result;
using AgentStop = FenceAttempt::End;

constexpr std::string_view kWatchdog = "watchdog";

namespace {

bool TurnsOffAndOn(const std::string& action, const TopologyLevel& level) {
  return action == "reboot" && level.devices.size() > 1;
}

}  // namespace

const std::string& PacemakerRequest::ActionOf(Phase phase) const {
  static const std::string kOff = "off";
  static const std::string kOn = "on";
  return phase == Phase::kAsked ? request_.action : phase == Phase::kOff ? kOff : kOn;
}

// Over all devices of all levels, each as the first node has it that has it.
int64_t PacemakerRequest::LevelsTime(const TopologyEntry& entry, const std::string& action) const {
  const bool first = entry.levels.front().index == 1;
  int64_t sum_ms = first ? std::max<int64_t>(request_.delay_ms, 0) : 0;
  for (const TopologyLevel& level : entry.levels) {
    for (const std::string& name : level.devices) {
      if (name == kWatchdog) sum_ms += fencing_.watchdog_ms;
      const auto offer = std::find_if(offers_.begin(), offers_.end(), [&](const Offer& o) { return o.Find(name); });
      if (offer != offers_.end()) sum_ms += TimeFor(*offer->Find(name), action);
    }
  }
  return TwelveTenths(sum_ms);
}

void PacemakerRequest::PlayLevels(const TopologyEntry& entry) {
  const auto offered = [&](const std::string& name) {
    return std::any_of(offers_.begin(), offers_.end(), [&](const Offer& o) { return o.Find(name); });
  };
  const bool all = std::all_of(entry.levels.begin(), entry.levels.end(), [&](const TopologyLevel& level) {
    return std::all_of(level.devices.begin(), level.devices.end(), offered);
  });
  if (!all) AwaitAnswers();
  const bool remapped = TurnsOffAndOn(request_.action, entry.levels.front());
  limit_ms_ = now_ms_ + LevelsTime(entry, remapped ? "off" : request_.action);
  for (const TopologyLevel& level : entry.levels) {
    // The request's delay is for the first level.
    if (level.index > 1) carried_ms_ = std::min<int64_t>(carried_ms_, 0);
    if (level.devices.empty()) continue;
    const LevelEnd end = PlayLevel(level);
    if (end == LevelEnd::kOver) return;
    if (end == LevelEnd::kSuccess) return End(Result::kDone);
  }
  if (WatchdogFences() && last_device_ == kWatchdog) {
    now_ms_ += fencing_.watchdog_ms;
    outcome_.assumed = true;
    return End(Result::kDone);
  }
  EndWithoutNode();
}

PacemakerRequest::LevelEnd PacemakerRequest::PlayLevel(const TopologyLevel& level) {
  const bool off_and_on = TurnsOffAndOn(request_.action, level);
  const size_t since = outcome_.attempts.size();
  const LevelEnd end = PlayDevices(level.devices, off_and_on ? Phase::kOff : Phase::kAsked);
  NoteEffects(level.devices, since);
  if (end != LevelEnd::kSuccess) return end;
  for (const std::string& name : level.devices) {
    const auto& known = outcome_.devices;
    if (std::find(known.begin(), known.end(), name) == known.end()) outcome_.devices.push_back(name);
  }
  if (!off_and_on) return end;
  const size_t before = outcome_.attempts.size();
  PlayDevices(SwitchedOn(level), Phase::kOn);
  for (size_t i = before; i < outcome_.attempts.size(); ++i) {
    const FenceAttempt& attempt = outcome_.attempts[i];
    if (outcome_.off_ms && !outcome_.on_ms && attempt.took_effect) outcome_.on_ms = attempt.end_ms;
  }
  return LevelEnd::kSuccess;
}

// What the requester knows of them decides. Those that let a node in when it joins are left to that.
std::vector<std::string> PacemakerRequest::SwitchedOn(const TopologyLevel& level) const {
  std::vector<std::string> names;
  for (const std::string& name : level.devices) {
    const bool required = std::any_of(offers_.begin(), offers_.end(), [&](const Offer& offer) {
      const Offered* one = offer.Find(name);
      return one && IsRequired(*one);
    });
    const FenceDevice* device = fencing_.Find(name);
    if (required || !device || !fencing_.IsRegistered(*device, request_.requester)) continue;
    const solver::Table& parameters = fencing_.On(*device, request_.requester)->parameters;
    const bool stays_off = ActionName(parameters, "reboot") == "off";
    if (!stays_off && device->facts.switches_on) names.push_back(name);
  }
  return names;
}

PacemakerRequest::LevelEnd PacemakerRequest::PlayDevices(const std::vector<std::string>& devices, Phase phase) {
  for (const std::string& name : devices) {
    const LevelEnd end = PlayDevice(name, phase);
    if (end == LevelEnd::kOver) return end;
    // Once the target is off, no failure to switch it on counts.
    if (end == LevelEnd::kFailed && phase != Phase::kOn) return end;
  }
  return LevelEnd::kSuccess;
}

// The time of the whole operation is over.
PacemakerRequest::LevelEnd PacemakerRequest::GiveUp(Phase phase) {
  now_ms_ = limit_ms_;
  End(phase == Phase::kOn ? Result::kDone : Result::kTimeout);
  return LevelEnd::kOver;
}

PacemakerRequest::LevelEnd PacemakerRequest::PlayDevice(const std::string& name, Phase phase) {
  last_device_ = name;
  while (const Offer* offer = ChooseLevelNode(name, phase)) {
    uses_.insert({offer->node, name, phase});
    const Offered& one = *offer->Find(name);
    const int64_t requested_ms = std::max<int64_t>(carried_ms_, 0);
    const int64_t until_ms = now_ms_ + TwelveTenths(requested_ms) + TwelveTenths(TimeFor(one, ActionOf(phase)));
    const Answer answer = Use(one, offer->node, ActionOf(phase), carried_ms_);
    const bool silent = answer.end == AgentStop::kSilent;
    // Limits are whole seconds: of an agent with at most four, the requester gives up when its node kills it. The
    // device then begins on another node before the answer of the first ends the level.
    if (answer.end == AgentStop::kKilled && until_ms <= answer.at_ms) UseBeside(name, phase, until_ms);
    const int64_t at_ms = silent ? std::min(until_ms, limit_ms_) : std::min(answer.at_ms, limit_ms_);
    if ((silent && limit_ms_ <= until_ms) || (!silent && answer.at_ms > limit_ms_)) return GiveUp(phase);
    now_ms_ = at_ms;
    last_ = answer.end;
    if (silent || answer.end == AgentStop::kOk) carried_ms_ = std::min<int64_t>(carried_ms_, 0);
    if (!silent) return answer.end == AgentStop::kOk ? LevelEnd::kSuccess : LevelEnd::kFailed;
  }
  return LevelEnd::kFailed;
}

// On another node, at that moment, by a requester that does not wait for the result.
void PacemakerRequest::UseBeside(const std::string& name, Phase phase, int64_t at_ms) {
  const Offer* offer = ChooseLevelNode(name, phase);
  if (!offer) return;
  uses_.insert({offer->node, name, phase});
  now_ms_ = at_ms;
  Use(*offer->Find(name), offer->node, ActionOf(phase), carried_ms_);
}

const PacemakerRequest::Offer* PacemakerRequest::ChooseLevelNode(const std::string& name, Phase phase) {
  std::vector<const Offer*> verified;
  std::vector<const Offer*> others;
  const Offer* target = nullptr;
  for (const Offer& offer : offers_) {
    const Offered* one = offer.Find(name);
    if (!one || uses_.count({offer.node, name, phase}) > 0) continue;
    if (!IsEligible(one->device->facts, ActionOf(phase), offer.node, request_.target, self_)) continue;
    if (IsTarget(offer)) {
      target = &offer;
    } else {
      (one->verified ? verified : others).push_back(&offer);
    }
  }
  const bool first = std::exchange(first_choice_, false);
  if (!verified.empty()) return ChooseOffer(first ? Soonest(verified) : Largest(verified));
  if (others.empty() && (!target || phase == Phase::kOn)) return nullptr;
  AwaitAnswers();
  return others.empty() ? target : ChooseOffer(Largest(others));
}

}  // namespace picket::execution
