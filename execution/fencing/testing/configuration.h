// Configurations for the tests of this room: three nodes, and what a test adds.
#pragma once

#include <string>
#include <vector>

#include "solver/model/cluster.h"
#include "solver/model/table.h"

namespace picket::execution::testing {

struct Configuration {
  std::string resources;
  std::string constraints;
  std::string topology;
  std::string options;   // nvpairs
  std::string defaults;  // nvpairs of rsc_defaults
  std::string n2 = "";   // more attributes of n2: nvpairs

  solver::Cluster Read() const;  // n1, n2 with rack=r2, n3
};

std::string Device(const std::string& id, const solver::Attributes& parameters, const solver::Attributes& meta = {},
                   const std::string& agent = "fence_apc");
std::string Pairs(const std::string& kind, const std::string& id, const solver::Attributes& pairs);
std::string Option(const std::string& name, const std::string& value);
std::string Ban(const std::string& device, const std::string& node, const std::string& score = "-INFINITY");
std::string Level(const std::string& target, int index, const std::string& devices, const std::string& by = "target");
std::string Joined(const std::vector<std::string>& parts, const char* separator = " ");

}  // namespace picket::execution::testing
