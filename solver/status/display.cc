// What the status display asks of the history: counts for the banner, results of masked probes (spec 01 §13.9,
// 02 §22.2).
#include <algorithm>
#include <array>

#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/status/status.h"

namespace picket::solver {
namespace {

void CountLeaf(const Run& run, ResourceId id, InstanceCounts& counts) {
  const Resource& resource = run.at(id);
  if (resource.removed && CurrentRole(run, id) <= Role::kStopped) return;
  ++counts.all;
  if (resource.disabled) ++counts.disabled;
  if (resource.blocked) ++counts.blocked;
}

void CountBelow(const Run& run, ResourceId id, InstanceCounts& counts) {
  const Resource& resource = run.at(id);
  if (resource.is_bundle()) {
    for (const Replica& replica : resource.bundle->replicas) {
      for (const ResourceId part : {replica.ip, replica.child, replica.container, replica.connection}) {
        if (part.valid()) CountLeaf(run, part, counts);
      }
    }
  } else if (resource.is_primitive()) {
    CountLeaf(run, id, counts);
  } else {
    for (const ResourceId child : resource.children) CountBelow(run, child, counts);
  }
}

// The resource in an operation key: what is left before the operation and the interval (spec 02 §1). Nothing if the
// key does not look like one.
std::string_view ResourceOfKey(std::string_view key) {
  const size_t interval = key.rfind('_');
  if (interval == std::string_view::npos || interval == 0) return {};
  key = key.substr(0, interval);
  for (const std::string_view migration : {"_migrate_to", "_migrate_from"}) {
    if (key.ends_with(migration)) return key.substr(0, key.size() - migration.size());
  }
  const size_t operation = key.rfind('_');
  if (operation == std::string_view::npos) return {};
  key = key.substr(0, operation);
  for (const std::string_view type :
       {"_confirmed-pre_notify", "_confirmed-post_notify", "_pre_notify", "_post_notify"}) {
    if (key.ends_with(type)) return key.substr(0, key.size() - type.size());
  }
  return key;
}

bool IsMaskedProbe(const HistoryEntry& entry) {
  if (entry.operation != "monitor" || entry.interval_ms != 0) return false;
  return entry.rc == 5 || entry.rc == 2 || entry.status == 7;
}

}  // namespace

InstanceCounts CountInstances(const Run& run) {
  InstanceCounts counts;
  for (const ResourceId id : run.top_level) CountBelow(run, id, counts);
  return counts;
}

std::string MaskedProbeText(const Run& run, ResourceId id, NodeId node) {
  const std::string& name = run.at(id).config_id;  // So instances of a unique clone never have one.
  for (const FailedOperation& failed : run.failed_operations) {
    if (!IsMaskedProbe(failed.entry) || ResourceOfKey(failed.entry.key) != name) continue;
    if (failed.entry.on_node.empty()) continue;
    if (node.valid() && !EqualFolded(failed.entry.on_node, run.at(node).name)) continue;
    return std::string(ResultText(run, failed.entry.rc.value_or(-1)));
  }
  return {};
}

}  // namespace picket::solver
