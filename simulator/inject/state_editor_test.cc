#include "simulator/inject/state_editor.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

namespace picket::simulator {
namespace {

using solver::Cluster;
using solver::NodeState;
using solver::State;

std::string Words(const solver::Attributes& attributes) {
  std::string text;
  for (const auto& [name, value] : attributes) text += (text.empty() ? "" : " ") + name + "=" + value;
  return text;
}

struct Fixture {
  Cluster cluster;
  State state;

  Fixture() {
    cluster.nodes.push_back({"1", "n1", "", {}, {}, {}});
    cluster.nodes.push_back({"2", "n2", "", {}, {}, {}});
    auto node = std::make_shared<NodeState>();
    node->id = "1";
    node->uname = "n1";
    node->attributes = {{"id", "1"}, {"uname", "n1"}, {"crmd", "offline"}};
    state.nodes.push_back(node);
  }
  StateEditor Editor() { return StateEditor(cluster, state, 1234); }
  std::string Node(size_t i) { return Words(state.nodes[i]->attributes); }
};

TEST_CASE("membership is changed in place, and a node without state gets one under its configured id") {
  Fixture fixture;
  StateEditor editor = fixture.Editor();
  editor.BringUp("n1");
  CHECK(fixture.Node(0) ==
        "id=1 uname=n1 crmd=online in_ccm=true join=member expected=member crm-debug-origin=crm_simulate");
  editor.Fail("n1");
  CHECK(fixture.Node(0) ==
        "id=1 uname=n1 crmd=online in_ccm=false join=member expected=member crm-debug-origin=crm_simulate");
  editor.TakeDown("n2");
  CHECK(fixture.Node(1) ==
        "id=2 uname=n2 in_ccm=false crmd=offline join=down expected=down crm-debug-origin=crm_simulate");
  editor.BringUp("n9");
  CHECK(fixture.Node(2) ==
        "id=n9 uname=n9 in_ccm=true crmd=online join=member expected=member crm-debug-origin=crm_simulate");
  CHECK(fixture.state.added_nodes.empty());
}

TEST_CASE("once a node was brought up, touched nodes join the configuration") {
  Fixture fixture;
  StateEditor editor = fixture.Editor();
  editor.ConfigureTouchedNodes();
  editor.BringUp("n1");
  editor.Fail("n9");
  REQUIRE(fixture.state.added_nodes.size() == 1);
  CHECK(fixture.state.added_nodes[0].id == "n9");
  CHECK(fixture.state.added_nodes[0].uname == "n9");
  CHECK(editor.configuration_changes() == 1);
  CHECK(editor.status_changes() == 2);  // made, then changed: counted from the configuration's change on
}

TEST_CASE("a changed node state is a copy; the one it came from stays as it was") {
  Fixture fixture;
  const State before = fixture.state;
  StateEditor editor = fixture.Editor();
  editor.BringUp("n1");
  CHECK(before.nodes[0]->Get("crmd") == "offline");
  CHECK(fixture.state.nodes[0]->Get("crmd") == "online");
}

TEST_CASE("tickets are changed or made") {
  Fixture fixture;
  StateEditor editor = fixture.Editor();
  editor.SetTicket("T", "granted", "true");
  editor.SetTicket("T", "standby", "true");
  editor.SetTicket("T", "granted", "false");
  REQUIRE(fixture.state.tickets.size() == 1);
  CHECK(Words(fixture.state.tickets[0].attributes) == "granted=false standby=true");
}

TEST_CASE("failures count from what is stored") {
  Fixture fixture;
  StateEditor editor = fixture.Editor();
  const size_t node = editor.FindOrMakeNode("n1");
  CHECK(editor.CountFailure(node, "a:0", "monitor", 10, false)[0].value == "1");
  CHECK(editor.CountFailure(node, "a:0", "monitor", 10, false)[0].value == "2");
  CHECK(editor.CountFailure(node, "a:0", "stop", 0, true)[0].value == "INFINITY");
  const NodeState& state = *fixture.state.nodes[node];
  CHECK(state.has_transient);
  REQUIRE(state.transient.size() == 1);
  CHECK(state.transient[0].id == "1");
  REQUIRE(state.transient[0].pairs.size() == 4);
  CHECK(state.transient[0].pairs[0].id == "1-fail-count-a:0.monitor_10");
  CHECK(state.transient[0].pairs[0].name == "fail-count-a:0#monitor_10");
  CHECK(state.transient[0].pairs[1].value == "1234");
}

TEST_CASE("an operation is recorded with the next call id, over the entry of the same id") {
  Fixture fixture;
  StateEditor editor = fixture.Editor();
  const size_t node = editor.FindOrMakeNode("n1");
  execution::OperationResult result;
  result.resource = "r";
  result.operation = "start";
  result.digest = "d1";
  editor.Record(node, {{"r:0", "r"}, "ocf", "pacemaker", "Dummy"}, result);
  result.operation = "reload-agent";
  result.digest.clear();
  editor.Record(node, {{"r:0", "r"}, "ocf", "pacemaker", "Dummy"}, result);
  const auto& history = fixture.state.nodes[node]->history;
  REQUIRE(history.size() == 1);
  CHECK(Words(history[0].attributes) == "id=r class=ocf provider=pacemaker type=Dummy");
  REQUIRE(history[0].entries.size() == 1);
  CHECK(Words(history[0].entries[0].attributes) ==
        "id=r_last_0 operation_key=r_start_0 operation=start crm-debug-origin=crm_simulate "
        "crm_feature_set=3.20.5 "
        "transition-key=2:-1:0:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx "
        "transition-magic=0:0;2:-1:0:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx exit-reason= on_node=n1 call-id=2 "
        "rc-code=0 "
        "op-status=0 interval=0 last-rc-change=1234 exec-time=0 queue-time=0 op-digest=d1");
}

TEST_CASE("fencing a node forgets its history and what it will be told later starts again") {
  Fixture fixture;
  StateEditor editor = fixture.Editor();
  const size_t node = editor.FindOrMakeNode("n1");
  execution::OperationResult result;
  result.resource = "r";
  result.operation = "start";
  editor.Record(node, {{"r"}, "ocf", "", "Dummy"}, result);
  editor.Fence(node);
  CHECK(fixture.state.nodes[node]->history.empty());
  CHECK(fixture.state.nodes[node]->Get("crm-debug-origin") == "simulate_fencing_action");
  CHECK_FALSE(fixture.state.nodes[node]->has_history);
  editor.Record(node, {{"r"}, "ocf", "", "Dummy"}, result);
  CHECK(fixture.state.nodes[node]->history[0].entries[0].Get("call-id") == "1");
}

}  // namespace
}  // namespace picket::simulator
