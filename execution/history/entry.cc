#include "execution/history/entry.h"

#include <algorithm>
#include <iterator>

#include "execution/history/attributes.h"
#include "solver/cib/read.h"
#include "solver/cib/values.h"

namespace picket::execution {

using solver::HistoryEntry;
using solver::ResourceHistory;

namespace {

constexpr int kUnknownResult = 193;
// A different transition UUID, so that a completed entry sorts before a pending one whatever their call numbers
// (02 §4.2).
constexpr std::string_view kPendingUuid = "00000000-0000-0000-0000-000000000001";
constexpr std::string_view kPendingSuffix = "_pending_0";
constexpr std::string_view kLastFailureSuffix = "_last_failure_0";

std::string Key(std::string_view resource, std::string_view operation, uint32_t interval_ms) {
  std::string key(resource);
  return key.append("_").append(operation).append("_").append(std::to_string(interval_ms));
}

// What differs between a result and the record of an operation that has begun.
struct Ending {
  std::string call;
  std::string key;  // transition-key
  int rc = 0;
  int status = 0;
};

void FillEntry(HistoryEntry& entry, const std::string& id, const OperationResult& result, const Ending& ending,
               const EntryContext& context, const Style& style) {
  const std::string_view operation = RecordedOperation(result, style);
  solver::Attributes& attributes = entry.attributes;
  if (!style.keeps_unknown_fields) attributes.clear();
  attributes.reserve(20);
  const auto set = [&](std::string_view name, std::string_view value) { OverwriteAttribute(attributes, name, value); };
  const auto set_known = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) set(name, value);
  };
  set("id", id);
  set("operation_key", Key(result.resource, operation, result.interval_ms));
  set("operation", operation);
  set_known("crm-debug-origin", style.debug_origin);
  set_known("crm_feature_set", style.feature_set.empty() ? std::string_view(result.feature_set) : style.feature_set);
  set("transition-key", ending.key);
  set("transition-magic", std::to_string(ending.status) + ":" + std::to_string(ending.rc) + ";" + ending.key);
  set("exit-reason", LeavesFailure(result, style) ? std::string_view(result.exit_reason) : std::string_view());
  if (style.names_node) set("on_node", context.node);
  set("call-id", ending.call);
  set("rc-code", std::to_string(ending.rc));
  set("op-status", std::to_string(ending.status));
  set("interval", std::to_string(result.interval_ms));
  set("last-rc-change", std::to_string(context.now_s));
  set("exec-time", std::to_string(result.exec_ms));
  set("queue-time", "0");
  set_known("migrate_source", result.migrate_source);
  set_known("migrate_target", result.migrate_target);
  set_known("op-digest", result.digest);
  if (!result.restart_digest.empty()) {
    set("op-force-restart", result.force_restart);
    set("op-restart-digest", result.restart_digest);
  }
  if (!result.secure_digest.empty()) {
    set("op-secure-params", result.secure_params);
    set("op-secure-digest", result.secure_digest);
  }
}

HistoryEntry& EntryFor(ResourceHistory& history, const std::string& id) {
  const auto found = std::find_if(history.entries.begin(), history.entries.end(),
                                  [&](const HistoryEntry& entry) { return entry.id == id; });
  return found != history.entries.end() ? *found : history.entries.emplace_back();
}

std::string TransitionKey(std::string_view action, int transition, int expected_rc, std::string_view uuid) {
  std::string key(action);
  key.append(":").append(std::to_string(transition)).append(":").append(std::to_string(expected_rc));
  return key.append(":").append(uuid);
}

}  // namespace

std::string UsualId(const OperationResult& result) {
  if (IsMigration(result.operation)) return Key(result.resource, result.operation, 0);
  if (result.interval_ms > 0) return Key(result.resource, result.operation, result.interval_ms);
  return result.resource + "_last_0";
}

std::string LastFailureId(const OperationResult& result) {
  return result.resource + std::string(kLastFailureSuffix);
}

bool IsLastFailure(const HistoryEntry& entry) {
  return entry.id.ends_with(kLastFailureSuffix);
}

int ExpectedResult(const HistoryEntry& entry) {
  // ACTION:TRANSITION:EXPECTED:UUID
  const std::string_view key = entry.Get("transition-key");
  const size_t first = key.find(':');
  const size_t second = first == std::string_view::npos ? first : key.find(':', first + 1);
  if (second == std::string_view::npos) return 0;
  return static_cast<int>(solver::ParseInteger(key.substr(second + 1)).value_or(0));
}

namespace {

bool StatusFails(OperationStatus status) {
  switch (status) {
    case OperationStatus::kTimedOut:
    case OperationStatus::kUnsupported:
    case OperationStatus::kError:
    case OperationStatus::kNotConnected:
    case OperationStatus::kNoFenceDevice:
    case OperationStatus::kNoSecrets:
    case OperationStatus::kInvalid:
      return true;
    default:
      return false;
  }
}

bool Differs(OperationStatus status, int rc, int expected_rc) {
  if (StatusFails(status)) return true;
  if (status == OperationStatus::kCancelled || status == OperationStatus::kPending) return false;
  return PlainResult(rc) != expected_rc;
}

}  // namespace

