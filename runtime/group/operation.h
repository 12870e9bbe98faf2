// An operation of a resource agent, as it is ordered, begun and reported; and how it ended.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "execution/history/result.h"
#include "solver/model/table.h"

namespace picket::runtime {

struct Operation {
  std::string resource;  // the name under which the history knows it
  std::string cls, provider, type;
  std::string name;      // `start`, `monitor`, `notify`, …
  bool cancels = false;  // ends the recurring operation of that name and interval instead of running it
  uint32_t interval_ms = 0;
  uint32_t timeout_ms = 20000;
  uint32_t start_delay_ms = 0;
  int target_rc = 0;
  bool failure_is_fatal = false;  // one failure is as bad as INFINITY of them
  solver::Attributes parameters;  // all that the agent is told, CRM_meta_* included
  std::string digest;             // of the parameters, kept with the result
  std::string migrate_source, migrate_target;

  bool IsProbe() const { return name == "monitor" && interval_ms == 0 && !cancels; }
  bool IsRecurring() const { return interval_ms > 0 && !cancels; }
};

using execution::OperationStatus;
using execution::PlainResult;

struct Outcome {
  OperationStatus status = OperationStatus::kDone;
  int rc = 0;
  std::string reason;  // the agent's own words, if it had any

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// What is told to an agent beside its parameters: the cluster's own bookkeeping, which is in no digest.
inline bool IsBookkeeping(std::string_view name) {
  constexpr std::string_view kNames[] = {"id",      "crm_feature_set", "op-digest",
                                         "on_node", "on_node_uuid",    "pcmk_external_ip"};
  return name.starts_with("CRM_meta_") || std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

// Recurring operations of the resource end before one of these begins.
inline bool EndsRecurring(const Operation& operation) {
  return operation.name == "stop" || operation.name == "migrate_to";
}

inline bool AsExpected(const Operation& operation, const Outcome& outcome) {
  return outcome.status == OperationStatus::kDone && PlainResult(outcome.rc) == operation.target_rc;
}

}  // namespace picket::runtime
