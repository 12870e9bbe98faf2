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

// The state after each node in turn is lost, and then a day later.
std::vector<solver::State> StatesAfter(const solver::State& state) {
  std::vector<solver::State> states{state};
  for (size_t i = 0; i < state.nodes.size(); ++i) {
    auto lost = std::make_shared<solver::NodeState>(*state.nodes[i]);
    for (auto& [name, value] : lost->attributes) {
      if (name == "in_ccm") value = "false";
      if (name == "crmd") value = "offline";
    }
    states.push_back(state);
    states.back().nodes[i] = std::move(lost);
  }
  states.push_back(state);
  states.back().now.epoch_s += 24 * 60 * 60;
  return states;
}

TEST_CASE("a Run that keeps what is the same in every solve of a cluster gives the same as a new one") {
  solver::WithLargeStack([] {
    solver::Run keeping;
    size_t kept = 0;
    for (uint32_t seed = 0; seed < 150; ++seed) {
      CAPTURE(seed);
      const Read read = ReadCib(RandomCib(seed));
      solver::KeepFor(keeping, read.cluster, *read.cluster);
      for (const solver::State& state : StatesAfter(read.state)) {
        solver::Run fresh;
        CHECK(SolvedText(*read.cluster, state, keeping) == SolvedText(*read.cluster, state, fresh));
      }
      kept += keeping.kept.digests.size();
    }
    CHECK(kept > 100);
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
