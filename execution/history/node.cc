#include "execution/history/node.h"

#include <string>

#include "execution/history/attributes.h"
#include "execution/history/history.h"

namespace picket::execution {

using solver::NodeState;

void SetMembership(NodeState& state, const Membership& membership) {
  OverwriteAttribute(state.attributes, "in_ccm", membership.in_ccm);
  OverwriteAttribute(state.attributes, "crmd", membership.crmd);
  OverwriteAttribute(state.attributes, "join", membership.join);
  OverwriteAttribute(state.attributes, "expected", membership.expected);
}

void MarkMember(NodeState& state) {
  OverwriteAttribute(state.attributes, "in_ccm", kMember.in_ccm);
}

void MarkJoined(NodeState& state) {
  SetMembership(state, kMember);
  state.has_history = true;
}

void MarkPeerLost(NodeState& state) {
  OverwriteAttribute(state.attributes, "in_ccm", kMember.in_ccm);
  OverwriteAttribute(state.attributes, "crmd", kDown.crmd);
  OverwriteAttribute(state.attributes, "join", kDown.join);
}

void MarkLost(NodeState& state) {
  MarkPeerLost(state);
  OverwriteAttribute(state.attributes, "in_ccm", kDown.in_ccm);
  ForgetTransient(state);
}

void MarkPeerLeft(NodeState& state) {
  MarkPeerLost(state);
  OverwriteAttribute(state.attributes, "expected", kDown.expected);
  ForgetTransient(state);
}

void MarkLeft(NodeState& state) {
  SetMembership(state, kDown);
  ForgetTransient(state);
}

void MarkFenced(NodeState& state) {
  if (!state.Has("in_ccm")) OverwriteAttribute(state.attributes, "in_ccm", kDown.in_ccm);
  OverwriteAttribute(state.attributes, "join", kDown.join);
  OverwriteAttribute(state.attributes, "expected", kDown.expected);
  ForgetHistory(state);
  ForgetTransient(state);
}

void MarkRemoteUp(NodeState& state, bool keeps_attributes) {
  OverwriteAttribute(state.attributes, "in_ccm", kMember.in_ccm);
  OverwriteAttribute(state.attributes, "node_fenced", "0");
  ForgetHistory(state, true);
  if (!keeps_attributes) ForgetTransient(state);
}

void MarkRemoteDown(NodeState& state) {
  OverwriteAttribute(state.attributes, "in_ccm", kDown.in_ccm);
  ForgetTransient(state);
}

void MarkRemoteFenced(NodeState& state, int64_t when_s) {
  MarkRemoteDown(state);
  OverwriteAttribute(state.attributes, "node_fenced", std::to_string(when_s));
  ForgetHistory(state);
}

}  // namespace picket::execution
