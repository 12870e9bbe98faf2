// Results and histories in short, for the tests of this room.
#pragma once

#include <string>

#include "execution/history/result.h"
#include "solver/model/state.h"

namespace picket::execution {

inline const HistoryTarget kDb = {{"db"}, "ocf", "heartbeat", "Dummy"};

inline OperationResult Of(const std::string& operation, uint32_t interval_ms, int expected_rc, int rc,
                          OperationStatus status = OperationStatus::kDone) {
  OperationResult result;
  result.resource = "db";
  result.operation = operation;
  result.interval_ms = interval_ms;
  result.expected_rc = expected_rc;
  result.rc = rc;
  result.status = status;
  return result;
}

inline solver::NodeState Node(const std::string& name) {
  solver::NodeState state;
  state.id = "1";
  state.uname = name;
  return state;
}

// `ID=RC/STATUS`, in the order of the document.
inline std::string Entries(const solver::NodeState& state) {
  std::string text;
  for (const solver::ResourceHistory& history : state.history) {
    for (const solver::HistoryEntry& entry : history.entries) {
      text += (text.empty() ? "" : " ") + entry.id + "=" + std::to_string(entry.rc.value_or(-9)) + "/" +
              std::to_string(entry.status.value_or(-9));
    }
  }
  return text;
}

inline const solver::HistoryEntry* Entry(const solver::NodeState& state, const std::string& id) {
  for (const solver::ResourceHistory& history : state.history) {
    for (const solver::HistoryEntry& entry : history.entries) {
      if (entry.id == id) return &entry;
    }
  }
  return nullptr;
}

// `NAME=VALUE`.
inline std::string Transient(const solver::NodeState& state) {
  std::string text;
  for (const solver::NvBlock& block : state.transient) {
    for (const solver::NvPair& pair : block.pairs) text += (text.empty() ? "" : " ") + pair.name + "=" + pair.value;
  }
  return text;
}

}  // namespace picket::execution
