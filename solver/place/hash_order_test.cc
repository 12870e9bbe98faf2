// The replay of a hash table, on tables small enough to work out by hand (spec 03 §1.6).
#include "solver/place/hash_order.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace picket::solver::place {
namespace {

std::string Walk(const std::vector<std::string_view>& keys) {
  std::string text;
  for (const size_t i : HashOrder(keys)) {
    if (!text.empty()) text += ' ';
    text += keys[i];
  }
  return text;
}

}  // namespace

TEST_CASE("an empty table, one key, and slots by hash") {
  CHECK(Walk({}) == "");
  CHECK(Walk({"cpu"}) == "cpu");
  // 31*h + byte: "1" is 49, 11*49 mod 7 = 0; "2" is 50, 11*50 mod 7 = 4; "3" is 51, 11*51 mod 7 = 1.
  CHECK(Walk({"1", "2", "3"}) == "1 3 2");
  CHECK(Walk({"3", "2", "1"}) == "1 3 2");
}

TEST_CASE("keys that collide take later slots in the order in which they came") {
  // "8" is 56, 11*56 mod 7 = 0 as for "1".
  CHECK(Walk({"1", "8"}) == "1 8");
  CHECK(Walk({"8", "1"}) == "8 1");
}

TEST_CASE("a table that grows keeps every key once") {
  std::vector<std::string> names;
  for (int i = 0; i < 200; ++i) names.push_back("node" + std::to_string(i * 7));
  const std::vector<std::string_view> keys(names.begin(), names.end());
  std::vector<bool> seen(keys.size(), false);
  for (const size_t i : HashOrder(keys)) {
    CHECK_FALSE(seen[i]);
    seen[i] = true;
  }
  CHECK(std::count(seen.begin(), seen.end(), true) == 200);
}

}  // namespace picket::solver::place
