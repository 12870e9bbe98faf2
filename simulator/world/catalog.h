// The catalog: what the configuration's names stand for, as the world and the verdicts ask it.
//
// Made once from a Cluster; knows resources by id, their primitives, and which fence devices reach which
// node. It decides nothing about placement.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/world/canonical.h"
#include "solver/model/cluster.h"

namespace picket::simulator {

struct CatalogEntry {
  const solver::ResourceDef* def = nullptr;
  std::vector<std::string> primitives;  // configured ids of the primitives at or below, document order
  bool promotable = false;              // it, or a clone around it, is promotable
  bool cloned = false;                  // it is a clone, or is inside one
};

struct FenceDevice {
  std::string id;
  int64_t timeout_ms = 60000;              // how long one attempt may take
  bool dynamic = true;                     // no host list: it may reach any node
  std::map<std::string, int64_t> reaches;  // node -> delay_ms, when not dynamic
  int64_t delay_ms = 0;
};

class Catalog {
 public:
  explicit Catalog(const solver::Cluster& cluster);

  const CatalogEntry* Find(std::string_view id) const;  // resource or tag; nullptr if unknown
  // The levels to try for a node, in order; a level's devices must all succeed.
  std::vector<std::vector<const FenceDevice*>> LevelsFor(std::string_view node) const;
  const FenceDevice* Device(std::string_view id) const;
  bool ReachesNode(const FenceDevice& device, std::string_view node) const;
  int64_t DelayFor(const FenceDevice& device, std::string_view node) const;
  const solver::Cluster& cluster() const { return *cluster_; }
  const CanonicalForm& canonical() const { return canonical_; }

 private:
  void AddResource(const solver::ResourceDef& def, bool promotable, bool cloned);
  void AddDevice(const solver::ResourceDef& def);

  const solver::Cluster* cluster_;
  CanonicalForm canonical_;
  std::map<std::string, CatalogEntry, std::less<>> entries_;
  std::vector<FenceDevice> devices_;
};

// First value of a name in blocks without rules, or nullptr: for what agents are told independent of time and
// node.
const std::string* PlainValue(const solver::NvBlocks& blocks, std::string_view name);

}  // namespace picket::simulator
