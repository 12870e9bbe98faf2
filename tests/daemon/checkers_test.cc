// Each checker finds in a cluster what was planted for it; and one seed is one history.
#include <doctest/doctest.h>

#include "tests/daemon/play.h"

namespace picket::daemon_test {
namespace {

Game With(Planted planted) {
  Game game = Cluster(3);
  game.planted = planted;
  return game;
}

// Little happens but what is named, so that nothing hides what was planted.
Game OnlyWith(Planted planted, bool Odds::*what) {
  Game game = With(planted);
  game.odds = Odds::None();
  game.odds.*what = true;
  return game;
}

TEST_CASE("two processes for one run: one at a time") {
  CHECK(Finds("one at a time", With(Planted::kSpawnsTwice)));
}
TEST_CASE("people change things and nobody is told: nothing unexplained") {
  CHECK(Finds("nothing unexplained", OnlyWith(Planted::kUntold, &Odds::people)));
}
TEST_CASE("timers do not fire: settles right") {
  CHECK(Finds("settles right", With(Planted::kNeverWakes)));
}
TEST_CASE("disks that keep nothing: nothing lost") {
  CHECK(Finds("nothing lost", With(Planted::kForgetsStore)));
}
TEST_CASE("a fence device that says yes and does nothing: one home") {
  CHECK(Finds("one home", OnlyWith(Planted::kDeviceLies, &Odds::network)));
}
TEST_CASE("a fence device's failure that arrives as a success: proof first") {
  CHECK(Finds("proof first", OnlyWith(Planted::kForgesProof, &Odds::power)));
}
TEST_CASE("a fence device that shoots another node: no healthy fenced") {
  CHECK(Finds("no healthy fenced", OnlyWith(Planted::kWrongTarget, &Odds::power)));
}
TEST_CASE("messages in different orders: same number, same state") {
  CHECK(Finds("same number, same state", With(Planted::kSwapsMessages)));
}
TEST_CASE("timers that fire all the time: bounded") {
  Game game = With(Planted::kSpins);
  game.faulty_ms = game.calm_ms = 5000;
  CHECK(Finds("bounded", game, 2));
}

TEST_CASE("what is excused is excused by name, and nothing else") {
  Game game = OnlyWith(Planted::kDeviceLies, &Odds::network);
  game.odds.lies = true;
  CHECK_FALSE(Finds("one home", game, 10));
}

TEST_CASE("one seed, one history") {
  for (const uint64_t seed : {3, 14}) CHECK(Remains(seed, ClusterOf(seed)) == Remains(seed, ClusterOf(seed)));
  CHECK(Remains(3, ClusterOf(3)) != Remains(13, ClusterOf(3)));
}

}  // namespace
}  // namespace picket::daemon_test
