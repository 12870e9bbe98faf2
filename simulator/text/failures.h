// Fail counts and failed actions as data, for both output forms (spec 06 §10.11, §10.12).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "solver/model/run.h"
#include "solver/status/status.h"

namespace picket::simulator {

// The failed operations that are shown, in the order in which reading the status found them: no masked
// probes, no keys that cannot be parsed.
std::vector<const solver::FailedOperation*> ShownFailures(const solver::Run& run);

// Pieces of a failed entry with what stands in for missing ones.
struct FailureView {
  std::string_view key;  // operation_key, else the entry's id
  bool key_is_id = false;
  std::string_view node;
  int rc = 0;
  std::string_view call;
  std::string_view status;       // words
  std::string_view exit_reason;  // may be empty
  std::string_view operation;
  uint32_t interval_ms = 0;
  std::optional<int64_t> last_rc_change_s;
  const std::string* queued_ms = nullptr;
  const std::string* exec_ms = nullptr;
};
FailureView ViewFailure(const solver::Run& run, const solver::FailedOperation& failure);

// Histories with a fail count, by node, in document order.
struct CountedHistory {
  std::string_view id;
  int32_t migration_threshold = 0;
  solver::FailCount count;
};
struct NodeHistory {
  solver::NodeId node;
  std::vector<CountedHistory> resources;
};
// Nothing at all if no online node has a node state.
std::optional<std::vector<NodeHistory>> FailCounts(solver::Run& run);

// `Fri Jul 14 02:40:00 2017`, in local time.
std::string CalendarText(int64_t epoch_s);

}  // namespace picket::simulator
