// What people do on purpose, in terms of the CIB (spec 09 §15): options, constraints, failures forgotten,
// services started and stopped behind the cluster's back.
#include <algorithm>

#include "execution/history/cleanup.h"
#include "execution/history/history.h"
#include "simulator/world/by_hand.h"
#include "simulator/world/world.h"
#include "solver/model/text.h"

namespace picket::simulator {
namespace {

namespace act = compiler::scenario;
using solver::Cluster;
using solver::ResourceDef;

// The clone or bundle around a resource, else the resource: people move those.
const ResourceDef* Outermost(const std::vector<ResourceDef>& resources, std::string_view id) {
  for (const ResourceDef& def : resources) {
    if (FindDef(const_cast<std::vector<ResourceDef>&>(resources), id) == nullptr) return nullptr;
    if (def.id == id) return &def;
    std::vector<ResourceDef>& children = const_cast<ResourceDef&>(def).children;
    if (FindDef(children, id)) return def.variant == solver::Variant::kGroup ? FindDef(children, id) : &def;
  }
  return nullptr;
}

void RemoveMoves(Cluster& cluster, const std::string& resource, const std::string* node) {
  std::erase_if(cluster.constraints, [&](const solver::ConstraintDef& constraint) {
    const auto* location = std::get_if<solver::LocationDef>(&constraint);
    if (!location) return false;
    const std::string ban = "cli-ban-" + resource + "-on-";
    if (location->id.starts_with(ban)) return !node || location->id == ban + *node;
    return location->id == "cli-prefer-" + resource &&
           (!node || solver::AttributeOr(location->attributes, "node") == *node);
  });
}

void AddLocation(Cluster& cluster, const std::string& id, const std::string& resource, const std::string& node,
                 const char* score, bool promoted) {
  solver::LocationDef location;
  location.id = id;
  location.attributes = {
      {"id", id}, {"rsc", resource}, {"role", promoted ? "Promoted" : "Started"}, {"node", node}, {"score", score}};
  cluster.constraints.push_back(std::move(location));
}

}  // namespace

std::string ByHandId(const std::string& owner) {
  return owner + "-by-hand";
}

bool IsByHand(std::string_view id) {
  return id.find("-by-hand") != id.npos;
}

void SetByHand(solver::NvBlocks& blocks, const std::string& owner, const std::string& name,
               const std::optional<std::string>& value) {
  const std::string id = ByHandId(owner);
  if (blocks.empty() || blocks.front().id != id) {
    if (!value) {
      for (solver::NvBlock& block : blocks)
        std::erase_if(block.pairs, [&](const solver::NvPair& pair) { return pair.name == name; });
      return;
    }
    solver::NvBlock block;
    block.id = id;
    blocks.insert(blocks.begin(), std::move(block));
  }
  auto& pairs = blocks.front().pairs;
  std::erase_if(pairs, [&](const solver::NvPair& pair) { return pair.name == name; });
  if (value) {
    pairs.push_back({id + "-" + name, name, *value});
    return;
  }
  for (size_t i = 1; i < blocks.size(); ++i)
    std::erase_if(blocks[i].pairs, [&](const solver::NvPair& pair) { return pair.name == name; });
}

std::shared_ptr<const Catalog> Edited(const Cluster& cluster, const std::function<void(Cluster&)>& edit,
                                      const Catalog* before) {
  struct Own {
    Own(Cluster edited, const Catalog* before)
        : cluster(std::move(edited)), catalog(before ? Catalog(cluster, *before) : Catalog(cluster)) {}
    Cluster cluster;
    Catalog catalog;
  };
  Cluster changed = cluster;
  edit(changed);
  const auto own = std::make_shared<const Own>(std::move(changed), before);
  return {own, &own->catalog};
}

ResourceDef* FindDef(std::vector<ResourceDef>& resources, std::string_view id) {
  for (ResourceDef& def : resources) {
    if (def.id == id) return &def;
    if (ResourceDef* below = FindDef(def.children, id)) return below;
  }
  return nullptr;
}

// The parts that an edit does not reach go by what was before it, and so do nodes that are away.
void World::FallBehind() {
  Configuration& edited = Main().configuration;
  const auto fall = [&](Configuration& one) {
    if (&one == &edited || one.behind) return;
    one.behind = catalog_;
    one.deviations_behind = deviations_;
  };
  for (ClusterSide& side : sides_) fall(side.configuration);
  // picketd's nodes do nothing before they know the newest; and a cluster that is down is edited on every disk.
  if (!settings_.picket_engine && !MembersOf(Main()).empty()) {
    for (auto& [name, node] : nodes_) {
      if (node.side < 0 && !node.remote) fall(node.disk);
    }
  }
  // What is edited here is the older one: those who are away have the newer one.
  if (!edited.behind) return;
  catalog_ = std::exchange(edited.behind, nullptr);
  deviations_ = std::exchange(edited.deviations_behind, {});
}

// The node is on no side any more; its disk keeps what the side went by.
void World::LeaveSide(TrueNode& node) {
  if (const ClusterSide* side = SideOf(node.name)) node.disk = side->configuration;
  node.side = -1;
}

// Another CIB wins, with its status: what the members of the side have done is not in it. They are probed anew; their
// attributes are kept by the nodes themselves (spec 09 §13.8).
void World::Adopt(ClusterSide& side, const Configuration& configuration, const std::set<std::string>& keep) {
  side.configuration = configuration;
  side.node_hashes.assign(side.state.nodes.size(), {});
  std::vector<std::string> names;
  for (const auto& state : side.state.nodes) {
    if (state->uname && keep.count(*state->uname) == 0 && state->has_history) names.push_back(*state->uname);
  }
  for (const std::string& name : names) execution::ForgetHistory(Edit(side, name));
  for (const std::string& name : MembersOf(side)) {
    for (auto& [instance, real] : nodes_.at(name).resources) real.reported_rc = 0;
  }
}

// The configuration is edited, where most of the cluster is: its coordinator thinks again. Parts that are cut off learn
// of it when the cut heals, since the CIB of the higher epoch wins. Worlds that were copied from this one keep theirs.
void World::Reconfigure(const std::string& deviation, bool holds, const std::function<void(Cluster&)>& edit) {
  FallBehind();
  ClusterSide& edited = Main();
  ++edited.configuration.epoch;
  if (MembersOf(edited).empty()) {
    for (auto& [name, node] : nodes_) ++node.disk.epoch;
  }
  // picketd's fencers read all anew.
  catalog_ = Edited(catalog_->cluster(), edit, settings_.picket_engine ? nullptr : catalog_.get());
  if (holds) {
    deviations_.insert(deviation);
  } else if (deviations_.erase(deviation) == 0) {
    deviations_.insert("no " + deviation);
  }
  for (ClusterSide& side : sides_) side.node_hashes.assign(side.state.nodes.size(), {});
  if (IsLed(edited)) Wake(edited, settings_.durations.decide_ms);
}

void World::Change(const std::string& what, const std::function<void(Cluster&)>& edit) {
  transitions_ = 0;
  seen_.clear();
  rest_ = Rest::kSettled;
  Tell(EventKind::kFault, {}, what);
  Reconfigure(what, true, edit);
}

// The node's element. A remote node has none until something is written into it.
static solver::NodeDef& ElementOf(Cluster& cluster, const std::string& name) {
  for (solver::NodeDef& node : cluster.nodes) {
    if (solver::EqualFolded(node.uname, name)) return node;
  }
  solver::NodeDef& node = cluster.nodes.emplace_back();
  node.id = node.uname = name;
  node.type = "remote";
  return node;
}

// A standby is written into the configuration: it outlives the node's fencing and its boot (spec 09 §13.3).
void World::SetStandby(const std::vector<act::Name>& nodes, bool on) {
  for (const act::Name& name : nodes) {
    nodes_.at(name.id).standby = on;
    Reconfigure("standby " + name.id, on, [&](Cluster& cluster) {
      solver::NodeDef& node = ElementOf(cluster, name.id);
      SetByHand(node.attributes, "nodes-" + node.id, "standby", on ? std::optional<std::string>("on") : std::nullopt);
    });
  }
}

void World::Act(const act::Maintenance& maintenance) {
  const std::optional<std::string> value = maintenance.on ? std::optional<std::string>("true") : std::nullopt;
  const std::string subject = maintenance.node       ? " of " + maintenance.node->id
                              : maintenance.resource ? " of " + maintenance.resource->id
                                                     : "";
  Reconfigure("maintenance" + subject, maintenance.on, [&](Cluster& cluster) {
    if (maintenance.node) {
      solver::NodeDef& node = ElementOf(cluster, maintenance.node->id);
      SetByHand(node.attributes, "nodes-" + node.id, "maintenance", value);
    } else if (maintenance.resource) {
      if (ResourceDef* def = FindDef(cluster.resources, maintenance.resource->id))
        SetByHand(def->meta, def->id, "maintenance", value);
    } else {
      SetByHand(cluster.properties, "cib-bootstrap-options", "maintenance-mode", value);
    }
  });
}

void World::Act(const act::Manage& manage) {
  Reconfigure("unmanage " + manage.resource.id, !manage.managed, [&](Cluster& cluster) {
    if (ResourceDef* def = FindDef(cluster.resources, manage.resource.id))
      SetByHand(def->meta, def->id, "is-managed", manage.managed ? std::nullopt : std::optional<std::string>("false"));
  });
}

void World::Act(const act::Enable& enable) {
  Reconfigure("disable " + enable.resource.id, !enable.enabled, [&](Cluster& cluster) {
    if (ResourceDef* def = FindDef(cluster.resources, enable.resource.id))
      SetByHand(def->meta, def->id, "target-role",
                enable.enabled ? std::nullopt : std::optional<std::string>("Stopped"));
  });
}

// Where an instance runs, for a `move` or `ban` that names no node; the promoted one comes first.
static std::string PlaceOfResource(const World& world, const std::string& id) {
  const CatalogEntry* entry = world.catalog().Find(id);
  std::string place;
  if (!entry) return place;
  for (const auto& [name, node] : world.nodes()) {
    for (const auto& [instance, real] : node.resources) {
      const auto& ids = entry->primitives;
      if (std::find(ids.begin(), ids.end(), real.primitive) == ids.end()) continue;
      if (place.empty() || real.role == solver::Role::kPromoted) place = name;
    }
  }
  return place;
}

void World::Act(const act::Move& move) {
  const ResourceDef* def = Outermost(catalog_->cluster().resources, move.resource.id);
  if (!def) return;
  const std::string id = def->id;
  const std::string from = PlaceOfResource(*this, move.resource.id);
  if (!move.node && from.empty()) return Tell(EventKind::kNote, {}, id + " runs nowhere, so it cannot be moved away");
  FallBehind();
  std::erase_if(deviations_, [&](const std::string& one) { return one.starts_with("place " + id + " "); });
  Reconfigure("place " + id + (move.node ? " on " + move.node->id : " not on " + from), true, [&](Cluster& cluster) {
    RemoveMoves(cluster, id, nullptr);
    if (move.node) {
      AddLocation(cluster, "cli-prefer-" + id, id, move.node->id, "INFINITY", move.promoted);
    } else {
      AddLocation(cluster, "cli-ban-" + id + "-on-" + from, id, from, "-INFINITY", move.promoted);
    }
  });
}

void World::Act(const act::Ban& ban) {
  const ResourceDef* def = Outermost(catalog_->cluster().resources, ban.resource.id);
  if (!def) return;
  const std::string id = def->id;
  const std::string node = ban.node ? ban.node->id : PlaceOfResource(*this, ban.resource.id);
  if (node.empty()) return Tell(EventKind::kNote, {}, id + " runs nowhere, so it cannot be banned from there");
  Reconfigure("place " + id + " not on " + node, true, [&](Cluster& cluster) {
    RemoveMoves(cluster, id, &node);
    AddLocation(cluster, "cli-ban-" + id + "-on-" + node, id, node, "-INFINITY", ban.promoted);
  });
}

void World::Act(const act::Clear& clear) {
  const ResourceDef* def = Outermost(catalog_->cluster().resources, clear.resource.id);
  if (!def) return;
  const std::string id = def->id;
  FallBehind();
  std::erase_if(deviations_, [&](const std::string& one) {
    return one.starts_with("place " + id + " ") && (!clear.node || one.ends_with(" on " + clear.node->id));
  });
  Reconfigure("clear " + id + (clear.node ? " on " + clear.node->id : ""), true,
              [&](Cluster& cluster) { RemoveMoves(cluster, id, clear.node ? &clear.node->id : nullptr); });
}

// Failures are forgotten, with the whole history of the resource where it has one; a refresh forgets every
// history. What is forgotten is probed again (spec 09 §15).
void World::Act(const act::Cleanup& cleanup) {
  const CatalogEntry* entry = cleanup.resource ? catalog_->Find(cleanup.resource->id) : nullptr;
  for (ClusterSide& side : sides_) {
    bool changed = false;
    for (const std::string& name : PlacesOf(side)) {
      if (cleanup.node && name != cleanup.node->id) continue;
      std::vector<std::string> ids;
      for (const solver::ResourceHistory& history : StateOf(side, name).history) {
        const std::string primitive(solver::BaseName(history.id));
        if (entry &&
            std::find(entry->primitives.begin(), entry->primitives.end(), primitive) == entry->primitives.end())
          continue;
        ids.push_back(history.id);
      }
      for (const std::string& id : ids) {
        solver::NodeState& state = Edit(side, name);
        const execution::HistoryTarget target{{id}, {}, {}, {}};
        // picketd forgets all of what it is told by name.
        const bool all = cleanup.refresh || (settings_.picket_engine && cleanup.resource);
        if (!(all ? execution::Refresh(state, target) : execution::Cleanup(state, target))) continue;
        // A device whose resource is forgotten is registered no more: its probe finds nothing (spec 09 §7.8).
        if (catalog_->IsFenceDevice(id)) nodes_.at(name).resources.erase(id);
        for (auto& [instance, real] : nodes_.at(name).resources) {
          if (solver::BaseName(instance) == solver::BaseName(id)) real.reported_rc = 0;
        }
        changed = true;
      }
    }
    if (changed) Wake(side, settings_.durations.cleanup_ms);
  }
}

void World::Act(const act::ByHand& by_hand) {
  const CatalogEntry* entry = catalog_->Find(by_hand.resource.id);
  if (!entry || entry->primitives.empty()) return;
  const std::string& primitive = entry->primitives.front();
  if (by_hand.action == act::Action::kStop) return StopServing(primitive, by_hand.node.id, 7, false);
  TrueNode& node = nodes_.at(by_hand.node.id);
  TrueResource& real = node.resources[primitive];
  const bool ran = !real.primitive.empty();
  real.primitive = primitive;
  real.failing_rc = 0;
  if (!ran) real.role = entry->promotable ? solver::Role::kUnpromoted : solver::Role::kStarted;
  if (!ran)
    Tell(EventKind::kNote, node.name,
         "nobody notices that " + primitive + " runs on " + node.name + " until it is probed");
}

}  // namespace picket::simulator
