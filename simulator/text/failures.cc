#include "simulator/text/failures.h"

#include <ctime>

#include "solver/cib/values.h"
#include "solver/model/query.h"

namespace picket::simulator {

using namespace solver;  // NOLINT

namespace {

int IntegerOf(const HistoryEntry& entry, std::string_view name) {
  return static_cast<int>(ParseInteger(entry.Get(name)).value_or(0));
}

// Whether `key` is RESOURCE_ACTION_INTERVAL (spec 02 §1).
bool IsOperationKey(std::string_view key) {
  const size_t last = key.rfind('_');
  if (last == std::string_view::npos || last + 1 == key.size()) return false;
  if (key.find_first_not_of("0123456789", last + 1) != std::string_view::npos) return false;
  const size_t action = key.rfind('_', last - 1);
  return last > 0 && action != std::string_view::npos && action > 0 && action + 1 < last;
}

// Spec 02 §7.2, 06 §10.8.
bool IsMaskedProbe(const HistoryEntry& entry) {
  if (entry.operation != "monitor" || entry.interval_ms != 0) return false;
  const int rc = IntegerOf(entry, "rc-code");
  return rc == 5 || rc == 2 || IntegerOf(entry, "op-status") == 7;
}

}  // namespace

std::vector<const FailedOperation*> ShownFailures(const Run& run) {
  std::vector<const FailedOperation*> shown;
  for (const FailedOperation& failure : run.failed_operations) {
    if (IsOperationKey(failure.entry.key) && !IsMaskedProbe(failure.entry)) shown.push_back(&failure);
  }
  return shown;
}

FailureView ViewFailure(const Run& run, const FailedOperation& failure) {
  const HistoryEntry& entry = failure.entry;
  FailureView view;
  view.key_is_id = entry.Get("operation_key").empty();
  view.key = entry.key.empty() ? std::string_view("unknown operation") : std::string_view(entry.key);
  // Where it is recorded: `on_node` of an operation on a remote node may name the node that relayed it.
  view.node = failure.node.valid() ? std::string_view(run.at(failure.node).name) : std::string_view("unknown node");
  view.rc = IntegerOf(entry, "rc-code");
  view.call = entry.Has("call-id") ? entry.Get("call-id") : std::string_view("unknown");
  view.status = StatusText(run, std::max(0, IntegerOf(entry, "op-status")));
  view.exit_reason = entry.Get("exit-reason");
  view.operation = entry.operation;
  view.interval_ms = entry.interval_ms;
  view.last_rc_change_s = entry.last_rc_change_s;
  view.queued_ms = FindAttribute(entry.attributes, "queue-time");
  view.exec_ms = FindAttribute(entry.attributes, "exec-time");
  return view;
}

std::optional<std::vector<NodeHistory>> FailCounts(Run& run) {
  bool any_online = false;
  std::vector<NodeHistory> result;
  for (const auto& state : run.state->nodes) {
    const NodeId node = state->uname ? FindNodeByName(run, *state->uname) : NodeId();
    if (!node.valid() || !run.at(node).online) continue;
    any_online = true;
    NodeHistory history{node, {}};
    for (const ResourceHistory& block : state->history) {
      const ResourceId resource = FindResource(run, block.id);
      if (!resource.valid() || !run.at(resource).is_primitive()) continue;
      const FailCount count = CountFailures(run, resource, node, false, false);
      if (count.count > 0) history.resources.push_back({block.id, run.at(resource).migration_threshold, count});
    }
    if (!history.resources.empty()) result.push_back(std::move(history));
  }
  if (!any_online) return std::nullopt;
  return result;
}

std::string CalendarText(int64_t epoch_s) {
  const std::time_t time = epoch_s;
  std::tm fields{};
  localtime_r(&time, &fields);
  // The names are the C locale's, whatever the environment says: the program never calls setlocale().
  char text[64];
  const size_t length = std::strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y", &fields);
  return std::string(text, length);
}

}  // namespace picket::simulator
