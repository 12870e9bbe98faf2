#include "execution/history/memory.h"

#include <doctest/doctest.h>

#include "execution/history/history.h"
#include "execution/history/testing.h"

namespace picket::execution {
namespace {

struct Life {
  solver::NodeState state = Node("n1");
  int next_call = 1;

  void Did(OperationResult result) {
    result.call_id = next_call++;
    RecordResult(state, kDb, result, 100);
  }
  std::string Joined() {
    KeepWhatIsRemembered(state);
    return Entries(state);
  }
};

}  // namespace

TEST_CASE("a join drops the monitors of a stopped resource (09 §8.6)") {
  Life life;
  life.Did(Of("start", 0, 0, 0));
  life.Did(Of("monitor", 10000, 0, 0));
  life.Did(Of("stop", 0, 0, 0));
  CHECK(Entries(life.state) == "db_last_0=0/0 db_monitor_10000=0/0");
  CHECK(life.Joined() == "db_last_0=0/0");
  CHECK(Entry(life.state, "db_last_0")->key == "db_stop_0");
  CHECK(Entry(life.state, "db_last_0")->call_id == 3);
}

TEST_CASE("a join shows a failed last operation as the last failure only (09 §8.6)") {
  Life life;
  life.Did(Of("start", 0, 0, 0));
  life.Did(Of("stop", 0, 0, 1));
  CHECK(life.Joined() == "db_last_failure_0=1/0");
  CHECK(Entry(life.state, "db_last_failure_0")->key == "db_stop_0");
}

TEST_CASE("a join keeps of migrations, probes and other operations the last success only (09 §8.6)") {
  Life away;
  away.Did(Of("migrate_from", 0, 0, 0));
  away.Did(Of("monitor", 10000, 0, 0));
  away.Did(Of("migrate_to", 0, 0, 0));
  CHECK(away.Joined() == "db_migrate_to_0=0/0");
  Life here;
  here.Did(Of("monitor", 0, 7, 7));
  here.Did(Of("migrate_from", 0, 0, 0));
  here.Did(Of("monitor", 10000, 0, 0));
  CHECK(Entries(here.state) == "db_last_0=7/0 db_migrate_from_0=0/0 db_monitor_10000=0/0");
  CHECK(here.Joined() == "db_migrate_from_0=0/0 db_monitor_10000=0/0");
}

TEST_CASE("an adopted resource whose monitor failed has its monitor and the failure left (09 §8.6)") {
  Life life;
  life.Did(Of("monitor", 0, 7, 0));
  life.Did(Of("monitor", 10000, 0, 0));
  life.Did(Of("monitor", 10000, 0, 7));
  CHECK(life.Joined() == "db_last_failure_0=7/0 db_monitor_10000=0/0");
}

TEST_CASE("a join forgets what is under way") {
  Life life;
  life.Did(Of("start", 0, 0, 0));
  RecordPending(life.state, kDb, Of("monitor", 10000, 0, 0), 100);
  CHECK(life.Joined() == "db_last_0=0/0");
}

TEST_CASE("of a monitor that fails and runs on its failure is remembered (09 §8.6)") {
  Life life;
  life.Did(Of("start", 0, 0, 0));
  OperationResult monitor = Of("monitor", 10000, 0, 0);
  monitor.call_id = 2;
  RecordResult(life.state, kDb, monitor, 100);
  monitor.rc = 1;
  RecordResult(life.state, kDb, monitor, 110);
  CHECK(Entries(life.state) == "db_last_0=0/0 db_monitor_10000=0/0 db_last_failure_0=1/0");
  SUBCASE("and nothing else") {
    CHECK(life.Joined() == "db_last_0=0/0 db_last_failure_0=1/0");
  }
  SUBCASE("until it is good again") {
    monitor.rc = 0;
    RecordResult(life.state, kDb, monitor, 120);
    CHECK(life.Joined() == "db_last_0=0/0 db_monitor_10000=0/0 db_last_failure_0=1/0");
  }
}

}  // namespace picket::execution
