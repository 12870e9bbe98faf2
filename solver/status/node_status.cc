#include "solver/status/node_status.h"

#include "solver/actions/fencing.h"
#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/model/shutdown.h"
#include "solver/model/text.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

bool IsPositive(std::string_view text) {
  return ParseInteger(text).value_or(0) > 0;
}

// A word of a node's state; its spelling was free before 2.1.7 (spec 07 C-14).
bool Says(const Run& run, std::string_view word, std::string_view wanted) {
  return run.Behaves(Behaviour::kMembershipComparedExactly) ? word == wanted : EqualFolded(word, wanted);
}

// What the node state says about membership (spec 01 §8.3).
struct Membership {
  int64_t member = -1;  // since when it is a member of the cluster layer; 0: it is not, -1: nobody knows
  int64_t online = 0;   // since when its controller is in the process group; 0: it is not
  std::string_view join;
  std::string_view expected;
};

int64_t MemberSince(const Run& run, const NodeState& state) {
  if (!state.Has("in_ccm")) return -1;
  const int64_t now_s = run.state->now.epoch_s;
  if (!run.Behaves(Behaviour::kPendingTimeout)) return IsTrue(state.Get("in_ccm")) ? now_s : 0;
  const std::string_view text = state.Get("in_ccm");
  if (const auto flag = ParseBoolean(text)) return *flag ? now_s : 0;
  const int64_t since_s = ParseInteger(text).value_or(-1);
  return since_s >= 0 ? since_s : -1;
}

int64_t OnlineSince(const Run& run, const NodeState& state) {
  const std::string_view text = state.Get("crmd");
  if (!run.Behaves(Behaviour::kPendingTimeout)) return Says(run, text, "online") ? 1 : 0;
  if (!state.Has("crmd") || text == "offline") return 0;
  if (text == "online") return 1;
  return std::max<int64_t>(ParseInteger(text).value_or(0), 0);
}

Membership MembershipOf(const Run& run, const NodeState& state) {
  return {MemberSince(run, state), OnlineSince(run, state), state.Get("join"), state.Get("expected")};
}

bool IsOnlineWithoutFencing(Run& run, NodeId id, const Membership& m) {
  if (m.member <= 0) return false;
  if (m.online > 0) return EqualFolded(m.join, "member");
  if (run.at(id).expected_up) FenceNode(run, id, "peer is unexpectedly down");
  return false;
}

// A member whose controller does not come (spec 01 §8.5).
bool PendingTooLong(Run& run, const Membership& m) {
  if (run.options.node_pending_timeout_ms == 0 || m.member <= 0 || m.online > 0) return false;
  const int64_t deadline_s = m.member + WholeSeconds(run, run.options.node_pending_timeout_ms);
  if (run.state->now.epoch_s >= deadline_s) return true;
  ConsiderRecheck(run, deadline_s);
  return false;
}

void SetPending(Node& node) {
  node.standby = true;
  node.pending = true;
}

bool TerminateRequested(const Run& run, const Node& node) {
  const std::string_view value = node.attributes.Get("terminate");
  if (!run.Behaves(Behaviour::kTerminateFirst)) {
    return IsTrue(value) || (!value.empty() && value.front() >= '1' && value.front() <= '9');
  }
  return IsTrue(value) || IsPositive(value);
}

// Not expected to be there: coming up, or just down.
void JudgeUnexpected(Run& run, NodeId id, const Membership& m) {
  if (PendingTooLong(run, m)) {
    FenceNode(run, id, "peer pending timed out on joining the process group");
  } else if (m.member > 0 || m.online > 0) {
    SetPending(run.at(id));
  }
}

// The table of spec 01 §8.6; the first row that fits.
bool IsOnlineWithFencing(Run& run, NodeId id, const Membership& m) {
  Node& node = run.at(id);
  if (node.shutting_down) return m.online > 0;
  const bool terminate = TerminateRequested(run, node);
  if (m.member < 0) {
    FenceNode(run, id, "peer has not been seen by the cluster");
  } else if (Says(run, m.join, "banned")) {
    FenceNode(run, id, "peer failed Pacemaker membership criteria");
  } else if (const bool first = run.Behaves(Behaviour::kTerminateFirst); first && terminate) {
    const bool was_fenced = m.member <= 0 && m.online <= 0 && Says(run, m.join, "down");
    if (!was_fenced) FenceNode(run, id, "fencing was requested");
  } else if ((first || !terminate) && (m.expected.empty() || Says(run, m.expected, "down"))) {
    JudgeUnexpected(run, id, m);
  } else if (m.member <= 0) {
    FenceNode(run, id, "peer is no longer part of the cluster", true);
  } else if (m.online <= 0) {
    FenceNode(run, id, "peer process is no longer available");
  } else if (terminate) {  // Before 2.1.7 the request comes behind what is wrong with the node (spec 07 D-3).
    FenceNode(run, id, "termination was requested");
  } else if (Says(run, m.join, "pending") || Says(run, m.join, "down")) {
    SetPending(node);
  } else if (!Says(run, m.join, "member")) {
    FenceNode(run, id, "peer was in an unknown state");
  }
  return m.member > 0;
}

