// A policy's topology as the world's settings: links, votes, and how long a loss goes unnoticed.
#pragma once

#include "compiler/topology/topology.h"
#include "simulator/world/settings.h"

namespace picket::simulator {

WorldSettings SettingsFrom(const compiler::Topology& topology);

}  // namespace picket::simulator
