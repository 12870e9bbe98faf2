// Writing what an operation left behind into a node's state, as a node's executor does it (spec 02 §1, 06
// §13.4).
//
// Works on solver::NodeState values; knows nothing of time or durations beyond what it is told. Operations in flight
// stand in it as pending entries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "solver/model/state.h"
#include "solver/model/table.h"

namespace picket::runtime {

struct OperationResult {
  std::string resource_id;  // history name: configured id, or instance id of a unique instance
  std::string cls, provider, type;
  std::string operation;
  uint32_t interval_ms = 0;
  int expected_rc = 0;
  int rc = 0;
  bool timed_out = false;
  int64_t when_s = 0;  // seconds since 1970
  int64_t exec_ms = 0;
  std::string node;
  std::string digest;  // op-digest, may be empty
  std::string force_restart, restart_digest;  // op-force-restart and op-restart-digest; without the latter neither
  std::string secure_params, secure_digest;   // op-secure-params and op-secure-digest, likewise
  std::string feature_set;                    // crm_feature_set: how the secure digest is made
  std::string migrate_source, migrate_target;
  std::optional<int> status;  // op-status; if not given it follows from the above
  std::string exit_reason;
  std::optional<int32_t> call_id;  // if not given: one more than the node's highest
};

void SetAttribute(solver::Attributes& attributes, std::string_view name, std::string_view value);

// Records the result, as `X_last_0`, `X_OP_INTERVAL` or `X_last_failure_0`.
void RecordResult(solver::NodeState& state, const OperationResult& result);
// Records that an operation has begun and nobody knows yet how it ends. The entry stands beside what is known
// of the resource; RecordResult() takes it away.
void RecordPending(solver::NodeState& state, const OperationResult& begun);
// Forgets the recurring operation (a cancel).
void ForgetRecurring(solver::NodeState& state, std::string_view resource_id, std::string_view operation,
                     uint32_t interval_ms);
// Forgets all recurring operations of the resource: they end before it is stopped.
void ForgetAllRecurring(solver::NodeState& state, std::string_view resource_id);
// Forgets those that found it promoted: they end before it is demoted.
void ForgetPromotedMonitors(solver::NodeState& state, std::string_view resource_id);
// Forgets everything about the resource (a delete).
void ForgetResource(solver::NodeState& state, std::string_view resource_id);
// Transient node attributes.
void SetTransient(solver::NodeState& state, std::string_view name, std::string_view value);
void EraseTransient(solver::NodeState& state, std::string_view name);
const std::string* FindTransient(const solver::NodeState& state, std::string_view name);
// Fail count and last failure of an operation: INFINITY if `fatal`, else one more.
void CountFailure(solver::NodeState& state, std::string_view resource_id, std::string_view operation,
                  uint32_t interval_ms, bool fatal, int64_t when_s);
void ClearFailures(solver::NodeState& state, std::string_view resource_id);

}  // namespace picket::runtime
