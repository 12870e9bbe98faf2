#include "simulator/explain/origin.h"

#include <algorithm>
#include <array>
#include <vector>

#include "solver/model/query.h"
#include "solver/model/text.h"

namespace picket::simulator::explain {

using solver::NodeId;
using solver::ResourceId;
using solver::Run;

namespace {

std::string PairIn(const solver::NvBlocks& blocks, std::string_view name) {
  for (const solver::NvBlock& block : blocks) {
    for (const solver::NvPair& pair : block.pairs) {
      if (pair.name == name) return pair.id;
    }
  }
  return {};
}

// Options that have another name in Pacemaker 2, current one first.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kOldNames = {{
    {"fencing-enabled", "stonith-enabled"},
    {"fencing-action", "stonith-action"},
    {"stop-removed-resources", "stop-orphan-resources"},
    {"cancel-removed-actions", "stop-orphan-actions"},
}};

// The resource and everything around it, by configured id.
std::vector<std::string> NamesAround(const Run& run, ResourceId resource) {
  std::vector<std::string> names;
  for (ResourceId id = resource; id.valid(); id = run.at(id).parent) names.push_back(ConfiguredId(run, id));
  return names;
}

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool Mentions(const std::vector<std::string>& refs, const std::vector<std::string>& names) {
  return std::any_of(refs.begin(), refs.end(), [&](const std::string& ref) { return Contains(names, ref); });
}

// Whether the constraint puts one of `first` before one of `then`: its two ends, or two sets or two members of one.
bool Orders(const solver::OrderDef& order, const std::vector<std::string>& first,
            const std::vector<std::string>& then) {
  if (order.sets.empty()) {
    return Contains(first, solver::AttributeOr(order.attributes, "first")) &&
           Contains(then, solver::AttributeOr(order.attributes, "then"));
  }
  bool seen_first = false;
  for (const solver::ResourceSetDef& set : order.sets) {
    if (seen_first && Mentions(set.refs, then)) return true;
    for (const std::string& ref : set.refs) {
      if (seen_first && Contains(then, ref)) return true;
      seen_first = seen_first || Contains(first, ref);
    }
  }
  return false;
}

}  // namespace

const std::string& ConfiguredId(const Run& run, ResourceId resource) {
  const solver::Resource& r = run.at(resource);
  return r.config_id.empty() ? r.id : r.config_id;
}

std::string MetaOrigin(const Run& run, ResourceId resource, std::string_view name) {
  for (ResourceId id = resource; id.valid(); id = run.at(id).parent) {
    if (!run.at(id).def) continue;
    if (std::string pair = PairIn(run.at(id).def->meta, name); !pair.empty()) return pair;
  }
  return PairIn(run.cluster->rsc_defaults, name);
}

std::string PropertyOrigin(const Run& run, std::string_view name) {
  std::string pair = PairIn(run.cluster->properties, name);
  for (const auto& [current, old] : kOldNames) {
    if (!pair.empty()) break;
    if (name == current) pair = PairIn(run.cluster->properties, old);
    if (name == old) pair = PairIn(run.cluster->properties, current);
  }
  return pair;
}

std::string NodeAttributeOrigin(const Run& run, NodeId node, std::string_view name) {
  for (const solver::NodeDef& def : run.cluster->nodes) {
    if (solver::EqualFolded(def.uname, run.at(node).name)) return PairIn(def.attributes, name);
  }
  return {};
}

std::string UtilizationOrigin(const Run& run, ResourceId resource) {
  const solver::ResourceDef* def = run.at(resource).def;
  if (def && !def->utilization.empty() && !def->utilization.front().pairs.empty()) {
    return def->utilization.front().pairs.front().id;
  }
  return PropertyOrigin(run, "placement-strategy");
}

std::string OrderOrigin(const Run& run, ResourceId first, ResourceId then) {
  const std::vector<std::string> before = NamesAround(run, first);
  const std::vector<std::string> after = NamesAround(run, then);
  const ResourceId parent = run.at(first).parent;
  if (parent.valid() && run.at(parent).is_group() && run.at(then).parent == parent) return ConfiguredId(run, parent);
  for (const solver::ConstraintDef& constraint : run.cluster->constraints) {
    const auto* order = std::get_if<solver::OrderDef>(&constraint);
    if (order && Orders(*order, before, after)) return order->id;
  }
  return {};
}

}  // namespace picket::simulator::explain
