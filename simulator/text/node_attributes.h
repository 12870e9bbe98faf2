// Node attributes as they are shown (spec 06 §10.10), for both output forms.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "solver/model/run.h"

namespace picket::simulator {

struct ShownAttribute {
  std::string name;
  std::string value;
  std::optional<int64_t> expected;  // of a ping attribute
  bool connectivity_lost = false;
  bool connectivity_degraded = false;
};
struct ShownNodeAttributes {
  solver::NodeId node;
  std::vector<ShownAttribute> attributes;
};
// Online nodes with at least one attribute, in node order; attributes by name.
std::vector<ShownNodeAttributes> NodeAttributes(solver::Run& run);

}  // namespace picket::simulator
