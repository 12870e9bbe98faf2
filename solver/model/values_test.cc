// Tables on the small values: scores, names, sorting, symbols.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "solver/model/merge_sort.h"
#include "solver/model/score.h"
#include "solver/model/symbol.h"
#include "solver/model/text.h"

namespace picket::solver {

TEST_CASE("scores saturate, and minus infinity wins") {
  const Score inf = Score::Infinity();
  const Score minus = Score::MinusInfinity();
  CHECK(inf + minus == minus);
  CHECK(minus + inf == minus);
  CHECK(inf + Score(-5) == inf);
  CHECK(Score(600000) + Score(600000) == inf);
  CHECK((Score(600000) + Score(600000)) + Score(-900000) == inf);
  CHECK(Score(600000) + (Score(-900000) + Score(600000)) == Score(300000));
  CHECK(Score(5000000) == inf);
  CHECK(inf.ToString() == "INFINITY");
  CHECK(minus.ToString() == "-INFINITY");
  CHECK(Score(-7).ToString() == "-7");
}

TEST_CASE("attenuation rounds half away from zero and never loses a score") {
  CHECK(Attenuate(0.0005f, Score(100)) == Score(1));  // 0.05 would vanish
  CHECK(Attenuate(-0.0005f, Score(10)) == Score(-1));
  CHECK(Attenuate(0.0005f, Score(-10)) == Score(1));  // the sign of the factor decides
  CHECK(Attenuate(0.5f, Score(100)) == Score(50));
  CHECK(Attenuate(0.5f, Score(3)) == Score(2));
  CHECK(Attenuate(1.0f, Score::MinusInfinity()) == Score::MinusInfinity());
  CHECK(Attenuate(0.5f, Score(0)) == Score(0));
}

TEST_CASE("node names sort by folded text and by number") {
  const std::vector<std::string> sorted = {"a", "N1", "n9", "n09", "n10", "n10a", "o"};
  for (size_t i = 0; i + 1 < sorted.size(); ++i) {
    CAPTURE(sorted[i]);
    CHECK(CompareNodeNames(sorted[i], sorted[i + 1]) < 0);
    CHECK(CompareNodeNames(sorted[i + 1], sorted[i]) > 0);
  }
  CHECK(CompareNodeNames("N1", "n1") == 0);
}

TEST_CASE("base names lose a number only") {
  CHECK(BaseName("x:12") == "x");
  CHECK(BaseName("x:") == "x:");
  CHECK(BaseName("x") == "x");
  CHECK(BaseName("x:1a") == "x:1a");
  CHECK(BaseName("12") == "12");
}

TEST_CASE("merge sort is stable and takes from the left on equal") {
  std::vector<std::pair<int, int>> list = {{2, 0}, {1, 1}, {2, 2}, {1, 3}, {0, 4}};
  MergeSort(list, [](const auto& a, const auto& b) { return a.first - b.first; });
  CHECK(list == std::vector<std::pair<int, int>>{{0, 4}, {1, 1}, {1, 3}, {2, 0}, {2, 2}});
  std::vector<std::pair<int, int>> inserted;
  const auto compare = [](const auto& a, const auto& b) { return a.first - b.first; };
  for (const auto& value : {std::pair{1, 0}, {2, 1}, {1, 2}}) SortedInsert(inserted, value, compare);
  CHECK(inserted == std::vector<std::pair<int, int>>{{1, 2}, {1, 0}, {2, 1}});
}

TEST_CASE("symbols fold case and keep the first spelling") {
  SymbolTable symbols;
  CHECK(symbols.Intern("START") == Symbol::kStart);
  CHECK(symbols.Text(Symbol::kConfirmedPostNotifyStonith) == "confirmed-post_notify_stonith");
  const Symbol set = symbols.Intern("one-or-more:Set");
  CHECK(symbols.Intern("ONE-OR-MORE:set") == set);
  CHECK(symbols.Text(set) == "one-or-more:Set");
  CHECK(symbols.Find("nothing") == Symbol::kNone);
}

}  // namespace picket::solver
