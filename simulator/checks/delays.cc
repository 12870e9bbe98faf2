// W0402: two nodes that shoot each other at the same moment. W0425: a delay that outweighs the priorities. W0426: a
// map of delays that Pacemaker reads as none, a longest delay below the shortest.
#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "execution/fencing/parameters.h"
#include "simulator/checks/fencing_view.h"
#include "solver/cib/values.h"

namespace picket::simulator {
namespace {

using compiler::Diagnostic;
using execution::FenceDevice;

constexpr const char* kPriorityDelay = "priority-fencing-delay";

bool SetsPriority(const solver::NvBlocks& blocks) {
  return std::any_of(blocks.begin(), blocks.end(), [](const solver::NvBlock& block) {
    return std::any_of(block.pairs.begin(), block.pairs.end(), [](const solver::NvPair& pair) {
      return pair.name == "priority" && solver::ParseScore(pair.value).value_or(solver::Score(1)) != solver::Score();
    });
  });
}

bool SetsPriority(const solver::ResourceDef& def) {
  return SetsPriority(def.meta) ||
         std::any_of(def.children.begin(), def.children.end(), [](const auto& child) { return SetsPriority(child); });
}

class DelayChecker {
 public:
  explicit DelayChecker(const FencingView& view) : view_(view) {
    for (const solver::NvBlock& block : view.cluster().properties) {
      for (const solver::NvPair& pair : block.pairs) {
        if (pair.name == kPriorityDelay) priority_ms_ = std::max<int64_t>(0, solver::DurationOrZero(pair.value));
      }
    }
    const auto& resources = view.cluster().resources;
    has_priorities_ =
        SetsPriority(view.cluster().rsc_defaults) ||
        std::any_of(resources.begin(), resources.end(), [](const auto& def) { return SetsPriority(def); });
  }

  void Run() {
    for (const FenceDevice& device : view_.fencing().devices) {
      UnreadMap(device);
      BelowBase(device);
    }
    if (priority_ms_ > 0 && has_priorities_) return OutweighedPriorities();
    Race();
  }

 private:
  // A delay that a rule or a secret decides is not known.
  bool IsKnown(const FenceDevice& device, const char* name) const {
    const solver::ResourceDef* def = view_.Definition(device.id);
    if (!def) return false;
    return std::none_of(def->params.begin(), def->params.end(), [&](const solver::NvBlock& block) {
      return std::any_of(block.pairs.begin(), block.pairs.end(), [&](const solver::NvPair& pair) {
        return pair.name == name && (block.rule || pair.value.starts_with("secret("));
      });
    });
  }

  const solver::Table& Parameters(const FenceDevice& device) const {
    static const solver::Table none;
    return device.on.empty() ? none : device.on.front().parameters;
  }

  execution::DelayMap Map() const {
    return view_.review().topology.engine == compiler::Engine::kPicket ? execution::DelayMap::kColonOrEquals
                                                                       : execution::DelayMap::kColon;
  }

  // Nothing if it is random or unknown. The agent may have a delay of its own.
  std::optional<int64_t> DelayMs(const FenceDevice& device, const std::string& target) const {
    for (const char* name : {"pcmk_delay_base", "pcmk_delay_max", "delay"}) {
      if (!IsKnown(device, name)) return std::nullopt;
    }
    const solver::Table& parameters = Parameters(device);
    const int64_t base_ms = execution::DelayBaseMs(parameters, target, Map());
    if (execution::DelayMaxMs(parameters, target, Map()) > base_ms) return std::nullopt;
    return base_ms + int64_t{solver::DurationOrZero(parameters.Get("delay"))};
  }

