// Clusters of three to five nodes live through seeds of trouble. PICKET_SEED=N plays one of them and tells it;
// PICKET_SEEDS=N says how many are played.
#include <doctest/doctest.h>

#include "tests/daemon/play.h"

namespace picket::daemon_test {
namespace {

TEST_CASE("a cluster, a seed for each history") {
  PlaySeeds(1000, ClusterOf);
}

TEST_CASE("two nodes, either of which is quorate alone") {
  PlaySeeds(100, [](uint64_t) {
    Game game = Cluster(2);
    game.shape.two_node = true;
    return game;
  });
}

TEST_CASE("picketds of two versions, upgraded and taken back again and again") {
  PlaySeeds(100, [](uint64_t seed) {
    Game game = ClusterOf(seed);
    game.shape.mixed = true;
    return game;
  });
}

TEST_CASE("fence devices that lie: what they excuse, and nothing else, goes wrong") {
  PlaySeeds(50, [](uint64_t) {
    Game game = Cluster(3);
    game.odds.lies = true;
    return game;
  });
}

TEST_CASE("daemons that hang and go on, and machines that die meanwhile") {
  Game game = Cluster(3);
  game.odds = Odds::None();
  game.odds.hangs = game.odds.power = true;
  PlaySeeds(100, [&](uint64_t) { return game; });
}

TEST_CASE("a new daemon and clocks that are set restart nothing") {
  Game game = Cluster(3);
  game.odds = Odds::None();
  game.odds.daemon = game.odds.clock = true;
  PlaySeeds(30, [&](uint64_t) { return game; });
}

}  // namespace
}  // namespace picket::daemon_test
