// Cluster options (spec 01 §6, §11, §20).
#include <array>
#include <string>
#include <string_view>

#include "solver/cib/values.h"
#include "solver/model/text.h"
#include "solver/unpack/build.h"

namespace picket::solver {
namespace {

bool IsBoolean(std::string_view text) {
  return ParseBoolean(text).has_value();
}
bool IsDuration(std::string_view text) {
  return ParseDuration(text).has_value();
}
// An infinity starts with no digit, so it counts by itself.
bool IsInteger(std::string_view text) {
  return ParseScore(text).has_value();
}
bool IsPositive(std::string_view text) {
  return text == "INFINITY" || text == "+INFINITY" || ParseInteger(text).value_or(0) > 0;
}
bool IsPercentage(std::string_view text) {
  const size_t digits = text.find_first_not_of("0123456789");
  return digits != 0 && digits != std::string_view::npos && text.substr(digits) == "%";
}
bool IsFencingAction(std::string_view text) {
  return text == "reboot" || text == "off";
}
bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (EqualFolded(text, word)) return true;
  }
  return false;
}
bool IsQuorumPolicy(std::string_view text) {
  return IsOneOf(text, {"stop", "freeze", "ignore", "demote", "fence", "suicide"});
}
bool IsHealthStrategy(std::string_view text) {
  return IsOneOf(text, {"none", "migrate-on-red", "only-green", "progressive", "custom"});
}
bool IsStrategy(std::string_view text) {
  return IsOneOf(text, {"default", "utilization", "minimal", "balanced"});
}

struct OptionDef {
  std::string_view name;
  std::string_view legacy;          // empty: none
  bool (*valid)(std::string_view);  // null: anything
  const char* standard;             // null: none
};

// The order is that of the messages (spec 01 §6.2).
constexpr OptionDef kOptions[] = {
    {"dc-version", "", nullptr, nullptr},
    {"cluster-infrastructure", "", nullptr, nullptr},
    {"cluster-name", "", nullptr, nullptr},
    {"dc-deadtime", "", IsDuration, "20s"},
    {"cluster-recheck-interval", "", IsDuration, "15min"},
    {"election-timeout", "", IsDuration, "2min"},
    {"shutdown-escalation", "", IsDuration, "20min"},
    {"join-integration-timeout", "", IsDuration, "3min"},
    {"join-finalization-timeout", "", IsDuration, "30min"},
    {"transition-delay", "", IsDuration, "0s"},
    {"no-quorum-policy", "", IsQuorumPolicy, "stop"},
    {"shutdown-lock", "", IsBoolean, "false"},
    {"shutdown-lock-limit", "", IsDuration, "0"},
    {"enable-acl", "", IsBoolean, "false"},
    {"symmetric-cluster", "", IsBoolean, "true"},
    {"maintenance-mode", "", IsBoolean, "false"},
    {"start-failure-is-fatal", "", IsBoolean, "true"},
    {"enable-startup-probes", "", IsBoolean, "true"},
    {"fence-remote-without-quorum", "", IsBoolean, "false"},
    {"fencing-enabled", "stonith-enabled", IsBoolean, "true"},
    {"fencing-action", "stonith-action", IsFencingAction, "reboot"},
    {"fencing-reaction", "fence-reaction", nullptr, "stop"},
    {"fencing-timeout", "stonith-timeout", IsDuration, "60s"},
    {"have-watchdog", "", IsBoolean, "false"},
    {"fencing-watchdog-timeout", "stonith-watchdog-timeout", nullptr, "0"},
    {"fencing-max-attempts", "stonith-max-attempts", IsPositive, "10"},
    {"concurrent-fencing", "", IsBoolean, "true"},
    {"startup-fencing", "", IsBoolean, "true"},
    {"priority-fencing-delay", "", IsDuration, "0"},
    {"node-pending-timeout", "", IsDuration, "0"},
    {"cluster-delay", "", IsDuration, "60s"},
    {"load-threshold", "", IsPercentage, "80%"},
    {"node-action-limit", "", IsInteger, "0"},
    {"batch-limit", "", IsInteger, "0"},
    {"migration-limit", "", IsInteger, "-1"},
    {"cluster-ipc-limit", "", nullptr, nullptr},
    {"stop-all-resources", "", IsBoolean, "false"},
    {"stop-removed-resources", "stop-orphan-resources", IsBoolean, "true"},
    {"cancel-removed-actions", "stop-orphan-actions", IsBoolean, "true"},
    {"pe-error-series-max", "", IsInteger, "-1"},
    {"pe-warn-series-max", "", IsInteger, "5000"},
    {"pe-input-series-max", "", IsInteger, "4000"},
    {"node-health-strategy", "", IsHealthStrategy, "none"},
    {"node-health-base", "", IsInteger, "0"},
    {"node-health-green", "", IsInteger, "0"},
    {"node-health-yellow", "", IsInteger, "0"},
    {"node-health-red", "", IsInteger, "-INFINITY"},
    {"placement-strategy", "", IsStrategy, "default"},
};

