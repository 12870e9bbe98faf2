// The Transition Summary as data (spec 05 §22, 06 §11.3): one entry for each line, in the order of the lines.
//
// The words of a line (change, details, reason) are made here, because they follow from actions; columns and
// prefixes are simulator/text's business. Summarise() must run once between Propagate() and
// BuildTransition(), since looking an action up for a line gives it the node where it is looked up if it has
// none yet, and the graph shows that node. Cost: primitives, and for each the actions with the few keys that
// a line asks for.
#pragma once

#include <string>
#include <vector>

#include "solver/model/run.h"

namespace picket::solver {

// A fencing or shutdown that is required. Printed only if `reason` is not empty (so shutdowns never are).
struct NodeSummary {
  ActionId action;
  NodeId node;
  std::string task;       // `Fence (reboot)`, `Shutdown`
  std::string node_text;  // node name; guest and bundle nodes: `NODE (resource: LAUNCHER)`
  std::string reason;     // may be empty
};

// One `  * CHANGE  RESOURCE ( DETAILS )  REASON` line.
struct ResourceSummary {
  std::string change;  // `Start`, `Stop`, `Move`, `Migrate`, `Restart`, `Recover`, `Reload`, `Promote`,
                       // `Demote`, `Re-promote`
  ResourceId resource;
  std::string id;              // instance id
  NodeId from;                 // none: shown without origin
  NodeId to;                   // none: shown without destination
  Role role = Role::kUnknown;  // as shown: a current role Stopped with a current node counts as Started
  Role next_role = Role::kUnknown;
  bool role_shown = false;  // spec 05 §22.3
  std::string details;      // the text between the parentheses, not padded
  std::string reason;       // `due to W`, `due to W (blocked)`, `blocked` or empty
  ActionId action;          // the action that the line is about
  ActionId source;          // the action whose reason is shown
};

struct TransitionSummary {
  std::vector<NodeSummary> nodes;
  std::vector<ResourceSummary> resources;
};

TransitionSummary Summarise(Run& run);

}  // namespace picket::solver
