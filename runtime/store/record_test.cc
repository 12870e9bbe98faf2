#include "runtime/store/record.h"

#include <doctest/doctest.h>

namespace picket::runtime {
namespace {

OperationResult Of(const std::string& operation, uint32_t interval_ms, int expected_rc, int rc) {
  OperationResult result;
  result.resource_id = "db";
  result.cls = "ocf";
  result.provider = "heartbeat";
  result.type = "Dummy";
  result.operation = operation;
  result.interval_ms = interval_ms;
  result.expected_rc = expected_rc;
  result.rc = rc;
  result.node = "n1";
  result.when_s = 100;
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

TEST_CASE("a pending entry stands beside what is known until the result comes") {
  solver::NodeState state;
  RecordResult(state, Of("start", 0, 0, 0));
  RecordPending(state, Of("stop", 0, 0, 0));
  CHECK(IdsOf(state) == "db_last_0=0/0 db_pending_0=193/-1");
  RecordResult(state, Of("stop", 0, 0, 0));
  CHECK(IdsOf(state) == "db_last_0=0/0");
}

TEST_CASE("a stop ends the monitors, a failed one does not") {
  solver::NodeState state;
  RecordResult(state, Of("start", 0, 0, 0));
  RecordResult(state, Of("monitor", 10000, 0, 0));
  RecordResult(state, Of("stop", 0, 0, 1));
  CHECK(IdsOf(state) == "db_last_0=1/4 db_monitor_10000=0/0 db_last_failure_0=1/4");
  RecordResult(state, Of("stop", 0, 0, 0));
  CHECK(IdsOf(state) == "db_last_0=0/0 db_last_failure_0=1/4");
}

TEST_CASE("a degraded success is recorded as it is and is no failure") {
  solver::NodeState state;
  OperationResult degraded = Of("monitor", 10000, 0, 190);
  degraded.status = 0;
  RecordResult(state, degraded);
  CHECK(IdsOf(state) == "db_monitor_10000=190/0");
}

TEST_CASE("status, call and reason are kept as they are given") {
  solver::NodeState state;
  OperationResult missing = Of("start", 0, 0, 5);
  missing.status = 7;
  missing.call_id = 42;
  missing.exit_reason = "no such agent";
  RecordResult(state, missing);
  REQUIRE(state.history.size() == 1);
  REQUIRE(state.history[0].entries.size() == 2);
  const solver::HistoryEntry& entry = state.history[0].entries[1];
  CHECK(entry.id == "db_last_failure_0");
  CHECK(entry.call_id == 42);
  CHECK(entry.status == 7);
  CHECK(entry.Get("exit-reason") == "no such agent");
}

}  // namespace
}  // namespace picket::runtime
