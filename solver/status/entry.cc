// One history entry: what its result means (spec 02 §5, §7-§9, §11, §13).
#include <algorithm>
#include <array>

#include "solver/actions/create.h"
#include "solver/actions/fencing.h"
#include "solver/explain/note.h"
#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/status/active.h"
#include "solver/status/history.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

// Results of agents and states of operations (spec 02 §1).
namespace rc {
constexpr int kOk = 0, kError = 1, kInvalidParameter = 2, kUnimplemented = 3, kInsufficientPrivileges = 4,
              kNotInstalled = 5, kNotConfigured = 6, kNotRunning = 7, kPromoted = 8, kFailedPromoted = 9,
              kDegraded = 190, kDegradedPromoted = 191;
}  // namespace rc
namespace status {
constexpr int kPending = -1, kDone = 0, kCancelled = 1, kUnsupported = 3, kError = 4, kHardError = 5, kFatalError = 6,
              kNotInstalled = 7, kNotConnected = 8, kNoFenceDevice = 10, kNoSecrets = 11;
}  // namespace status

bool IsInterpreted(const Run& run, std::string_view operation) {
  if (!run.Behaves(Behaviour::kUnknownOperationsIgnored)) return operation != "notify" && operation != "meta-data";
  constexpr std::array<std::string_view, 8> kNames = {"monitor", "start",      "stop",         "promote",
                                                      "demote",  "migrate_to", "migrate_from", "asyncmon"};
  return std::find(kNames.begin(), kNames.end(), operation) != kNames.end();
}

// The result as it counts: releases before 3.0 make do without a usable one (spec 07 C-7).
std::optional<int> ResultOf(const Run& run, const HistoryEntry& entry) {
  const bool usable = entry.rc && *entry.rc >= 0 && *entry.rc <= 255;
  if (usable) return entry.rc;
  if (run.Behaves(Behaviour::kMalformedEntriesIgnored)) return std::nullopt;
  if (run.Behaves(Behaviour::kMissingRcIsFailure)) return rc::kError;
  if (!entry.Has("rc-code")) return rc::kOk;
  return entry.rc.value_or(-1);
}

bool IsValid(const Run& run, const HistoryEntry& entry) {
  if (!IsInterpreted(run, entry.operation)) return false;
  if (entry.id.empty() && run.Behaves(Behaviour::kMissingRcIsFailure)) return false;
  if (!entry.status || *entry.status < status::kPending || *entry.status > status::kNoSecrets) return false;
  if (*entry.status == status::kCancelled) return false;
  return ResultOf(run, entry).has_value();
}

// The same failure, as the release that decides tells them apart (spec 07 C-5).
bool IsSameFailure(const Run& run, const HistoryEntry& a, const HistoryEntry& b) {
  if (run.Behaves(Behaviour::kFailuresListedByEntry)) return a.key == b.key;
  return a.Has("operation_key") == b.Has("operation_key") &&
         EqualFolded(a.Get("operation_key"), b.Get("operation_key"));
}

// Append only; nothing from offline nodes, and an operation of a node once (spec 02 §11.1).
void AddFailed(Run& run, const HistoryReading& reading, const HistoryEntry& entry) {
  if (!run.at(reading.node).online) return;
  for (const FailedOperation& known : run.failed_operations) {
    if (known.node == reading.node && IsSameFailure(run, known.entry, entry)) return;
  }
  run.failed_operations.push_back({entry, reading.node, reading.resource, run.at(reading.resource).id});
}

// Bans that a failed operation brings at once, whatever the threshold says. The cause is the history entry.
void BanFrom(Run& run, ResourceId resource, NodeId node, const HistoryReading& reading, const HistoryEntry& entry) {
  if (WantsReasons(run)) {
    NoteBan(run, "failed-operation", resource, node, entry.id, FailureText(run, reading.node, entry));
  }
  AddScore(run, resource, node, Score::MinusInfinity());
}

void BanEverywhere(Run& run, ResourceId resource, const HistoryReading& reading, const HistoryEntry& entry) {
  if (WantsReasons(run)) {
    NoteBan(run, "failed-operation", resource, NodeId(), entry.id, FailureText(run, reading.node, entry));
  }
  const std::vector<NodeId> nodes = run.node_order;
  for (const NodeId node : nodes) AddScore(run, resource, node, Score::MinusInfinity());
}

// --- remapping (spec 02 §7) --------------------------------------------------------------------------------

