// `picket bootstrap --undo`, the part that thinks: from what a run noted on each node and what is there now,
// what takes it back. What somebody changed since stays as it is, and is named.
#pragma once

#include <string>
#include <vector>

#include "runtime/bootstrap/facts.h"
#include "runtime/bootstrap/plan.h"

namespace picket::runtime {

// A run's journal on one node, as node_scripts/bootstrap.sh shows it: `entry KIND …`, and of a file its
// digest now.
struct RunJournal {
  NodeFacts shown;  // its lines
  NodeFacts now;    // what a probe found
};

struct NodeUndo {
  std::string node;
  std::vector<std::string> stop, disable, enable, start;  // units
  std::vector<std::string> after;                         // patterns: what the cluster made there since goes aside
  struct Back {
    std::string kind;  // file, moved, name
    std::vector<std::string> values;
  };
  std::vector<Back> back;  // in the order in which it is done: the last step of the run first
  bool stays = false;      // its Corosync runs on
  bool empty() const;
};

struct UndoPlan {
  std::vector<Obstacle> objections;
  std::vector<NodeUndo> nodes;
  std::vector<std::string> left;  // `n1: /etc/hosts was changed since`
  std::string reload_on;
  std::string forget_on;
  std::vector<std::string> forgotten;  // nodes that the run brought in
  bool stops_cluster = false;          // one that was at work before the run as well
};

// The nodes in the journals, with their addresses, in order.
std::vector<compiler::TopologyNode> NodesOf(const std::vector<NodeFacts>& shown);

UndoPlan PlanUndo(const std::vector<RunJournal>& journals);

}  // namespace picket::runtime
