#include "simulator/text/display.h"

#include <algorithm>
#include <map>

#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/status/status.h"

namespace picket::simulator {

using namespace solver;  // NOLINT: this room is about the solver's types.

Health HealthOf(const Run& run, NodeId node) {
  const Options& options = run.options;
  if (options.health_strategy == HealthStrategy::kNone) return Health::kGreen;
  Health health = Health::kGreen;
  for (const auto& [name, value] : run.at(node).attributes) {
    if (!name.starts_with("#health")) continue;
    const std::optional<int64_t> number = ParseInteger(value);
    if (EqualFolded(value, "red") || (number && *number <= options.health_red.value())) return Health::kRed;
    const bool told_apart = options.health_yellow != options.health_green;
    if (EqualFolded(value, "yellow") || (number && told_apart && *number <= options.health_yellow.value())) {
      health = Health::kYellow;
    }
  }
  return health;
}

std::vector<std::string_view> NodeNames(const Run& run, const std::vector<NodeId>& nodes) {
  std::vector<std::string_view> names;
  names.reserve(nodes.size());
  for (const NodeId node : nodes) names.push_back(run.at(node).name);
  return names;
}

void SortByName(const Run& run, std::vector<NodeId>& nodes) {
  std::stable_sort(nodes.begin(), nodes.end(),
                   [&](NodeId a, NodeId b) { return CompareNodeNames(run.at(a).name, run.at(b).name) < 0; });
}

std::string NodeBrackets(const Run& run, const std::vector<NodeId>& nodes) {
  std::string text = "[";
  for (const NodeId node : nodes) {
    text += ' ';
    text += run.at(node).name;
  }
  return text + " ]";
}

const std::string& PrintableId(const Resource& resource) {
  return resource.unique ? resource.id : resource.config_id;
}

std::string AgentText(const Resource& resource) {
  std::string text = resource.cls;
  if (resource.cls == "ocf" && !resource.provider.empty()) text += ":" + resource.provider;
  return text + ":" + resource.type;
}

bool InPromotableClone(const Run& run, ResourceId resource) {
  return run.at(Top(run, resource)).promotable;
}

Role DisplayedRole(const Run& run, ResourceId resource) {
  const Role role = run.at(resource).role;
  return role == Role::kStarted && InPromotableClone(run, resource) ? Role::kUnpromoted : role;
}

std::string_view PendingWord(const Resource& resource) {
  switch (resource.pending_operation) {
    case Symbol::kStart:
      return "Starting";
    case Symbol::kStop:
      return "Stopping";
    case Symbol::kMigrateTo:
    case Symbol::kMigrateFrom:
      return "Migrating";
    case Symbol::kPromote:
      return "Promoting";
    case Symbol::kDemote:
      return "Demoting";
    default:
      return {};
  }
}

bool HasPendingNonProbe(const Resource& resource) {
  return resource.pending_operation != Symbol::kNone &&
         !(resource.pending_operation == Symbol::kMonitor && resource.pending_interval_ms == 0);
}

std::string_view TargetRoleText(const Resource& resource) {
  return resource.meta.Get("target-role");
}

std::string_view CloneTargetRoleText(const Run& run, ResourceId id) {
  const Resource& clone = run.at(id);
  const std::string_view own = TargetRoleText(clone);
  return own.empty() && !clone.children.empty() ? TargetRoleText(run.at(clone.children.front())) : own;
}

Role TargetRole(const Resource& resource) {
  return ParseRole(TargetRoleText(resource)).value_or(Role::kUnknown);
}

bool IsDisabled(const Run& run, ResourceId resource) {
  const Role target = TargetRole(run.at(resource));
  return target == Role::kStopped || (target == Role::kUnpromoted && InPromotableClone(run, resource));
}

bool IsHidden(const Run& run, ResourceId id) {
  const Resource& resource = run.at(id);
  if (resource.removed) return !IsActive(run, id);
  // What is active in part, and nowhere as a whole, is not shown (spec 07 C-11: before 2.1.10 that could be).
  const bool whole_counts =
      run.Behaves(Behaviour::kUnmanagedMemberCounts) || resource.is_primitive() || resource.is_bundle();
  if (!whole_counts && resource.active.empty() && IsActive(run, id)) return true;
  return resource.internal;
}

InstanceView ViewInstance(const Run& run, ResourceId clone, ResourceId instance, bool pending) {
  const InstanceView in_full{InstancePlace::kInFull, {}};
  const InstanceView stopped{InstancePlace::kStopped, {}};
  if (run.at(clone).unique) {
    return run.at(clone).removed && !IsActive(run, instance) ? stopped : in_full;
  }
  if (pending && HasPendingNonProbe(run.at(instance))) return in_full;
  if (!IsActive(run, instance)) return stopped;
  const auto special = [](const Resource& part) { return part.removed || !part.managed || part.failed; };
  if (AnyBelow(run, instance, special) || !IsActive(run, instance, true)) return in_full;
  const NodeId node = LocationOf(run, instance, true);
  if (!node.valid() || (!run.at(node).online && run.at(node).unclean)) return in_full;
  const bool promoted = CurrentRole(run, instance) > Role::kUnpromoted;
  return {promoted ? InstancePlace::kPromoted : InstancePlace::kStarted, node};
}

std::vector<StoppedNodes> StoppedNodesOf(const Run& run, ResourceId id) {
  const Resource& clone = run.at(id);
  // An asymmetric cluster has no table yet: the nodes that were probed stand in for it.
  std::vector<NodeId> candidates;
  for (const NodeId node : run.node_order) {
    if (clone.row.Find(node)) candidates.push_back(node);
  }
  if (candidates.empty()) candidates = clone.known_on;
  SortByName(run, candidates);

  const bool disabled = ParseRole(CloneTargetRoleText(run, id)) == Role::kStopped;
  std::map<std::string, std::vector<NodeId>, std::less<>> by_status;
  for (const NodeId node : candidates) {
    if (std::find(clone.active.begin(), clone.active.end(), node) != clone.active.end()) continue;
    std::string probe;
    if (!clone.children.empty() && run.at(clone.children.front()).is_primitive()) {
      probe = MaskedProbeText(run, clone.children.front(), node);
    }
    std::string status = "Stopped";
    if (!probe.empty()) {
      status += " (" + probe + ")";
    } else if (disabled) {
      status += " (disabled)";
    }
    by_status[std::move(status)].push_back(node);
  }
  std::vector<StoppedNodes> result;
  for (auto& [status, nodes] : by_status) result.push_back({status, std::move(nodes)});
  return result;
}

ReplicaView ViewReplica(const Run& run, const Replica& replica) {
  const ResourceId shown = replica.child.valid() ? replica.child : replica.container;
  const ResourceId named = replica.connection.valid() ? replica.connection : replica.container;
  std::string name = PrintableId(run.at(named));
  if (!replica.ip_address.empty()) name += " (" + replica.ip_address + ")";
  return {shown, std::move(name), CurrentNode(run, replica.container)};
}

}  // namespace picket::simulator
