#include "execution/history/memory.h"

#include <algorithm>

#include "execution/history/entry.h"
#include "execution/history/history.h"

namespace picket::execution {

Memory::Resource* Memory::Find(const HistoryTarget& target) {
  for (const std::string& name : target.names) {
    if (const auto found = resources_.find(name); found != resources_.end()) return &found->second;
  }
  return nullptr;
}

void Memory::Remember(const HistoryTarget& target, const OperationResult& result, int64_t now_s) {
  if (!IsRecorded(result, kLive)) return;
  Resource* found = Find(target);
  Resource& resource = found ? *found : resources_[target.names.back()];
  if (!found) resource.target = target;
  const bool failed = LeavesFailure(result, kLive);
  if (result.interval_ms == 0) {
    if (!IsProbe(result)) resource.recurring.clear();
    (failed ? resource.failed : resource.last) = Remembered{result, now_s};
    return;
  }
  if (failed) resource.failed = Remembered{result, now_s};
  auto at = std::find_if(resource.recurring.begin(), resource.recurring.end(), [&](const Recurring& recurring) {
    return recurring.operation == result.operation && recurring.interval_ms == result.interval_ms;
  });
  if (at == resource.recurring.end()) {
    at = resource.recurring.insert(at, {.operation = result.operation, .interval_ms = result.interval_ms});
  }
  at->rc = result.rc;
  at->status = result.status;
  if (!failed) at->good = Remembered{result, now_s};
}

bool Memory::IsNews(const HistoryTarget& target, const OperationResult& result) const {
  const Resource* resource = const_cast<Memory*>(this)->Find(target);
  if (!resource) return true;
  return std::none_of(resource->recurring.begin(), resource->recurring.end(), [&](const Recurring& recurring) {
    return recurring.operation == result.operation && recurring.interval_ms == result.interval_ms &&
           recurring.rc == result.rc && recurring.status == result.status;
  });
}

void Memory::ForgetRecurring(const HistoryTarget& target, std::string_view operation, uint32_t interval_ms) {
  Resource* resource = Find(target);
  if (!resource) return;
  std::erase_if(resource->recurring, [&](const Recurring& recurring) {
    return recurring.operation == operation && recurring.interval_ms == interval_ms;
  });
}

void Memory::ForgetLastFailure(const HistoryTarget& target) {
  if (Resource* resource = Find(target)) resource->failed.reset();
}

void Memory::ForgetLastFailure(const HistoryTarget& target, std::string_view operation, uint32_t interval_ms) {
  Resource* resource = Find(target);
  if (!resource || !resource->failed) return;
  const OperationResult& failed = resource->failed->result;
  if (RecordedOperation(failed, kLive) == operation && failed.interval_ms == interval_ms) resource->failed.reset();
}

void Memory::ForgetResource(const HistoryTarget& target) {
  for (const std::string& name : target.names) resources_.erase(name);
}

void Memory::WriteHistory(solver::NodeState& state, bool keeps_locks, const Style& style) const {
  Style refreshed = style;
  refreshed.debug_origin = "build_active_RAs";
  ForgetHistory(state, keeps_locks);
  state.has_history = true;
  for (const auto& [name, resource] : resources_) {
    solver::ResourceHistory& history = HistoryFor(state, resource.target);
    const auto write = [&](const std::optional<Remembered>& known, const std::string& id) {
      if (!known) return;
      const EntryContext context = {known->result.call_id.value_or(0), state.uname.value_or(""), known->when_s};
      WriteEntry(history, id, known->result, context, refreshed);
    };
    if (resource.last) write(resource.last, UsualId(resource.last->result));
    if (resource.failed) write(resource.failed, LastFailureId(resource.failed->result));
    for (const Recurring& recurring : resource.recurring) {
      if (recurring.good) write(recurring.good, UsualId(recurring.good->result));
    }
  }
}

namespace {

void KeepWhatIsRemembered(solver::ResourceHistory& history) {
  int32_t last_call = INT32_MIN;
  for (const solver::HistoryEntry& entry : history.entries) {
    const bool changes = entry.interval_ms == 0 && entry.operation != "monitor" && entry.operation != "notify";
    if (changes && entry.status.value_or(0) != -1) last_call = std::max(last_call, entry.call_id);
  }
  std::erase_if(history.entries, [&](const solver::HistoryEntry& entry) {
    if (IsLastFailure(entry)) return false;
    if (entry.status.value_or(0) == -1) return true;  // It is not remembered that an operation is under way.
    return entry.call_id < last_call && (entry.interval_ms > 0 || IsMigration(entry.operation));
  });
}

}  // namespace

void KeepWhatIsRemembered(solver::NodeState& state) {
  for (solver::ResourceHistory& history : state.history) KeepWhatIsRemembered(history);
}

}  // namespace picket::execution
