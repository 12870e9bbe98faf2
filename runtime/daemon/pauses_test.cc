#include "runtime/daemon/pauses.h"

#include "doctest/doctest.h"
#include "runtime/daemon/test_group.h"

using namespace picket::runtime;

namespace {

// A member of a view of two, with a token of a second.
struct Fixture {
  Fixture() {
    membership.Open(OpenedGroup(2, 1000));
    view.active = true;
  }

  // The number of the echo that is sent; 0: none is.
  uint64_t TurnAt(int64_t now_ms) {
    Turn turn;
    turn.now.boot_ms = now_ms;
    pauses.Notice("n1", turn);
    return turn.out.messages.empty() ? 0 : std::get<Echo>(turn.out.messages.at(0)).nonce;
  }

  Membership membership;
  View view;
  Pauses pauses{membership, view};
};

}  // namespace

TEST_CASE("turns that come in time hold nothing back") {
  Fixture f;
  CHECK(f.TurnAt(100000) == 0);
  CHECK(f.TurnAt(100500) == 0);
  CHECK_FALSE(f.pauses.Hold(Begin{}));
  CHECK(f.pauses.NextDeadline({100500, 0, 0}) == 100750);
}

TEST_CASE("after a pause nothing begins until the echo is back") {
  Fixture f;
  f.TurnAt(0);
  const uint64_t echo = f.TurnAt(501);
  REQUIRE(echo != 0);
  CHECK(f.pauses.Hold(Begin{5, "n1", 0, {}}));
  CHECK(f.pauses.Hold(FenceOrder{}));
  f.pauses.CheckPromises();
  CHECK(f.pauses.Take(Echo{"n1", echo + 1}).begins.empty());
  const Pauses::Held held = f.pauses.Take(Echo{"n1", echo});
  REQUIRE(held.begins.size() == 1);
  CHECK(held.begins[0].order == 5);
  CHECK(held.fences.size() == 1);
  CHECK_FALSE(f.pauses.Hold(Begin{}));
}

TEST_CASE("a second pause waits for its own echo, and keeps what is held back") {
  Fixture f;
  f.TurnAt(0);
  const uint64_t first = f.TurnAt(1000);
  f.pauses.Hold(Begin{});
  const uint64_t second = f.TurnAt(2000);
  CHECK(second != first);
  CHECK(f.pauses.Take(Echo{"n1", first}).begins.empty());
  CHECK(f.pauses.Take(Echo{"n1", second}).begins.size() == 1);
}

TEST_CASE("what is held back dies with its view") {
  Fixture f;
  f.TurnAt(0);
  const uint64_t echo = f.TurnAt(1000);
  f.pauses.Hold(Begin{});
  f.pauses.EndView();
  f.view.active = false;
  f.pauses.CheckPromises();
  CHECK(f.pauses.Take(Echo{"n1", echo}).begins.empty());
  CHECK(f.TurnAt(9000) == 0);
  CHECK(f.pauses.NextDeadline({9000, 0, 0}) == INT64_MAX);
}

TEST_CASE("alone there are no others to be replaced by") {
  Fixture f;
  f.membership.BeAlone("n1", true);
  f.TurnAt(0);
  CHECK(f.TurnAt(60000) == 0);
}
