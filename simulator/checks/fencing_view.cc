#include "simulator/checks/fencing_view.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "solver/model/text.h"

namespace picket::simulator {
namespace {

using compiler::Span;
using execution::FenceDevice;

const solver::ResourceDef* FindDefinition(const std::vector<solver::ResourceDef>& resources, std::string_view id) {
  for (const solver::ResourceDef& def : resources) {
    if (def.id == id) return &def;
    if (const solver::ResourceDef* found = FindDefinition(def.children, id)) return found;
  }
  return nullptr;
}

const solver::NvPair* FindPair(const solver::NvBlocks& blocks, std::string_view name) {
  for (const solver::NvBlock& block : blocks) {
    for (const solver::NvPair& pair : block.pairs) {
      if (pair.name == name) return &pair;
    }
  }
  return nullptr;
}

bool IsAbout(const solver::LocationDef& location, std::string_view id) {
  if (solver::AttributeOr(location.attributes, "rsc") == id) return true;
  return std::any_of(location.sets.begin(), location.sets.end(), [&](const solver::ResourceSetDef& set) {
    return std::find(set.refs.begin(), set.refs.end(), id) != set.refs.end();
  });
}

execution::Fencing UnfencedOf(const compiler::Review& review, const execution::Fencing& fencing) {
  solver::Cluster cluster;
  for (const auto& attributes : review.unfenced) {
    solver::FencingLevelDef& level = cluster.fencing_levels.emplace_back();
    level.index = 1;
    level.attributes = attributes;
  }
  execution::Fencing unfenced;
  unfenced.attributes = fencing.attributes;
  unfenced.topology = execution::ReadTopology(cluster);
  return unfenced;
}

}  // namespace

FencingView::FencingView(const compiler::Review& review, solver::Cluster cluster)
    : review_(review),
      cluster_(std::move(cluster)),
      fencing_(execution::ReadFencing(cluster_, {})),
      unfenced_(UnfencedOf(review_, fencing_)) {}

const solver::ResourceDef* FencingView::Definition(std::string_view device) const {
  return FindDefinition(cluster_.resources, device);
}

bool FencingView::IsUnsure(const FenceDevice& device) const {
  const solver::ResourceDef* def = Definition(device.id);
  if (!def) return true;
  for (const char* name : {"pcmk_host_list", "pcmk_host_map", "pcmk_host_check"}) {
    for (const solver::NvBlock& block : def->params) {
      const auto pair = std::find_if(block.pairs.begin(), block.pairs.end(),
                                     [&](const solver::NvPair& one) { return one.name == name; });
      if (pair == block.pairs.end()) continue;
      if (block.rule || pair->value.empty() || pair->value.starts_with("secret(")) return true;
    }
  }
  return false;
}

bool FencingView::MayReach(const FenceDevice& device, std::string_view target) const {
  if (IsUnsure(device)) return true;
  const execution::AgentFacts facts = execution::KnownFacts(device.agent);
  return std::any_of(device.on.begin(), device.on.end(), [&](const execution::DeviceOnNode& there) {
    return ReachOf(there.parameters, facts, target) != execution::Reach::kNo;
  });
}

std::vector<std::string> FencingView::Users(const FenceDevice& device, std::string_view target) const {
  std::vector<std::string> users;
  if (!MayReach(device, target)) return users;
  const bool alone = review_.members.size() == 1;
  for (const auto& [name, span] : review_.members) {
    const bool other = alone || !solver::EqualFolded(name, target);
    if (other && fencing_.IsRegistered(device, name)) users.push_back(name);
  }
  return users;
}

bool FencingView::IsExempt(std::string_view node) const {
  return !EntriesFor(unfenced_, node).empty();
}

Span FencingView::NameOf(const FenceDevice& device) const {
  return review_.source_map.Find(device.id, "id").value_or(Span{});
}

Span FencingView::HostOf(const FenceDevice& device, const std::string& node) const {
  const std::string key = "for " + node;
  for (const auto& entry : review_.source_map.entries()) {
    if (entry.id == device.id && entry.attribute == key) return entry.span;
  }
  const char* list = "pcmk_host_list";
  const bool listed = Definition(device.id) && FindPair(Definition(device.id)->params, list);
  return ParameterOf(device, listed ? list : "pcmk_host_map");
}

std::optional<Span> FencingView::DeviceIn(const execution::TopologyLevel& level, const std::string& device) const {
  const std::string key = "device " + device;
  for (const auto& entry : review_.source_map.entries()) {
    if (entry.id == level.id && entry.attribute == key) return entry.span;
  }
  return std::nullopt;
}

Span FencingView::ParameterOf(const FenceDevice& device, std::string_view name) const {
  const solver::ResourceDef* def = Definition(device.id);
  const solver::NvPair* pair = def ? FindPair(def->params, name) : nullptr;
  const std::optional<Span> span = pair ? review_.source_map.Find(pair->id) : std::nullopt;
  return span.value_or(NameOf(device));
}

std::optional<Span> FencingView::PropertyOf(std::string_view name) const {
  const solver::NvPair* pair = FindPair(cluster_.properties, name);
  return pair ? review_.source_map.Find(pair->id) : std::nullopt;
}

std::optional<Span> FencingView::LocationOf(const FenceDevice& device) const {
  std::optional<Span> last;
  for (const solver::ConstraintDef& constraint : cluster_.constraints) {
    const auto* location = std::get_if<solver::LocationDef>(&constraint);
    if (!location || !IsAbout(*location, device.id)) continue;
    const auto span =
        location->rule ? review_.source_map.Find(location->rule->id) : review_.source_map.Find(location->id, "score");
    if (span) last = span;
  }
  return last;
}

}  // namespace picket::simulator
