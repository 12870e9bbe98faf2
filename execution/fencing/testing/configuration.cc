#include "execution/fencing/testing/configuration.h"

#include <pugixml.hpp>

#include "solver/cib/read.h"

namespace picket::execution::testing {

solver::Cluster Configuration::Read() const {
  const std::string text =
      R"(<cib crm_feature_set="3.19.0" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
<configuration><crm_config><cluster_property_set id="o">)" +
      options + R"(</cluster_property_set></crm_config><nodes>
<node id="1" uname="n1"/><node id="2" uname="n2"><instance_attributes id="a2">
<nvpair id="a2r" name="rack" value="r2"/>)" +
      n2 + R"(</instance_attributes></node><node id="3" uname="n3"/></nodes>
<resources>)" +
      resources + "</resources><constraints>" + constraints + "</constraints><fencing-topology>" + topology +
      R"(</fencing-topology><rsc_defaults><meta_attributes id="d">)" + defaults +
      "</meta_attributes></rsc_defaults></configuration><status/></cib>";
  pugi::xml_document document;
  document.load_string(text.c_str());
  return solver::ReadCluster(document);
}

std::string Pairs(const std::string& kind, const std::string& id, const solver::Attributes& pairs) {
  std::string text = "<" + kind + " id=\"" + id + "-" + kind + "\">";
  for (const auto& [name, value] : pairs) {
    text += "<nvpair id=\"" + id + "-" + kind + "-" + name + "\" name=\"" + name + "\" value=\"" + value + "\"/>";
  }
  return text + "</" + kind + ">";
}

std::string Device(const std::string& id, const solver::Attributes& parameters, const solver::Attributes& meta,
                   const std::string& agent) {
  return "<primitive id=\"" + id + "\" class=\"stonith\" type=\"" + agent + "\">" +
         Pairs("instance_attributes", id, parameters) + Pairs("meta_attributes", id, meta) + "</primitive>";
}

std::string Option(const std::string& name, const std::string& value) {
  return "<nvpair id=\"o-" + name + "\" name=\"" + name + "\" value=\"" + value + "\"/>";
}

std::string Ban(const std::string& device, const std::string& node, const std::string& score) {
  return "<rsc_location id=\"" + device + "-" + node + "\" rsc=\"" + device + "\" node=\"" + node + "\" score=\"" +
         score + "\"/>";
}

std::string Level(const std::string& target, int index, const std::string& devices, const std::string& by) {
  return "<fencing-level id=\"l-" + target + std::to_string(index) + "-" + devices + "\" index=\"" +
         std::to_string(index) + "\" " + by + "=\"" + target + "\" devices=\"" + devices + "\"/>";
}

std::string Joined(const std::vector<std::string>& parts, const char* separator) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : separator) + part;
  return text;
}

}  // namespace picket::execution::testing
