#include "solver/status/on_fail.h"

#include <optional>

#include "solver/actions/create.h"
#include "solver/model/text.h"

namespace picket::solver {
namespace {

// The value as written; what is invalid or does not apply gives nothing, and the default counts (spec 02 §10.3).
std::optional<OnFail> PolicyOf(const Run& run, ResourceId resource, std::string_view value) {
  struct Name {
    std::string_view text;
    OnFail policy;
  };
  static constexpr Name kNames[] = {
      {"block", OnFail::kBlock},     {"standby", OnFail::kStandby}, {"ignore", OnFail::kIgnore},
      {"nothing", OnFail::kIgnore},  {"migrate", OnFail::kBan},     {"stop", OnFail::kStop},
      {"restart", OnFail::kRestart}, {"demote", OnFail::kDemote},
  };
  for (const Name& name : kNames) {
    if (EqualFolded(value, name.text)) return name.policy;
  }
  if (EqualFolded(value, "fence")) return run.options.fencing_enabled ? OnFail::kFence : OnFail::kStop;
  if (EqualFolded(value, "restart-container") && run.at(resource).launcher.valid()) return OnFail::kRestartContainer;
  return std::nullopt;
}

// A remote node whose connection failed is not just stopped and started again.
bool NeedsRemoteReset(const Resource& resource, std::string_view operation, uint32_t interval_ms) {
  const bool probe = operation == "monitor" && interval_ms == 0;
  return resource.connection && !resource.guest_connection && !probe && operation != "start";
}

}  // namespace

OnFail FailurePolicy(Run& run, ResourceId id, NodeId node, std::string_view operation, uint32_t interval_ms) {
  const OperationDef* configured = FindOperation(run, id, operation, interval_ms, false);
  // Between 2.1.7 and 2.1.10 a rule about the node may decide (spec 07 C-12).
  const NodeId seen = run.Behaves(Behaviour::kOnFailSeesNode) ? node : NodeId();
  const Table meta = OperationMeta(run, id, operation, interval_ms, configured, seen);
  const std::optional<OnFail> explicit_policy = PolicyOf(run, id, meta.Get("on-fail"));

  const Resource& resource = run.at(id);
  const bool remote_reset = NeedsRemoteReset(resource, operation, interval_ms);
  if (explicit_policy && (!remote_reset || resource.managed)) return *explicit_policy;
  if (resource.launcher.valid()) return OnFail::kRestartContainer;
  if (remote_reset) return resource.managed ? OnFail::kResetRemote : OnFail::kStop;
  if (operation == "stop") return run.options.fencing_enabled ? OnFail::kFence : OnFail::kBlock;
  return OnFail::kRestart;
}

Role RoleAfterFailure(Run& run, ResourceId resource, OnFail policy, const HistoryEntry& entry) {
  if (policy == OnFail::kStop) return Role::kStopped;
  if (policy == OnFail::kResetRemote && run.at(resource).reconnect_interval_ms > 0) return Role::kStopped;
  if (!run.Behaves(Behaviour::kRoleAfterFailureGone)) {
    const OperationDef* configured = FindOperation(run, resource, entry.operation, entry.interval_ms, false);
    const Table meta = OperationMeta(run, resource, entry.operation, entry.interval_ms, configured, NodeId());
    if (const auto role = ParseRole(meta.Get("role_after_failure"))) return *role;
  }
  return entry.operation == "promote" ? Role::kUnpromoted : Role::kStarted;
}

}  // namespace picket::solver
