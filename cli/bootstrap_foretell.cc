#include "cli/bootstrap_foretell.h"

#include <sstream>

#include "cli/proposal.h"
#include "cli/proposal_text.h"
#include "simulator/world/from_topology.h"

namespace picket::cli {
namespace {

using pugi::xml_document;
using pugi::xml_node;

xml_node NodeIn(xml_node nodes, const std::string& name) {
  return nodes.find_child_by_attribute("node", "uname", name.c_str());
}

// A node that is a member and has run nothing yet.
void AddNode(xml_document& cib, const compiler::TopologyNode& node) {
  const std::string id = std::to_string(node.id);
  xml_node nodes = cib.document_element().child("configuration").child("nodes");
  if (!NodeIn(nodes, node.name)) {
    xml_node added = nodes.append_child("node");
    added.append_attribute("id") = id.c_str();
    added.append_attribute("uname") = node.name.c_str();
  }
  xml_node status = cib.document_element().child("status");
  if (status.find_child_by_attribute("node_state", "uname", node.name.c_str())) return;
  xml_node state = status.append_child("node_state");
  for (const auto& [name, value] : {std::pair<const char*, const char*>{"id", id.c_str()},
                                    {"uname", node.name.c_str()},
                                    {"in_ccm", "true"},
                                    {"crmd", "online"},
                                    {"join", "member"},
                                    {"expected", "member"}})
    state.append_attribute(name) = value;
  xml_node history = state.append_child("lrm");
  history.append_attribute("id") = id.c_str();
  history.append_child("lrm_resources");
}

void PutInStandby(xml_document& cib, const std::string& name) {
  xml_node node = NodeIn(cib.document_element().child("configuration").child("nodes"), name);
  if (!node) return;
  xml_node set = node.append_child("instance_attributes");
  set.append_attribute("id") = (name + "-foretold").c_str();
  xml_node pair = set.append_child("nvpair");
  pair.append_attribute("id") = (name + "-foretold-standby").c_str();
  pair.append_attribute("name") = "standby";
  pair.append_attribute("value") = "on";
}

}  // namespace

std::vector<std::string> ForetellNodes(const std::string& cib, const compiler::Topology& topology,
                                       const std::vector<std::string>& joining,
                                       const std::vector<std::string>& leaving) {
  xml_document live;
  std::string reason;
  if (!ReadLive(cib, live, reason)) return {"not foretold: " + reason};
  for (const std::string& name : joining)
    for (const compiler::TopologyNode& node : topology.nodes)
      if (node.name == name) AddNode(live, node);
  xml_document before, after;
  before.reset(live);
  after.reset(live);
  for (const std::string& name : joining) PutInStandby(before, name);
  for (const std::string& name : leaving) PutInStandby(after, name);
  Readable then, now;
  if (!MakeReadable(before, now, reason) || !MakeReadable(after, then, reason)) return {"not foretold: " + reason};
  simulator::WorldSettings settings = simulator::SettingsFrom(topology);
  settings.picket_engine = false;
  settings.keep_story = false;
  solver::Run run;
  Proposal proposal;
  proposal.foresight = simulator::Foretell(now.cluster, then.cluster, now.state, settings, run);
  std::vector<std::string> lines;
  std::istringstream text(EffectsOf(proposal));
  for (std::string line; std::getline(text, line);) lines.push_back(line.substr(line.find_first_not_of(' ')));
  return lines;
}

}  // namespace picket::cli
