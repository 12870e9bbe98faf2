// What decided: the choice among candidates, roles, and for what runs nowhere the first cause.
#include <algorithm>

#include "simulator/explain/explainer.h"
#include "simulator/explain/origin.h"
#include "solver/cib/values.h"

namespace picket::simulator::explain {

using solver::ChoiceRule;
using solver::NodeId;
using solver::ReasonEvent;
using solver::ResourceId;
using solver::RoleRule;
using solver::Score;

namespace {

std::string ScoreOn(const solver::ChoiceEvent& choice, NodeId node) {
  for (const auto& candidate : choice.candidates) {
    if (candidate.node == node) return candidate.score.ToString();
  }
  return "none";
}

bool IsPromoted(const solver::Resource& resource) {
  return resource.next_role == solver::Role::kPromoted;
}

}  // namespace

std::string Explainer::Whereabouts(ResourceId resource) const {
  std::string nodes;
  std::string promoted;
  for (const ResourceId id : PrimitivesOf(resource)) {
    const NodeId node = run_.at(id).node;
    if (!node.valid()) continue;
    std::string& list = IsPromoted(run_.at(id)) ? promoted : nodes;
    if ((", " + list + ",").find(", " + Name(node) + ",") != std::string::npos) continue;
    list += (list.empty() ? "" : ", ") + Name(node);
  }
  if (promoted.empty() && nodes.empty()) return "which runs nowhere";
  if (promoted.empty()) return "which runs on " + nodes;
  return "which is promoted on " + promoted + (nodes.empty() ? "" : " and runs on " + nodes);
}

std::optional<Reason> Explainer::Choice(ResourceId primitive) const {
  const solver::ChoiceEvent* choice = ChoiceOf(primitive);
  if (!choice) return std::nullopt;
  Reason reason;
  const std::string chosen = choice->chosen.valid() ? Name(choice->chosen) : "";
  const std::string rival = choice->runner_up.valid() ? Name(choice->runner_up) : "";
  const std::string equal = "equal scores on " + chosen + " and " + rival + ": ";
  switch (choice->rule) {
    case ChoiceRule::kNoCandidate:
      reason.text = "no node may run it";
      break;
    case ChoiceRule::kOnlyCandidate:
      reason.text = chosen + " is the only node that may run it";
      break;
    case ChoiceRule::kScore:
      reason.text = chosen + " has the highest score, " + ScoreOn(*choice, choice->chosen) + "; " + rival + " has " +
                    ScoreOn(*choice, choice->runner_up);
      break;
    case ChoiceRule::kStays:
      reason.text = "it stays: " + chosen + " is as good as " + rival;
      break;
    case ChoiceRule::kAsked:
      reason.text = "it keeps its place: " + chosen + " is as good as " + rival;
      break;
    case ChoiceRule::kCapacity:
      reason.text = equal + chosen + " has more capacity left";
      reason.cause = PropertyOrigin(run_, "placement-strategy");
      break;
    case ChoiceRule::kFewerResources:
      reason.text = equal + chosen + " had fewer resources when it was placed";
      break;
    case ChoiceRule::kCurrent:
      reason.text = equal + "it runs on " + chosen;
      break;
    case ChoiceRule::kName:
      reason.text = equal + chosen + " comes first by name";
      break;
    case ChoiceRule::kUnmanaged:
      return Unmanaged(primitive);
    case ChoiceRule::kStopAll:
      reason.text = "all resources are to be stopped";
      reason.cause = PropertyOrigin(run_, "stop-all-resources");
      break;
  }
  return reason;
}

Reason Explainer::Unmanaged(ResourceId primitive) const {
  const solver::Resource& resource = run_.at(primitive);
  Reason reason;
  for (ResourceId id = primitive; id.valid(); id = run_.at(id).parent) {
    for (const ReasonEvent* event : reasons_[id.index()]) {
      if (event->what != "blocked") continue;
      reason.text = "it is blocked: " + event->detail;
      reason.cause = event->cause_id;
      return reason;
    }
  }
  const solver::Options& options = run_.options;
  if (options.maintenance_mode) {
    return {"the cluster is in maintenance: resources are left as they are",
            "",
            PropertyOrigin(run_, "maintenance-mode"),
            {}};
  }
  if (options.fencing_enabled && !run_.fence_device_exists && !options.have_watchdog) {
    return {"fencing is required and no fence device is configured: nothing is touched",
            "",
            PropertyOrigin(run_, "fencing-enabled"),
            {}};
  }
  for (const NodeId node : resource.active) {
    if (run_.at(node).maintenance) {
      return {"its node " + Name(node) + " is in maintenance: it is left as it is",
              "",
              NodeAttributeOrigin(run_, node, "maintenance"),
              {}};
    }
  }
  reason.text = "it is not managed: the cluster leaves it as it is";
  reason.cause = MetaOrigin(run_, primitive, "is-managed");
  if (reason.cause.empty()) reason.cause = MetaOrigin(run_, primitive, "maintenance");
  return reason;
}

// Roles are given to instances: the primitive's own, or that of the group around it.
std::optional<Reason> Explainer::Role(ResourceId primitive, Visited& visited) {
  ResourceId instance = primitive;
  while (instance.valid() && !roles_[instance.index()]) instance = run_.at(instance).parent;
  if (!instance.valid() || !run_.at(primitive).node.valid()) return std::nullopt;
  const solver::RoleEvent& role = *roles_[instance.index()];
  const ResourceId clone = run_.at(instance).parent;
  Reason reason;
  reason.amount = role.score.ToString();
  switch (role.rule) {
    case RoleRule::kPromoted:
      reason.text = "promoted: of the instances that may be, it has the best promotion score";
      break;
    case RoleRule::kNegative:
      reason.text = "not promoted: its promotion score is below zero";
      break;
    case RoleRule::kEnough:
      reason.text = "not promoted: promoted-max instances come before it";
      reason.cause = MetaOrigin(run_, instance, "promoted-max");
      break;
    case RoleRule::kNotEligible:
      reason.text = "not promoted: its node, or that it is not managed, does not allow it";
      break;
    case RoleRule::kFreeze:
      reason.text = "not promoted: without quorum roles are frozen";
      reason.cause = PropertyOrigin(run_, "no-quorum-policy");
      break;
  }
  for (const ResourceId id : {clone, instance}) {
    if (!id.valid()) continue;
    for (const ReasonEvent* event : reasons_[id.index()]) {
      if (event->taken_back || (event->node.valid() && event->node != role.node)) continue;
      Reason part;
      part.amount = AmountOf(event->before, event->after);
      if (event->what == "promotion-base") {
        part.text = event->detail.empty() ? "promotion score, set by its agent" : event->detail;
        part.amount = event->after.ToString();
      } else if (event->what == "promotion-location") {
        part.text = "location constraint for the promoted role" + SeenBy(event->cause_id, role.node);
        part.cause = WrittenLocation(run_, event->cause_id);
      } else if (event->what == "promotion-colocation") {
        part = Colocation(*event, visited);
        part.amount = AmountOf(event->before, event->after);
      } else if (event->what == "promotion-ticket") {
        part.text = "the ticket " + event->detail + " is not granted";
        part.cause = event->cause_id;
      } else if (id == clone && (event->what == "colocation-dependent" || event->what == "location")) {
        part = Told(*event, role.node, visited);
      } else {
        continue;
      }
      reason.because.push_back(std::move(part));
    }
  }
  return reason;
}

std::vector<Reason> Explainer::Decisions(ResourceId primitive, Visited& visited) {
  std::vector<Reason> decisions;
  if (const auto choice = Choice(primitive)) decisions.push_back(*choice);
  if (const auto role = Role(primitive, visited)) decisions.push_back(*role);
  if (const auto held = HeldUp(primitive)) decisions.push_back(*held);
  return decisions;
}

// How another resource came to be where it is, for what follows it. Of a clone the promoted instances are what others
// follow, if there are any.
std::vector<Reason> Explainer::Placement(ResourceId resource, Visited& visited) {
  std::vector<ResourceId> parts = PrimitivesOf(resource);
  const bool any_promoted =
      std::any_of(parts.begin(), parts.end(), [&](ResourceId id) { return IsPromoted(run_.at(id)); });
  std::vector<Reason> reasons;
  for (const ResourceId part : parts) {
    if (any_promoted && !IsPromoted(run_.at(part))) continue;
    if (!any_promoted && run_.at(resource).is_clone() && run_.at(part).node.valid()) continue;
    if (!run_.at(part).node.valid()) {
      Reason cause = Cause(part, visited);
      cause.text = Name(part) + ": " + cause.text;
      reasons.push_back(std::move(cause));
      break;
    }
    for (Reason& decision : Decisions(part, visited)) {
      decision.text = Name(part) + ": " + decision.text;
      reasons.push_back(std::move(decision));
    }
    if (run_.at(resource).is_group()) break;  // The others follow the first.
  }
  return reasons;
}

// The cause that is alike for all nodes, else what each of them says.
Reason Explainer::Nowhere(ResourceId primitive, Visited& visited) {
  std::vector<Reason> by_node;
  bool alike = true;
  for (const NodeId node : run_.node_order) {
    if (solver::IsBundleNode(run_, node)) continue;
    Reason reason = Verdict(primitive, node, visited);
    const Reason& first = by_node.empty() ? reason : by_node.front();
    if (first.text != reason.text || first.cause != reason.cause) alike = false;
    by_node.push_back(std::move(reason));
  }
  if (by_node.empty()) return {"there are no nodes", "", "", {}};
  if (alike) {
    // What is below was told at the first node only; the others have seen it already.
    return by_node.front();
  }
  Reason reason = {"no node may run it", "", "", {}};
  size_t i = 0;
  for (const NodeId node : run_.node_order) {
    if (solver::IsBundleNode(run_, node)) continue;
    by_node[i].text = Name(node) + ": " + by_node[i].text;
    reason.because.push_back(std::move(by_node[i++]));
  }
  return reason;
}

Reason Explainer::Cause(ResourceId primitive, Visited& visited) {
  visited.insert(primitive);
  const solver::Resource& resource = run_.at(primitive);
  if (run_.options.stop_all_resources) {
    return {"all resources are to be stopped", "", PropertyOrigin(run_, "stop-all-resources"), {}};
  }
  const std::string* target = resource.meta.Find("target-role");
  if (target && solver::ParseRole(*target) == solver::Role::kStopped) {
    return {"target-role is Stopped", "", MetaOrigin(run_, primitive, "target-role"), {}};
  }
  if (const solver::ChoiceEvent* choice = ChoiceOf(primitive); choice && choice->rule == ChoiceRule::kUnmanaged) {
    return Unmanaged(primitive);
  }
  if (resource.node.valid()) {
    if (auto held = HeldUp(primitive)) return *held;
  }
  for (ResourceId id = primitive; id.valid(); id = run_.at(id).parent) {
    for (const ReasonEvent* event : reasons_[id.index()]) {
      if (event->taken_back || event->node.valid()) continue;
      if (event->what == "ticket" || event->what == "failed-operation" || event->what == "removed" ||
          (id == primitive && (event->what == "colocation" || event->what == "instances"))) {
        return Told(*event, NodeId(), visited);
      }
    }
  }
  return Nowhere(primitive, visited);
}

Reason Explainer::FirstCause(ResourceId primitive) {
  if (const std::string node = HeldUpBy(primitive); !node.empty()) {
    return {"the fencing of " + node +
                " failed: nothing of it is recovered before a fencing works, or somebody looks and "
                "confirms that " +
                node + " is off (`confirm " + node + "` in a test, `stonith_admin --confirm " + node + "`)",
            "",
            "",
            {}};
  }
  Visited visited;
  return Cause(primitive, visited);
}

std::vector<Reason> Explainer::Circumstances() const {
  std::vector<Reason> reasons;
  const solver::Options& options = run_.options;
  if (!run_.quorate) reasons.push_back({"the cluster has no quorum", "", PropertyOrigin(run_, "no-quorum-policy"), {}});
  if (options.maintenance_mode) {
    reasons.push_back({"the cluster is in maintenance", "", PropertyOrigin(run_, "maintenance-mode"), {}});
  }
  if (options.stop_all_resources) {
    reasons.push_back({"all resources are to be stopped", "", PropertyOrigin(run_, "stop-all-resources"), {}});
  }
  for (const solver::NodeSummary& line : situation_.transition.summary.nodes) {
    if (line.reason.empty()) continue;
    Reason reason;
    reason.text = Name(line.node) + " is to be fenced: " + line.reason;
    if (!run_.at(line.action).runnable) reason.text += " (nothing can do it)";
    reasons.push_back(std::move(reason));
  }
  return reasons;
}

}  // namespace picket::simulator::explain
