#include "execution/choices.h"

#include <doctest/doctest.h>

namespace picket::execution {
namespace {

TEST_CASE("every way is played once, whatever later choices depend on") {
  std::vector<std::string> ways;
  for (std::optional<Choices> way = Choices(); way; way = way->Next()) {
    std::string text;
    const size_t first = way->Choose(2, "first");
    text += std::to_string(first);
    CHECK(way->Choose(1, "nothing is open") == 0);
    if (first == 0) text += std::to_string(way->Choose(3, "second"));
    text += std::to_string(way->Choose(2, "last"));
    ways.push_back(text);
  }
  CHECK(ways == std::vector<std::string>{"000", "001", "010", "011", "020", "021", "10", "11"});
}

TEST_CASE("a run is repeated by what was chosen, and a choice too large is the last alternative") {
  Choices choices({1, 9});
  CHECK(choices.Choose(2, "a") == 1);
  CHECK(choices.Choose(3, "b") == 2);
  CHECK(choices.Choose(4, "c") == 0);
  CHECK(choices.Chosen() == std::vector<size_t>{1, 2, 0});
  CHECK(choices.made()[1].what == "b");
}

}  // namespace
}  // namespace picket::execution
