#include "tests/daemon/policy.h"

namespace picket::daemon_test {
namespace {

// `%` stands for the primitive's id, to keep the ids of what is in it apart.
std::string Primitive(const std::string& id, const std::string& type, const std::string& monitors) {
  std::string text = R"(<primitive id="%" class="ocf" provider="test" type=")" + type + R"("><operations>
 <op id="%-start" name="start" interval="0" timeout="5s"/><op id="%-stop" name="stop" interval="0" timeout="5s"/>)" +
                     monitors + "</operations></primitive>";
  std::string filled;
  for (const char c : text) filled += c == '%' ? id : std::string(1, c);
  return filled;
}

std::string Monitor(const std::string& seconds, const std::string& role = "") {
  std::string text =
      R"(<op id="%-monitor-)" + seconds + R"(" name="monitor" interval=")" + seconds + R"(s" timeout="5s")";
  if (!role.empty()) text += R"( role=")" + role + R"(")";
  return text + "/>";
}

std::string FenceDevices(const Shape& shape) {
  std::string hosts, text;
  for (int node = 1; node <= shape.nodes; ++node) hosts += (node > 1 ? " " : "") + NodeName(node);
  for (int device = 1; device <= shape.fence_devices; ++device) {
    const std::string id = "fence" + std::to_string(device);
    text += R"(<primitive id=")" + id + R"(" class="stonith" type="fence_test"><instance_attributes id=")" + id +
            R"(-i"><nvpair id=")" + id + R"(-l" name="login" value=")" + id + R"("/><nvpair id=")" + id +
            R"(-h" name="pcmk_host_list" value=")" + hosts + R"("/>)";
    // With two nodes both want to shoot; one of them should be first.
    if (shape.two_node) text += R"(<nvpair id=")" + id + R"(-d" name="pcmk_delay_max" value="6s"/>)";
    text += R"(</instance_attributes><operations><op id=")" + id +
            R"(-m" name="monitor" interval="60s" timeout="20s"/></operations></primitive>)";
  }
  return text;
}

std::string Levels(const Shape& shape) {
  if (shape.fence_devices < 2) return {};
  std::string text = "<fencing-topology>";
  for (int node = 1; node <= shape.nodes; ++node) {
    for (int device = 1; device <= shape.fence_devices; ++device) {
      const std::string level = std::to_string(device);
      text += R"(<fencing-level id="level-)" + NodeName(node) + "-" + level + R"(" target=")" + NodeName(node) +
              R"(" index=")" + level + R"(" devices="fence)" + level + R"("/>)";
    }
  }
  return text + "</fencing-topology>";
}

}  // namespace

std::string NodeName(int number) {
  return "n" + std::to_string(number);
}

const std::vector<Service>& ServicesOf(const Shape& shape) {
  static const std::vector<Service> all = {
      {"disk", true, false}, {"ip", true, false}, {"http", true, false}, {"db", false, true}, {"peer", false, false}};
  static const std::vector<Service> alone(all.begin(), all.end() - 1);
  return shape.grouped ? all : alone;
}

std::string PolicyText(const Shape& shape) {
  std::string nodes;
  for (int node = 1; node <= shape.nodes; ++node) {
    nodes += R"(<node id=")" + std::to_string(node) + R"(" uname=")" + NodeName(node) + R"("/>)";
  }
  std::string text = R"(<cib crm_feature_set="3.19.0" validate-with="pacemaker-3.9" epoch="1" num_updates="0"
 admin_epoch="0"><configuration><crm_config><cluster_property_set id="cib-bootstrap-options">
 <nvpair id="o1" name="stonith-enabled" value=")";
  text += shape.fencing ? "true" : "false";
  text += R"("/><nvpair id="o2" name="cluster-recheck-interval" value="10s"/>
 <nvpair id="o3" name="stonith-timeout" value="20s"/></cluster_property_set></crm_config><nodes>)";
  text += nodes + "</nodes><resources>";
  text += Primitive("disk", "Plain", Monitor("10"));
  text += R"(<group id="web">)" + Primitive("ip", "Plain", Monitor("7")) + Primitive("http", "Plain", Monitor("11")) +
          "</group>";
  text += R"(<clone id="db-ms"><meta_attributes id="m1"><nvpair id="m2" name="promotable" value="true"/>
 <nvpair id="m3" name="notify" value="true"/></meta_attributes>)" +
          Primitive("db", "Promotable", Monitor("9", "Promoted") + Monitor("8", "Unpromoted")) + "</clone>";
  if (shape.grouped) text += R"(<clone id="peers">)" + Primitive("peer", "Plain", Monitor("13")) + "</clone>";
  if (shape.fencing) text += FenceDevices(shape);
  text += R"(</resources><constraints><rsc_order id="c1" first="disk" then="web"/>
 <rsc_colocation id="c2" rsc="web" with-rsc="db-ms" with-rsc-role="Promoted" score="INFINITY"/>
 <rsc_order id="c3" first="db-ms" first-action="promote" then="web"/></constraints>)";
  if (shape.fencing) text += Levels(shape);
  text += R"(<rsc_defaults><meta_attributes id="r1"><nvpair id="r2" name="migration-threshold" value="3"/>
 <nvpair id="r3" name="failure-timeout" value="20s"/></meta_attributes></rsc_defaults></configuration><status/></cib>)";
  return text;
}

}  // namespace picket::daemon_test
