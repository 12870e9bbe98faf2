// The network and Corosync on every node, played: rings, total order, membership, quorum, as two streams.
//
// What it promises is what was measured of Corosync 3.1 (docs/runtime.md): members of a ring get the same messages in
// the same order, their own among them. A change breaks that off: those who go on together first get what any of
// them has, and only they; then processes that are lost, then the new ring, then processes as they join. So a
// message may be known on one side of a cut only, or to its sender alone, and one that was sent before a change may
// come after it. Quorum comes on a stream of its own, earlier or later. A member that was paused for too long gets
// what it had in its socket, then a ring of its own, and in the same moment the one with everybody.
//
// It knows nothing of picketd but that there may be one process for each node. Cost of a message: the members.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/ports/events.h"
#include "tests/daemon/timeline.h"

namespace picket::daemon_test {

class Ether {
 public:
  // Hands an event to the picketd of a node.
  using Deliver = std::function<void(runtime::NodeId, const runtime::Event&)>;

  Ether(Timeline& timeline, std::vector<runtime::ConfiguredNode> nodes, Deliver deliver);

  // --- Corosync and machines
  void Start(runtime::NodeId node);
  // Without a word: the others find out when the token does not come back.
  void Die(runtime::NodeId node);
  // Corosync ends in good order and comes back; its picketd sees the connection go.
  void Restart(runtime::NodeId node, int64_t away_ms);
  void Pause(runtime::NodeId node);
  void Resume(runtime::NodeId node);

  // --- the network: what `from` sends does, or does not, get to `to`
  void Cut(runtime::NodeId from, runtime::NodeId to);
  void CutBoth(runtime::NodeId one, runtime::NodeId other);
  void MendAll();
  // Corosync says try again to that node's picketd.
  void HoldSends(runtime::NodeId node, int64_t for_ms);
  // Several rings within milliseconds: the node alone, then everybody again.
  void Shake(runtime::NodeId node);
  // The ring of the node is not quorate for a while, as when votes or a quorum device change.
  void Flicker(runtime::NodeId node, int64_t for_ms);

  // corosync.conf is read again, and says what it said.
  void Reload(runtime::NodeId node);

  // --- picketd of a node
  void Open(runtime::NodeId node, uint64_t process);
  void Close(runtime::NodeId node);
  void Send(runtime::NodeId node, std::string bytes);

  // --- for those who look on
  // Called once with the sender, when the next message has its place in the order and nobody else has it.
  void OnNextMessage(std::function<void(runtime::NodeId)> what) { on_next_message_ = std::move(what); }
  // Called for every message that has its place.
  std::function<void(runtime::NodeId, const std::string&)> on_message;
  runtime::RingId RingOf(runtime::NodeId node) const;
  std::vector<runtime::NodeId> MembersOf(runtime::NodeId node) const;
  // Both in one ring that works, each with its picketd in the group.
  bool Together(runtime::NodeId one, runtime::NodeId other) const;
  bool Quorate(runtime::NodeId node) const;
  bool Up(runtime::NodeId node) const { return stations_.at(node).up; }
  size_t Unsent(runtime::NodeId node) const;

  // Broken on purpose: the order of two messages differs between members, or old messages come after a change.
  bool swaps_messages = false;
  bool two_node = false;

 private:
  enum class Kind : uint8_t { kJoin, kLeave, kMessage };
  struct Entry {
    Kind kind = Kind::kMessage;
    runtime::GroupPeer peer;
    std::string bytes;
  };
  struct Ring {
    runtime::RingId id;
    std::vector<runtime::NodeId> members;
    std::vector<Entry> log;
    std::map<runtime::NodeId, uint64_t> announced;  // processes whose join is in the log
    bool flickers = false;
  };
  struct Station {
    runtime::NodeId id = 0;
    bool up = false;
    bool paused = false;
    std::shared_ptr<Ring> ring;
    size_t received = 0;                        // of the ring's log
    std::map<runtime::NodeId, uint64_t> peers;  // processes, as its cpg knows them
    bool seen_all = false;                      // wait_for_all is over

    uint64_t process = 0;     // that is connected
    uint64_t wanted = 0;      // that connects again when Corosync is back
    bool joined = false;      // its own join was delivered
    uint64_t connection = 0;  // events of an earlier one are lost
    std::deque<std::string> unsent;
    int64_t held_until_ms = 0;
    int64_t group_floor_ms = 0, quorum_floor_ms = 0;
  };

  runtime::GroupOpened OpenedFor(const Station& station, uint64_t process) const;
  bool Linked(runtime::NodeId one, runtime::NodeId other) const;
  bool Reach(const Station& one, const Station& other) const;
  bool Operational(const Ring& ring) const;
  std::vector<std::vector<runtime::NodeId>> Cliques();
  bool Transitive() const;
  void CheckAfter(int64_t delay_ms);
  void Check();
  void Install(const std::vector<runtime::NodeId>& members);
  void BringTogether(Station& station, const std::set<runtime::NodeId>& companions);
  // Rings that work again go on.
  void GoOn();

  void Announce(const std::shared_ptr<Ring>& ring);
  void Order(std::shared_ptr<Ring> ring, Entry entry);
  void Receive(const std::shared_ptr<Ring>& ring, Station& station);
  void Take(Station& station, const Entry& entry);
  void Pump(Station& station);
  void TellMembers(Station& station);
  void TellQuorum(Station& station);
  bool QuorateAt(const Station& station) const;
  void EmitGroup(Station& station, runtime::Event event);
  void Emit(Station& station, int64_t& floor_ms, int64_t delay_ms, runtime::Event event);
  void Disconnect(Station& station);

  Timeline& timeline_;
  std::vector<runtime::ConfiguredNode> nodes_;
  Deliver deliver_;
  std::map<runtime::NodeId, Station> stations_;
  std::set<std::pair<runtime::NodeId, runtime::NodeId>> cut_;
  uint64_t next_ring_ = 4;
  uint64_t check_epoch_ = 0;
  std::function<void(runtime::NodeId)> on_next_message_;
};

}  // namespace picket::daemon_test
