// What the cluster's nodes are joined by: the part of a policy that Corosync
// carries out and the CIB does not know.
//
// The simulator reads it to know which faults cut whom off and how long a loss
// takes to be noticed; deployment prints it as corosync.conf (corosync_conf.h).
// A member keeps its default when the author said nothing; only what was said
// is printed, so that Corosync's own defaults stay Corosync's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace picket::compiler {

struct Link {
  std::string name;
  /// `priority`, `mcastport`… as corosync.conf's interface section has them.
  std::vector<std::pair<std::string, std::string>> options;
};

struct Address {
  std::size_t link = 0;  ///< Index into Topology::links.
  std::string address;
};

/// A node that runs Corosync; remote and guest nodes are none of its business.
struct TopologyNode {
  std::string name;
  std::uint32_t id = 0;
  std::vector<Address> addresses;
  std::optional<int> votes;
};

struct QuorumDevice {
  std::string model;
  std::vector<std::pair<std::string, std::string>> options;
};

/// Something that is looked at on every node before a policy is carried out:
/// `hosts`, `firewall=["tcp/2224"]`, `selinux=checked`.
struct PreflightCheck {
  std::string name;
  std::vector<std::string> values;  ///< Empty for a bare word.
};

/// What carries the policy out: `engine` in the `cluster` block.
enum class Engine { kPacemaker, kPicket };

/// How a silent node is noticed (specification 09 section 2.1).
struct Detection {
  std::int64_t token_ms = 3000;       ///< As it is written, or Corosync's default.
  std::int64_t coefficient_ms = 650;  ///< For each node beyond the second.
  std::int64_t nodes_beyond = 0;      ///< How many there are.
  std::int64_t consensus_ms = 3600;

  /// The token as it holds in a cluster of so many nodes.
  std::int64_t EffectiveTokenMs() const { return token_ms + nodes_beyond * coefficient_ms; }
  std::int64_t TotalMs() const { return EffectiveTokenMs() + consensus_ms; }
};

/// What SBD is set to on the nodes and on its disks, as far as the policy says it. Neither corosync.conf nor the CIB
/// knows it; it is written down to be compared with the times that have to fit.
struct Sbd {
  std::optional<std::int64_t> watchdog_ms;  ///< SBD_WATCHDOG_TIMEOUT, or the disk's.
  std::optional<std::int64_t> msgwait_ms;   ///< The disk's; SBD's default: 2 × watchdog.
};

struct Topology {
  std::string cluster;
  Engine engine = Engine::kPacemaker;  ///< Not part of corosync.conf.
  std::string pacemaker;  ///< The release that decides, `2.1.5`; empty: the newest. Not part of corosync.conf.
  std::string transport = "knet";
  std::vector<Link> links;  ///< In order: the first is link 0.
  std::vector<TopologyNode> nodes;

  bool two_node = false;
  /// Unset: as Corosync has it, which is yes with two_node and no without.
  std::optional<bool> wait_for_all;
  std::optional<std::int64_t> token_ms;      ///< Corosync's default: 3000.
  std::optional<std::int64_t> consensus_ms;  ///< Corosync's default: 1.2 × token.
  std::optional<QuorumDevice> device;
  std::optional<Sbd> sbd;  ///< Not part of corosync.conf.

  std::vector<PreflightCheck> preflight;  ///< In the order written.

  /// Further options of the sections, in the order written.
  std::vector<std::pair<std::string, std::string>> totem;
  std::vector<std::pair<std::string, std::string>> quorum;
  std::vector<std::pair<std::string, std::string>> crypto;

  bool WaitsForAll() const { return wait_for_all.value_or(two_node); }
  /// How long a silent node goes unnoticed: the token, which is longer where
  /// there are more than two nodes, and then the consensus.
  Detection DetectionParts() const;
  std::int64_t DetectionMs() const { return DetectionParts().TotalMs(); }
};

/// The text of corosync.conf.
std::string CorosyncConf(const Topology& topology);

}  // namespace picket::compiler
