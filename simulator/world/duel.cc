// Two nodes that lose sight of one another each have quorum (`two_node`), and each fences the other.
//
// The one whose shot is delayed less survives (membership.cc). Where nothing makes one faster, both shots are fired
// before either node is dead, and both nodes go down: the worst case, and in practice a common one, since both lose
// the link in the same moment. A random delay (`pcmk_delay_max`) parts them, though nobody knows in whose favour.
#include <algorithm>

#include "simulator/world/history.h"
#include "simulator/world/world.h"
#include "solver/cib/values.h"

namespace picket::simulator {
namespace {

// Nodes that find each other missing after every boot shoot again. So many rounds are played.
constexpr int kRounds = 3;

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
  if (!settings_.two_node || duels_ >= kRounds) return false;
  const solver::Cluster& cluster = catalog_->cluster();
  const std::string* enabled = Property(cluster, "fencing-enabled", "stonith-enabled");
  if (enabled && !solver::IsTrue(*enabled)) return false;
  const auto partitions = Partitions();
  if (partitions.size() != 2 || !HasQuorum(partitions[0]) || !HasQuorum(partitions[1])) return false;
  const int64_t shot_ms = RaceTime(partitions[0]);
  if (shot_ms != RaceTime(partitions[1]) || shot_ms >= INT64_MAX / 2) return false;
  std::map<std::string, std::string> device_of;
  for (const auto& [name, node] : nodes_) {
    if (node.remote) continue;
    for (const auto& level : catalog_->LevelsFor(name)) {
      for (const FenceDevice* device : level) {
        if (HasRandomDelay(*catalog_, *device) || failing_devices_.count(device->id)) return false;
        std::string& names = device_of[name];
        names += (names.empty() ? "" : ",") + device->id;
      }
      break;
    }
  }
  ++duels_;
  const std::string* action = Property(cluster, "fencing-action", "stonith-action");
  const bool reboot = !action || *action != "off";
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
  Tell(EventKind::kNote, {}, "neither node has a head start: each fences the other");
  tell_all(EventKind::kFenceBegins);
  now_ms_ += shot_ms + settings_.durations.fence_ms;
  for (auto& [name, node] : nodes_) {
    if (node.remote) continue;
    LosePower(node, false);
    node.member = false;
    MarkFenced(Edit(name));
    if (reboot && duels_ < kRounds)
      SetTimer(now_ms_ + settings_.durations.boot_ms, TimerKind::kBoot, name);
  }
  tell_all(EventKind::kFenced);
  if (duels_ == kRounds) Tell(EventKind::kNote, {}, "so it goes on, whenever they have booted");
  return true;
}

}  // namespace picket::simulator
