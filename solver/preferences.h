// Whether a configuration has so many chains of colocations that preferences will not count: asked beforehand, of the
// configuration alone. LeavesPreferencesOut() in schedule.h says the same of a solve that has been made.
#pragma once

#include <optional>
#include <string>

#include "solver/model/cluster.h"

namespace picket::solver {

// The id of the colocation from which on preferences do not count, whatever the scores are; nullopt if all may count.
std::optional<std::string> WherePreferencesAreLeftOut(const Cluster& cluster);

}  // namespace picket::solver
