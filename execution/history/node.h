// What a node_state says of the node itself as the node comes and goes (09 §4.2, §11.3, §14.1).
//
// Membership is written in the words of 2.1.5, `true` and `online`, where 3.0.2 writes since when: the solver reads
// both (02 §2.2), and equal clusters stay equal whenever their nodes joined.
#pragma once

#include <cstdint>
#include <string_view>

#include "solver/model/state.h"

namespace picket::execution {

struct Membership {
  std::string_view in_ccm, crmd, join, expected;
};
inline constexpr Membership kMember = {"true", "online", "member", "member"};
inline constexpr Membership kDown = {"false", "offline", "down", "down"};
void SetMembership(solver::NodeState& state, const Membership& membership);

// Corosync counts the node in; its controller is not there yet.
void MarkMember(solver::NodeState& state);
// The node has joined. Its history is the caller's to replace (memory.h).
void MarkJoined(solver::NodeState& state);
// The node is gone, and was expected to stay: its transient attributes are erased, its history is kept.
void MarkLost(solver::NodeState& state);
// Pacemaker on the node crashed, Corosync is there: attributes and history are kept.
void MarkPeerLost(solver::NodeState& state);
// Pacemaker has left in good order, Corosync is still there: its transient attributes are erased.
void MarkPeerLeft(solver::NodeState& state);
// The node has left in good order altogether.
void MarkLeft(solver::NodeState& state);
// The node was fenced: history and transient attributes are erased. Whether it is a member is not touched, unless it
// was never seen.
void MarkFenced(solver::NodeState& state);

// Remote and guest nodes: membership is the connection's.
void MarkRemoteUp(solver::NodeState& state, bool keeps_attributes = false);
void MarkRemoteDown(solver::NodeState& state);
void MarkRemoteFenced(solver::NodeState& state, int64_t when_s);

}  // namespace picket::execution
