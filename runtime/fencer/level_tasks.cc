#include "runtime/fencer/level_tasks.h"

#include <algorithm>
#include <iterator>

#include "runtime/fencer/host_map.h"

namespace picket::runtime {
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

}  // namespace picket::runtime
