#include "solver/status/status.h"

#include "solver/actions/create.h"
#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/status/find_history.h"
#include "solver/status/history.h"
#include "solver/status/node_status.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

// A ticket that is stated twice has the later attributes (spec 01 §12.1).
void ReadTicket(Run& run, const TicketState& state) {
  if (state.id.empty()) return;
  Ticket& ticket = run.tickets[state.id];
  if (const std::string* granted = FindAttribute(state.attributes, "granted")) ticket.granted = IsTrue(*granted);
  if (const std::string* standby = FindAttribute(state.attributes, "standby")) ticket.standby = IsTrue(*standby);
  if (const std::string* last = FindAttribute(state.attributes, "last-granted")) {
    ticket.last_granted_s = ParseInteger(*last).value_or(0);
  }
}

// Only with shutdown-lock: a resource that was stopped with its node waits for it (spec 02 §3.6).
void ReadShutdownLock(Run& run, ResourceId id, NodeId node, const ResourceHistory& history) {
  const int64_t lock_time_s = ParseInteger(AttributeOr(history.attributes, "shutdown-lock")).value_or(0);
  if (lock_time_s == 0) return;
  const int64_t limit_s = WholeSeconds(run, run.options.shutdown_lock_limit_ms);
  if (limit_s > 0 && run.state->now.epoch_s > lock_time_s + limit_s) {
    RequestAction(run, id, Symbol::kLrmDelete, 0, node, false);
    return;
  }
  run.at(id).lock_node = node;
  run.at(id).lock_time_s = lock_time_s;
}

// What was launched by something that is configured still belongs to it (spec 02 §3.4).
void AttachRemovedLaunched(Run& run, const std::vector<ResourceId>& removed) {
  for (const ResourceId id : removed) {
    if (run.at(id).launcher.valid()) continue;
    const ResourceId launcher = FindResource(run, run.at(id).meta.Get("container"));
    if (!launcher.valid()) continue;
    run.at(id).launcher = launcher;
    run.at(launcher).launched.push_back(id);
  }
}

void ReadNodeHistory(Run& run, ResourceIndex& index, NodeId node, const NodeState& state) {
  if (run.at(node).remote) {
    UpdateRemoteStatus(run, node);
    ReadRemoteAttributes(run, node, state);
  }
  run.at(node).history_read = true;
  std::vector<ResourceId> removed_launched;
  for (const ResourceHistory& history : state.history) {
    if (history.id.empty() || (history.entries.empty() && !run.options.shutdown_lock)) continue;
    const ResourceId resource = ResourceOfHistory(run, index, node, history);
    if (!resource.valid()) continue;
    if (run.at(resource).removed_launched) removed_launched.push_back(resource);
    if (run.options.shutdown_lock) ReadShutdownLock(run, resource, node, history);
    ReadHistory(run, resource, node, history);
  }
  AttachRemovedLaunched(run, removed_launched);
}

// Whether the history may be read in a pass, as far as roles are known by now (spec 02 §2.3).
bool IsReadable(const Run& run, NodeId id) {
  const Node& node = run.at(id);
  if (!node.remote) return run.options.fencing_enabled || run.options.shutdown_lock || node.online;
  if (!node.connection.valid()) return false;
  const Resource& connection = run.at(node.connection);
  if (connection.launcher.valid()) {
    return connection.role == Role::kStarted && run.at(connection.launcher).role == Role::kStarted;
  }
  return run.options.shutdown_lock || connection.role == Role::kStarted;
}

// One pass in document order; gives whether something was read.
bool ReadHistories(Run& run, ResourceIndex& index, bool all) {
  bool progress = false;
  for (const auto& state : run.state->nodes) {
    if (state->id.empty() || !state->uname) continue;
    const NodeId node = NodeOf(run, *state);
    if (!node.valid() || run.at(node).history_read) continue;
    if (!all && !IsReadable(run, node)) continue;
    ReadNodeHistory(run, index, node, *state);
    progress = true;
  }
  return progress;
}

void StopFailedContainers(Run& run) {
  for (auto it = run.containers_to_stop.rbegin(); it != run.containers_to_stop.rend(); ++it) {
    const NodeId node = CurrentNode(run, *it);
    if (node.valid()) RequestAction(run, *it, Symbol::kStop, 0, node, false);
  }
}

void FinishRemoteNodes(Run& run) {
  for (const NodeId id : run.node_order) {
    Node& node = run.at(id);
    if (!node.remote) continue;
    if (node.shutting_down && node.connection.valid()) run.at(node.connection).next_role = Role::kStopped;
    if (!node.history_read) UpdateRemoteStatus(run, id);
  }
}

void LinkNodeStates(Run& run) {
  for (size_t i = 0; i < run.state->nodes.size(); ++i) {
    const NodeId node = NodeOf(run, *run.state->nodes[i]);
    if (node.valid()) run.at(node).state_index = static_cast<int32_t>(i);
  }
}

}  // namespace

void UnpackStatus(Run& run) {
  run.failed_operations.clear();
  run.containers_to_stop.clear();
  run.deferred_checks.clear();
  run.digests.clear();
  run.expired_entries.clear();
  LinkNodeStates(run);
  for (const TicketState& ticket : run.state->tickets) ReadTicket(run, ticket);
  for (const auto& state : run.state->nodes) ReadNodeState(run, *state);
  ResourceIndex index(run);
  while (ReadHistories(run, index, false)) {
  }
  // What is left is read for what must be fenced.
  ReadHistories(run, index, run.options.fencing_enabled);
  StopFailedContainers(run);
  FinishRemoteNodes(run);
}

}  // namespace picket::solver