  void Race() const {
    const auto& members = view_.review().members;
    if (members.size() != 2) return;
    const FenceDevice* first = nullptr;
    std::set<int64_t> different;
    for (const auto& [target, span] : members) {
      for (const FenceDevice& device : view_.fencing().devices) {
        if (view_.Users(device, target).empty()) continue;
        const auto delay_ms = DelayMs(device, target);
        if (!delay_ms) return;
        different.insert(*delay_ms);
        if (!first || DocumentOrder(device) < DocumentOrder(*first)) first = &device;
      }
    }
    if (!first || different.size() > 1) return;
    if (priority_ms_ > 0) return IdlePriorities(*first);
    const bool none = *different.begin() == 0;
    Diagnostic& warning = view_.diagnostics().Warning(
        "W0402", view_.NameOf(*first),
        none ? "two nodes, and no fence device has a delay: both nodes may fence each other"
             : "two nodes, and the same delay before either is fenced: both nodes may fence each other");
    warning.help.push_back(none ? "write `pcmk_delay_base = 5s` in the device that fences the node which should win"
                                : "write `pcmk_delay_base` only in the device that fences the node which should "
                                  "win, or `pcmk_delay_max` for a random delay");
  }

  std::uint32_t DocumentOrder(const FenceDevice& device) const { return view_.NameOf(device).begin; }

  void IdlePriorities(const FenceDevice& first) const {
    const auto property = view_.PropertyOf(kPriorityDelay);
    Diagnostic& warning = view_.diagnostics().Warning(
        "W0402", property.value_or(view_.NameOf(first)),
        "`priority-fencing-delay` has no effect while no resource has a priority: both nodes may fence each other");
    warning.help.push_back(
        "write `priority=10` in the resource whose node should win, or `pcmk_delay_base = 5s` in the device that "
        "fences that node");
  }

  void OutweighedPriorities() const {
    for (const FenceDevice& device : view_.fencing().devices) {
      for (const auto& [target, span] : view_.review().members) {
        if (!view_.MayReach(device, target)) continue;
        const int64_t delay_ms = execution::DelayMaxMs(Parameters(device), target, Map());
        if (2 * delay_ms <= priority_ms_) continue;
        const bool max = Parameters(device).Has("pcmk_delay_max");
        Diagnostic& warning = view_.diagnostics().Warning(
            "W0425", view_.ParameterOf(device, max ? "pcmk_delay_max" : "pcmk_delay_base"),
            delay_ms >= priority_ms_
                ? "this delay is as long as `priority-fencing-delay`: it decides who wins, whatever the priorities"
                : "this delay is more than half of `priority-fencing-delay`: a fencing that takes longer than the "
                  "rest may cost the wrong node");
        if (const auto property = view_.PropertyOf(kPriorityDelay)) {
          warning.others.push_back({*property, "the delay by priority"});
        }
        warning.help.push_back("make `priority-fencing-delay` at least twice the longest `pcmk_delay_…`");
        break;
      }
    }
  }

  void UnreadMap(const FenceDevice& device) const {
    const std::string_view text = Parameters(device).Get("pcmk_delay_base");
    if (text.find('=') == text.npos || !IsKnown(device, "pcmk_delay_base")) return;
    Diagnostic& warning = view_.diagnostics().Warning(
        "W0426", view_.ParameterOf(device, "pcmk_delay_base"),
        "Pacemaker separates a node from its delay by `:` alone, and reads this as no delay");
    warning.help.push_back("write `NODE:5s`");
  }

  void BelowBase(const FenceDevice& device) const {
    if (!IsKnown(device, "pcmk_delay_base") || !IsKnown(device, "pcmk_delay_max")) return;
    const solver::Table& parameters = Parameters(device);
    if (!parameters.Has("pcmk_delay_max") || !parameters.Has("pcmk_delay_base")) return;
    const int64_t max_ms = solver::DurationOrZero(parameters.Get("pcmk_delay_max"));
    const int64_t base_ms = execution::DelayBaseMs(parameters, "", Map());
    if (max_ms <= 0 || base_ms <= max_ms) return;
    Diagnostic& warning = view_.diagnostics().Warning(
        "W0426", view_.ParameterOf(device, "pcmk_delay_max"),
        "`pcmk_delay_max` is shorter than `pcmk_delay_base`: nothing about the delay is random");
    warning.help.push_back("write the sum of the base and of what shall be random");
  }

  const FencingView& view_;
  int64_t priority_ms_ = 0;
  bool has_priorities_ = false;
};

}  // namespace

void CheckDelays(const FencingView& view) {
  DelayChecker(view).Run();
}

}  // namespace picket::simulator
