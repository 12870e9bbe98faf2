// What a failed operation asks for: the failure policy and the role after it (spec 02 §10).
#pragma once

#include "solver/model/run.h"

namespace picket::solver {

// In order of severity: within one history a later failure replaces only a milder one.
enum class OnFail : uint8_t {
  kIgnore,
  kDemote,
  kRestart,
  kResetRemote,
  kRestartContainer,
  kBan,
  kBlock,
  kStop,
  kStandby,
  kFence,
};

// The policy in force for a failure of this operation. The result depends on no node.
OnFail FailurePolicy(Run& run, ResourceId resource, NodeId node, std::string_view operation, uint32_t interval_ms);
Role RoleAfterFailure(Run& run, ResourceId resource, OnFail policy, const HistoryEntry& entry);

}  // namespace picket::solver
