#include "tests/daemon/ether.h"

#include <algorithm>

namespace picket::daemon_test {

using namespace runtime;  // NOLINT

namespace {

// How long it takes until a silent member is given up (token + consensus), and until a new one is noticed.
constexpr int64_t kLossMinMs = 1500, kLossMaxMs = 2800;
constexpr int64_t kGainMinMs = 50, kGainMaxMs = 1500;
constexpr int64_t kOrderlyMs = 100;

}  // namespace

Ether::Ether(Timeline& timeline, std::vector<ConfiguredNode> nodes, Deliver deliver)
    : timeline_(timeline), nodes_(std::move(nodes)), deliver_(std::move(deliver)) {
  for (const ConfiguredNode& node : nodes_) stations_[node.id].id = node.id;
}

// --- machines and links ----------------------------------------------------------------------------------------

void Ether::Start(NodeId node) {
  Station& station = stations_.at(node);
  if (station.up) return;
  station.up = true;
  station.seen_all = false;
  Install({node});
  CheckAfter(timeline_.Random(kGainMinMs, kGainMaxMs));
  if (station.wanted != 0) Open(node, station.wanted);
}

void Ether::Disconnect(Station& station) {
  station.process = 0;
  station.joined = false;
  ++station.connection;
  station.unsent.clear();
  station.held_until_ms = 0;
}

void Ether::Die(NodeId node) {
  Station& station = stations_.at(node);
  Disconnect(station);
  station.wanted = 0;
  station.up = station.paused = false;
  station.ring.reset();
  station.peers.clear();
  CheckAfter(timeline_.Random(kLossMinMs, kLossMaxMs));
}

void Ether::Restart(NodeId node, int64_t away_ms) {
  Station& station = stations_.at(node);
  if (!station.up || station.paused) return;
  const uint64_t process = station.process;
  Die(node);
  station.wanted = process;
  if (process != 0) Emit(station, station.group_floor_ms, 0, GroupLost{"Corosync has left"});
  CheckAfter(kOrderlyMs);
  timeline_.After(away_ms, [this, node, connection = station.connection] {
    // The machine may have died since; whoever starts it starts Corosync too.
    if (stations_.at(node).connection == connection) Start(node);
  });
}

void Ether::Pause(NodeId node) {
  Station& station = stations_.at(node);
  if (!station.up || station.paused) return;
  station.paused = true;
  CheckAfter(timeline_.Random(kLossMinMs, kLossMaxMs));
}

void Ether::Resume(NodeId node) {
  Station& station = stations_.at(node);
  if (!station.paused) return;
  station.paused = false;
  const bool left_behind = std::any_of(station.ring->members.begin(), station.ring->members.end(),
                                       [&](NodeId member) { return stations_.at(member).ring != station.ring; });
  if (left_behind) {
    Install({node});
    CheckAfter(timeline_.Random(0, 1));
  }
  GoOn();
}

void Ether::Cut(NodeId from, NodeId to) {
  cut_.insert({from, to});
  CheckAfter(timeline_.Random(kLossMinMs, kLossMaxMs));
}

void Ether::CutBoth(NodeId one, NodeId other) {
  Cut(one, other);
  Cut(other, one);
}

void Ether::MendAll() {
  cut_.clear();
  GoOn();
  CheckAfter(timeline_.Random(kGainMinMs, kGainMaxMs));
}

void Ether::HoldSends(NodeId node, int64_t for_ms) {
  stations_.at(node).held_until_ms = timeline_.now_ms() + for_ms;
  timeline_.After(for_ms, [this, node] { Pump(stations_.at(node)); });
}

void Ether::Shake(NodeId node) {
  const Station& station = stations_.at(node);
  if (!station.up || station.paused || !Operational(*station.ring)) return;
  std::vector<NodeId> others = station.ring->members;
  std::erase(others, node);
  Install({node});
  if (!others.empty()) Install(others);
  CheckAfter(timeline_.Random(0, 100));
}

void Ether::Flicker(NodeId node, int64_t for_ms) {
  const std::shared_ptr<Ring> ring = stations_.at(node).ring;
  if (!ring || !QuorateAt(stations_.at(node))) return;
  const auto tell = [this](const Ring& of) {
    for (const NodeId member : of.members) {
      if (stations_.at(member).ring.get() == &of) TellQuorum(stations_.at(member));
    }
  };
  ring->flickers = true;
  tell(*ring);
  timeline_.After(for_ms, [ring, tell] {
    ring->flickers = false;
    tell(*ring);
  });
}

// --- who hears whom --------------------------------------------------------------------------------------------

bool Ether::Linked(NodeId one, NodeId other) const {
  return cut_.count({one, other}) == 0 && cut_.count({other, one}) == 0;
}

bool Ether::Reach(const Station& one, const Station& other) const {
  return one.up && other.up && !one.paused && !other.paused && Linked(one.id, other.id);
}

bool Ether::Operational(const Ring& ring) const {
  for (const NodeId one : ring.members) {
    const Station& station = stations_.at(one);
    if (station.ring.get() != &ring) return false;
    for (const NodeId other : ring.members) {
      if (!Reach(station, stations_.at(other))) return false;
    }
  }
  return true;
}

// Who may go on with whom: everybody in one with all others of it. Where hearing is not mutual among all, which of
// the possible ones it becomes is chance, as it is in life.
std::vector<std::vector<NodeId>> Ether::Cliques() {
  std::vector<NodeId> order;
  for (const auto& [id, station] : stations_) {
    if (station.up && !station.paused) order.push_back(id);
  }
  for (size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[static_cast<size_t>(timeline_.Random(0, static_cast<int64_t>(i) - 1))]);
  }
  std::vector<std::vector<NodeId>> cliques;
  for (const NodeId node : order) {
    const auto fits = [&](const std::vector<NodeId>& clique) {
      return std::all_of(clique.begin(), clique.end(),
                         [&](NodeId other) { return Reach(stations_.at(node), stations_.at(other)); });
    };
    const auto found = std::find_if(cliques.begin(), cliques.end(), fits);
    if (found != cliques.end()) {
      found->push_back(node);
    } else {
      cliques.push_back({node});
    }
  }
  for (std::vector<NodeId>& clique : cliques) std::sort(clique.begin(), clique.end());
  return cliques;
}

