#include "solver/status/history.h"

#include <algorithm>

#include "solver/actions/create.h"
#include "solver/actions/fencing.h"
#include "solver/explain/note.h"
#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/status/active.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

// Recurring operations that run there: optional actions that later mean "this one runs already" (spec 02 §4.4).
void RegisterRecurring(Run& run, ResourceId resource, NodeId node, const Entries& entries) {
  if (!run.at(node).online) return;
  const ActiveWindow window = WindowOf(entries);
  for (size_t i = 0; i < entries.size(); ++i) {
    const HistoryEntry& entry = *entries[i];
    const int index = static_cast<int>(i);
    if (window.start < window.stop && index <= window.stop) continue;
    if (index < window.start || entry.interval_ms == 0 || entry.Get("op-status") == "-1") continue;
    RequestAction(run, resource, run.symbols.Intern(entry.operation), entry.interval_ms, node, true);
  }
}

// --- the outcome (spec 02 §14) -----------------------------------------------------------------------------

void AddKnown(Run& run, ResourceId id, NodeId node) {
  for (; id.valid(); id = run.at(id).parent) {
    if (!IsKnownOn(run, id, node)) run.at(id).known_on.push_back(node);
    if (run.at(id).unique) return;
  }
}

// Active on a node that is gone: only fencing makes sure that it is not.
void FenceForActive(Run& run, ResourceId id, NodeId node_id) {
  Resource& resource = run.at(id);
  Node& node = run.at(node_id);
  if (node.online || node.maintenance || !resource.managed) return;
  const std::string thought_active = resource.id + " is thought to be active there";
  if (IsGuestNode(run, node_id)) {
    FailAndStop(resource);
    FenceNode(run, node_id, thought_active);
    return;
  }
  if (!run.options.fencing_enabled) return;
  if (node.remote && node.connection.valid() && !run.at(node.connection).failed) {
    // Not seen: whoever brings the connection up again makes the node clean.
    node.seen = false;
    FenceNode(run, node_id,
              resource.id +
                  " is active there (fencing will be revoked if remote connection can be re-established "
                  "elsewhere)");
  } else {
    FenceNode(run, node_id, thought_active);
  }
}

void RequireStop(Run& run, ResourceId resource, NodeId node) {
  RequestAction(run, resource, Symbol::kStop, 0, node, false);
}

void RestartContainer(Run& run, ResourceId id, NodeId node, bool active) {
  FailAndStop(run.at(id));
  const ResourceId launcher = run.at(id).launcher;
  if (launcher.valid() && run.at(id).bundled) {
    run.containers_to_stop.push_back(launcher);  // Its node may not be known yet.
  } else if (launcher.valid()) {
    RequireStop(run, launcher, node);
  } else if (active) {
    RequireStop(run, id, node);
  }
}

void ResetRemote(Run& run, ResourceId id, NodeId node, bool active) {
  FailAndStop(run.at(id));
  if (run.options.fencing_enabled) {
    const NodeId remote = FindNodeByName(run, run.at(id).id);
    if (remote.valid() && IsRemoteNode(run, remote) && !run.at(remote).recorded_fenced) {
      FenceNode(run, remote, "remote connection is unrecoverable");
    }
  }
  if (active) RequireStop(run, id, node);
  if (run.at(id).reconnect_interval_ms > 0) run.at(id).next_role = Role::kStopped;
}

// What the policy does to the resource as a whole, with the failure that is behind it.
void NotePolicy(Run& run, const HistoryReading& reading, OnFail policy) {
  if (!WantsReasons(run) || !reading.last_failure) return;
  const HistoryEntry& failure = *reading.last_failure;
  const std::string text = FailureText(run, reading.node, failure);
  switch (policy) {
    case OnFail::kBan:
      NoteBan(run, "failed-operation", reading.resource, reading.node, failure.id, text);
      break;
    case OnFail::kStop:
      NoteBan(run, "failed-operation", reading.resource, NodeId(), failure.id, text);
      break;
    case OnFail::kBlock:
      NoteBan(run, "blocked", reading.resource, NodeId(), failure.id, text);
      break;
    default:
      break;
  }
}

