// What a history means: the tables and worked examples of spec 02.
#include <doctest/doctest.h>

#include "solver/model/query.h"
#include "solver/status/status.h"
#include "solver/status/testing/recorded.h"

namespace picket::solver::testing {
namespace {

// The state of A after these entries on n1.
std::string After(const std::string& entries, const std::string& meta = {}, const std::string& operations = {},
                  bool fencing = false) {
  const Recorded recorded{
      .resources = Dummy("A", meta, operations), .history = {{"n1", "A: " + entries}}, .fencing = fencing};
  return Read(recorded).Of("A");
}

std::string ScoreAfter(const std::string& entries, const std::string& node) {
  return Read({.resources = Dummy("A"), .history = {{"n1", "A: " + entries}}}).Score("A", node);
}

}  // namespace

TEST_CASE("results of probes") {
  CHECK(After("monitor=0") == "Started n1");
  CHECK(After("monitor=1") == "Started n1 failed stop");
  CHECK(After("monitor=2") == "Stopped");
  CHECK(After("monitor=3") == "Started n1 failed stop");
  CHECK(After("monitor=5") == "Stopped");
  CHECK(After("monitor=7") == "Stopped");
  CHECK(After("monitor=8") == "Promoted n1");
  CHECK(After("monitor=9") == "Promoted n1 failed stop");
  CHECK(After("monitor=190") == "Started n1");
  CHECK(After("monitor=191") == "Promoted n1");
  CHECK(After("monitor=42") == "Started n1 failed stop");
  CHECK(After("monitor=1~7") == "Stopped");
  CHECK(ScoreAfter("monitor=5", "n1") == "-INFINITY");
  CHECK(ScoreAfter("monitor=5", "n2") == "0");
  CHECK(ScoreAfter("monitor=6", "n2") == "-INFINITY");
  CHECK(ScoreAfter("monitor=1", "n1") == "0");
}

TEST_CASE("results of starts and stops, without fencing") {
  CHECK(After("start=0") == "Started n1");
  CHECK(After("start=1") == "Started n1 failed stop");
  CHECK(After("start=1!1") == "Started n1 failed stop");
  CHECK(After("start=7") == "Started n1 failed stop");
  CHECK(After("start=8") == "Promoted n1 failed stop");
  CHECK(After("start=191") == "Promoted n1 failed stop");
  CHECK(After("start=0 stop=0") == "Stopped");
  CHECK(After("start=0 stop=1") == "Started n1 failed blocked unmanaged");
  CHECK(After("start=0 stop=5") == "Started n1 failed blocked unmanaged");
  CHECK(ScoreAfter("start=5", "n1") == "-INFINITY");
  CHECK(ScoreAfter("start=6", "n2") == "-INFINITY");
  // Unmanaged there, but the ban counts more.
  CHECK(ScoreAfter("start=0 stop=1", "n1") == "-INFINITY");
}

TEST_CASE("entries that mean nothing") {
  CHECK(After("start=0 notify=1") == "Started n1");
  CHECK(After("start=0 stop=0~1") == "Started n1");
  CHECK(After("start=0 stop=0~77") == "Started n1");
  CHECK(After("start=0 stop=999") == "Started n1");
}

TEST_CASE("a failed recurring monitor, and what makes up for it") {
  const std::string failed = "start=0 monitor/10000=1";
  CHECK(After(failed) == "Started n1 failed stop");
  CHECK(After(failed + " monitor/10000=0#A_again") == "Started n1");
  CHECK(After(failed + " monitor/20000=0") == "Started n1 failed stop");
  CHECK(After(failed + " start=0#A_again") == "Started n1");
  CHECK(After(failed + " stop=0#A_again") == "Stopped");
  const Read once({.resources = Dummy("A"), .history = {{"n1", "A: start=0 monitor/10000=1"}}});
  CHECK(once.Failed() == "A_monitor_10000@n1");
  CHECK(once.Actions() == "(A_monitor_10000@n1) A_stop_0@n1");
}

TEST_CASE("failure policies of a recurring monitor") {
  const auto with = [](std::string_view on_fail, bool fencing = false) {
    return After("start=0 monitor/10000=1", "", "monitor/10000 on-fail=" + std::string(on_fail), fencing);
  };
  CHECK(with("ignore") == "Started n1 ignored");
  CHECK(with("nothing") == "Started n1 ignored");
  CHECK(with("block") == "Started n1 failed blocked unmanaged");
  CHECK(with("stop") == "Started n1 failed stop next Stopped");
  CHECK(with("restart") == "Started n1 failed stop");
  CHECK(with("restart-container") == "Started n1 failed stop");
  CHECK(with("migrate") == "Started n1 failed stop");
  CHECK(with("demote") == "Started n1 failed stop");  // not a monitor of the promoted role
  CHECK(with("nonsense") == "Started n1 failed stop");
  CHECK(with("fence") == "Started n1 failed stop next Stopped");  // without fencing: stop
  CHECK(with("fence", true) == "Started n1 failed stop");
  CHECK(After("start=0 monitor/10000=1 start=0#A_again", "", "monitor/10000 on-fail=stop") ==
        "Started n1 failed stop next Stopped");

  const Read standby({.resources = Dummy("A", "", "monitor/10000 on-fail=standby"),
                      .history = {{"n1", "A: start=0 monitor/10000=1"}}});
  CHECK(standby.Node("n1") == "online standby");
  const Read fence({.resources = Dummy("A", "", "monitor/10000 on-fail=fence"),
                    .history = {{"n1", "A: start=0 monitor/10000=1"}},
                    .fencing = true});
  CHECK(fence.Node("n1") == "online unclean");
  CHECK(fence.Actions() == "(A_monitor_10000@n1) (stonith-n1-reboot@n1) 'A failed there'");
  const Read migrate({.resources = Dummy("A", "", "monitor/10000 on-fail=migrate"),
                      .history = {{"n1", "A: start=0 monitor/10000=1"}}});
  CHECK(migrate.Score("A", "n1") == "-INFINITY");
}

TEST_CASE("failed promotion and demotion") {
  const auto state = [](const std::string& entries, const std::string& operations = {}) {
    return Read({.resources = Clone("C", Dummy("A", "", operations), "promotable=true clone-max=1"),
                 .history = {{"n1", "A: " + entries}}})
        .Of("A:0");
  };
  CHECK(state("start=0") == "Started n1");
  CHECK(state("start=0 promote=0") == "Promoted n1");
  CHECK(state("start=0 promote=0 demote=0") == "Unpromoted n1");
  CHECK(state("start=0 promote=1") == "Promoted n1 failed stop next Unpromoted");
  CHECK(state("start=0 promote=0 demote=1") == "Unpromoted n1 failed stop");
  CHECK(state("start=0 promote=0 demote=1", "demote on-fail=block") ==
        "Promoted n1 failed blocked unmanaged next Stopped");
  CHECK(state("start=0 promote=0 monitor/10000=1!8", "monitor/10000 role=Promoted on-fail=demote") ==
        "Promoted n1 failed");
  CHECK(state("start=0 promote=0 monitor/10000=1!8 demote=0", "monitor/10000 role=Promoted on-fail=demote") ==
        "Unpromoted n1");
}

TEST_CASE("pending operations") {
  CHECK(After("start=193") == "Started n1 pending-start");
  CHECK(After("monitor=193") == "Stopped");
  CHECK(After("start=0 stop=193") == "Started n1 pending-stop");
  CHECK(After("start=0@1 monitor/10000=1@5 monitor/10000=193@4#A_again") == "Started n1 failed stop");
  CHECK(After("start=0@1 monitor/10000=1@5 monitor/10000=193@6#A_again") == "Started n1 failed stop pending-monitor");
}

TEST_CASE("several nodes") {
  const auto both = [](const std::string& meta) {
    return Read({.resources = Dummy("A", meta), .history = {{"n1", "A: start=0"}, {"n2", "A: start=0"}}}).Of("A");
  };
  CHECK(both("") == "Started n1 n2");
  CHECK(both("multiple-active=block") == "Started n1 n2 blocked unmanaged");
  CHECK(Read({.resources = Dummy("A", "multiple-active=stop_only"),
              .history = {{"n1", "A: start=0"}, {"n2", "A: start=0"}}})
            .Score("A", "n2") == "-INFINITY");
  const Read one({.resources = Dummy("A"), .history = {{"n1", "A: monitor=7"}, {"n2", "A: start=0"}}});
  CHECK(one.Of("A") == "Started n2");
}

TEST_CASE("target roles limit the next role again after a reading that forgot it") {
  CHECK(After("start=0", "target-role=Stopped") == "Started n1 next Stopped");
  CHECK(After("monitor=7", "target-role=Stopped") == "Stopped next Stopped");
  CHECK(After("start=0", "target-role=Started") == "Started n1");
  CHECK(After("start=0", "target-role=Promoted") == "Started n1");
}

TEST_CASE("instances of anonymous clones are numbered as histories come") {
  const Read read({.nodes = "n1 n2 n3",
                   .resources = Clone("C", Dummy("A"), "clone-max=3"),
                   .history = {{"n1", "A: monitor=7"}, {"n2", "A:5: start=0"}, {"n3", "A: start=0"}}});
  CHECK(read.Of("A:0") == "Started n2");  // n1's took it, but nothing of it runs there
  CHECK(read.Of("A:1") == "Started n3");
  CHECK(read.Of("A:2") == "Stopped");

  const Read twice({.resources = Clone("C", Dummy("A"), "clone-max=2"),
                    .history = {{"n1", "A:0: start=0"}, {"n1", "A:1: start=0"}}});
  CHECK(twice.Of("A:0") == "Started n1");
  CHECK(twice.Of("A:2") == "Started n1 removed");

  const Read unique({.resources = Clone("C", Dummy("A"), "clone-max=2 globally-unique=true"),
                     .history = {{"n1", "A:1: start=0"}, {"n1", "A:7: start=0"}}});
  CHECK(unique.Of("A:1") == "Started n1");
  CHECK(unique.Of("A:7") == "Started n1 removed");
}

TEST_CASE("removed resources") {
  const Read stopped({.history = {{"n1", "A: start=0"}}});
  CHECK(stopped.Of("A") == "Started n1 removed");
  CHECK(stopped.Score("A", "n1") == "-INFINITY");
  const Read left({.properties = Pair("stop-removed-resources", "false"), .history = {{"n1", "A: start=0"}}});
  CHECK(left.Of("A") == "Started n1 removed unmanaged");
}

TEST_CASE("live migration") {
  const auto migrated = [](const std::string& on_source, const std::string& on_target) {
    Recorded recorded{.resources = Dummy("A", "allow-migrate=true"), .history = {{"n1", "A: start=0@1 " + on_source}}};
    if (!on_target.empty()) recorded.history.push_back({"n2", "A: " + on_target});
    return Read(recorded).Of("A");
  };
  const std::string to = "migrate_to=0@2";
  CHECK(migrated(to + " stop=0@4", "migrate_from=0@3") == "Started n2");
  CHECK(migrated(to, "migrate_from=0@3") == "Started n2 dangling n1");
  CHECK(migrated(to, "monitor=7@1") == "Started n2 n1 from n1 to n2");
  CHECK(migrated(to, "") == "Started n1");
  CHECK(migrated(to, "migrate_from=1@3") == "Started n2 n1 failed stop");
  CHECK(migrated(to + " stop=0@4", "migrate_from=1@3") == "Started n2 failed stop");
  CHECK(migrated("migrate_to=1@2", "monitor=7@1") == "Started n2 n1 failed stop");
  CHECK(migrated("migrate_to=1@2", "") == "Started n1 failed stop dangling n1");
}

TEST_CASE("active on nodes that are gone") {
  const auto gone = [](bool fencing, const std::string& meta = {}) {
    return Recorded{.resources = Dummy("A", meta),
                    .history = {{"n1", "A: start=0"}},
                    .membership = {{"n1", "in_ccm=\"false\" crmd=\"offline\" join=\"down\" expected=\"down\""}},
                    .fencing = fencing};
  };
  const Read fenced(gone(true));
  CHECK(fenced.Of("A") == "Started n1");
  CHECK(fenced.Node("n1") == "offline unclean");
  CHECK(fenced.Actions() == "(stonith-n1-reboot@n1) 'A is thought to be active there'");
  CHECK(Read(gone(true, "is-managed=false")).Node("n1") == "offline");
  CHECK(Read(gone(false)).Of("A") == "Stopped");  // not even read
}

TEST_CASE("counts of failures") {
  const auto counted = [](const std::string& name, const std::string& value, const std::string& id = "A") {
    Read read({.resources = Dummy("A") + Dummy("A.b") + Clone("C", Dummy("c"), "clone-max=2"),
               .attributes = {{"n1", Pair(name, value)}}});
    return CountFailures(read.run, FindResource(read.run, id), NodeId(0), true, true).count;
  };
  CHECK(counted("fail-count-A#monitor_10000", "3") == 3);
  CHECK(counted("fail-count-A#start_0", "INFINITY") == Score::kInfinityValue);
  CHECK(counted("fail-count-A", "3") == 0);
  CHECK(counted("fail-count-A#monitor", "3") == 0);
  CHECK(counted("fail-count-AA#monitor_1", "3") == 0);
  CHECK(counted("fail-count-A:0#monitor_1", "3") == 0);  // unique
  CHECK(counted("fail-count-A#monitor_1", "many") == 0);
  CHECK(counted("fail-count-AXb#monitor_1", "2", "A.b") == 2);  // the id is a regular expression
  CHECK(counted("fail-count-c:7#monitor_1", "2", "c:0") == 2);
  CHECK(counted("fail-count-c#monitor_1", "2", "c:1") == 2);
}

TEST_CASE("expiry of failures") {
  const auto age = [](int64_t failed_at, const std::string& operations = {}) {
    const std::string attributes =
        Pair("fail-count-A#monitor_10000", "1") + Pair("last-failure-A#monitor_10000", std::to_string(failed_at));
    return Read({.resources = Dummy("A", "failure-timeout=60s", operations),
                 .history = {{"n1", "A: monitor/10000=1@" + std::to_string(failed_at)}},
                 .attributes = {{"n1", attributes}}})
        .Actions();
  };
  CHECK(age(kNow - 30) == "(A_monitor_10000@n1) A_stop_0@n1");
  CHECK(age(kNow - 60) == "(A_monitor_10000@n1) A_stop_0@n1");  // the entry is, the count is not yet
  CHECK(age(kNow - 61) == "A_clear_failcount_0@n1 (A_monitor_10000@n1)");
  CHECK(age(kNow - 61, "monitor/10000 on-fail=block") == "(A_monitor_10000@n1)");
}

TEST_CASE("masked probes") {
  Read read({.resources = Dummy("A") + Dummy("B"), .history = {{"n1", "A: monitor=5"}, {"n2", "A: monitor=2"}}});
  CHECK(MaskedProbeText(read.run, FindResource(read.run, "A"), NodeId()) == "Not installed");
  CHECK(MaskedProbeText(read.run, FindResource(read.run, "A"), FindNodeByName(read.run, "n2")) == "Invalid parameter");
  CHECK(MaskedProbeText(read.run, FindResource(read.run, "B"), NodeId()).empty());
}

}  // namespace picket::solver::testing
