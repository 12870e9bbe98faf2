#include "simulator/world/catalog.h"

#include <regex.h>

#include <algorithm>

#include "solver/cib/values.h"
#include "solver/model/text.h"

namespace picket::simulator {
const std::string* PlainValue(const solver::NvBlocks& blocks, std::string_view name) {
  for (const solver::NvBlock& block : blocks) {
    if (block.rule) continue;
    for (const solver::NvPair& pair : block.pairs) {
      if (pair.name == name) return &pair.value;
    }
  }
  return nullptr;
}

Catalog::Catalog(const solver::Cluster& cluster, const Catalog& before) : Catalog(cluster) {
  fencing_.topology = execution::EditedTopology(before.fencing_.topology, before.cluster(), cluster);
}

Catalog::Catalog(const solver::Cluster& cluster)
    : cluster_(&cluster), canonical_(cluster), fencing_(execution::ReadFencing(cluster, {})) {
  const std::string* fatal = PlainValue(cluster.properties, "start-failure-is-fatal");
  const auto limit = [&](const char* name) {
    const std::string* value = PlainValue(cluster.properties, name);
    return static_cast<size_t>(std::max<int64_t>(value ? solver::ParseInteger(*value).value_or(0) : 0, 0));
  };
  batch_limit_ = limit("batch-limit");
  node_action_limit_ = limit("node-action-limit");
  if (const std::string* migrations = PlainValue(cluster.properties, "migration-limit"))
    migration_limit_ = solver::ParseInteger(*migrations).value_or(-1);
  if (const std::string* delay = PlainValue(cluster.properties, "transition-delay"))
    transition_delay_ms_ = solver::DurationOrZero(*delay);
  if (const std::string* interval = PlainValue(cluster.properties, "cluster-recheck-interval"))
    recheck_interval_ms_ = solver::DurationOrZero(*interval);
  // Zero is no time: in the lab a node with it did not leave at once.
  const std::string* wait = PlainValue(cluster.properties, "shutdown-escalation");
  if (wait && solver::DurationOrZero(*wait) > 0) shutdown_escalation_ms_ = solver::DurationOrZero(*wait);
  start_failure_is_fatal_ = !fatal || solver::ParseBoolean(*fatal).value_or(true);
  for (const solver::ResourceDef& def : cluster.resources) AddResource(def, {});
  for (const solver::TagDef& tag : cluster.tags) {
    CatalogEntry entry;
    for (const std::string& id : tag.refs) {
      if (const CatalogEntry* member = Find(id)) {
        entry.primitives.insert(entry.primitives.end(), member->primitives.begin(), member->primitives.end());
      }
    }
    if (!entry.primitives.empty()) entries_.emplace(tag.id, std::move(entry));
  }
}

// How many copies of what is in it a clone or bundle has; 0: one for each node.
static int64_t CopiesOf(const solver::ResourceDef& def) {
  if (def.bundle) {
    const auto said = [&](std::string_view name) {
      return solver::IntegerAtLeast(solver::FindAttribute(def.bundle->container, name), 0);
    };
    return said("replicas") > 0 ? said("replicas") : std::max<int64_t>(said("promoted-max"), 1);
  }
  const std::string* value = def.variant == solver::Variant::kClone ? PlainValue(def.meta, "clone-max") : nullptr;
  return value ? std::max<int64_t>(solver::ParseInteger(*value).value_or(0), 0) : 0;
}

// `entry` is what is around the resource; it is told apart from there on.
void Catalog::AddResource(const solver::ResourceDef& def, CatalogEntry entry) {
  const std::string* value = PlainValue(def.meta, "promotable");
  entry.promotable =
      entry.promotable || (def.variant == solver::Variant::kClone && value && solver::IsTrue(*value)) ||
      (def.bundle && solver::IntegerAtLeast(solver::FindAttribute(def.bundle->container, "promoted-max"), 0) > 0);
  entry.bundled = entry.bundled || def.variant == solver::Variant::kBundle;
  entry.cloned = entry.cloned || entry.bundled || def.variant == solver::Variant::kClone;
  if (const int64_t own = CopiesOf(def); own > 0) entry.copies = own;
  entry.def = &def;
  entry.primitives.clear();
  if (def.variant == solver::Variant::kPrimitive) {
    entry.primitives.push_back(def.id);
    if (entry.promotable) promotable_primitives_.push_back(def.id);
  }
  for (const solver::ResourceDef& child : def.children) {
    AddResource(child, entry);
    if (const CatalogEntry* below = Find(child.id)) {
      entry.primitives.insert(entry.primitives.end(), below->primitives.begin(), below->primitives.end());
    }
  }
  entries_.emplace(def.id, std::move(entry));
}

const CatalogEntry* Catalog::Find(std::string_view id) const {
  const auto it = entries_.find(id);
  return it == entries_.end() ? nullptr : &it->second;
}

// Whether the name means the primitive, or a group or clone that the primitive is in.
bool Catalog::Means(const compiler::scenario::Name& resource, std::string_view primitive) const {
  const CatalogEntry* entry = Find(resource.id);
  if (!entry) return resource.id == primitive;
  return std::find(entry->primitives.begin(), entry->primitives.end(), primitive) != entry->primitives.end();
}

int64_t Catalog::KnownDurationMs(const Assumptions& assumptions, std::string_view primitive, std::string_view operation,
                                 std::string_view node) const {
  int64_t found_ms = -1;
  for (const auto& assumption : assumptions) {
    const auto* takes = std::get_if<compiler::scenario::TakesTime>(&assumption.what);
    if (!takes || takes->operation != operation || !Means(takes->resource, primitive)) continue;
    if (takes->node && takes->node->id != node) continue;
    if (found_ms < 0 || takes->node) found_ms = takes->duration_ms;
  }
  return found_ms;
}

std::optional<std::string> Catalog::AssumedScore(const Assumptions& assumptions, std::string_view primitive,
                                                 std::string_view node, bool promoted) const {
  std::optional<std::string> found;
  for (const auto& assumption : assumptions) {
    const auto* sets = std::get_if<compiler::scenario::SetsScore>(&assumption.what);
    if (!sets || !Means(sets->resource, primitive)) continue;
    if (sets->node && sets->node->id != node) continue;
    if (sets->when_promoted && *sets->when_promoted != promoted) continue;
    if (!found || sets->node || sets->when_promoted) found = sets->score;
  }
  return found;
}

std::string Catalog::PowerOf(const Assumptions& assumptions, std::string_view device) const {
  for (const auto& assumption : assumptions) {
    const auto* powered = std::get_if<compiler::scenario::PoweredBy>(&assumption.what);
    if (powered && powered->device.id == device) return powered->node.id;
  }
  return {};
}

}  // namespace picket::simulator
