// A group of one lives through seeds of trouble. PICKET_SEED=N plays one of them and tells it; PICKET_SEEDS=N says
// how many are played.
#include <doctest/doctest.h>

#include "solver/schedule.h"
#include "tests/daemon/play.h"

namespace picket::daemon_test {
namespace {

TEST_CASE("a group of one, a seed for each history") {
  PlaySeeds(300, [](uint64_t) { return Game{}; });
}

TEST_CASE("a new daemon and a clock that is set restart nothing") {
  Game game;
  game.odds = Odds::None();
  game.odds.daemon = game.odds.clock = true;
  solver::WithLargeStack([&] {
    for (uint64_t seed = 1; seed <= 50; ++seed) {
      const auto complaints = Play(seed, game);
      CHECK_MESSAGE(complaints.empty(), "seed " << seed << ": " << (complaints.empty() ? "" : complaints.front()));
    }
  });
}

Game With(Planted planted) {
  Game game;
  game.planted = planted;
  return game;
}

TEST_CASE("each checker finds the fault that is planted for it") {
  CHECK(Finds("one at a time", With(Planted::kSpawnsTwice)));
  Game only_daemon = With(Planted::kForgetsSession);
  only_daemon.odds = Odds::None();
  only_daemon.odds.daemon = true;
  CHECK(Finds("nothing unexplained", only_daemon));
  CHECK(Finds("settles right", With(Planted::kNeverWakes)));
  CHECK(Finds("nothing lost", With(Planted::kForgetsStore)));
  Game short_one = With(Planted::kSpins);
  short_one.faulty_ms = short_one.calm_ms = 5000;
  CHECK(Finds("bounded", short_one));
}

TEST_CASE("one seed, one history") {
  for (const uint64_t seed : {3, 14}) CHECK(Remains(seed, Game{}) == Remains(seed, Game{}));
}

}  // namespace
}  // namespace picket::daemon_test
