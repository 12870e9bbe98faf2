#include "compiler/topology/topology.h"

#include <algorithm>
#include <charconv>

namespace picket::compiler {

Detection Topology::DetectionParts() const {
  Detection detection;
  detection.token_ms = token_ms.value_or(detection.token_ms);
  for (const auto& [name, value] : totem) {
    if (name == "token_coefficient")
      std::from_chars(value.data(), value.data() + value.size(), detection.coefficient_ms);
  }
  detection.nodes_beyond = std::max<std::int64_t>(0, static_cast<std::int64_t>(nodes.size()) - 2);
  detection.consensus_ms = consensus_ms.value_or(detection.EffectiveTokenMs() * 12 / 10);
  return detection;
}

}  // namespace picket::compiler
