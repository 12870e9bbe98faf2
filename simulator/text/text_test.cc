// The pieces of the text and XML output that need no cluster.
#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "simulator/text/display.h"
#include "simulator/text/event_text.h"
#include "simulator/text/status_text.h"
#include "simulator/text/text_writer.h"
#include "simulator/text/xml_element.h"

namespace picket::simulator {
namespace {

TEST_CASE("lists indent their items, the outermost title has no bullet") {
  std::ostringstream out;
  TextWriter writer(out, false);
  {
    OpenList block(writer, "Block");
    OpenList section(writer, "Section");
    writer.Item("item");
    writer.Info("info");
  }
  writer.Spacer();
  writer.Item("bare");
  CHECK(out.str() == "Block:\n  * Section:\n    * item\ninfo\n\n* bare\n");
}

TEST_CASE("plain output has neither titles nor prefixes") {
  std::ostringstream out;
  TextWriter writer(out, true);
  OpenList block(writer, "Block");
  writer.Item("item");
  writer.Spacer();
  CHECK(out.str() == "item\n\n");
}

TEST_CASE("lines of events") {
  CHECK(LineOf(NodeModified{NodeChange::kOnline, "n"}) == "Bringing node n online");
  CHECK(LineOf(NodeModified{NodeChange::kOffline, "n"}) == "Taking node n offline");
  CHECK(LineOf(NodeModified{NodeChange::kFailing, "n"}) == "Failing node n");
  CHECK(LineOf(TicketModified{TicketChange::kStandby, "T"}) == "Making ticket T standby");
  CHECK(LineOf(AttributeInjected{{"a", "1", "id"}}) == "Injecting attribute a=1 into /node_state 'id'");
  CHECK(LineOf(PseudoFired{"stonith", "stonith-g-reboot", "g"}) == "Pseudo action:   stonith-g-reboot on g");
  CHECK(LineOf(PseudoFired{"start", "c_start_0", ""}) == "Pseudo action:   c_start_0");
  CHECK(LineOf(ResourceFired{"r", "monitor", 5000, "n"}) == "Resource action: r               monitor=5000 on n");
  CHECK(LineOf(ResourceFired{"a-name-of-eighteen", "start", 0, "n"}) ==
        "Resource action: a-name-of-eighteen start on n");
  CHECK(LineOf(FencingFired{"n", "off"}) == "Fencing n (off)");
  CHECK(LineOf(ClusterFired{"do_shutdown", "", "n"}) == "Cluster action:  do_shutdown on n");
  CHECK(LineOf(ClusterFired{"lrm_delete", "r", "n"}) == "Cluster action:  lrm_delete for r on n");
  CHECK(LineOf(FailurePretended{39, 7}) == "Pretending action 39 failed with rc=7");
}

solver::ResourceSummary Change(const char* word, const char* id, const char* details, const char* reason = "") {
  solver::ResourceSummary change;
  change.change = word;
  change.id = id;
  change.details = details;
  change.reason = reason;
  return change;
}

TEST_CASE("the summary's columns are laid out over all lines, and a wider id makes two more columns") {
  solver::TransitionSummary summary;
  summary.nodes.push_back({{}, {}, "Fence (off)", "n1", "it is lost"});
  summary.nodes.push_back({{}, {}, "Shutdown", "n2", ""});
  summary.resources.push_back(Change("Start", "abcdefg", "n1"));
  summary.resources.push_back(Change("Re-promote", "abcdefgh", "Promoted node1", "due to x"));
  const std::vector<std::string> lines = SummaryLines(summary);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "Fence (off) n1 'it is lost'");
  CHECK(lines[1] == "Start      abcdefg     (             n1 )");
  CHECK(lines[2] == "Re-promote   abcdefgh    ( Promoted node1 )  due to x");
}

TEST_CASE("states of nodes with a line of their own") {
  struct Case {
    bool online, unclean, pending, standby, on_fail, maintenance, busy;
    const char* text;
  };
  for (const Case& c :
       std::initializer_list<Case>{{true, true, false, false, false, false, false, "UNCLEAN (online)"},
                                   {false, true, true, false, false, false, false, "UNCLEAN (pending)"},
                                   {false, true, false, true, false, false, false, "UNCLEAN (offline)"},
                                   {false, false, true, true, false, false, false, "pending"},
                                   {true, false, false, true, true, false, false, "standby (on-fail)"},
                                   {false, false, false, true, true, false, false, "OFFLINE (standby)"},
                                   {true, false, false, true, false, true, false, "standby"},
                                   {true, false, false, true, false, false, true, "standby (with active resources)"},
                                   {true, false, false, false, false, true, false, "maintenance"},
                                   {false, false, false, false, false, true, false, "OFFLINE (maintenance)"},
                                   {true, false, false, false, false, false, false, "online"},
                                   {false, false, false, false, false, false, false, "OFFLINE"}}) {
    solver::Node node;
    node.online = c.online;
    node.unclean = c.unclean;
    node.pending = c.pending;
    node.standby = c.standby;
    node.standby_on_fail = c.on_fail;
    node.maintenance = c.maintenance;
    if (c.busy) node.running.push_back(solver::ResourceId(size_t{0}));
    CAPTURE(c.text);
    CHECK(NodeStateText(node) == c.text);
  }
}

// One node `n1` and one primitive `r` of ocf:pacemaker:Dummy.
struct Fixture {
  solver::Cluster cluster;
  solver::Run run;
  solver::NodeId node{size_t{0}};
  solver::ResourceId id{size_t{0}};

