// Pairs that people set by hand in a configuration stand in blocks of their own, before all others.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/world/catalog.h"
#include "solver/model/cluster.h"

namespace picket::simulator {

// The id of the block of that owner; ids of its pairs begin with it.
std::string ByHandId(const std::string& owner);
// Whether the id is that of such a block or pair.
bool IsByHand(std::string_view id);

// Sets a value before every other of that name; without one, takes away every value of that name.
void SetByHand(solver::NvBlocks& blocks, const std::string& owner, const std::string& name,
               const std::optional<std::string>& value);

// The catalog of a changed cluster, with the cluster. `before`: the catalog that running fencers know; null if they
// read all anew.
std::shared_ptr<const Catalog> Edited(const solver::Cluster& cluster, const std::function<void(solver::Cluster&)>& edit,
                                      const Catalog* before = nullptr);

// At any depth; nullptr if there is none.
solver::ResourceDef* FindDef(std::vector<solver::ResourceDef>& resources, std::string_view id);

}  // namespace picket::simulator
