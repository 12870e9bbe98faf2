// How the tests play seeds: many, or the one that PICKET_SEED names, which is told as it goes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/daemon/checkers.h"

namespace picket::daemon_test {

struct Game {
  Shape shape;
  Odds odds;
  Planted planted = Planted::kNothing;
  int64_t faulty_ms = 60000;
  int64_t calm_ms = 100000;
  int64_t fault_every_ms = 15000;
};

// Several nodes with fencing; and the one, of three to five nodes, that belongs to a seed.
Game Cluster(int nodes);
Game ClusterOf(uint64_t seed);

// A history, and what no excuse explains of what the checkers saw.
std::vector<std::string> Play(uint64_t seed, const Game& game, bool trace = false);
// All of them: PICKET_SEEDS or `count` seeds, of which this shard takes its part, or the one of PICKET_SEED. The game
// may depend on the seed. Ends after five that fail.
void PlaySeeds(uint64_t count, const std::function<Game(uint64_t)>& game_of);
// Plays until the checker that is meant to find it does.
bool Finds(const std::string& checker, const Game& game, uint64_t seeds = 40);
// Everything that a history has left behind, to compare two of them.
std::string Remains(uint64_t seed, const Game& game);

}  // namespace picket::daemon_test