bool LeavesFailure(const OperationResult& result, const Style& style) {
  if (style.fails_by_rc_alone) return result.rc != result.expected_rc;
  return Differs(result.status, result.rc, result.expected_rc);
}

bool IsFailure(const HistoryEntry& entry) {
  const auto status = static_cast<OperationStatus>(entry.status.value_or(0));
  const int rc = entry.rc.value_or(0);
  const bool probe = entry.operation == "monitor" && entry.interval_ms == 0;
  if (probe && !StatusFails(status) && (PlainResult(rc) == 0 || PlainResult(rc) == 7 || PlainResult(rc) == 8)) {
    return false;
  }
  return Differs(status, rc, ExpectedResult(entry));
}

bool IsUnexpected(const HistoryEntry& entry) {
  return Differs(static_cast<OperationStatus>(entry.status.value_or(0)), entry.rc.value_or(0), ExpectedResult(entry));
}

bool IsRecorded(const OperationResult& result, const Style& style) {
  constexpr std::string_view kUnrecorded[] = {"notify", "cancel", "delete", "meta-data", "validate-all"};
  return style.records_everything ||
         std::find(std::begin(kUnrecorded), std::end(kUnrecorded), result.operation) == std::end(kUnrecorded);
}

std::string_view RecordedOperation(const OperationResult& result, const Style& style) {
  if (!IsReload(result.operation)) return result.operation;
  const bool done = result.status == OperationStatus::kDone || result.status == OperationStatus::kPending;
  return done || style.fails_by_rc_alone ? "start" : "monitor";
}

std::vector<std::string> EntryIds(const OperationResult& result, const Style& style) {
  if (!IsRecorded(result, style)) return {};
  const std::string& resource = result.resource;
  if (result.operation == "notify") {
    return {resource + "_" + result.notify_type + "_notify_" + result.notify_operation + "_0"};
  }
  if (IsMigration(result.operation) || !LeavesFailure(result, style)) return {UsualId(result)};
  std::string failure = LastFailureId(result);
  // The last good result of a monitor stays.
  if (result.interval_ms > 0 && !style.failed_monitor_replaces_good) return {std::move(failure)};
  return {std::move(failure), UsualId(result)};
}

ResourceHistory MakeHistory(const HistoryTarget& target) {
  ResourceHistory history;
  history.id = target.names.back();
  history.attributes.emplace_back("id", history.id);
  history.attributes.emplace_back("class", target.cls);
  if (!target.provider.empty()) history.attributes.emplace_back("provider", target.provider);
  history.attributes.emplace_back("type", target.type);
  return history;
}

void WriteEntry(ResourceHistory& history, const std::string& id, const OperationResult& result,
                const EntryContext& context, const Style& style) {
  Ending ending;
  ending.call = std::to_string(context.call_id);
  ending.key = TransitionKey(ending.call, style.transition, result.expected_rc, style.transition_uuid);
  // A notification's result is never looked at: it counts as done whatever was asked for.
  if (result.operation != "notify") {
    ending.rc = result.rc;
    ending.status = static_cast<int>(result.status);
  }
  HistoryEntry& entry = EntryFor(history, id);
  FillEntry(entry, id, result, ending, context, style);
  solver::RefreshEntry(entry);
}

void WriteEntries(ResourceHistory& history, const OperationResult& result, const EntryContext& context,
                  const Style& style) {
  ErasePending(history, result, style);
  for (const std::string& id : EntryIds(result, style)) WriteEntry(history, id, result, context, style);
}

void WritePending(ResourceHistory& history, const OperationResult& begun, const EntryContext& context,
                  const Style& style) {
  const bool beside = style.pending == Style::Pending::kBeside;
  Ending ending;
  ending.call = "-1";
  ending.key = TransitionKey("0", style.transition, begun.expected_rc, beside ? kPendingUuid : style.transition_uuid);
  ending.rc = kUnknownResult;
  ending.status = static_cast<int>(OperationStatus::kPending);
  const std::string id = beside ? begun.resource + std::string(kPendingSuffix) : UsualId(begun);
  HistoryEntry& entry = EntryFor(history, id);
  FillEntry(entry, id, begun, ending, context, style);
  solver::RefreshEntry(entry);
}

void ErasePending(ResourceHistory& history, const OperationResult& ended, const Style& style) {
  if (style.pending == Style::Pending::kBeside) {
    const std::string id = ended.resource + std::string(kPendingSuffix);
    std::erase_if(history.entries, [&](const HistoryEntry& entry) { return entry.id == id; });
  } else if (ended.interval_ms > 0 && !style.fails_by_rc_alone && LeavesFailure(ended, style)) {
    // The first result of a monitor, if it is a failure, stands elsewhere than its record.
    std::erase_if(history.entries, [&](const HistoryEntry& entry) {
      return entry.status == static_cast<int>(OperationStatus::kPending) && entry.interval_ms == ended.interval_ms &&
             entry.operation == ended.operation;
    });
  }
}

int HighestCall(const ResourceHistory& history) {
  int highest = 0;
  for (const HistoryEntry& entry : history.entries) highest = std::max(highest, entry.call_id);
  return highest;
}

}  // namespace picket::execution
