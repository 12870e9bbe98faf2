// Finding actions (declared in query.h). Apart from the other questions, because it is what gets indices for
// speed: a test may put a file in its place that searches lists from end to end.
#include "solver/model/query.h"

namespace picket::solver {
namespace {

ActionId NewestInIndex(const Run& run, ResourceId resource, Symbol name, NodeId node) {
  const ActionsByName& index = run.actions_by_name;
  for (size_t i = index.begins[resource.index()]; i < index.begins[resource.index() + 1]; ++i) {
    const auto& [entry_name, id] = index.entries[i];
    if (entry_name == name && (!node.valid() || run.at(id).node == node)) return id;
  }
  return {};
}

}  // namespace

void IndexActionsByName(Run& run) {
  ActionsByName& index = run.actions_by_name;
  index.entries.clear();
  index.begins.clear();
  index.entries.reserve(run.actions.size());
  for (const Resource& resource : run.resources) {
    index.begins.push_back(index.entries.size());
    for (auto id = resource.actions.rbegin(); id != resource.actions.rend(); ++id) {
      index.entries.emplace_back(run.at(*id).name, *id);
    }
  }
  index.begins.push_back(index.entries.size());
}

const std::vector<ActionId>& ActionsWithKey(const Run& run, ResourceId resource, Symbol operation,
                                            uint32_t interval_ms) {
  static const std::vector<ActionId> kNone;
  const auto it = run.actions_by_key.find(ActionKey{resource, operation, interval_ms});
  return it == run.actions_by_key.end() ? kNone : it->second;
}

ActionId NewestNamed(const Run& run, ResourceId resource, Symbol name, NodeId node) {
  if (!run.actions_by_name.begins.empty()) return NewestInIndex(run, resource, name, node);
  const auto& actions = run.at(resource).actions;
  for (auto it = actions.rbegin(); it != actions.rend(); ++it) {
    const Action& action = run.at(*it);
    if (action.name == name && (!node.valid() || action.node == node)) return *it;
  }
  return {};
}

ActionId OldestWithKey(const Run& run, ResourceId resource, Symbol operation, uint32_t interval_ms,
                       NodeId node) {
  for (const ActionId id : ActionsWithKey(run, resource, operation, interval_ms)) {
    if (!node.valid() || !run.at(id).node.valid() || run.at(id).node == node) return id;
  }
  return {};
}

}  // namespace picket::solver