void BlockIfUnrecoverable(Run& run, const HistoryReading& reading, const EntryReading& e) {
  if (e.entry->operation != "stop" || CanBeFenced(run, reading.node)) return;
  Resource& resource = run.at(reading.resource);
  NoteBan(run, "blocked", reading.resource, NodeId(), e.entry->id,
          WantsReasons(run) ? FailureText(run, reading.node, *e.entry) + ", and the node cannot be fenced" : "");
  resource.managed = false;
  resource.blocked = true;
}

void RemapDegraded(Run& run, const HistoryReading& reading, EntryReading& e) {
  if (e.rc != rc::kDegraded && e.rc != rc::kDegradedPromoted) return;
  const bool any_operation = run.Behaves(Behaviour::kDegradedIsSuccess);
  if (!any_operation && e.rc == rc::kDegraded && e.entry->operation != "monitor") return;
  e.rc = e.rc == rc::kDegraded ? rc::kOk : rc::kPromoted;
  const Node& node = run.at(reading.node);
  if (!e.expired && (!node.shutting_down || node.online)) AddFailed(run, reading, *e.entry);
}

// By result, when the operation came to an end (spec 02 §7.5). Some results say at once which role the resource has.
void RemapByResult(Run& run, HistoryReading& reading, EntryReading& e) {
  Resource& resource = run.at(reading.resource);
  switch (e.rc) {
    case rc::kOk:
      if (e.probe && e.expected == rc::kNotRunning) e.status = status::kDone;
      break;
    case rc::kNotRunning:
      if (e.probe || e.expected == rc::kNotRunning || !resource.managed) {
        e.status = status::kDone;
        resource.role = Role::kStopped;
        resource.next_role = Role::kUnknown;
        reading.policy = OnFail::kIgnore;
      }
      break;
    case rc::kPromoted:
      if (e.probe && e.expected != rc::kPromoted) e.status = status::kDone;
      if (!e.expired || e.expected == rc::kPromoted) resource.role = Role::kPromoted;
      break;
    case rc::kFailedPromoted:
      if (!e.expired) resource.role = Role::kPromoted;
      e.status = status::kError;
      break;
    case rc::kNotConfigured:
      e.status = status::kFatalError;
      break;
    case rc::kUnimplemented:
      if (e.entry->interval_ms > 0) {
        e.status = status::kUnsupported;
        break;
      }
      [[fallthrough]];
    case rc::kNotInstalled:
    case rc::kInvalidParameter:
    case rc::kInsufficientPrivileges:
      if (!e.expired) BlockIfUnrecoverable(run, reading, e);
      e.status = status::kHardError;
      break;
    default:  // A plain error too, even where one was expected: nothing of this succeeds.
      if (e.status == status::kDone) e.status = status::kError;
  }
}

void Remap(Run& run, HistoryReading& reading, EntryReading& e) {
  RemapDegraded(run, reading, e);
  if (e.maskable && !run.at(reading.resource).bundled) {
    e.status = status::kDone;
    e.rc = rc::kNotRunning;
  }
  if (e.status == status::kNoFenceDevice || e.status == status::kNoSecrets) e.status = status::kHardError;
  if (e.status != status::kDone && e.status != status::kError) return;
  e.status = e.expected != -1 && e.rc == e.expected ? status::kDone : status::kError;
  RemapByResult(run, reading, e);
}

// --- success (spec 02 §9) ----------------------------------------------------------------------------------

// A later success makes up for the milder failures.
void ForgiveFailure(Run& run, HistoryReading& reading) {
  Resource& resource = run.at(reading.resource);
  switch (reading.policy) {
    case OnFail::kStop:
    case OnFail::kBan:
    case OnFail::kStandby:
    case OnFail::kFence:
      return;
    case OnFail::kResetRemote:
      if (resource.reconnect_interval_ms > 0) return;
      break;
    default:
      break;
  }
  reading.policy = OnFail::kIgnore;
  resource.next_role = Role::kUnknown;
}

// Sets the role that a success of the operation means; gives whether it makes up for an earlier failure.
bool SetRoleAfterSuccess(Run& run, const HistoryReading& reading, const EntryReading& e, int result) {
  Resource& resource = run.at(reading.resource);
  const std::string_view operation = e.entry->operation;
  if (result == rc::kNotInstalled || (e.maskable && !resource.bundled)) {
    resource.role = Role::kStopped;
    return false;
  }
  if (result == rc::kNotRunning) return true;
  if (operation == "start" || operation == "migrate_from") {
    resource.role = Role::kStarted;
    return true;
  }
  if (operation == "stop") {
    resource.role = Role::kStopped;
    return true;
  }
  if (operation == "promote") {
    resource.role = Role::kPromoted;
    return true;
  }
  if (operation == "demote") {
    resource.role = Role::kUnpromoted;
    return reading.policy == OnFail::kDemote;
  }
  if (operation == "migrate_to") {
    ReadMigrateToSuccess(run, reading, *e.entry);
    return false;
  }
  if (resource.role < Role::kStarted) resource.role = ActiveRole(run, reading.resource);
  return operation == "monitor" && reading.last_failure && reading.last_failure->key == e.entry->key;
}

