// corosync.conf on a node: the one in its file, and the one that its Corosync runs with.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/topology/topology.h"
#include "runtime/bootstrap/facts.h"

namespace picket::runtime {

inline constexpr const char* kConf = "/etc/corosync/corosync.conf";
inline constexpr const char* kAuthkey = "/etc/corosync/authkey";

// The file; nullopt if there is none, or if it cannot be read as one.
std::optional<compiler::Topology> ConfOf(const NodeFacts& facts);
// Whether the file is of the policy's cluster: its name counts.
bool IsOurs(const NodeFacts& facts, const compiler::Topology& topology);
// The example that Debian's package brings, with its ghost `node1`.
bool IsExample(const compiler::Topology& conf);
bool RunsCorosync(const NodeFacts& facts);

// The settings of a corosync.conf as Corosync's cmap names them, but a node by its id (`node.2.name`), so
// that texts and running Corosyncs compare: `quorum.two_node`, `totem.interface.0.mcastport`. Settings that
// change nothing (`totem.version`, what is said of logging) are left out.
using ConfKeys = std::map<std::string, std::string>;
ConfKeys KeysOf(const compiler::Topology& topology);
ConfKeys RunningKeys(const NodeFacts& facts);
// The ids of the nodes that the running Corosync has in its membership.
std::set<std::uint32_t> MembersOf(const NodeFacts& facts);

// The running Corosync's own word on its links to the nodes.
struct LinkState {
  std::size_t link = 0;
  std::uint32_t node = 0;
  std::string state;  // connected, disconnected, localhost
};
std::vector<LinkState> LinksOf(const NodeFacts& facts);

// A line of `corosync-quorumtool -s`: `Quorate`, `Nodes`, `Flags`. Empty where Corosync does not run.
std::string QuorumWord(const NodeFacts& facts, std::string_view name);

// What it takes until a changed setting counts (votequorum(5), and as measured with Corosync 3.1).
enum class Takes {
  kReload,     // `corosync-cfgtool -R`, with the cluster at work
  kNextStart,  // it counts on a node from the next start of that node's Corosync, one node after the other
  kStopAll,    // Corosync must be stopped on all nodes before it is started on one
};

// A setting in which the running Corosync is not as wanted. Empty: it is not set.
struct ConfDifference {
  std::string key, running, wanted;
  Takes takes = Takes::kStopAll;
  std::string Told() const;  // `quorum.two_node: 1 -> nothing`
};
// In the order of the keys.
std::vector<ConfDifference> DifferencesOf(const ConfKeys& running, const ConfKeys& wanted);

}  // namespace picket::runtime
