#include "execution/history/history.h"

#include <doctest/doctest.h>

#include "execution/history/entry.h"

namespace picket::execution {
namespace {

const HistoryTarget kTarget = {{"db"}, "ocf", "heartbeat", "Dummy"};

OperationResult Of(const std::string& operation, uint32_t interval_ms, int expected_rc, int rc) {
  OperationResult result;
  result.resource = "db";
  result.operation = operation;
  result.interval_ms = interval_ms;
  result.expected_rc = expected_rc;
  result.rc = rc;
  return result;
}

OperationResult Failed(const std::string& operation, OperationStatus status, int rc) {
  OperationResult result = Of(operation, 0, 0, rc);
  result.status = status;
  return result;
}

std::string IdsOf(const solver::NodeState& state) {
  std::string ids;
  for (const solver::ResourceHistory& history : state.history) {
    for (const solver::HistoryEntry& entry : history.entries) {
      ids += (ids.empty() ? "" : " ") + entry.id + "=" + std::to_string(entry.rc.value_or(-9)) + "/" +
             std::to_string(entry.status.value_or(-9));
    }
  }
  return ids;
}

TEST_CASE("crm_simulate's entries are found under these ids") {
  struct Case {
    const char* operation;
    uint32_t interval_ms;
    int rc;
    const char* ids;
  };
  for (const auto& [operation, interval_ms, rc, ids] :
       std::initializer_list<Case>{{"start", 0, 0, "r_last_0"},
                                   {"monitor", 0, 7, "r_last_0"},
                                   {"monitor", 10, 0, "r_monitor_10"},
                                   {"cancel", 10, 0, "r_cancel_10"},
                                   {"start", 0, 1, "r_last_failure_0 r_last_0"},
                                   {"monitor", 10, 1, "r_last_failure_0"},
                                   {"migrate_to", 0, 1, "r_migrate_to_0"},
                                   {"migrate_from", 0, 0, "r_migrate_from_0"},
                                   {"notify", 0, 1, "r_pre_notify_start_0"}}) {
    CAPTURE(operation);
    OperationResult result = Of(operation, interval_ms, 0, rc);
    result.resource = "r";
    if (IsProbe(result)) result.expected_rc = 7;
    result.notify_type = "pre";
    result.notify_operation = "start";
    std::string joined;
    for (const std::string& id : EntryIds(result, kCrmSimulate)) joined += (joined.empty() ? "" : " ") + id;
    CHECK(joined == ids);
  }
}

TEST_CASE("picketd: a pending entry stands beside what is known until the result comes") {
  solver::NodeState state;
  RecordResult(state, kTarget, Of("start", 0, 0, 0), 100, kPicketd);
  RecordPending(state, kTarget, Of("stop", 0, 0, 0), 100, kPicketd);
  CHECK(IdsOf(state) == "db_last_0=0/0 db_pending_0=193/-1");
  RecordResult(state, kTarget, Of("stop", 0, 0, 0), 100, kPicketd);
  CHECK(IdsOf(state) == "db_last_0=0/0");
}

TEST_CASE("picketd: a stop ends the monitors, a failed one does not") {
  solver::NodeState state;
  RecordResult(state, kTarget, Of("start", 0, 0, 0), 100, kPicketd);
  RecordResult(state, kTarget, Of("monitor", 10000, 0, 0), 100, kPicketd);
  RecordResult(state, kTarget, Failed("stop", OperationStatus::kError, 1), 100, kPicketd);
  CHECK(IdsOf(state) == "db_last_0=1/4 db_monitor_10000=0/0 db_last_failure_0=1/4");
  RecordResult(state, kTarget, Of("stop", 0, 0, 0), 100, kPicketd);
  CHECK(IdsOf(state) == "db_last_0=0/0 db_last_failure_0=1/4");
}

TEST_CASE("a degraded success is recorded as it is and is no failure") {
  solver::NodeState state;
  RecordResult(state, kTarget, Of("monitor", 10000, 0, 190), 100, kPicketd);
  CHECK(IdsOf(state) == "db_monitor_10000=190/0");
}

TEST_CASE("status, call and reason are kept as they are given") {
  solver::NodeState state;
  OperationResult missing = Failed("start", OperationStatus::kNotInstalled, 5);
  missing.call_id = 42;
  missing.exit_reason = "no such agent";
  RecordResult(state, kTarget, missing, 100, kPicketd);
  REQUIRE(state.history.size() == 1);
  REQUIRE(state.history[0].entries.size() == 2);
  for (const solver::HistoryEntry& entry : state.history[0].entries) {
    CHECK(entry.call_id == 42);
    CHECK(entry.status == 7);
    CHECK(entry.Get("exit-reason") == "no such agent");
  }
}

}  // namespace
}  // namespace picket::execution
