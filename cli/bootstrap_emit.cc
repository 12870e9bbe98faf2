#include "cli/bootstrap_emit.h"

#include <cctype>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/nodes.h"
#include "runtime/bootstrap/facts.h"
#include "runtime/bootstrap/plan.h"

namespace picket::cli {
namespace {

using compiler::Topology;
using compiler::TopologyNode;

// A name that is a word in shells, in Ansible and in /etc/hosts alike.
bool IsWord(const std::string& text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:") ==
             std::string::npos;
}

// A word that is a machine's name or address: with no mark but `:` at its ends.
bool IsMachineName(const std::string& text) {
  const auto is_end = [](unsigned char c) { return std::isalnum(c) != 0 || c == ':'; };
  return IsWord(text) && is_end(text.front()) && is_end(text.back());
}

bool IsEmittable(const Topology& topology, std::string& reason) {
  if (!IsWord(topology.cluster) || topology.cluster.front() == '-')
    reason = "the cluster's name `" + topology.cluster + "` is no plain word";
  for (const TopologyNode& node : topology.nodes) {
    if (!IsMachineName(node.name)) reason = "`" + node.name + "` is no name of a machine";
    if (node.addresses.empty()) reason = node.name + " has no address: write `link NAME ADDRESS` into the node";
    for (const auto& one : node.addresses)
      if (!IsMachineName(one.address)) reason = "`" + one.address + "` is no address";
  }
  return reason.empty();
}

// JSON is YAML, and quotes what has to be quoted.
std::string Text(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', true);
}

std::string OneLine(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return text;
}

}  // namespace

std::string EmittedScript(const Topology& topology, const std::string& policy, std::string& reason) {
  if (!IsEmittable(topology, reason)) return "";
  std::string nodes, names, roll;
  for (const TopologyNode& node : topology.nodes) {
    const std::string &address = node.addresses.front().address, &name = node.name;
    nodes += (nodes.empty() ? "" : " ") + name;
    names += (names.empty() ? "" : " ") + name + "=" + address;
    roll += (roll.empty() ? "" : ";") + name + " " + address;
  }
  return "#!/bin/sh\n# Made by `picket bootstrap " + OneLine(policy) + " --emit script`: makes a cluster of " + nodes +
         ".\n# Start it as root on one of the nodes, which reaches the others by ssh and scp; or on any "
         "machine that\n"
         "# reaches all of them so. SSH and SCP name other commands, SUDO what becomes root there (`sudo "
         "-n`).\n"
         "# It makes the authkey on a node; the key is not in this file. A node that is not in this list and "
         "is\n"
         "# named by the cluster's corosync.conf is taken out: it has to be reached, and its cluster stops. It may "
         "be\n# run again at any time.\n"
         "set -eu\n"
         "cluster='" +
         topology.cluster + "' manager=" + runtime::UnitsOf(topology).back() + " nodes='" + nodes +
         "'\n"
         "names='" +
         names + "'\nroll='" + roll +
         "'\n"
         "# The cluster's corosync.conf; `base64 -d` shows it.\n"
         "conf='" +
         runtime::ToBase64(compiler::CorosyncConf(topology)) +
         "'\n\n"
         "node_functions() {\n    cat <<'PICKET_END'\n" +
         Script("bootstrap.sh", {}) + "PICKET_END\n}\n\n" + Script("emit.sh", {});
}

std::string EmittedPlaybook(const Topology& topology, const std::string& policy, std::string& reason) {
  if (!IsEmittable(topology, reason)) return "";
  std::string hosts, names, units, conf;
  for (const TopologyNode& node : topology.nodes) {
    hosts += (hosts.empty() ? "" : ",") + node.name;
    names += "      " + Text(node.name) + ": " + Text(node.addresses.front().address) + "\n";
  }
  for (const std::string& unit : runtime::UnitsOf(topology)) units += (units.empty() ? "" : ", ") + unit;
  std::istringstream lines(compiler::CorosyncConf(topology));
  for (std::string line; std::getline(lines, line);) {
    const size_t tabs = line.find_first_not_of('\t');  // YAML indents with blanks.
    if (tabs != std::string::npos) line = std::string(2 * tabs, ' ') + line.substr(tabs);
    conf += line.empty() ? "\n" : "      " + line + "\n";
  }
  return "# Made by `picket bootstrap " + OneLine(policy) +
         " --emit ansible`: makes a cluster of the hosts below, which\n"
         "# have these names in the inventory. The authkey is made on a node; it is not in this file.\n"
         "- name: " +
         Text("The cluster " + topology.cluster) + "\n  hosts: " + Text(hosts) +
         "\n  become: true\n  gather_facts: false\n  any_errors_fatal: true\n  vars:\n    picket_cluster: " +
         Text(topology.cluster) + "\n    picket_units: [" + units + "]\n    picket_packages: [" + units +
         "]\n    picket_names:\n" + names + "    picket_conf: !unsafe |\n" + conf + Script("emit.yml", {});
}

}  // namespace picket::cli
