// The catalog: what the configuration's names stand for, as the world and the verdicts ask it.
//
// Made once from a Cluster; knows resources by id, their primitives, the fence devices (execution/fencing),
// and what the author assumes of them. It decides nothing about placement.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/scenario/scenario.h"
#include "execution/fencing/fencing.h"
#include "simulator/world/canonical.h"
#include "solver/model/cluster.h"

namespace picket::simulator {

struct CatalogEntry {
  const solver::ResourceDef* def = nullptr;
  std::vector<std::string> primitives;  // configured ids of the primitives at or below, document order
  bool promotable = false;              // it, or a clone around it, is promotable
  bool cloned = false;                  // it is a clone, or is inside one
  bool bundled = false;                 // it is a bundle, or is inside one
  int64_t copies = 0;                   // how many the clone or bundle around it has at most; 0: one for each node
};

class Catalog {
 public:
  explicit Catalog(const solver::Cluster& cluster);
  // After an edit of what `before` stands for: fencers that run keep what the edit does not take away from them.
  Catalog(const solver::Cluster& cluster, const Catalog& before);

  const CatalogEntry* Find(std::string_view id) const;  // resource or tag; nullptr if unknown
  const execution::Fencing& fencing() const { return fencing_; }
  bool IsFenceDevice(std::string_view id) const { return fencing_.Find(id) != nullptr; }

  // What the author says better than the models.
  using Assumptions = std::vector<compiler::scenario::Assumption>;
  // How long the operation takes there, in milliseconds; negative: not said.
  int64_t KnownDurationMs(const Assumptions& assumptions, std::string_view primitive, std::string_view operation,
                          std::string_view node) const;
  // The promotion score that the agent sets there in that role.
  std::optional<std::string> AssumedScore(const Assumptions& assumptions, std::string_view primitive,
                                          std::string_view node, bool promoted) const;
  // The node whose power the fence device needs; empty: not said.
  std::string PowerOf(const Assumptions& assumptions, std::string_view device) const;
  // Of promotable clones and bundles, document order.
  const std::vector<std::string>& promotable_primitives() const { return promotable_primitives_; }
  bool start_failure_is_fatal() const { return start_failure_is_fatal_; }
  // What the controller keeps to (spec 09 §6.2, §6.4). 0: no wait, no limit.
  int64_t transition_delay_ms() const { return transition_delay_ms_; }
  // How long a node waits for its shutdown to be carried out before it leaves as it is (spec 09 §13.5).
  int64_t shutdown_escalation_ms() const { return shutdown_escalation_ms_; }
  // How often a cluster at rest thinks again; 0: never (spec 09 §6.8).
  int64_t recheck_interval_ms() const { return recheck_interval_ms_; }
  size_t batch_limit() const { return batch_limit_; }
  size_t node_action_limit() const { return node_action_limit_; }
  // Live migrations from or to a node at a time; negative: no limit.
  int64_t migration_limit() const { return migration_limit_; }
  const solver::Cluster& cluster() const { return *cluster_; }
  const CanonicalForm& canonical() const { return canonical_; }

 private:
  void AddResource(const solver::ResourceDef& def, CatalogEntry entry);
  bool Means(const compiler::scenario::Name& resource, std::string_view primitive) const;

  const solver::Cluster* cluster_;
  CanonicalForm canonical_;
  std::map<std::string, CatalogEntry, std::less<>> entries_;
  std::vector<std::string> promotable_primitives_;
  execution::Fencing fencing_;
  bool start_failure_is_fatal_ = true;
  int64_t transition_delay_ms_ = 0;
  int64_t shutdown_escalation_ms_ = 20 * 60 * 1000;
  int64_t recheck_interval_ms_ = 15 * 60 * 1000;
  size_t batch_limit_ = 0;
  size_t node_action_limit_ = 0;
  int64_t migration_limit_ = -1;
};

// First value of a name in blocks without rules, or nullptr: for what agents are told independent of time and
// node.
const std::string* PlainValue(const solver::NvBlocks& blocks, std::string_view name);

}  // namespace picket::simulator
