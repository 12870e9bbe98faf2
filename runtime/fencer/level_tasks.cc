#include "runtime/fencer/level_tasks.h"

#include "runtime/fencer/host_map.h"

namespace picket::runtime {
namespace {

bool Reboots(const LevelDevice& part) {
  return part.facts.reboots || part.device->parameters.Has("pcmk_reboot_action");
}

// A device that lets nodes in when they join does not while they are away, and some can only take nodes away.
bool SwitchesOn(const LevelDevice& part) {
  if (Unfences(*part.device, part.facts)) return false;
  return part.facts.switches_on || part.device->parameters.Has("pcmk_on_action");
}

}  // namespace

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
  const bool at_once = level.size() == 1 && Reboots(level.front());
  const bool off_and_on = action == "reboot" && !at_once;
  for (const LevelDevice& part : level) act(part, off_and_on ? "off" : action, false);
  if (!off_and_on) return tasks;
  for (const LevelDevice& part : level) {
    if (SwitchesOn(part)) act(part, "on", true);
  }
  return tasks;
}

}  // namespace picket::runtime
