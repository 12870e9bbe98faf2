// Inside the graph room: what the graph file says about actions, with what many actions share worked out
// once.
//
// A resource whose parameters depend on no rule has the same ones on every node; the others are evaluated for
// each node (spec 06 §5.1). Cost of one description: its attributes, sorted.
#pragma once

#include <string>
#include <unordered_map>

#include "solver/graph/transition.h"

namespace picket::solver {

class Describer {
 public:
  explicit Describer(Run& run) : run_(run) {}
  ActionDescription Full(ActionId action);
  ActionDescription Short(ActionId action);

 private:
  void AddParameters(const Action& action, Attributes& values);
  const Table& ParametersOf(ResourceId resource, NodeId node);

  Run& run_;
  std::unordered_map<ResourceId, bool> has_rules_;
  std::unordered_map<uint64_t, Table> parameters_;
};

}  // namespace picket::solver
