// Edits of the configuration while the cluster runs: single options, what is deleted, and whole policies that
// are deployed over the one in force.
//
// A deployment does what `picket apply` does: what the new policy declares is in force, what the old one
// declared and the new one does not is gone, and what people set by hand and no policy declares stays.
#include <set>
#include <stdexcept>

#include "simulator/world/by_hand.h"
#include "simulator/world/world.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/cib/values.h"

namespace picket::simulator {
namespace {

namespace act = compiler::scenario;
using solver::Cluster;
using solver::ResourceDef;
using Ids = std::set<std::string, std::less<>>;

// --- single options

void EditOperations(ResourceDef& def, const act::Edit& edit) {
  for (solver::OperationDef& operation : def.operations) {
    if (operation.name != edit.operation) continue;
    std::erase_if(operation.attributes, [&](const auto& one) { return one.first == edit.option; });
    operation.attributes.emplace_back(edit.option, edit.value);
    if (edit.option == "interval") operation.interval_ms = solver::DurationOrZero(edit.value);
    if (edit.option == "enabled") operation.enabled = solver::IsTrue(edit.value);
  }
}

void Apply(const act::Edit& edit, Cluster& cluster) {
  using Block = act::Edit::Block;
  if (edit.block == Block::kProperty)
    return SetByHand(cluster.properties, "cib-bootstrap-options", edit.option, edit.value);
  ResourceDef* def = FindDef(cluster.resources, edit.resource->id);
  if (!def) return;
  if (edit.block == Block::kOperation) return EditOperations(*def, edit);
  SetByHand(edit.block == Block::kMeta ? def->meta : def->params, def->id, edit.option, edit.value);
}

// Whether that deviation is about the same option, with whichever value.
bool IsAbout(const std::string& deviation, const act::Edit& edit) {
  const std::string text = FaultText(edit);
  const std::string begin = text.substr(0, text.find('=') + 1);
  const std::string end = edit.resource ? " of " + edit.resource->id : "";
  return deviation.starts_with(begin) && deviation.ends_with(end);
}

// --- what is deleted

void AddIds(const ResourceDef& def, Ids& ids) {
  ids.insert(def.id);
  for (const ResourceDef& child : def.children) AddIds(child, ids);
}

// Takes the resource away, and what held it and holds nothing any more. `gone` gets the ids.
void RemoveResource(std::vector<ResourceDef>& resources, const std::string& id, Ids& gone) {
  for (auto def = resources.begin(); def != resources.end(); ++def) {
    if (def->id != id) {
      const bool held = !def->children.empty();
      RemoveResource(def->children, id, gone);
      if (!held || !def->children.empty()) continue;
    }
    AddIds(*def, gone);
    resources.erase(def);
    return;
  }
}

// Whether the constraint speaks of nothing any more once these resources are gone.
template <typename Constraint>
bool LosesItsSense(Constraint& constraint, const Ids& gone) {
  for (const auto& [name, value] : constraint.attributes) {
    const bool names = name == "rsc" || name == "with-rsc" || name == "first" || name == "then";
    if (names && gone.contains(value)) return true;
  }
  if (constraint.sets.empty()) return false;
  for (solver::ResourceSetDef& set : constraint.sets)
    std::erase_if(set.refs, [&](const std::string& ref) { return gone.contains(ref); });
  std::erase_if(constraint.sets, [](const solver::ResourceSetDef& set) { return set.refs.empty(); });
  return constraint.sets.empty();
}

// The resource with everything that names it, or the constraint of that id.
void Remove(const std::string& id, Cluster& cluster) {
  Ids gone;
  RemoveResource(cluster.resources, id, gone);
  std::erase_if(cluster.constraints, [&](solver::ConstraintDef& constraint) {
    return std::visit([&](auto& one) { return one.id == id || LosesItsSense(one, gone); }, constraint);
  });
  for (solver::TagDef& tag : cluster.tags)
    std::erase_if(tag.refs, [&](const std::string& ref) { return gone.contains(ref); });
  std::erase_if(cluster.tags, [](const solver::TagDef& tag) { return tag.refs.empty(); });
  for (solver::FencingLevelDef& level : cluster.fencing_levels)
    std::erase_if(level.devices, [&](const std::string& device) { return gone.contains(device); });
  std::erase_if(cluster.fencing_levels, [](const auto& level) { return level.devices.empty(); });
}

// --- whole policies

// The compiler has made it: if it is no CIB the program is wrong, not its user.
Cluster ReadDeployed(const act::Deployed& policy, const solver::Target& target) {
  pugi::xml_document document;
  solver::DocumentError error;
  std::string warning;
  if (!solver::ParseDocument(policy.cib, document, error) || !solver::UpgradeDocument(document, warning, error, target))
    throw std::logic_error(policy.path + ": " + error.message);
  return solver::ReadCluster(document, target);
}

// What is set by hand in `from` and not declared in `to`.
void KeepByHand(const solver::NvBlocks& from, solver::NvBlocks& to, const std::string& owner) {
  for (const solver::NvBlock& block : from) {
    if (block.id != ByHandId(owner)) continue;
    for (const solver::NvPair& pair : block.pairs) {
      if (!PlainValue(to, pair.name)) SetByHand(to, owner, pair.name, pair.value);
    }
  }
}

void KeepByHand(const std::vector<ResourceDef>& from, std::vector<ResourceDef>& to) {
  for (const ResourceDef& def : from) {
    if (ResourceDef* now = FindDef(to, def.id)) {
      KeepByHand(def.meta, now->meta, def.id);
      KeepByHand(def.params, now->params, def.id);
    }
    KeepByHand(def.children, to);
  }
}

void KeepByHand(const Cluster& from, Cluster& to) {
  KeepByHand(from.properties, to.properties, "cib-bootstrap-options");
  for (const solver::NodeDef& node : from.nodes) {
    for (solver::NodeDef& now : to.nodes) {
      if (now.uname == node.uname) KeepByHand(node.attributes, now.attributes, "nodes-" + node.id);
    }
  }
  KeepByHand(from.resources, to.resources);
  for (const solver::ConstraintDef& constraint : from.constraints) {
    const auto* location = std::get_if<solver::LocationDef>(&constraint);
    if (location && location->id.starts_with("cli-") &&
        FindDef(to.resources, solver::AttributeOr(location->attributes, "rsc")))
      to.constraints.push_back(constraint);
  }
}

}  // namespace

void World::Act(const act::Edit& edit) {
  FallBehind();
  std::erase_if(deviations_, [&](const std::string& one) { return IsAbout(one, edit); });
  Reconfigure(FaultText(edit), true, [&](Cluster& cluster) { Apply(edit, cluster); });
}

void World::Act(const act::Delete& deletion) {
  Reconfigure(FaultText(deletion), true, [&](Cluster& cluster) { Remove(deletion.subject.id, cluster); });
}

// Nobody starts or stops a node for it: nodes are the same (the compiler has looked).
void World::Act(const act::Deploy& deploy) {
  FallBehind();
  std::erase_if(deviations_, [](const std::string& one) {
    return one.starts_with("set ") || one.starts_with("delete ") || one.starts_with("deploy");
  });
  Reconfigure(FaultText(deploy), true, [&](Cluster& cluster) {
    Cluster next = deploy.policy ? ReadDeployed(*deploy.policy, cluster.target) : written_->cluster();
    next.feature_set = cluster.feature_set;
    KeepByHand(cluster, next);
    cluster = std::move(next);
  });
}

}  // namespace picket::simulator
