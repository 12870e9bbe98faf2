#include "tests/daemon/play.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "solver/schedule.h"

namespace picket::daemon_test {
namespace {

uint64_t Number(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

// Tells the test's runner that we know how to share work.
void Shard(uint64_t& shards, uint64_t& ours) {
  shards = Number("TEST_TOTAL_SHARDS", 1);
  ours = Number("TEST_SHARD_INDEX", 0);
  if (const char* file = std::getenv("TEST_SHARD_STATUS_FILE")) {
    if (std::FILE* touched = std::fopen(file, "w")) std::fclose(touched);
  }
}

std::string StateOf(const Fleet& fleet) {
  std::string text;
  for (const auto& node : fleet.nodes()) {
    if (node->core()) text += node->name() + "\n" + node->core()->replica().Text(node->Now(), true);
  }
  return text;
}

}  // namespace

Game Cluster(int nodes) {
  Game game;
  game.shape.nodes = nodes;
  game.shape.grouped = true;
  game.shape.fencing = true;
  // PICKET_FAULTY_S: longer histories, to hunt.
  game.faulty_ms = static_cast<int64_t>(Number("PICKET_FAULTY_S", 30)) * 1000;
  game.calm_ms = 90000;
  game.fault_every_ms = 6000;
  return game;
}

Game ClusterOf(uint64_t seed) {
  Game game = Cluster(seed % 10 < 7 ? 3 : seed % 10 < 9 ? 4 : 5);
  game.shape.fence_devices = seed % 3 == 0 ? 2 : 1;
  // Where everything goes wrong little runs that could. So in each some kinds of trouble stay away.
  std::mt19937_64 random(seed);
  for (bool Odds::*kind :
       {&Odds::agents, &Odds::services, &Odds::daemon, &Odds::clock, &Odds::disk, &Odds::people, &Odds::power,
        &Odds::pauses, &Odds::hangs, &Odds::network, &Odds::corosync, &Odds::devices}) {
    game.odds.*kind = random() % 3 != 0;
  }
  return game;
}

std::vector<std::string> Play(uint64_t seed, const Game& game, bool trace) {
  Fleet fleet(seed, game.shape, game.odds, game.planted);
  fleet.trace = trace;
  fleet.fault_every_ms = game.fault_every_ms;
  for (auto& checker : AllCheckers()) fleet.AddChecker(std::move(checker));
  fleet.Play(game.faulty_ms, game.calm_ms);
  if (trace) std::printf("%s", StateOf(fleet).c_str());
  return Unexcused(fleet);
}

void PlaySeeds(uint64_t count, const std::function<Game(uint64_t)>& game_of) {
  const uint64_t only = Number("PICKET_SEED", 0);
  uint64_t shards = 1, ours = 0;
  Shard(shards, ours);
  if (only) shards = 1;
  const uint64_t first = only ? only : Number("PICKET_FIRST", 1);
  const uint64_t last = only ? only : first - 1 + Number("PICKET_SEEDS", count);
  const auto began = std::chrono::steady_clock::now();
  const uint64_t before = Node::steps;
  uint64_t played = 0;
  solver::WithLargeStack([&] {
    int failed = 0;
    for (uint64_t seed = first; seed <= last && failed < 5; ++seed) {
      if (!only && seed % shards != ours % shards) continue;
      ++played;
      const std::vector<std::string> complaints = Play(seed, game_of(seed), only != 0);
      if (complaints.empty()) continue;
      ++failed;
      std::string all;
      for (size_t i = 0; i < complaints.size() && i < 5; ++i) all += "\n  " + complaints[i];
      FAIL_CHECK("seed " << seed << " (PICKET_SEED=" << seed << " tells the history):" << all);
    }
    CHECK(failed == 0);
  });
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  const uint64_t steps = Node::steps - before;
  std::printf("%llu seeds, %llu events, %.0f events a second\n", static_cast<unsigned long long>(played),
              static_cast<unsigned long long>(steps), static_cast<double>(steps) / std::max(seconds, 0.001));
}

bool Finds(const std::string& checker, const Game& game, uint64_t seeds) {
  bool found = false;
  solver::WithLargeStack([&] {
    for (uint64_t seed = 1; seed <= seeds && !found; ++seed) {
      for (const std::string& complaint : Play(seed, game)) found = found || complaint.starts_with(checker + ":");
    }
  });
  return found;
}

std::string Remains(uint64_t seed, const Game& game) {
  std::string text;
  solver::WithLargeStack([&] {
    Fleet fleet(seed, game.shape, game.odds, game.planted);
    fleet.fault_every_ms = game.fault_every_ms;
    fleet.Play(game.faulty_ms, game.calm_ms);
    text = StateOf(fleet);
  });
  return text;
}

}  // namespace picket::daemon_test