bool Ether::Transitive() const {
  for (const auto& [a, one] : stations_) {
    for (const auto& [b, two] : stations_) {
      for (const auto& [c, three] : stations_) {
        if (a != b && b != c && a != c && Reach(one, two) && Reach(two, three) && !Reach(one, three)) return false;
      }
    }
  }
  return true;
}

void Ether::CheckAfter(int64_t delay_ms) {
  timeline_.After(delay_ms, [this] { Check(); });
}

// New rings where the old ones do not fit any more; each side finds out at its own time.
void Ether::Check() {
  const uint64_t epoch = ++check_epoch_;
  for (const std::vector<NodeId>& clique : Cliques()) {
    const std::shared_ptr<Ring> ring = stations_.at(clique.front()).ring;
    if (ring->members == clique && Operational(*ring)) continue;
    timeline_.After(clique.size() == stations_.size() ? 0 : timeline_.Random(0, 800), [this, clique, epoch] {
      if (epoch != check_epoch_) return;
      for (const NodeId one : clique) {
        for (const NodeId other : clique) {
          if (!Reach(stations_.at(one), stations_.at(other))) return CheckAfter(timeline_.Random(100, 1000));
        }
      }
      Install(clique);
    });
  }
  if (!Transitive()) CheckAfter(timeline_.Random(3000, 10000));
}

// --- a change of ring ------------------------------------------------------------------------------------------

// What it gets of its old ring before anything else: as much as any of those has who come with it, and, by chance,
// what was on its way.
void Ether::Install(const std::vector<NodeId>& members) {
  const auto ring = std::make_shared<Ring>();
  ring->id = {members.front(), next_ring_};
  next_ring_ += 4;
  ring->members = members;
  std::map<const Ring*, std::set<NodeId>> companies;
  std::map<const Ring*, size_t> agreed;
  for (const NodeId node : members) {
    const Station& station = stations_.at(node);
    if (!station.ring) continue;
    companies[station.ring.get()].insert(node);
    size_t& common = agreed[station.ring.get()];
    common = std::max(common, station.received);
  }
  for (const NodeId node : members) {
    const std::shared_ptr<Ring>& old = stations_.at(node).ring;
    if (!old || companies[old.get()].empty()) continue;
    size_t& common = agreed[old.get()];
    if (*companies[old.get()].begin() == node) {
      const auto sent = static_cast<int64_t>(old->log.size());
      common = static_cast<size_t>(timeline_.Random(static_cast<int64_t>(common), sent));
    }
  }
  std::map<NodeId, std::set<uint64_t>> stale;
  for (const NodeId node : members) {
    Station& station = stations_.at(node);
    const std::shared_ptr<Ring> old = station.ring;
    while (old && station.received < agreed[old.get()]) Take(station, old->log[station.received++]);
    BringTogether(station, old ? companies[old.get()] : std::set<NodeId>{node});
    station.ring = ring;
    station.received = 0;
    if (members.size() == stations_.size()) station.seen_all = true;
    EmitGroup(station, RingChanged{ring->id, members});
    TellQuorum(station);
    for (const auto& [peer, process] : station.peers) {
      if (process != stations_.at(peer).process) stale[peer].insert(process);
    }
  }
  for (const auto& [node, processes] : stale) {
    for (const uint64_t process : processes) Order(ring, {Kind::kLeave, {node, process}, {}});
  }
  GoOn();
}

