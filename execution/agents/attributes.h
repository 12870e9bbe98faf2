// What well-known agents write into node attributes while all is well (spec 09 §12.2).
//
// A policy that says "never where not defined(pingd)" stands still in a world in which no ping agent writes
// `pingd`. Promotion scores are not here (promotion.h).
#pragma once

#include <optional>
#include <string>

#include "solver/model/cluster.h"

namespace picket::execution {

struct AgentAttribute {
  std::string name;
  std::string value;         // where it runs and all is well
  std::string value_after;   // after its stop; empty: the attribute is deleted
  int64_t dampening_ms = 0;  // a change is written so long after the last one
  bool by_monitor = true;    // each monitor writes it, not the start alone
};

// The attribute that this primitive's agent writes where it runs; nullopt: none that is known.
std::optional<AgentAttribute> AttributeWrittenBy(const solver::ResourceDef& primitive);

}  // namespace picket::execution
