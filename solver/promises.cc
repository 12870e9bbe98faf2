#include "solver/promises.h"

#include "solver/model/assert.h"

namespace picket::solver {

namespace {

// Whether an id is in the table that it indexes.
template <typename Id, typename Table>
bool IsIn(Id id, const Table& table) {
  return id.valid() && id.index() < table.size();
}
template <typename Id, typename Table>
bool IsInOrNone(Id id, const Table& table) {
  return !id.valid() || id.index() < table.size();
}

}  // namespace

void CheckUnpacked(const Run& run) {
  PICKET_ASSERT(run.cluster != nullptr && run.state != nullptr, "a run has a cluster and a state");
  PICKET_ASSERT(run.node_order.size() <= run.nodes.size(), "the order of display has each node at most once");
  for (const NodeId node : run.node_order) PICKET_ASSERT(IsIn(node, run.nodes), "a node that is shown is a node");
  PICKET_ASSERT(IsInOrNone(run.dc, run.nodes), "the coordinator is a node");
  for (const ResourceId top : run.top_level) PICKET_ASSERT(IsIn(top, run.resources), "the list names resources");
  for (size_t i = 0; i < run.resources.size(); ++i) {
    const Resource& resource = run.resources[i];
    PICKET_ASSERT(resource.self == ResourceId(i), "a resource knows its own number");
    PICKET_ASSERT(IsInOrNone(resource.parent, run.resources), "a parent is a resource");
    for (const ResourceId child : resource.children) PICKET_ASSERT(IsIn(child, run.resources), "a child is a resource");
    for (const NodeId node : resource.active) PICKET_ASSERT(IsIn(node, run.nodes), "a resource runs on nodes");
  }
}

void CheckConstraints(const Run& run) {
  for (const Colocation& colocation : run.colocations) {
    PICKET_ASSERT(IsIn(colocation.dependent, run.resources), "what follows in a colocation is a resource");
    PICKET_ASSERT(IsIn(colocation.primary, run.resources), "what is followed in a colocation is a resource");
  }
  for (const Location& location : run.locations) {
    PICKET_ASSERT(IsIn(location.resource, run.resources), "a location is about a resource");
    for (const auto& [node, score] : location.nodes) PICKET_ASSERT(IsIn(node, run.nodes), "a location names nodes");
  }
  for (const TicketConstraint& ticket : run.ticket_constraints)
    PICKET_ASSERT(IsIn(ticket.resource, run.resources), "a ticket is about a resource");
}

void CheckAssigned(const Run& run) {
  for (const Resource& resource : run.resources)
    PICKET_ASSERT(IsInOrNone(resource.node, run.nodes), "a resource is assigned to a node");
}

void CheckActions(const Run& run) {
  for (size_t i = 0; i < run.actions.size(); ++i) {
    const Action& action = run.actions[i];
    PICKET_ASSERT(action.id == ActionId(i), "an action knows its own number");
    PICKET_ASSERT(IsInOrNone(action.resource, run.resources), "an action is about a resource");
    PICKET_ASSERT(IsInOrNone(action.node, run.nodes), "an action is done on a node");
    PICKET_ASSERT(IsInOrNone(action.before_head, run.relations), "what an action waits for begins with a relation");
    PICKET_ASSERT(IsInOrNone(action.after_head, run.relations), "what waits for an action begins with a relation");
  }
  for (const Relation& relation : run.relations) {
    PICKET_ASSERT(IsIn(relation.first, run.actions) && IsIn(relation.then, run.actions), "a relation has two actions");
    PICKET_ASSERT(IsInOrNone(relation.next_before, run.relations), "relations of an action lead to relations");
    PICKET_ASSERT(IsInOrNone(relation.next_after, run.relations), "relations of an action lead to relations");
  }
}

void CheckTransition(const Run& run, const Transition& transition) {
  const auto& first = transition.first_input;
  PICKET_ASSERT(first.size() == transition.synapses.size() + 1, "each listed action has its part of the inputs");
  PICKET_ASSERT(first.back() == transition.inputs.size(), "the last part ends where the inputs end");
  for (size_t i = 0; i < transition.synapses.size(); ++i) {
    PICKET_ASSERT(IsIn(transition.synapses[i], run.actions), "what is listed is an action");
    PICKET_ASSERT(first[i] <= first[i + 1], "the parts of the inputs follow one another");
  }
  for (const ActionId input : transition.inputs) PICKET_ASSERT(IsIn(input, run.actions), "an input is an action");
}

}  // namespace picket::solver