// What an option is where nothing is set, by the release that decides (spec 07 E-1, D-6).
const char* StandardOf(const Run& run, const OptionDef& option) {
  if (option.name == "concurrent-fencing" && !run.Behaves(Behaviour::kConcurrentFencingDefault)) return "false";
  if (option.name == "fence-remote-without-quorum" && !run.Behaves(Behaviour::kFenceRemoteNeedsQuorum)) return "true";
  return option.standard;
}

// Whether the release that decides has the option at all.
bool IsKnown(const Run& run, std::string_view name) {
  if (name == "node-pending-timeout") return run.Behaves(Behaviour::kPendingTimeout);
  if (name == "fence-remote-without-quorum") return run.Behaves(Behaviour::kFenceRemoteOption);
  return true;
}

// A value that older releases understand, or do not understand yet (spec 07 E-4, F-1).
bool IsValidNow(const Run& run, const OptionDef& option, std::string_view value) {
  if (option.name == "no-quorum-policy" && EqualFolded(value, "fence")) return run.Behaves(Behaviour::kNoQuorumFence);
  if (option.name == "fencing-action" && value == "poweroff") return !run.Behaves(Behaviour::kPoweroffGone);
  return option.valid == nullptr || option.valid(value);
}

// Valid values by current name.
Table Validate(const Run& run, const Table& raw) {
  const bool new_names = run.Behaves(Behaviour::kFencingOptionNames);
  Table valid;
  for (const OptionDef& option : kOptions) {
    const std::string* value = new_names || option.legacy.empty() ? raw.Find(option.name) : raw.Find(option.legacy);
    if (!IsKnown(run, option.name)) value = nullptr;
    if (value == nullptr && new_names && !option.legacy.empty()) {
      value = raw.Find(option.legacy);
      if (value != nullptr) {
        Say(run, LogLevel::kWarning,
            "Support for legacy name '" + std::string(option.legacy) + "' for cluster option '" +
                std::string(option.name) + "' is deprecated and will be removed in a future release");
      }
    }
    if (value != nullptr && !IsValidNow(run, option, *value)) {
      Say(run, LogLevel::kError,
          "Using default value for cluster option '" + std::string(option.name) + "' because '" + *value +
              "' is invalid");
      value = nullptr;
    }
    if (value != nullptr) {
      valid.Add(option.name, *value);
    } else if (const char* standard = StandardOf(run, option)) {
      valid.Add(option.name, standard);
    }
  }
  return valid;
}

void WarnDeprecated(const Run& run, std::string_view name, std::string_view addition = {}) {
  std::string text = "Support for the ";
  text.append(name).append(
      " cluster property is deprecated and will be removed (and behave as true) in a future release.");
  Say(run, LogLevel::kWarning, text.append(addition));
}

// Spec 01 §20.
QuorumPolicy EffectivePolicy(const Run& run, std::string_view text) {
  if (EqualFolded(text, "ignore")) return QuorumPolicy::kIgnore;
  if (EqualFolded(text, "freeze")) return QuorumPolicy::kFreeze;
  if (EqualFolded(text, "demote")) return QuorumPolicy::kDemote;
  if (EqualFolded(text, "stop")) return QuorumPolicy::kStop;
  if (!run.options.fencing_enabled) {
    Say(run, LogLevel::kError, "Resetting no-quorum-policy to 'stop' because fencing is disabled");
    return QuorumPolicy::kStop;
  }
  if (run.state->no_quorum_panic != 0 || run.quorate) return QuorumPolicy::kFence;
  Say(run, LogLevel::kNotice, "Resetting no-quorum-policy to 'stop' because cluster has never had quorum");
  return QuorumPolicy::kStop;
}

HealthStrategy ParseHealthStrategy(std::string_view text) {
  constexpr std::array<std::string_view, 5> kNames = {"none", "migrate-on-red", "only-green", "progressive", "custom"};
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (EqualFolded(text, kNames[i])) return static_cast<HealthStrategy>(i);
  }
  return HealthStrategy::kNone;
}

Strategy ParseStrategy(std::string_view text) {
  constexpr std::array<std::string_view, 4> kNames = {"default", "utilization", "minimal", "balanced"};
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (EqualFolded(text, kNames[i])) return static_cast<Strategy>(i);
  }
  return Strategy::kDefault;
}