void ApplyPolicy(Run& run, ResourceId id, NodeId node, OnFail policy, bool active) {
  switch (policy) {
    case OnFail::kIgnore:
      break;
    case OnFail::kDemote:
      run.at(id).failed = true;
      RequestAction(run, id, Symbol::kDemote, 0, node, false);
      break;
    case OnFail::kRestart:
      if (active) {
        FailAndStop(run.at(id));
        RequireStop(run, id, node);
      }
      break;
    case OnFail::kResetRemote:
      ResetRemote(run, id, node, active);
      break;
    case OnFail::kRestartContainer:
      RestartContainer(run, id, node, active);
      break;
    case OnFail::kBan:
      AddScore(run, id, node, Score::MinusInfinity());
      break;
    case OnFail::kBlock:
      run.at(id).managed = false;
      run.at(id).blocked = true;
      break;
    case OnFail::kStop:
      run.at(id).next_role = Role::kStopped;
      break;
    case OnFail::kStandby:
      run.at(node).standby = true;
      run.at(node).standby_on_fail = true;
      break;
    case OnFail::kFence:
      FenceNode(run, node, run.at(id).id + " failed there");
      break;
  }
}

// A failed connection whose node must be fenced: no new connection may take that back.
void PinFencing(Run& run, ResourceId id) {
  if (!run.at(id).connection || !run.at(id).failed) return;
  const NodeId remote = FindNodeByName(run, run.at(id).id);
  if (remote.valid() && run.at(remote).unclean) run.at(remote).seen = true;
}

void RecordActive(Run& run, ResourceId id, NodeId node, OnFail policy, bool failed) {
  AddActive(run, id, node, failed);
  if (policy == OnFail::kIgnore) return;
  if (policy == OnFail::kDemote || policy == OnFail::kBlock) {
    run.at(id).failed = true;
  } else {
    FailAndStop(run.at(id));
  }
}

void RecordInactive(Run& run, ResourceId id, NodeId node) {
  if (run.at(id).history_id.find(':') != std::string::npos) {
    run.at(id).history_id.clear();
    return;
  }
  for (const ActionId stop : std::vector<ActionId>(ActionsWithKey(run, id, Symbol::kStop, 0))) {
    Action& action = run.at(stop);
    if (!action.node.valid()) action.node = node;
    if (action.node == node) action.optional = true;
  }
}

void ApplyOutcome(Run& run, const HistoryReading& reading) {
  const ResourceId id = reading.resource;
  const NodeId node = reading.node;
  const bool active = run.at(id).role > Role::kStopped;
  if (run.at(id).role != Role::kUnknown) AddKnown(run, id, node);
  if (active) FenceForActive(run, id, node);

  // Fencing makes good whatever failed there.
  const OnFail policy = run.at(node).unclean ? OnFail::kIgnore : reading.policy;
  NotePolicy(run, reading, policy);
  ApplyPolicy(run, id, node, policy, active);
  PinFencing(run, id);
  if (active) {
    RecordActive(run, id, node, policy, reading.policy != OnFail::kIgnore);
  } else {
    RecordInactive(run, id, node);
  }
  Resource& resource = run.at(id);
  if (resource.role == Role::kStopped && !resource.active.empty() && resource.migration_source == node) {
    resource.role = Role::kStarted;
  }
}

// The configured limit, which remapping may have thrown away (spec 02 §4.1.8).
void ApplyTargetRole(Run& run, ResourceId id) {
  Resource& resource = run.at(id);
  const std::string* text = resource.meta.Find("target-role");
  const std::optional<Role> target = text ? ParseRole(*text) : std::nullopt;
  if (target != Role::kStopped && !(target == Role::kUnpromoted && run.at(Top(run, id)).promotable)) return;
  if (resource.next_role == Role::kUnknown || resource.next_role > *target) resource.next_role = *target;
}

}  // namespace

void ReadHistory(Run& run, ResourceId id, NodeId node, const ResourceHistory& history) {
  const Entries entries = SortedEntries(history, UnnamedIsSame(run, true));
  const Role saved = run.at(id).role;
  run.at(id).role = Role::kUnknown;
  HistoryReading reading{id, node};
  for (const HistoryEntry* entry : entries) ReadEntry(run, reading, *entry);
  RegisterRecurring(run, id, node, entries);
  ApplyOutcome(run, reading);
  ApplyTargetRole(run, id);
  // One node's history takes nothing away from what another said.
  Resource& resource = run.at(id);
  resource.role = std::max(resource.role, saved);
}

}  // namespace picket::solver
