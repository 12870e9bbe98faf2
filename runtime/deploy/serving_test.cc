#include "runtime/deploy/serving.h"

#include <doctest/doctest.h>

#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/schedule.h"

namespace picket::runtime {
namespace {

constexpr const char* kResources = R"(
  <primitive id="web" class="ocf" provider="heartbeat" type="Dummy"/>
  <primitive id="off" class="ocf" provider="heartbeat" type="Dummy"><meta_attributes id="o">
    <nvpair id="o1" name="target-role" value="Stopped"/></meta_attributes></primitive>
  <group id="g"><primitive id="a" class="ocf" provider="heartbeat" type="Dummy"/>
    <primitive id="b" class="ocf" provider="heartbeat" type="Dummy"/></group>
  <clone id="ms"><meta_attributes id="m"><nvpair id="m1" name="promotable" value="true"/></meta_attributes>
    <primitive id="s" class="ocf" provider="pacemaker" type="Stateful"/></clone>)";

std::string Entry(const std::string& resource, const std::string& operation, int rc) {
  const std::string type =
      resource == "s" ? R"(provider="pacemaker" type="Stateful")" : R"(provider="heartbeat" type="Dummy")";
  return "<lrm_resource id=\"" + resource + "\" class=\"ocf\" " + type + "><lrm_rsc_op id=\"" + resource +
         "_last_0\" operation_key=\"" + resource + "_" + operation + "_0\" operation=\"" + operation +
         "\" interval=\"0\" call-id=\"1\" rc-code=\"" + std::to_string(rc) + "\" op-status=\"" + (rc == 0 ? "0" : "4") +
         "\" transition-magic=\"" + (rc == 0 ? "0:" : "4:") + std::to_string(rc) +
         ";1:1:0:x\" transition-key=\"1:1:0:x\" on_node=\"n1\"/></lrm_resource>";
}

std::string Lines(const std::string& history) {
  const std::string text =
      R"(<cib validate-with="pacemaker-3.7" admin_epoch="0" epoch="1" num_updates="0" have-quorum="1">
      <configuration>
      <crm_config><cluster_property_set id="p"><nvpair id="p1" name="stonith-enabled" value="false"/>
      </cluster_property_set></crm_config><nodes><node id="1" uname="n1"/></nodes><resources>)" +
      std::string(kResources) +
      R"(</resources><constraints/></configuration><status><node_state id="1" uname="n1" in_ccm="true" crmd="online"
      join="member" expected="member"><lrm id="1"><lrm_resources>)" +
      history + "</lrm_resources></lrm></node_state></status></cib>";
  pugi::xml_document document;
  solver::DocumentError error;
  REQUIRE(solver::ParseDocument(text, document, error));
  std::string warning;
  REQUIRE(solver::UpgradeDocument(document, warning, error));
  const solver::Cluster cluster = solver::ReadCluster(document);
  const solver::State state = solver::ReadState(document, {}, {1000, 0});
  solver::Run run;
  solver::ReadStatus(cluster, state, run, nullptr);
  std::string all;
  for (const std::string& line : NotRunning(run)) all += line + "\n";
  return all;
}

TEST_CASE("what runs, and what is stopped on purpose, is not mentioned") {
  CHECK(Lines(Entry("web", "start", 0) + Entry("a", "start", 0) + Entry("b", "start", 0) + Entry("s", "promote", 0)) ==
        "");
}

TEST_CASE("what should run and does not") {
  CHECK(Lines("") == "web does not run\na does not run\nb does not run\nms does not run\n");
  CHECK(Lines(Entry("web", "start", 0) + Entry("a", "start", 0) + Entry("s", "start", 0)) ==
        "b does not run\nms is not promoted anywhere\n");
}

TEST_CASE("what is left alone after a failed stop") {
  CHECK(Lines(Entry("web", "stop", 1) + Entry("a", "start", 0) + Entry("b", "start", 0) + Entry("s", "promote", 0)) ==
        "web has failed on n1\n");
}

}  // namespace
}  // namespace picket::runtime
