#include "execution/history/history.h"

#include <doctest/doctest.h>

#include "execution/history/entry.h"
#include "execution/history/testing.h"

namespace picket::execution {
namespace {

std::string Ids(OperationResult result, const Style& style) {
  if (IsProbe(result)) result.expected_rc = 7;
  result.notify_type = "pre";
  result.notify_operation = "start";
  std::string joined;
  for (const std::string& id : EntryIds(result, style)) joined += (joined.empty() ? "" : " ") + id;
  return joined;
}

TEST_CASE("crm_simulate's entries are found under these ids (06 §13.4)") {
  struct Case {
    const char* operation;
    uint32_t interval_ms;
    int rc;
    const char* ids;
  };
  for (const auto& [operation, interval_ms, rc, ids] :
       std::initializer_list<Case>{{"start", 0, 0, "db_last_0"},
                                   {"monitor", 0, 7, "db_last_0"},
                                   {"monitor", 10, 0, "db_monitor_10"},
                                   {"cancel", 10, 0, "db_cancel_10"},
                                   {"start", 0, 1, "db_last_failure_0 db_last_0"},
                                   {"monitor", 10, 1, "db_last_failure_0"},
                                   {"migrate_to", 0, 1, "db_migrate_to_0"},
                                   {"migrate_from", 0, 0, "db_migrate_from_0"},
                                   {"notify", 0, 1, "db_pre_notify_start_0"}}) {
    CAPTURE(operation);
    CHECK(Ids(Of(operation, interval_ms, 0, rc), kCrmSimulate) == ids);
  }
}

TEST_CASE("a live cluster's entries are found under these ids (09 §8.1)") {
  struct Case {
    const char* operation;
    uint32_t interval_ms;
    int rc;
    OperationStatus status;
    const char* ids;
  };
  using enum OperationStatus;
  for (const auto& [operation, interval_ms, rc, status, ids] :
       std::initializer_list<Case>{{"start", 0, 0, kDone, "db_last_0"},
                                   {"start", 0, 1, kDone, "db_last_failure_0 db_last_0"},
                                   {"stop", 0, 1, kTimedOut, "db_last_failure_0 db_last_0"},
                                   {"promote", 0, 0, kError, "db_last_failure_0 db_last_0"},
                                   {"monitor", 0, 7, kDone, "db_last_0"},
                                   {"monitor", 0, 0, kDone, "db_last_failure_0 db_last_0"},
                                   {"monitor", 0, 8, kDone, "db_last_failure_0 db_last_0"},
                                   {"monitor", 10, 0, kDone, "db_monitor_10"},
                                   {"monitor", 10, 190, kDone, "db_monitor_10"},
                                   {"monitor", 10, 191, kDone, "db_last_failure_0"},
                                   {"monitor", 10, 7, kDone, "db_last_failure_0"},
                                   {"migrate_to", 0, 0, kDone, "db_migrate_to_0"},
                                   {"migrate_from", 0, 1, kDone, "db_migrate_from_0"},
                                   {"reload", 0, 0, kDone, "db_last_0"},
                                   {"reload-agent", 0, 1, kTimedOut, "db_last_failure_0 db_last_0"},
                                   {"asyncmon", 0, 1, kDone, "db_last_failure_0 db_last_0"},
                                   {"notify", 0, 1, kDone, ""},
                                   {"cancel", 10, 0, kDone, ""},
                                   {"delete", 0, 0, kDone, ""},
                                   {"meta-data", 0, 0, kDone, ""}}) {
    CAPTURE(operation);
    CAPTURE(rc);
    CHECK(Ids(Of(operation, interval_ms, 0, rc, status), kLive) == ids);
  }
}

TEST_CASE("a reload is recorded as a start, and as a monitor if it could not be had (09 §8.1)") {
  solver::NodeState state = Node("n1");
  RecordResult(state, kDb, Of("reload-agent", 0, 0, 0), 100);
  CHECK(Entry(state, "db_last_0")->key == "db_start_0");
  RecordResult(state, kDb, Of("reload-agent", 0, 0, 1, OperationStatus::kTimedOut), 101);
  CHECK(Entry(state, "db_last_0")->key == "db_monitor_0");
  CHECK(Entry(state, "db_last_failure_0")->key == "db_monitor_0");
}

TEST_CASE("a failed monitor leaves the last good result where it is (09 §8.1)") {
  solver::NodeState state = Node("n1");
  RecordResult(state, kDb, Of("start", 0, 0, 0), 100);
  RecordResult(state, kDb, Of("monitor", 10000, 0, 0), 101);
  RecordRepeated(state, kDb, Of("monitor", 10000, 0, 7), 111);
  CHECK(Entries(state) == "db_last_0=0/0 db_monitor_10000=0/0 db_last_failure_0=7/0");
  CHECK(Entry(state, "db_last_failure_0")->key == "db_monitor_10000");
}

TEST_CASE("picketd: a monitor that goes on failing is not taken for a good one once its failure is cleared") {
  solver::NodeState state = Node("n1");
  RecordResult(state, kDb, Of("monitor", 10000, 0, 0), 100, kPicketd);
  RecordResult(state, kDb, Of("monitor", 10000, 0, 7), 110, kPicketd);
  ForgetLastFailure(state, kDb);
  CHECK(Entries(state) == "db_monitor_10000=7/0");
}

TEST_CASE("a recurring operation keeps its call over all its executions (09 §8.3)") {
  solver::NodeState state = Node("n1");
  OperationResult monitor = Of("monitor", 10000, 0, 0);
  monitor.digest = "d1";
  monitor.exec_ms = 12;
  RecordResult(state, kDb, monitor, 100);
  RecordRepeated(state, kDb, Of("monitor", 10000, 0, 7), 110);
  const solver::HistoryEntry* failure = Entry(state, "db_last_failure_0");
  CHECK(failure->call_id == Entry(state, "db_monitor_10000")->call_id);
  CHECK(failure->Get("op-digest") == "d1");
  CHECK(failure->Get("exec-time") == "0");
  CHECK(failure->Get("last-rc-change") == "110");
}

TEST_CASE("there is one last failure for each resource (09 §8.1)") {
  solver::NodeState state = Node("n1");
  RecordResult(state, kDb, Of("monitor", 10000, 8, 7), 100);
  RecordResult(state, kDb, Of("demote", 0, 0, 7), 101);
  CHECK(Entries(state) == "db_last_failure_0=7/0 db_last_0=7/0");
  CHECK(Entry(state, "db_last_failure_0")->key == "db_demote_0");
}

TEST_CASE("a stop leaves the monitors where they are, but for picketd (09 §8.4)") {
  for (const Style* style : {&kLive, &kPicketd}) {
    solver::NodeState state = Node("n1");
    RecordResult(state, kDb, Of("start", 0, 0, 0), 100, *style);
    RecordResult(state, kDb, Of("monitor", 10000, 0, 0), 101, *style);
    RecordResult(state, kDb, Of("stop", 0, 0, 1), 102, *style);
    CHECK(Entries(state) == "db_last_0=1/0 db_monitor_10000=0/0 db_last_failure_0=1/0");
    RecordResult(state, kDb, Of("stop", 0, 0, 0), 103, *style);
    CHECK(Entries(state) == (style == &kLive ? "db_last_0=0/0 db_monitor_10000=0/0 db_last_failure_0=1/0"
                                             : "db_last_0=0/0 db_last_failure_0=1/0"));
  }
}

TEST_CASE("calls count over the whole node (09 §8.3)") {
  solver::NodeState state = Node("n1");
  const HistoryTarget web = {{"web"}, "systemd", "", "nginx"};
  OperationResult start = Of("start", 0, 0, 0);
  RecordResult(state, kDb, start, 100);
  start.resource = "web";
  RecordResult(state, web, start, 100);
  RecordResult(state, kDb, Of("monitor", 10000, 0, 0), 100);
  CHECK(Entry(state, "db_last_0")->call_id == 1);
  CHECK(Entry(state, "web_last_0")->call_id == 2);
  CHECK(Entry(state, "db_monitor_10000")->call_id == 3);
  CHECK(Entry(state, "web_last_0")->on_node == "n1");
}

TEST_CASE("what has begun stands where its result will stand (09 §8.2)") {
  solver::NodeState state = Node("n1");
  RecordResult(state, kDb, Of("start", 0, 0, 0), 100);
  RecordPending(state, kDb, Of("monitor", 10000, 0, 0), 101);
  RecordPending(state, kDb, Of("stop", 0, 0, 0), 102);
  CHECK(Entries(state) == "db_last_0=193/-1 db_monitor_10000=193/-1");
  CHECK(Entry(state, "db_last_0")->key == "db_stop_0");
  CHECK(Entry(state, "db_last_0")->call_id == -1);
  RecordResult(state, kDb, Of("stop", 0, 0, 0), 103);
  // The first result of the monitor, a failure, stands elsewhere.
  RecordResult(state, kDb, Of("monitor", 10000, 0, 7), 104);
  CHECK(Entries(state) == "db_last_0=0/0 db_last_failure_0=7/0");
  RecordPending(state, kDb, Of("notify", 0, 0, 0), 105);
  CHECK(Entries(state) == "db_last_0=0/0 db_last_failure_0=7/0");
}

TEST_CASE("picketd: what has begun stands beside what is known until the result comes") {
  solver::NodeState state = Node("n1");
  RecordResult(state, kDb, Of("start", 0, 0, 0), 100, kPicketd);
  RecordPending(state, kDb, Of("stop", 0, 0, 0), 100, kPicketd);
  CHECK(Entries(state) == "db_last_0=0/0 db_pending_0=193/-1");
  CHECK(PendingResources(state) == std::vector<std::string>{"db"});
  RecordResult(state, kDb, Of("stop", 0, 0, 0), 100, kPicketd);
  CHECK(Entries(state) == "db_last_0=0/0");
}

TEST_CASE("a cancel forgets the monitor and leaves its failure alone (09 §7.5)") {
  solver::NodeState state = Node("n1");
  RecordResult(state, kDb, Of("monitor", 10000, 0, 0), 100);
  RecordRepeated(state, kDb, Of("monitor", 10000, 0, 7), 101);
  ForgetRecurring(state, kDb, "monitor", 10000);
  CHECK(Entries(state) == "db_last_failure_0=7/0");
}

TEST_CASE("status, call and reason are kept as they are given; a success has no reason") {
  solver::NodeState state = Node("n1");
  OperationResult missing = Of("start", 0, 0, 5, OperationStatus::kNotInstalled);
  missing.call_id = 42;
  missing.exit_reason = "no such agent";
  RecordResult(state, kDb, missing, 100);
  for (const char* id : {"db_last_0", "db_last_failure_0"}) {
    const solver::HistoryEntry* entry = Entry(state, id);
    CHECK(entry->call_id == 42);
    CHECK(entry->status == 7);
    CHECK(entry->Get("exit-reason") == "no such agent");
  }
  OperationResult start = Of("start", 0, 0, 0);
  start.exit_reason = "slow today";
  RecordResult(state, kDb, start, 101);
  CHECK(Entry(state, "db_last_0")->Get("exit-reason").empty());
}

TEST_CASE("the reason of a timeout names the timeout (09 §7.2)") {
  CHECK(TimeoutReason(4000) == "Resource agent did not complete within 4s");
  CHECK(TimeoutReason(1500) == "Resource agent did not complete within 1500ms");
}

TEST_CASE("a locked resource may outlive its node's history (09 §13.5)") {
  solver::NodeState state = Node("n1");
  RecordResult(state, kDb, Of("stop", 0, 0, 0), 100);
  state.history.Edit(0).attributes.emplace_back("shutdown-lock", "99");
  RecordResult(state, {{"web"}, "systemd", "", "nginx"}, Of("stop", 0, 0, 0), 100);
  ForgetHistory(state, true);
  REQUIRE(state.history.size() == 1);
  CHECK(state.history[0].id == "db");
  CHECK(state.history[0].entries.empty());
  ForgetHistory(state);
  CHECK_FALSE(state.has_history);
}

}  // namespace
}  // namespace picket::execution
