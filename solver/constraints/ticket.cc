// Ticket constraints, and what a missing ticket does at once (spec 05 §16.1, 03 §3.3).
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "solver/actions/fencing.h"
#include "solver/constraints/read_constraint.h"
#include "solver/explain/note.h"
#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/unpack/unpack.h"

namespace picket::solver::constraints {
namespace {

LossPolicy ReadLossPolicy(const Run& run, const std::string* text, Role role) {
  if (text) {
    if (EqualFolded(*text, "fence")) return run.options.fencing_enabled ? LossPolicy::kFence : LossPolicy::kStop;
    if (EqualFolded(*text, "freeze")) return LossPolicy::kFreeze;
    if (EqualFolded(*text, "demote")) return LossPolicy::kDemote;
    if (EqualFolded(*text, "stop")) return LossPolicy::kStop;
  }
  return role == Role::kPromoted ? LossPolicy::kDemote : LossPolicy::kStop;
}

void BanEverywhere(Run& run, ResourceId primitive, const TicketConstraint& constraint) {
  NoteBan(run, "ticket", primitive, NodeId(), constraint.id, constraint.ticket);
  for (const NodeId node : std::vector<NodeId>(run.node_order)) {
    AddScore(run, primitive, node, Score::MinusInfinity());
  }
}

void FenceNodesOf(Run& run, ResourceId primitive) {
  const std::vector<NodeId> nodes = run.at(primitive).active;
  for (const NodeId node : nodes) FenceNode(run, node, "deadman ticket was lost");
}

// An active resource whose ticket is gone.
void Lose(Run& run, ResourceId primitive, const TicketConstraint& constraint) {
  const bool role_matches = constraint.role == Role::kUnknown || constraint.role == run.at(primitive).role;
  switch (constraint.loss_policy) {
    case LossPolicy::kStop:
      BanEverywhere(run, primitive, constraint);
      return;
    case LossPolicy::kDemote:
      // With the promoted role only promotion is withheld, which role selection does.
      if (constraint.role != Role::kPromoted) BanEverywhere(run, primitive, constraint);
      return;
    case LossPolicy::kFence:
      if (!role_matches) return;
      BanEverywhere(run, primitive, constraint);
      FenceNodesOf(run, primitive);
      return;
    case LossPolicy::kFreeze:
      if (!role_matches) return;
      NoteBan(run, "blocked", primitive, NodeId(), constraint.id, "the ticket " + constraint.ticket + " is lost");
      run.at(primitive).managed = false;
      run.at(primitive).blocked = true;
      return;
  }
}

void Apply(Run& run, const TicketConstraint& constraint) {
  const Ticket ticket = run.tickets[constraint.ticket];
  if (ticket.granted && !ticket.standby) return;
  ForEachPrimitive(run, constraint.resource, [&](ResourceId primitive) {
    if (!ticket.granted && !run.at(primitive).active.empty()) {
      Lose(run, primitive, constraint);
    } else if (constraint.role != Role::kPromoted || constraint.loss_policy == LossPolicy::kStop) {
      BanEverywhere(run, primitive, constraint);
    }
  });
}

void Store(Run& run, const TicketDef& def, const std::string& ticket, ResourceId resource,
           const std::string* role_text) {
  const std::optional<Role> role = ReadRole(run, role_text, def.id);
  if (!role) return;
  TicketConstraint constraint;
  constraint.id = def.id;
  constraint.resource = resource;
  constraint.ticket = ticket;
  constraint.role = *role;
  constraint.loss_policy = ReadLossPolicy(run, FindAttribute(def.attributes, "loss-policy"), *role);
  run.at(resource).tickets.push_back(static_cast<int32_t>(run.ticket_constraints.size()));
  run.ticket_constraints.push_back(constraint);
  Apply(run, constraint);
}

void ReadSets(Run& run, const TicketDef& def, const std::string& ticket, const std::vector<ResourceSetDef>& sets) {
  for (const ResourceSetDef& set : sets) {
    for (const std::string& ref : set.refs) {
      const ResourceId resource = FindReferenced(run, ref);
      if (!resource.valid()) {
        ReportError(run, "Ignoring constraint '" + def.id + "' because '" + ref + "' does not exist");
        return;
      }
      Store(run, def, ticket, resource, FindAttribute(set.attributes, "role"));
    }
  }
}

}  // namespace

void ReadTicket(Run& run, const TicketDef& def) {
  const std::string* ticket = FindAttribute(def.attributes, "ticket");
  if (!ticket) {
    ReportError(run, "Ignoring constraint '" + def.id + "' without ticket specified");
    return;
  }
  run.tickets.try_emplace(*ticket);
  if (!def.sets.empty()) {
    ReadSets(run, def, *ticket, ExpandSets(run, def.sets));
    return;
  }
  const std::string* id = FindAttribute(def.attributes, "rsc");
  if (!id) return;
  const Reference reference = Lookup(run, *id);
  const std::string* role = FindAttribute(def.attributes, "rsc-role");
  if (reference.members) {
    ReadSets(run, def, *ticket, {AsSet(*id, reference, role)});
  } else if (reference.resource.valid()) {
    Store(run, def, *ticket, reference.resource, role);
  } else {
    ReportError(run, "Ignoring constraint '" + def.id + "' because '" + *id + "' does not exist");
  }
}

}  // namespace picket::solver::constraints
