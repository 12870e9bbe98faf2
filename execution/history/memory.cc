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

// Whether the entry is forgotten, of those of one resource.
class Forgetting {
 public:
  explicit Forgetting(const solver::ResourceHistory& history) : failed_monitor_(FailedMonitor(history)) {
    for (const HistoryEntry& entry : history.entries) {
      if (entry.interval_ms > 0 || IsPending(entry) || entry.operation == "notify") continue;
      if (entry.operation != "monitor") monitors_from_ = std::max(monitors_from_, entry.call_id);
      if (!IsLastFailure(entry) && !IsUnexpected(entry)) last_success_ = std::max(last_success_, entry.call_id);
    }
  }

  bool operator()(const HistoryEntry& entry) const {
    if (IsLastFailure(entry)) return false;
    if (IsPending(entry)) return true;  // It is not remembered that an operation is under way.
    return entry.interval_ms > 0 ? entry.call_id < monitors_from_ || entry.id == failed_monitor_
                                 : entry.call_id != last_success_;
  }

 private:
  int32_t last_success_ = INT32_MIN;   // of those that are not recurring
  int32_t monitors_from_ = INT32_MIN;  // earlier ones ended with the last operation that was no monitor
  std::string failed_monitor_;
};

}  // namespace

void KeepWhatIsRemembered(solver::NodeState& state) {
  for (size_t i = 0; i < state.history.size(); ++i) {
    const solver::ResourceHistory& history = state.history[i];
    const Forgetting is_forgotten(history);
    if (std::none_of(history.entries.begin(), history.entries.end(), is_forgotten)) continue;
    std::erase_if(state.history.Edit(i).entries, is_forgotten);
  }
}

}  // namespace picket::execution
