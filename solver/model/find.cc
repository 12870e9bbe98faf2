// Finding actions (declared in query.h). Apart from the other questions, because it is what gets indices for
// speed: a test may put a file in its place that searches lists from end to end.
#include <algorithm>

#include "solver/model/query.h"

namespace picket::solver {
namespace {

ActionId NewestInIndex(const Run& run, ResourceId resource, Symbol name, NodeId node) {
  const ActionsByName& index = run.actions_by_name;
  const auto begin = index.entries.begin() + static_cast<std::ptrdiff_t>(index.begins[resource.index()]);
  const auto end = index.entries.begin() + static_cast<std::ptrdiff_t>(index.begins[resource.index() + 1]);
  auto entry = std::lower_bound(begin, end, name, [](const auto& one, Symbol wanted) { return one.first < wanted; });
  for (; entry != end && entry->first == name; ++entry) {
    if (!node.valid() || run.at(entry->second).node == node) return entry->second;
  }
  return {};
}

}  // namespace

void IndexActionsByName(Run& run) {
  ActionsByName& index = run.actions_by_name;
  index.entries.clear();
  index.begins.clear();
  index.of_children.clear();
  run.known_effects.clear();
  index.entries.reserve(run.actions.size());
  for (const Resource& resource : run.resources) {
    index.begins.push_back(index.entries.size());
    for (const ActionId id : resource.actions) index.entries.emplace_back(run.at(id).name, id);
    // tidy: allow(sort) because no two compare equal
    std::sort(index.entries.begin() + static_cast<std::ptrdiff_t>(index.begins.back()), index.entries.end(),
              [](const auto& a, const auto& b) {
                return a.first != b.first ? a.first < b.first : a.second.value > b.second.value;
              });
  }
  index.begins.push_back(index.entries.size());
}

const std::vector<ActionId>& ActionsWithKey(const Run& run, ResourceId resource, Symbol operation,
                                            uint32_t interval_ms) {
  static const std::vector<ActionId> kNone;
  const std::vector<ActionId>* found = run.actions_by_key.Find(ActionKey{resource, operation, interval_ms});
  return found ? *found : kNone;
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

const ActionsByName::OfChildren& NewestOfChildren(Run& run, ResourceId parent, Symbol name) {
  const uint64_t key = (uint64_t{static_cast<uint32_t>(parent.value)} << 32) | static_cast<uint32_t>(name);
  const auto [known, is_new] = run.actions_by_name.of_children.try_emplace(key);
  ActionsByName::OfChildren& actions = known->second;
  if (!is_new && !run.actions_by_name.begins.empty()) return actions;
  actions = {};
  for (const ResourceId child : run.at(parent).children) {
    actions.newest.push_back(NewestNamed(run, child, name));
    actions.any = actions.any || actions.newest.back().valid();
  }
  return actions;
}

ActionId OldestWithKey(const Run& run, ResourceId resource, Symbol operation, uint32_t interval_ms, NodeId node) {
  for (const ActionId id : ActionsWithKey(run, resource, operation, interval_ms)) {
    if (!node.valid() || !run.at(id).node.valid() || run.at(id).node == node) return id;
  }
  return {};
}

}  // namespace picket::solver
