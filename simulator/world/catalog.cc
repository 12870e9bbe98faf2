#include "simulator/world/catalog.h"

#include <algorithm>
#include <regex.h>

#include "solver/cib/values.h"
#include "solver/model/text.h"

namespace picket::simulator {
namespace {

// Host lists are separated by blanks, commas or semicolons.
std::vector<std::string> SplitHosts(std::string_view text) {
  std::vector<std::string> hosts;
  std::string host;
  for (const char c : text) {
    if (c == ' ' || c == ',' || c == ';' || c == '\t' || c == '\n') {
      if (!host.empty()) hosts.push_back(std::exchange(host, {}));
    } else {
      host += c;
    }
  }
  if (!host.empty()) hosts.push_back(host);
  return hosts;
}

// `pcmk_delay_base` is a duration for all targets, or `node:duration` pairs.
int64_t DelayOf(std::string_view text, std::string_view node) {
  if (text.find(':') == std::string_view::npos) return solver::ParseDuration(text).value_or(0);
  for (const std::string& pair : SplitHosts(text)) {
    const size_t colon = pair.find(':');
    if (colon != std::string::npos && solver::EqualFolded(std::string_view(pair).substr(0, colon), node)) {
      return solver::ParseDuration(std::string_view(pair).substr(colon + 1)).value_or(0);
    }
  }
  return 0;
}

// A pattern that cannot be used reaches nobody.
bool MatchesPattern(const std::string& pattern, std::string_view node) {
  regex_t compiled;
  if (regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0) return false;
  const bool matches = regexec(&compiled, std::string(node).c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return matches;
}

bool LevelMatches(const solver::FencingLevelDef& level, const solver::NodeDef* def, std::string_view node) {
  if (const std::string* target = solver::FindAttribute(level.attributes, "target"))
    return solver::EqualFolded(*target, node);
  if (const std::string* pattern = solver::FindAttribute(level.attributes, "target-pattern")) {
    return MatchesPattern(*pattern, node);
  }
  const std::string* attribute = solver::FindAttribute(level.attributes, "target-attribute");
  if (!attribute || !def) return false;
  const std::string* value = PlainValue(def->attributes, *attribute);
  return value && *value == solver::AttributeOr(level.attributes, "target-value");
}

}  // namespace

const std::string* PlainValue(const solver::NvBlocks& blocks, std::string_view name) {
  for (const solver::NvBlock& block : blocks) {
    if (block.rule) continue;
    for (const solver::NvPair& pair : block.pairs) {
      if (pair.name == name) return &pair.value;
    }
  }
  return nullptr;
}

Catalog::Catalog(const solver::Cluster& cluster) : cluster_(&cluster), canonical_(cluster) {
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
  promotable = promotable || (def.variant == solver::Variant::kClone && value && solver::IsTrue(*value)) ||
               (def.bundle &&
                solver::IntegerAtLeast(solver::FindAttribute(def.bundle->container, "promoted-max"), 0) > 0);
  cloned = cloned || def.variant == solver::Variant::kClone || def.variant == solver::Variant::kBundle;
  CatalogEntry entry{&def, {}, promotable, cloned};
  if (def.variant == solver::Variant::kPrimitive) {
    entry.primitives.push_back(def.id);
    if (solver::EqualFolded(def.cls, "stonith")) AddDevice(def);
  }
  for (const solver::ResourceDef& child : def.children) {
    AddResource(child, promotable, cloned);
    if (const CatalogEntry* below = Find(child.id)) {
      entry.primitives.insert(entry.primitives.end(), below->primitives.begin(), below->primitives.end());
    }
  }
  entries_.emplace(def.id, std::move(entry));
}

void Catalog::AddDevice(const solver::ResourceDef& def) {
  FenceDevice device;
  device.id = def.id;
  // The device's own word first, then the cluster's.
  const std::string* timeout = PlainValue(def.params, "pcmk_reboot_timeout");
  for (const char* name : {"stonith-timeout", "fencing-timeout"}) {
    if (!timeout) timeout = PlainValue(cluster_->properties, name);
  }
  if (timeout) device.timeout_ms = solver::ParseDuration(*timeout).value_or(device.timeout_ms);
  const std::string* delay = PlainValue(def.params, "pcmk_delay_base");
  if (delay) device.delay_ms = DelayOf(*delay, {});
  const auto reach = [&](std::string_view node) {
    device.dynamic = false;
    device.reaches[std::string(node)] = delay ? DelayOf(*delay, node) : 0;
  };
  if (const std::string* map = PlainValue(def.params, "pcmk_host_map")) {
    for (const std::string& pair : SplitHosts(*map))
      reach(std::string_view(pair).substr(0, pair.find_first_of(":=")));
  }
  if (const std::string* list = PlainValue(def.params, "pcmk_host_list")) {
    for (const std::string& host : SplitHosts(*list)) reach(host);
  }
  devices_.push_back(std::move(device));
}

const CatalogEntry* Catalog::Find(std::string_view id) const {
  const auto it = entries_.find(id);
  return it == entries_.end() ? nullptr : &it->second;
}

const FenceDevice* Catalog::Device(std::string_view id) const {
  const auto it =
      std::find_if(devices_.begin(), devices_.end(), [&](const FenceDevice& d) { return d.id == id; });
  return it == devices_.end() ? nullptr : &*it;
}

bool Catalog::ReachesNode(const FenceDevice& device, std::string_view node) const {
  if (device.dynamic) return true;
  return std::any_of(device.reaches.begin(), device.reaches.end(),
                     [&](const auto& reached) { return solver::EqualFolded(reached.first, node); });
}

int64_t Catalog::DelayFor(const FenceDevice& device, std::string_view node) const {
  for (const auto& [name, delay_ms] : device.reaches) {
    if (solver::EqualFolded(name, node)) return delay_ms;
  }
  return device.delay_ms;
}

std::vector<std::vector<const FenceDevice*>> Catalog::LevelsFor(std::string_view node) const {
  const solver::NodeDef* def = nullptr;
  for (const solver::NodeDef& candidate : cluster_->nodes) {
    if (solver::EqualFolded(candidate.uname, node)) def = &candidate;
  }
  std::map<int32_t, std::vector<const FenceDevice*>> levels;
  for (const solver::FencingLevelDef& level : cluster_->fencing_levels) {
    if (!LevelMatches(level, def, node)) continue;
    for (const std::string& id : level.devices) {
      if (const FenceDevice* device = Device(id)) levels[level.index].push_back(device);
    }
  }
  std::vector<std::vector<const FenceDevice*>> ordered;
  for (auto& [index, devices] : levels) ordered.push_back(std::move(devices));
  if (!ordered.empty()) return ordered;
  // Without a topology each device that reaches the node is a level of its own, tried in document order.
  for (const FenceDevice& device : devices_) {
    if (ReachesNode(device, node)) ordered.push_back({&device});
  }
  return ordered;
}

}  // namespace picket::simulator
