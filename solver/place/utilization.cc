#include "solver/place/utilization.h"

#include <algorithm>
#include <limits>

#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/place/colocation.h"
#include "solver/place/hash_order.h"
#include "solver/place/neutral.h"
#include "solver/place/place.h"
#include "solver/place/rows.h"

namespace picket::solver::place {
namespace {

Amounts Parse(const Table& table) {
  Amounts amounts;
  for (const auto& [name, value] : table) {
    const int64_t parsed = ParseInteger(value).value_or(0);
    const auto low = static_cast<int64_t>(std::numeric_limits<int32_t>::min());
    amounts.emplace_back(name, std::clamp<int64_t>(parsed, low, std::numeric_limits<int32_t>::max()));
  }
  return amounts;
}

int64_t AmountOf(const Amounts& amounts, const std::string& name) {
  for (const auto& [key, value] : amounts) {
    if (key == name) return value;
  }
  return 0;
}

bool Has(const Amounts& amounts, const std::string& name) {
  return std::any_of(amounts.begin(), amounts.end(), [&](const auto& pair) { return pair.first == name; });
}

// Adds, within 32 bits; what is missing begins at `missing`.
void Add(Amounts& amounts, const std::string& name, int64_t change, int64_t missing) {
  const auto low = static_cast<int64_t>(std::numeric_limits<int32_t>::min());
  const auto high = static_cast<int64_t>(std::numeric_limits<int32_t>::max());
  for (auto& [key, value] : amounts) {
    if (key != name) continue;
    value = std::clamp(value + change, low, high);
    return;
  }
  amounts.emplace_back(name, std::clamp(missing, low, high));
}

void AddAll(Amounts& amounts, const Amounts& added) {
  for (const auto& [name, value] : added) Add(amounts, name, value, value);
}

// Before 2.1.6 the first change of what a node does not have made it zero (spec 07 X-6).
void Change(Run& run, NodeId node, const std::string& name, int64_t change) {
  Add(run.at(node).capacity, name, change, run.Behaves(Behaviour::kMissingCapacityTaken) ? change : 0);
}

bool Suffices(const Amounts& capacity, const Amounts& needed) {
  return std::all_of(needed.begin(), needed.end(),
                     [&](const auto& pair) { return AmountOf(capacity, pair.first) >= pair.second; });
}

Amounts InTableOrder(const Amounts& amounts) {
  std::vector<std::string_view> keys;
  for (const auto& [name, value] : amounts) keys.push_back(name);
  Amounts ordered;
  for (const size_t i : HashOrder(keys)) ordered.push_back(amounts[i]);
  return ordered;
}

// --- the colocated set (spec 03 §14.4)

bool Contains(const std::vector<ResourceId>& set, ResourceId id) {
  return std::find(set.begin(), set.end(), id) != set.end();
}

// A group that moves as one: its members are in the set by themselves.
bool IsOpened(const Run& run, ResourceId group) {
  const Resource& resource = run.at(group);
  const bool cloned = resource.parent.valid() && run.at(resource.parent).is_clone();
  return resource.is_group() && (resource.group_collocated || cloned);
}

bool Binds(const Run& run, const Colocation& colocation, ResourceId dependent, ResourceId primary) {
  return colocation.score.is_infinite() && EffectOf(run, dependent, primary, colocation, true) == Effect::kLocation;
}

void CollectColocated(const Run& run, ResourceId id, ResourceId origin, std::vector<ResourceId>& set) {
  if (Contains(set, id)) return;
  set.push_back(id);
  if (IsOpened(run, id)) {
    for (const ResourceId member : run.at(id).children) CollectColocated(run, member, origin, set);
    // Before 2.1.6 the group keeps its own colocations to itself (spec 07 A-1).
    if (run.Behaves(Behaviour::kGroupColocationsStay) || !run.at(id).is_group()) return;
  }
  for (const ColocationId c : ThisWith(run, id)) {
    const Colocation& colocation = run.at(c);
    if (colocation.primary == origin || !Binds(run, colocation, id, colocation.primary)) continue;
    CollectColocated(run, colocation.primary, origin, set);
  }
  for (const ColocationId c : WithThis(run, id)) {
    const Colocation& colocation = run.at(c);
    if (colocation.dependent == origin) continue;
    if (run.at(id).is_clone() && !run.at(colocation.dependent).is_clone()) continue;
    if (!Binds(run, colocation, colocation.dependent, id)) continue;
    CollectColocated(run, colocation.dependent, origin, set);
  }
}

// --- what the unassigned part of it needs (spec 03 §14.5)

void AddNeeded(const Run& run, ResourceId id, const std::vector<ResourceId>& set, Amounts& sum);

void AddNeededOfGroup(const Run& run, ResourceId id, const std::vector<ResourceId>& set, Amounts& sum) {
  const std::vector<ResourceId>& members = run.at(id).children;
  const size_t count = IsOpened(run, id) ? members.size() : std::min<size_t>(members.size(), 1);
  for (size_t i = 0; i < count; ++i) {
    if (!run.at(members[i]).assigned && !Contains(set, members[i])) AddNeeded(run, members[i], set, sum);
  }
}

void AddNeededOfClone(const Run& run, ResourceId id, const std::vector<ResourceId>& set, Amounts& sum) {
  bool matched = false;
  for (const ResourceId instance : run.at(id).children) {
    if (Contains(set, instance)) {
      matched = true;
      continue;
    }
    const auto& members = run.at(instance).children;
    if (std::any_of(members.begin(), members.end(), [&](ResourceId member) { return Contains(set, member); })) {
      AddNeeded(run, instance, set, sum);
      matched = true;
    }
  }
  if (!matched && !run.at(id).children.empty()) AddNeeded(run, run.at(id).children.front(), set, sum);
}

void AddNeeded(const Run& run, ResourceId id, const std::vector<ResourceId>& set, Amounts& sum) {
  const Resource& resource = run.at(id);
  if (resource.assigned) return;
  switch (resource.variant) {
    case Variant::kPrimitive:
      AddAll(sum, resource.load);
      return;
    case Variant::kGroup:
      AddNeededOfGroup(run, id, set, sum);
      return;
    case Variant::kClone:
      AddNeededOfClone(run, id, set, sum);
      return;
    case Variant::kBundle:
      if (!resource.bundle->replicas.empty()) AddNeeded(run, resource.bundle->replicas.front().container, set, sum);
      return;
  }
}

// `needs memory=4096, 1024 left`.
std::string Lacking(const Run& run, NodeId node, const Amounts& needed) {
  std::string text;
  for (const auto& [name, value] : needed) {
    const int64_t left = AmountOf(run.at(node).capacity, name);
    if (value <= left) continue;
    text += text.empty() ? "needs " : "; ";
    text += name + "=" + std::to_string(value) + ", " + std::to_string(left) + " left";
  }
  return text;
}

void BanWhatDoesNotSuffice(Run& run, ResourceId id, const Amounts& needed) {
  ForgetNeutral(run, id);
  ForEachCell(run.at(id).row, [&](NodeId node, Cell& cell) {
    if (!IsUsable(run, node, cell) || Suffices(run.at(node).capacity, needed)) return;
    if (WantsReasons(run)) NoteBan(run, "utilization", id, node, "placement-strategy", Lacking(run, node, needed));
    cell.score = Score::MinusInfinity();
  });
}

}  // namespace

void PrepareUtilization(Run& run) {
  for (Node& node : run.nodes) {
    if (node.capacity.empty()) node.capacity = Parse(node.utilization);
  }
  for (Resource& resource : run.resources) {
    if (resource.load.empty()) resource.load = Parse(resource.utilization);
  }
}

void TakeCapacity(Run& run, ResourceId primitive, NodeId node) {
  for (const auto& [name, value] : run.at(primitive).load) Change(run, node, name, -value);
}

void GiveCapacity(Run& run, ResourceId primitive, NodeId node) {
  for (const auto& [name, value] : run.at(primitive).load) Change(run, node, name, value);
}

int CompareCapacity(const Run& run, NodeId a, NodeId b) {
  const Amounts& has = run.at(a).capacity;
  const Amounts& other = run.at(b).capacity;
  int votes = 0;
  for (const auto& [name, value] : has) {
    const int64_t against = AmountOf(other, name);
    if (value != against) votes += value > against ? -1 : 1;
  }
  for (const auto& [name, value] : other) {
    if (Has(has, name) || value == 0) continue;
    votes += value < 0 ? -1 : 1;
  }
  return votes;
}

NodeId BanByCapacity(Run& run, ResourceId id) {
  if (run.options.placement == Strategy::kDefault) return {};
  std::vector<ResourceId> set;
  CollectColocated(run, id, id, set);
  Amounts needed;
  for (const ResourceId member : set) AddNeeded(run, member, set, needed);
  bool suffices = false;
  NodeId most_capable;
  for (const NodeId node : TableOrder(run, run.at(id).row)) {
    if (!IsUsable(run, node, *run.at(id).row.Find(node))) continue;
    suffices = suffices || Suffices(run.at(node).capacity, needed);
    if (!most_capable.valid() || CompareCapacity(run, node, most_capable) < 0) most_capable = node;
  }
  if (suffices) {
    BanWhatDoesNotSuffice(run, id, needed);
    return {};
  }
  BanWhatDoesNotSuffice(run, id, Amounts(run.at(id).load));
  return most_capable;
}

void RecordCapacities(Run& run, bool original) {
  if (!run.recorder || !run.recorder->utilization) return;
  for (const NodeId node : run.node_order) {
    if (IsBundleNode(run, node) && run.Behaves(Behaviour::kBundleNodesWithoutCapacity)) continue;
    run.recorder->Add(CapacityLine{original, node, InTableOrder(run.at(node).capacity)});
  }
}

void RecordUtilization(Run& run, ResourceId primitive, NodeId node) {
  if (!run.recorder || !run.recorder->utilization) return;
  run.recorder->Add(UtilizationLine{primitive, node, InTableOrder(run.at(primitive).load)});
}

}  // namespace picket::solver::place