void ReadClusterNode(Run& run, NodeId id, const NodeState& state) {
  ApplyTransientAttributes(run, id, state);
  Node& node = run.at(id);
  node.standby = node.standby || IsTrue(node.attributes.Get("standby"));
  node.maintenance = node.maintenance || IsTrue(node.attributes.Get("maintenance"));
  node.unclean = false;
  node.seen = true;
  const Membership membership = MembershipOf(run, state);
  if (ShutdownRequested(node)) {
    node.shutting_down = true;
  } else if (EqualFolded(membership.expected, "member")) {
    node.expected_up = true;
  }
  node.online = !node.ping && (run.options.fencing_enabled ? IsOnlineWithFencing(run, id, membership)
                                                           : IsOnlineWithoutFencing(run, id, membership));
  if (!node.online || node.shutting_down) node.base_score = Score::MinusInfinity();
  if (!run.quorate && node.online && run.options.no_quorum_policy == QuorumPolicy::kFence) {
    FenceNode(run, id, "cluster does not have quorum");
  }
}

}  // namespace

NodeId NodeOf(const Run& run, const NodeState& state) {
  if (!state.uname) {
    return run.Behaves(Behaviour::kNodeStateWithoutName) ? FindNodeById(run, state.id) : NodeId();
  }
  if (!run.Behaves(Behaviour::kNodeStateById)) return FindNodeByName(run, *state.uname);
  if (const NodeId node = FindNodeById(run, state.id); node.valid()) return node;
  return FindNodeByName(run, *state.uname);
}

void ReadNodeState(Run& run, const NodeState& state) {
  if (state.id.empty()) return;
  const NodeId id = NodeOf(run, state);
  if (!id.valid()) return;
  if (run.at(id).remote) {
    run.at(id).recorded_fenced = IsPositive(state.Get("node_fenced"));
  } else {
    ReadClusterNode(run, id, state);
  }
}

void UpdateRemoteStatus(Run& run, NodeId id) {
  Node& node = run.at(id);
  if (!node.connection.valid()) {
    node.online = false;
    return;
  }
  const Resource& connection = run.at(node.connection);
  const ResourceId launcher_id = connection.launcher;
  const Resource* launcher = launcher_id.valid() ? &run.at(launcher_id) : nullptr;
  if (connection.role == Role::kStarted) {
    node.online = true;
    if (connection.next_role == Role::kStopped) node.shutting_down = true;
  }
  if (launcher && launcher->failed) {
    node.online = false;
    node.needs_reset = true;
  } else if (connection.failed) {
    node.online = false;
  } else if (connection.role == Role::kStopped || (launcher && launcher->role == Role::kStopped)) {
    node.online = false;
    node.needs_reset = false;
  } else if (launcher && connection.active.size() == 1) {
    const Node& host = run.at(connection.active.front());
    if (!host.online && host.unclean) {
      node.online = false;
      node.needs_reset = true;
    }
  }
}

void ReadRemoteAttributes(Run& run, NodeId id, const NodeState& state) {
  Node& node = run.at(id);
  node.remote_maintenance = IsPositive(state.Get("node_in_maintenance"));
  if (!node.needs_reset) {
    node.unclean = false;
    node.seen = true;
  }
  ApplyTransientAttributes(run, id, state);
  if (ShutdownRequested(node)) node.shutting_down = true;
  if (IsTrue(node.attributes.Get("standby"))) node.standby = true;
  const bool unmanaged = node.connection.valid() && !run.at(node.connection).managed;
  if (unmanaged || IsTrue(node.attributes.Get("maintenance"))) node.maintenance = true;
  const std::string* discovery = node.attributes.Find("resource-discovery-enabled");
  // Without fencing nobody could tell what an unprobed remote node runs, so there it does not count.
  const bool counts = IsGuestNode(run, id) || run.options.fencing_enabled;
  if (discovery && !IsTrue(*discovery) && counts) node.probes_allowed = false;
}

}  // namespace picket::solver
