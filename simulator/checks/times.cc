// W0470 to W0475: times that do not fit one another (simulator/timing/limits.h).
#include <algorithm>
#include <string>

#include "simulator/checks/fencing_view.h"
#include "simulator/timing/limits.h"

namespace picket::simulator {
namespace {

compiler::Span PlaceOf(const FencingView& view, const Limit& limit) {
  if (!limit.section.empty()) {
    const auto place =
        view.review().cluster_place ? view.review().cluster_place(limit.section, limit.parameter) : std::nullopt;
    if (place) return *place;
  }
  if (!limit.property.empty()) {
    // Pacemaker 2 has it under its older name.
    const std::string older = "stonith" + limit.property.substr(limit.property.find('-'));
    for (const std::string& name : {limit.property, older}) {
      if (const auto place = view.PropertyOf(name)) return *place;
    }
  }
  const execution::FenceDevice* device = view.fencing().Find(limit.device);
  return device ? view.ParameterOf(*device, limit.parameter) : compiler::Span{};
}

// W0475: without a third vote both of two nodes have quorum, and nobody's watchdog fires.
void TwoWatchdogs(const FencingView& view) {
  const compiler::Review& review = view.review();
  const bool third = review.topology.device.has_value() || !review.topology.two_node;
  const bool devices =
      std::any_of(view.fencing().devices.begin(), view.fencing().devices.end(),
                  [](const execution::FenceDevice& device) { return device.agent != "fence_watchdog"; });
  const auto place = view.PropertyOf("stonith-watchdog-timeout");
  const auto other = view.PropertyOf("fencing-watchdog-timeout");
  if (view.fencing().watchdog_ms <= 0 || review.members.size() != 2 || third || devices || (!place && !other)) return;
  compiler::Diagnostic& warning =
      view.diagnostics().Warning("W0475", place ? *place : *other,
                                 "two nodes that lose sight of each other both have quorum: no watchdog fires, and "
                                 "each takes the other for fenced");
  warning.label = "both run everything";
  warning.help.push_back("add a `qdevice`, or a fence device");
}

}  // namespace

void CheckTimes(const FencingView& view) {
  TwoWatchdogs(view);
  const compiler::Review& review = view.review();
  for (const Limit& limit : LimitsOf(view.fencing(), review.topology, review.agent_default)) {
    // Of the consensus the compiler tells more.
    if (limit.holds() || limit.code == "W0458") continue;
    compiler::Diagnostic& warning =
        view.diagnostics().Warning(limit.code, PlaceOf(view, limit),
                                   limit.less + " is " + SecondsText(limit.less_ms) + ", more than " + limit.more +
                                       ", " + SecondsText(limit.more_ms));
    warning.label = limit.otherwise;
    warning.help.push_back(limit.help);
  }
}

}  // namespace picket::simulator
