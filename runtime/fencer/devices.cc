#include "runtime/fencer/devices.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "runtime/fencer/host_map.h"
#include "runtime/fencer/placement.h"
#include "solver/cib/rules.h"
#include "solver/cib/values.h"
#include "solver/model/role.h"
#include "solver/model/text.h"

namespace picket::runtime {
namespace {

using solver::AttributeOr;
using solver::FindAttribute;
using solver::Instant;
using solver::ResourceDef;

// Collects the devices of a resource and of what is in it.
class Collector {
 public:
  Collector(const solver::Cluster& cluster, const std::string& node, const Instant& now)
      : cluster_(cluster), node_(node), attributes_(NodeAttributes(cluster, node, now)) {
    input_.now = now;
    input_.node_attributes = &attributes_;
  }

  void Visit(const ResourceDef& def) {
    if (def.broken) return;
    path_.push_back(&def);
    if (def.variant == solver::Variant::kPrimitive && solver::EqualFolded(def.cls, "stonith")) Add(def);
    for (const ResourceDef& child : def.children) Visit(child);
    path_.pop_back();
  }

  std::vector<FenceDevice> Take() { return std::move(devices_); }

 private:
  void Add(const ResourceDef& def) {
    input_.cls = &def.cls;
    input_.provider = &def.provider;
    input_.type = &def.type;
    const solver::Table meta = Meta();
    const std::string* role = meta.Find("target-role");
    if (role && solver::ParseRole(*role) == solver::Role::kStopped) return;
    if (!MayRunOn(cluster_, Names(def), node_, input_.now)) return;
    FenceDevice device;
    device.id = def.id;
    device.agent = def.type;
    solver::NextChange next_change;
    solver::ReadBlocks(def.params, input_, device.parameters, next_change);
    const std::string* priority = device.parameters.Find("priority");
    if (!priority) priority = meta.Find("priority");
    if (priority) device.priority = solver::ParseInteger(*priority).value_or(0);
    device.unfences = solver::EqualFolded(meta.Get("provides"), "unfencing") ||
                      solver::EqualFolded(device.parameters.Get("provides"), "unfencing");
    devices_.push_back(std::move(device));
  }

  // A resource's own meta-attributes, then those of what it is in, then the defaults.
  solver::Table Meta() {
    solver::Table meta;
    solver::NextChange next_change;
    for (auto def = path_.rbegin(); def != path_.rend(); ++def) {
      solver::ReadBlocks((*def)->meta, input_, meta, next_change);
    }
    solver::ReadBlocks(cluster_.rsc_defaults, input_, meta, next_change);
    return meta;
  }

  std::vector<std::string> Names(const ResourceDef& def) const {
    std::vector<std::string> names;
    for (auto part = path_.rbegin(); part != path_.rend(); ++part) names.push_back((*part)->id);
    const auto known = [&](const std::string& name) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    const std::string top = names.back();
    if (!def.template_id.empty()) names.push_back(def.template_id);
    for (const solver::TagDef& tag : cluster_.tags) {
      if (std::any_of(tag.refs.begin(), tag.refs.end(), known)) names.push_back(tag.id);
    }
    names.push_back(top);
    return names;
  }

  const solver::Cluster& cluster_;
  const std::string& node_;
  const solver::Table attributes_;
  solver::RuleInput input_;
  std::vector<const ResourceDef*> path_;
  std::vector<FenceDevice> devices_;
};

bool TargetsByName(const solver::FencingLevelDef& level, const std::string& target, const solver::Table&) {
  return solver::EqualFolded(AttributeOr(level.attributes, "target"), target);
}

bool TargetsByPattern(const solver::FencingLevelDef& level, const std::string& target, const solver::Table&) {
  const std::string* pattern = FindAttribute(level.attributes, "target-pattern");
  return pattern && MatchesPattern(*pattern, target);
}

bool TargetsByAttribute(const solver::FencingLevelDef& level, const std::string&, const solver::Table& attributes) {
  const std::string* name = FindAttribute(level.attributes, "target-attribute");
  const std::string* value = name ? attributes.Find(*name) : nullptr;
  return value && *value == AttributeOr(level.attributes, "target-value");
}

// How much of what fences the target a node has.
enum class Share : uint8_t { kNothing, kPart, kEnough };

Share ShareOf(const solver::Cluster& cluster, const std::string& target, const std::string& node,
              const std::vector<std::vector<std::string>>& levels, const Instant& now) {
  std::vector<std::string> usable;
  for (const FenceDevice& device : DevicesOn(cluster, node, now)) {
    if (ReachOf(device.parameters, target) != Reach::kNo) usable.push_back(device.id);
  }
  if (levels.empty()) return usable.empty() ? Share::kNothing : Share::kEnough;
  Share share = Share::kNothing;
  for (const std::vector<std::string>& level : levels) {
    const auto found = std::count_if(level.begin(), level.end(), [&](const std::string& device) {
      return std::find(usable.begin(), usable.end(), device) != usable.end();
    });
    if (found > 0) share = std::max(share, Share::kPart);
    if (!level.empty() && found == static_cast<std::ptrdiff_t>(level.size())) share = Share::kEnough;
  }
  return share;
}

}  // namespace

std::vector<FenceDevice> DevicesOn(const solver::Cluster& cluster, const std::string& node, const Instant& now) {
  Collector collector(cluster, node, now);
  for (const ResourceDef& def : cluster.resources) collector.Visit(def);
  std::vector<FenceDevice> devices = collector.Take();
  std::stable_sort(devices.begin(), devices.end(),
                   [](const FenceDevice& a, const FenceDevice& b) { return a.priority > b.priority; });
  return devices;
}

std::vector<std::vector<std::string>> LevelsFor(const solver::Cluster& cluster, const std::string& target,
                                                const Instant& now) {
  const solver::Table attributes = NodeAttributes(cluster, target, now);
  constexpr int kLevels = 9;
  for (const auto targets : {TargetsByName, TargetsByPattern, TargetsByAttribute}) {
    std::array<std::vector<std::string>, kLevels + 1> by_index;
    for (const solver::FencingLevelDef& level : cluster.fencing_levels) {
      if (level.index < 1 || level.index > kLevels || !targets(level, target, attributes)) continue;
      std::vector<std::string>& devices = by_index[static_cast<size_t>(level.index)];
      devices.insert(devices.end(), level.devices.begin(), level.devices.end());
    }
    std::vector<std::vector<std::string>> levels;
    for (std::vector<std::string>& devices : by_index) {
      if (!devices.empty()) levels.push_back(std::move(devices));
    }
    if (!levels.empty()) return levels;
  }
  return {};
}

std::vector<std::string> NodesThatCanFence(const solver::Cluster& cluster, const std::string& target,
                                           const std::vector<std::string>& members, const Instant& now) {
  const std::vector<std::vector<std::string>> levels = LevelsFor(cluster, target, now);
  std::vector<std::string> able;
  std::vector<std::string> partly_able;
  for (const std::string& member : members) {
    if (solver::EqualFolded(member, target)) continue;
    const Share share = ShareOf(cluster, target, member, levels, now);
    if (share == Share::kEnough) able.push_back(member);
    if (share == Share::kPart) partly_able.push_back(member);
  }
  return able.empty() ? partly_able : able;
}

}  // namespace picket::runtime
