#include "compiler/check/known_options.h"

#include <map>

namespace picket::compiler {
namespace {

using enum OptionBlock;
using enum OptionShape;

const std::vector<KnownOption>& All() {
  static const std::vector<KnownOption> options = {
      {"batch-limit", kCluster, kInteger},
      {"cancel-removed-actions", kCluster, kBoolean},
      {"cluster-delay", kCluster, kDuration},
      {"cluster-infrastructure", kCluster},
      {"cluster-ipc-limit", kCluster, kInteger},
      {"cluster-name", kCluster},
      {"cluster-recheck-interval", kCluster, kDuration},
      {"concurrent-fencing", kCluster, kBoolean},
      {"dc-deadtime", kCluster, kDuration},
      {"dc-version", kCluster},
      {"election-timeout", kCluster, kDuration},
      {"enable-acl", kCluster, kBoolean},
      {"enable-startup-probes", kCluster, kBoolean},
      {"fence-reaction", kCluster, kWords, {"stop", "panic"}},
      {"fence-remote-without-quorum", kCluster, kBoolean},
      {"fencing-action", kCluster, kWords, {"reboot", "off", "poweroff"}},
      {"fencing-enabled", kCluster, kBoolean},
      {"fencing-max-attempts", kCluster},
      {"fencing-reaction", kCluster, kWords, {"stop", "panic"}},
      {"fencing-timeout", kCluster, kDuration},
      {"fencing-watchdog-timeout", kCluster},
      {"have-watchdog", kCluster, kBoolean},
      {"join-finalization-timeout", kCluster, kDuration},
      {"join-integration-timeout", kCluster, kDuration},
      {"last-lrm-refresh", kCluster},
      {"load-threshold", kCluster},
      {"maintenance-mode", kCluster, kBoolean},
      {"migration-limit", kCluster, kInteger},
      {"no-quorum-policy", kCluster, kWords, {"stop", "freeze", "ignore", "demote", "fence", "suicide"}},
      {"node-action-limit", kCluster, kInteger},
      {"node-health-base", kCluster, kScore},
      {"node-health-green", kCluster, kScore},
      {"node-health-red", kCluster, kScore},
      {"node-health-strategy", kCluster, kWords, {"none", "migrate-on-red", "only-green", "progressive", "custom"}},
      {"node-health-yellow", kCluster, kScore},
      {"node-pending-timeout", kCluster, kDuration},
      {"pe-error-series-max", kCluster, kInteger},
      {"pe-input-series-max", kCluster, kInteger},
      {"pe-warn-series-max", kCluster, kInteger},
      {"placement-strategy", kCluster, kWords, {"default", "utilization", "minimal", "balanced"}},
      {"priority-fencing-delay", kCluster, kDuration},
      {"remove-after-stop", kCluster, kBoolean},
      {"shutdown-escalation", kCluster, kDuration},
      {"shutdown-lock", kCluster, kBoolean},
      {"shutdown-lock-limit", kCluster, kDuration},
      {"start-failure-is-fatal", kCluster, kBoolean},
      {"startup-fencing", kCluster, kBoolean},
      {"stonith-action", kCluster, kWords, {"reboot", "off", "poweroff"}},
      {"stonith-enabled", kCluster, kBoolean},
      {"stonith-max-attempts", kCluster},
      {"stonith-timeout", kCluster, kDuration},
      {"stonith-watchdog-timeout", kCluster},
      {"stop-all-resources", kCluster, kBoolean},
      {"stop-orphan-actions", kCluster, kBoolean},
      {"stop-orphan-resources", kCluster, kBoolean},
      {"stop-removed-resources", kCluster, kBoolean},
      {"symmetric-cluster", kCluster, kBoolean},
      {"transition-delay", kCluster, kDuration},

      {"allow-migrate", kResource, kBoolean},
      {"allow-unhealthy-nodes", kResource, kBoolean},
      {"collocated", kResource, kBoolean},
      {"container-attribute-target", kResource},
      {"critical", kResource, kBoolean},
      {"failure-timeout", kResource, kDuration},
      {"is-managed", kResource, kBoolean},
      {"maintenance", kResource, kBoolean},
      {"migration-threshold", kResource, kScore},
      {"multiple-active", kResource, kWords, {"stop_start", "stop_only", "stop_unexpected", "block"}},
      {"ordered", kResource, kBoolean},  // Of groups as well.
      {"priority", kResource, kScore},
      {"remote-addr", kResource},
      {"remote-allow-migrate", kResource, kBoolean},
      {"remote-connect-timeout", kResource, kDuration},
      {"remote-node", kResource},
      {"remote-port", kResource, kInteger},
      {"requires", kResource, kWords, {"nothing", "quorum", "fencing", "unfencing"}},
      {"resource-discovery-enabled", kResource},
      {"resource-stickiness", kResource, kScore},
      {"target-role", kResource, kWords, {"started", "stopped", "promoted", "unpromoted", "master", "slave"}},

      {"clone-max", kClone, kInteger},
      {"clone-min", kClone, kInteger},
      {"clone-node-max", kClone, kInteger},
      {"globally-unique", kClone, kBoolean},
      {"interleave", kClone, kBoolean},
      {"master-max", kClone, kInteger},
      {"master-node-max", kClone, kInteger},
      {"notify", kClone, kBoolean},
      {"promotable", kClone, kBoolean},
      {"promoted-max", kClone, kInteger},
      {"promoted-node-max", kClone, kInteger},

      {"enabled", kOperation, kBoolean},
      {"interval", kOperation, kDuration},
      {"interval-origin", kOperation},
      {"on-fail",
       kOperation,
       kWords,
       {"restart", "stop", "block", "ignore", "demote", "standby", "fence", "restart-container"}},
      {"record-pending", kOperation, kBoolean},
      {"role", kOperation},
      {"start-delay", kOperation, kDuration},
      {"timeout", kOperation, kDuration},
  };
  return options;
}

const KnownOption* Find(std::string_view name) {
  static const auto by_name = [] {
    std::map<std::string_view, const KnownOption*> found;
    for (const KnownOption& option : All()) found.emplace(option.name, &option);
    return found;
  }();
  const auto found = by_name.find(name);
  return found != by_name.end() ? found->second : nullptr;
}

template <class Wanted>
const KnownOption* FindOf(std::string_view name, const Wanted& wanted) {
  const KnownOption* option = Find(name);
  return option != nullptr && wanted(option->block) ? option : nullptr;
}

template <class Wanted>
std::vector<std::string> NamesOf(const Wanted& wanted) {
  std::vector<std::string> names;
  for (const KnownOption& option : All()) {
    if (wanted(option.block)) names.emplace_back(option.name);
  }
  return names;
}

}  // namespace

const KnownOption* FindClusterOption(std::string_view name) {
  return FindOf(name, [](OptionBlock block) { return block == kCluster; });
}

const KnownOption* FindMeta(std::string_view name) {
  return FindOf(name, [](OptionBlock block) { return block == kResource || block == kClone; });
}

const KnownOption* FindOperationOption(std::string_view name) {
  return FindOf(name, [](OptionBlock block) { return block == kOperation; });
}

bool IsCloneOption(std::string_view name) {
  return FindOf(name, [](OptionBlock block) { return block == kClone; }) != nullptr;
}

bool IsPlainlyMeta(std::string_view name) {
  // Agents write their parameters with underscores.
  return FindMeta(name) != nullptr && (IsCloneOption(name) || name.find('-') != std::string_view::npos);
}

std::vector<std::string> ClusterOptionNames() {
  return NamesOf([](OptionBlock block) { return block == kCluster; });
}

std::vector<std::string> CloneOptionNames() {
  return NamesOf([](OptionBlock block) { return block == kClone; });
}

std::vector<std::string> MetaAndOperationNames() {
  return NamesOf([](OptionBlock block) { return block != kCluster; });
}

}  // namespace picket::compiler
