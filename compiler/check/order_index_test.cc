#include "compiler/check/order_index.h"

#include <doctest/doctest.h>

#include <random>
#include <set>

namespace picket::compiler {
namespace {

std::string Name(std::size_t i) {
  return "r" + std::to_string(i);
}

TEST_CASE("chains of any length count, in their direction") {
  OrderIndex index;
  index.Add("a", "b");
  index.Add("b", "c");
  CHECK(index.ComesBefore("a", "c"));
  CHECK(!index.ComesBefore("c", "a"));
  CHECK(!index.ComesBefore("a", "a"));
  CHECK(!index.ComesBefore("a", "nobody"));
  CHECK(!index.ComesBefore("nobody", "a"));
}

TEST_CASE("what is added after a question counts for the next") {
  OrderIndex index;
  index.Add("a", "b");
  index.Add("c", "d");
  CHECK(!index.ComesBefore("d", "a"));
  index.Add("d", "a");
  CHECK(index.ComesBefore("c", "b"));
  CHECK(!index.ComesBefore("b", "c"));
  index.Add("new", "c");
  CHECK(index.ComesBefore("new", "b"));
}

TEST_CASE("a circle is no reason to hang, and the rest is answered") {
  OrderIndex index;
  index.Add("a", "b");
  index.Add("b", "a");
  index.Add("c", "d");
  CHECK(index.ComesBefore("c", "d"));
  index.Add("d", "c");
  CHECK(index.ComesBefore("c", "d"));
  CHECK(!index.ComesBefore("a", "d"));
}

TEST_CASE("the answers are those of a plain search, whatever is added when") {
  std::mt19937 random(7);
  for (int round = 0; round < 40; ++round) {
    const std::size_t size = 4 + random() % 12;
    std::vector<std::vector<bool>> before(size, std::vector<bool>(size));
    OrderIndex index;
    for (int step = 0; step < 60; ++step) {
      const std::size_t a = random() % size, b = random() % size;
      if (a == b) continue;
      if (step % 3 == 0 && !before[b][a]) {
        index.Add(Name(a), Name(b));
        before[a][b] = true;
        for (std::size_t i = 0; i < size; ++i) {
          for (std::size_t j = 0; j < size; ++j) {
            if ((i == a || before[i][a]) && (j == b || before[b][j])) before[i][j] = true;
          }
        }
      }
      CHECK(index.ComesBefore(Name(a), Name(b)) == before[a][b]);
    }
  }
}

TEST_CASE("ten thousand questions about twenty thousand orders are answered at once") {
  OrderIndex index;
  std::mt19937 random(1);
  for (int i = 0; i < 20000; ++i) {
    const std::size_t a = random() % 2000, b = random() % 2000;
    if (a != b) index.Add(Name(std::min(a, b)), Name(std::max(a, b)));
  }
  int yes = 0;
  for (int i = 0; i < 10000; ++i) yes += index.ComesBefore(Name(random() % 2000), Name(random() % 2000)) ? 1 : 0;
  CHECK(yes > 2000);
}

}  // namespace
}  // namespace picket::compiler
