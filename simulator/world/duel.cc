// Nodes that lose sight of one another and may act all the same fence each other: two with quorum each (`two_node`), or
// any number where the policy does not ask for quorum (`no-quorum-policy=ignore`).
//
// The part whose shots are delayed less survives (membership.cc). Where nothing makes one faster, the shots are fired
// before anybody is dead, and all go down: the worst case, and in practice a common one, since they lose the link in
// the same moment. A random delay (`pcmk_delay_max`) parts them, though nobody knows in whose favour.
#include <algorithm>

#include "execution/history/node.h"
#include "simulator/world/world.h"
#include "solver/cib/values.h"

namespace picket::simulator {

using namespace execution;  // NOLINT
namespace {

const std::string* Property(const solver::Cluster& cluster, std::string_view name, std::string_view old_name) {
  const std::string* value = PlainValue(cluster.properties, name);
  return value ? value : PlainValue(cluster.properties, old_name);
}

bool HasRandomDelay(const Catalog& catalog, const FenceDevice& device) {
  const CatalogEntry* entry = catalog.Find(device.id);
  const std::string* delay = entry ? PlainValue(entry->def->params, "pcmk_delay_max") : nullptr;
  // A list of delays for each node is one that somebody has thought about.
  return delay && (delay->find(':') != std::string::npos || solver::ParseDuration(*delay).value_or(0) > 0);
}

// The priority of a primitive is its own, or that of what it is in.
int64_t PriorityOf(const solver::ResourceDef& def, std::string_view primitive, int64_t inherited) {
  const std::string* own = PlainValue(def.meta, "priority");
  const int64_t priority = own ? solver::ParseInteger(*own).value_or(0) : inherited;
  if (def.id == primitive) return priority;
  int64_t found = 0;
  for (const solver::ResourceDef& child : def.children) found += PriorityOf(child, primitive, priority);
  return found;
}

}  // namespace

// What `priority-fencing-delay` adds before this node is shot: it protects the node with the more important resources.
int64_t World::PriorityDelay(const std::string& target) const {
  const solver::Cluster& cluster = catalog_->cluster();
  const std::string* delay = PlainValue(cluster.properties, "priority-fencing-delay");
  const int64_t delay_ms = delay ? solver::ParseDuration(*delay).value_or(0) : 0;
  if (delay_ms <= 0) return 0;
  const auto priority_of = [&](const TrueNode& node) {
    int64_t sum = 0;
    for (const auto& [instance, resource] : node.resources) {
      int64_t priority = 0;
      for (const solver::ResourceDef& def : cluster.resources) priority += PriorityOf(def, resource.primitive, 0);
      if (priority != 0 && resource.role == solver::Role::kPromoted) ++priority;
      sum += priority;
    }
    return sum;
  };
  const int64_t own = priority_of(nodes_.at(target));
  bool lower = false;
  for (const auto& [name, node] : nodes_) {
    if (node.remote) continue;
    if (priority_of(node) > own) return 0;
    lower = lower || priority_of(node) < own;
  }
  return lower ? delay_ms : 0;
}

bool World::ShootEachOther() {
  if (shot_each_other_) return false;
  const solver::Cluster& cluster = catalog_->cluster();
  const std::string* enabled = Property(cluster, "fencing-enabled", "stonith-enabled");
  if (enabled && !solver::IsTrue(*enabled)) return false;
  auto partitions = Partitions();
  std::erase_if(partitions, [this](const auto& partition) { return !MayAct(partition); });
  if (partitions.size() < 2) return false;
  const int64_t shot_ms = RaceTime(partitions.front());
  if (shot_ms >= INT64_MAX / 2) return false;
  for (const auto& partition : partitions) {
    if (RaceTime(partition) != shot_ms) return false;
  }
  std::map<std::string, std::string> device_of;
  for (const auto& [name, node] : nodes_) {
    if (node.remote || !node.powered) continue;
    for (const auto& level : catalog_->LevelsFor(name)) {
      for (const FenceDevice* device : level) {
        if (HasRandomDelay(*catalog_, *device) || failing_devices_.count(device->id)) return false;
        std::string& names = device_of[name];
        names += (names.empty() ? "" : ",") + device->id;
      }
      break;
    }
  }
  shot_each_other_ = true;
  const std::string* action = Property(cluster, "fencing-action", "stonith-action");
  const bool reboot = !action || *action != "off";
  // Who waits for everybody boots and stays quiet. Others shoot again as soon as they have booted, and so on; one round
  // is enough to see it.
  const bool again = reboot && !settings_.wait_for_all;
  const auto tell_all = [&](EventKind kind) {
    for (const auto& [name, device] : device_of) {
      StoryEvent event;
      event.kind = kind;
      event.node = name;
      event.device = device;
      event.text = reboot ? "reboot" : "off";
      Tell(std::move(event));
    }
  };
  Tell(EventKind::kNote, {}, "nobody has a head start: they fence each other");
  tell_all(EventKind::kFenceBegins);
  now_ms_ += shot_ms + settings_.durations.fence_ms;
  for (auto& [name, node] : nodes_) {
    if (node.remote || !node.powered) continue;
    LosePower(node, false);
    node.member = false;
    MarkFenced(Edit(name));
    if (reboot && !again)
      SetTimer(now_ms_ + settings_.durations.boot_ms, TimerKind::kBoot, name);
  }
  tell_all(EventKind::kFenced);
  if (again) Tell(EventKind::kNote, {}, "so it goes on, whenever they have booted");
  return true;
}

}  // namespace picket::simulator
