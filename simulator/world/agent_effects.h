// What well-known agents leave behind beside running: node attributes that rules look at.
//
// A policy that says "never where not defined(pingd)" stands still in a world in which no ping agent writes
// `pingd`. So an agent of these kinds writes what it does when all is well: `ocf:pacemaker:ping` its multiplier
// for each host, `ocf:heartbeat:ethmonitor` its multiplier; both take the attribute away when they stop. A test
// says otherwise with `set pingd=0 on n1`. Promotion scores are not here: they belong to the role (execution.cc).
#pragma once

#include <optional>
#include <string>

#include "solver/model/cluster.h"

namespace picket::simulator {

struct AgentAttribute {
  std::string name;
  std::string value;
};

// The attribute that this primitive's agent writes where it runs, if it is known to write one.
std::optional<AgentAttribute> AttributeWrittenBy(const solver::ResourceDef& primitive);

}  // namespace picket::simulator