// Processes on nodes that do not come with it are lost.
void Ether::BringTogether(Station& station, const std::set<NodeId>& companions) {
  const size_t before = station.peers.size();
  std::erase_if(station.peers, [&](const auto& peer) { return companions.count(peer.first) == 0; });
  if (station.peers.size() != before) TellMembers(station);
}

void Ether::GoOn() {
  for (auto& [id, station] : stations_) {
    if (!station.ring || !Operational(*station.ring)) continue;
    const std::shared_ptr<Ring> ring = station.ring;
    if (ring->members.front() == id) Announce(ring);
    Receive(ring, station);
    Pump(station);
  }
}

// --- within a ring ---------------------------------------------------------------------------------------------

// Processes that came or went since the ring was told.
void Ether::Announce(const std::shared_ptr<Ring>& ring) {
  if (!Operational(*ring)) return;
  for (const NodeId node : ring->members) {
    const uint64_t process = stations_.at(node).process;
    uint64_t& announced = ring->announced[node];
    if (announced == process) continue;
    if (announced != 0) Order(ring, {Kind::kLeave, {node, announced}, {}});
    announced = process;
    if (process != 0) Order(ring, {Kind::kJoin, {node, process}, {}});
  }
}

void Ether::Order(std::shared_ptr<Ring> ring, Entry entry) {
  const NodeId sender = entry.peer.node;
  const bool message = entry.kind == Kind::kMessage;
  const std::string bytes = entry.bytes;
  ring->log.push_back(std::move(entry));
  if (message) Receive(ring, stations_.at(sender));
  for (const NodeId member : ring->members) {
    timeline_.After(timeline_.Random(0, 2), [this, ring, member] { Receive(ring, stations_.at(member)); });
  }
  if (!message) return;
  if (on_message) on_message(sender, bytes);
  if (on_next_message_) std::exchange(on_next_message_, nullptr)(sender);
}

void Ether::Receive(const std::shared_ptr<Ring>& ring, Station& station) {
  if (station.ring != ring || !Operational(*ring)) return;
  while (station.received < ring->log.size()) {
    const size_t next = station.received++;
    const bool swaps = swaps_messages && next + 1 < ring->log.size() && station.id != ring->members.front() &&
                       ring->log[next].kind == Kind::kMessage && ring->log[next + 1].kind == Kind::kMessage;
    if (swaps) {
      Take(station, ring->log[station.received++]);
    }
    Take(station, ring->log[next]);
  }
}

void Ether::Take(Station& station, const Entry& entry) {
  const auto [node, process] = entry.peer;
  const auto known = station.peers.find(node);
  const bool knows = known != station.peers.end() && known->second == process;
  switch (entry.kind) {
    case Kind::kJoin:
      if (knows) return;
      station.peers[node] = process;
      if (node == station.id && process == station.process) station.joined = true;
      return TellMembers(station);
    case Kind::kLeave:
      if (!knows) return;
      station.peers.erase(known);
      return TellMembers(station);
    case Kind::kMessage:
      if (knows && station.joined) EmitGroup(station, GroupDelivered{entry.peer, entry.bytes});
      return;
  }
}

void Ether::Pump(Station& station) {
  while (!station.unsent.empty() && station.ring && station.process != 0 && Operational(*station.ring) &&
         station.ring->announced[station.id] == station.process && timeline_.now_ms() >= station.held_until_ms) {
    std::string bytes = std::move(station.unsent.front());
    station.unsent.pop_front();
    Order(station.ring, {Kind::kMessage, {station.id, station.process}, std::move(bytes)});
  }
}

