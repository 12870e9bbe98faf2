#include "runtime/daemon/mail.h"

#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "runtime/daemon/test_group.h"

using namespace picket::runtime;

namespace {

// A member of a group of two whose coordinator is the other one.
struct Fixture {
  Fixture() {
    membership.Open(OpenedGroup(2));
    view.active = true;
    view.term = 7;
    view.coordinator = 2;
  }

  Turn Dispatch(std::vector<Message> messages) {
    Turn turn;
    turn.out.messages = std::move(messages);
    mail.Dispatch(replica, turn);
    return turn;
  }

  Membership membership;
  View view;
  Mail mail{membership, view};
  Replica replica;
};

AttributeSet Set(const std::string& value) {
  return {"n1", "ping", value};
}

}  // namespace

TEST_CASE("a report is kept until it is delivered, and sent again in the next view") {
  Fixture f;
  CHECK(f.Dispatch({Set("1"), Progress{}}).out.effects.size() == 2);
  CHECK(f.mail.undelivered().size() == 1);
  Outbox out;
  f.view.term = 8;
  f.mail.BeginView(out);
  CHECK(out.effects.size() == 1);
  // Of an older term it counts for nothing.
  CHECK_FALSE(f.mail.Admit(1, {7, Set("1")}));
  CHECK(f.mail.undelivered().size() == 1);
  CHECK(f.mail.Admit(1, {8, Set("1")}));
  CHECK(f.mail.undelivered().empty());
}

TEST_CASE("without a view nothing is sent, and reports wait for one") {
  Fixture f;
  f.view.active = false;
  CHECK(f.Dispatch({Set("1"), Progress{}, FailuresCleared{"n1", "db", true}}).out.effects.empty());
  CHECK(f.mail.undelivered().size() == 1);
  CHECK_FALSE(f.mail.Admit(2, {7, Progress{}}));
}

TEST_CASE("only the coordinator gives orders") {
  Fixture f;
  CHECK_FALSE(f.mail.Admit(1, {7, Order{}}));
  CHECK(f.mail.Admit(2, {7, Order{}}));
  CHECK(f.mail.Admit(1, {7, Set("1")}));
}

TEST_CASE("who writes and reads again reads what was sent last") {
  Fixture f;
  CHECK(f.mail.LastSent("n1", "ping") == nullptr);
  f.Dispatch({Set("1"), Set("2")});
  REQUIRE(f.mail.LastSent("n1", "ping"));
  CHECK(*f.mail.LastSent("n1", "ping")->value == "2");
  CHECK(f.mail.LastSent("n2", "ping") == nullptr);
}

TEST_CASE("alone, what is sent comes back in its order") {
  Fixture f;
  f.membership.BeAlone("n1", true);
  CHECK(f.Dispatch({Progress{}, Set("1")}).out.effects.empty());
  REQUIRE(f.mail.queued() == 3);
  CHECK(std::holds_alternative<Progress>(f.mail.TakeOwn()->message));
  CHECK(std::holds_alternative<AttributeSet>(f.mail.TakeOwn()->message));
  CHECK_FALSE(f.mail.TakeOwn());
}

TEST_CASE("what cannot be read is told once for each sender and view") {
  Fixture f;
  Turn turn;
  CHECK(f.mail.Unpack({{2, 20}, "rubbish"}, turn).whole);
  CHECK_FALSE(f.mail.Unpack({{2, 20}, "more rubbish"}, turn).envelope);
  CHECK(turn.out.news.size() == 1);
  f.mail.EndView();
  f.mail.Unpack({{2, 20}, "rubbish"}, turn);
  CHECK(turn.out.news.size() == 2);
}

TEST_CASE("what was sent can be read") {
  Fixture f;
  Turn turn = f.Dispatch({Set("1")});
  const auto* sent = std::get_if<Multicast>(&turn.out.effects.at(0));
  REQUIRE(sent);
  const Mail::Piece piece = f.mail.Unpack({{1, 10}, sent->bytes}, turn);
  REQUIRE(piece.envelope);
  CHECK(piece.envelope->term == 7);
  CHECK(std::get<AttributeSet>(piece.envelope->message).value == "1");
}
