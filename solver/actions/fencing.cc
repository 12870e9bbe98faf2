#include "solver/actions/fencing.h"

#include <algorithm>

#include "solver/actions/create.h"
#include "solver/actions/unfencing.h"
#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/order/order.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

void FailToRecover(Resource& resource) {
  resource.failed = true;
  resource.stop_on_failure = true;
}

// How long fencing waits so that the partition with the more important node wins (spec 05 §15.7): the configured
// delay if the target is the most important node and might be in the bigger half, else nothing.
uint32_t PriorityDelaySeconds(const Run& run, NodeId target) {
  if (run.at(target).remote || run.at(target).online) return 0;
  int members = 0;
  int online = 0;
  int32_t lowest = 0;
  int32_t highest = 0;
  for (const NodeId id : run.node_order) {
    const Node& node = run.at(id);
    if (node.remote) continue;
    lowest = members == 0 ? node.priority : std::min(lowest, node.priority);
    highest = members == 0 ? node.priority : std::max(highest, node.priority);
    ++members;
    if (node.online) ++online;
  }
  if (online > members / 2 || lowest == highest || run.at(target).priority < highest) return 0;
  return WholeSeconds(run, run.options.priority_fencing_delay_ms);
}

bool IsFitForUnfencing(const Run& run, NodeId node) {
  return IsClean(run, node) && !run.at(node).shutting_down;
}

}  // namespace

void FenceNode(Run& run, NodeId id, std::string_view reason, bool priority_delay) {
  Node& node = run.at(id);
  if (IsGuestNode(run, id)) {
    // A guest is fenced by recovering what it runs in (spec 01 §10.1.1).
    Resource& launcher = run.at(LauncherOf(run, id));
    if (launcher.failed || !launcher.managed) return;
    node.needs_reset = true;
    FailToRecover(launcher);
    return;
  }
  if (node.remote && node.connection.valid() && run.at(node.connection).removed_launched) {
    FailToRecover(run.at(node.connection));
    return;
  }
  if (node.remote) {
    if (!node.connection.valid() || run.at(node.connection).managed) node.needs_reset = true;
    node.unclean = true;
    FencingOperation(run, id, {}, true, reason);
    return;
  }
  if (node.unclean) return;
  node.unclean = true;
  FencingOperation(run, id, {}, true, reason, priority_delay);
}

namespace {

// `hops` guards against guests that are said to run on one another: such a ring has no host that could be fenced.
bool CanBeFencedWithin(const Run& run, NodeId id, size_t hops) {
  const Node& node = run.at(id);
  if (const ResourceId launcher = LauncherOf(run, id); launcher.valid()) {
    if (hops == 0) return false;
    const auto& hosts = run.at(launcher).active;
    return std::all_of(hosts.begin(), hosts.end(),
                       [&](NodeId host) { return run.at(host).online || CanBeFencedWithin(run, host, hops - 1); });
  }
  if (!run.options.fencing_enabled) return false;
  if (!run.fence_device_exists && !run.options.have_watchdog) return false;
  if (run.quorate || run.options.no_quorum_policy == QuorumPolicy::kIgnore) return true;
  if (!node.online) return false;
  if (!node.remote || run.options.fence_remote_without_quorum || !node.connection.valid()) return true;
  // Nodes outside our partition might still be the ones that host the connection.
  const Row& row = run.at(node.connection).row;
  return std::all_of(run.node_order.begin(), run.node_order.end(),
                     [&](NodeId host) { return !row.Find(host) || run.at(host).online; });
}

}  // namespace

bool CanBeFenced(const Run& run, NodeId id) {
  return CanBeFencedWithin(run, id, run.nodes.size());
}

ActionId FencingOperation(Run& run, NodeId node, std::string_view operation, bool optional, std::string_view reason,
                          bool priority_delay) {
  const std::string op(operation.empty() ? std::string_view(run.options.fencing_action) : operation);
  const std::string key = "stonith-" + run.at(node).name + "-" + op;
  const Symbol key_symbol = run.symbols.Find(key);
  const auto known = run.cluster_actions.find(key_symbol);
  const bool is_new = key_symbol == Symbol::kNone || known == run.cluster_actions.end() || known->second.empty();

  const ActionId id = RequestClusterAction(run, key, "stonith", node, optional, false);
  if (is_new) {
    Table& meta = run.at(id).meta;
    meta.Set("on_node", run.at(node).name);
    meta.Set("on_node_uuid", run.at(node).id);
    meta.Set("stonith_action", op);
    if (run.options.unfencing) {
      const UnfencingDigests digests = DigestsOfUnfencingDevices(run, node);
      run.at(id).meta.Set("digests-all", digests.all);
      run.at(id).meta.Set("digests-secure", digests.secure);
      if (digests.changed) run.at(id).optional = false;
    }
  }
  if (run.options.priority_fencing_delay_ms > 0 && (priority_delay || run.at(id).meta.Has("priority-fencing-delay"))) {
    run.at(id).meta.Set("priority-fencing-delay", std::to_string(PriorityDelaySeconds(run, node)));
  }
  if (!reason.empty()) SetReason(run, id, reason, false);
  return id;
}

void TriggerUnfencing(Run& run, ResourceId device, NodeId node, std::string_view reason) {
  if (!run.options.unfencing || !run.options.fencing_enabled) return;
  if (device.valid() && !run.at(device).fence_device) return;
  if (node.valid() && IsFitForUnfencing(run, node)) {
    FencingOperation(run, node, "on", false, reason);
    return;
  }
  if (!device.valid()) return;
  for (const NodeId candidate : run.node_order) {
    if (run.at(device).row.Find(candidate) && IsFitForUnfencing(run, candidate)) {
      FencingOperation(run, candidate, "on", false, reason);
    }
  }
}

void OrderAfterUnfencing(Run& run, ResourceId resource, NodeId node, ActionId then, Kinds kinds) {
  const bool is_device = run.at(resource).fence_device && run.options.unfencing;
  if (!is_device && !run.at(resource).needs_unfencing) return;
  Link(run, FencingOperation(run, node, "on", true, {}), then, kinds);
  const std::string_view unfenced = run.at(node).attributes.Get("#node-unfenced");
  if (!unfenced.empty() && unfenced != "0") return;
  std::string reason = "required by " + run.at(resource).id + " ";
  reason += run.symbols.Text(run.at(then).name);
  TriggerUnfencing(run, ResourceId(), node, reason);
}

}  // namespace picket::solver
