#include "execution/history/memory.h"

#include <doctest/doctest.h>

#include "execution/history/history.h"
#include "execution/history/testing.h"

namespace picket::execution {
namespace {

// A node whose history and memory are told the same.
struct Life {
  solver::NodeState state = Node("n1");
  Memory memory;
  int next_call = 1;

  void Did(OperationResult result) {
    result.call_id = next_call++;
    RecordResult(state, kDb, result, 100);
    memory.Remember(kDb, result, 100);
  }
  std::string Joined() {
    memory.WriteHistory(state, false);
    return Entries(state);
  }
};

TEST_CASE("a join drops the monitors of a stopped resource (09 §8.6)") {
  Life life;
  life.Did(Of("start", 0, 0, 0));
  life.Did(Of("monitor", 10000, 0, 0));
  life.Did(Of("stop", 0, 0, 0));
  CHECK(Entries(life.state) == "db_last_0=0/0 db_monitor_10000=0/0");
  CHECK(life.Joined() == "db_last_0=0/0");
  CHECK(Entry(life.state, "db_last_0")->key == "db_stop_0");
  CHECK(Entry(life.state, "db_last_0")->call_id == 3);
  CHECK(Entry(life.state, "db_last_0")->Get("crm-debug-origin") == "build_active_RAs");
}

TEST_CASE("a join brings the last success back from behind a failure (09 §8.6)") {
  Life life;
  life.Did(Of("start", 0, 0, 0));
  life.Did(Of("stop", 0, 0, 1));
  CHECK(life.Joined() == "db_last_0=0/0 db_last_failure_0=1/0");
  CHECK(Entry(life.state, "db_last_0")->key == "db_start_0");
  CHECK(Entry(life.state, "db_last_failure_0")->key == "db_stop_0");
}

TEST_CASE("a join keeps of several migrations the last operation only (09 §8.6)") {
  Life life;
  life.Did(Of("migrate_from", 0, 0, 0));
  life.Did(Of("monitor", 10000, 0, 0));
  life.Did(Of("migrate_to", 0, 0, 0));
  CHECK(life.Joined() == "db_migrate_to_0=0/0");
}

TEST_CASE("the history alone tells what is remembered, but for what a failed last operation replaced") {
  Life stopped;
  stopped.Did(Of("start", 0, 0, 0));
  stopped.Did(Of("monitor", 10000, 0, 0));
  stopped.Did(Of("stop", 0, 0, 0));
  KeepWhatIsRemembered(stopped.state);
  CHECK(Entries(stopped.state) == stopped.Joined());
  Life migrated;
  migrated.Did(Of("migrate_from", 0, 0, 0));
  migrated.Did(Of("monitor", 10000, 0, 0));
  migrated.Did(Of("migrate_to", 0, 0, 0));
  KeepWhatIsRemembered(migrated.state);
  CHECK(Entries(migrated.state) == migrated.Joined());
}

TEST_CASE("an adopted resource whose monitor failed has its monitor and the failure left (09 §8.6)") {
  Life life;
  life.Did(Of("monitor", 0, 7, 0));
  life.Did(Of("monitor", 10000, 0, 0));
  life.Did(Of("monitor", 10000, 0, 7));
  CHECK(life.Joined() == "db_last_failure_0=7/0 db_monitor_10000=0/0");
}

TEST_CASE("a join forgets what is under way and what is cancelled") {
  Life life;
  life.Did(Of("start", 0, 0, 0));
  life.Did(Of("monitor", 10000, 0, 0));
  life.Did(Of("notify", 0, 0, 0));
  RecordPending(life.state, kDb, Of("stop", 0, 0, 0), 100);
  life.memory.ForgetRecurring(kDb, "monitor", 10000);
  CHECK(life.Joined() == "db_last_0=0/0");
  CHECK(Entry(life.state, "db_last_0")->key == "db_start_0");
}

TEST_CASE("a controller that was started anew remembers nothing") {
  Life life;
  life.Did(Of("start", 0, 0, 0));
  life.memory.Clear();
  CHECK(life.Joined().empty());
  CHECK(life.state.has_history);
}

TEST_CASE("a cleared failure is cleared from the memory too (09 §9.3)") {
  Life life;
  life.Did(Of("start", 0, 0, 0));
  life.Did(Of("monitor", 10000, 0, 7));
  life.memory.ForgetLastFailure(kDb, "promote", 0);
  CHECK(life.Joined() == "db_last_0=0/0 db_last_failure_0=7/0");
  life.memory.ForgetLastFailure(kDb, "monitor", 10000);
  CHECK(life.Joined() == "db_last_0=0/0");
}

TEST_CASE("a recurring operation is reported when its result changes (09 §7.4)") {
  Memory memory;
  const OperationResult good = Of("monitor", 10000, 0, 0);
  const OperationResult gone = Of("monitor", 10000, 0, 7);
  const OperationResult hung = Of("monitor", 10000, 0, 7, OperationStatus::kTimedOut);
  CHECK(memory.IsNews(kDb, good));
  memory.Remember(kDb, good, 100);
  CHECK_FALSE(memory.IsNews(kDb, good));
  CHECK(memory.IsNews(kDb, gone));
  memory.Remember(kDb, gone, 110);
  CHECK_FALSE(memory.IsNews(kDb, gone));
  CHECK(memory.IsNews(kDb, hung));
  CHECK(memory.IsNews(kDb, good));
  // A restart of the resource makes it new.
  memory.Remember(kDb, Of("start", 0, 0, 0), 120);
  CHECK(memory.IsNews(kDb, gone));
}

}  // namespace
}  // namespace picket::execution
