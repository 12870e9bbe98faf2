// The fence devices of a configuration, and the levels in which they are to be tried.
//
// Pure functions of the configuration: what a device can do, and whether it answers, its agent says.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "solver/model/cluster.h"
#include "solver/model/state.h"
#include "solver/model/table.h"

namespace picket::runtime {

struct FenceDevice {
  std::string id;
  std::string agent;         // the file's name: `fence_ipmilan`
  solver::Table parameters;  // all of them, those for the cluster (`pcmk_…`) as well
  int64_t priority = 0;
  bool unfences = false;     // `provides=unfencing`
};

// The devices that may be used from the node, the highest priority first, then as in the configuration. Disabled
// ones (target-role=Stopped, or banned from the node) are left out.
std::vector<FenceDevice> DevicesOn(const solver::Cluster& cluster, const std::string& node,
                                   const solver::Instant& now);

// The levels for a target, in order, each with the ids of its devices; empty if nothing is said of the target. Levels
// by name come before levels by pattern, those before levels by attribute; only the first of these kinds that knows
// the target counts.
std::vector<std::vector<std::string>> LevelsFor(const solver::Cluster& cluster, const std::string& target,
                                                const solver::Instant& now);

// The members, but for the target, that may have a device that reaches the target: all devices of a level, if there
// are levels. If no member has a whole level, those that have one of its devices: trying says what is amiss. In the
// order of `members`.
std::vector<std::string> NodesThatCanFence(const solver::Cluster& cluster, const std::string& target,
                                           const std::vector<std::string>& members, const solver::Instant& now = {});

}  // namespace picket::runtime
