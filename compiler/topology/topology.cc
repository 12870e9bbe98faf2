#include "compiler/topology/topology.h"

#include <algorithm>
#include <charconv>

namespace picket::compiler {

std::int64_t Topology::DetectionMs() const {
  std::int64_t coefficient = 650;
  for (const auto& [name, value] : totem) {
    if (name == "token_coefficient") std::from_chars(value.data(), value.data() + value.size(), coefficient);
  }
  const auto others = static_cast<std::int64_t>(nodes.size()) - 2;
  const std::int64_t token = token_ms.value_or(3000) + std::max<std::int64_t>(0, others) * coefficient;
  return token + consensus_ms.value_or(token * 12 / 10);
}

}  // namespace picket::compiler
