#include "runtime/executor/executor.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "solver/status/parameter_digest.h"

namespace picket::runtime {
namespace {

Operation Of(const std::string& name, uint32_t interval_ms = 0) {
  Operation operation;
  operation.resource = "db";
  operation.cls = "ocf";
  operation.provider = "heartbeat";
  operation.type = "Dummy";
  operation.name = name;
  operation.interval_ms = interval_ms;
  operation.timeout_ms = 1000;
  return operation;
}

constexpr const char* kMetadata =
    R"(<resource-agent><parameters><parameter name="state"/><parameter name="fake" reloadable="1"/></parameters>
<actions><action name="start"/><action name="reload-agent"/></actions></resource-agent>)";

solver::Table TableOf(const solver::Attributes& pairs) {
  solver::Table table;
  for (const auto& [name, value] : pairs) table.Add(name, value);
  return table;
}

// An executor whose group is itself and whose processes do as they are told.
struct Stage {
  // It knows its agent: runs and orders are counted from what comes after.
  Stage() : executor(Settings{.node = "n1"}) {
    Order(Of("monitor"));
    for (const RunNumber run : {1, 2}) {
      Born(run);
      Ends(run, run == 1 ? 7 : 0, kMetadata);
    }
    spawned.clear();
    results.clear();
    orders = 0;
    executor.next_run = 1;
  }

  void Turn(const std::function<void(Outbox&)>& what) {
    Outbox out;
    what(out);
    while (!out.messages.empty()) {
      const std::vector<Message> messages = std::exchange(out.messages, {});
      for (const Message& message : messages) {
        if (const auto* begin = std::get_if<Begin>(&message)) executor.Begun(*begin, now, out);
        if (const auto* result = std::get_if<Result>(&message)) results.push_back(*result);
        if (std::holds_alternative<ResourceForgotten>(message)) ++forgotten;
      }
    }
    for (const Effect& effect : out.effects) {
      if (const auto* spawn = std::get_if<Spawn>(&effect)) spawned.push_back(spawn->run);
      if (const auto* kill = std::get_if<Kill>(&effect)) killed.push_back(kill->run);
      if (const auto* call = std::get_if<CallUnit>(&effect)) called.push_back(*call);
    }
  }
  void Order(const Operation& operation) {
    runtime::Order order;
    order.number = ++orders;
    order.node = "n1";
    order.operation = operation;
    Turn([&](Outbox& out) { executor.Take(order, now, out); });
  }
  void Born(RunNumber run) {
    Turn([&](Outbox& out) {
      executor.On(ProcessSpawned{run, 100 + static_cast<int64_t>(run), 7}, now, out);
      for (const RunNumber unrecorded : executor.TakeUnrecorded()) executor.Recorded(unrecorded, now, out);
    });
  }
  void Ends(RunNumber run, int exit_code, const std::string& output = "") {
    ProcessEnded ended;
    ended.run = run;
    ended.exit_code = exit_code;
    ended.output = output;
    Turn([&](Outbox& out) { executor.On(ended, now, out); });
  }
  void Wait(int64_t ms) {
    now.boot_ms += ms;
    Turn([&](Outbox& out) { executor.OnTimer(now, out); });
  }

