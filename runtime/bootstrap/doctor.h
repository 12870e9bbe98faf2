// `picket doctor`, the part that thinks: what the nodes of a policy are, in; what is amiss, out. It reaches
// no node and has no clock. Each check has a name, which is stable: people waive it in their policy.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/agents/agent.h"
#include "compiler/topology/topology.h"
#include "runtime/bootstrap/facts.h"

namespace picket::runtime {

// What one node heard of the others, as cli/node_scripts/meet.py prints it.
struct Hearing {
  struct Line {
    std::size_t link = 0;
    std::string peer;
    bool large = false;  // as large as the link's MTU
    bool heard = false;
  };
  std::string node;
  std::vector<Line> lines;
  std::vector<std::pair<std::size_t, std::string>> closed;  // link, why its port cannot be had
  std::string trouble;                                      // why nothing is known
};
Hearing ReadHearing(std::string node, std::string_view output);

// The node's clock less ours, and how far that may be wrong.
struct ClockReading {
  double offset_s = 0, error_s = 0;
};

// A fence device as it answered when a node asked it for its status.
struct DeviceAnswer {
  std::string node, device;
  bool well = false;
  std::string said;
  std::string unknown_plugs;  // of the host map, that the device does not list; `said` is then what it lists
};

// Of the first link; each further one has the next, where no `mcastport` says otherwise.
inline constexpr int kCorosyncPort = 5405;
int PortOf(const compiler::Topology& topology, std::size_t link);

struct Patient {
  const compiler::Topology& topology;
  std::vector<NodeFacts> nodes;                     // one for each node of the topology, in its order
  std::vector<std::optional<ClockReading>> clocks;  // the same
  std::vector<Hearing> hearings;                    // empty: not asked, for Corosync runs
  std::vector<std::string> agents;                  // ocf:heartbeat:IPaddr2, stonith:fence_ipmilan, systemd:nginx
  std::vector<DeviceAnswer> devices;                // empty: not asked
  std::optional<std::int64_t> watchdog_timeout_ms;  // stonith-watchdog-timeout of the policy
  std::optional<std::int64_t> fencing_timeout_ms;   // what an SBD device has; empty: the policy has none
  std::shared_ptr<const compiler::agents::Lock> lock = nullptr;  // what the policy was checked against; null: no file
  std::string lock_name = {};
  std::vector<NodeFacts> described =
      {};  // with a lock, one for each node: `metadata AGENT BASE64`, `package NAME RELEASE`
};

struct Finding {
  std::string node;  // empty: it is about all
  std::string evidence;
  std::string remedy;
};

struct Checked {
  std::string name;
  std::string what;      // one sentence
  std::string evidence;  // where nothing is amiss: what was seen, on one line; empty: there was nothing to look at
  std::vector<Finding> findings;
};

// Every check, in the order in which it is told.
std::vector<Checked> Examine(const Patient& patient);
// The names, for waivers.
std::vector<std::string> CheckNames();

}  // namespace picket::runtime
