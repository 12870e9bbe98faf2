// The graph of a small cluster as it is written: root, synapses, inputs, dot (spec 06 §2-§7).
#include <doctest/doctest.h>

#include <pugixml.hpp>
#include <string>

#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/graph/transition.h"
#include "solver/schedule.h"

namespace picket::solver {
namespace {

constexpr std::string_view kCib =
    R"(<cib validate-with="pacemaker-3.7" have-quorum="1" dc-uuid="1"><configuration>
<crm_config><cluster_property_set id="o"><nvpair id="o1" name="stonith-enabled" value="false"/>
<nvpair id="o2" name="cluster-delay" value="90s"/></cluster_property_set></crm_config>
<nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes><resources>
<primitive id="r" class="ocf" provider="pacemaker" type="Dummy"><instance_attributes id="p">
<nvpair id="p1" name="fake" value="a&amp;b"/></instance_attributes><operations>
<op id="m" name="monitor" interval="10s" timeout="7s"/></operations></primitive></resources><constraints/>
</configuration><status><node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member"/>
<node_state id="2" uname="n2" in_ccm="true" crmd="online" join="member" expected="member"/></status></cib>)";

struct Solved {
  Solved() {
    DocumentError error;
    std::string warning;
    REQUIRE(ParseDocument(kCib, document, error));
    REQUIRE(UpgradeDocument(document, warning, error));
    cluster = ReadCluster(document);
    state = ReadState(document, Instant{1000000000, 0}, {});
    transition = Schedule(cluster, state, run, nullptr);
    REQUIRE(graph.load_string(GraphXml(run, transition).c_str()));
  }
  // The keys and nodes of what the action with this key waits for.
  std::string WaitsFor(const std::string& key) const {
    std::string text;
    for (const pugi::xpath_node found :
         graph.select_nodes(("//synapse[action_set/*/@operation_key='" + key + "']/inputs/trigger/*").c_str())) {
      text += (text.empty() ? "" : ", ") + std::string(found.node().attribute("operation_key").value()) + "@" +
              found.node().attribute("on_node").value();
    }
    return text;
  }

  pugi::xml_document document;
  Cluster cluster;
  State state;
  Run run;
  Transition transition;
  pugi::xml_document graph;
};

}  // namespace

TEST_CASE("the root says what the options say") {
  const Solved solved;
  const pugi::xml_node root = solved.graph.child("transition_graph");
  CHECK(std::string(root.attribute("cluster-delay").value()) == "90s");
  CHECK(std::string(root.attribute("fencing-timeout").value()) == "60s");
  CHECK(std::string(root.attribute("failed-start-offset").value()) == "INFINITY");
  CHECK(std::string(root.attribute("transition_id").value()) == "1");
}

TEST_CASE("a start waits for the probes, its monitor for the start") {
  const Solved solved;
  CHECK(solved.WaitsFor("r_monitor_0") == "");
  CHECK(solved.WaitsFor("r_start_0") == "r_monitor_0@n1, r_monitor_0@n2");
  CHECK(solved.WaitsFor("r_monitor_10000") == "r_start_0@n1");
}

TEST_CASE("an action says all that an executor needs, sorted") {
  const Solved solved;
  const pugi::xml_node action =
      solved.graph.select_node("//rsc_op[@operation_key='r_monitor_10000' and attributes]").node();
  REQUIRE(action);
  CHECK(std::string(action.child("primitive").attribute("type").value()) == "Dummy");
  const pugi::xml_node attributes = action.child("attributes");
  CHECK(std::string(attributes.attribute("CRM_meta_timeout").value()) == "7000");
  CHECK(std::string(attributes.attribute("CRM_meta_interval").value()) == "10000");
  CHECK(std::string(attributes.attribute("fake").value()) == "a&b");
  std::string before;
  for (const pugi::xml_attribute attribute : attributes.attributes()) {
    CHECK(before < attribute.name());
    before = attribute.name();
  }
}

TEST_CASE("the dot file has what is in the graph") {
  Solved solved;
  const std::string dot = DotText(solved.run, solved.transition, false, false);
  CHECK(dot.starts_with(" digraph \"g\" {\n"));
  CHECK(dot.find("\"r_start_0 n1\" [ style=bold color=\"green\" fontcolor=\"black\"]\n") != std::string::npos);
  CHECK(dot.find("\"r_monitor_0 n2\" -> \"r_start_0 n1\" [ style = bold]\n") != std::string::npos);
}

}  // namespace picket::solver