  Fixture() {
    run.cluster = &cluster;
    solver::Node& n1 = run.nodes.emplace_back();
    n1.self = node;
    n1.name = "n1";
    n1.online = true;
    run.node_order.push_back(node);
    solver::Resource& r = run.resources.emplace_back();
    r.self = id;
    r.id = r.config_id = "r";
    r.cls = "ocf";
    r.provider = "pacemaker";
    r.type = "Dummy";
    run.top_level.push_back(id);
  }
  solver::Resource& resource() { return run.at(id); }
  std::string Line(bool pending, solver::NodeId where) { return PrimitiveLine(run, id, "r", where, pending); }
};

TEST_CASE("the line of a primitive") {
  const std::string head = "r\t(ocf:pacemaker:Dummy):\t ";
  Fixture fixture;
  solver::Resource& r = fixture.resource();
  CHECK(fixture.Line(true, {}) == head + "Stopped");
  r.meta.Set("target-role", "stopped");
  CHECK(fixture.Line(true, {}) == head + "Stopped (disabled)");
  r.role = solver::Role::kStarted;
  r.active.push_back(fixture.node);
  r.blocked = true;
  r.managed = false;
  CHECK(fixture.Line(true, fixture.node) == head + "Started n1 (disabled, blocked)");
  r.failed = true;
  r.failure_ignored = true;
  CHECK(fixture.Line(true, fixture.node) == head + "FAILED n1 (disabled, blocked, failure ignored)");
  r.failed = r.failure_ignored = r.blocked = false;
  r.meta.Remove("target-role");
  CHECK(fixture.Line(true, fixture.node) == head + "Started n1 (unmanaged)");
  r.maintenance = true;
  CHECK(fixture.Line(true, fixture.node) == head + "Started n1 (maintenance)");
  r.maintenance = false;
  r.managed = true;
  r.pending_operation = solver::Symbol::kMonitor;
  r.pending_interval_ms = 10;
  CHECK(fixture.Line(true, fixture.node) == head + "Started n1 (Monitoring)");
  CHECK(fixture.Line(false, fixture.node) == head + "Started n1");
  r.pending_operation = solver::Symbol::kMigrateTo;
  CHECK(fixture.Line(true, fixture.node) == head + "Migrating n1");
  CHECK(fixture.Line(false, fixture.node) == head + "Started n1");
  fixture.run.at(fixture.node).online = false;
  fixture.run.at(fixture.node).unclean = true;
  r.removed = true;
  CHECK(fixture.Line(false, fixture.node) == "r\t(ocf:pacemaker:Dummy):\t ORPHANED Started n1 (UNCLEAN)");
  // Active on several nodes: nothing is said of one.
  r.active.push_back(fixture.node);
  CHECK(fixture.Line(false, fixture.node) == "r\t(ocf:pacemaker:Dummy):\t ORPHANED Started [ n1 n1 ]");
}

TEST_CASE("health as the strategy sees it") {
  struct Case {
    solver::HealthStrategy strategy;
    const char* value;
    Health health;
  };
  for (const Case& c : std::initializer_list<Case>{{solver::HealthStrategy::kNone, "red", Health::kGreen},
                                                   {solver::HealthStrategy::kOnlyGreen, "green", Health::kGreen},
                                                   {solver::HealthStrategy::kOnlyGreen, "yellow", Health::kYellow},
                                                   {solver::HealthStrategy::kOnlyGreen, "-10", Health::kYellow},
                                                   {solver::HealthStrategy::kOnlyGreen, "-100", Health::kRed},
                                                   {solver::HealthStrategy::kOnlyGreen, "RED", Health::kRed},
                                                   {solver::HealthStrategy::kOnlyGreen, "nonsense", Health::kGreen}}) {
    CAPTURE(c.value);
    Fixture fixture;
    fixture.run.options.health_strategy = c.strategy;
    fixture.run.options.health_red = solver::Score(-100);
    fixture.run.options.health_yellow = solver::Score(-10);
    fixture.run.at(fixture.node).attributes.Set("#health-disk", c.value);
    CHECK(HealthOf(fixture.run, fixture.node) == c.health);
  }
}

TEST_CASE("XML is indented and escaped") {
  XmlElement root("a");
  root.Set("x", "1<2 & \"3\"\n");
  root.Add("b");
  root.Add("c").text = "<t>";
  CHECK(XmlText(root) == "<a x=\"1&lt;2 &amp; &quot;3&quot;&#10;\">\n  <b/>\n  <c>&lt;t&gt;</c>\n</a>\n");
}

}  // namespace
}  // namespace picket::simulator
