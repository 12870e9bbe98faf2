#include "runtime/daemon/silence.h"

#include <string>
#include <utility>
#include <vector>

#include "doctest/doctest.h"
#include "runtime/daemon/test_rooms.h"
#include "runtime/group/patience.h"

using namespace picket::runtime;

namespace {

constexpr GroupPeer kSelf{1, 10};
constexpr GroupPeer kOther{2, 20};

// The member n1 of a round of two, both of which have said hello in a format that has pulses.
struct Fixture : TestRooms {
  Fixture() {
    membership.Open(OpenedGroup(2));
    membership.SetRing({{1, 1}, {1, 2}});
    membership.SetProcesses({{kSelf, kOther}});
    const std::string key = silence.KeyIn(membership.Key());
    view.round = Round(key, membership.processes());
    for (const GroupPeer& peer : membership.processes()) {
      Hello hello;
      hello.view = key;
      hello.node = membership.NameOf(peer.node);
      hello.id = peer.node;
      hello.wire_high = kWireHigh;
      view.round.Add(peer.node, hello);
    }
    silence.BeginRound();
    view.verdict = view.round.Conclude();
    view.active = true;
    view.term = 3;
    view.coordinator = 2;
    mail.Speak(kWireHigh);
  }

  // What is sent, taken out.
  std::vector<Message> Sent() {
    std::vector<Message> messages;
    std::string error;
    for (const Effect& effect : std::exchange(turn.out.effects, {})) {
      if (auto envelope = reader.Unpack(kSelf, std::get<Multicast>(effect).bytes, error)) {
        messages.push_back(std::move(envelope->message));
      }
    }
    return messages;
  }
  // So many pulses of ours come back with nothing from the other in between.
  void OwnPulses(int count) {
    for (int i = 0; i < count; ++i) {
      silence.NoticePiece(1, true);
      silence.Take(1, Pulse{"n1", false}, turn);
    }
  }
  Overdue Of(const GroupPeer& peer) const { return {view.round.key(), {peer.node, peer.process}, Lateness::kSilent}; }

  Mail mail{membership, view};
  Silence silence{parts, membership, view, mail, departure};
  Wire reader;
};

}  // namespace

TEST_CASE("pulses are sent in time, and not while one is on its way") {
  Fixture f;
  f.silence.Beat(false, f.turn);
  CHECK(f.Sent().empty());
  const int64_t every_ms = f.silence.NextDeadline();
  CHECK(every_ms == PulseMs(1000, 1200));
  f.turn.now.boot_ms = every_ms;
  f.silence.Beat(true, f.turn);
  const std::vector<Message> sent = f.Sent();
  REQUIRE(sent.size() == 1);
  CHECK(std::get<Pulse>(sent[0]).waits);
  f.turn.now.boot_ms = 2 * every_ms;
  f.silence.Beat(false, f.turn);
  CHECK(f.Sent().empty());
  f.OwnPulses(1);
  f.turn.now.boot_ms = 3 * every_ms;
  f.silence.Beat(false, f.turn);
  CHECK(f.Sent().size() == 1);
}

TEST_CASE("who says nothing between so many pulses of ours is accused") {
  Fixture f;
  f.OwnPulses(kPulses);
  CHECK(f.Sent().empty());
  f.OwnPulses(1);
  const std::vector<Message> sent = f.Sent();
  REQUIRE(sent.size() == 1);
  CHECK(std::get<Overdue>(sent[0]).peer == OverduePeer{2, 20});
}

TEST_CASE("any word is a sign of life") {
  Fixture f;
  f.OwnPulses(kPulses);
  f.silence.NoticePiece(2, false);
  f.OwnPulses(kPulses);
  CHECK(f.Sent().empty());
}

TEST_CASE("an accusation counts only where it is so") {
  Fixture f;
  f.OwnPulses(1);
  f.silence.NoticePiece(2, true);
  CHECK_FALSE(f.silence.Take(1, f.Of(kOther), f.turn));
  CHECK_FALSE(f.silence.IsOverdue("n2"));
  f.OwnPulses(1);
  CHECK(f.silence.Take(1, f.Of(kOther), f.turn));
  CHECK(f.silence.IsOverdue("N2"));
  // The round is another one now, and who is overdue accuses nobody.
  CHECK(f.silence.KeyIn(f.membership.Key()) != f.view.round.key());
  CHECK_FALSE(f.silence.Take(2, f.Of(kSelf), f.turn));
  CHECK_FALSE(f.departure.left());
}

TEST_CASE("accusations of another round, of nobody and of oneself are nothing") {
  Fixture f;
  f.OwnPulses(2);
  Overdue old = f.Of(kOther);
  old.view = "another";
  CHECK_FALSE(f.silence.Take(1, old, f.turn));
  CHECK_FALSE(f.silence.Take(1, f.Of({2, 99}), f.turn));
  CHECK_FALSE(f.silence.Take(1, f.Of(kSelf), f.turn));
  CHECK(f.silence.overdue().empty());
}

TEST_CASE("a member without which the others have gone on ends, and is to be started anew") {
  Fixture f;
  f.silence.NoticePiece(2, true);
  f.silence.Take(2, Pulse{"n2", false}, f.turn);
  CHECK_FALSE(f.silence.Take(2, f.Of(kSelf), f.turn));
  CHECK(f.departure.left());
  CHECK(std::get<Exit>(f.turn.out.effects.back()).status == kExitOverdue);
}

TEST_CASE("who came in later hears from a hello without whom the others go on") {
  Fixture f;
  Hello hello;
  hello.view = f.membership.Key() + "/2";
  hello.overdue = {{2, 20}};
  CHECK(f.silence.Adopt(hello, f.turn));
  CHECK(f.silence.IsOverdue("n2"));
  CHECK(f.silence.KeyIn(f.membership.Key()) == hello.view);
  CHECK_FALSE(f.silence.Adopt(hello, f.turn));
  hello.view = "another/3";
  CHECK_FALSE(f.silence.Adopt(hello, f.turn));
  hello.view = f.membership.Key() + "/3";
  hello.overdue = {{1, 10}};
  CHECK_FALSE(f.silence.Adopt(hello, f.turn));
  CHECK(f.departure.left());
}

TEST_CASE("members of an earlier version have no pulses and are not accused") {
  Fixture f;
  f.mail.ReadUpTo(kWireLow);
  f.silence.Beat(false, f.turn);
  CHECK(f.silence.NextDeadline() == INT64_MAX);
  f.OwnPulses(kPulses + 3);
  CHECK(f.Sent().empty());
}

TEST_CASE("who is overdue is so as long as its process is in the group") {
  Fixture f;
  f.OwnPulses(1);
  REQUIRE(f.silence.Take(1, f.Of(kOther), f.turn));
  f.silence.BeginRound();
  CHECK(f.silence.IsOverdue("n2"));
  f.membership.SetProcesses({{kSelf, {2, 21}}});
  f.silence.BeginRound();
  CHECK_FALSE(f.silence.IsOverdue("n2"));
}
