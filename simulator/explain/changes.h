// Inside the explain room: changes to a CIB that an operator could make, as they are tried.
#pragma once

#include <functional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/explain/reason.h"
#include "simulator/explain/situation.h"

namespace picket::simulator::explain {

struct Trial {
  Change change;
  int cost = 0;  // how much it asks of the operator; less is tried first
  std::function<void(pugi::xml_document&)> apply;
};

// Everything worth trying for `resource`, by cost, then in the order of the configuration.
std::vector<Trial> TrialsFor(const Situation& situation, std::string_view resource);

// The resource and all that its placement or start depends on, by configured id.
std::vector<std::string> DependsOn(const solver::Run& run, std::string_view resource);

}  // namespace picket::simulator::explain