// --- picketd ---------------------------------------------------------------------------------------------------

GroupOpened Ether::OpenedFor(const Station& station, uint64_t process) const {
  GroupOpened opened;
  opened.self = {station.id, process};
  opened.nodes = nodes_;
  opened.two_node = two_node;
  opened.plain_majority = !two_node;
  opened.token_ms = 1000;
  return opened;
}

void Ether::Reload(NodeId node) {
  Station& station = stations_.at(node);
  if (station.process != 0) EmitGroup(station, GroupConfigured{OpenedFor(station, station.process)});
}

void Ether::Open(NodeId node, uint64_t process) {
  Station& station = stations_.at(node);
  station.wanted = process;
  if (!station.up) return;
  Disconnect(station);
  station.process = process;
  EmitGroup(station, OpenedFor(station, process));
  // Both streams begin with the connection.
  station.quorum_floor_ms = std::max(station.quorum_floor_ms, station.group_floor_ms);
  EmitGroup(station, RingChanged{station.ring->id, station.ring->members});
  TellQuorum(station);
  Announce(station.ring);
}

void Ether::Close(NodeId node) {
  Station& station = stations_.at(node);
  station.wanted = 0;
  if (station.process == 0) return;
  Disconnect(station);
  if (station.ring) Announce(station.ring);
}

void Ether::Send(NodeId node, std::string bytes) {
  Station& station = stations_.at(node);
  if (station.process == 0) return;
  station.unsent.push_back(std::move(bytes));
  timeline_.After(timeline_.Random(0, 1), [this, node] { Pump(stations_.at(node)); });
}

void Ether::TellMembers(Station& station) {
  if (!station.joined) return;
  GroupChanged changed;
  for (const auto& [node, process] : station.peers) changed.members.push_back({node, process});
  EmitGroup(station, changed);
}

void Ether::TellQuorum(Station& station) {
  const int64_t luck = timeline_.Random(1, 100);
  const int64_t delay_ms = luck <= 70 ? timeline_.Random(0, 5) : timeline_.Random(5, luck <= 95 ? 100 : 2000);
  Emit(station, station.quorum_floor_ms, delay_ms, QuorumChanged{station.ring->id, QuorateAt(station)});
}

bool Ether::QuorateAt(const Station& station) const {
  if (!station.ring || station.ring->flickers) return false;
  if (two_node) return station.seen_all;
  int present = 0, all = 0;
  for (const ConfiguredNode& node : nodes_) {
    const auto& members = station.ring->members;
    all += node.votes;
    if (std::find(members.begin(), members.end(), node.id) != members.end()) present += node.votes;
  }
  return 2 * present > all;
}

void Ether::EmitGroup(Station& station, Event event) {
  const bool slow = timeline_.Chance(2);
  Emit(station, station.group_floor_ms, slow ? timeline_.Random(5, 50) : timeline_.Random(0, 1), std::move(event));
}

void Ether::Emit(Station& station, int64_t& floor_ms, int64_t delay_ms, Event event) {
  floor_ms = std::max(floor_ms, timeline_.now_ms() + delay_ms);
  timeline_.At(floor_ms, [this, node = station.id, connection = station.connection, event = std::move(event)] {
    if (stations_.at(node).connection == connection) deliver_(node, event);
  });
}

// --- for those who look on -------------------------------------------------------------------------------------

RingId Ether::RingOf(NodeId node) const {
  const Station& station = stations_.at(node);
  return station.ring ? station.ring->id : RingId{};
}

std::vector<NodeId> Ether::MembersOf(NodeId node) const {
  const Station& station = stations_.at(node);
  return station.ring ? station.ring->members : std::vector<NodeId>{};
}

bool Ether::Together(NodeId one, NodeId other) const {
  const Station& first = stations_.at(one);
  const Station& second = stations_.at(other);
  return first.ring && first.ring == second.ring && first.joined && second.joined && Operational(*first.ring);
}

bool Ether::Quorate(NodeId node) const {
  return stations_.at(node).ring && QuorateAt(stations_.at(node));
}

size_t Ether::Unsent(NodeId node) const {
  return stations_.at(node).unsent.size();
}

}  // namespace picket::daemon_test
