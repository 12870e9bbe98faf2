// Schedule() is a function of its arguments: what a Run held before, and what happens on other threads, makes
// no difference (docs/solver, "Shapes that matter").
#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

#include "solver/schedule.h"
#include "tests/plain/random_cib.h"
#include "tests/plain/solve.h"

namespace picket::tests {
namespace {

TEST_CASE("a Run used before gives the same as a new one") {
  solver::WithLargeStack([] {
    solver::Run used;
    for (uint32_t seed = 0; seed < 150; ++seed) {
      CAPTURE(seed);
      const std::string cib = RandomCib(seed);
      const std::string expected = SolvedText(cib);
      CHECK(SolvedText(cib, used) == expected);  // after the seed before
      CHECK(SolvedText(cib, used) == expected);  // after itself
    }
  });
}

TEST_CASE("threads do not see each other") {
  constexpr uint32_t kSeeds = 60;
  std::vector<std::string> expected;
  for (uint32_t seed = 0; seed < kSeeds; ++seed) expected.push_back(SolvedText(RandomCib(seed)));
  std::vector<std::vector<std::string>> results(3);
  std::vector<std::thread> threads;
  for (auto& texts : results) {
    threads.emplace_back([&texts] {
      for (uint32_t seed = 0; seed < kSeeds; ++seed) texts.push_back(SolvedText(RandomCib(seed)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& texts : results) CHECK(texts == expected);
}

TEST_CASE("random clusters are worth solving") {
  size_t actions = 0;
  for (uint32_t seed = 0; seed < 100; ++seed) {
    const std::string text = SolvedText(RandomCib(seed));
    if (text.find("<synapse") != std::string::npos) ++actions;
  }
  CHECK(actions > 80);
}

}  // namespace
}  // namespace picket::tests
