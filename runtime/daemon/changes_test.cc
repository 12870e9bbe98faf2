#include "runtime/daemon/changes.h"

#include <set>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "runtime/daemon/test_rooms.h"

using namespace picket::runtime;

namespace {

// The member n1 of a group of three, in a view of n1 and n2 with quorum; n3 is away. Messages are delivered by hand.
struct Fixture : TestRooms {
  Fixture() {
    membership.Open(OpenedGroup(3));
    membership.SetQuorum({{1, 1}, true});
    parts.self.incarnation = "first";
    view.active = true;
    view.term = 5;
    ClientOpened client;
    client.client = 1;
    client.may_change = true;
    connections.Open(client);
  }

  // A view in which n1 and n2 have promised.
  void BeginView() {
    changes.BeginView(turn);
    for (const char* name : {"n1", "n2"}) changes.Take(Promised{name}, turn);
  }
  void Wish(const std::string& value, std::optional<uint64_t> only_at = std::nullopt) {
    changes.Propose(SetProperty{"p", value}, 1, turn, only_at);
  }
  // What was sent comes back.
  template <typename M>
  void DeliverSent() {
    for (const Message& message : std::exchange(turn.out.messages, {})) {
      if (const auto* ours = std::get_if<M>(&message)) changes.Take(*ours, turn);
    }
  }
  // The disk has done what it was asked to.
  void Written(WriteOutcome outcome = WriteOutcome::kDone) {
    for (const Effect& effect : std::exchange(turn.out.effects, {})) {
      if (const auto* write = std::get_if<WriteStore>(&effect)) {
        changes.On(StoreWritten{write->write, outcome, "no room"}, turn);
      } else if (const auto* answer = std::get_if<Answer>(&effect)) {
        answers.push_back(answer->line);
      }
    }
  }
  std::vector<std::string> Answers() {
    Written();
    return answers;
  }
  std::string Value() const {
    const auto& properties = parts.replica.hard().properties;
    return properties.count("p") ? properties.at("p") : "";
  }

  HardDisk disk;
  Changes changes{parts, membership, view, connections, disk, departure};
  std::vector<std::string> answers;
};

}  // namespace

TEST_CASE("a change is in force once more than half of all votes have it on disk") {
  Fixture f;
  f.BeginView();
  f.Wish("1");
  f.DeliverSent<Proposed>();
  f.Written();
  f.DeliverSent<Stored>();
  CHECK(f.Value().empty());
  f.changes.Take(Stored{"n2", 5, 1, {}}, f.turn);
  CHECK(f.Value() == "1");
  CHECK(f.Answers() == std::vector<std::string>{"{\"accepted\":1}"});
  CHECK(f.changes.queued() == 0);
}

TEST_CASE("before enough members have promised nothing is written") {
  Fixture f;
  f.changes.BeginView(f.turn);
  f.turn = Turn();
  f.Wish("1");
  f.DeliverSent<Proposed>();
  CHECK(f.turn.out.effects.empty());
  f.changes.Take(Promised{"n1"}, f.turn);
  CHECK(f.turn.out.effects.empty());
  f.changes.Take(Promised{"n3"}, f.turn);
  REQUIRE(f.turn.out.effects.size() == 1);
  CHECK(std::get<WriteStore>(f.turn.out.effects[0]).name == GenerationName(1));
}

TEST_CASE("without quorum nothing is changed, and the client is told") {
  Fixture f;
  f.BeginView();
  f.membership.SetQuorum({{1, 1}, false});
  f.Wish("1");
  REQUIRE(f.Answers().size() == 1);
  CHECK(f.answers[0].find("no quorum") != std::string::npos);
}

TEST_CASE("a wish waits for a view") {
  Fixture f;
  f.view.active = false;
  f.Wish("1");
  CHECK(f.turn.out.messages.empty());
  CHECK(f.changes.queued() == 1);
  f.view.active = true;
  f.changes.BeginView(f.turn);
  REQUIRE(f.turn.out.messages.size() == 1);
  CHECK(std::get<Proposed>(f.turn.out.messages[0]).id.incarnation == "first");
}

TEST_CASE("a change that is meant for another number is refused") {
  Fixture f;
  f.BeginView();
  f.Wish("1", 9);
  f.DeliverSent<Proposed>();
  REQUIRE(f.Answers().size() == 1);
  CHECK(f.answers[0].find("it is number 0 now") != std::string::npos);
  CHECK(f.Value().empty());
}

TEST_CASE("a change that too many cannot keep is refused, and its number is not used again") {
  Fixture f;
  f.BeginView();
  f.Wish("1");
  f.DeliverSent<Proposed>();
  f.Written(WriteOutcome::kRefused);
  f.DeliverSent<Stored>();
  REQUIRE(f.Answers().size() == 1);
  CHECK(f.answers[0].find("no room") != std::string::npos);
  f.Wish("2");
  f.DeliverSent<Proposed>();
  const auto write = std::get<WriteStore>(f.turn.out.effects.back());
  CHECK(write.name == GenerationName(2));
}

TEST_CASE("a view that ends leaves the client without a verdict, and says so") {
  Fixture f;
  f.BeginView();
  f.Wish("1");
  f.DeliverSent<Proposed>();
  f.changes.EndView(f.turn);
  REQUIRE(f.Answers().size() == 1);
  CHECK(f.answers[0].find("`picket status` says whether it is in force") != std::string::npos);
  CHECK(f.changes.queued() == 0);
}

TEST_CASE("changes come one after the other") {
  Fixture f;
  f.BeginView();
  f.Wish("1");
  f.Wish("2");
  f.DeliverSent<Proposed>();
  f.changes.CheckPromises();
  CHECK(f.changes.queued() == 2);
  f.Written();
  f.DeliverSent<Stored>();
  f.changes.Take(Stored{"n2", 5, 1, {}}, f.turn);
  CHECK(f.Value() == "1");
  f.Written();
  f.DeliverSent<Stored>();
  f.changes.Take(Stored{"n2", 5, 2, {}}, f.turn);
  CHECK(f.Value() == "2");
}

TEST_CASE("too many changes at once are refused") {
  Fixture f;
  f.view.active = false;
  for (int i = 0; i < 64; ++i) f.Wish("1");
  CHECK(f.Answers().empty());
  f.Wish("1");
  CHECK(f.Answers() == std::vector<std::string>{"{\"error\":\"too many changes at once\"}"});
}

TEST_CASE("where fewer than half may be quorate, who is missing has to be known to be off") {
  Fixture f;
  GroupOpened two;
  two.self = {1, 10};
  two.nodes = {{1, "n1", 1}, {2, "n2", 1}};
  two.two_node = true;
  two.plain_majority = false;
  f.membership.Open(two);
  f.membership.SetQuorum({{1, 1}, true});
  f.changes.BeginView(f.turn);
  f.changes.Take(Promised{"n1"}, f.turn);
  f.turn = Turn();
  f.Wish("1");
  f.DeliverSent<Proposed>();
  CHECK(f.turn.out.effects.empty());
  Peer off;
  off.standing = Standing::kFenced;
  f.parts.replica.SetPeer("n2", off);
  f.changes.GainQuorum(f.turn);
  f.Written();
  f.DeliverSent<Stored>();
  CHECK(f.Value() == "1");
}
