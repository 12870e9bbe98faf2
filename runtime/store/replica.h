// The replica: what this member holds of the group's state, hard and soft, and how messages change it.
//
// What a message does depends on the message and on what the replica held before, on nothing else: no clock, no
// solver. The soft state is the `State` that `Schedule` reads: each node's operation history and transient
// attributes. A snapshot for a solve is a copy that shares every node until it is changed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <pugixml.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/group/message.h"
#include "runtime/ports/moment.h"
#include "runtime/store/hard.h"
#include "solver/model/cluster.h"
#include "solver/model/state.h"

namespace picket::runtime {

// The configuration that the hard state amounts to: the policy's, with what was set by hand over it. Gives false
// and the reason if the text is no usable CIB.
bool Compose(const Hard& hard, pugi::xml_document& document, std::string& error);

// A node in the eyes of the group.
struct Peer {
  Standing standing = Standing::kUnseen;
  bool in_ring = false;      // its machine is there
  bool daemon_only = false;  // kMember: its picketd is away and may come back soon
  bool fencing = false;      // kMember: it came back while it was being fenced, and nobody knows yet how that ended
  std::string incarnation;   // of its daemon, as last met
  std::string boot_id;

  friend bool operator==(const Peer&, const Peer&) = default;
};

// Which parts of one node's soft state are others than before.
struct SoftChanges {
  bool whole = false;  // or one cannot say
  bool attributes = false;
  std::set<std::string> resources;
};

// So many nodes are fenced for the failed stops of one resource within that time; the next one only by a
// person's word.
inline constexpr size_t kStopFencingsMax = 2;
inline constexpr int64_t kStopFencingsS = 3600;

enum class FenceVerdict : uint8_t {
  kNothing,   // it failed, or concerns nobody who is away
  kProven,    // the node is off, its resources may be recovered
  kStale,     // the node has come back and gone again since it was asked for: that one is to be fenced
  kReturned,  // it has started anew since: what it reports counts
  kNeverOff,  // it is here and was never off: the device lies
};

class Replica {
 public:
  Replica() { cluster_ = std::make_shared<solver::Cluster>(); }

  // Takes a hard state over; nodes that it names and that nobody knew yet are offline. False, and nothing is
  // changed, if its configuration cannot be read.
  bool Install(Hard hard, std::string& error);

  // What is known of a node's being here, and of its last daemon. The solver reads it as membership.
  void SetPeer(std::string_view name, const Peer& peer);
  // A node that was never met gives a Peer of that kind.
  const Peer& PeerOf(std::string_view name) const;
  const std::map<std::string, Peer>& peers() const { return peers_; }
  // These are here, everybody else has left in good order.
  void SetMembers(const std::set<std::string>& members);
  void SetQuorate(bool quorate);
  void SetCoordinator(std::string_view name);

  // Each gives whether the state that a solve would read is another one afterwards.
  void Apply(const Begin& begin);
  void Apply(const Result& result);
  bool Apply(const AttributeSet& set);
  bool Apply(const FailuresCleared& cleared);
  bool Apply(const ResourceForgotten& forgotten);
  FenceVerdict Apply(const FenceDone& done);
  void Apply(const Goodbye& goodbye);

  // The brake: fencings for failed stops.
  const std::vector<StopFencing>& stop_fencings() const { return stop_fencings_; }
  size_t StopFencings(std::string_view resource, int64_t now_s) const;
  void AddStopFencing(const StopFencing& fencing);
  // The resource that could not be stopped on that node; empty if every stop went well.
  std::string FailedStop(std::string_view node) const;
  // A person has cleaned the resource up on one more node: its fencings are forgotten, but not before its failed
  // stops have gone from every node. A cleanup arrives node by node, and a plan made halfway must still be braked.
  void ForgetStopFencings(std::string_view resource);

  const Hard& hard() const { return hard_; }
  const std::shared_ptr<const solver::Cluster>& cluster() const { return cluster_; }
  const solver::State& state() const { return state_; }
  bool configured() const { return !hard_.cib.empty(); }
  bool HasNode(std::string_view name) const;
  const solver::NodeState* Find(std::string_view name) const;
  // A transient attribute of a node; nullptr if it is not set.
  const std::string* Transient(std::string_view node, std::string_view name) const;
  // A permanent one, from the policy or set since.
  std::string Permanent(std::string_view node, std::string_view name) const;

  // A copy for a solve at that moment.
  solver::State Snapshot(const Moment& now) const;
  // The whole CIB as it is now, status included. `secrets`: with the values of parameters that are secret.
  std::string Text(const Moment& now, bool secrets) const;

  // A text without any value that is secret, whoever repeats it.
  std::string Masked(std::string text) const;

  // The soft state of one node as text, and back: what a daemon leaves for the next one.
  std::string SoftText(std::string_view node) const;
  bool TakeSoftText(std::string_view node, std::string_view text);
  // The same of one resource's history, or without a resource of the transient attributes.
  std::string SoftPart(std::string_view node, std::string_view resource) const;
  bool TakeSoftPart(std::string_view node, std::string_view resource, std::string_view text);
  // Of that node, since this was last asked of any.
  SoftChanges TakeSoftChanges(std::string_view node);
  // What a new daemon has to order again: recurring operations end with the one that ran them.
  void TakeOver(std::string_view node);
  // Resources with an operation that has begun and not ended.
  std::vector<std::string> Pending(std::string_view node) const;
  // An operation that was announced and never began.
  void ForgetPending(std::string_view node, std::string_view resource);
  // Recorded times move along with a wall clock that was set, so that nothing ages by it.
  void ShiftTimes(int64_t by_s);
  // Rises with every change of the soft state.
  uint64_t soft_version() const { return soft_version_; }

 private:
  solver::NodeState& Edit(std::string_view name);
  // Only what is known of that resource is changed, or of the attributes; or nothing that a session has.
  solver::NodeState& EditResource(std::string_view name, std::string_view resource);
  solver::NodeState& EditAttributes(std::string_view name);
  solver::NodeState& Access(std::string_view name);
  SoftChanges& ChangesOf(std::string_view name);
  // Writes what is known of the node's membership to where the solver reads it.
  void ShowPeer(std::string_view name);
  Peer* FindPeer(std::string_view name);
  std::shared_ptr<solver::NodeState> NewNode(const std::string& id, const std::string& name) const;

  Hard hard_;
  pugi::xml_document document_;
  std::vector<std::string> secret_values_;
  std::set<std::string> secret_names_;  // of parameters that are secret because the policy says so
  std::shared_ptr<const solver::Cluster> cluster_;
  solver::State state_;
  std::map<std::string, Peer> peers_;
  std::vector<StopFencing> stop_fencings_;
  uint64_t soft_version_ = 0;
  std::map<std::string, SoftChanges> changes_;  // by the node's name in small letters
};

}  // namespace picket::runtime
