#include "execution/history/history.h"

#include <algorithm>
#include <optional>

#include "execution/history/attributes.h"
#include "execution/history/entry.h"
#include "solver/cib/read.h"
#include "solver/cib/values.h"

namespace picket::execution {

using solver::HistoryEntry;
using solver::NodeState;
using solver::ResourceHistory;

namespace {

constexpr int kPromotedResult = 8;

// The place of the history the target goes to, if there is one.
std::optional<size_t> PlaceOf(const NodeState& state, const HistoryTarget& target) {
  for (const std::string& name : target.names) {
    for (size_t i = 0; i < state.history.size(); ++i) {
      if (state.history[i].id == name) return i;
    }
  }
  return std::nullopt;
}

int NextCall(const NodeState& state, const ResourceHistory& history, const Style& style) {
  int highest = HighestCall(history);
  if (style.calls == Style::Calls::kPerResource) return highest + 1;
  for (const ResourceHistory& other : state.history) highest = std::max(highest, HighestCall(other));
  return highest + 1;
}

bool IsRecurring(const HistoryEntry& entry) {
  return entry.interval_ms > 0 && !IsLastFailure(entry);
}

bool IsPending(const HistoryEntry& entry) {
  return entry.status == static_cast<int>(OperationStatus::kPending);
}

void Shift(std::string& text, int64_t by_s) {
  if (const auto value = solver::ParseInteger(text)) text = std::to_string(*value + by_s);
}

// What has nothing to lose stays as it is, shared with whoever has it, too.
template <typename Condition>
void EraseEntries(NodeState& state, size_t place, const Condition& condition) {
  const std::vector<HistoryEntry>& entries = state.history[place].entries;
  if (std::none_of(entries.begin(), entries.end(), condition)) return;
  std::erase_if(state.history.Edit(place).entries, condition);
}

template <typename Condition>
void EraseEntries(NodeState& state, const HistoryTarget& target, const Condition& condition) {
  if (const auto place = PlaceOf(state, target)) EraseEntries(state, *place, condition);
}

}  // namespace

ResourceHistory& HistoryFor(NodeState& state, const HistoryTarget& target) {
  state.has_history = true;
  const auto place = PlaceOf(state, target);
  return place ? state.history.Edit(*place) : state.history.Append(MakeHistory(target));
}

const ResourceHistory* FindHistory(const NodeState& state, const HistoryTarget& target) {
  const auto place = PlaceOf(state, target);
  return place ? &state.history[*place] : nullptr;
}

const HistoryEntry* FindRecurring(const ResourceHistory& history, std::string_view operation, uint32_t interval_ms) {
  for (const HistoryEntry& entry : history.entries) {
    if (entry.interval_ms == interval_ms && entry.operation == operation && !IsLastFailure(entry)) return &entry;
  }
  return nullptr;
}

void RecordResult(NodeState& state, const HistoryTarget& target, const OperationResult& result, int64_t now_s,
                  const Style& style) {
  if (!IsRecorded(result, style)) return;
  ResourceHistory& history = HistoryFor(state, target);
  const int call = result.call_id ? *result.call_id : NextCall(state, history, style);
  WriteEntries(history, result, {call, state.uname.value_or(""), now_s}, style);
  if (style.stop_forgets_monitors && result.operation == "stop" && !LeavesFailure(result, style)) {
    std::erase_if(history.entries, IsRecurring);
  }
}

void RecordRepeated(NodeState& state, const HistoryTarget& target, OperationResult result, int64_t now_s,
                    const Style& style) {
  const ResourceHistory* history = FindHistory(state, target);
  const HistoryEntry* entry = history ? FindRecurring(*history, result.operation, result.interval_ms) : nullptr;
  if (entry) {
    result.call_id = entry->call_id;
    if (result.digest.empty()) result.digest = entry->Get("op-digest");
  }
  result.exec_ms = 0;
  RecordResult(state, target, result, now_s, style);
}

void RecordPending(NodeState& state, const HistoryTarget& target, const OperationResult& begun, int64_t now_s,
                   const Style& style) {
  if (!IsRecorded(begun, style)) return;
  WritePending(HistoryFor(state, target), begun, {-1, state.uname.value_or(""), now_s}, style);
}

bool SetShutdownLock(solver::NodeState& state, const HistoryTarget& target, std::string_view since_s) {
  for (size_t i = 0; i < state.history.size(); ++i) {
    const ResourceHistory& history = state.history[i];
    if (std::find(target.names.begin(), target.names.end(), history.id) == target.names.end()) continue;
    if (solver::AttributeOr(history.attributes, "shutdown-lock") == since_s) return false;
    OverwriteAttribute(state.history.Edit(i).attributes, "shutdown-lock", since_s);
    return true;
  }
  return false;
}

void ForgetRecurring(NodeState& state, const HistoryTarget& target, std::string_view operation, uint32_t interval_ms) {
  EraseEntries(state, target, [&](const HistoryEntry& entry) {
    return entry.interval_ms == interval_ms && entry.operation == operation && !IsLastFailure(entry);
  });
}

void ForgetAllRecurring(NodeState& state, const HistoryTarget& target) {
  EraseEntries(state, target, IsRecurring);
}

void ForgetAllRecurring(NodeState& state) {
  for (size_t i = 0; i < state.history.size(); ++i) EraseEntries(state, i, IsRecurring);
}

void ForgetPromotedMonitors(NodeState& state, const HistoryTarget& target) {
  EraseEntries(state, target,
               [](const HistoryEntry& entry) { return IsRecurring(entry) && entry.rc == kPromotedResult; });
}

void ForgetPending(NodeState& state, const HistoryTarget& target) {
  EraseEntries(state, target, IsPending);
}

void ForgetResource(NodeState& state, const HistoryTarget& target) {
  state.history.EraseIf([&](const ResourceHistory& history) {
    return std::find(target.names.begin(), target.names.end(), history.id) != target.names.end();
  });
}

void ForgetLastFailure(NodeState& state, const HistoryTarget& target) {
  EraseEntries(state, target, IsLastFailure);
}

void ForgetLastFailure(NodeState& state, const HistoryTarget& target, std::string_view operation,
                       uint32_t interval_ms) {
  EraseEntries(state, target, [&](const HistoryEntry& entry) {
    return IsLastFailure(entry) && entry.operation == operation && entry.interval_ms == interval_ms;
  });
}

void ForgetHistory(NodeState& state, bool keeps_locks) {
  state.history.EraseIf([&](const ResourceHistory& history) {
    const auto since = solver::ParseInteger(solver::AttributeOr(history.attributes, "shutdown-lock"));
    return !keeps_locks || since.value_or(0) == 0;
  });
  for (size_t i = 0; i < state.history.size(); ++i) state.history.Edit(i).entries.clear();
  state.has_history = !state.history.empty();
}

std::vector<std::string> PendingResources(const NodeState& state) {
  std::vector<std::string> pending;
  for (const ResourceHistory& history : state.history) {
    if (std::any_of(history.entries.begin(), history.entries.end(), IsPending)) pending.push_back(history.id);
  }
  return pending;
}

void ShiftTimes(NodeState& state, int64_t by_s) {
  for (size_t i = 0; i < state.history.size(); ++i) {
    for (HistoryEntry& entry : state.history.Edit(i).entries) {
      for (auto& [name, value] : entry.attributes) {
        if (name == "last-rc-change") Shift(value, by_s);
      }
      solver::RefreshEntry(entry);
    }
  }
  for (solver::NvBlock& block : state.transient) {
    for (solver::NvPair& pair : block.pairs) {
      if (pair.name.starts_with("last-failure-")) Shift(pair.value, by_s);
    }
  }
}

}  // namespace picket::execution
