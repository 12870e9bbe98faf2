// Questions that every stage asks of a Run and that change nothing. Each is a few steps long.
#pragma once

#include <string_view>
#include <vector>

#include "solver/model/run.h"

namespace picket::solver {

// --- resources ---------------------------------------------------------------------------------------------
// Outermost ancestor, not going above a clone inside a bundle (spec 03 §1.1 "top resource").
ResourceId Top(const Run& run, ResourceId resource);
// Outermost ancestor, bundles included.
ResourceId TopWithBundle(const Run& run, ResourceId resource);
// The bundle above, if any.
ResourceId EnclosingBundle(const Run& run, ResourceId resource);
bool IsAncestor(const Run& run, ResourceId ancestor, ResourceId resource);  // proper ancestor
// Top is a clone that is not unique.
bool InAnonymousClone(const Run& run, ResourceId resource);
// The instances of a clone: its children. Of a bundle: the containers of its replicas.
std::vector<ResourceId> Instances(const Run& run, ResourceId collective);
// The ban target of spec 02 §1: the top if the resource is not unique, else itself.
ResourceId BanTarget(const Run& run, ResourceId resource);
// Calls visit(ResourceId) for every primitive at or below, depth first in current child order (bundle:
// children).
template <typename Visit>
void ForEachPrimitive(const Run& run, ResourceId resource, Visit&& visit) {
  if (run.at(resource).is_primitive()) {
    visit(resource);
    return;
  }
  const std::vector<ResourceId> children = run.at(resource).children;
  for (const ResourceId child : children) ForEachPrimitive(run, child, visit);
}
// Highest current/next role of the resource and everything below it (bundles: kUnknown) (spec 04 §1).
Role CurrentRole(const Run& run, ResourceId resource);
Role NextRole(const Run& run, ResourceId resource);
bool AnyBlocked(const Run& run, ResourceId resource);  // it or any descendant
bool AnyFailed(const Run& run, ResourceId resource);
// Active per spec 06 §10.4: some current node is unclean or online, or the resource is unmanaged (primitive);
// group, clone, bundle: any member active (`all` false) or all of them (`all` true).
bool IsActive(const Run& run, ResourceId resource, bool all = false);
bool IsRoleShownAsUnpromoted(const Run& run, ResourceId resource);  // Started inside a promotable clone

// The one representative active node (spec 03 §1.4, 05 §8.2), or none. For a bundle: over its containers'
// nodes.
NodeId CurrentNode(const Run& run, ResourceId resource);
struct ActiveCounts {
  int all = 0;
  int clean = 0;
};
ActiveCounts CountActive(const Run& run, ResourceId resource);
bool IsActiveOn(const Run& run, ResourceId resource, NodeId node);
bool IsKnownOn(const Run& run, ResourceId resource, NodeId node);
// The single node of the resource and all its descendants ("location", spec 04 §1): none if zero or several.
// `current`: current nodes (pending nodes not counted); else assigned nodes.
NodeId LocationOf(const Run& run, ResourceId resource, bool current);

// --- finding -----------------------------------------------------------------------------------------------
// First in depth-first order over the resource list whose instance id or history id is `id` (spec 01 §19.1).
ResourceId FindResource(const Run& run, std::string_view id);
NodeId FindNodeByName(const Run& run, std::string_view name);  // without case
NodeId FindNodeById(const Run& run, std::string_view id);      // without case

// --- nodes -------------------------------------------------------------------------------------------------
bool IsGuestNode(const Run& run,
                 NodeId node);  // guest or bundle node: remote kind, connection with a launcher
bool IsRemoteNode(const Run& run,
                  NodeId node);                  // remote kind, not guest (leftovers without connection included)
bool IsBundleNode(const Run& run, NodeId node);  // its connection is inside a bundle
// Launcher of a guest/bundle node, or none.
ResourceId LauncherOf(const Run& run, NodeId node);
// Online, not shutting down, not unclean, not standby, not maintenance (spec 03 §1.3).
bool IsAvailable(const Run& run, NodeId node);
// Available, and `score` is not negative.
bool IsAvailableWithScore(const Run& run, NodeId node, Score score);
// Online and not unclean.
bool IsClean(const Run& run, NodeId node);

// --- actions -----------------------------------------------------------------------------------------------
// The printed key: `RSC_OP_MS`, or the whole key of a cluster action. With a given id instead of the
// resource's own.
std::string KeyText(const Run& run, ActionId action);
void AppendKeyText(const Run& run, ActionId action, std::string& out);
// Whether the action is a resource's and its key ends with `_OPERATION_0`, as those of notifications about it
// do.
bool KeyEndsWith(const Run& run, ActionId action, std::string_view operation);
inline bool KeyEndsWithStop(const Run& run, ActionId action) {
  return KeyEndsWith(run, action, "stop");
}
// All actions of `resource` with this key, oldest first (empty list if none); actions whose name was changed
// (cancel) keep their key.
const std::vector<ActionId>& ActionsWithKey(const Run& run, ResourceId resource, Symbol operation,
                                            uint32_t interval_ms);
// The resource's newest action named `name` (Action::name), on `node` if that is given. None: invalid.
ActionId NewestNamed(const Run& run, ResourceId resource, Symbol name, NodeId node = {});
// For each child of `parent`, in their order, the newest action named `name`; invalid where there is none. Good until
// the next call for the same parent and name.
const ActionsByName::OfChildren& NewestOfChildren(Run& run, ResourceId parent, Symbol name);
// Makes the index that both use, good until `run.actions_by_name.begins` is cleared: an action that
// comes, or changes its name or node, is not in it.
void IndexActionsByName(Run& run);
// Oldest action with key (operation, 0) on `node` (if given; an action without node matches and is *not*
// changed).
ActionId OldestWithKey(const Run& run, ResourceId resource, Symbol operation, uint32_t interval_ms, NodeId node = {});

// Non-recurring monitor.
bool IsProbe(const Action& action);

}  // namespace picket::solver
