#include "execution/history/memory.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "execution/history/entry.h"
#include "execution/history/history.h"

namespace picket::execution {

using solver::HistoryEntry;

namespace {

bool IsPending(const HistoryEntry& entry) {
  return entry.status.value_or(0) == -1;
}

// The monitor whose last result is a failure, by its id; empty if there is none. Only that failure is remembered of
// it, and not the good result before. A monitor that was ordered anew since has a higher call id.
std::string FailedMonitor(const solver::ResourceHistory& history) {
  const auto& entries = history.entries;
  const auto failure = std::find_if(entries.begin(), entries.end(), IsLastFailure);
  if (failure == entries.end()) return {};
  const auto monitor = std::find_if(entries.begin(), entries.end(), [&](const HistoryEntry& entry) {
    return entry.interval_ms > 0 && !IsLastFailure(entry) && entry.key == failure->key &&
           entry.call_id <= failure->call_id && entry.last_rc_change_s < failure->last_rc_change_s;
  });
  return monitor != entries.end() ? monitor->id : std::string();
}

void KeepWhatIsRemembered(solver::ResourceHistory& history) {
  int32_t last_success = INT32_MIN;   // of those that are not recurring
  int32_t monitors_from = INT32_MIN;  // earlier ones ended with the last operation that was no monitor
  for (const HistoryEntry& entry : history.entries) {
    if (entry.interval_ms > 0 || IsPending(entry) || entry.operation == "notify") continue;
    if (entry.operation != "monitor") monitors_from = std::max(monitors_from, entry.call_id);
    if (!IsLastFailure(entry) && !IsUnexpected(entry)) last_success = std::max(last_success, entry.call_id);
  }
  const std::string failed_monitor = FailedMonitor(history);
  std::erase_if(history.entries, [&](const HistoryEntry& entry) {
    if (IsLastFailure(entry)) return false;
    if (IsPending(entry)) return true;  // It is not remembered that an operation is under way.
    return entry.interval_ms > 0 ? entry.call_id < monitors_from || entry.id == failed_monitor
                                 : entry.call_id != last_success;
  });
}

}  // namespace

void KeepWhatIsRemembered(solver::NodeState& state) {
  for (solver::ResourceHistory& history : state.history) KeepWhatIsRemembered(history);
}

}  // namespace picket::execution
