// What the world changes in a node's state beside writing results (simulator/inject/history_entry.h does that): a
// stopped resource is no longer monitored, a cancelled monitor is forgotten, attributes come and go.
//
// Works on NodeState values; knows nothing of time or durations beyond what it is told.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "simulator/inject/history_entry.h"
#include "solver/model/state.h"

namespace picket::simulator {

// Records the result. A successful stop also ends the recurring operations, as the executor does.
void RecordResult(solver::NodeState& state, const HistoryTarget& target, const SimulatedResult& result, int64_t now_s);
// Forgets the recurring operation (a cancel).
void ForgetRecurring(solver::NodeState& state, const HistoryTarget& target, std::string_view operation,
                     uint32_t interval_ms);
// Forgets everything about the resource (a delete).
void ForgetResource(solver::NodeState& state, const HistoryTarget& target);
// The history the target goes to, or null.
const solver::ResourceHistory* FindHistory(const solver::NodeState& state, const HistoryTarget& target);
// The entry of a recurring operation that is recorded as running, or null.
const solver::HistoryEntry* FindRecurring(const solver::ResourceHistory& history, std::string_view operation,
                                          uint32_t interval_ms);

// The node is off, or was reset: the others know that nothing of it is left.
void MarkFenced(solver::NodeState& state);

// Transient node attributes.
void EraseTransient(solver::NodeState& state, std::string_view name);
const std::string* FindTransient(const solver::NodeState& state, std::string_view name);
// Fail count and last failure of an operation: INFINITY if `fatal`, else one more.
void CountFailure(solver::NodeState& state, std::string_view resource, std::string_view operation,
                  uint32_t interval_ms, bool fatal, int64_t when_s);
void ClearFailures(solver::NodeState& state, const HistoryTarget& target);

}  // namespace picket::simulator
