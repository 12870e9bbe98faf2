// What the checks of fencing have in common: the configuration as it was read, and where its parts are written.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/compile.h"
#include "execution/fencing/fencing.h"
#include "execution/fencing/reach.h"
#include "solver/model/cluster.h"

namespace picket::simulator {

class FencingView {
 public:
  FencingView(const compiler::Review& review, solver::Cluster cluster);

  const compiler::Review& review() const { return review_; }
  const solver::Cluster& cluster() const { return cluster_; }
  const execution::Fencing& fencing() const { return fencing_; }
  compiler::Diagnostics& diagnostics() const { return review_.diagnostics; }

  const solver::ResourceDef* Definition(std::string_view device) const;
  // Parameters that hold under a condition, or are filled in later, may be anything.
  bool IsUnsure(const execution::FenceDevice& device) const;
  // By its parameters; what has to be asked may reach everybody.
  bool MayReach(const execution::FenceDevice& device, std::string_view target) const;
  // The members that may use it against the target.
  std::vector<std::string> Users(const execution::FenceDevice& device, std::string_view target) const;
  // The author says that nothing fences it.
  bool IsExempt(std::string_view node) const;

  // --- places
  compiler::Span NameOf(const execution::FenceDevice& device) const;
  // Where the device says that it is for the node.
  compiler::Span HostOf(const execution::FenceDevice& device, const std::string& node) const;
  // The device's name in a level; nothing if the level is not written as one.
  std::optional<compiler::Span> DeviceIn(const execution::TopologyLevel& level, const std::string& device) const;
  // The option of the device; its name if it is set elsewhere.
  compiler::Span ParameterOf(const execution::FenceDevice& device, std::string_view name) const;
  std::optional<compiler::Span> PropertyOf(std::string_view name) const;
  // What keeps the device from nodes: the last location that is about it.
  std::optional<compiler::Span> LocationOf(const execution::FenceDevice& device) const;

 private:
  const compiler::Review& review_;
  const solver::Cluster cluster_;
  const execution::Fencing fencing_;
  execution::Fencing unfenced_;  // what is exempt, as if it were levels
};

// A file for each.
void CheckChains(const compiler::Review& review, const solver::Cluster& cluster);  // W0499
void CheckReach(const FencingView& view);                                          // E0211, E0213
void CheckOwnDevices(const FencingView& view);                                     // W0214
void CheckDelays(const FencingView& view);                                         // W0402, W0425, W0426
void CheckLevels(const FencingView& view);                                         // W0423, W0424
void CheckTimes(const FencingView& view);                                          // W0470 to W0475

}  // namespace picket::simulator
