#include "simulator/replay/firing.h"

#include <utility>

namespace picket::simulator {

using namespace solver;  // NOLINT

FiringOrder::FiringOrder(const Transition& transition)
    : open_inputs_(transition.synapses.size(), 0), waiting_(transition.synapses.size()) {
  std::unordered_map<ActionId, uint32_t> synapse_of;
  synapse_of.reserve(transition.synapses.size());
  for (size_t i = 0; i < transition.synapses.size(); ++i) synapse_of.emplace(transition.synapses[i], i);
  for (size_t i = 0; i < transition.synapses.size(); ++i) {
    for (uint32_t k = transition.first_input[i]; k < transition.first_input[i + 1]; ++k) {
      ++open_inputs_[i];
      // An input that is not listed never fires, so its count stays open.
      const auto it = synapse_of.find(transition.inputs[k]);
      if (it != synapse_of.end()) waiting_[it->second].push_back(static_cast<uint32_t>(i));
    }
    if (open_inputs_[i] == 0) this_pass_.push(i);
  }
}

std::optional<size_t> FiringOrder::Next() {
  if (this_pass_.empty()) std::swap(this_pass_, next_pass_);
  if (this_pass_.empty()) return std::nullopt;
  const size_t synapse = this_pass_.top();
  this_pass_.pop();
  return synapse;
}

void FiringOrder::Confirm(size_t synapse, const std::function<bool(size_t)>& reaches) {
  for (const uint32_t waiting : waiting_[synapse]) {
    if (!reaches(waiting) || --open_inputs_[waiting] > 0) continue;
    (waiting > synapse ? this_pass_ : next_pass_).push(waiting);
  }
}

}  // namespace picket::simulator
