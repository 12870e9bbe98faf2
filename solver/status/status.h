// Status: what the history says about nodes and resources (spec 01 §8-§10, §19; spec 02).
#pragma once

#include "solver/model/run.h"
#include "solver/status/parameter_digest.h"

namespace picket::solver {

// Node states, tickets, operation history: online flags, roles, active lists, failures, bans, and the actions that
// reading creates (spec 02 §24). After it a Run is what "Current cluster status" prints.
void UnpackStatus(Run& run);

// S8: changed definitions, cancels, clean-ups (spec 02 §17, 05 §6).
void CheckDefinitions(Run& run);
// S10: the deferred checks of bundle connections (spec 05 §2).
void CheckDeferredDefinitions(Run& run);
// S12: fail counts of removed resources (spec 02 §19).
void ClearRemovedFailCounts(Run& run);

struct FailCount {
  int32_t count = 0;           // saturates at INFINITY
  int64_t last_failure_s = 0;  // 0 unless count > 0
};
// Spec 02 §16.2. `effective`: an expired count is 0. `with_launched`: plus that of launched resources.
// `context`: the history entry being read, if any.
FailCount CountFailures(Run& run, ResourceId resource, NodeId node, bool effective, bool with_launched,
                        const HistoryEntry* context = nullptr);
// Whether failures rule the node out for this primitive: migration-threshold reached, counted with what it launches,
// and no clean-up of the count scheduled (spec 02 §16.3; for bundles 04 §12).
bool ThresholdReached(Run& run, ResourceId resource, NodeId node);
// The S6 step: bans by migration-threshold for one node and one top-level resource (spec 02 §16.3, 03 §5.4).
void BanByThreshold(Run& run, ResourceId resource, NodeId node);

// Counts for the banner and the display (spec 01 §13.9).
struct InstanceCounts {
  int all = 0;
  int disabled = 0;
  int blocked = 0;
};
InstanceCounts CountInstances(const Run& run);
// The result text of a masked failed probe of `resource` on `node` (none: any node), or empty (spec 02 §22.2).
// For an instance of a clone pass any instance: the configured id of the cloned resource is what is looked up.
std::string MaskedProbeText(const Run& run, ResourceId resource, NodeId node);
std::string_view ResultText(const Run& run, int rc);      // spec 02 §1
std::string_view StatusText(const Run& run, int status);  // spec 02 §1

}  // namespace picket::solver
