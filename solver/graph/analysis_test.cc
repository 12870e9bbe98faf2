#include "solver/graph/analysis.h"

#include <doctest/doctest.h>

#include <string>

namespace picket::solver {
namespace {

// `inputs[i]` are the synapses that synapse i waits for; action ids are synapse ids times ten.
Transition Make(const std::vector<std::vector<size_t>>& inputs) {
  Transition transition;
  transition.first_input.push_back(0);
  for (size_t i = 0; i < inputs.size(); ++i) {
    transition.synapses.push_back(ActionId(i * 10));
    for (const size_t input : inputs[i]) transition.inputs.push_back(ActionId(input * 10));
    transition.first_input.push_back(static_cast<uint32_t>(transition.inputs.size()));
  }
  return transition;
}

std::string Text(const std::vector<ActionId>& actions) {
  std::string text;
  for (const ActionId id : actions) text += std::to_string(id.value / 10);
  return text;
}

std::string Loops(const std::vector<std::vector<size_t>>& inputs) {
  std::string text;
  for (const auto& loop : FindLoops(Make(inputs))) text += (text.empty() ? "" : " ") + Text(loop);
  return text;
}

TEST_CASE("loops are named in order of listing") {
  CHECK(Loops({}) == "");
  CHECK(Loops({{}, {0}, {0, 1}}) == "");
  CHECK(Loops({{1}, {0}}) == "01");
  CHECK(Loops({{0}}) == "0");
  CHECK(Loops({{}, {3, 0}, {1}, {2}, {5}, {4}}) == "123 45");
  CHECK(Loops({{7}, {}}) == "");  // An input that is not listed is nobody's loop.
}

std::string Path(const std::vector<std::vector<size_t>>& inputs, const std::vector<int64_t>& duration_ms) {
  const auto path = FindCriticalPath(Make(inputs), duration_ms);
  return path ? Text(path->actions) + " " + std::to_string(path->length_ms) : "loop";
}

TEST_CASE("the critical path is the longest chain by duration") {
  CHECK(Path({}, {}) == " 0");
  CHECK(Path({{}}, {5}) == "0 5");
  CHECK(Path({{}, {0}, {0}, {1, 2}}, {1, 2, 3, 4}) == "023 8");
  CHECK(Path({{}, {}, {0}}, {1, 9, 3}) == "1 9");
  CHECK(Path({{1}, {0}}, {1, 1}) == "loop");
}

}  // namespace
}  // namespace picket::solver
