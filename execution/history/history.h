// What becomes of a node's operation history: results are recorded, cancelled monitors and deleted resources are
// forgotten, failures are cleared (09 §8, §9.3).
//
// Works on NodeState values; knows nothing of time or durations beyond what it is told. Cost: the histories of the
// node, and the entries of one of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "execution/history/result.h"
#include "execution/history/style.h"
#include "solver/model/state.h"

namespace picket::execution {

void RecordResult(solver::NodeState& state, const HistoryTarget& target, const OperationResult& result, int64_t now_s,
                  const Style& style = kLive);
// Records a later result of a recurring operation, which keeps its call and its digest (09 §7.4, §8.3).
void RecordRepeated(solver::NodeState& state, const HistoryTarget& target, OperationResult result, int64_t now_s,
                    const Style& style = kLive);
// Records that an operation has begun and its end is not known yet. RecordResult() takes the record away.
void RecordPending(solver::NodeState& state, const HistoryTarget& target, const OperationResult& begun, int64_t now_s,
                   const Style& style = kLive);

// The resource is locked to the node since then, or not any more: "0" (09 §13.5). True if that is news.
bool SetShutdownLock(solver::NodeState& state, const HistoryTarget& target, std::string_view since_s);

// Forgets the recurring operation (a cancel). `R_last_failure_0` stays even if it is of that operation.
void ForgetRecurring(solver::NodeState& state, const HistoryTarget& target, std::string_view operation,
                     uint32_t interval_ms);
// Forgets all recurring operations of the resource: they end before it is stopped.
void ForgetAllRecurring(solver::NodeState& state, const HistoryTarget& target);
// The same for every resource: whatever ran them has ended.
void ForgetAllRecurring(solver::NodeState& state);
// Forgets those that found it promoted: they end before it is demoted.
void ForgetPromotedMonitors(solver::NodeState& state, const HistoryTarget& target);
// Forgets what has begun and not ended.
void ForgetPending(solver::NodeState& state, const HistoryTarget& target);
// Forgets everything about the resource (a delete).
void ForgetResource(solver::NodeState& state, const HistoryTarget& target);
// Forgets `R_last_failure_0`; with an operation: only if it is of that operation.
void ForgetLastFailure(solver::NodeState& state, const HistoryTarget& target);
void ForgetLastFailure(solver::NodeState& state, const HistoryTarget& target, std::string_view operation,
                       uint32_t interval_ms);
// Forgets everything about every resource. `keeps_locks`: but for resources that a shutdown lock keeps for the node.
void ForgetHistory(solver::NodeState& state, bool keeps_locks = false);

// The history the target goes to, made if there is none.
solver::ResourceHistory& HistoryFor(solver::NodeState& state, const HistoryTarget& target);
// The history the target goes to, or null.
const solver::ResourceHistory* FindHistory(const solver::NodeState& state, const HistoryTarget& target);
// The entry of a recurring operation that is recorded as running, or null.
const solver::HistoryEntry* FindRecurring(const solver::ResourceHistory& history, std::string_view operation,
                                          uint32_t interval_ms);
// Resources with an operation that has begun and not ended.
std::vector<std::string> PendingResources(const solver::NodeState& state);
// Recorded times move along with a clock that was set.
void ShiftTimes(solver::NodeState& state, int64_t by_s);

}  // namespace picket::execution
