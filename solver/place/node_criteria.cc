// Node criteria: what the configuration and the past say about nodes before anything is colocated (spec 03 §5).
//
// Cost: locks and stickiness linear in the resources, locations in their entries, the last loop nodes × resources.
#include "solver/actions/create.h"
#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/place/location.h"
#include "solver/place/place.h"
#include "solver/place/rows.h"
#include "solver/status/status.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace place {
namespace {

// The time of a lock that begins now is that of the shutdown request.
int64_t ShutdownTime(const Run& run, NodeId node) {
  const auto requested = ParseInteger(run.at(node).attributes.Get("shutdown"));
  return requested && *requested > 0 ? *requested : run.state->now.epoch_s;
}

// A lock that history remembers is void once the resource is active somewhere; a resource active on exactly one node
// that is shutting down cleanly becomes locked there (spec 03 §5.1.1-2).
void UpdateLock(Run& run, ResourceId id) {
  if (run.at(id).lock_node.valid()) {
    if (run.at(id).active.empty()) return;
    const NodeId node = run.at(id).lock_node;
    run.at(id).lock_node = NodeId();
    run.at(id).lock_time_s = 0;
    RequestAction(run, id, Symbol::kLrmDelete, 0, node, false);
    return;
  }
  if (run.at(id).active.size() != 1) return;
  const NodeId node = run.at(id).active.front();
  if (!run.at(node).shutting_down || run.at(node).unclean) return;
  run.at(id).lock_node = node;
  run.at(id).lock_time_s = ShutdownTime(run, node);
}

void ApplyLock(Run& run, ResourceId id) {
  if (run.at(id).is_group()) {
    const std::vector<ResourceId> members = run.at(id).children;
    for (const ResourceId member : members) ApplyLock(run, member);
    return;
  }
  if (!run.at(id).is_primitive() || run.at(id).fence_device || run.at(id).connection) return;
  UpdateLock(run, id);
  const NodeId locked = run.at(id).lock_node;
  if (!locked.valid()) return;
  if (run.options.shutdown_lock_limit_ms > 0) {
    ConsiderRecheck(run, run.at(id).lock_time_s + WholeSeconds(run, run.options.shutdown_lock_limit_ms) + 1);
  }
  for (const NodeId node : std::vector<NodeId>(run.node_order)) {
    if (node == locked) continue;
    RecordReason(run, "shutdown-lock", id, node, Score(), Score::MinusInfinity(), "shutdown-lock");
    AddScore(run, id, node, Score::MinusInfinity());
  }
}

// Only what runs on exactly one node sticks, and in an opt-in cluster only where it may run anyway (spec 03 §5.3).
void ApplyStickiness(Run& run, ResourceId top) {
  ForEachPrimitive(run, top, [&](ResourceId id) {
    const Resource& resource = run.at(id);
    if (!resource.managed || resource.stickiness < Score(1) || resource.active.size() != 1) return;
    const NodeId node = resource.active.front();
    const Cell* cell = resource.row.Find(node);
    if (!run.options.symmetric && cell == nullptr) return;
    const Score before = cell ? cell->score : Score();
    const Score stickiness = resource.stickiness;
    AddScore(run, id, node, stickiness);
    RecordReason(run, "stickiness", id, node, before, before + stickiness, "resource-stickiness");
  });
}

std::string FailuresText(int32_t count, int32_t threshold) {
  if (Score(count).is_infinite()) return "a failure that counts as INFINITY, as that of a start does";
  const std::string failures = Score(count).ToString() + (count == 1 ? " failure" : " failures");
  return failures + ", the threshold is " + Score(threshold).ToString();
}

void ApplyThreshold(Run& run, ResourceId top, NodeId node) {
  if (WantsReasons(run)) {
    ForEachPrimitive(run, top, [&](ResourceId id) {
      if (!ThresholdReached(run, id, node)) return;
      const int32_t count = CountFailures(run, id, node, true, true).count;
      NoteBan(run, "failures", id, node, "migration-threshold", FailuresText(count, run.at(id).migration_threshold));
    });
  }
  BanByThreshold(run, top, node);
}

void ApplyExclusiveDiscovery(Run& run, ResourceId id, NodeId node) {
  if (!run.at(id).exclusive_discovery && !run.at(Top(run, id)).exclusive_discovery) return;
  const std::vector<ResourceId> children = run.at(id).children;
  for (const ResourceId child : children) ApplyExclusiveDiscovery(run, child, node);
  Cell* cell = run.at(id).row.Find(node);
  if (cell && cell->probe_mode != ProbeMode::kExclusive) {
    SetScore(run, id, node, *cell, Score::MinusInfinity(), "discovery", "resource-discovery");
  }
}

}  // namespace
}  // namespace place

void ApplyNodeCriteria(Run& run) {
  const std::vector<ResourceId> top_level = run.top_level;
  if (run.options.shutdown_lock) {
    for (const ResourceId resource : top_level) place::ApplyLock(run, resource);
  }
  for (size_t i = run.locations.size(); i-- > 0;) {
    place::ApplyLocation(run, run.locations[i].resource, LocationId(i));
  }
  for (const ResourceId resource : top_level) place::ApplyStickiness(run, resource);
  for (const NodeId node : std::vector<NodeId>(run.node_order)) {
    for (const ResourceId resource : top_level) {
      place::ApplyThreshold(run, resource, node);
      place::ApplyExclusiveDiscovery(run, resource, node);
    }
  }
}

}  // namespace picket::solver
