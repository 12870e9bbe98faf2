// Reading the history of one resource on one node: from recorded operations to a role, an active list, failures and
// what they call for (spec 02 §4-§14).
//
// history.cc has the frame (order, window, outcome), entry.cc one entry (remapping, success, failure, pending),
// expiry.cc its age, migrations.cc the two halves of a live migration. They share the two records below; nothing here
// outlives the reading of one history except what is written into the Run.
#pragma once

#include <string>
#include <string_view>

#include "solver/model/run.h"
#include "solver/status/entry_order.h"
#include "solver/status/on_fail.h"

namespace picket::solver {

// What the entries of one history share.
struct HistoryReading {
  ResourceId resource;
  NodeId node;
  OnFail policy = OnFail::kIgnore;  // the gravest so far, if nothing later made up for it
  const HistoryEntry* last_failure = nullptr;
};

// One entry and its result as it is remapped.
struct EntryReading {
  const HistoryEntry* entry = nullptr;
  int expected = -1;
  int rc = 0;
  int status = 0;
  bool probe = false;
  bool expired = false;
  bool maskable = false;  // a probe that found no way to look, which means that nothing runs there (spec 02 §7.2)
};

// The whole history of `resource` on `node` (spec 02 §4.1, from step 4 on).
void ReadHistory(Run& run, ResourceId resource, NodeId node, const ResourceHistory& history);

// One entry (spec 02 §5).
void ReadEntry(Run& run, HistoryReading& reading, const HistoryEntry& entry);

// Age of an entry and the clearing of fail counts that it asks for (spec 02 §6.1-§6.3).
bool CheckExpiry(Run& run, const HistoryReading& reading, const HistoryEntry& entry);
// A check that had to wait for assignment: changed parameters of a failed start or monitor (spec 02 §6.2).
void CheckFailedParameters(Run& run, ResourceId resource, NodeId node, const HistoryEntry& entry);

// Live migration (spec 02 §12.2-§12.4).
void ReadMigrateToSuccess(Run& run, const HistoryReading& reading, const HistoryEntry& entry);
void ReadMigrateToFailure(Run& run, const HistoryReading& reading, const HistoryEntry& entry);
void ReadMigrateFromFailure(Run& run, const HistoryReading& reading, const HistoryEntry& entry);

// `start on ha1 failed with exit code 5 (not installed)`, for reasons.
std::string FailureText(const Run& run, NodeId node, const HistoryEntry& entry);

// What entries without `on_node` are to each other where the caller knows it: nothing since 3.0 (spec 07 C-8).
inline std::optional<bool> UnnamedIsSame(const Run& run, bool same) {
  return run.Behaves(Behaviour::kOnNodeComparedAsText) ? std::nullopt : std::optional<bool>(same);
}

// Started, or Unpromoted where there is promotion.
Role ActiveRole(const Run& run, ResourceId resource);
void FailAndStop(Resource& resource);

}  // namespace picket::solver
