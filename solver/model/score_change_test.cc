// Series of additions, beside the sums themselves.
#include "solver/model/score_change.h"

#include <doctest/doctest.h>

#include <iterator>
#include <utility>
#include <vector>

namespace picket::solver {

// What the sums say that are made one by one, for scores of every size.
TEST_CASE("a series of additions comes to what the additions come to") {
  constexpr int32_t kSizes[] = {0, 1, -1, 3, 70, -100, 400000, -400000, 999999, -999999, 1000000, -1000000};
  uint32_t random = 1;
  const auto next = [&random] { return random = random * 1664525 + 1013904223; };
  for (int round = 0; round < 20000; ++round) {
    std::vector<int32_t> added(next() >> 29);
    ScoreChange change;
    ScoreChange part;
    for (int32_t& score : added) {
      score = kSizes[(next() >> 16) % std::size(kSizes)];
      part.Then(Score(score));
      part.MustNotBeNegative();
      if (next() >> 31) change.Then(std::exchange(part, ScoreChange()));
    }
    change.Then(part);
    for (const int32_t start : {-1000000, -999999, -70, -1, 0, 1, 3, 100, 600000, 999998, 999999, 1000000}) {
      Score sum(start);
      bool holds = true;
      for (const int32_t score : added) {
        sum += Score(score);
        holds = holds && sum >= Score();
      }
      CHECK(change.After(Score(start)) == sum);
      CHECK(change.HoldsFor(Score(start)) == holds);
    }
  }
}

}  // namespace picket::solver
