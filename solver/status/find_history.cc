#include "solver/status/find_history.h"

#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

// The primitive in an instance whose id, with or without number, is the base name.
ResourceId MemberOf(const Run& run, ResourceId instance, std::string_view base) {
  ResourceId member;
  ForEachPrimitive(run, instance, [&](ResourceId id) {
    const Resource& resource = run.at(id);
    if (!member.valid() && (resource.id == base || resource.config_id == base)) member = id;
  });
  return member;
}

// The first node where something of the instance is active or pending.
NodeId FirstLocation(const Run& run, ResourceId instance) {
  NodeId location;
  ForEachPrimitive(run, instance, [&](ResourceId id) {
    const Resource& resource = run.at(id);
    if (location.valid()) return;
    location = resource.active.empty() ? resource.pending_node : resource.active.front();
  });
  return location;
}

// Walks the instances: the one that is on the node already, else the first that is nowhere (spec 02 §3.2).
ResourceId ExistingInstance(const Run& run, ResourceId clone, NodeId node, std::string_view base) {
  ResourceId spare;
  bool no_spare_wanted = false;
  for (const ResourceId instance : run.at(clone).children) {
    const NodeId location = FirstLocation(run, instance);
    if (location.valid()) {
      const ResourceId member = location == node ? MemberOf(run, instance, base) : ResourceId();
      if (!member.valid()) continue;
      if (run.at(member).active.empty()) return member;
      // A second history of one instance on a node: the numbers are from when the clone was unique.
      no_spare_wanted = true;
      continue;
    }
    if (no_spare_wanted || spare.valid() || AnyBlocked(run, instance)) continue;
    spare = MemberOf(run, instance, base);
    if (spare.valid() && run.at(spare).pending_node.valid() && run.at(spare).pending_node != node) spare = {};
  }
  return no_spare_wanted ? ResourceId() : spare;
}

// An instance number is not wasted on a node that is being lost.
bool IsWasted(const Run& run, ResourceId clone, ResourceId member, NodeId node) {
  const Node& where = run.at(node);
  return !run.at(member).needs_fencing && (!where.online || where.unclean) && !IsGuestNode(run, node) &&
         run.at(clone).clone->clone_max != static_cast<int32_t>(run.node_order.size());
}

ResourceId AnonymousInstance(Run& run, ResourceIndex& index, ResourceId clone, NodeId node, std::string_view base) {
  const ResourceId member = ExistingInstance(run, clone, node, base);
  if (member.valid() && !IsWasted(run, clone, member, node)) return member;
  const ResourceId created = CreateInstance(run, clone);
  if (!created.valid()) return {};
  index.Add(run, created);
  return MemberOf(run, created, base);
}

// In a bundle the replica is known by its node.
ResourceId ReplicaChild(const Run& run, ResourceId bundle, NodeId node) {
  for (const Replica& replica : run.at(bundle).bundle->replicas) {
    if (replica.node == node) return replica.child;
  }
  return {};
}

ResourceId FindConfigured(Run& run, ResourceIndex& index, NodeId node, std::string_view id) {
  const std::string base(BaseName(id));
  ResourceId found = index.Find(run, id);
  if (!found.valid()) {
    found = index.Find(run, base + ":0");
    if (found.valid() && run.at(found).unique) found = {};
  }
  if (!found.valid() || !run.at(found).is_primitive()) return {};
  const ResourceId top = Top(run, found);
  if (!run.at(top).is_clone() || run.at(top).unique) return found;
  if (const ResourceId bundle = EnclosingBundle(run, top); bundle.valid()) return ReplicaChild(run, bundle, node);
  return AnonymousInstance(run, index, top, node, base);
}

}  // namespace

ResourceIndex::ResourceIndex(const Run& run) {
  for (const ResourceId top : run.top_level) Add(run, top);
}

void ResourceIndex::Add(const Run& run, ResourceId resource) {
  by_id_.emplace(run.at(resource).id, resource);
  if (!run.at(resource).history_id.empty()) AddHistoryId(run, resource);
  for (const ResourceId child : run.at(resource).children) Add(run, child);
}

void ResourceIndex::AddHistoryId(const Run& run, ResourceId resource) {
  by_history_id_[run.at(resource).history_id].push_back(resource);
}

ResourceId ResourceIndex::Find(const Run& run, std::string_view id) const {
  const auto by_id = by_id_.find(id);
  ResourceId found = by_id == by_id_.end() ? ResourceId() : by_id->second;
  const auto known_as = by_history_id_.find(id);
  if (known_as == by_history_id_.end()) return found;
  for (const ResourceId resource : known_as->second) {
    if (run.at(resource).history_id != id || resource == found) continue;
    if (!found.valid()) {
      found = resource;
    } else if (Top(run, found) != Top(run, resource) || !InAnonymousClone(run, found)) {
      return FindResource(run, id);
    }
  }
  return found;
}

ResourceId ResourceOfHistory(Run& run, ResourceIndex& index, NodeId node, const ResourceHistory& history) {
  ResourceId found = FindConfigured(run, index, node, history.id);
  if (!found.valid() && !history.entries.empty()) {
    found = CreateRemovedPrimitive(run, history.attributes);
    if (found.valid()) index.Add(run, found);
    if (found.valid() && FindAttribute(history.attributes, "container")) run.at(found).removed_launched = true;
  }
  if (!found.valid()) return {};
  Resource& resource = run.at(found);
  if (resource.id != history.id && resource.history_id != history.id) {
    resource.history_id = history.id;
    index.AddHistoryId(run, found);
  }
  return found;
}

}  // namespace picket::solver
