// Two nodes with a fence device each, as text and as values, for the tests of the world and of scenarios.
#pragma once

#include <memory>
#include <pugixml.hpp>
#include <string_view>

#include "simulator/world/catalog.h"
#include "simulator/world/settings.h"
#include "solver/model/cluster.h"
#include "solver/model/state.h"

namespace picket::simulator::testing {

// The cluster lives as long as this does.
struct TwoNodes {
  explicit TwoNodes(std::string_view resources, std::string_view constraints = {});
  // Two votes, two_node, links `lan` and `back`.
  static WorldSettings Settings();

  pugi::xml_document document;
  solver::Cluster cluster;
  solver::State state;
  std::shared_ptr<const Catalog> catalog;
};

// A primitive `r` with a monitor every 10 s.
extern const std::string_view kService;
// A promotable clone `ms` of the primitive `s`, monitored in both roles.
extern const std::string_view kPromotable;

}  // namespace picket::simulator::testing
