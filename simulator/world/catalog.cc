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

Catalog::Catalog(const solver::Cluster& cluster)
    : cluster_(&cluster), canonical_(cluster), fencing_(execution::ReadFencing(cluster, {})) {
  const std::string* fatal = PlainValue(cluster.properties, "start-failure-is-fatal");
  const auto limit = [&](const char* name) {
    const std::string* value = PlainValue(cluster.properties, name);
    return static_cast<size_t>(std::max<int64_t>(value ? solver::ParseInteger(*value).value_or(0) : 0, 0));
  };
  batch_limit_ = limit("batch-limit");
  node_action_limit_ = limit("node-action-limit");
  if (const std::string* delay = PlainValue(cluster.properties, "transition-delay"))
    transition_delay_ms_ = solver::DurationOrZero(*delay);
  // Zero is no time: in the lab a node with it did not leave at once.
  const std::string* wait = PlainValue(cluster.properties, "shutdown-escalation");
  if (wait && solver::DurationOrZero(*wait) > 0) shutdown_escalation_ms_ = solver::DurationOrZero(*wait);
  start_failure_is_fatal_ = !fatal || solver::ParseBoolean(*fatal).value_or(true);
  for (const solver::ResourceDef& def : cluster.resources) AddResource(def, false, false);
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

void Catalog::AddResource(const solver::ResourceDef& def, bool promotable, bool cloned) {
  const std::string* value = PlainValue(def.meta, "promotable");
  promotable =
      promotable || (def.variant == solver::Variant::kClone && value && solver::IsTrue(*value)) ||
      (def.bundle && solver::IntegerAtLeast(solver::FindAttribute(def.bundle->container, "promoted-max"), 0) > 0);
  cloned = cloned || def.variant == solver::Variant::kClone || def.variant == solver::Variant::kBundle;
  CatalogEntry entry{&def, {}, promotable, cloned};
  if (def.variant == solver::Variant::kPrimitive) {
    entry.primitives.push_back(def.id);
  }
  for (const solver::ResourceDef& child : def.children) {
    AddResource(child, promotable, cloned);
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
