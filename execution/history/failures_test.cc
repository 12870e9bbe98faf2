#include "execution/history/failures.h"

#include <doctest/doctest.h>

#include "execution/history/cleanup.h"
#include "execution/history/history.h"
#include "execution/history/testing.h"

namespace picket::execution {
namespace {

TEST_CASE("what counts as a failure, and for how much (09 §9.1)") {
  struct Case {
    const char* operation;
    uint32_t interval_ms;
    int expected_rc;
    int rc;
    OperationStatus status;
    Weight weight;
  };
  using enum OperationStatus;
  for (const auto& [operation, interval_ms, expected_rc, rc, status, weight] : std::initializer_list<Case>{
           {"monitor", 10000, 0, 0, kDone, Weight::kNone},    {"monitor", 10000, 0, 190, kDone, Weight::kNone},
           {"monitor", 10000, 0, 191, kDone, Weight::kOne},   {"monitor", 10000, 0, 7, kDone, Weight::kOne},
           {"monitor", 10000, 0, 1, kTimedOut, Weight::kOne}, {"promote", 0, 0, 1, kDone, Weight::kOne},
           {"demote", 0, 0, 7, kDone, Weight::kOne},          {"start", 0, 0, 1, kDone, Weight::kInfinity},
           {"stop", 0, 0, 1, kDone, Weight::kInfinity},       {"asyncmon", 0, 0, 1, kDone, Weight::kOne},
           {"monitor", 0, 7, 0, kDone, Weight::kNone},        {"monitor", 0, 7, 1, kDone, Weight::kNone},
           {"monitor", 0, 7, 1, kTimedOut, Weight::kNone},    {"migrate_to", 0, 0, 1, kDone, Weight::kNone},
           {"migrate_from", 0, 0, 1, kDone, Weight::kNone},   {"notify", 0, 0, 1, kDone, Weight::kNone},
           {"cancel", 10000, 0, 1, kDone, Weight::kNone},     {"reload-agent", 0, 0, 1, kTimedOut, Weight::kNone},
           {"monitor", 10000, 0, 1, kInvalid, Weight::kNone},
       }) {
    CAPTURE(operation);
    CAPTURE(rc);
    CHECK(WeightOf(Of(operation, interval_ms, expected_rc, rc, status), true) == weight);
  }
  CHECK(WeightOf(Of("start", 0, 0, 1), false) == Weight::kOne);
  CHECK(WeightOf(Of("stop", 0, 0, 1), false) == Weight::kInfinity);
}

TEST_CASE("a count goes up by one and stays at INFINITY") {
  solver::NodeState state = Node("n1");
  CHECK(CountResult(state, "db", Of("monitor", 10000, 0, 7), {}, 100));
  CHECK(CountResult(state, "db", Of("monitor", 10000, 0, 7), {}, 110));
  CHECK(Transient(state) == "fail-count-db#monitor_10000=2 last-failure-db#monitor_10000=110");
  CHECK(state.transient[0].pairs[0].id == "status-1-fail-count-db.monitor_10000");
  CHECK_FALSE(CountResult(state, "db", Of("migrate_to", 0, 0, 1), {}, 120));
  solver::NodeState other = Node("n2");
  CountResult(other, "db", Of("start", 0, 0, 1), {}, 100);
  CountResult(other, "db", Of("start", 0, 0, 1), {.start_failure_is_fatal = false}, 101);
  CHECK(Transient(other) == "fail-count-db#start_0=INFINITY last-failure-db#start_0=101");
}

TEST_CASE("an ignored failure of the transition under way leaves its time only (09 §9.1)") {
  solver::NodeState state = Node("n1");
  CountResult(state, "db", Of("monitor", 10000, 0, 7), {.ignored = true}, 100);
  CHECK(Transient(state) == "last-failure-db#monitor_10000=100");
}

solver::NodeState Failed() {
  solver::NodeState state = Node("n1");
  RecordResult(state, kDb, Of("start", 0, 0, 0), 90);
  RecordResult(state, kDb, Of("monitor", 10000, 0, 0), 91);
  RecordRepeated(state, kDb, Of("monitor", 10000, 0, 7), 100);
  CountResult(state, "db", Of("monitor", 10000, 0, 7), {}, 100);
  CountResult(state, "db", Of("promote", 0, 0, 1), {}, 100);
  CountResult(state, "dbx", Of("monitor", 10000, 0, 7), {}, 100);
  return state;
}

TEST_CASE("clearing failures takes the counts and the failed entry, of one operation if one is named (09 §8.4)") {
  solver::NodeState all = Failed();
  ClearFailures(all, kDb);
  CHECK(Entries(all) == "db_last_0=0/0 db_monitor_10000=0/0");
  CHECK(Transient(all) == "fail-count-dbx#monitor_10000=1 last-failure-dbx#monitor_10000=100");

  solver::NodeState other = Failed();
  ClearFailures(other, kDb, "promote", 0);
  CHECK(Entries(other) == "db_last_0=0/0 db_monitor_10000=0/0 db_last_failure_0=7/0");
  CHECK(Transient(other).find("promote") == std::string::npos);

  solver::NodeState named = Failed();
  ClearFailures(named, kDb, "monitor", 10000);
  CHECK(Entries(named) == "db_last_0=0/0 db_monitor_10000=0/0");
  CHECK(Transient(named).starts_with("fail-count-db#promote_0=1"));
}

TEST_CASE("a clean-up deletes the history only where something failed (09 §15)") {
  solver::NodeState failed = Failed();
  CHECK(Cleanup(failed, kDb));
  CHECK(failed.history.empty());
  CHECK(Transient(failed).find("-db#") == std::string::npos);

  solver::NodeState other = Failed();
  CHECK_FALSE(Cleanup(other, kDb, "promote", 0));
  CHECK(Entries(other) == "db_last_0=0/0 db_monitor_10000=0/0 db_last_failure_0=7/0");

  solver::NodeState healthy = Node("n1");
  RecordResult(healthy, kDb, Of("start", 0, 0, 0), 90);
  CHECK_FALSE(Cleanup(healthy, kDb));
  CHECK(Entries(healthy) == "db_last_0=0/0");
}

TEST_CASE("a resource that a probe found running has not failed, though the failure's entry is there") {
  solver::NodeState adopted = Node("n1");
  RecordResult(adopted, kDb, Of("monitor", 0, 7, 0), 90);
  CHECK(Entries(adopted) == "db_last_failure_0=0/0 db_last_0=0/0");
  CHECK_FALSE(Cleanup(adopted, kDb));
}

TEST_CASE("a refresh deletes histories whether something failed or not (09 §15)") {
  solver::NodeState state = Failed();
  RecordResult(state, {{"web"}, "systemd", "", "nginx"}, Of("stop", 0, 0, 0), 100);
  CHECK(Refresh(state, kDb));
  CHECK_FALSE(Refresh(state, kDb));
  CHECK(state.history.size() == 1);
  RefreshAll(state);
  CHECK(state.history.empty());
  CHECK(Transient(state).empty());
}

}  // namespace
}  // namespace picket::execution
