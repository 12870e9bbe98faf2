// Reading a document into a Cluster and a State, and a State back (spec 01 §4, §15; 06 §12.3).
#include "solver/cib/read.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>

#include "solver/cib/document.h"

namespace picket::solver {
namespace {

void Parse(std::string_view inside, pugi::xml_document& document) {
  DocumentError error;
  REQUIRE(ParseDocument("<cib have-quorum=\"1\" execution-date=\"1000\">" + std::string(inside) + "</cib>", document,
                        error));
}

Cluster ClusterOf(std::string_view configuration) {
  pugi::xml_document document;
  Parse("<configuration>" + std::string(configuration) + "</configuration>", document);
  return ReadCluster(document);
}

// The terse form of blocks: `id[name=value …] …`.
std::string Terse(const NvBlocks& blocks) {
  std::string text;
  for (const NvBlock& block : blocks) {
    text += (text.empty() ? "" : " ") + block.id + "[";
    for (size_t i = 0; i < block.pairs.size(); ++i) {
      text += (i > 0 ? " " : "") + block.pairs[i].name + "=" + block.pairs[i].value;
    }
    text += "]";
  }
  return text;
}

}  // namespace

TEST_CASE("blocks by first id, score and place; pairs by reference") {
  const Cluster cluster = ClusterOf(R"(
    <crm_config>
      <cluster_property_set id="a" score="5"><nvpair id="a1" name="x" value="1"/></cluster_property_set>
      <cluster_property_set id="b"><nvpair id-ref="a1"/><nvpair id="b2" name="y"/></cluster_property_set>
      <cluster_property_set id="cib-bootstrap-options"><nvpair id="c1" name="x" value="3"/></cluster_property_set>
      <cluster_property_set id="d" score="bogus">
        <attributes><nvpair id="d1" name="z" value="4"/></attributes>
      </cluster_property_set>
      <cluster_property_set id-ref="nowhere"/>
    </crm_config>)");
  CHECK(Terse(cluster.properties) == "cib-bootstrap-options[x=3] a[x=1] d[z=4] b[x=1]");
  CHECK(cluster.errors.size() == 2);
}

TEST_CASE("templates give attributes, blocks and the operations that are not there yet") {
  const Cluster cluster = ClusterOf(R"(
    <resources>
      <template id="t" class="ocf" provider="heartbeat" type="Xen">
        <meta_attributes id="tm"><nvpair id="1" name="x" value="template"/></meta_attributes>
        <operations>
          <op id="t1" name="monitor" interval="10s"/><op id="t2" name="monitor" interval="5s" role="Promoted"/>
          <op id="t3" name="start" interval="0"/>
        </operations>
      </template>
      <primitive id="p" template="t" description="dropped">
        <operations><op id="p1" name="monitor" interval="20s" role="Slave" enabled="no"/></operations>
        <meta_attributes id="pm"><nvpair id="2" name="x" value="own"/></meta_attributes>
      </primitive>
      <primitive id="q" template="q"/>
      <primitive id="r" template="none"/>
    </resources>)");
  REQUIRE(cluster.resources.size() == 3);
  const ResourceDef& p = cluster.resources[0];
  CHECK(p.id == "p");
  CHECK(p.type == "Xen");
  CHECK(p.element == "primitive");
  CHECK(FindAttribute(p.attributes, "description") == nullptr);
  CHECK(Terse(p.meta) == "pm[x=own] tm[x=template]");
  REQUIRE(p.operations.size() == 3);
  CHECK(p.operations[0].id == "p1");
  CHECK(p.operations[0].interval_ms == 20000);
  CHECK_FALSE(p.operations[0].enabled);
  CHECK(p.operations[1].id == "t2");
  CHECK(p.operations[2].id == "t3");
  CHECK(cluster.resources[1].broken);
  CHECK(cluster.resources[2].broken);
  CHECK(cluster.templates.size() == 1);
}

TEST_CASE("operations by reference, sets, rules, tags") {
  const Cluster cluster = ClusterOf(R"(
    <resources>
      <primitive id="a"><operations id="ops"><op id="o" name="monitor" interval="1min"/></operations></primitive>
      <primitive id="b"><operations id-ref="ops"/></primitive>
      <bundle id="c"><podman image="i"/><network><port-mapping id="1" port="80"/><port-mapping id="2" range="1-2"/>
        <port-mapping id="3"/></network><storage>
        <storage-mapping id="4" source-dir-root="/s" target-dir="/t"/></storage></bundle>
      <primitive class="ocf"/>
    </resources>
    <constraints>
      <rsc_location id="l" rsc="a"><rule id="r" score="5"><expression id="e"/><rule id-ref="r2"/></rule></rsc_location>
      <rsc_order id="o1"><resource_set id="s"><resource_ref id="a"/><resource_ref id="b"/></resource_set></rsc_order>
      <rsc_order id="o2"><resource_set id-ref="s"/></rsc_order>
    </constraints>
    <tags><tag id="t"><obj_ref id="a"/><obj_ref id="b"/><obj_ref id="a"/></tag></tags>)");
  REQUIRE(cluster.resources.size() == 3);
  CHECK(cluster.resources[1].operations_by_reference);
  REQUIRE(cluster.resources[1].operations.size() == 1);
  CHECK(cluster.resources[1].operations[0].interval_ms == 60000);
  const BundleDef& bundle = *cluster.resources[2].bundle;
  CHECK(bundle.agent == "podman");
  REQUIRE(bundle.ports.size() == 2);
  CHECK(bundle.ports[0].target == "80");
  CHECK(bundle.ports[1].source == "1-2");
  CHECK(bundle.storage[0].per_replica);
  REQUIRE(cluster.constraints.size() == 3);
  const auto& rule = std::get<LocationDef>(cluster.constraints[0]).rule;
  REQUIRE(rule);
  CHECK(std::get<RuleDef>(rule->conditions[1].what).broken);
  CHECK(std::get<OrderDef>(cluster.constraints[2]).sets[0].refs == std::vector<std::string>{"a", "b"});
  CHECK(cluster.tags[0].refs == std::vector<std::string>{"a", "b"});
}

TEST_CASE("the unfencing switch is a search of the text") {
  const auto mentions = [](std::string_view text) { return ClusterOf(text).unfencing_mentioned; };
  const std::string pair =
      R"(<meta_attributes id="m"><nvpair id="n" name="requires" value="unfencing"/></meta_attributes>)";
  CHECK(mentions("<resources><template id='t'>" + pair + "</template></resources>"));
  CHECK(mentions("<rsc_defaults>" + pair + "</rsc_defaults>"));
  CHECK_FALSE(mentions("<op_defaults>" + pair + "</op_defaults>"));
  CHECK_FALSE(mentions(R"(<resources><primitive id="p"><instance_attributes id="m"><nvpair id="n" name="provides"
                          value="unfencing"/></instance_attributes></primitive></resources>)"));
}

TEST_CASE("a state is read, changed and written; the rest stays") {
  pugi::xml_document document;
  Parse(R"(<configuration><nodes><node id="1" uname="n1"/></nodes></configuration>
    <status>
      <node_state id="1" uname="n1" crmd="online">
        <transient_attributes id="1">
          <instance_attributes id="i"><nvpair id="a" name="x" value="1"/></instance_attributes>
        </transient_attributes>
        <other/>
        <lrm id="1"><lrm_resources><lrm_resource id="r" class="ocf"><lrm_rsc_op id="r_last_0" operation="monitor"
          interval="10000" call-id="3" rc-code="7" op-status="0"/></lrm_resource></lrm_resources></lrm>
      </node_state>
      <tickets><ticket_state id="t" granted="true"/></tickets>
    </status>)",
        document);
  const std::string before = DocumentText(document);
  State state = ReadState(document, std::nullopt, {5, 0});
  CHECK(state.now.epoch_s == 1000);
  CHECK(ReadState(document, Instant{7, 0}, {5, 0}).now.epoch_s == 7);
  CHECK(state.have_quorum == "1");
  REQUIRE(state.nodes.size() == 1);
  const HistoryEntry& entry = state.nodes[0]->history[0].entries[0];
  CHECK(entry.key == "r_last_0");
  CHECK(entry.interval_ms == 10000);
  CHECK(entry.call_id == 3);
  CHECK(entry.rc == 7);
  CHECK_FALSE(entry.last_rc_change_s.has_value());

  WriteState(state, document);
  CHECK(DocumentText(document).size() == before.size());

  auto node = std::make_shared<NodeState>(*state.nodes[0]);
  node->transient[0].pairs = {{"a", "x", "2"}, {"b", "y", "3"}};
  ResourceHistory& history = node->history.Edit(0);
  history.entries.push_back(entry);
  history.entries.back().attributes = {{"id", "r_monitor_0"}, {"rc-code", "0"}};
  state.nodes[0] = node;
  auto added = std::make_shared<NodeState>();
  added->id = "2";
  added->attributes = {{"id", "2"}};
  state.nodes.push_back(added);
  state.have_quorum = "false";
  state.watchdog = "true";
  state.tickets[0].attributes = {{"granted", "false"}};
  state.added_nodes.push_back({"2", "n2", "", std::nullopt, {}, {}});
  WriteState(state, document);
  const State again = ReadState(document, std::nullopt, {5, 0});
  CHECK(again.have_quorum == "false");
  REQUIRE(again.nodes.size() == 2);
  CHECK(Terse(again.nodes[0]->transient) == "i[x=2 y=3]");
  CHECK(again.nodes[0]->history[0].entries.size() == 2);
  CHECK(again.tickets[0].attributes == Attributes{{"granted", "false"}});
  CHECK(OnlyElement(document, "other"));
  CHECK(ReadCluster(document).nodes.size() == 2);
  CHECK(Terse(ReadCluster(document).properties) == "cib-bootstrap-options[have-watchdog=true]");
}

}  // namespace picket::solver
