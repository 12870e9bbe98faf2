#include <string>

#include "compiler/topology/topology.h"

namespace picket::compiler {
namespace {

void Option(std::string& out, int depth, std::string_view name, std::string_view value) {
  out += std::string(static_cast<std::size_t>(depth), '\t');
  out += name;
  out += ": ";
  out += value;
  out += '\n';
}

// yes and no are 1 and 0 in corosync.conf's numeric options.
std::string Numeric(const std::string& value) {
  if (value == "yes" || value == "true" || value == "on") return "1";
  if (value == "no" || value == "false" || value == "off") return "0";
  return value;
}

}  // namespace

std::string CorosyncConf(const Topology& topology) {
  std::string out = "totem {\n";
  Option(out, 1, "version", "2");
  Option(out, 1, "cluster_name", topology.cluster);
  Option(out, 1, "transport", topology.transport);
  for (const auto& [name, value] : topology.crypto) Option(out, 1, "crypto_" + name, value);
  if (topology.token_ms) Option(out, 1, "token", std::to_string(*topology.token_ms));
  if (topology.consensus_ms) Option(out, 1, "consensus", std::to_string(*topology.consensus_ms));
  for (const auto& [name, value] : topology.totem) Option(out, 1, name, value);
  for (std::size_t i = 0; i < topology.links.size(); ++i) {
    if (topology.links[i].options.empty()) continue;
    out += "\n\tinterface {\n";
    Option(out, 2, "linknumber", std::to_string(i));
    for (const auto& [name, value] : topology.links[i].options) {
      const bool knet = name == "priority" && topology.transport == "knet";
      Option(out, 2, knet ? "knet_link_priority" : name, value);
    }
    out += "\t}\n";
  }
  out += "}\n\nnodelist {\n";
  for (const TopologyNode& node : topology.nodes) {
    out += "\tnode {\n";
    for (const Address& address : node.addresses) {
      Option(out, 2, "ring" + std::to_string(address.link) + "_addr", address.address);
    }
    Option(out, 2, "name", node.name);
    Option(out, 2, "nodeid", std::to_string(node.id));
    if (node.votes) Option(out, 2, "quorum_votes", std::to_string(*node.votes));
    out += "\t}\n";
  }
  out += "}\n\nquorum {\n";
  Option(out, 1, "provider", "corosync_votequorum");
  if (topology.two_node) Option(out, 1, "two_node", "1");
  if (topology.wait_for_all) Option(out, 1, "wait_for_all", *topology.wait_for_all ? "1" : "0");
  for (const auto& [name, value] : topology.quorum) Option(out, 1, name, Numeric(value));
  if (topology.device) {
    out += "\n\tdevice {\n";
    Option(out, 2, "model", topology.device->model);
    out += "\t\t" + topology.device->model + " {\n";
    for (const auto& [name, value] : topology.device->options) Option(out, 3, name, value);
    out += "\t\t}\n\t}\n";
  }
  out += "}\n\nlogging {\n";
  Option(out, 1, "to_syslog", "yes");
  Option(out, 1, "timestamp", "on");
  return out + "}\n";
}

}  // namespace picket::compiler
