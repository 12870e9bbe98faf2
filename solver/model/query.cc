#include "solver/model/query.h"

#include <algorithm>

#include "solver/model/text.h"

namespace picket::solver {
namespace {

// Walks the tree depth first; `combine` sees every primitive's value.
Role MaxRole(const Run& run, ResourceId id, Role Resource::*field) {
  const Resource& resource = run.at(id);
  if (resource.is_bundle()) return Role::kUnknown;
  if (resource.is_primitive()) return resource.*field;
  Role highest = Role::kUnknown;
  for (const ResourceId child : resource.children) highest = std::max(highest, MaxRole(run, child, field));
  return highest;
}

template <typename Test>
bool AnyBelow(const Run& run, ResourceId id, Test test) {
  if (test(run.at(id))) return true;
  for (const ResourceId child : run.at(id).children) {
    if (AnyBelow(run, child, test)) return true;
  }
  return false;
}

// Finds the only node of what is at and below a resource. False: there are several.
bool FindOnlyNode(const Run& run, ResourceId id, bool current, NodeId& only) {
  const Resource& resource = run.at(id);
  const auto add = [&only](NodeId node) {
    if (node.valid() && !only.valid()) only = node;
    return !node.valid() || node == only;
  };
  if (!resource.children.empty()) {
    return std::all_of(resource.children.begin(), resource.children.end(),
                       [&](ResourceId child) { return FindOnlyNode(run, child, current, only); });
  }
  return current ? std::all_of(resource.active.begin(), resource.active.end(), add) : add(resource.node);
}

// A bundle's current nodes are those of its containers, which are put into `nodes`. Before 2.1.6 they were those of all
// its parts, in the order in which the parts were found active (spec 07 B-18).
const std::vector<NodeId>& ActiveNodes(const Run& run, ResourceId id, std::vector<NodeId>& nodes) {
  const Resource& resource = run.at(id);
  if (!resource.is_bundle() || !run.Behaves(Behaviour::kBundleNodesOfContainers)) return resource.active;
  for (const Replica& replica : resource.bundle->replicas) {
    for (const NodeId node : run.at(replica.container).active) {
      if (std::find(nodes.begin(), nodes.end(), node) == nodes.end()) nodes.push_back(node);
    }
  }
  return nodes;
}

// `word` itself, or text that ends with `_word`.
bool EndsWithWord(std::string_view text, std::string_view word) {
  if (!text.ends_with(word)) return false;
  return text.size() == word.size() || text[text.size() - word.size() - 1] == '_';
}

}  // namespace

ResourceId Top(const Run& run, ResourceId id) {
  while (run.at(id).parent.valid() && !run.at(run.at(id).parent).is_bundle()) id = run.at(id).parent;
  return id;
}

ResourceId TopWithBundle(const Run& run, ResourceId id) {
  while (run.at(id).parent.valid()) id = run.at(id).parent;
  return id;
}

ResourceId EnclosingBundle(const Run& run, ResourceId id) {
  for (id = run.at(id).parent; id.valid(); id = run.at(id).parent) {
    if (run.at(id).is_bundle()) return id;
  }
  return {};
}

bool IsAncestor(const Run& run, ResourceId ancestor, ResourceId id) {
  for (id = run.at(id).parent; id.valid(); id = run.at(id).parent) {
    if (id == ancestor) return true;
  }
  return false;
}

bool InAnonymousClone(const Run& run, ResourceId id) {
  const Resource& top = run.at(Top(run, id));
  return top.is_clone() && !top.unique;
}

std::vector<ResourceId> Instances(const Run& run, ResourceId collective) {
  const Resource& resource = run.at(collective);
  if (!resource.is_bundle()) return resource.children;
  std::vector<ResourceId> containers;
  for (const Replica& replica : resource.bundle->replicas) containers.push_back(replica.container);
  return containers;
}

ResourceId BanTarget(const Run& run, ResourceId id) {
  return run.at(id).unique ? id : Top(run, id);
}

Role CurrentRole(const Run& run, ResourceId id) {
  return MaxRole(run, id, &Resource::role);
}
Role NextRole(const Run& run, ResourceId id) {
  return MaxRole(run, id, &Resource::next_role);
}

bool AnyBlocked(const Run& run, ResourceId id) {
  return AnyBelow(run, id, [](const Resource& r) { return r.blocked; });
}
bool AnyFailed(const Run& run, ResourceId id) {
  return AnyBelow(run, id, [](const Resource& r) { return r.failed; });
}

bool IsActive(const Run& run, ResourceId id, bool all) {
  const Resource& resource = run.at(id);
  if (resource.is_primitive()) {
    return std::any_of(resource.active.begin(), resource.active.end(),
                       [&](NodeId node) { return run.at(node).unclean || run.at(node).online || !resource.managed; });
  }
  bool any = false;
  for (const ResourceId child : resource.children) {
    const bool active = IsActive(run, child, all);
    any = any || active;
    if (all && !active) return false;
    if (!all && active) return true;
  }
  return any;
}

bool IsRoleShownAsUnpromoted(const Run& run, ResourceId id) {
  return run.at(id).role == Role::kStarted && run.at(Top(run, id)).promotable;
}

NodeId CurrentNode(const Run& run, ResourceId id) {
  const Resource& resource = run.at(id);
  std::vector<NodeId> of_containers;
  const std::vector<NodeId>& active = ActiveNodes(run, id, of_containers);
  if (active.empty()) return {};
  if (resource.migration_source.valid() &&
      std::find(active.begin(), active.end(), resource.migration_source) != active.end()) {
    return resource.migration_source;
  }
  if (!resource.needs_fencing) {
    for (const NodeId node : active) {
      if (IsClean(run, node)) return node;
    }
  }
  return active.front();
}

ActiveCounts CountActive(const Run& run, ResourceId id) {
  ActiveCounts counts;
  std::vector<NodeId> of_containers;
  for (const NodeId node : ActiveNodes(run, id, of_containers)) {
    ++counts.all;
    if (IsClean(run, node)) ++counts.clean;
  }
  return counts;
}

bool IsActiveOn(const Run& run, ResourceId id, NodeId node) {
  const auto& active = run.at(id).active;
  return std::find(active.begin(), active.end(), node) != active.end();
}

bool IsKnownOn(const Run& run, ResourceId id, NodeId node) {
  const auto& known = run.at(id).known_on;
  return std::find(known.begin(), known.end(), node) != known.end();
}

NodeId LocationOf(const Run& run, ResourceId id, bool current) {
  NodeId only;
  return FindOnlyNode(run, id, current, only) ? only : NodeId();
}

ResourceId FindResource(const Run& run, std::string_view id) {
  const auto search = [&](const auto& self, ResourceId candidate) -> ResourceId {
    const Resource& resource = run.at(candidate);
    if (resource.id == id || (!resource.history_id.empty() && resource.history_id == id)) return candidate;
    for (const ResourceId child : resource.children) {
      if (const ResourceId found = self(self, child); found.valid()) return found;
    }
    return {};
  };
  for (const ResourceId top : run.top_level) {
    if (const ResourceId found = search(search, top); found.valid()) return found;
  }
  return {};
}

NodeId FindNodeByName(const Run& run, std::string_view name) {
  for (const NodeId node : run.node_order) {
    if (EqualFolded(run.at(node).name, name)) return node;
  }
  return {};
}

NodeId FindNodeById(const Run& run, std::string_view id) {
  for (const NodeId node : run.node_order) {
    if (EqualFolded(run.at(node).id, id)) return node;
  }
  return {};
}

ResourceId LauncherOf(const Run& run, NodeId node) {
  const ResourceId connection = run.at(node).connection;
  return run.at(node).remote && connection.valid() ? run.at(connection).launcher : ResourceId();
}

bool IsGuestNode(const Run& run, NodeId node) {
  return LauncherOf(run, node).valid();
}
bool IsRemoteNode(const Run& run, NodeId node) {
  return run.at(node).remote && !IsGuestNode(run, node);
}

bool IsBundleNode(const Run& run, NodeId node) {
  const ResourceId connection = run.at(node).connection;
  return run.at(node).remote && connection.valid() && EnclosingBundle(run, connection).valid();
}

bool IsAvailable(const Run& run, NodeId id) {
  const Node& node = run.at(id);
  return node.online && !node.shutting_down && !node.unclean && !node.standby && !node.maintenance;
}

bool IsAvailableWithScore(const Run& run, NodeId node, Score score) {
  return score.value() >= 0 && IsAvailable(run, node);
}

bool IsClean(const Run& run, NodeId node) {
  return run.at(node).online && !run.at(node).unclean;
}

std::string KeyText(const Run& run, ActionId id) {
  std::string text;
  AppendKeyText(run, id, text);
  return text;
}

void AppendKeyText(const Run& run, ActionId id, std::string& out) {
  const Action& action = run.at(id);
  if (action.resource.valid()) {
    out += run.at(action.resource).id;
    out += '_';
  }
  out += run.symbols.Text(action.key_operation);
  if (action.resource.valid()) {
    out += '_';
    out += std::to_string(action.interval_ms);
  }
}

bool KeyEndsWith(const Run& run, ActionId id, std::string_view operation) {
  const Action& action = run.at(id);
  // The key as text: that of a notification about the operation ends so, too.
  return action.resource.valid() && action.interval_ms == 0 &&
         EndsWithWord(run.symbols.Text(action.key_operation), operation);
}

bool IsProbe(const Action& action) {
  return action.name == Symbol::kMonitor && action.interval_ms == 0;
}

}  // namespace picket::solver
