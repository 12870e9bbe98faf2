// Fencing in the world: the coordinator's requests, played by execution/fencing, and what becomes of the
// target and of the cluster (spec 08 §13).
#include <algorithm>

#include "execution/agents/fence_effects.h"
#include "execution/fencing/parameters.h"
#include "execution/fencing/request.h"
#include "execution/history/attributes.h"
#include "execution/history/node.h"
#include "simulator/world/world.h"
#include "solver/cib/values.h"
#include "solver/model/text.h"

namespace picket::simulator {
namespace {

using How = compiler::scenario::FailFence::How;
using execution::FenceBehaviour;
using execution::FenceOutcome;
using Result = execution::FenceOutcome::Result;

std::string Join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

// picketd tries for ever, with longer and longer pauses: 0.5 s, 1 s, 2 s, …, 32 s (docs/runtime.md). Nobody
// who looks waits for that.
constexpr int kPicketdAttempts = 5;
constexpr int64_t kPicketdPauseMs = 500;

int MaxAttempts(const solver::Cluster& cluster) {
  for (const char* name : {"fencing-max-attempts", "stonith-max-attempts"}) {
    if (const std::string* value = PlainValue(cluster.properties, name))
      return static_cast<int>(std::max<int64_t>(1, solver::ParseInteger(*value).value_or(10)));
  }
  return 10;
}

// What a node does that hears of its own fencing (spec 08 §13.5).
bool PanicsWhenFenced(const solver::Cluster& cluster) {
  for (const char* name : {"fencing-reaction", "fence-reaction"}) {
    if (const std::string* value = PlainValue(cluster.properties, name)) return solver::EqualFolded(*value, "panic");
  }
  return false;
}

// The devices of a failed request: those that were tried, each once.
std::string Tried(const FenceOutcome& outcome) {
  std::vector<std::string> devices;
  for (const execution::FenceAttempt& attempt : outcome.attempts) {
    if (std::find(devices.begin(), devices.end(), attempt.device) == devices.end()) devices.push_back(attempt.device);
  }
  return Join(devices);
}

}  // namespace

void AddTo(Hasher& hasher, const FenceOutcome& outcome) {
  hasher.Add(static_cast<uint64_t>(outcome.result));
  hasher.Add(static_cast<uint64_t>(outcome.off_ms.value_or(-1)));
  for (const std::string& device : outcome.devices) hasher.Add(device);
}

// The longest that the device may run.
int64_t World::FenceTimeoutMs(const execution::FenceUse& use) const {
  const execution::Fencing& fencing = catalog_->fencing();
  const execution::FenceDevice* device = fencing.Find(use.device);
  const execution::DeviceOnNode* there = device ? fencing.On(*device, use.node) : nullptr;
  if (!there) return fencing.timeout_ms;
  return execution::ActionTimeoutMs(there->parameters, use.action, fencing.timeout_ms);
}

// A device that shares power with a node loses its power with the node.
bool World::HasPower(const std::string& device) const {
  const std::string power = catalog_->PowerOf(settings_.assumptions, device);
  const auto source = nodes_.find(power);
  return power.empty() || source == nodes_.end() || source->second.powered;
}

// What the agent really does to the node.
execution::FenceEffect World::EffectOf(const std::string& device, const std::string& executor) const {
  const execution::Fencing& fencing = catalog_->fencing();
  const execution::FenceDevice* found = fencing.Find(device);
  const execution::DeviceOnNode* there = found ? fencing.On(*found, executor) : nullptr;
  if (!there) return {};
  return execution::FenceEffectOf(found->agent, there->parameters, settings_.durations.sbd_message_ms);
}

FenceBehaviour World::BehaviourOf(const execution::FenceUse& use) const {
  using What = execution::FenceEffect::What;
  const execution::FenceEffect effect = EffectOf(use.device, use.node);
  FenceBehaviour behaviour;
  behaviour.after_ms = settings_.durations.longest ? FenceTimeoutMs(use) : settings_.durations.fence_ms;
  if (effect.takes_ms >= 0) behaviour.after_ms = effect.takes_ms;
  const int64_t known_ms = catalog_->KnownDurationMs(settings_.assumptions, use.device, "fencing", use.node);
  if (known_ms >= 0) behaviour.after_ms = known_ms;
  if (effect.what == What::kAccess || effect.what == What::kNothing) behaviour.how = FenceBehaviour::How::kLies;
  if (effect.what == What::kAccess)
    Assume(use.device + " shuts a node's way to the storage or the network: what needs neither runs on there");
  if (effect.what == What::kCrashed) {
    behaviour.how = FenceBehaviour::How::kRefuses;
    Assume(use.device + ": no crash kernel speaks, since a node that dies in the world has lost its power");
  }
  if (!HasPower(use.device)) behaviour.how = FenceBehaviour::How::kRefuses;
  const auto broken = failing_devices_.find(use.device);
  if (broken == failing_devices_.end()) return behaviour;
  behaviour.how = broken->second == How::kTimesOut ? FenceBehaviour::How::kHangs
                  : broken->second == How::kLies   ? FenceBehaviour::How::kLies
                                                   : FenceBehaviour::How::kRefuses;
  return behaviour;
}

void World::LaunchFencing(ClusterSide& side, const PlanStep& what, Flight::Step& step) {
  execution::FenceRequest request;
  request.target = what.node;
  request.action = what.detail;
  request.delay_ms = what.fence_delay_ms;
  request.requester = side.coordinator;
  const auto failed = side.failed_fencings.find(what.node);
  request.attempt = failed == side.failed_fencings.end() ? 0 : failed->second;
  for (const auto& [name, node] : nodes_) {
    if (node.remote || node.side != side.id) continue;
    (node.runs() ? request.peers : request.silent).push_back(name);
    for (const std::string& device : node.asks_status) request.asks_status.insert(device + "@" + name);
  }
  execution::FenceWorld facts;
  facts.is_started = [this](const std::string& device, const std::string& node) {
    const auto found = nodes_.find(node);
    return found != nodes_.end() && found->second.resources.count(device) > 0;
  };
  facts.answer = [this, &what](const std::string& device, const std::string&, execution::HostCheck how) {
    execution::FenceAnswer answer;
    answer.reaches = answer.at_once = HasPower(device);
    if (how == execution::HostCheck::kStatus && !PlaceOf(what.node).powered) answer.at_once = false;
    return answer;
  };
  facts.behaviour = [this](const execution::FenceUse& use) { return BehaviourOf(use); };
  execution::Choices fixed;
  const auto engine = settings_.picket_engine ? execution::Engine::kPicketd : execution::Engine::kPacemaker;
  auto outcome = std::make_shared<const FenceOutcome>(
      execution::Fence(catalog_->fencing(), request, facts, engine, choices ? *choices : fixed));
  for (const std::string& asked : outcome->asks_status) {
    const size_t at = asked.rfind('@');
    nodes_.at(asked.substr(at + 1)).asks_status.insert(asked.substr(0, at));
  }
  step.end_ms = now_ms_ + std::max<int64_t>(outcome->duration_ms, 1);
  if (outcome->off_ms) {
    // The attempt whose effect it is: its node may die before it has begun.
    const auto effective = std::find_if(outcome->attempts.begin(), outcome->attempts.end(),
                                        [](const execution::FenceAttempt& attempt) { return attempt.took_effect; });
    const bool known = effective != outcome->attempts.end();
    const int64_t begun_ms = known ? *outcome->off_ms - effective->begin_ms : 0;
    SetTimer(now_ms_ + *outcome->off_ms, TimerKind::kPower, what.node, known ? effective->node : side.coordinator,
             what.detail, static_cast<uint32_t>(std::max<int64_t>(begun_ms, 0)));
  }
  StoryEvent event;
  event.kind = EventKind::kFenceBegins;
  event.node = what.node;
  event.device = outcome->attempts.empty() ? std::string() : outcome->attempts.front().device;
  event.text = what.detail;
  step.fencing = std::move(outcome);
  Tell(std::move(event));
}

// The agent's command takes effect.
void World::CutPower(const Timer& timer) {
  TrueNode& target = PlaceOf(timer.node);
  const auto executor = nodes_.find(timer.instance);
  if (executor != nodes_.end() && !executor->second.runs()) {
    const int64_t begun_ms = timer.at_ms - timer.interval_ms;
    // The agent had not even begun, or its node died under it: nobody answers the requester.
    const bool hits = executor->second.died_ms > begun_ms &&
                      Choose(2, "whether what the dying " + timer.instance + " ordered still hits " + timer.node) == 0;
    if (!hits) return LoseFencing(timer.node, timer.instance);
    Tell(EventKind::kNote, timer.node, "the shot at " + timer.node + " was already on its way: they fence each other");
  }
  const bool is_machine = !target.remote || IsRemoteMachine(target.name);
  if (!target.powered) {
    // Its power is cut already; a reset switches it on.
    const bool boots = timer.operation == "reboot" && !target.stays_away && is_machine;
    const bool waits = std::any_of(timers_.begin(), timers_.end(), [&](const Timer& other) {
      return other.kind == TimerKind::kBoot && other.node == timer.node;
    });
    if (boots && !waits) SetTimer(now_ms_ + settings_.durations.boot_ms, TimerKind::kBoot, target.name);
    return;
  }
  LosePower(target, false);
  // A node that lost its power does not come back by being reset.
  if (timer.operation == "reboot" && !target.stays_away && is_machine)
    SetTimer(now_ms_ + settings_.durations.boot_ms, TimerKind::kBoot, target.name);
  if (!target.remote) SetTimer(now_ms_ + settings_.durations.detection_ms, TimerKind::kLose, {});
  ConnectionsToRemotes();
}

// The node that ran the agent is gone: the requester waits for its answer until the whole operation is over
// (spec 08 §7.4).
void World::LoseFencing(const std::string& target, const std::string& executor) {
  for (ClusterSide& side : sides_) {
    if (!side.flight) continue;
    for (const uint32_t index : side.flight->in_flight) {
      Flight::Step& step = side.flight->steps[index];
      if (!step.fencing || step.fencing->executor != executor || side.flight->plan->steps[index].node != target)
        continue;
      auto lost = std::make_shared<FenceOutcome>(*step.fencing);
      lost->result = Result::kTimeout;
      lost->devices.clear();
      lost->off_ms.reset();
      step.fencing = std::move(lost);
      step.end_ms = std::max(step.end_ms, step.acts_ms + catalog_->fencing().timeout_ms * 12 / 10);
    }
  }
}

void World::FinishFencing(ClusterSide& side, uint32_t index) {
  Flight& flight = *side.flight;
  const std::shared_ptr<const Plan> plan = flight.plan;
  const PlanStep& what = plan->steps[index];
  const FenceOutcome& outcome = *flight.steps[index].fencing;
  for (const execution::FenceAttempt& attempt : outcome.attempts) {
    StoryEvent call;
    call.kind = EventKind::kFenceCall;
    call.node = what.node;
    call.instance = attempt.node;
    call.device = attempt.device;
    call.text = attempt.action;
    call.rc = attempt.end == execution::FenceAttempt::End::kOk ? 0 : 1;
    call.timed_out = attempt.end == execution::FenceAttempt::End::kKilled;
    Tell(std::move(call));
  }
  StoryEvent event;
  event.node = what.node;
  event.text = what.detail;
  if (!outcome.success()) {
    const int failures = ++side.failed_fencings[what.node];
    event.kind = EventKind::kFenceFails;
    event.device = Tried(outcome);
    flight.Abort();
    const int attempts = settings_.picket_engine ? kPicketdAttempts : MaxAttempts(catalog_->cluster());
    side.gives_up = outcome.result == Result::kNoDevice || failures >= attempts;
    side.tries_again = settings_.picket_engine && side.gives_up;
    if (settings_.picket_engine)
      side.run_at_ms =
          std::max(side.run_at_ms, now_ms_ + (kPicketdPauseMs << std::min(failures - 1, kPicketdAttempts)));
    Tell(std::move(event));
    if (side.gives_up)
      Tell(EventKind::kNote, what.node,
           outcome.result == Result::kNoDevice
               ? "no device that can be used reaches " + what.node + ": nothing of it is recovered"
               : "fencing of " + what.node + " is given up; the cluster waits for somebody to look");
    return;
  }
  event.kind = EventKind::kFenced;
  event.device = Join(outcome.devices);
  if (settings_.hooks) settings_.hooks->fenced(event.device);
  TrueNode& node = PlaceOf(what.node);
  TakeAsFenced(side, node);
  Confirm(flight, index);
  Tell(std::move(event));
  if (!node.powered) return;
  const std::string& last = outcome.attempts.empty() ? std::string() : outcome.attempts.back().node;
  const bool shut = std::any_of(outcome.devices.begin(), outcome.devices.end(), [&](const std::string& device) {
    return EffectOf(device, last).what == execution::FenceEffect::What::kAccess && failing_devices_.count(device) == 0;
  });
  Tell(
      EventKind::kNote, what.node,
      shut ? what.node + " is cut off from what it shares, and lives" : what.node + " was not fenced: the device lies");
  HearOfFencing(side, node);
}

// The part counts the node as fenced: what it knows of the node goes (spec 08 §13.2).
void World::TakeAsFenced(ClusterSide& side, TrueNode& node) {
  side.failed_fencings.erase(node.name);
  if (node.remote) {
    execution::MarkRemoteFenced(Edit(side, node.name), EpochNow());
  } else {
    execution::MarkFenced(Edit(side, node.name));
  }
  node.member = false;
}

// A node that hears of its own fencing stops its cluster software; its services run on (spec 08 §13.5).
void World::HearOfFencing(const ClusterSide& side, TrueNode& node) {
  if (node.side != side.id || node.remote) return;
  if (PanicsWhenFenced(catalog_->cluster())) {
    LosePower(node, false);
    Tell(EventKind::kNodeDies, node.name, node.name + " hears of it and resets itself");
    SetTimer(now_ms_ + settings_.durations.boot_ms, TimerKind::kBoot, node.name);
    ConnectionsChanged();
    return ConnectionsToRemotes();
  }
  Tell(EventKind::kNote, node.name, node.name + " hears of it and stops its cluster software; its services run on");
  LeavePart(node);
}

std::vector<std::string> World::NotFenced() const {
  std::vector<std::string> names;
  for (const ClusterSide& side : sides_) {
    for (const auto& [name, failures] : side.failed_fencings) names.push_back(name);
  }
  return names;
}

// The part that a person asks, who says that the node is off: one that has quorum, and that the node is not in.
ClusterSide* World::PartThatIsTold(const TrueNode& node) {
  ClusterSide* told = nullptr;
  const auto rank = [&](const ClusterSide& side) { return std::pair(side.id != node.side, side.quorate); };
  for (ClusterSide& side : sides_) {
    if (IsLed(side) && (!told || rank(side) > rank(*told))) told = &side;
  }
  return told;
}

// No device is asked. A fencing that is under way goes on (spec 08 §16.3).
void World::Act(const compiler::scenario::Confirm& confirm) {
  for (const compiler::scenario::Name& name : confirm.nodes) {
    TrueNode& node = PlaceOf(name.id);
    ClusterSide* side = PartThatIsTold(node);
    if (!side) {
      Tell(EventKind::kNote, node.name, "nobody is there to be told that " + node.name + " is off");
      continue;
    }
    TakeAsFenced(*side, node);
    if (side->flight) side->flight->Abort();
    side->gives_up = false;
    Wake(*side, settings_.durations.decide_ms);
    if (!node.powered) continue;
    Tell(EventKind::kNote, node.name, node.name + " is not off: what was confirmed is not so");
    HearOfFencing(*side, node);
  }
}

// Without quorum nobody feeds a node's watchdog (spec 08 §14): it fires after half of the time for which the
// others wait, unless quorum comes back first.
void World::ArmWatchdogs(const ClusterSide& side) {
  const int64_t wait_ms = catalog_->fencing().watchdog_ms;
  if (wait_ms <= 0) return;
  Assume("sbd runs on every node, and resets a node without quorum after half of fencing-watchdog-timeout");
  for (const std::string& name : MembersOf(side)) SetTimer(now_ms_ + wait_ms / 2, TimerKind::kWatchdog, name);
}

void World::FireWatchdog(TrueNode& node) {
  const ClusterSide* side = SideOf(node.name);
  if (!node.runs() || !side || side->quorate) return;
  LosePower(node, false);
  Tell(EventKind::kNodeDies, node.name, node.name + " is reset by its own watchdog");
  SetTimer(now_ms_ + settings_.durations.boot_ms, TimerKind::kBoot, node.name);
  ConnectionsChanged();
  ConnectionsToRemotes();
}

// The node is let in again by the devices that shut it out (spec 08 §15).
void World::Unfence(ClusterSide& side, const PlanStep& what) {
  solver::NodeState& state = Edit(side, what.node);
  execution::StoreTransient(state, "#node-unfenced", std::to_string(EpochNow()));
  execution::StoreTransient(state, "#digests-all", what.digests_all);
  execution::StoreTransient(state, "#digests-secure", what.digests_secure);
}

}  // namespace picket::simulator
