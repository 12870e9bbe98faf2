#include "runtime/daemon/membership.h"

#include <algorithm>

#include "runtime/group/round.h"
#include "solver/model/text.h"

namespace picket::runtime {

void Membership::Open(const GroupOpened& event) {
  group_ = event;
  loopback_ = false;
  alone_at_ms_.reset();
  ForgetWhoIsHere();
}

void Membership::ForgetWhoIsHere() {
  ring_.reset();
  quorum_ring_.reset();
  processes_.clear();
  ring_members_.clear();
}

bool Membership::Configure(const GroupOpened& now, const std::string& own_name) {
  if (!group_ || loopback_) return false;
  const bool ours = std::any_of(now.nodes.begin(), now.nodes.end(),
                                [&](const ConfiguredNode& node) { return node.id == group_->self.node; });
  if (!ours || NameOf(group_->self.node) != own_name) return false;
  const GroupPeer self = group_->self;
  group_ = now;
  group_->self = self;
  return true;
}

bool Membership::Lose(int64_t now_ms) {
  if (!group_) return false;
  ForgetWhoIsHere();
  quorate_ = false;
  alone_at_ms_ = now_ms + kAloneAfterMs;
  return true;
}

void Membership::SetRing(const RingChanged& event) {
  ring_ = event.ring;
  ring_members_ = event.members;
}

std::vector<NodeId> Membership::SetProcesses(const GroupChanged& event) {
  std::vector<NodeId> ignored;
  processes_.clear();
  for (const GroupPeer& peer : event.members) {
    if (HasProcess(peer.node)) {
      ignored.push_back(peer.node);
    } else {
      processes_.push_back(peer);
    }
  }
  return ignored;
}

void Membership::SetQuorum(const QuorumChanged& event) {
  quorum_ring_ = event.ring;
  quorate_ = event.quorate;
}

void Membership::BeAlone(const std::string& own_name, bool quorate) {
  if (!group_) {
    GroupOpened alone;
    alone.self = {1, 1};
    alone.nodes = {{1, own_name, 1}};
    group_ = std::move(alone);
  }
  loopback_ = true;
  ring_ = RingId{0, ++alone_views_};
  ring_members_ = {group_->self.node};
  processes_ = {group_->self};
  quorum_ring_ = ring_;
  quorate_ = quorate;
}

bool Membership::IsToBeAlone(int64_t now_ms) {
  if (!alone_at_ms_ || *alone_at_ms_ > now_ms) return false;
  alone_at_ms_.reset();
  return true;
}

int64_t Membership::NextDeadline() const {
  return alone_at_ms_.value_or(INT64_MAX);
}

std::string Membership::Key() const {
  const bool here = ring_ && group_ && std::count(processes_.begin(), processes_.end(), group_->self) > 0;
  return here ? ViewKey(*ring_, processes_) : std::string();
}

bool Membership::HasProcess(NodeId id) const {
  return std::any_of(processes_.begin(), processes_.end(), [&](const GroupPeer& peer) { return peer.node == id; });
}

bool Membership::Counts(const GroupPeer& sender) const {
  const auto counted = std::find_if(processes_.begin(), processes_.end(),
                                    [&](const GroupPeer& peer) { return peer.node == sender.node; });
  return counted == processes_.end() || *counted == sender;
}

bool Membership::InRing(std::string_view name) const {
  return std::any_of(ring_members_.begin(), ring_members_.end(),
                     [&](NodeId id) { return solver::EqualFolded(NameOf(id), name); });
}

std::string Membership::NameOf(NodeId id) const {
  for (const ConfiguredNode& node : group_->nodes) {
    if (node.id == id) return node.name;
  }
  return "node " + std::to_string(id);
}

}  // namespace picket::runtime
