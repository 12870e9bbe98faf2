// What operators make a cluster forget: crm_resource --cleanup and --refresh (09 §15).
#pragma once

#include <cstdint>
#include <string_view>

#include "execution/history/result.h"
#include "solver/model/state.h"

namespace picket::execution {

// Forgets the resource's failures on the node, and its whole history if a failed entry is among it. Gives whether
// the history went: then the resource is probed anew.
bool Cleanup(solver::NodeState& state, const HistoryTarget& target);
// The same for the failures of one operation.
bool Cleanup(solver::NodeState& state, const HistoryTarget& target, std::string_view operation, uint32_t interval_ms);
// Forgets the resource's failures and history on the node, failed or not. Gives whether it had a history.
bool Refresh(solver::NodeState& state, const HistoryTarget& target);
// The same for every resource.
void RefreshAll(solver::NodeState& state);

}  // namespace picket::execution
