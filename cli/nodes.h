// The nodes of a policy, reached all at once: by ssh, or by the command that stands for it, or this machine
// itself.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/host.h"
#include "compiler/topology/topology.h"

namespace picket::cli {

// How a node is reached. Without a command of the user's own: this machine if it has the node's name, else
// the name if it is known here, else the node's first address.
Host HostOf(const compiler::TopologyNode& node, const Host& way);

// A script of ours with its settings in front: names and their values, which may hold anything.
std::string Script(std::string_view name, const std::vector<std::pair<std::string, std::string>>& settings);
// A word that a shell takes for just that.
std::string Quoted(const std::string& word);

// Does `work` for 0 … count-1, all at once, and returns when the last is done.
void Abreast(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace picket::cli
