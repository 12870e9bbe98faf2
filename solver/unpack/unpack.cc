#include "solver/unpack/unpack.h"

#include <string>
#include <utility>

#include "solver/cib/values.h"
#include "solver/model/merge_sort.h"
#include "solver/unpack/build.h"

namespace picket::solver {
namespace {

// A fresh Run in the same place, so that no stage finds what an earlier run left. The large vectors keep
// their memory.
void Clear(Run& run) {
  Run fresh;
  fresh.cluster = run.cluster;
  fresh.state = run.state;
  fresh.recorder = run.recorder;
  fresh.kept = std::move(run.kept);
  fresh.watch = run.watch;
  const auto keep = [](auto& to, auto& from) {
    from.clear();
    to = std::move(from);
  };
  keep(fresh.nodes, run.nodes);
  keep(fresh.resources, run.resources);
  keep(fresh.actions, run.actions);
  keep(fresh.relations, run.relations);
  keep(fresh.orderings, run.orderings);
  keep(fresh.locations, run.locations);
  keep(fresh.colocations, run.colocations);
  run.actions_by_key.Clear();
  fresh.actions_by_key = std::move(run.actions_by_key);
  run.linked.Clear();
  fresh.linked = std::move(run.linked);
  run = std::move(fresh);
}

void UnpackResources(Run& run) {
  for (const ResourceDef* def : DiscoverRemoteNodes(run)) {
    if (const auto id = BuildResource(run, *def, {}, std::nullopt)) {
      run.top_level.push_back(*id);
    } else {
      Say(run, LogLevel::kError,
          "Ignoring <" + def->element + "> resource '" + def->id + "' because configuration is invalid");
    }
  }
  LinkResources(run);
  MergeSort(run.top_level, [&run](ResourceId a, ResourceId b) {
    const int32_t x = run.at(a).priority;
    const int32_t y = run.at(b).priority;
    return x == y ? 0 : (x > y ? -1 : 1);
  });
  if (!run.fence_device_exists && !run.Behaves(Behaviour::kUnfencingWithoutDevice)) run.options.unfencing = false;
  if (run.options.fencing_enabled && !run.fence_device_exists) {
    Say(run, LogLevel::kError,
        "Resource start-up disabled since no fencing resources have been defined. Either configure some or "
        "disable "
        "fencing with the fencing-enabled option. NOTE: Clusters with shared data need fencing to ensure "
        "data "
        "integrity.");
  }
}

}  // namespace

void UnpackConfiguration(Run& run) {
  Clear(run);
  for (const std::string& error : run.cluster->errors) Say(run, LogLevel::kError, error);
  run.quorate = run.state->have_quorum && IsTrue(std::string_view(*run.state->have_quorum));
  UnpackOptions(run);
  run.fence_device_exists = run.options.have_watchdog;
  if (!run.quorate && run.options.no_quorum_policy != QuorumPolicy::kIgnore) {
    Say(run, LogLevel::kWarning, "Fencing and resource management disabled due to lack of quorum");
  }
  UnpackNodes(run);
  UnpackResources(run);
}

}  // namespace picket::solver
