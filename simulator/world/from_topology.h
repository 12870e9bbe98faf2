// A policy's topology as the world's settings: links, votes, how long a loss goes unnoticed, the engine; with what the
// policy assumes.
#pragma once

#include "compiler/topology/topology.h"
#include "simulator/world/settings.h"

namespace picket::simulator {

WorldSettings SettingsFrom(const compiler::Topology& topology,
                           const std::vector<compiler::scenario::Assumption>& assumptions = {});

}  // namespace picket::simulator
