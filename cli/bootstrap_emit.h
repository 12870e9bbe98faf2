// The same work as a file, for those who may not reach the nodes themselves: a shell script, or a playbook
// for Ansible. It is made from the policy alone; what the nodes are, it finds out there. No secret is in it.
#pragma once

#include <string>

#include "compiler/topology/topology.h"

namespace picket::cli {

// `policy`: the file's name, for the comment at the top. Nodes without addresses: empty, and the reason.
std::string EmittedScript(const compiler::Topology& topology, const std::string& policy, std::string& reason);
std::string EmittedPlaybook(const compiler::Topology& topology, const std::string& policy, std::string& reason);

}  // namespace picket::cli
