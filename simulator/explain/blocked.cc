// Actions that cannot run, and through which order.
#include <algorithm>

#include "simulator/explain/explainer.h"
#include "simulator/explain/origin.h"

namespace picket::simulator::explain {

using solver::ActionId;
using solver::NodeId;
using solver::ResourceId;
using solver::Symbol;

ActionId Explainer::StartOf(ResourceId primitive) const {
  return solver::OldestWithKey(run_, primitive, Symbol::kStart, 0, run_.at(primitive).node);
}

std::string Explainer::HeldUpBy(ResourceId primitive) const {
  for (const NodeId node : run_.at(primitive).active) {
    const auto& not_fenced = situation_.not_fenced;
    if (!run_.at(node).unclean) continue;
    if (std::find(not_fenced.begin(), not_fenced.end(), run_.at(node).name) != not_fenced.end()) return Name(node);
  }
  return {};
}

bool Explainer::Runs(ResourceId primitive) const {
  const solver::Resource& resource = run_.at(primitive);
  if (!HeldUpBy(primitive).empty()) return false;
  const NodeId node = resource.node;
  if (!node.valid() || resource.next_role == solver::Role::kStopped) return false;
  if (!resource.managed) return solver::IsActiveOn(run_, primitive, node) && solver::IsClean(run_, node);
  const ActionId start = StartOf(primitive);
  const bool needs_start = start.valid() && !run_.at(start).optional;
  const bool active = solver::IsActiveOn(run_, primitive, node);
  if (needs_start) return run_.at(start).runnable;
  if (active) return true;
  const solver::Action* begun = start.valid() ? &run_.at(start) : nullptr;
  return begun ? begun->runnable : !resource.active.empty();
}

namespace {

constexpr solver::Kinds kWaits = solver::kind::kGate | solver::kind::kCount | solver::kind::kAsym |
                                 solver::kind::kGuestProbe | solver::kind::kMigGate | solver::kind::kPush |
                                 solver::kind::kPushLocal | solver::kind::kPull;

}  // namespace

Reason Explainer::Blocked(ActionId id, std::set<ActionId>& visited) {
  visited.insert(id);
  const solver::Action& action = run_.at(id);
  Reason reason;
  std::string name(run_.symbols.Text(action.name));
  reason.text = name + (action.resource.valid() ? " of " + Name(action.resource) : "");
  if (action.node.valid()) reason.text += " on " + Name(action.node);
  reason.text += " cannot be done";
  if (action.reason == "no quorum" || action.reason == "quorum freeze") {
    reason.text += ": the cluster has no quorum";
    reason.cause = PropertyOrigin(run_, "no-quorum-policy");
    return reason;
  }
  if (action.node.valid()) {
    if (const auto unavailable = Unavailable(action.node); unavailable && !run_.at(action.node).online) {
      reason.text += ": " + unavailable->text;
      return reason;
    }
  }
  for (solver::RelationId r = action.before_head; r.valid(); r = run_.at(r).next_before) {
    const solver::Relation& relation = run_.at(r);
    const solver::Action& first = run_.at(relation.first);
    if (first.runnable || (relation.kinds_after & kWaits) == 0 || visited.count(relation.first)) continue;
    Reason behind = Blocked(relation.first, visited);
    if (first.resource.valid() && action.resource.valid() && first.resource != action.resource) {
      behind.cause = behind.cause.empty() ? OrderOrigin(run_, first.resource, action.resource) : behind.cause;
      reason.cause = OrderOrigin(run_, first.resource, action.resource);
      reason.text += ": it waits for " + std::string(run_.symbols.Text(first.name)) + " of " + Name(first.resource);
    }
    reason.because.push_back(std::move(behind));
    return reason;
  }
  if (action.reason.starts_with("colocation with ")) {
    reason.text += ": " + action.reason + ", whose own cannot be done";
    const ResourceId primary = solver::FindResource(run_, std::string_view(action.reason).substr(16));
    if (primary.valid()) {
      for (const ActionId id_of_primary : solver::ActionsWithKey(run_, primary, action.name, 0)) {
        if (run_.at(id_of_primary).runnable || visited.count(id_of_primary)) continue;
        reason.because.push_back(Blocked(id_of_primary, visited));
        break;
      }
    }
    return reason;
  }
  if (!action.reason.empty()) reason.text += ": " + action.reason;
  // A start that nobody will carry out: what it belongs to has no node.
  if (action.resource.valid() && reason.because.empty() && name != "stop") {
    for (const ResourceId part : PrimitivesOf(action.resource)) {
      if (run_.at(part).node.valid()) continue;
      Visited seen = {part};
      Reason cause = Cause(part, seen);
      cause.text = Name(part) + ": " + cause.text;
      reason.because.push_back(std::move(cause));
      break;
    }
  }
  return reason;
}

std::optional<Reason> Explainer::HeldUp(ResourceId primitive) {
  const solver::Resource& resource = run_.at(primitive);
  std::set<ActionId> visited;
  for (const Symbol operation : {Symbol::kStop, Symbol::kStart, Symbol::kPromote}) {
    for (const ActionId id : solver::ActionsWithKey(run_, primitive, operation, 0)) {
      const solver::Action& action = run_.at(id);
      if (action.runnable) continue;
      const bool elsewhere = !action.node.valid() || action.node != resource.node;
      if (operation == Symbol::kStop ? action.optional : elsewhere) continue;
      const bool there_already = solver::IsActiveOn(run_, primitive, resource.node) && action.optional;
      if (operation == Symbol::kStart && there_already) continue;
      if (operation == Symbol::kPromote && (resource.next_role != solver::Role::kPromoted || action.optional)) continue;
      return Blocked(id, visited);
    }
  }
  return std::nullopt;
}

}  // namespace picket::simulator::explain
