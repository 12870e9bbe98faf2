// The plain solver's finding of actions: all of them are looked at, from end to end. See
// solver/model/find.cc.
#include <deque>

#include "solver/model/query.h"

namespace picket::solver {

const std::vector<ActionId>& ActionsWithKey(const Run& run, ResourceId resource, Symbol operation,
                                            uint32_t interval_ms) {
  // The caller keeps a reference, perhaps through a recursion. Every solve has a thread of its own, so what
  // is kept here goes when it ends.
  thread_local std::deque<std::vector<ActionId>> kept;
  std::vector<ActionId>& found = kept.emplace_back();
  for (const Action& action : run.actions) {
    if (action.resource == resource && action.key_operation == operation && action.interval_ms == interval_ms) {
      found.push_back(action.id);
    }
  }
  return found;
}

void IndexActionsByName(Run&) {}

ActionId NewestNamed(const Run& run, ResourceId resource, Symbol name, NodeId node) {
  for (size_t i = run.actions.size(); i-- > 0;) {
    const Action& action = run.actions[i];
    if (action.resource != resource || action.name != name) continue;
    if (!node.valid() || action.node == node) return action.id;
  }
  return {};
}

const ActionsByName::OfChildren& NewestOfChildren(Run& run, ResourceId parent, Symbol name) {
  thread_local std::deque<ActionsByName::OfChildren> kept;
  ActionsByName::OfChildren& actions = kept.emplace_back();
  for (const ResourceId child : run.at(parent).children) actions.newest.push_back(NewestNamed(run, child, name));
  actions.any = true;  // so that each of them is looked at
  return actions;
}

ActionId OldestWithKey(const Run& run, ResourceId resource, Symbol operation, uint32_t interval_ms, NodeId node) {
  for (const Action& action : run.actions) {
    if (action.resource != resource || action.key_operation != operation) continue;
    if (action.interval_ms != interval_ms) continue;
    if (!node.valid() || !action.node.valid() || action.node == node) return action.id;
  }
  return {};
}

}  // namespace picket::solver
