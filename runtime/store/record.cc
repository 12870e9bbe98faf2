#include "runtime/store/record.h"

#include <algorithm>

#include "solver/cib/read.h"
#include "solver/cib/values.h"

namespace picket::runtime {
namespace {

constexpr int kPromotedResult = 8;

constexpr std::string_view kTransitionUuid = "00000000-0000-0000-0000-000000000000";
// Of another series than what is complete: then the complete entry comes first, whatever the numbers (02 §4.2).
constexpr std::string_view kPendingUuid = "00000000-0000-0000-0000-000000000001";
constexpr std::string_view kPendingSuffix = "_pending_0";

solver::ResourceHistory& HistoryOf(solver::NodeState& state, const OperationResult& result) {
  state.has_history = true;
  for (solver::ResourceHistory& history : state.history) {
    if (history.id == result.resource_id) return history;
  }
  solver::ResourceHistory history;
  history.id = result.resource_id;
  history.attributes = {{"id", result.resource_id}, {"class", result.cls}};
  if (!result.provider.empty()) history.attributes.emplace_back("provider", result.provider);
  history.attributes.emplace_back("type", result.type);
  state.history.push_back(std::move(history));
  return state.history.back();
}

// The call id counts up over the whole node, as an executor's does.
int32_t NextCall(const solver::NodeState& state) {
  int32_t highest = 0;
  for (const auto& history : state.history) {
    for (const auto& entry : history.entries) highest = std::max(highest, entry.call_id);
  }
  return highest + 1;
}

std::string Key(std::string_view resource, std::string_view operation, uint32_t interval_ms) {
  return std::string(resource) + "_" + std::string(operation) + "_" + std::to_string(interval_ms);
}

void PutEntry(solver::ResourceHistory& history, const std::string& id, const solver::Attributes& attributes) {
  solver::HistoryEntry entry;
  entry.attributes = {{"id", id}};
  entry.attributes.insert(entry.attributes.end(), attributes.begin(), attributes.end());
  solver::RefreshEntry(entry);
  for (solver::HistoryEntry& old : history.entries) {
    if (old.id == id) {
      old = std::move(entry);
      return;
    }
  }
  history.entries.push_back(std::move(entry));
}

void EraseEntry(solver::ResourceHistory& history, std::string_view id) {
  std::erase_if(history.entries, [&](const solver::HistoryEntry& entry) { return entry.id == id; });
}

// A degraded success is a success (spec 02 §7.1).
int PlainResult(int rc) { return rc == 190 ? 0 : rc == 191 ? 8 : rc; }

solver::NvBlock& TransientBlock(solver::NodeState& state) {
  state.has_transient = true;
  if (state.transient_id.empty()) state.transient_id = state.id;
  for (solver::NvBlock& block : state.transient) {
    if (!block.rule) return block;
  }
  solver::NvBlock block;
  block.id = "status-" + state.id;
  state.transient.push_back(std::move(block));
  return state.transient.back();
}

}  // namespace

void SetAttribute(solver::Attributes& attributes, std::string_view name, std::string_view value) {
  for (auto& [key, old] : attributes) {
    if (key == name) {
      old = value;
      return;
    }
  }
  attributes.emplace_back(name, value);
}

void RecordResult(solver::NodeState& state, const OperationResult& result) {
  const int32_t call = result.call_id.value_or(NextCall(state));
  const int usual_status = result.timed_out ? 2 : (result.rc == result.expected_rc ? 0 : 4);
  const int status = result.status.value_or(usual_status);
  const bool failed = status != 0 || PlainResult(result.rc) != result.expected_rc;
  const std::string transition_key =
      std::to_string(call) + ":1:" + std::to_string(result.expected_rc) + ":" + std::string(kTransitionUuid);
  solver::Attributes attributes = {
      {"operation_key", Key(result.resource_id, result.operation, result.interval_ms)},
      {"operation", result.operation},
      {"transition-key", transition_key},
      {"transition-magic", std::to_string(status) + ":" + std::to_string(result.rc) + ";" + transition_key},
      {"on_node", result.node},
      {"call-id", std::to_string(call)},
      {"rc-code", std::to_string(result.rc)},
      {"op-status", std::to_string(status)},
      {"interval", std::to_string(result.interval_ms)},
      {"last-rc-change", std::to_string(result.when_s)},
      {"exec-time", std::to_string(result.exec_ms)},
      {"queue-time", "0"},
  };
  if (!result.exit_reason.empty()) attributes.emplace_back("exit-reason", result.exit_reason);
  if (!result.digest.empty()) attributes.emplace_back("op-digest", result.digest);
  if (!result.restart_digest.empty()) {
    attributes.emplace_back("op-force-restart", result.force_restart);
    attributes.emplace_back("op-restart-digest", result.restart_digest);
  }
  if (!result.secure_digest.empty()) {
    attributes.emplace_back("crm_feature_set", result.feature_set);
    attributes.emplace_back("op-secure-params", result.secure_params);
    attributes.emplace_back("op-secure-digest", result.secure_digest);
  }
  if (!result.migrate_source.empty()) attributes.emplace_back("migrate_source", result.migrate_source);
  if (!result.migrate_target.empty()) attributes.emplace_back("migrate_target", result.migrate_target);

  solver::ResourceHistory& history = HistoryOf(state, result);
  const std::string& id = result.resource_id;
  EraseEntry(history, id + std::string(kPendingSuffix));
  if (result.operation == "migrate_to" || result.operation == "migrate_from") {
    PutEntry(history, id + "_" + result.operation + "_0", attributes);
  } else if (result.interval_ms > 0) {
    PutEntry(history, Key(id, result.operation, result.interval_ms), attributes);
  } else {
    PutEntry(history, id + "_last_0", attributes);
  }
  if (failed) PutEntry(history, id + "_last_failure_0", attributes);
  if (!failed && result.interval_ms == 0 && result.operation == "stop") {
    // A stopped resource is no longer monitored: the executor forgets its recurring operations.
    std::erase_if(history.entries, [](const solver::HistoryEntry& entry) { return entry.interval_ms > 0; });
  }
}

void RecordPending(solver::NodeState& state, const OperationResult& begun) {
  solver::ResourceHistory& history = HistoryOf(state, begun);
  const std::string key =
      "0:1:" + std::to_string(begun.expected_rc) + ":" + std::string(kPendingUuid);
  solver::Attributes attributes = {
      {"operation_key", Key(begun.resource_id, begun.operation, begun.interval_ms)},
      {"operation", begun.operation},
      {"transition-key", key},
      {"transition-magic", "-1:193;" + key},
      {"on_node", begun.node},
      {"call-id", "-1"},
      {"rc-code", "193"},
      {"op-status", "-1"},
      {"interval", std::to_string(begun.interval_ms)},
      {"last-rc-change", std::to_string(begun.when_s)},
      {"exec-time", "0"},
      {"queue-time", "0"},
  };
  if (!begun.digest.empty()) attributes.emplace_back("op-digest", begun.digest);
  if (!begun.migrate_source.empty()) attributes.emplace_back("migrate_source", begun.migrate_source);
  if (!begun.migrate_target.empty()) attributes.emplace_back("migrate_target", begun.migrate_target);
  PutEntry(history, begun.resource_id + std::string(kPendingSuffix), attributes);
}

void ForgetRecurring(solver::NodeState& state, std::string_view resource_id, std::string_view operation,
                     uint32_t interval_ms) {
  for (solver::ResourceHistory& history : state.history) {
    if (history.id != resource_id) continue;
    std::erase_if(history.entries, [&](const solver::HistoryEntry& entry) {
      return entry.interval_ms == interval_ms && entry.operation == operation &&
             !entry.id.ends_with("_last_failure_0");
    });
  }
}

void ForgetAllRecurring(solver::NodeState& state, std::string_view resource_id) {
  for (solver::ResourceHistory& history : state.history) {
    if (history.id != resource_id) continue;
    std::erase_if(history.entries, [](const solver::HistoryEntry& entry) {
      return entry.interval_ms > 0 && !entry.id.ends_with("_last_failure_0");
    });
  }
}

void ForgetPromotedMonitors(solver::NodeState& state, std::string_view resource_id) {
  for (solver::ResourceHistory& history : state.history) {
    if (history.id != resource_id) continue;
    std::erase_if(history.entries, [](const solver::HistoryEntry& entry) {
      return entry.interval_ms > 0 && entry.rc == kPromotedResult && !entry.id.ends_with("_last_failure_0");
    });
  }
}

void ForgetResource(solver::NodeState& state, std::string_view resource_id) {
  std::erase_if(state.history,
                [&](const solver::ResourceHistory& history) { return history.id == resource_id; });
}

void SetTransient(solver::NodeState& state, std::string_view name, std::string_view value) {
  solver::NvBlock& block = TransientBlock(state);
  for (solver::NvPair& pair : block.pairs) {
    if (pair.name == name) {
      pair.value = value;
      return;
    }
  }
  block.pairs.push_back({block.id + "-" + std::string(name), std::string(name), std::string(value)});
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

void CountFailure(solver::NodeState& state, std::string_view resource_id, std::string_view operation,
                  uint32_t interval_ms, bool fatal, int64_t when_s) {
  const std::string suffix =
      std::string(resource_id) + "#" + std::string(operation) + "_" + std::to_string(interval_ms);
  const std::string* old = FindTransient(state, "fail-count-" + suffix);
  const solver::Score before = old ? solver::ParseScore(*old).value_or(solver::Score()) : solver::Score();
  const solver::Score count = fatal ? solver::Score::Infinity() : before + solver::Score(1);
  SetTransient(state, "fail-count-" + suffix, count.ToString());
  SetTransient(state, "last-failure-" + suffix, std::to_string(when_s));
}

void ClearFailures(solver::NodeState& state, std::string_view resource_id) {
  const std::string count = "fail-count-" + std::string(resource_id) + "#";
  const std::string last = "last-failure-" + std::string(resource_id) + "#";
  for (solver::NvBlock& block : state.transient) {
    std::erase_if(block.pairs, [&](const solver::NvPair& pair) {
      return pair.name.starts_with(count) || pair.name.starts_with(last);
    });
  }
  for (solver::ResourceHistory& history : state.history) {
    if (history.id != resource_id) continue;
    std::erase_if(history.entries,
                  [](const solver::HistoryEntry& entry) { return entry.id.ends_with("_last_failure_0"); });
  }
}

}  // namespace picket::runtime
