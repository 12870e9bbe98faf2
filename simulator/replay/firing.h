// In which order the steps of a transition fire when nothing takes time (spec 06 §13.1).
//
// The specification walks the synapses in passes until a pass fires nothing. That is the same as two heaps: a
// step whose last input is confirmed goes to this pass if it lies behind the step that is firing, else to the
// next one. So the cost is (steps + inputs) × log steps however many passes it takes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <unordered_map>
#include <vector>

#include "solver/graph/transition.h"

namespace picket::simulator {

class FiringOrder {
 public:
  explicit FiringOrder(const solver::Transition& transition);

  // The next synapse that may fire; each is given once.
  std::optional<size_t> Next();

  // The step is done: all that wait for it have one input less. With a filter only those for which it says
  // yes; for the others the input stays open for ever.
  void Confirm(size_t synapse) {
    Confirm(synapse, [](size_t) { return true; });
  }
  void Confirm(size_t synapse, const std::function<bool(size_t)>& reaches);

 private:
  using Heap = std::priority_queue<size_t, std::vector<size_t>, std::greater<>>;

  std::vector<uint32_t> open_inputs_;
  std::vector<std::vector<uint32_t>> waiting_;  // for each synapse, those that have it as an input
  Heap this_pass_;
  Heap next_pass_;
};

}  // namespace picket::simulator
