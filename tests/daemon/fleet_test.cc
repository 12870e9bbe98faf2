// Clusters of three to five nodes live through seeds of trouble. PICKET_SEED=N plays one of them and tells it;
// PICKET_SEEDS=N says how many are played.
#include <doctest/doctest.h>

#include "tests/daemon/play.h"

namespace picket::daemon_test {
namespace {

constexpr int64_t kFaultyMs = 30000;
constexpr int64_t kCalmMs = 90000;
constexpr int64_t kFaultEveryMs = 6000;

Game Cluster(int nodes) {
  Game game;
  game.shape.nodes = nodes;
  game.shape.grouped = true;
  game.shape.fencing = true;
  game.faulty_ms = kFaultyMs;
  game.calm_ms = kCalmMs;
  game.fault_every_ms = kFaultEveryMs;
  return game;
}

Game GameOf(uint64_t seed) {
  Game game = Cluster(seed % 10 < 7 ? 3 : seed % 10 < 9 ? 4 : 5);
  game.shape.fence_devices = seed % 3 == 0 ? 2 : 1;
  return game;
}

TEST_CASE("a cluster, a seed for each history") { PlaySeeds(1000, GameOf); }

TEST_CASE("two nodes, either of which is quorate alone") {
  PlaySeeds(100, [](uint64_t) {
    Game game = Cluster(2);
    game.shape.two_node = true;
    return game;
  });
}

TEST_CASE("a new daemon and clocks that are set restart nothing") {
  Game game = Cluster(3);
  game.odds = Odds::None();
  game.odds.daemon = game.odds.clock = true;
  PlaySeeds(30, [&](uint64_t) { return game; });
}

// --- the checkers --------------------------------------------------------------------------------------------------

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
TEST_CASE("timers do not fire: settles right") { CHECK(Finds("settles right", With(Planted::kNeverWakes))); }
TEST_CASE("disks that keep nothing: nothing lost") { CHECK(Finds("nothing lost", With(Planted::kForgetsStore))); }
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
  for (const uint64_t seed : {3, 14}) CHECK(Remains(seed, GameOf(seed)) == Remains(seed, GameOf(seed)));
  CHECK(Remains(3, GameOf(3)) != Remains(13, GameOf(3)));
}

}  // namespace
}  // namespace picket::daemon_test
