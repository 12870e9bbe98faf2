#include "simulator/foretell/foretell.h"

#include <doctest/doctest.h>

#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/schedule.h"

namespace picket::simulator {
namespace {

std::string Dummy(const std::string& id, const std::string& inside = "") {
  return "<primitive id=\"" + id + R"(" class="ocf" provider="pacemaker" type="Dummy">)" + inside + "</primitive>";
}
// `web` has run on n1 since its start, which took three seconds, and was stopped in half a second before
// that.
constexpr const char* kStatus =
    R"(<status><node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member"
  expected="member"><lrm id="1"><lrm_resources><lrm_resource id="web" class="ocf" provider="pacemaker" type="Dummy">
  <lrm_rsc_op id="web_last_0" operation_key="web_start_0" operation="start" interval="0" call-id="5" rc-code="0"
  op-status="0" exec-time="3000" transition-magic="0:0;1:1:0:x" transition-key="1:1:0:x" on_node="n1"
  op-digest="f2317cad3d54cec5d7d7aa7d0bf35cf8"/></lrm_resource></lrm_resources></lrm></node_state>
  <node_state id="2" uname="n2" in_ccm="true" crmd="online" join="member" expected="member"><lrm id="2">
  <lrm_resources><lrm_resource id="web" class="ocf" provider="pacemaker" type="Dummy"><lrm_rsc_op id="web_last_0"
  operation_key="web_stop_0" operation="stop" interval="0" call-id="4" rc-code="0" op-status="0" exec-time="500"
  transition-magic="0:0;1:1:0:x" transition-key="1:1:0:x" on_node="n2"/></lrm_resource></lrm_resources></lrm>
  </node_state></status>)";

struct Told {
  std::string impacts, actions;
  bool rests = false, busy = false;
};

struct Read {
  pugi::xml_document document;
  solver::Cluster cluster;
  explicit Read(const std::string& configuration) {
    const std::string text =
        R"(<cib validate-with="pacemaker-3.7" admin_epoch="0" epoch="1" num_updates="0" have-quorum="1" dc-uuid="1">
        <configuration><crm_config><cluster_property_set id="o"><nvpair id="o1" name="stonith-enabled" value="false"/>
        </cluster_property_set></crm_config><nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes>)" +
        configuration + "</configuration>" + kStatus + "</cib>";
    solver::DocumentError error;
    std::string warning;
    REQUIRE(solver::ParseDocument(text, document, error));
    REQUIRE(solver::UpgradeDocument(document, warning, error));
    cluster = solver::ReadCluster(document);
  }
};

std::string Resources(const std::string& resources, const std::string& constraints = "") {
  return "<resources>" + resources + "</resources><constraints>" + constraints + "</constraints>";
}

Told Of(const std::string& before, const std::string& after) {
  const Read old(before), fresh(after);
  const solver::State state = solver::ReadState(old.document, {}, {1767614400, 0});
  Foresight foresight;
  solver::WithLargeStack([&] {
    solver::Run run;
    foresight = Foretell(old.cluster, fresh.cluster, state, {}, run);
  });
  Told told;
  for (const Impact& impact : foresight.impacts) {
    told.impacts += FateText(impact.fate) + " " + impact.subject;
    for (const std::string& node : impact.from) told.impacts += " from " + node;
    for (const std::string& node : impact.nodes) told.impacts += " " + node;
    if (impact.outage_ms > 0) told.impacts += " " + std::to_string(impact.outage_ms) + " " + impact.source.substr(0, 8);
    if (impact.for_good) told.impacts += " for good";
    told.impacts += "\n";
  }
  for (const ForetoldAction& action : foresight.actions) told.actions += ActionText(action) + "\n";
  told.rests = foresight.rests;
  told.busy = foresight.busy_anyway;
  return told;
}

const std::string kPlain = Resources(Dummy("web"));

TEST_CASE("where nothing changes nothing happens") {
  const Told told = Of(kPlain, kPlain);
  CHECK(told.impacts == "");
  CHECK(told.actions == "");
  CHECK(told.rests);
  CHECK_FALSE(told.busy);
}

TEST_CASE("a move takes as long as the history says") {
  const Told told =
      Of(kPlain, Resources(Dummy("web"), R"(<rsc_location id="l" rsc="web" node="n1" score="-INFINITY"/>)"));
  CHECK(told.impacts == "moves web from n1 n2 3500 recorded\n");
  CHECK(told.actions == "web_stop_0 on n1\nweb_start_0 on n2\n");
}

TEST_CASE("what is not known is guessed, and said so") {
  const Told told = Of(kPlain, Resources(Dummy("web") + Dummy("new")));
  CHECK(told.impacts == "starts new n2\n");
  CHECK(told.actions == "new_monitor_0 on n2\nnew_monitor_0 on n1\nnew_start_0 on n2\n");
}

TEST_CASE("a resource that goes is stopped for good") {
  const Told told = Of(kPlain, Resources(""));
  CHECK(told.impacts == "stops web n1 for good\n");
}

TEST_CASE("one that is told to stop stops, one that may run nowhere ends nowhere; the worst comes first") {
  const std::string stopped =
      Dummy("web", R"(<meta_attributes id="m"><nvpair id="m1" name="target-role" value="Stopped"/></meta_attributes>)");
  CHECK(Of(kPlain, Resources(stopped)).impacts == "stops web n1 for good\n");
  CHECK(Of(kPlain, Resources(Dummy("new") + Dummy("web"),
                             R"(<rsc_location id="a" rsc="web" node="n1" score="-INFINITY"/>
                                <rsc_location id="b" rsc="web" node="n2" score="-INFINITY"/>)"))
            .impacts == "ends nowhere web n1 for good\nstarts new n1\n");
}

}  // namespace
}  // namespace picket::simulator
