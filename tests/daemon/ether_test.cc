// What the played network promises, so that what is found with it is the core's fault.
#include "tests/daemon/ether.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>

namespace picket::daemon_test {
namespace {

using namespace runtime;  // NOLINT

// Stands in for picketd on each node: writes down what it is told.
struct Listeners {
  explicit Listeners(uint64_t seed, NodeId count = 3) : timeline(seed), ether(timeline, Names(count), Hear()) {
    for (NodeId node = 1; node <= count; ++node) {
      ether.Start(node);
      ether.Open(node, 100 + node);
    }
    timeline.RunUntil(timeline.now_ms() + 5000);
  }
  static std::vector<ConfiguredNode> Names(NodeId count) {
    std::vector<ConfiguredNode> nodes;
    for (NodeId node = 1; node <= count; ++node) nodes.push_back({node, "n" + std::to_string(node), 1});
    return nodes;
  }
  Ether::Deliver Hear() {
    return [this](NodeId node, const Event& event) { heard[node].push_back(event); };
  }
  void Wait(int64_t ms) { timeline.RunUntil(timeline.now_ms() + ms); }
  void ForgetAll() {
    for (auto& [node, events] : heard) events.clear();
  }
  // Messages, `|` where the ring changed, `+1,2` where processes came or went, `q` and `Q` for quorum.
  std::string Told(NodeId node, bool with_quorum = false) const {
    std::string text;
    const auto found = heard.find(node);
    if (found == heard.end()) return text;
    for (const Event& event : found->second) {
      if (const auto* message = std::get_if<GroupDelivered>(&event)) text += message->bytes + " ";
      if (const auto* ring = std::get_if<RingChanged>(&event)) text += "|" + Join(ring->members) + " ";
      if (const auto* group = std::get_if<GroupChanged>(&event)) {
        std::vector<NodeId> members;
        for (const GroupPeer& peer : group->members) members.push_back(peer.node);
        text += "+" + Join(members) + " ";
      }
      if (std::holds_alternative<GroupLost>(event)) text += "lost ";
      if (std::holds_alternative<GroupOpened>(event)) text += "opened ";
      const auto* quorum = std::get_if<QuorumChanged>(&event);
      if (quorum && with_quorum) text += quorum->quorate ? "Q " : "q ";
    }
    return text;
  }
  static std::string Join(const std::vector<NodeId>& nodes) {
    std::string text;
    for (const NodeId node : nodes) text += std::to_string(node);
    return text;
  }

