// How long a failure counts, and when the count of failures is cleared (spec 02 §6).
#include "solver/actions/create.h"
#include "solver/actions/fencing.h"
#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/order/order.h"
#include "solver/status/digest.h"
#include "solver/status/history.h"
#include "solver/status/status.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

constexpr int kStatusNotInstalled = 7;

bool IsLastFailure(const HistoryEntry& entry) {
  return entry.id.ends_with("_last_failure_0");
}

// A node that waits to be fenced before its connection is tried again keeps the failure that says so.
bool WaitsForFencing(const Run& run, const Resource& resource, const HistoryEntry& entry) {
  if (resource.reconnect_interval_ms == 0 || !run.options.fencing_enabled) return false;
  if (entry.operation != "monitor" || entry.interval_ms == 0) return false;
  const NodeId node = FindNodeByName(run, resource.id);
  return node.valid() && !run.at(node).recorded_fenced;
}

struct Age {
  bool expired = false;
  int32_t effective_count = 0;
};

Age AgeOf(Run& run, const HistoryReading& reading, const HistoryEntry& entry) {
  const int64_t timeout_s = WholeSeconds(run, run.at(reading.resource).failure_timeout_ms);
  if (timeout_s == 0 || !entry.last_rc_change_s) return {};
  const int64_t now_s = run.state->now.epoch_s;
  Age age;
  age.expired = now_s >= *entry.last_rc_change_s + timeout_s && !WaitsForFencing(run, run.at(reading.resource), entry);
  const FailCount count = CountFailures(run, reading.resource, reading.node, true, false, &entry);
  age.effective_count = count.count;
  const int64_t expiry_s = count.last_failure_s + timeout_s + 1;
  if (count.count > 0 && now_s < expiry_s) ConsiderRecheck(run, expiry_s);
  return age;
}

// The clearing waits for the fencing of the remote node, if there is to be one (spec 02 §6.3).
void Clear(Run& run, ResourceId resource, NodeId node) {
  const ActionId clear = ClearFailCount(run, resource, node);
  if (!run.options.fencing_enabled || run.at(resource).reconnect_interval_ms == 0) return;
  const NodeId remote = FindNodeByName(run, run.at(resource).id);
  if (!remote.valid()) return;
  Link(run, FencingOperation(run, remote, {}, true, {}), clear, kind::kPush);
}

bool ProbeFoundSomething(const HistoryEntry& entry) {
  if (entry.operation != "monitor" || entry.interval_ms != 0) return false;
  switch (entry.rc.value_or(0)) {
    case 0:
    case 7:
    case 8:
    case 190:
    case 191:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool CheckExpiry(Run& run, const HistoryReading& reading, const HistoryEntry& entry) {
  if (*entry.status == kStatusNotInstalled) return false;
  const Age age = AgeOf(run, reading, entry);
  bool expired = age.expired;
  bool clear = false;
  if (expired) {
    const bool counted = CountFailures(run, reading.resource, reading.node, false, false, &entry).count > 0;
    if (counted && age.effective_count > 0) {
      expired = false;
    } else if (counted) {
      clear = true;  // it expired
    } else {
      clear = IsLastFailure(entry) && run.at(reading.resource).reconnect_interval_ms > 0;
    }
  }
  if (clear) Clear(run, reading.resource, reading.node);
  if (!expired && IsLastFailure(entry) && (entry.operation == "start" || entry.operation == "monitor")) {
    if (HasHostAddress(run, reading.resource)) {
      run.deferred_checks.push_back({reading.resource, reading.node, &entry, false});
    } else {
      CheckFailedParameters(run, reading.resource, reading.node, entry);
    }
  }
  return expired && !ProbeFoundSomething(entry);
}

void CheckFailedParameters(Run& run, ResourceId resource, NodeId node, const HistoryEntry& entry) {
  const DigestVerdict verdict = CompareDigests(run, resource, entry, node);
  if (verdict == DigestVerdict::kMatch || verdict == DigestVerdict::kUnknown) return;
  Clear(run, resource, node);
}

}  // namespace picket::solver
