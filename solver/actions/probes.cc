// Probes (spec 05 §7, 04 §8, §12.9): for each node that can be asked, whether a resource runs there whose
// state there is not known from history.
//
// Cost: nodes × resources questions, each a few comparisons; anonymous clones look for one instance per node.
#include <algorithm>

#include "solver/actions/create.h"
#include "solver/actions/fencing.h"
#include "solver/actions/stages.h"
#include "solver/model/merge_sort.h"
#include "solver/model/query.h"
#include "solver/order/order.h"

namespace picket::solver {
namespace {

// Where a probe of `resource` belongs: the whole clone starts after the probe of any instance.
ResourceId ProbedWhole(const Run& run, ResourceId resource) {
  const ResourceId top = Top(run, resource);
  return run.at(top).is_clone() ? top : resource;
}

bool LaunchesGuest(const Run& run, ResourceId resource) {
  const auto& launched = run.at(resource).launched;
  return std::any_of(launched.begin(), launched.end(), [&run](ResourceId id) { return run.at(id).connection; });
}

// What cannot run on remote nodes is not looked for there (rule 1 of spec 05 §7.2).
bool CannotBeOn(const Run& run, ResourceId id, NodeId node) {
  if (!run.at(node).remote) return false;
  const Resource& resource = run.at(id);
  return resource.fence_device || resource.connection || (IsGuestNode(run, node) && LaunchesGuest(run, id));
}

bool IsExclusivelyAllowed(const Run& run, ResourceId resource, NodeId node) {
  const Cell* cell = run.at(resource).row.Find(node);
  return cell != nullptr && cell->probe_mode == ProbeMode::kExclusive;
}

ProbeMode ProbeModeOf(const Run& run, ResourceId resource, NodeId node) {
  const Cell* cell = run.at(resource).row.Find(node);
  return cell != nullptr ? cell->probe_mode : run.at(node).probe_mode;
}

bool WillProbablyStop(const Run& run, ResourceId launcher, NodeId guest) {
  const Resource& resource = run.at(launcher);
  if (run.at(guest).needs_reset || run.at(guest).unclean || resource.failed) return true;
  if (resource.next_role == Role::kStopped) return true;
  return !resource.active.empty() && !IsActiveOn(run, launcher, resource.node);
}

// Rule 8 of spec 05 §7.2: nothing runs on a guest whose launcher is down, or will be there once the launcher
// stopped. What starts there waits for what is known about the launcher instead.
bool GuestMakesProbeNeedless(Run& run, ResourceId id, NodeId node) {
  const ResourceId launcher = LauncherOf(run, node);
  if (!launcher.valid()) return false;
  const OrderingEnd start = End(Top(run, id), Symbol::kStart);
  if (CurrentRole(run, launcher) == Role::kStopped) {
    const NodeId assigned = run.at(launcher).node;
    if (assigned.valid() && !IsKnownOn(run, launcher, assigned)) {
      Record(run, End(launcher, Symbol::kMonitor), start, kind::kSeq);
    }
    return true;
  }
  if (!WillProbablyStop(run, launcher, node)) return false;
  Record(run, End(launcher, Symbol::kStop), start, kind::kSeq);
  return true;
}

bool IsProbeWanted(Run& run, ResourceId id, NodeId node) {
  const Resource& resource = run.at(id);
  if (resource.launcher.valid() && !resource.connection) return false;
  if (resource.removed || IsKnownOn(run, id, node)) return false;
  if ((resource.exclusive_discovery || run.at(Top(run, id)).exclusive_discovery) &&
      !IsExclusivelyAllowed(run, id, node)) {
    return false;
  }
  if (ProbeModeOf(run, id, node) == ProbeMode::kNever) return false;
  return !GuestMakesProbeNeedless(run, id, node);
}

ActionId ProbePrimitive(Run& run, ResourceId id, NodeId node) {
  if (!IsProbeWanted(run, id, node)) return {};
  const ActionId probe = RequestAction(run, id, Symbol::kMonitor, 0, node, false);
  run.at(probe).optional = false;  // also of an unmanaged resource, whose other actions are only bookkeeping
  if (!IsActiveOn(run, id, node)) {
    run.at(probe).meta.Set("op_target_rc", "7");
  } else if (run.at(id).role == Role::kPromoted) {
    run.at(probe).meta.Set("op_target_rc", "8");
  }
  OrderAfterUnfencing(run, id, node, probe, kind::kSeq);

  const ResourceId whole = ProbedWhole(run, id);
  // Before 2.1.6 it was the probed instance that had to be nowhere (spec 07 B-13).
  const ResourceId judged = run.Behaves(Behaviour::kCloneProbesGateClone) ? whole : id;
  const bool gated = !run.at(probe).runnable && run.at(judged).active.empty();
  Record(run, End(probe), End(whole, Symbol::kStart), gated ? kind::kSeq | kind::kGate : kind::kSeq);
  Record(run, End(probe), End(whole, Symbol::kReloadAgent), kind::kSeq);
  return probe;
}

// Gives whether something was probed.
bool Probe(Run& run, ResourceId id, NodeId node);

bool IsAnyKnownOn(const Run& run, ResourceId id, NodeId node) {
  if (IsKnownOn(run, id, node)) return true;
  const auto& children = run.at(id).children;
  return std::any_of(children.begin(), children.end(),
                     [&](ResourceId child) { return IsAnyKnownOn(run, child, node); });
}

// The one instance of an anonymous clone that answers for all of them (spec 05 §7.4).
ResourceId InstanceToProbe(const Run& run, const std::vector<ResourceId>& instances, NodeId node) {
  for (const ResourceId instance : instances) {
    if (IsAnyKnownOn(run, instance, node)) return instance;
  }
  for (const ResourceId instance : instances) {
    if (LocationOf(run, instance, false) == node) return instance;
  }
  return instances.front();
}

bool ProbeClone(Run& run, ResourceId clone, NodeId node) {
  // Before 2.1.7 a node that the clone does not know is left to its instances (spec 07 B-14).
  const bool known = run.at(clone).row.Find(node) != nullptr || run.Behaves(Behaviour::kMissingNodesNotProbed);
  if (run.at(clone).exclusive_discovery && known && !IsExclusivelyAllowed(run, clone, node)) {
    run.at(clone).row.Erase(node);  // notifications show it (spec 04 §8.1)
    return false;
  }
  const auto number = [&run](ResourceId id) { return run.at(id).instance_number.value_or(0); };
  // They are sorted already where another node was asked before.
  std::vector<ResourceId>& children = run.at(clone).children;
  if (!std::is_sorted(children.begin(), children.end(),
                      [&](ResourceId a, ResourceId b) { return number(a) < number(b); })) {
    MergeSort(children, [&](ResourceId a, ResourceId b) { return number(a) - number(b); });
  }
  const std::vector<ResourceId> instances = run.at(clone).children;
  if (instances.empty()) return false;
  if (!run.at(clone).unique) return Probe(run, InstanceToProbe(run, instances, node), node);
  bool any = false;
  for (const ResourceId instance : instances) any = Probe(run, instance, node) || any;
  return any;
}

bool ProbeBundle(Run& run, ResourceId bundle, NodeId node) {
  const std::vector<Replica> replicas = run.at(bundle).bundle->replicas;
  const bool one_per_host = run.at(bundle).bundle->replicas_per_host == 1;
  bool any = false;
  for (const Replica& replica : replicas) {
    if (replica.ip.valid()) any = Probe(run, replica.ip, node) || any;
    if (replica.child.valid() && replica.node == node) any = Probe(run, replica.child, node) || any;
    if (Probe(run, replica.container, node)) {
      any = true;
      // No container may start here until it is known that none of the others occupies the node.
      for (const Replica& other : replicas) {
        if (!one_per_host || other.offset == replica.offset) continue;
        Record(run, End(replica.container, Symbol::kMonitor), End(other.container, Symbol::kStart),
               kind::kSeq | kind::kSameNode);
      }
    }
    if (replica.connection.valid() && Probe(run, replica.connection, node)) {
      any = true;
      const ActionId probe = OldestWithKey(run, replica.connection, Symbol::kMonitor, 0, node);
      Record(run, End(replica.container, Symbol::kStart), End(probe), kind::kGuestProbe);
    }
  }
  return any;
}

bool Probe(Run& run, ResourceId id, NodeId node) {
  if (CannotBeOn(run, id, node)) return false;
  switch (run.at(id).variant) {
    case Variant::kPrimitive:
      return ProbePrimitive(run, id, node).valid();
    case Variant::kClone:
      return ProbeClone(run, id, node);
    case Variant::kBundle:
      return ProbeBundle(run, id, node);
    case Variant::kGroup:
      break;
  }
  bool any = false;
  const std::vector<ResourceId> members = run.at(id).children;
  for (const ResourceId member : members) any = Probe(run, member, node) || any;
  return any;
}

bool IsFailedRemote(const Run& run, NodeId node) {
  return IsRemoteNode(run, node) && run.at(node).connection.valid() &&
         StateOfConnection(run, node) == ConnectionState::kFailed;
}

}  // namespace

void ScheduleProbes(Run& run) {
  if (!run.options.startup_probes) return;
  const std::vector<NodeId> nodes = run.node_order;
  const std::vector<ResourceId> resources = run.top_level;
  for (const NodeId node : nodes) {
    if (!run.at(node).online) {
      if (IsFailedRemote(run, node)) FenceNode(run, node, "the connection is unrecoverable");
      continue;
    }
    if (run.at(node).unclean || !run.at(node).probes_allowed) continue;
    for (const ResourceId resource : resources) {
      WorkFor(run, resource);
      Probe(run, resource, node);
    }
  }
}

}  // namespace picket::solver
