// Finds the agents that are installed on this host and asks them what they are: the source of every agents.lock.
//
// An agent is a program of somebody else's, so each is given a time, an amount of output and a process group; one
// that does not answer is reported and left out. Several are asked at once; the result does not depend on which
// answers first.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "compiler/agents/agent.h"

namespace picket::cli {

struct InstalledAgent {
  std::string name;  // in full: ocf:heartbeat:IPaddr2
  std::string path;
};

// By name. A folder holds providers with their agents, as /usr/lib/ocf/resource.d does, or fence agents (fence_*) or
// Pacemaker's fence daemon, which describes what every fence device understands. No folders: where packages put them.
std::vector<InstalledAgent> FindAgents(std::vector<std::string> folders);

struct SkippedAgent {
  InstalledAgent agent;
  std::string reason;
};

struct CollectedAgents {
  compiler::agents::Lock lock;
  std::vector<SkippedAgent> skipped;
};

// `progress` is told how many have answered; it may be empty.
CollectedAgents AskAgents(const std::vector<InstalledAgent>& agents, std::chrono::milliseconds time,
                          const std::function<void(size_t)>& progress);

}  // namespace picket::cli
