// Clusters of three to five nodes live through seeds of trouble. PICKET_SEED=N plays one of them and tells it;
// PICKET_SEEDS=N says how many are played.
#include <doctest/doctest.h>

#include "tests/daemon/play.h"

namespace picket::daemon_test {
namespace {

constexpr int64_t kFaultyMs = 60000;
constexpr int64_t kCalmMs = 120000;

Game Cluster(int nodes) {
  Game game;
  game.shape.nodes = nodes;
  game.shape.grouped = true;
  game.shape.fencing = true;
  game.faulty_ms = kFaultyMs;
  game.calm_ms = kCalmMs;
  return game;
}

Game GameOf(uint64_t seed) {
  Game game = Cluster(seed % 10 < 7 ? 3 : seed % 10 < 9 ? 4 : 5);
  game.shape.fence_devices = seed % 3 == 0 ? 2 : 1;
  return game;
}

TEST_CASE("a cluster, a seed for each history") { PlaySeeds(1000, GameOf); }

}  // namespace
}  // namespace picket::daemon_test