void RecordSuccess(Run& run, HistoryReading& reading, const EntryReading& e, int result) {
  if (SetRoleAfterSuccess(run, reading, e, result)) ForgiveFailure(run, reading);
}

// --- failure (spec 02 §8, §11) -----------------------------------------------------------------------------

void SetRoleAfterFailure(Run& run, const HistoryReading& reading, const EntryReading& e, OnFail policy) {
  const std::string_view operation = e.entry->operation;
  if (operation == "stop") {
    BanFrom(run, reading.resource, reading.node, reading, *e.entry);
  } else if (operation == "migrate_to") {
    ReadMigrateToFailure(run, reading, *e.entry);
  } else if (operation == "migrate_from") {
    ReadMigrateFromFailure(run, reading, *e.entry);
  } else if (operation == "promote") {
    run.at(reading.resource).role = Role::kPromoted;
  } else if (operation == "demote") {
    Resource& resource = run.at(reading.resource);
    if (policy == OnFail::kBlock) {
      resource.role = Role::kPromoted;
      resource.next_role = Role::kStopped;
    } else {
      resource.role = e.rc == rc::kNotRunning ? Role::kStopped : Role::kUnpromoted;
    }
  }
  Resource& resource = run.at(reading.resource);
  if (e.probe && e.rc == rc::kNotInstalled) {
    resource.role = Role::kStopped;
  } else if (resource.role < Role::kStarted) {
    resource.role = ActiveRole(run, reading.resource);
  }
}

void RecordFailure(Run& run, HistoryReading& reading, const EntryReading& e, OnFail policy) {
  reading.last_failure = e.entry;
  if (run.options.symmetric || e.rc != rc::kNotInstalled) AddFailed(run, reading, *e.entry);
  reading.policy = std::max(reading.policy, policy);
  SetRoleAfterFailure(run, reading, e, policy);

  const Role after = RoleAfterFailure(run, reading.resource, policy, *e.entry);
  Resource& resource = run.at(reading.resource);
  if (after != Role::kStarted && resource.next_role < after) resource.next_role = after;
  if (after == Role::kStopped) {
    const bool anonymous = InAnonymousClone(run, reading.resource);
    const ResourceId target = anonymous ? Top(run, reading.resource) : reading.resource;
    if (WantsReasons(run)) {
      NoteBan(run, "failed-operation", target, NodeId(), e.entry->id, FailureText(run, reading.node, *e.entry));
    }
    BanEverywhereFresh(run, target);
  }
}

OnFail PolicyFor(Run& run, const HistoryReading& reading, const EntryReading& e) {
  return FailurePolicy(run, reading.resource, reading.node, e.entry->operation, e.entry->interval_ms);
}

// The agent or its files are missing: the node cannot run it, whatever else the policy says (spec 02 §8.2).
void ReadNotInstalled(Run& run, HistoryReading& reading, const EntryReading& e) {
  const OnFail policy = PolicyFor(run, reading, e);
  if (policy == OnFail::kIgnore) reading.policy = OnFail::kBan;
  BanFrom(run, BanTarget(run, reading.resource), reading.node, reading, *e.entry);
  RecordFailure(run, reading, e, policy);
}

void ReadFailure(Run& run, HistoryReading& reading, const EntryReading& e) {
  const OnFail policy = PolicyFor(run, reading, e);
  const bool stop_of_launched = policy == OnFail::kRestartContainer && e.entry->operation == "stop";
  if (policy == OnFail::kIgnore || stop_of_launched) {
    RecordSuccess(run, reading, e, e.expected);
    run.at(reading.resource).failure_ignored = true;
    AddFailed(run, reading, *e.entry);
    if (policy == OnFail::kRestartContainer && reading.policy <= OnFail::kRestart) {
      reading.policy = OnFail::kRestartContainer;
    }
    return;
  }
  RecordFailure(run, reading, e, policy);
  const ResourceId target = BanTarget(run, reading.resource);
  if (e.status == status::kHardError) BanFrom(run, target, reading.node, reading, *e.entry);
  if (e.status == status::kFatalError) BanEverywhere(run, target, reading, *e.entry);
}

