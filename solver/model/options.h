// Cluster options, validated (spec 01 §6). Durations in milliseconds.
#pragma once

#include <cstdint>
#include <string>

#include "solver/model/score.h"
#include "solver/model/table.h"

namespace picket::solver {

enum class QuorumPolicy : uint8_t { kStop, kFreeze, kIgnore, kDemote, kFence };  // effective (spec 01 §20)
enum class Strategy : uint8_t { kDefault, kUtilization, kMinimal, kBalanced };
enum class HealthStrategy : uint8_t { kNone, kMigrateOnRed, kOnlyGreen, kProgressive, kCustom };

struct Options {
  Table raw;  // every property read, name -> value
  QuorumPolicy no_quorum_policy = QuorumPolicy::kStop;
  bool shutdown_lock = false;
  uint32_t shutdown_lock_limit_ms = 0;
  bool symmetric = true;
  bool maintenance_mode = false;
  bool start_failure_is_fatal = true;
  bool startup_probes = true;
  bool fence_remote_without_quorum = false;
  bool fencing_enabled = true;
  std::string fencing_action = "reboot";
  std::string fencing_timeout = "60s";  // text as configured, or the default
  bool have_watchdog = false;
  bool concurrent_fencing = true;
  bool startup_fencing = true;  // effective: also requires fencing
  uint32_t priority_fencing_delay_ms = 0;
  uint32_t node_pending_timeout_ms = 0;
  std::string cluster_delay = "60s";
  std::string batch_limit = "0";
  std::string migration_limit;  // text, empty unless an integer > 0
  bool stop_all_resources = false;
  bool stop_removed_resources = true;
  bool cancel_removed_actions = true;
  bool remove_after_stop = false;  // before 3.0 only (spec 07 E-13)
  HealthStrategy health_strategy = HealthStrategy::kNone;
  std::string health_strategy_text;
  Score health_base, health_green, health_yellow, health_red;  // effective scores of red/yellow/green
  Strategy placement = Strategy::kDefault;
  std::string cluster_name;  // empty: unset
  bool unfencing = false;    // the unfencing switch
};

}  // namespace picket::solver
