// Where each primitive of a world really is.
#pragma once

#include <map>
#include <string>

#include "simulator/world/world.h"
#include "solver/model/role.h"

namespace picket::simulator {

using Places = std::map<std::string, solver::Role>;  // by node; of several instances on a node the highest role

// The places of each primitive, by its configured id. Primitives that are nowhere are left out.
std::map<std::string, Places> PlacesOf(const World& world);

}  // namespace picket::simulator