void FailConnection(Run& run, NodeId node) {
  const ResourceId connection = run.at(node).connection;
  if (!run.at(node).remote || !connection.valid() || !run.at(connection).managed) return;
  FailAndStop(run.at(connection));
}

// --- pending (spec 02 §13) ---------------------------------------------------------------------------------

// The pending recurring monitor is the one that has failed meanwhile.
bool IsOutdated(const Run& run, const HistoryReading& reading, const HistoryEntry& entry) {
  if (!run.Behaves(Behaviour::kFailureEndsPending)) return false;
  const HistoryEntry* failure = reading.last_failure;
  return failure && failure->operation == entry.operation && failure->Has("interval") &&
         failure->interval_ms == entry.interval_ms &&
         failure->last_rc_change_s.value_or(0) >= entry.last_rc_change_s.value_or(0);
}

void ReadPending(Run& run, HistoryReading& reading, const EntryReading& e) {
  const HistoryEntry& entry = *e.entry;
  if (IsOutdated(run, reading, entry)) return;
  if (entry.operation == "start") {
    run.at(reading.resource).start_pending = true;
    run.at(reading.resource).role = ActiveRole(run, reading.resource);
  } else if (entry.operation == "promote") {
    run.at(reading.resource).role = Role::kPromoted;
  } else if (entry.operation == "migrate_to" && run.at(reading.node).unclean) {
    const NodeId target = FindNodeByName(run, entry.Get("migrate_target"));
    if (target.valid()) RequestAction(run, reading.resource, Symbol::kStop, 0, target, false);
  }
  Resource& resource = run.at(reading.resource);
  if (e.probe || resource.pending_operation != Symbol::kNone) return;
  resource.pending_operation = run.symbols.Intern(entry.operation);
  resource.pending_interval_ms = entry.interval_ms;
  resource.pending_node = reading.node;
}

// --- the whole entry ---------------------------------------------------------------------------------------

// Spec 02 §6.4; gives whether nothing more is to be done with the entry.
bool EndsWithExpiry(Run& run, const HistoryReading& reading, const EntryReading& e) {
  Resource& resource = run.at(reading.resource);
  if (e.maskable && !resource.bundled && ResultOf(run, *e.entry) != e.expected) {
    // Unknown again, so that the node will be probed.
    if (resource.role <= Role::kStopped) resource.role = Role::kUnknown;
    return true;
  }
  if (e.rc == e.expected) return false;
  if (e.entry->interval_ms == 0) return true;
  if (!IsClean(run, reading.node)) return false;
  run.expired_entries.insert(e.entry);
  return true;
}

void Dispatch(Run& run, HistoryReading& reading, const EntryReading& e) {
  switch (e.status) {
    case status::kPending:
      ReadPending(run, reading, e);
      break;
    case status::kDone:
      RecordSuccess(run, reading, e, e.rc);
      break;
    case status::kNotInstalled:
      ReadNotInstalled(run, reading, e);
      break;
    case status::kNotConnected:
      FailConnection(run, reading.node);
      [[fallthrough]];
    default:
      ReadFailure(run, reading, e);
  }
}

}  // namespace

Role ActiveRole(const Run& run, ResourceId resource) {
  return run.at(Top(run, resource)).promotable ? Role::kUnpromoted : Role::kStarted;
}

void FailAndStop(Resource& resource) {
  resource.failed = true;
  resource.stop_on_failure = true;
}

void ReadEntry(Run& run, HistoryReading& reading, const HistoryEntry& entry) {
  if (!IsValid(run, entry)) return;
  EntryReading e;
  e.entry = &entry;
  e.expected = ExpectedResult(entry);
  e.rc = *ResultOf(run, entry);
  e.status = *entry.status;
  e.probe = entry.operation == "monitor" && entry.interval_ms == 0;
  e.maskable =
      e.probe && (e.rc == rc::kNotInstalled || e.rc == rc::kInvalidParameter || e.status == status::kNotInstalled);
  // Before 2.1.6 the result had its consequences for the resource first (spec 07 C-1).
  const bool expired_first = run.Behaves(Behaviour::kExpiredFirst);
  if (expired_first) e.expired = CheckExpiry(run, reading, entry);
  Remap(run, reading, e);
  if (!expired_first) e.expired = CheckExpiry(run, reading, entry);
  if (e.expired && EndsWithExpiry(run, reading, e)) return;
  if (e.maskable && !run.at(reading.resource).bundled) {
    RecordSuccess(run, reading, e, e.expected);
    AddFailed(run, reading, entry);
    BanFrom(run, BanTarget(run, reading.resource), reading.node, reading, entry);
    return;
  }
  Dispatch(run, reading, e);
}

}  // namespace picket::solver