  std::map<NodeId, std::vector<Event>> heard;
  Timeline timeline;
  Ether ether;
};

TEST_CASE("all get the same messages in the same order, their own among them") {
  Listeners play(1);
  play.ForgetAll();
  for (int i = 0; i < 20; ++i) {
    for (const NodeId node : {1, 2, 3}) play.ether.Send(node, std::to_string(node) + "." + std::to_string(i));
    play.Wait(play.timeline.Random(0, 2));
  }
  play.Wait(100);
  const std::string told = play.Told(1);
  CHECK(std::count(told.begin(), told.end(), '.') == 60);
  CHECK(play.Told(1) == play.Told(2));
  CHECK(play.Told(1) == play.Told(3));
}

TEST_CASE("a node is lost: processes first, then the ring, and only after the token") {
  Listeners play(2);
  play.ForgetAll();
  play.ether.Die(3);
  play.Wait(1400);
  CHECK(play.Told(1).empty());
  play.ether.Send(1, "a");
  play.Wait(5000);
  CHECK(play.Told(1) == "+12 |12 a ");
  CHECK(play.Told(2) == "+12 |12 a ");
  CHECK(play.Told(3).empty());
}

TEST_CASE("processes come and go within a ring, in order with what they say") {
  Listeners play(3);
  play.ForgetAll();
  play.ether.Send(2, "last");
  play.Wait(10);
  play.ether.Close(2);
  play.Wait(100);
  play.ether.Open(2, 300);
  play.ether.Send(2, "new");
  play.Wait(100);
  CHECK(play.Told(1) == "last +13 +123 new ");
  CHECK(play.Told(2) == "last opened |123 +123 new ");
}

TEST_CASE("whoever was paused too long sees itself alone, and at once everybody") {
  Listeners play(4);
  play.ForgetAll();
  play.ether.Pause(2);
  play.Wait(6000);
  CHECK(play.Told(1) == "+13 |13 ");
  CHECK(play.Told(2).empty());
  play.ether.Send(1, "meanwhile");
  play.Wait(10);
  play.ForgetAll();
  play.ether.Resume(2);
  play.Wait(60);
  CHECK(play.Told(2).starts_with("+2 |2 |123 "));
  CHECK(play.Told(2).ends_with("+123 "));
  CHECK(play.Told(1) == "|123 +123 ");
}

TEST_CASE("a pause that is shorter than the token is not noticed") {
  Listeners play(5);
  play.ForgetAll();
  play.ether.Pause(2);
  play.ether.Send(1, "a");
  play.Wait(1000);
  CHECK(play.Told(1).empty());
  play.ether.Resume(2);
  play.Wait(3000);
  CHECK(play.Told(1) == "a ");
  CHECK(play.Told(2) == "a ");
}

TEST_CASE("a message may be known to its sender alone, or to one side of a cut") {
  bool lost = false, kept = false, apart = false;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    Listeners play(seed);
    play.ForgetAll();
    play.ether.OnNextMessage([&](NodeId) {
      play.ether.CutBoth(1, 2);
      play.ether.CutBoth(1, 3);
    });
    play.ether.Send(1, "a");
    play.Wait(6000);
    CHECK(play.Told(1) == "a +1 |1 ");
    lost = lost || play.Told(2) == "+23 |23 ";
    kept = kept || play.Told(2) == "a +23 |23 ";
    apart = apart || play.Told(2) != play.Told(3);
  }
  CHECK(lost);
  CHECK(kept);
  CHECK_FALSE(apart);
}

TEST_CASE("Corosync restarts under its picketd") {
  Listeners play(6);
  play.ForgetAll();
  play.ether.Restart(3, 2000);
  play.Wait(1500);
  CHECK(play.Told(3) == "lost ");
  CHECK(play.Told(1) == "+12 |12 ");
  play.Wait(5000);
  CHECK(play.Told(3).starts_with("lost opened |3 +3 |123 "));
  CHECK(play.Told(3).ends_with("+123 "));
  CHECK(play.Told(1) == "+12 |12 |123 +123 ");
}

TEST_CASE("try again: messages are held, and come in their order") {
  Listeners play(7);
  play.ForgetAll();
  play.ether.HoldSends(1, 3000);
  play.ether.Send(1, "a");
  play.ether.Send(1, "b");
  play.ether.Send(2, "c");
  play.Wait(2900);
  CHECK(play.Told(2) == "c ");
  play.Wait(200);
  CHECK(play.Told(2) == "c a b ");
}

TEST_CASE("quorum is a stream of its own: before the ring or after it, and may change within one") {
  bool early = false, late = false;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    Listeners play(seed);
    play.ForgetAll();
    play.ether.Die(3);
    play.Wait(8000);
    early = early || play.Told(1, true) == "+12 Q |12 " || play.Told(1, true) == "Q +12 |12 ";
    late = late || play.Told(1, true) == "+12 |12 Q ";
    play.ForgetAll();
    play.ether.Flicker(1, 4000);
    play.Wait(10000);
    CHECK(play.Told(1, true) == "q Q ");
    play.ether.Die(2);
    play.Wait(8000);
    CHECK_FALSE(play.ether.Quorate(1));
  }
  CHECK(early);
  CHECK(late);
}

TEST_CASE("two nodes wait for one another once, then each is quorate alone") {
  Timeline timeline(1);
  std::map<NodeId, bool> quorate;
  Ether ether(timeline, Listeners::Names(2), [&](NodeId node, const Event& event) {
    if (const auto* quorum = std::get_if<QuorumChanged>(&event)) quorate[node] = quorum->quorate;
  });
  ether.two_node = true;
  ether.Start(1);
  ether.Open(1, 101);
  timeline.RunUntil(timeline.now_ms() + 5000);
  CHECK_FALSE(quorate[1]);
  ether.Start(2);
  ether.Open(2, 102);
  timeline.RunUntil(timeline.now_ms() + 5000);
  CHECK(quorate[1]);
  ether.CutBoth(1, 2);
  timeline.RunUntil(timeline.now_ms() + 8000);
  CHECK(quorate[1]);
  CHECK(quorate[2]);
  CHECK(ether.MembersOf(1) != ether.MembersOf(2));
}

TEST_CASE("where hearing is not mutual rings come and go") {
  Listeners play(8);
  play.ForgetAll();
  play.ether.Cut(1, 3);
  play.Wait(120000);
  const std::string told = play.Told(2);
  CHECK(std::count(told.begin(), told.end(), '|') >= 4);
  CHECK(told.find("|123") == std::string::npos);
  play.ether.MendAll();
  play.Wait(20000);
  CHECK(play.Told(2).ends_with("+123 "));
}

