// W0214: a node cannot be relied on to fence itself.
#include <string>
#include <vector>

#include "execution/fencing/parameters.h"
#include "simulator/checks/fencing_view.h"
#include "solver/model/text.h"

namespace picket::simulator {
namespace {

using execution::DeviceOnNode;
using execution::FenceDevice;

// The one member that may use the device; empty if there are several or none.
std::string OnlyUser(const FencingView& view, const FenceDevice& device) {
  std::string only;
  for (const auto& [name, span] : view.review().members) {
    if (!view.fencing().IsRegistered(device, name)) continue;
    if (!only.empty()) return {};
    only = name;
  }
  return only;
}

void CheckOwnDevice(const FencingView& view, const FenceDevice& device) {
  const std::string only = OnlyUser(view, device);
  const auto location = view.LocationOf(device);
  if (only.empty() || !location || view.IsUnsure(device)) return;
  const DeviceOnNode& there = *view.fencing().On(device, only);
  const execution::AgentFacts facts = execution::KnownFacts(device.agent);
  const bool listed = HostCheckOf(there.parameters, facts) == execution::HostCheck::kStaticList;
  if (!listed || ReachOf(there.parameters, facts, only) != execution::Reach::kYes) return;
  compiler::Diagnostic& warning = view.diagnostics().Warning(
      "W0214", *location,
      "only `" + only + "` may use `" + device.id + "`, which fences it: a lost node cannot fence itself");
  warning.others.push_back({view.HostOf(device, only), "the node that it fences"});
  warning.help.push_back("write `location " + device.id + " never " + only + "`, or leave the place to the cluster");
}

}  // namespace

void CheckOwnDevices(const FencingView& view) {
  if (view.review().members.size() < 2) return;
  for (const FenceDevice& device : view.fencing().devices) CheckOwnDevice(view, device);
}

}  // namespace picket::simulator
