#include "simulator/replay/firing.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace picket::simulator {
namespace {

using solver::ActionId;
using solver::Transition;

// Synapse i is the action i; `inputs[i]` are the actions it waits for.
Transition Graph(const std::vector<std::vector<size_t>>& inputs) {
  Transition transition;
  transition.first_input.push_back(0);
  for (size_t i = 0; i < inputs.size(); ++i) {
    transition.synapses.push_back(ActionId(i));
    for (const size_t input : inputs[i]) transition.inputs.push_back(ActionId(input));
    transition.first_input.push_back(static_cast<uint32_t>(transition.inputs.size()));
  }
  return transition;
}

std::string Order(const std::vector<std::vector<size_t>>& inputs) {
  const Transition transition = Graph(inputs);
  FiringOrder order(transition);
  std::string text;
  while (const auto next = order.Next()) {
    text += (text.empty() ? "" : " ") + std::to_string(*next);
    order.Confirm(*next);
  }
  return text;
}

// The specification's own words: pass after pass, in order of ids, until a pass fires nothing.
std::string OrderByPasses(const std::vector<std::vector<size_t>>& inputs) {
  std::vector<bool> fired(inputs.size(), false);
  std::string text;
  for (bool any = true; any;) {
    any = false;
    for (size_t i = 0; i < inputs.size(); ++i) {
      bool ready = !fired[i];
      for (const size_t input : inputs[i]) ready = ready && input < inputs.size() && fired[input];
      if (!ready) continue;
      fired[i] = any = true;
      text += (text.empty() ? "" : " ") + std::to_string(i);
    }
  }
  return text;
}

TEST_CASE("a step behind the one that fires goes in the same pass, one before it in the next") {
  CHECK(Order({}) == "");
  CHECK(Order({{}, {}, {}}) == "0 1 2");
  CHECK(Order({{}, {0}, {1}}) == "0 1 2");
  CHECK(Order({{1}, {2}, {}}) == "2 1 0");
  CHECK(Order({{2}, {}, {1}, {0}}) == "1 2 0 3");
  CHECK(Order({{3}, {3}, {}, {}}) == "2 3 0 1");
}

TEST_CASE("a step whose input never fires, or is not there, never fires") {
  CHECK(Order({{1}, {0}, {}}) == "2");
  CHECK(Order({{7}, {}}) == "1");
}

TEST_CASE("two heaps give the order of the passes, for every graph of four steps without loops to itself") {
  // Each step may wait for any set of the three others.
  const auto others = [](size_t step, unsigned mask) {
    std::vector<size_t> inputs;
    for (size_t other = 0, bit = 0; other < 4; ++other) {
      if (other == step) continue;
      if (mask >> bit++ & 1u) inputs.push_back(other);
    }
    return inputs;
  };
  int differing = 0;
  for (unsigned code = 0; code < 8 * 8 * 8 * 8; ++code) {
    const std::vector<std::vector<size_t>> graph = {others(0, code & 7), others(1, code >> 3 & 7),
                                                    others(2, code >> 6 & 7), others(3, code >> 9 & 7)};
    differing += Order(graph) != OrderByPasses(graph);
  }
  CHECK(differing == 0);
}

TEST_CASE("a failed step is confirmed only where the filter says so") {
  const Transition transition = Graph({{}, {0}, {0}});
  FiringOrder order(transition);
  REQUIRE(order.Next() == 0u);
  order.Confirm(0, [](size_t waiting) { return waiting == 2; });
  CHECK(order.Next() == 2u);
  CHECK_FALSE(order.Next().has_value());
}

}  // namespace
}  // namespace picket::simulator
