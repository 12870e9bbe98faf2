// What runs elsewhere in one situation than in another, and which contributions made the difference.
//
// Primitives are compared by what the solver decides for them in both; a resource that only one knows counts as moved.
// A contribution is the same in both if its text, amount and cause are. Cost: an explanation of each that moved.
#pragma once

#include <string_view>
#include <vector>

#include "simulator/explain/reason.h"
#include "simulator/explain/situation.h"

namespace picket::simulator::explain {

// What counts on a node in only one of two situations.
struct NodeChange {
  std::string node;
  std::string score_before;  // empty: no candidate
  std::string score_after;
  std::vector<Reason> gone;
  std::vector<Reason> come;
};

struct Move {
  std::string resource;
  std::string before;  // `on ha1, promoted`; `nowhere`; `unknown`: the configuration does not have it
  std::string after;
  std::vector<Reason> decided_before;
  std::vector<Reason> decided_after;
  std::vector<NodeChange> nodes;  // where anything changed, the old and the new node first
};

// `only`: a configured id, or empty for all.
std::vector<Move> FindMoves(const Situation& before, const Situation& after, std::string_view only);

}  // namespace picket::simulator::explain
