// Counting failures, and clearing them (06 §13.5; 09 §8.4, §9.1, §9.3).
//
// A failure is counted in transient attributes of the node; the entry that shows it is written by RecordResult().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "execution/history/result.h"
#include "execution/history/style.h"
#include "solver/model/state.h"

namespace picket::execution {

// The name of what counts an operation's failures: `r#start_0`, behind `fail-count-` and `last-failure-`.
std::string FailureSuffix(std::string_view resource, std::string_view operation, uint32_t interval_ms);
// The value that a fail count has after one more failure: INFINITY if `fatal`. `before` may be null.
std::string NextFailCount(const std::string* before, bool fatal);
// Fail count and last failure of an operation: INFINITY if `fatal`, else one more.
void CountFailure(solver::NodeState& node, std::string_view resource, std::string_view operation, uint32_t interval_ms,
                  bool fatal, int64_t when_s, const Style& style = kLive);

// What a result adds to its operation's fail count.
enum class Weight : uint8_t { kNone, kOne, kInfinity };
// Probes, migrations and notifications never count; a failed stop is INFINITY, and so is a failed start if
// `start-failure-is-fatal`.
Weight WeightOf(const OperationResult& result, bool start_failure_is_fatal);

struct Counting {
  bool start_failure_is_fatal = true;
  // `on-fail=ignore`, and the result belongs to the transition under way: only the time of the failure is kept.
  bool ignored = false;
};
// Counts the result if it counts. Gives whether an attribute was written. `resource`: the history name.
bool CountResult(solver::NodeState& node, std::string_view resource, const OperationResult& result, Counting counting,
                 int64_t when_s, const Style& style = kLive);

// Forgets the fail counts and `R_last_failure_0`; everything else stays.
void ClearFailures(solver::NodeState& node, const HistoryTarget& target);
// The attributes alone.
void ClearFailCounts(solver::NodeState& node, const HistoryTarget& target);
void ClearFailCounts(solver::NodeState& node, const HistoryTarget& target, std::string_view operation,
                     uint32_t interval_ms);
// The same for one operation: `R_last_failure_0` goes only if it is of that operation.
void ClearFailures(solver::NodeState& node, const HistoryTarget& target, std::string_view operation,
                   uint32_t interval_ms);

}  // namespace picket::execution
