#include "execution/fencing/tasks.h"

#include <algorithm>
#include <iterator>

#include "execution/fencing/parameters.h"

namespace picket::execution {
namespace {

// A device that lets nodes in when they join does not while they are away, and some can only take nodes away.
bool SwitchesOn(const LevelDevice& part) {
  if (Unfences(*part.device, part.facts)) return false;
  return part.facts.switches_on || part.device->parameters.Has("pcmk_on_action");
}

// Where the two can be told apart, `off` alone is the proof that counts, and it is there sooner.
bool RebootsAtOnce(const LevelDevice& part) {
  static constexpr const char* kOwn[] = {"pcmk_reboot_action", "pcmk_reboot_timeout", "pcmk_reboot_retries"};
  const auto set = [&](const char* name) { return part.device->parameters.Has(name); };
  if (std::any_of(std::begin(kOwn), std::end(kOwn), set)) return part.facts.reboots || set("pcmk_reboot_action");
  return part.facts.reboots && !SwitchesOn(part);
}

}  // namespace

std::vector<NodeDevice> DevicesOn(const Fencing& fencing, std::string_view node) {
  std::vector<const FenceDevice*> registered;
  for (const FenceDevice& device : fencing.devices) {
    if (fencing.IsRegistered(device, node)) registered.push_back(&device);
  }
  std::stable_sort(registered.begin(), registered.end(),
                   [](const FenceDevice* a, const FenceDevice* b) { return a->priority > b->priority; });
  std::vector<NodeDevice> devices;
  for (const FenceDevice* device : registered) {
    devices.push_back({device->id, device->agent, fencing.On(*device, node)->parameters, device->unfences});
  }
  return devices;
}

std::vector<std::vector<std::string>> LevelsFor(const Fencing& fencing, std::string_view target) {
  std::vector<std::vector<std::string>> levels;
  const std::vector<const TopologyEntry*> entries = EntriesFor(fencing, target);
  if (entries.empty()) return levels;
  for (const TopologyLevel& level : entries.front()->levels) {
    if (!level.devices.empty()) levels.push_back(level.devices);
  }
  return levels;
}

std::vector<FenceTask> TasksOf(const std::vector<LevelDevice>& level, const std::string& action, bool asks) {
  std::vector<FenceTask> tasks;
  for (const LevelDevice& part : level) {
    if (!asks) break;
    const HostCheck check = HostCheckOf(part.device->parameters, part.facts);
    if (check == HostCheck::kDynamicList) tasks.push_back({FenceTask::Kind::kList, part.index, "list", false});
    if (check == HostCheck::kStatus) tasks.push_back({FenceTask::Kind::kStatus, part.index, "status", false});
  }
  const auto act = [&](const LevelDevice& part, const std::string& what, bool forgiven) {
    tasks.push_back({FenceTask::Kind::kAct, part.index, what, forgiven});
  };
  const bool at_once = level.size() == 1 && RebootsAtOnce(level.front());
  const bool off_and_on = action == "reboot" && !at_once;
  for (const LevelDevice& part : level) act(part, off_and_on ? "off" : action, false);
  if (!off_and_on) return tasks;
  for (const LevelDevice& part : level) {
    if (SwitchesOn(part)) act(part, "on", true);
  }
  return tasks;
}

}  // namespace picket::execution
