#include "execution/history/memory.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "execution/history/entry.h"
#include "execution/history/history.h"

namespace picket::execution {

using solver::HistoryEntry;

namespace {

bool IsPending(const HistoryEntry& entry) {
  return entry.status.value_or(0) == -1;
}

// Of a monitor its last result is remembered: a good one before a failure is not. All executions of a monitor
// have one call id.
bool IsBefore(const HistoryEntry& monitor, const std::optional<HistoryEntry>& failure) {
  return failure && failure->key == monitor.key && failure->call_id >= monitor.call_id &&
         failure->last_rc_change_s > monitor.last_rc_change_s;
}

void KeepWhatIsRemembered(solver::ResourceHistory& history) {
  int32_t last_success = INT32_MIN;   // of those that are not recurring
  int32_t monitors_from = INT32_MIN;  // earlier ones ended with the last operation that was no monitor
  for (const HistoryEntry& entry : history.entries) {
    if (entry.interval_ms > 0 || IsPending(entry) || entry.operation == "notify") continue;
    if (entry.operation != "monitor") monitors_from = std::max(monitors_from, entry.call_id);
    if (!IsLastFailure(entry) && !IsUnexpected(entry)) last_success = std::max(last_success, entry.call_id);
  }
  const auto failed = std::find_if(history.entries.begin(), history.entries.end(), IsLastFailure);
  const auto failure = failed != history.entries.end() ? std::optional(*failed) : std::nullopt;
  std::erase_if(history.entries, [&](const HistoryEntry& entry) {
    if (IsLastFailure(entry)) return false;
    if (IsPending(entry)) return true;  // It is not remembered that an operation is under way.
    return entry.interval_ms > 0 ? entry.call_id < monitors_from || IsBefore(entry, failure)
                                 : entry.call_id != last_success;
  });
}

}  // namespace

void KeepWhatIsRemembered(solver::NodeState& state) {
  for (solver::ResourceHistory& history : state.history) KeepWhatIsRemembered(history);
}

}  // namespace picket::execution
