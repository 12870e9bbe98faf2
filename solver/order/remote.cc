// Orderings of actions on remote, guest and bundle nodes with the connection that carries them (spec 05 §14).
#include "solver/actions/fencing.h"
#include "solver/model/query.h"
#include "solver/model/shutdown.h"
#include "solver/order/order.h"

namespace picket::solver {
namespace {

// One action on a node behind a connection.
struct RemoteAction {
  ActionId action;
  NodeId node;
  ResourceId connection;
  ResourceId launcher;
  Symbol name = Symbol::kNone;
  bool recurring = false;
  bool failed_launcher = false;
};

void AfterConnectionStart(Run& run, const RemoteAction& remote, Kinds extra) {
  Record(run, End(remote.connection, Symbol::kStart), End(remote.action), kind::kGuestOk | kind::kGate | extra);
}

void BeforeConnectionStop(Run& run, const RemoteAction& remote, Kinds extra) {
  Record(run, End(remote.action), End(remote.connection, Symbol::kStop), kind::kGuestOk | extra);
}

bool CountsAsStop(Symbol name) {
  return name == Symbol::kStop || name == Symbol::kMigrateTo || name == Symbol::kMigrateFrom;
}

// 14.3, stops.
void OrderStopOnRemote(Run& run, const RemoteAction& remote, ConnectionState state) {
  switch (state) {
    case ConnectionState::kAlive:
      BeforeConnectionStop(run, remote, kind::kPull);
      return;
    case ConnectionState::kFailed:
      FenceNode(run, remote.node, "resources are active but connection is unrecoverable");
      return;
    default:
      // The resource stops for good with its connection, or the connection comes back first.
      if (run.at(remote.connection).next_role == Role::kStopped) {
        BeforeConnectionStop(run, remote, kind::kPull);
      } else {
        AfterConnectionStart(run, remote, 0);
      }
  }
}

// 14.3.
void OrderOnRemote(Run& run, const RemoteAction& remote) {
  const ConnectionState state = StateOfConnection(run, remote.node);
  if (remote.name == Symbol::kStart || remote.name == Symbol::kPromote) {
    AfterConnectionStart(run, remote, state == ConnectionState::kFailed ? kind::kPush : 0);
  } else if (CountsAsStop(remote.name)) {
    OrderStopOnRemote(run, remote, state);
  } else if (remote.name == Symbol::kDemote) {
    if (state == ConnectionState::kResting || state == ConnectionState::kUnknown) AfterConnectionStart(run, remote, 0);
  } else if (remote.recurring) {
    AfterConnectionStart(run, remote, kind::kPush);
  } else {
    if (state == ConnectionState::kFailed && remote.name == Symbol::kMonitor) {
      FenceNode(run, remote.node, "resources are in unknown state and connection is unrecoverable");
    }
    if (state == ConnectionState::kStopped && CurrentNode(run, remote.connection).valid()) {
      // A probe that can still use the old connection.
      BeforeConnectionStop(run, remote, kind::kGate);
    } else {
      AfterConnectionStart(run, remote, 0);
    }
  }
}

// 14.4: a recurring operation counts only under a name that the scheduler knows, so a cancel does not.
bool IsBasicName(Symbol name) {
  switch (name) {
    case Symbol::kMonitor:
    case Symbol::kStart:
    case Symbol::kRunning:
    case Symbol::kStop:
    case Symbol::kStopped:
    case Symbol::kPromote:
    case Symbol::kPromoted:
    case Symbol::kDemote:
    case Symbol::kDemoted:
    case Symbol::kNotify:
    case Symbol::kNotified:
      return true;
    default:
      return false;
  }
}

void OrderOnGuest(Run& run, const RemoteAction& remote) {
  if (remote.failed_launcher) FenceNode(run, remote.node, "container failed");
  if (remote.name == Symbol::kStart || remote.name == Symbol::kPromote) {
    Record(run, End(remote.launcher, Symbol::kStart), End(remote.action), kind::kGuestOk | kind::kGate | kind::kPush);
    AfterConnectionStart(run, remote, 0);
  } else if (CountsAsStop(remote.name) || remote.name == Symbol::kDemote) {
    if (!remote.failed_launcher) BeforeConnectionStop(run, remote, 0);
  } else if (remote.recurring) {
    if (IsBasicName(remote.name)) AfterConnectionStart(run, remote, kind::kPush);
  } else {
    AfterConnectionStart(run, remote, 0);
  }
}

// Point 3: what moves to a remote node stops elsewhere only once the connection is up.
void OrderStopsElsewhere(Run& run, const RemoteAction& remote) {
  const std::vector<ActionId> actions = run.at(run.at(remote.action).resource).actions;
  for (auto it = actions.rbegin(); it != actions.rend(); ++it) {
    const Action& other = run.at(*it);
    if (other.name != Symbol::kStop || other.node == remote.node) continue;
    Record(run, End(remote.connection, Symbol::kStart), End(*it), kind::kSeq);
  }
}

void OrderOne(Run& run, ActionId id) {
  const Action& action = run.at(id);
  if (!action.resource.valid()) return;
  if (action.name == Symbol::kClearFailcount && run.at(action.resource).connection) {
    Record(run, End(id), End(action.resource, Symbol::kStart), kind::kSeq);
    return;
  }
  if (!action.node.valid() || action.pseudo || !run.at(action.node).remote) return;
  RemoteAction remote;
  remote.action = id;
  remote.node = action.node;
  remote.connection = run.at(action.node).connection;
  remote.name = action.name;
  remote.recurring = action.interval_ms != 0;
  if (!remote.connection.valid()) return;
  if (remote.name == Symbol::kStart) OrderStopsElsewhere(run, remote);
  remote.launcher = run.at(remote.connection).launcher;
  if (!remote.launcher.valid()) {
    OrderOnRemote(run, remote);
    return;
  }
  remote.failed_launcher = run.at(remote.launcher).failed;
  OrderOnGuest(run, remote);
}

}  // namespace

ConnectionState StateOfConnection(const Run& run, NodeId id) {
  const Node& node = run.at(id);
  const Resource& connection = run.at(node.connection);
  const NodeId current = CurrentNode(run, node.connection);
  if (connection.next_role == Role::kStopped || !connection.node.valid()) {
    if (current.valid() && run.at(current).unclean) return ConnectionState::kFailed;
    if (!connection.failed) return ConnectionState::kStopped;
    const bool waits_for_reconnect = connection.next_role == Role::kStopped && connection.reconnect_interval_ms > 0 &&
                                     node.recorded_fenced && !ShutdownRequested(node);
    return waits_for_reconnect ? ConnectionState::kUnknown : ConnectionState::kFailed;
  }
  if (!current.valid()) return ConnectionState::kUnknown;
  if (run.at(current).unclean || !run.at(current).online) return ConnectionState::kResting;
  if (connection.active.size() > 1 && connection.migration_source.valid() && connection.migration_target.valid()) {
    return ConnectionState::kResting;
  }
  return ConnectionState::kAlive;
}

void OrderRemote(Run& run) {
  if (!run.has_remote_nodes) return;
  // Newest first; what is created meanwhile (fencing) is not for a resource.
  for (size_t i = run.actions.size(); i-- > 0;) OrderOne(run, ActionId(i));
}

}  // namespace picket::solver
