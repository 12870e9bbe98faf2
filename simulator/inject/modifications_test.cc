#include "simulator/inject/modifications.h"

#include <doctest/doctest.h>

#include <string>

namespace picket::simulator {
namespace {

std::string Parsed(std::string_view text) {
  int fields = 0;
  const auto spec = ParseOperationSpec(text, fields);
  if (!spec) return "bad, " + std::to_string(fields) + " fields";
  return spec->resource + " " + spec->operation + " " + std::to_string(spec->interval_ms) + " " + spec->node + " " +
         std::to_string(spec->rc);
}

TEST_CASE("operation specifications") {
  struct Case {
    const char* text;
    const char* parsed;
  };
  for (const auto& [text, parsed] :
       std::initializer_list<Case>{{"rsc_monitor_10000@node1=7", "rsc monitor 10000 node1 7"},
                                   {"my_rsc_start_0@n_1=1", "my_rsc start 0 n_1 1"},
                                   {"vm:1_migrate_to_0@node.example.org=0", "vm:1 migrate_to 0 node.example.org 0"},
                                   {"vm_migrate_from_0@n=1", "vm migrate_from 0 n 1"},
                                   {"a_to_0@n=1", "a to 0 n 1"},
                                   {"rsc_monitor_x@n=1", "rsc monitor 0 n 1"},
                                   {"rsc_stop_0@n=-1", "rsc stop 0 n -1"},
                                   {"", "bad, 0 fields"},
                                   {"@n=1", "bad, 0 fields"},
                                   {"garbage", "bad, 1 fields"},
                                   {"rsc_stop_0@", "bad, 1 fields"},
                                   {"rsc_stop_0@n", "bad, 2 fields"},
                                   {"rsc_stop_0@n=x", "bad, 2 fields"},
                                   {"rsc@n=1", "bad, 3 fields"},
                                   {"rsc_0@n=1", "bad, 3 fields"}}) {
    CAPTURE(text);
    CHECK(Parsed(text) == parsed);
  }
}

TEST_CASE("what counts as a failure") {
  CHECK_FALSE(CountsAsFailure(0, 0));
  CHECK_FALSE(CountsAsFailure(7, 0));
  CHECK(CountsAsFailure(7, 10000));
  CHECK(CountsAsFailure(1, 0));
}

TEST_CASE("quorum alone is no modification") {
  Modifications asked;
  CHECK_FALSE(asked.any());
  asked.quorum = "1";
  CHECK_FALSE(asked.any());
  asked.watchdog = "1";
  CHECK(asked.any());
}

struct Fixture {
  solver::Cluster cluster;
  solver::State state;
  solver::Run run;

  Fixture() {
    cluster.nodes.push_back({"1", "n1", "", {}, {}, {}});
    auto node = std::make_shared<solver::NodeState>();
    node->id = "1";
    node->uname = "n1";
    node->attributes = {{"id", "1"}, {"uname", "n1"}};
    state.nodes.push_back(node);
    solver::Resource& resource = run.resources.emplace_back();
    resource.self = solver::ResourceId(size_t{0});
    resource.id = resource.config_id = "rsc";
    resource.cls = "ocf";
    resource.provider = "pacemaker";
    resource.type = "Dummy";
    run.top_level.push_back(resource.self);
    run.resource_by_id.emplace("rsc", resource.self);
    run.options.start_failure_is_fatal = true;
  }

  std::string Apply(const Modifications& asked) {
    StateEditor editor(cluster, state, 1000);
    std::string text;
    for (const InjectionEvent& event : ApplyModifications(asked, run, editor)) {
      text += std::visit(
          [](const auto& what) -> std::string {
            using What = std::decay_t<decltype(what)>;
            if constexpr (std::is_same_v<What, QuorumSet>) return "quorum " + what.value;
            if constexpr (std::is_same_v<What, WatchdogSet>) return "watchdog " + what.value;
            if constexpr (std::is_same_v<What, NodeModified>) return "node " + what.node;
            if constexpr (std::is_same_v<What, TicketModified>) return "ticket " + what.ticket;
            if constexpr (std::is_same_v<What, OperationInjected>) return "operation";
            if constexpr (std::is_same_v<What, AttributeInjected>)
              return what.attribute.name + "=" + what.attribute.value;
            if constexpr (std::is_same_v<What, Complaint>) return "complaint: " + what.text;
          },
          event);
      text += '\n';
    }
    return text;
  }
};

TEST_CASE("the order is fixed, whatever was asked for first") {
  Fixture fixture;
  Modifications asked;
  asked.operations = {"rsc_monitor_0@n1=7"};
  asked.tickets_grant = {"T"};
  asked.nodes_fail = {"n1"};
  asked.nodes_up = {"n3", "n2"};
  asked.watchdog = "true";
  asked.quorum = "false";
  CHECK(fixture.Apply(asked) == "quorum false\nwatchdog true\nnode n3\nnode n2\nnode n1\nticket T\noperation\n");
  CHECK(fixture.state.have_quorum == "false");
  CHECK(fixture.state.watchdog == "true");
  CHECK(fixture.state.added_nodes.size() == 2);
}

TEST_CASE("fail counts of injected operations") {
  struct Case {
    const char* spec;
    const char* told;
  };
  for (const auto& [spec, told] : std::initializer_list<Case>{
           {"rsc_monitor_10000@n1=7",
            "operation\nfail-count-rsc#monitor_10000=1\nlast-failure-rsc#monitor_10000=1000\n"},
           {"rsc_start_0@n1=1", "operation\nfail-count-rsc#start_0=INFINITY\nlast-failure-rsc#start_0=1000\n"},
           {"rsc_stop_0@n1=1", "operation\nfail-count-rsc#stop_0=INFINITY\nlast-failure-rsc#stop_0=1000\n"},
           {"rsc_monitor_0@n1=7", "operation\n"},
           {"rsc_start_0@n1=0", "operation\n"},
           {"nothing_start_0@n1=0", "operation\ncomplaint: Invalid resource name: nothing\n"},
           {"rsc_start_0@n1",
            "operation\ncomplaint: Invalid operation spec: rsc_start_0@n1.  Only found 2 fields\n"}}) {
    CAPTURE(spec);
    Fixture fixture;
    Modifications asked;
    asked.operations = {spec};
    CHECK(fixture.Apply(asked) == told);
  }
}

}  // namespace
}  // namespace picket::simulator
