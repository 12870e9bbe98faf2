#include "solver/status/active.h"

#include "solver/explain/note.h"
#include "solver/model/query.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

// The priority of a node is that of what it runs; a guest's burden lies on its hosts (spec 02 §15.1.2).
void AddPriority(Run& run, const Resource& resource, NodeId node) {
  if (resource.priority == 0) return;
  const int32_t priority = resource.priority + (resource.role == Role::kPromoted ? 1 : 0);
  run.at(node).priority += priority;
  if (const ResourceId launcher = LauncherOf(run, node); launcher.valid()) {
    for (const NodeId host : run.at(launcher).active) run.at(host).priority += priority;
  }
}

void Block(Resource& resource) {
  resource.managed = false;
  resource.blocked = true;
}

void BlockWithSiblings(Run& run, ResourceId id) {
  Block(run.at(id));
  const ResourceId parent = run.at(id).parent;
  if (!parent.valid()) return;
  const Resource& above = run.at(parent);
  if ((!above.is_group() && !above.is_bundle()) || above.multiple_active != MultipleActive::kBlock) return;
  for (const ResourceId sibling : above.children) Block(run.at(sibling));
}

void RecoverFromMultipleActive(Run& run, ResourceId id) {
  const ActiveCounts counts = CountActive(run, id);
  if ((run.at(id).needs_fencing ? counts.all : counts.clean) <= 1) return;
  switch (run.at(id).multiple_active) {
    case MultipleActive::kStopOnly:
      NoteBan(run, "failed-operation", id, NodeId(), "multiple-active", "it is active on several nodes");
      BanEverywhereFresh(run, id);
      break;
    case MultipleActive::kBlock:
      NoteBan(run, "blocked", id, NodeId(), "multiple-active", "it is active on several nodes");
      BlockWithSiblings(run, id);
      break;
    case MultipleActive::kStopStart:
    case MultipleActive::kStopUnexpected:
      break;  // Decided when actions are created (spec 02 §15.3).
  }
}

}  // namespace

void AddActive(Run& run, ResourceId id, NodeId node, bool failed) {
  Resource& resource = run.at(id);
  if (IsActiveOn(run, id, node)) return;
  resource.active.push_back(node);
  if (resource.is_primitive()) {
    run.at(node).running.push_back(id);
    if (!failed) AddPriority(run, resource, node);
    if (run.at(node).maintenance) {
      resource.managed = false;
      if (run.Behaves(Behaviour::kNodeMaintenance)) resource.maintenance = true;
    }
  }
  if (!resource.managed) {
    AddScore(run, id, node, Score::Infinity());
    // Without a check for duplicates, and on nodes that are away too (spec 02 §15.1.3; `unmanaged-promoted`).
    // Before 2.1.10 only where the node is online (spec 07 C-11).
    const bool counts = run.at(node).online || run.Behaves(Behaviour::kUnmanagedMemberCounts);
    for (ResourceId above = counts ? run.at(id).parent : ResourceId(); above.valid(); above = run.at(above).parent) {
      run.at(above).active.push_back(node);
    }
    return;
  }
  if (resource.is_primitive()) RecoverFromMultipleActive(run, id);
  if (const ResourceId parent = run.at(id).parent; parent.valid()) AddActive(run, parent, node, false);
}

}  // namespace picket::solver
