// A group of one lives through seeds of trouble. PICKET_SEED=N plays one of them and tells it; PICKET_SEEDS=N says
// how many are played.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "solver/schedule.h"
#include "tests/daemon/checkers.h"

namespace picket::daemon_test {
namespace {

constexpr int64_t kFaultyMs = 60000;
constexpr int64_t kCalmMs = 100000;

uint64_t Number(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::vector<std::string> Play(uint64_t seed, Odds odds, Planted planted, bool trace) {
  Machine machine(seed, odds, planted);
  machine.trace = trace;
  for (auto& checker : AllCheckers()) machine.AddChecker(std::move(checker));
  machine.Play(kFaultyMs, kCalmMs);
  if (trace && machine.core()) std::printf("%s", machine.core()->replica().Text(machine.Now(), true).c_str());
  return machine.Complaints();
}

TEST_CASE("a group of one, a seed for each history") {
  const uint64_t only = Number("PICKET_SEED", 0);
  const uint64_t first = only ? only : 1;
  const uint64_t last = only ? only : Number("PICKET_SEEDS", 1000);
  solver::WithLargeStack([&] {
    int failed = 0;
    for (uint64_t seed = first; seed <= last && failed < 5; ++seed) {
      const auto complaints = Play(seed, {}, Planted::kNothing, only != 0);
      if (complaints.empty()) continue;
      ++failed;
      FAIL_CHECK("seed " << seed << ": " << complaints.front() << " (PICKET_SEED=" << seed << " tells the history)");
    }
  });
}

TEST_CASE("a new daemon and a clock that is set restart nothing") {
  Odds odds;
  odds.agents = odds.services = odds.disk = odds.people = false;
  solver::WithLargeStack([&] {
    for (uint64_t seed = 1; seed <= 50; ++seed) {
      const auto complaints = Play(seed, odds, Planted::kNothing, false);
      CHECK_MESSAGE(complaints.empty(), "seed " << seed << ": " << (complaints.empty() ? "" : complaints.front()));
    }
  });
}

// Plays until the checker that is meant to find it does.
bool Finds(const std::string& checker, Odds odds, Planted planted) {
  bool found = false;
  solver::WithLargeStack([&] {
    for (uint64_t seed = 1; seed <= 40 && !found; ++seed) {
      for (const std::string& complaint : Play(seed, odds, planted, false)) {
        found = found || complaint.starts_with(checker);
      }
    }
  });
  return found;
}

TEST_CASE("each checker finds the fault that is planted for it") {
  CHECK(Finds("one at a time", {}, Planted::kSpawnsTwice));
  Odds only_daemon;
  only_daemon.agents = only_daemon.services = only_daemon.disk = only_daemon.people = only_daemon.clock = false;
  CHECK(Finds("nothing unexplained", only_daemon, Planted::kForgetsSession));
  CHECK(Finds("settles right", {}, Planted::kNeverWakes));
  CHECK(Finds("nothing lost", {}, Planted::kForgetsStore));
}

TEST_CASE("one seed, one history") {
  solver::WithLargeStack([&] {
    for (const uint64_t seed : {3, 14}) {
      std::string texts[2];
      for (std::string& text : texts) {
        Machine machine(seed, {}, Planted::kNothing);
        machine.Play(kFaultyMs, 1000);
        text = machine.core() ? machine.core()->replica().Text(machine.Now(), true) : "";
      }
      CHECK(texts[0] == texts[1]);
    }
  });
}

}  // namespace
}  // namespace picket::daemon_test
