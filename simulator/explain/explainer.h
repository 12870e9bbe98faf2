// Inside the explain room: the reader of one situation.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/explain/reason.h"
#include "simulator/explain/situation.h"
#include "solver/model/query.h"

namespace picket::simulator::explain {

class Explainer {
 public:
  explicit Explainer(const Situation& situation);

  std::vector<solver::ResourceId> Find(std::string_view id) const;
  std::vector<solver::ResourceId> PrimitivesOf(solver::ResourceId resource) const;
  PrimitiveView View(solver::ResourceId primitive);
  std::vector<Reason> Circumstances() const;
  Reason FirstCause(solver::ResourceId primitive);
  bool Runs(solver::ResourceId primitive) const;
  // The unclean node that the resource is to be recovered from and whose fencing has failed; empty: no such node.
  std::string HeldUpBy(solver::ResourceId primitive) const;

 private:
  using Visited = std::set<solver::ResourceId>;

  // nodes.cc: what counts for and against a node
  std::vector<NodeView> Nodes(solver::ResourceId primitive);
  std::vector<Reason> OnNode(solver::ResourceId resource, solver::NodeId node, Visited& visited);
  std::optional<Reason> Unavailable(solver::NodeId node) const;
  Reason Told(const solver::ReasonEvent& event, solver::NodeId node, Visited& visited);
  Reason Colocation(const solver::ReasonEvent& event, Visited& visited);
  Reason Wish(const solver::ReasonEvent& event, solver::NodeId node, Visited& visited);
  Reason FullNode(const solver::ReasonEvent& event, solver::NodeId node, Visited& visited);
  Reason Verdict(solver::ResourceId primitive, solver::NodeId node, Visited& visited);

  // locations.cc: `: pingd is 0 on n1`; empty if the constraint looks at no attribute
  std::string SeenBy(const std::string& location_id, solver::NodeId node) const;

  // decisions.cc: what decided
  std::vector<Reason> Decisions(solver::ResourceId primitive, Visited& visited);
  std::optional<Reason> Choice(solver::ResourceId primitive) const;
  std::optional<Reason> Role(solver::ResourceId primitive, Visited& visited);
  Reason Unmanaged(solver::ResourceId primitive) const;
  std::vector<Reason> Placement(solver::ResourceId resource, Visited& visited);
  Reason Cause(solver::ResourceId primitive, Visited& visited);
  Reason Nowhere(solver::ResourceId primitive, Visited& visited);

  // blocked.cc: actions that cannot run
  Reason Blocked(solver::ActionId action, std::set<solver::ActionId>& visited);
  std::optional<Reason> HeldUp(solver::ResourceId primitive);

  std::string Whereabouts(solver::ResourceId resource) const;
  std::string Name(solver::ResourceId resource) const { return run_.at(resource).id; }
  std::string Name(solver::NodeId node) const { return run_.at(node).name; }
  const solver::ChoiceEvent* ChoiceOf(solver::ResourceId primitive) const;
  solver::ActionId StartOf(solver::ResourceId primitive) const;
  std::string NowOf(solver::ResourceId primitive) const;
  std::string OutcomeOf(solver::ResourceId primitive) const;

  const Situation& situation_;
  const solver::Run& run_;
  std::vector<std::vector<const solver::ReasonEvent*>> reasons_;  // by resource, in order
  std::vector<const solver::ChoiceEvent*> choices_;               // by resource, the last that stands
  std::vector<const solver::RoleEvent*> roles_;
};

// locations.cc: what stands in the configuration for a location constraint of that id, which an upgrade may have split.
std::string WrittenLocation(const solver::Run& run, const std::string& id);

// `+100`, `-INFINITY`.
std::string AmountOf(solver::Score before, solver::Score after);

}  // namespace picket::simulator::explain
