// Who is here, by Corosync's word: the ring of machines, the processes in the group, the quorum. No word of a picketd
// counts here; what the members tell one another is in view.h.
//
// Corosync speaks in two streams whose mutual order is not given: ring, processes and messages in one, quorum in the
// other. A membership is agreed when both name the same ring. A daemon without Corosync is a group of one: it says to
// itself what Corosync would say (BeAlone), and what it sends comes back at once (loopback).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/ports/events.h"

namespace picket::runtime {

// How long Corosync may be away before its node behaves as one that has lost quorum.
inline constexpr int64_t kAloneAfterMs = 3000;

class Membership {
 public:
  // A connection is there. Ring, processes and quorum follow.
  void Open(const GroupOpened& event);
  // corosync.conf was read again. False, and nothing is changed, unless it still has us under our name.
  bool Configure(const GroupOpened& now, const std::string& own_name);
  // The connection is gone; false if there was none. Without another one we are to be alone in a while.
  bool Lose(int64_t now_ms);
  void SetRing(const RingChanged& event);
  // Gives the nodes of processes that do not count: a node has one that does, the first that is listed.
  std::vector<NodeId> SetProcesses(const GroupChanged& event);
  void SetQuorum(const QuorumChanged& event);
  // A new ring with nobody but us.
  void BeAlone(const std::string& own_name, bool quorate);
  // Gives, once, whether Corosync has been away for too long.
  bool IsToBeAlone(int64_t now_ms);
  // When IsToBeAlone() is to be asked; INT64_MAX if never.
  int64_t NextDeadline() const;

  // Whether Corosync, or being alone, has said who we are; without that there is no group().
  bool known() const { return group_.has_value(); }
  const GroupOpened& group() const { return *group_; }
  NodeId self() const { return group_->self.node; }
  bool IsSelf(const GroupPeer& peer) const { return group_ && peer == group_->self; }
  bool loopback() const { return loopback_; }
  bool quorate() const { return quorate_; }
  bool has_ring() const { return ring_.has_value(); }
  // The quorum speaks of the ring in which we are.
  bool agreed() const { return quorum_ring_ == ring_; }

  // What a round of hellos among these is called; empty as long as we are not among them.
  std::string Key() const;
  const std::vector<NodeId>& ring_members() const { return ring_members_; }
  // The processes that count.
  const std::vector<GroupPeer>& processes() const { return processes_; }
  bool HasProcess(NodeId id) const;
  // False for the second process of a node.
  bool Counts(const GroupPeer& sender) const;
  bool InRing(std::string_view name) const;
  std::string NameOf(NodeId id) const;

 private:
  void ForgetWhoIsHere();

  std::optional<GroupOpened> group_;
  bool loopback_ = true;
  std::optional<RingId> ring_;
  std::vector<NodeId> ring_members_;
  std::vector<GroupPeer> processes_;
  std::optional<RingId> quorum_ring_;
  bool quorate_ = false;
  std::optional<int64_t> alone_at_ms_;
  uint64_t alone_views_ = 0;
};

}  // namespace picket::runtime