  Executor executor;
  Moment now{1000, 5000, 0};
  uint64_t orders = 0;
  std::vector<RunNumber> spawned;
  std::vector<RunNumber> killed;
  std::vector<CallUnit> called;
  std::vector<Result> results;
  int forgotten = 0;
};

TEST_CASE("one operation at a time on a resource") {
  Stage stage;
  stage.Order(Of("start"));
  stage.Order(Of("promote"));
  REQUIRE(stage.spawned.size() == 1);
  stage.Born(1);
  stage.Ends(1, 0);
  REQUIRE(stage.spawned.size() == 2);
  CHECK(stage.results.size() == 1);
  CHECK(stage.results[0].operation.name == "start");
  CHECK(stage.results[0].outcome == Outcome{});
}

TEST_CASE("a timeout kills, and the result says so once the process is gone") {
  Stage stage;
  stage.Order(Of("start"));
  stage.Born(1);
  CHECK(stage.executor.NextDeadline() == 2000);
  stage.Wait(999);
  CHECK(stage.killed.empty());
  stage.Wait(1);
  CHECK(stage.killed == std::vector<RunNumber>{1});
  CHECK(stage.results.empty());
  stage.Ends(1, 0);
  REQUIRE(stage.results.size() == 1);
  CHECK(stage.results[0].outcome.status == OperationStatus::kTimedOut);
}

TEST_CASE("while an agent does not die, no stop of its resource is a success") {
  Stage stage;
  stage.Order(Of("start"));
  stage.Born(1);
  stage.Wait(1000);
  stage.Wait(5000);
  REQUIRE(stage.results.size() == 1);
  CHECK(stage.results[0].outcome.status == OperationStatus::kTimedOut);
  CHECK(stage.executor.NextDeadline() == INT64_MAX);
  stage.Order(Of("stop"));
  REQUIRE(stage.results.size() == 2);
  CHECK(stage.results[1].operation.name == "stop");
  CHECK(stage.results[1].outcome.status == OperationStatus::kError);
  CHECK(stage.spawned.size() == 1);
  // Gone at last: the lane is free again.
  stage.Ends(1, 0);
  CHECK(stage.results.size() == 2);
  stage.Order(Of("stop"));
  CHECK(stage.spawned.size() == 2);
}

TEST_CASE("a recurring operation reports its first result and then changes") {
  Stage stage;
  stage.Order(Of("monitor", 10000));
  stage.Born(1);
  stage.Ends(1, 0);
  REQUIRE(stage.results.size() == 1);
  CHECK(stage.results[0].first);
  for (RunNumber run = 2; run < 5; ++run) {
    stage.Wait(10000);
    REQUIRE(stage.spawned.size() == run);
    stage.Born(run);
    stage.Ends(run, run == 4 ? 7 : 0);
  }
  REQUIRE(stage.results.size() == 2);
  CHECK_FALSE(stage.results[1].first);
  CHECK(stage.results[1].outcome.rc == 7);
}

TEST_CASE("a recurring run gives way to an order, and ends with a stop") {
  Stage stage;
  stage.Order(Of("monitor", 10000));
  stage.Born(1);
  stage.Ends(1, 0);
  stage.Wait(10000);
  stage.Born(2);
  stage.Order(Of("stop"));
  CHECK(stage.killed == std::vector<RunNumber>{2});
  CHECK(stage.spawned.size() == 2);
  stage.Ends(2, 0);
  REQUIRE(stage.spawned.size() == 3);
  stage.Born(3);
  stage.Ends(3, 0);
  CHECK(stage.results.back().operation.name == "stop");
  CHECK(stage.executor.Recurring().empty());
  CHECK(stage.executor.NextDeadline() == INT64_MAX);
}

TEST_CASE("an ordered monitor that never ran is reported as cancelled") {
  Stage stage;
  Operation monitor = Of("monitor", 10000);
  monitor.start_delay_ms = 60000;
  stage.Order(monitor);
  CHECK(stage.results.empty());
  Operation cancel = Of("monitor", 10000);
  cancel.cancels = true;
  stage.Order(cancel);
  REQUIRE(stage.results.size() == 2);
  CHECK(stage.results[0].outcome.status == OperationStatus::kCancelled);
  CHECK(stage.results[1].operation.cancels);
}

TEST_CASE("an adopted agent is waited for and its resource forgotten") {
  Stage stage;
  RunRecord record;
  record.run = 9;
  record.pid = 4711;
  record.deadline_ms = 4000;
  record.order = 3;
  record.operation = Of("start");
  stage.Turn([&](Outbox& out) { stage.executor.Adopt(record, stage.now, out); });
  stage.Order(Of("monitor"));
  CHECK(stage.spawned.empty());
  ProcessEnded ended;
  ended.run = 9;
  ended.known = false;
  stage.Turn([&](Outbox& out) { stage.executor.On(ended, stage.now, out); });
  CHECK(stage.forgotten == 1);
  CHECK(stage.spawned.size() == 1);
}

TEST_CASE("an agent that is not there is not installed") {
  Stage stage;
  stage.Order(Of("start"));
  stage.Born(1);
  ProcessEnded ended;
  ended.run = 1;
  ended.exec_error = 2;
  ended.exit_code = 127;
  stage.Turn([&](Outbox& out) { stage.executor.On(ended, stage.now, out); });
  REQUIRE(stage.results.size() == 1);
  CHECK(stage.results[0].outcome.status == OperationStatus::kNotInstalled);
  CHECK(stage.results[0].outcome.rc == 5);
}

TEST_CASE("a fence device that was never started is not running, and a stop needs no agent") {
  Stage stage;
  Operation probe = Of("monitor");
  probe.cls = "stonith";
  stage.Order(probe);
  REQUIRE(stage.results.size() == 1);
  CHECK(stage.results[0].outcome.rc == 7);
  Operation stop = Of("stop");
  stop.cls = "stonith";
  stage.Order(stop);
  REQUIRE(stage.results.size() == 2);
  CHECK(stage.results[1].outcome == Outcome{});
  CHECK(stage.spawned.empty());
}

Operation OfDevice(const std::string& name, const solver::Attributes& parameters = {}, uint32_t interval_ms = 0) {
  Operation operation = Of(name, interval_ms);
  operation.cls = "stonith";
  operation.type = "fence_apc";
  operation.parameters = parameters;
  return operation;
}

TEST_CASE("a fence device that does not answer is asked again, and once it answers it is started") {
  Stage stage;
  stage.Order(OfDevice("start"));
  for (RunNumber run = 1; run <= 3; ++run) {
    REQUIRE(stage.spawned.size() == run);
    CHECK(stage.results.empty());
    stage.Born(run);
    stage.Ends(run, run == 3 ? 0 : 1);
  }
  REQUIRE(stage.results.size() == 1);
  CHECK(stage.results[0].outcome == Outcome{});
  stage.Order(OfDevice("monitor"));
  CHECK(stage.spawned.size() == 4);
}

TEST_CASE("a fence device is asked as often as it says, and its last words are the reason") {
  struct Row {
    solver::Attributes parameters;
    size_t runs;
  };
  for (const Row& row :
       std::vector<Row>{{{}, 3}, {{{"pcmk_monitor_retries", "0"}}, 1}, {{{"pcmk_monitor_retries", "1"}}, 2}}) {
    Stage stage;
    stage.Order(OfDevice("start", row.parameters));
    while (stage.results.empty() && stage.spawned.size() < 10) {
      stage.Born(stage.spawned.back());
      ProcessEnded ended;
      ended.run = stage.spawned.back();
      ended.exit_code = 1;
      ended.errors = "ERROR: login failed\n";
      stage.Turn([&](Outbox& out) { stage.executor.On(ended, stage.now, out); });
    }
    CHECK(stage.spawned.size() == row.runs);
    REQUIRE(stage.results.size() == 1);
    CHECK(stage.results[0].outcome == Outcome{OperationStatus::kDone, 1, "ERROR: login failed"});
    CHECK(stage.executor.idle());
  }
}

TEST_CASE("a fence device has the time that it says, for all attempts together") {
  Stage stage;
  stage.Order(OfDevice("start", {{"pcmk_monitor_timeout", "3s"}}));
  stage.Born(1);
  CHECK(stage.executor.NextDeadline() == 4000);
  stage.Wait(2000);
  stage.Ends(1, 1);
  REQUIRE(stage.spawned.size() == 2);
  stage.Born(2);
  CHECK(stage.executor.NextDeadline() == 4000);
  stage.Wait(1000);
  CHECK(stage.killed == std::vector<RunNumber>{2});
  stage.Ends(2, 0);
  REQUIRE(stage.results.size() == 1);
  CHECK(stage.results[0].outcome.status == OperationStatus::kTimedOut);
  CHECK(stage.results[0].outcome.reason == "it did not end within 3000 ms and was killed");
  CHECK(stage.spawned.size() == 2);
}

TEST_CASE("a recurring monitor of a fence device is not asked again while an order waits") {
  Stage stage;
  stage.Order(OfDevice("monitor", {}, 10000));
  CHECK(stage.spawned.size() == 1);
  stage.Order(OfDevice("start"));
  // It gives way as soon as it is there.
  stage.Born(1);
  CHECK(stage.killed == std::vector<RunNumber>{1});
  stage.Ends(1, 1);
  REQUIRE(stage.spawned.size() == 2);
  stage.Born(2);
  stage.Ends(2, 0);
  CHECK(stage.results.back().operation.name == "start");
}

TEST_CASE("other agents are not asked again") {
  Stage stage;
  Operation start = Of("start");
  start.parameters = {{"pcmk_monitor_retries", "5"}};
  stage.Order(start);
  stage.Born(1);
  stage.Ends(1, 1);
  CHECK(stage.spawned.size() == 1);
  CHECK(stage.results.size() == 1);
}

Operation OfClass(const std::string& cls, const std::string& name, uint32_t interval_ms = 0) {
  Operation operation = Of(name, interval_ms);
  operation.cls = cls;
  operation.provider.clear();
  operation.type = "nginx";
  return operation;
}

TEST_CASE("a systemd unit is asked for by name, within the timeout") {
  Stage stage;
  stage.Order(OfClass("systemd", "start"));
  REQUIRE(stage.called.size() == 1);
  CHECK(stage.called[0].unit == "nginx.service");
  CHECK(stage.called[0].verb == UnitVerb::kStart);
  CHECK(stage.spawned.empty());
  REQUIRE(stage.executor.Runs().size() == 1);
  CHECK(stage.executor.Runs()[0].pid == 0);
  stage.Ends(1, 0);
  REQUIRE(stage.results.size() == 1);
  CHECK(stage.results[0].outcome == Outcome{});

  stage.Order(OfClass("systemd", "stop"));
  CHECK(stage.executor.NextDeadline() == 2000);
  stage.Wait(1000);
  CHECK(stage.killed == std::vector<RunNumber>{2});
  stage.Ends(2, 1);
  REQUIRE(stage.results.size() == 2);
  CHECK(stage.results[1].outcome.status == OperationStatus::kTimedOut);
}

TEST_CASE("a unit's recurring monitor gives way to its stop, and its reason is kept") {
  Stage stage;
  stage.Order(OfClass("systemd", "monitor", 10000));
  ProcessEnded ended;
  ended.run = 1;
  ended.exit_code = 7;
  ended.errors = "ocf-exit-reason:the unit has failed\n";
  stage.Turn([&](Outbox& out) { stage.executor.On(ended, stage.now, out); });
  REQUIRE(stage.results.size() == 1);
  CHECK(stage.results[0].outcome == Outcome{OperationStatus::kDone, 7, "the unit has failed"});
  stage.Wait(10000);
  REQUIRE(stage.called.size() == 2);
  stage.Order(OfClass("systemd", "stop"));
  CHECK(stage.killed == std::vector<RunNumber>{2});
  stage.Ends(2, 1);
  REQUIRE(stage.called.size() == 3);
  CHECK(stage.called[2].verb == UnitVerb::kStop);
  // A unit that is not there does not run.
  stage.Ends(3, 5);
  CHECK(stage.results.back().outcome == Outcome{});
}

TEST_CASE("a service is a unit where there is one, else a script") {
  Stage stage;
  stage.Order(OfClass("service", "monitor"));
  REQUIRE(stage.called.size() == 1);
  stage.Ends(1, 7);
  REQUIRE(stage.results.size() == 1);
  CHECK(stage.results[0].outcome.rc == 7);

  stage.Order(OfClass("service", "monitor"));
  stage.Wait(400);
  stage.Ends(2, 5);
  CHECK(stage.results.size() == 1);
  REQUIRE(stage.spawned == std::vector<RunNumber>{3});
  stage.Born(3);
  CHECK(stage.executor.NextDeadline() == 2000);
  // As a script says that it does not run.
  stage.Ends(3, 3);
  REQUIRE(stage.results.size() == 2);
  CHECK(stage.results[1].outcome.rc == 7);
}

TEST_CASE("a unit's call that was given up asks no script") {
  Stage stage;
  stage.Order(OfClass("service", "start"));
  stage.Wait(1000);
  stage.Ends(1, 5);
  CHECK(stage.spawned.empty());
  REQUIRE(stage.results.size() == 1);
  CHECK(stage.results[0].outcome.status == OperationStatus::kTimedOut);
}

TEST_CASE("what units do not know fails at once") {
  Stage stage;
  stage.Order(OfClass("systemd", "promote"));
  REQUIRE(stage.results.size() == 1);
  CHECK(stage.results[0].outcome.rc == 3);
  CHECK(stage.called.empty());
}

TEST_CASE("an agent is asked once what it can reload, and what it cannot is kept with the result") {
  Stage stage;
  Operation start = Of("start");
  start.parameters = {{"state", "/run/x"}, {"fake", "1"}, {"CRM_meta_timeout", "20000"}};
  start.digest = solver::ParameterDigest(TableOf({{"state", "/run/x"}, {"fake", "1"}}));
  stage.Order(start);
  CHECK(stage.spawned.size() == 1);
  stage.Born(1);
  stage.Ends(1, 0);
  REQUIRE(stage.results.size() == 1);
  CHECK(stage.results[0].force_restart == " state ");
  CHECK(stage.results[0].restart_digest == solver::ParameterDigest(TableOf({{"state", "/run/x"}})));
}

TEST_CASE("an agent that does not answer what it can reload stops nothing, and is asked again") {
  Stage stage;
  Operation start = Of("start");
  start.type = "Other";
  stage.Order(start);
  REQUIRE(stage.spawned.size() == 2);
  stage.Born(1);
  stage.Born(2);
  stage.Ends(1, 0);
  REQUIRE(stage.results.size() == 1);
  CHECK(stage.results[0].restart_digest.empty());
  CHECK(stage.executor.idle());
  stage.Wait(20000);
  CHECK(stage.killed == std::vector<RunNumber>{2});
  // Somebody else's number, while it is not gone.
  stage.Order(Of("stop"));
  CHECK(stage.spawned.size() == 3);
  stage.Ends(2, 0, kMetadata);
  start.name = "monitor";
  stage.Order(start);
  stage.Born(3);
  stage.Ends(3, 0);
  CHECK(stage.spawned.size() == 5);
}

TEST_CASE("a resource is stopped with what it was started with") {
  Stage stage;
  Operation start = Of("start");
  start.parameters = {{"ip", "1"}, {"CRM_meta_timeout", "20000"}};
  stage.Order(start);
  stage.Born(1);
  stage.Ends(1, 0);
  REQUIRE(stage.executor.Started().size() == 1);
  CHECK(stage.executor.Started()[0].parameters == solver::Attributes{{"ip", "1"}});
  Operation stop = Of("stop");
  stop.parameters = {{"CRM_meta_timeout", "9000"}, {"ip", "2"}};
  stage.Order(stop);
  const RunNumber run = stage.spawned.back();
  stage.Born(run);
  stage.Ends(run, 0);
  const solver::Attributes expected = {{"CRM_meta_timeout", "9000"}, {"ip", "1"}};
  CHECK(stage.results.back().operation.name == "stop");
  CHECK(stage.results.back().operation.parameters == expected);
  CHECK(stage.executor.Started().empty());
}

TEST_CASE("no agent begins before its process is written down, and one that cannot be has done nothing") {
  Stage stage;
  stage.Order(Of("start"));
  stage.Turn([&](Outbox& out) { stage.executor.On(ProcessSpawned{1, 101, 7}, stage.now, out); });
  stage.Wait(999);
  CHECK(stage.results.empty());
  stage.Wait(1);
  CHECK(stage.killed == std::vector<RunNumber>{1});
  REQUIRE(stage.results.size() == 1);
  // Not the agent's failure: it is looked at anew.
  CHECK(stage.results[0].outcome.status == OperationStatus::kCancelled);
  CHECK(stage.forgotten == 1);
}

TEST_CASE("a process that could not be made is tried again, and only a stop fails for it in the end") {
  Stage stage;
  stage.Order(Of("start"));
  stage.Turn([&](Outbox& out) { stage.executor.On(SpawnFailed{1, "too many"}, stage.now, out); });
  CHECK(stage.results.empty());
  stage.Wait(500);
  CHECK(stage.spawned == std::vector<RunNumber>{1});
  stage.Wait(500);
  REQUIRE(stage.results.size() == 1);
  CHECK(stage.results[0].outcome.status == OperationStatus::kCancelled);

  Stage other;
  Operation stop = Of("stop");
  stop.timeout_ms = 2500;
  other.Order(stop);
  other.Turn([&](Outbox& out) { other.executor.On(SpawnFailed{1, "too many"}, other.now, out); });
  other.Wait(1000);
  REQUIRE(other.spawned == std::vector<RunNumber>{1, 2});
  other.Turn([&](Outbox& out) { other.executor.On(SpawnFailed{2, "too many"}, other.now, out); });
  other.Wait(1500);
  REQUIRE(other.results.size() == 1);
  CHECK(other.results[0].outcome.reason == "picketd could not run it: no process could be made: too many");
}

TEST_CASE("recurring operations do not look busy, and so many run at a time") {
  Stage stage;
  for (int i = 0; i < kRepeatsMax + 3; ++i) {
    Operation monitor = Of("monitor", 10000);
    monitor.resource = "r" + std::to_string(i);
    stage.Order(monitor);
  }
  CHECK(stage.spawned.size() == kRepeatsMax);
  CHECK(stage.executor.idle());
  CHECK_FALSE(stage.executor.quiet());
  stage.Born(1);
  stage.Ends(1, 0);
  CHECK(stage.spawned.size() == kRepeatsMax + 1);
}

TEST_CASE("what cannot exist is not installed, and is stopped") {
  for (const auto& [cls, type] : {std::pair("systemd", "httpd,service"), std::pair("systemd", "srv/data.mount"),
                                  std::pair("daemontools", "plain"), std::pair("systemd", "template@")}) {
    Stage stage;
    Operation probe = Of("monitor");
    probe.cls = cls;
    probe.provider.clear();
    probe.type = type;
    stage.Order(probe);
    REQUIRE(stage.results.size() == 1);
    CHECK(stage.results[0].outcome.rc == 5);
    probe.name = "stop";
    stage.Order(probe);
    REQUIRE(stage.results.size() == 2);
    CHECK(stage.results[1].outcome == Outcome{});
  }
}

}  // namespace
}  // namespace picket::runtime
