// An operation's result, and the resource whose history it goes to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace picket::execution {

// The lrm_resource that a result goes to: the first of `names` that exists, else a new one called
// names.back().
struct HistoryTarget {
  std::vector<std::string> names;
  std::string cls;
  std::string provider;  // may be empty
  std::string type;
};

// Numbers as they stand in the history (`op-status`).
enum class OperationStatus : int8_t {
  kPending = -1,
  kDone = 0,  // the agent answered, whatever it said
  kCancelled = 1,
  kTimedOut = 2,
  kUnsupported = 3,
  kError = 4,  // the result could not be had
  kNotInstalled = 7,
  kNotConnected = 8,
  kNoFenceDevice = 10,
  kNoSecrets = 11,
  kInvalid = 12,  // refused by a node that was just joining
};

// What an operation left behind. Texts may be empty: then they are not recorded.
struct OperationResult {
  std::string resource;   // in the entry's ids
  std::string operation;  // as executed: `start`, `monitor`, `notify`, `reload-agent`, …
  uint32_t interval_ms = 0;
  int rc = 0;
  int expected_rc = 0;
  OperationStatus status = OperationStatus::kDone;
  std::string exit_reason;
  std::string notify_type;       // notify only
  std::string notify_operation;  // notify only
  std::string migrate_source;
  std::string migrate_target;
  std::string digest;                         // op-digest
  std::string force_restart, restart_digest;  // op-force-restart and op-restart-digest; without the latter neither
  std::string secure_params, secure_digest;   // op-secure-params and op-secure-digest, likewise
  std::string feature_set;                    // crm_feature_set: how the secure digest is made
  int64_t exec_ms = 0;
  std::optional<int> call_id;  // if not given: counted as the style says
};

// A degraded success is a success (02 §7.1, 09 §7.6).
inline int PlainResult(int rc) {
  return rc == 190 ? 0 : rc == 191 ? 8 : rc;
}

inline bool IsProbe(const OperationResult& result) {
  return result.operation == "monitor" && result.interval_ms == 0;
}

inline bool IsMigration(std::string_view operation) {
  return operation == "migrate_to" || operation == "migrate_from";
}

inline bool IsReload(std::string_view operation) {
  return operation == "reload" || operation == "reload-agent";
}

// The exit reason of an operation that timed out (09 §7.2): `Resource agent did not complete within 20s`.
inline std::string TimeoutReason(int64_t timeout_ms) {
  const bool whole = timeout_ms % 1000 == 0;
  const std::string after = whole ? std::to_string(timeout_ms / 1000) + "s" : std::to_string(timeout_ms) + "ms";
  return "Resource agent did not complete within " + after;
}

}  // namespace picket::execution
