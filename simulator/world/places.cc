#include "simulator/world/places.h"

#include <algorithm>

namespace picket::simulator {

std::map<std::string, Places> PlacesOf(const World& world) {
  std::map<std::string, Places> all;
  for (const auto& [name, node] : world.nodes()) {
    for (const auto& [instance, resource] : node.resources) {
      solver::Role& role = all[resource.primitive].emplace(name, resource.role).first->second;
      role = std::max(role, resource.role);
    }
  }
  return all;
}

}  // namespace picket::simulator
