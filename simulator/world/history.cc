#include "simulator/world/history.h"

#include <algorithm>

#include "solver/cib/values.h"

namespace picket::simulator {
namespace {

solver::ResourceHistory* FindMutable(solver::NodeState& state, const HistoryTarget& target) {
  for (const std::string& name : target.names) {
    for (solver::ResourceHistory& history : state.history) {
      if (history.id == name) return &history;
    }
  }
  return nullptr;
}

bool IsLastFailure(const solver::HistoryEntry& entry) { return entry.id.ends_with("_last_failure_0"); }

}  // namespace

const solver::ResourceHistory* FindHistory(const solver::NodeState& state, const HistoryTarget& target) {
  return FindMutable(const_cast<solver::NodeState&>(state), target);
}

const solver::HistoryEntry* FindRecurring(const solver::ResourceHistory& history, std::string_view operation,
                                          uint32_t interval_ms) {
  for (const solver::HistoryEntry& entry : history.entries) {
    if (entry.interval_ms == interval_ms && entry.operation == operation && !IsLastFailure(entry)) return &entry;
  }
  return nullptr;
}

void RecordResult(solver::NodeState& state, const HistoryTarget& target, const SimulatedResult& result,
                  int64_t now_s) {
  state.has_history = true;
  solver::ResourceHistory* history = FindMutable(state, target);
  if (!history) history = &state.history.emplace_back(MakeHistory(target));
  WriteEntries(*history, result, {HighestCall(*history) + 1, state.uname.value_or(""), now_s});
  if (result.operation == "stop" && result.rc == result.expected_rc && result.status == 0) {
    std::erase_if(history->entries, [](const solver::HistoryEntry& entry) { return entry.interval_ms > 0; });
  }
}

void ForgetRecurring(solver::NodeState& state, const HistoryTarget& target, std::string_view operation,
                     uint32_t interval_ms) {
  solver::ResourceHistory* history = FindMutable(state, target);
  if (!history) return;
  std::erase_if(history->entries, [&](const solver::HistoryEntry& entry) {
    return entry.interval_ms == interval_ms && entry.operation == operation && !IsLastFailure(entry);
  });
}

void ForgetResource(solver::NodeState& state, const HistoryTarget& target) {
  std::erase_if(state.history, [&](const solver::ResourceHistory& history) {
    return std::find(target.names.begin(), target.names.end(), history.id) != target.names.end();
  });
}

void MarkFenced(solver::NodeState& state) {
  OverwriteAttribute(state.attributes, "in_ccm", "false");
  OverwriteAttribute(state.attributes, "crmd", "offline");
  OverwriteAttribute(state.attributes, "join", "down");
  OverwriteAttribute(state.attributes, "expected", "down");
  state.has_history = false;
  state.history.clear();
  state.transient.clear();
  state.has_transient = false;
}

void EraseTransient(solver::NodeState& state, std::string_view name) {
  for (solver::NvBlock& block : state.transient) {
    std::erase_if(block.pairs, [&](const solver::NvPair& pair) { return pair.name == name; });
  }
}

const std::string* FindTransient(const solver::NodeState& state, std::string_view name) {
  for (const solver::NvBlock& block : state.transient) {
    for (const solver::NvPair& pair : block.pairs) {
      if (pair.name == name) return &pair.value;
    }
  }
  return nullptr;
}

void CountFailure(solver::NodeState& state, std::string_view resource, std::string_view operation,
                  uint32_t interval_ms, bool fatal, int64_t when_s) {
  const std::string suffix = FailureSuffix(resource, operation, interval_ms);
  const std::string* before = FindTransient(state, "fail-count-" + suffix);
  const bool given_up = before && solver::ParseScore(*before).value_or(solver::Score()).is_infinite();
  StoreTransient(state, "fail-count-" + suffix, NextFailCount(before, fatal || given_up));
  StoreTransient(state, "last-failure-" + suffix, std::to_string(when_s));
}

void ClearFailures(solver::NodeState& state, const HistoryTarget& target) {
  for (const std::string& name : target.names) {
    const std::string count = "fail-count-" + name + "#";
    const std::string last = "last-failure-" + name + "#";
    for (solver::NvBlock& block : state.transient) {
      std::erase_if(block.pairs, [&](const solver::NvPair& pair) {
        return pair.name.starts_with(count) || pair.name.starts_with(last);
      });
    }
  }
  if (solver::ResourceHistory* history = FindMutable(state, target)) {
    std::erase_if(history->entries, IsLastFailure);
  }
}

}  // namespace picket::simulator