// --- anything at all -------------------------------------------------------------------------------------------

using RingKey = std::pair<NodeId, uint64_t>;
struct Stay {
  RingKey ring;
  NodeId node = 0;
  std::optional<RingKey> next;  // of the same connection
  std::vector<std::string> messages;
};

// What each node got in each ring it was in.
std::vector<Stay> Stays(const Listeners& play) {
  std::vector<Stay> stays;
  for (const auto& [node, events] : play.heard) {
    std::optional<size_t> current;
    for (const Event& event : events) {
      if (std::holds_alternative<GroupOpened>(event) || std::holds_alternative<GroupLost>(event)) current.reset();
      if (const auto* ring = std::get_if<RingChanged>(&event)) {
        const RingKey key{ring->ring.representative, ring->ring.sequence};
        if (current) stays[*current].next = key;
        stays.push_back({key, node, {}, {}});
        current = stays.size() - 1;
      }
      if (const auto* message = std::get_if<GroupDelivered>(&event)) {
        REQUIRE(current);
        stays[*current].messages.push_back(message->bytes);
      }
    }
  }
  return stays;
}

void Disturb(Listeners& play, std::set<NodeId>& dead, std::set<NodeId>& paused) {
  const NodeId node = static_cast<NodeId>(play.timeline.Random(1, 4));
  const NodeId other = static_cast<NodeId>(play.timeline.Random(1, 4));
  switch (play.timeline.Random(0, 9)) {
    case 0:
      if (other != node) play.ether.Cut(node, other);
      return;
    case 1:
      if (other != node) play.ether.CutBoth(node, other);
      return;
    case 2:
      return play.ether.MendAll();
    case 3:
      if (dead.size() > 1 || paused.count(node)) return;
      play.ether.Die(node);
      dead.insert(node);
      return;
    case 4:
      if (!dead.erase(node)) return;
      play.ether.Start(node);
      play.ether.Open(node, static_cast<uint64_t>(play.timeline.now_ms()));
      return;
    case 5:
      if (dead.count(node) || !play.ether.Up(node)) return;
      play.ether.Pause(node);
      paused.insert(node);
      return;
    case 6:
      if (paused.erase(node)) play.ether.Resume(node);
      return;
    case 7:
      return play.ether.Shake(node);
    case 8:
      if (dead.count(node) == 0 && paused.count(node) == 0) play.ether.Restart(node, play.timeline.Random(500, 4000));
      return;
    default:
      return play.ether.HoldSends(node, play.timeline.Random(10, 3000));
  }
}

void CheckStays(const std::vector<Stay>& stays) {
  for (const Stay& one : stays) {
    std::set<std::string> once(one.messages.begin(), one.messages.end());
    CHECK(once.size() == one.messages.size());
    for (const Stay& other : stays) {
      if (one.ring != other.ring || one.node >= other.node) continue;
      // One of them may have joined the group later, so the shorter one need not begin where the longer does.
      std::vector<std::string> common, ours, theirs;
      for (const std::string& message : one.messages) {
        if (std::find(other.messages.begin(), other.messages.end(), message) != other.messages.end()) {
          ours.push_back(message);
        }
      }
      for (const std::string& message : other.messages) {
        if (once.count(message)) theirs.push_back(message);
      }
      CHECK(ours == theirs);
      if (one.next && one.next == other.next && !ours.empty()) {
        CHECK(one.messages.back() == other.messages.back());
      }
    }
  }
}

TEST_CASE("whatever happens: one order for each ring, the same for those who go on together") {
  size_t messages = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    Listeners play(seed, 4);
    std::set<NodeId> dead, paused;
    int count = 0;
    for (int i = 0; i < 60; ++i) {
      Disturb(play, dead, paused);
      const int64_t until_ms = play.timeline.now_ms() + play.timeline.Random(10, 4000);
      while (play.timeline.now_ms() < until_ms) {
        play.ether.Send(static_cast<NodeId>(play.timeline.Random(1, 4)), "m" + std::to_string(count++));
        play.Wait(play.timeline.Random(1, 400));
      }
    }
    const std::vector<Stay> stays = Stays(play);
    for (const Stay& stay : stays) messages += stay.messages.size();
    CheckStays(stays);
    play.ether.MendAll();
    for (const NodeId node : paused) play.ether.Resume(node);
    for (const NodeId node : dead) play.ether.Start(node);
    play.Wait(30000);
    CHECK(play.ether.MembersOf(1).size() == 4);
  }
  CHECK(messages > 10000);
}

}  // namespace
}  // namespace picket::daemon_test
