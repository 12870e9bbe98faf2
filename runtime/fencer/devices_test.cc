#include "runtime/fencer/devices.h"

#include <doctest/doctest.h>

#include "runtime/fencer/host_map.h"
#include "runtime/fencer/level_tasks.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"

namespace picket::runtime {
namespace {

solver::Cluster ClusterOf(const std::string& resources, const std::string& constraints = "",
                          const std::string& topology = "", const std::string& options = "") {
  const std::string text =
      R"(<cib crm_feature_set="3.16.0" validate-with="pacemaker-3.7" epoch="1" num_updates="0" admin_epoch="0">
<configuration><crm_config><cluster_property_set id="o">)" + options + R"(</cluster_property_set></crm_config><nodes>
<node id="1" uname="n1"/><node id="2" uname="n2"><instance_attributes id="a2">
<nvpair id="a2r" name="rack" value="r2"/></instance_attributes></node><node id="3" uname="n3"/></nodes><resources>)" +
      resources + "</resources><constraints>" + constraints + "</constraints><fencing-topology>" + topology +
      "</fencing-topology></configuration><status/></cib>";
  pugi::xml_document document;
  REQUIRE(document.load_string(text.c_str()));
  return solver::ReadCluster(document);
}

std::string Pairs(const std::string& kind, const std::string& id, const solver::Attributes& pairs) {
  std::string text = "<" + kind + " id=\"" + id + "-" + kind + "\">";
  for (const auto& [name, value] : pairs) {
    text += "<nvpair id=\"" + id + "-" + kind + "-" + name + "\" name=\"" + name + "\" value=\"" + value + "\"/>";
  }
  return text + "</" + kind + ">";
}

std::string Device(const std::string& id, const solver::Attributes& parameters, const solver::Attributes& meta = {}) {
  return "<primitive id=\"" + id + "\" class=\"stonith\" type=\"fence_" + id + "\">" +
         Pairs("instance_attributes", id, parameters) + Pairs("meta_attributes", id, meta) + "</primitive>";
}

std::string Ids(const std::vector<FenceDevice>& devices) {
  std::string text;
  for (const FenceDevice& device : devices) text += (text.empty() ? "" : " ") + device.id;
  return text;
}

std::string Dump(const std::vector<std::vector<std::string>>& levels) {
  std::string text;
  for (const auto& level : levels) {
    text += "[";
    for (const std::string& device : level) text += (text.back() == '[' ? "" : " ") + device;
    text += "]";
  }
  return text;
}

TEST_CASE("devices come from templates, groups and clones, with what they inherit") {
  const solver::Cluster cluster = ClusterOf(
      "<template id=\"t\" class=\"stonith\" type=\"fence_ipmilan\">" +
      Pairs("instance_attributes", "t", {{"user", "u"}}) +
      Pairs("meta_attributes", "t", {{"priority", "7"}}) + "</template>" +
      "<primitive id=\"a\" template=\"t\">" + Pairs("instance_attributes", "a", {{"ip", "1"}}) + "</primitive>" +
      "<primitive id=\"web\" class=\"ocf\" provider=\"heartbeat\" type=\"Dummy\"/>" + "<group id=\"g\">" +
      Device("b", {{"pcmk_host_list", "n1"}}, {{"priority", "9"}, {"provides", "unfencing"}}) + "</group>" +
      "<clone id=\"c\">" + Device("d", {{"priority", "8"}}) + "</clone>");
  const auto devices = DevicesOn(cluster, "n1", {});
  REQUIRE(Ids(devices) == "b d a");
  CHECK(devices[0].unfences);
  CHECK(devices[1].priority == 8);
  CHECK(devices[2].agent == "fence_ipmilan");
  CHECK(devices[2].priority == 7);
  CHECK_FALSE(devices[2].unfences);
  CHECK(devices[2].parameters.Get("ip") == "1");
  CHECK(devices[2].parameters.Get("user") == "u");
}

TEST_CASE("disabled devices are left out") {
  const std::string devices = Device("a", {}) + Device("b", {}, {{"target-role", "Stopped"}}) + "<group id=\"g\">" +
                              Pairs("meta_attributes", "g", {{"target-role", "stopped"}}) + Device("c", {}) +
                              "</group>" + Device("d", {});
  struct Row {
    const char* constraints;
    const char* on_n1;
    const char* on_n2;
  };
  for (const Row& row : std::vector<Row>{
           {"", "a d", "a d"},
           {R"(<rsc_location id="l" rsc="a" node="n1" score="-INFINITY"/>)", "d", "a d"},
           {R"(<rsc_location id="l" rsc="a" node="n1" score="-1000"/>)", "a d", "a d"},
           {R"(<rsc_location id="l" rsc="a" node="n1" score="-INFINITY" role="Promoted"/>)", "a d", "a d"},
           {R"(<rsc_location id="l" rsc-pattern="^[ad]$" node="n2" score="-INFINITY"/>)", "a d", ""},
           {R"(<rsc_location id="l" rsc-pattern="!^a$" node="n2" score="-INFINITY"/>)", "a d", "a"},
           {R"(<rsc_location id="l" rsc="a"><rule id="r" score="-INFINITY"><expression id="e" attribute="rack"
               operation="eq" value="r2"/></rule></rsc_location>)", "a d", "d"},
           {R"(<rsc_location id="l" node="n1" score="-INFINITY"><resource_set id="s"><resource_ref id="d"/>
               </resource_set></rsc_location>)", "a", "a d"},
       }) {
    CAPTURE(row.constraints);
    const solver::Cluster cluster = ClusterOf(devices, row.constraints);
    CHECK(Ids(DevicesOn(cluster, "n1", {})) == row.on_n1);
    CHECK(Ids(DevicesOn(cluster, "n2", {})) == row.on_n2);
  }
}

TEST_CASE("in a cluster that is not symmetric a device is where it was put") {
  const solver::Cluster cluster =
      ClusterOf(Device("a", {}) + Device("b", {}), R"(<rsc_location id="l" rsc="a" node="n1" score="0"/>)", "",
                R"(<nvpair id="s" name="symmetric-cluster" value="false"/>)");
  CHECK(Ids(DevicesOn(cluster, "n1", {})) == "a");
  CHECK(Ids(DevicesOn(cluster, "n2", {})).empty());
}

TEST_CASE("levels by name, by pattern, by attribute, in the order of their index") {
  const solver::Cluster cluster = ClusterOf(
      "", "",
      R"(<fencing-level id="l1" index="2" target="n1" devices="b"/><fencing-level id="l2" index="1" target="n1"
 devices="a,c"/><fencing-level id="l3" index="1" target-pattern="^n[12]$" devices="p"/><fencing-level id="l4"
 index="1" target-attribute="rack" target-value="r2" devices="r"/><fencing-level id="l5" index="3" target-pattern="("
 devices="x"/><fencing-level id="l6" index="2" target="N1" devices="d"/>)");
  CHECK(Dump(LevelsFor(cluster, "n1", {})) == "[a c][b d]");
  CHECK(Dump(LevelsFor(cluster, "n2", {})) == "[p]");
  CHECK(Dump(LevelsFor(cluster, "n3", {})).empty());
  const solver::Cluster by_rack = ClusterOf(
      "", "", R"(<fencing-level id="l4" index="1" target-attribute="rack" target-value="r2" devices="r"/>)");
  CHECK(Dump(LevelsFor(by_rack, "n2", {})) == "[r]");
  CHECK(Dump(LevelsFor(by_rack, "n1", {})).empty());
}

TEST_CASE("who can fence whom") {
  const std::vector<std::string> members = {"n3", "n1", "n2"};
  const std::string two = Device("a", {{"pcmk_host_list", "n1"}}) + Device("b", {{"pcmk_host_list", "n1 n2"}});
  struct Row {
    std::string resources, constraints, topology;
    const char* target;
    std::vector<std::string> able;
  };
  const std::string no_a_on_n2 = R"(<rsc_location id="l" rsc="a" node="n2" score="-INFINITY"/>)";
  const std::string no_b_on_n3 = R"(<rsc_location id="m" rsc="b" node="n3" score="-INFINITY"/>)";
  const std::string both = R"(<fencing-level id="f" index="1" target="n1" devices="a,b"/>)";
  for (const Row& row : std::vector<Row>{
           {two, "", "", "n1", {"n3", "n2"}},
           {two, "", "", "n3", {}},
           {Device("a", {}), "", "", "n3", {"n1", "n2"}},
           {Device("a", {}), no_a_on_n2, "", "n1", {"n3"}},
           {two, no_a_on_n2, "", "n1", {"n3", "n2"}},
           {two, no_a_on_n2, both, "n1", {"n3"}},
           {two, no_a_on_n2 + no_b_on_n3, both, "n1", {"n3", "n2"}},
           {two, "", R"(<fencing-level id="f" index="1" target="n1" devices="nothing"/>)", "n1", {}},
       }) {
    CAPTURE(row.constraints);
    CAPTURE(row.topology);
    CHECK(NodesThatCanFence(ClusterOf(row.resources, row.constraints, row.topology), row.target, members) ==
          row.able);
  }
}

TEST_CASE("what a level takes") {
  AgentFacts plain;
  AgentFacts no_reboot;
  no_reboot.reboots = false;
  AgentFacts fabric;
  fabric.reboots = false;
  fabric.unfences = true;
  AgentFacts off_only;
  off_only.reboots = off_only.switches_on = false;
  const auto words = [](const std::vector<std::pair<solver::Attributes, AgentFacts>>& parts, const char* action,
                        bool asks) {
    std::vector<FenceDevice> devices(parts.size());
    std::vector<LevelDevice> level;
    for (size_t i = 0; i < parts.size(); ++i) {
      for (const auto& [name, value] : parts[i].first) devices[i].parameters.Set(name, value);
      level.push_back({i, &devices[i], parts[i].second});
    }
    std::string text;
    for (const FenceTask& task : TasksOf(level, action, asks)) {
      text += (text.empty() ? "" : " ") + task.action + std::to_string(task.device) + (task.forgiven ? "?" : "");
    }
    return text;
  };
  const solver::Attributes fixed = {{"pcmk_host_list", "n1"}};
  // Off is the proof that counts, and it is there before on is.
  CHECK(words({{fixed, plain}}, "reboot", true) == "off0 on0?");
  CHECK(words({{{}, plain}}, "reboot", true) == "list0 off0 on0?");
  CHECK(words({{{}, plain}}, "reboot", false) == "off0 on0?");
  CHECK(words({{{{"pcmk_host_check", "status"}}, plain}}, "off", true) == "status0 off0");
  CHECK(words({{fixed, no_reboot}}, "reboot", true) == "off0 on0?");
  const solver::Attributes own_word = {{"pcmk_host_list", "n1"}, {"pcmk_reboot_action", "cycle"}};
  CHECK(words({{own_word, no_reboot}}, "reboot", true) == "reboot0");
  CHECK(words({{own_word, plain}}, "reboot", true) == "reboot0");
  CHECK(words({{fixed, plain}, {fixed, plain}}, "reboot", true) == "off0 off1 on0? on1?");
  CHECK(words({{fixed, plain}, {fixed, fabric}}, "reboot", true) == "off0 off1 on0?");
  CHECK(words({{fixed, fabric}}, "reboot", true) == "off0");
  CHECK(words({{fixed, off_only}}, "reboot", true) == "off0");
  AgentFacts reboot_only;
  reboot_only.switches_on = false;
  CHECK(words({{fixed, reboot_only}}, "reboot", true) == "reboot0");
  CHECK(words({{fixed, off_only}, {fixed, plain}}, "reboot", true) == "off0 off1 on1?");
  CHECK(words({{fixed, plain}, {fixed, plain}}, "off", true) == "off0 off1");
  CHECK(words({{fixed, fabric}, {fixed, plain}}, "on", true) == "on0 on1");
}

}  // namespace
}  // namespace picket::runtime
