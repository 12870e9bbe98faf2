// A sync round: from the hellos of all members of a view to what all of them conclude from it.
//
// A view is opened by a membership on which the group and the quorum agree; its key names the membership and the
// processes in it, so a hello of an earlier one is not taken for one of this. Pure: the same hellos give the same
// verdict on every member. Cost: the members.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "runtime/group/message.h"
#include "runtime/ports/events.h"

namespace picket::runtime {

// What a view is called; empty without members.
std::string ViewKey(const RingId& ring, const std::vector<GroupPeer>& members);

struct Verdict {
  NodeId source = 0;  // whose state is taken
  NodeId coordinator = 0;
  uint64_t term = 0;          // one more than anybody has seen
  bool started = false;       // somebody was in a view that gave orders
  bool had_quorum = false;    // somebody's last view had quorum
  bool forgetful = false;     // nobody has a store that can be trusted: people decide
  bool wire_differs = false;  // no version of the format is common to all
  int wire = 0;               // the newest that is
};

class Round {
 public:
  Round() = default;
  // Without whom it goes on from the beginning: `overdue`.
  Round(std::string key, const std::vector<GroupPeer>& members, const std::set<OverduePeer>& overdue = {});

  // Gives whether this hello was the last one that was missing. Whom it goes on without, all do.
  bool Add(NodeId from, const Hello& hello);
  bool complete() const;
  // Members whose hello has not come, those excepted that nobody waits for.
  std::vector<GroupPeer> Missing() const;
  const std::set<OverduePeer>& overdue() const { return overdue_; }
  // Once it is complete.
  Verdict Conclude() const;

  const std::string& key() const { return key_; }
  const std::map<NodeId, Hello>& hellos() const { return hellos_; }

 private:
  std::string key_;
  void Exclude(const OverduePeer& peer);
  bool IsOverdue(const GroupPeer& peer) const { return overdue_.count({peer.node, peer.process}) > 0; }

  std::vector<GroupPeer> members_;  // one for each node
  std::set<OverduePeer> overdue_;
  std::map<NodeId, Hello> hellos_;
};

}  // namespace picket::runtime
