#include "simulator/timing/fence_times.h"

#include <algorithm>
#include <functional>
#include <set>

#include "execution/agents/fence_effects.h"
#include "execution/choices.h"
#include "execution/fencing/parameters.h"
#include "execution/fencing/reach.h"

namespace picket::simulator {
namespace {

using execution::DeviceOnNode;
using execution::FenceBehaviour;
using execution::FenceDevice;
using execution::FenceOutcome;
using execution::Fencing;

constexpr int kWaysMax = 16;

const DeviceOnNode* FirstPlaceOf(const FenceDevice& device) {
  for (const DeviceOnNode& there : device.on) {
    if (there.registration == execution::Registration::kRegistered) return &there;
  }
  return nullptr;
}

class TargetPlayer {
 public:
  TargetPlayer(const Fencing& fencing, const FenceTimesOptions& options, const std::string& target)
      : fencing_(fencing), options_(options) {
    request_.target = target;
    request_.action = options.action;
    for (const std::string& node : fencing.nodes) {
      if (node != target) request_.peers.push_back(node);
    }
    if (!request_.peers.empty()) request_.requester = request_.peers.front();
  }

  FenceTimes Play() const {
    FenceTimes times;
    times.target = request_.target;
    times.devices = Devices();
    if (request_.peers.empty()) return times;
    const FenceOutcome works = Worst({});
    if (works.success()) times.works_ms = works.duration_ms;
    if (!works.attempts.empty()) {
      times.hangs = works.attempts.front().device;
      const FenceOutcome hung = Worst({times.hangs});
      if (hung.success()) times.hung_ms = hung.duration_ms;
    }
    std::set<std::string> all;
    for (const FenceDevice& device : fencing_.devices) all.insert(device.id);
    times.given_up_ms = Worst(all).duration_ms;
    return times;
  }

 private:
  // The longest of all ways, a failure being longer than any success.
  FenceOutcome Worst(const std::set<std::string>& hanging) const {
    execution::FenceWorld world;
    world.behaviour = [&](const execution::FenceUse& use) {
      FenceBehaviour behaviour;
      behaviour.after_ms = AgentMs(use.device);
      if (hanging.contains(use.device)) behaviour.how = FenceBehaviour::How::kHangs;
      return behaviour;
    };
    std::optional<FenceOutcome> worst;
    int ways = 0;
    for (std::optional<execution::Choices> way = execution::Choices(); way && ways < kWaysMax;
         way = way->Next(), ++ways) {
      FenceOutcome outcome = execution::Fence(fencing_, request_, world, options_.engine, *way);
      const auto weight = [](const FenceOutcome& one) { return std::pair(!one.success(), one.duration_ms); };
      if (!worst || weight(*worst) < weight(outcome)) worst = std::move(outcome);
    }
    return *worst;
  }

  int64_t AgentMs(const std::string& device) const {
    const FenceDevice* found = fencing_.Find(device);
    const DeviceOnNode* there = found ? FirstPlaceOf(*found) : nullptr;
    if (!there) return options_.agent_ms;
    const auto effect = execution::FenceEffectOf(found->agent, there->parameters, options_.sbd_message_ms);
    return effect.takes_ms >= 0 ? effect.takes_ms : options_.agent_ms;
  }

  std::vector<DeviceTimes> Devices() const {
    std::vector<DeviceTimes> devices;
    const auto entries = EntriesFor(fencing_, request_.target);
    if (!entries.empty()) {
      int number = 0;
      for (const execution::TopologyLevel& level : entries.front()->levels) {
        ++number;
        for (const std::string& id : level.devices) {
          const FenceDevice* device = fencing_.Find(id);
          // Several devices of a level are switched off together, then on (spec 08 §8.4).
          if (device) devices.push_back(TimesOf(*device, number, level.devices.size() > 1));
        }
      }
      return devices;
    }
    for (const FenceDevice& device : fencing_.devices) {
      const DeviceOnNode* there = FirstPlaceOf(device);
      const execution::AgentFacts facts = execution::KnownFacts(device.agent);
      if (!there || ReachOf(there->parameters, facts, request_.target) == execution::Reach::kNo) continue;
      devices.push_back(TimesOf(device, 0, false));
    }
    return devices;
  }

  DeviceTimes TimesOf(const FenceDevice& device, int level, bool off_and_on) const {
    DeviceTimes times;
    times.level = level;
    times.device = device.id;
    const DeviceOnNode* there = FirstPlaceOf(device);
    if (!there) return times;
    const bool remapped = off_and_on && request_.action == "reboot";
    const std::string action =
        remapped ? "off" : execution::ActionFor(request_.action, execution::KnownFacts(device.agent));
    const auto map = options_.engine == execution::Engine::kPicketd ? execution::DelayMap::kColonOrEquals
                                                                    : execution::DelayMap::kColon;
    times.delay_max_ms = execution::DelayMaxMs(there->parameters, request_.target, map);
    times.delay_min_ms = std::min(execution::DelayBaseMs(there->parameters, request_.target, map), times.delay_max_ms);
    times.timeout_ms = DeviceTimeoutMs(fencing_, device, action);
    times.attempts = std::max<int64_t>(1, execution::ActionAttempts(there->parameters, action));
    return times;
  }

  const Fencing& fencing_;
  const FenceTimesOptions& options_;
  execution::FenceRequest request_;
};

}  // namespace

int64_t DeviceTimeoutMs(const Fencing& fencing, const FenceDevice& device, const std::string& action) {
  const DeviceOnNode* there = FirstPlaceOf(device);
  if (!there) return fencing.timeout_ms;
  return execution::ActionTimeoutMs(there->parameters, action, fencing.timeout_ms);
}

std::vector<FenceTimes> FenceTimesOf(const Fencing& fencing, const FenceTimesOptions& options) {
  std::vector<FenceTimes> all;
  if (!fencing.enabled) return all;
  for (const std::string& node : fencing.nodes) all.push_back(TargetPlayer(fencing, options, node).Play());
  return all;
}

}  // namespace picket::simulator
