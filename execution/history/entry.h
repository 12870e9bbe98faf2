// The lrm_rsc_op elements that a result leaves: their ids and fields (06 §13.4; 09 §8.1 to §8.3).
//
// Works on values that the caller owns; finds nothing by name and knows no time of its own. Cost: the attributes of
// the entries written.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "execution/history/result.h"
#include "execution/history/style.h"
#include "solver/model/state.h"

namespace picket::execution {

struct EntryContext {
  int call_id = 0;
  std::string node;
  int64_t now_s = 0;
};

// Whether the result leaves `R_last_failure_0` (09 §8.1). A probe that finds the resource running does.
bool LeavesFailure(const OperationResult& result, const Style& style);
// Whether the entry is a failure that people have to look at: a probe that found the resource running is none.
bool IsFailure(const solver::HistoryEntry& entry);
// Whether the entry is not what was expected: it is `R_last_failure_0`, or stands beside it. A probe that found the
// resource running is.
bool IsUnexpected(const solver::HistoryEntry& entry);
// Notifications, cancels, deletions and meta-data leave no history in a live cluster.
bool IsRecorded(const OperationResult& result, const Style& style);
// The name under which the operation is recorded: a reload is a start, a reload that did not happen a monitor.
std::string_view RecordedOperation(const OperationResult& result, const Style& style);
// The ids under which a result is recorded, in the order of writing; empty: it is not recorded.
std::vector<std::string> EntryIds(const OperationResult& result, const Style& style);
// The one of them where a result stands that is as expected, and the one of the last failure.
std::string UsualId(const OperationResult& result);
std::string LastFailureId(const OperationResult& result);
// A new, empty history for the target.
solver::ResourceHistory MakeHistory(const HistoryTarget& target);
// Writes the result's entries, in place where they exist.
void WriteEntries(solver::ResourceHistory& history, const OperationResult& result, const EntryContext& context,
                  const Style& style);
// Writes one entry under that id.
void WriteEntry(solver::ResourceHistory& history, const std::string& id, const OperationResult& result,
                const EntryContext& context, const Style& style);
// Writes the entry of an operation that has begun.
void WritePending(solver::ResourceHistory& history, const OperationResult& begun, const EntryContext& context,
                  const Style& style);
// Erases the record of WritePending() that the result's own entries do not replace.
void ErasePending(solver::ResourceHistory& history, const OperationResult& ended, const Style& style);
// The highest call id in the history, or 0: the next result gets one more.
int HighestCall(const solver::ResourceHistory& history);
bool IsLastFailure(const solver::HistoryEntry& entry);
// The result that was expected: in the entry's transition key.
int ExpectedResult(const solver::HistoryEntry& entry);

}  // namespace picket::execution
