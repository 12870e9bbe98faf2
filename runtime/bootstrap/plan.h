// `picket bootstrap`, the part that thinks: what the nodes of a policy are, in; what has to be done to each
// so that they are its cluster, out. It reaches no node.
//
// Nothing is deleted: what stands in the way is moved aside. Nothing is planned for a node that is well, so
// the plan for a cluster that is as the policy says is empty.
#pragma once

#include <string>
#include <vector>

#include "compiler/topology/topology.h"
#include "runtime/bootstrap/conf.h"
#include "runtime/bootstrap/facts.h"
#include "runtime/bootstrap/waivers.h"

namespace picket::runtime {

struct FileStep {
  std::string path, mode, owner;  // owner: `root:root`
  std::string before_digest;      // of what is there; empty: nothing is
  std::string before, after;      // texts
};

struct MoveAside {
  std::string pattern;  // a shell's, of ours: `/var/lib/pacemaker/cib/cib*`
  std::string why;      // `the CIB of an earlier cluster (3 files)`
};

struct NodeSteps {
  std::string node;
  bool leaves = false;  // it is in the cluster and not in the policy
  bool joins = false;   // the others are a cluster, of which this node is not yet
  std::vector<MoveAside> aside;
  std::vector<FileStep> files;  // /etc/hostname, /etc/hosts; corosync.conf last
  bool rename = false;          // the machine is not called as the node is
  std::string old_name;
  bool write_key = false;
  std::string key_digest;         // of the key that is there; empty: none is
  std::vector<std::string> stop;  // units, in the order in which they are stopped
  std::vector<std::string> disable;
  std::vector<std::string> enable;
  std::vector<std::string> start;  // in their order

  bool empty() const;
};

enum class KeySource {
  kKept,    // every node has it
  kCopied,  // from a node of the cluster
  kFresh,
};

// Why nothing may be done.
struct Obstacle {
  std::string node;  // empty: it is about all
  std::string what, remedy;
};

struct BootstrapPlan {
  std::vector<Obstacle> objections;
  std::vector<NodeSteps> nodes;  // in the policy's order, and then those that leave
  KeySource key = KeySource::kKept;
  std::string key_from;                     // kCopied: a node that has it
  std::string reload_on;                    // a node whose Corosync is told to read its file again; empty: none is
  std::string forget_on;                    // the node on which `forgotten` leave the CIB
  std::vector<std::string> forgotten;       // names
  bool stops_all = false;                   // a cluster that is at work stops on every node and starts again
  std::vector<ConfDifference> differences;  // between the Corosync that runs and the wanted one
  std::vector<std::string> notes;

  bool empty() const;  // nothing is to be done
};

// The nodes that the cluster has and the policy has not: by a corosync.conf of the cluster, or by a running
// Corosync. With the addresses that they have there.
std::vector<compiler::TopologyNode> NodesThatLeave(const compiler::Topology& topology,
                                                   const std::vector<NodeFacts>& nodes);

// `nodes`: one for each node of the topology, in its order, all known; `leaving`: of NodesThatLeave(), in its
// order, known or not. A name that is waived (doctor.node-name, doctor.names) stays as it is.
BootstrapPlan PlanBootstrap(const compiler::Topology& topology, const std::vector<NodeFacts>& nodes,
                            const std::vector<compiler::TopologyNode>& leave, const std::vector<NodeFacts>& leaving,
                            const std::vector<Waiver>& waivers);

// /etc/hosts as it has to be on a node, so that names that it knows wrongly or not at all are known; the text
// as it is if they are. Lines that give other names stay.
std::string HostsFor(const std::string& text, const NodeFacts& facts, const compiler::Topology& topology);

// What a node's Corosync and cluster manager say against the cluster's being as the policy says; empty: all
// of it is so. For a node that was bootstrapped.
std::vector<std::string> NotYet(const NodeFacts& facts, const compiler::Topology& topology);

// The units of the cluster, in the order in which they start.
std::vector<std::string> UnitsOf(const compiler::Topology& topology);

}  // namespace picket::runtime