// Spec 01 §11.
void ReadHealth(const Table& valid, Options& options) {
  options.health_strategy_text = valid.Get("node-health-strategy");
  options.health_strategy = ParseHealthStrategy(options.health_strategy_text);
  const auto score = [&valid](std::string_view name) { return ParseScore(valid.Get(name)).value_or(Score()); };
  switch (options.health_strategy) {
    case HealthStrategy::kNone:
      break;
    case HealthStrategy::kMigrateOnRed:
      options.health_red = Score::MinusInfinity();
      break;
    case HealthStrategy::kOnlyGreen:
      options.health_red = Score::MinusInfinity();
      options.health_yellow = Score::MinusInfinity();
      break;
    case HealthStrategy::kProgressive:
      options.health_base = score("node-health-base");
      [[fallthrough]];
    case HealthStrategy::kCustom:
      options.health_red = score("node-health-red");
      options.health_yellow = score("node-health-yellow");
      options.health_green = score("node-health-green");
      break;
  }
}

}  // namespace

void UnpackOptions(Run& run) {
  Options& options = run.options;
  ReadInto(run, run.cluster->properties, TimeInput(run), options.raw);
  if (run.state->watchdog) options.raw.Set("have-watchdog", *run.state->watchdog);
  const Table valid = Validate(run, options.raw);
  const auto text = [&valid](std::string_view name) { return std::string(valid.Get(name)); };
  const auto is_true = [&valid](std::string_view name) { return IsTrue(valid.Get(name)); };
  const auto duration = [&valid](std::string_view name) { return DurationOrZero(valid.Get(name)); };

  // The order is that of the messages (spec 01 §6.4).
  options.startup_probes = is_true("enable-startup-probes");
  if (!options.startup_probes) {
    WarnDeprecated(run, "enable-startup-probes",
                   " Use a location constraint with resource-discovery=never instead to disable probes where desired.");
  }
  options.have_watchdog = is_true("have-watchdog");
  options.unfencing = run.cluster->unfencing_mentioned;
  options.fencing_timeout = text("fencing-timeout");
  options.fencing_enabled = is_true("fencing-enabled");
  options.fencing_action = text("fencing-action");
  if (options.fencing_action == "poweroff") options.fencing_action = "off";
  options.remove_after_stop =
      !run.Behaves(Behaviour::kRemoveAfterStopGone) && IsTrue(options.raw.Find("remove-after-stop"));
  options.concurrent_fencing = is_true("concurrent-fencing");
  if (!options.concurrent_fencing) WarnDeprecated(run, "concurrent-fencing");
  options.priority_fencing_delay_ms = duration("priority-fencing-delay");
  options.stop_all_resources = is_true("stop-all-resources");
  options.symmetric = is_true("symmetric-cluster");
  options.no_quorum_policy = EffectivePolicy(run, valid.Get("no-quorum-policy"));
  options.stop_removed_resources = is_true("stop-removed-resources");
  if (!options.stop_removed_resources) WarnDeprecated(run, "stop-removed-resources");
  options.cancel_removed_actions = is_true("cancel-removed-actions");
  if (!options.cancel_removed_actions) WarnDeprecated(run, "cancel-removed-actions");
  options.maintenance_mode = is_true("maintenance-mode");
  options.start_failure_is_fatal = is_true("start-failure-is-fatal");
  options.startup_fencing = options.fencing_enabled && is_true("startup-fencing");
  if (!options.startup_fencing) Say(run, LogLevel::kWarning, "Blind faith: not fencing unseen nodes");
  ReadHealth(valid, options);
  options.placement = ParseStrategy(valid.Get("placement-strategy"));
  options.shutdown_lock = is_true("shutdown-lock");
  options.shutdown_lock_limit_ms = duration("shutdown-lock-limit");
  options.node_pending_timeout_ms = duration("node-pending-timeout");
  options.fence_remote_without_quorum = is_true("fence-remote-without-quorum");

  options.cluster_delay = text("cluster-delay");
  options.batch_limit = text("batch-limit");
  if (ParseInteger(valid.Get("migration-limit")).value_or(0) > 0) options.migration_limit = text("migration-limit");
  options.cluster_name = options.raw.Get("cluster-name");
}

bool StartupFencing(const Run& run) {
  return run.options.startup_fencing;
}

std::optional<Score> ReadScore(const Run& run, std::string_view text) {
  const Options& options = run.options;
  return ParseScore(text, options.health_red, options.health_yellow, options.health_green);
}

}  // namespace picket::solver
