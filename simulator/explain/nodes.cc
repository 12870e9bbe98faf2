// What counts for and against each node.
#include <algorithm>
#include <functional>

#include "simulator/explain/explainer.h"
#include "simulator/explain/origin.h"

namespace picket::simulator::explain {

using solver::NodeId;
using solver::ReasonEvent;
using solver::ResourceId;
using solver::Score;

std::string AmountOf(Score before, Score after) {
  if (after.is_infinite() || after.is_minus_infinite() || before.is_infinite() || before.is_minus_infinite()) {
    return (after.is_infinite() ? "+" : "") + after.ToString();
  }
  const int32_t change = after.value() - before.value();
  return (change > 0 ? "+" : "") + std::to_string(change);
}

namespace {

// Told once of a collective and meant for everything below it.
bool HoldsForWhatIsBelow(const ReasonEvent& event) {
  return event.what == "failed-operation" || event.what == "removed" || event.what == "remote";
}

bool AboutPromotion(const ReasonEvent& event) {
  return event.what.starts_with("promotion-") && event.what != "promotion-score";
}

bool IsAboutNode(const ReasonEvent& event, NodeId node) {
  return !event.taken_back && event.what != "blocked" && !AboutPromotion(event) &&
         (!event.node.valid() || event.node == node);
}

}  // namespace

std::optional<Reason> Explainer::Unavailable(NodeId id) const {
  const solver::Node& node = run_.at(id);
  Reason reason;
  if (node.remote && node.connection.valid() && !node.online) {
    reason.text = "its connection " + Name(node.connection) + " is not up";
  } else if (node.unclean) {
    reason.text = "the node is unclean: nobody knows what it does until it is fenced";
  } else if (!node.online) {
    reason.text = "the node is offline";
  } else if (node.pending) {
    reason.text = "the node is still joining";
  } else if (node.maintenance) {
    reason.text = "the node is in maintenance";
    reason.cause = NodeAttributeOrigin(run_, id, "maintenance");
    if (run_.options.maintenance_mode) reason.cause = PropertyOrigin(run_, "maintenance-mode");
  } else if (node.standby_on_fail) {
    reason.text = "the node is in standby because an operation with on-fail=standby failed there";
  } else if (node.standby) {
    reason.text = "the node is in standby";
    reason.cause = NodeAttributeOrigin(run_, id, "standby");
  } else if (node.shutting_down) {
    reason.text = "the node is shutting down";
  } else {
    return std::nullopt;
  }
  return reason;
}

Reason Explainer::Colocation(const ReasonEvent& event, Visited& visited) {
  Reason reason;
  reason.cause = event.cause_id;
  const bool of_group = event.cause_id == "#group-members";
  if (of_group) {
    reason.cause = ConfiguredId(run_, run_.at(event.resource).parent);
    reason.text = "the group " + reason.cause + " keeps it with " + Name(event.via);
  } else if (event.cause_id.starts_with('#')) {
    reason.cause.clear();
    reason.text = "it belongs to " + Name(event.via);
  } else {
    reason.text = "colocation with " + Name(event.via);
  }
  reason.text += ", " + Whereabouts(event.via);
  if (!event.detail.empty()) reason.text += ": " + event.detail;
  if (visited.insert(event.via).second) reason.because = Placement(event.via, visited);
  return reason;
}

Reason Explainer::Wish(const ReasonEvent& event, NodeId node, Visited& visited) {
  Reason reason;
  reason.cause = event.cause_id;
  if (event.cause_id == "#group-members") reason.cause = ConfiguredId(run_, run_.at(event.via).parent);
  if (event.cause_id.starts_with('#') && event.cause_id != "#group-members") reason.cause.clear();
  const bool away = event.after < event.before;
  reason.text = Name(event.via) + ", which is to be with it, " + (away ? "is worse off here" : "is better off here");
  if (auto unavailable = Unavailable(node)) reason.because.push_back(std::move(*unavailable));
  // What it had there when it was asked. Those that are to be with it in turn are told by themselves.
  for (const ReasonEvent* own : reasons_[event.via.index()]) {
    if (std::less<>()(own, &event) && IsAboutNode(*own, node) && own->what != "colocation-dependent") {
      reason.because.push_back(Told(*own, node, visited));
    }
  }
  return reason;
}

// Why an instance may not have a place on a node that its clone has instances on, or may not use.
Reason Explainer::FullNode(const ReasonEvent& event, NodeId node, Visited& visited) {
  Reason reason;
  if (event.cause_id == "clone-max") {
    reason.text = "as many instances as clone-max allows have a place already";
    reason.cause = MetaOrigin(run_, event.resource, "clone-max");
    return reason;
  }
  ResourceId clone = event.resource;
  while (clone.valid() && !run_.at(clone).is_clone() && !run_.at(clone).is_bundle()) clone = run_.at(clone).parent;
  if (!clone.valid()) return reason;
  const solver::Cell* cell = run_.at(clone).row.Find(node);
  if (!cell || cell->score < Score()) {
    reason.text = "the clone " + Name(clone) + " may not run there";
    if (visited.insert(clone).second) reason.because = OnNode(clone, node, visited);
    return reason;
  }
  if (!solver::IsAvailable(run_, node)) {
    reason.text = "no instance may run there";
    return reason;
  }
  reason.text = "another instance of " + Name(clone) + " has the place there";
  reason.cause = MetaOrigin(run_, event.resource, "clone-node-max");
  return reason;
}

Reason Explainer::Told(const ReasonEvent& event, NodeId node, Visited& visited) {
  Reason reason;
  const std::string& what = event.what;
  if (what == "colocation") {
    reason = Colocation(event, visited);
  } else if (what == "colocation-dependent") {
    reason = Wish(event, node, visited);
  } else if (what == "instances") {
    reason = FullNode(event, node, visited);
  } else if (what == "location") {
    reason.cause = WrittenLocation(run_, event.cause_id);
    reason.text = "location constraint" + SeenBy(event.cause_id, node);
    if (event.cause_id.starts_with("cli-ban-")) reason.text = "banned by hand: " + event.cause_id;
    if (event.cause_id.starts_with("cli-prefer-")) reason.text = "moved by hand: " + event.cause_id;
    if (event.cause_id == run_.options.health_strategy_text) {
      reason.text = "health of the node";
      reason.cause = PropertyOrigin(run_, "node-health-strategy");
    }
  } else if (what == "stickiness") {
    reason.text = "stickiness: it runs there";
    reason.cause = MetaOrigin(run_, event.resource, "resource-stickiness");
  } else if (what == "failures") {
    reason.text = event.detail;
    reason.cause = MetaOrigin(run_, event.resource, "migration-threshold");
  } else if (what == "ticket") {
    const auto ticket = run_.tickets.find(event.detail);
    const bool standby = ticket != run_.tickets.end() && ticket->second.granted;
    reason.text = "the ticket " + event.detail + (standby ? " is in standby" : " is not granted");
    reason.cause = event.cause_id;
  } else if (what == "shutdown-lock") {
    reason.text = "locked to a node that is shutting down";
    reason.cause = PropertyOrigin(run_, "shutdown-lock");
  } else if (what == "target-role") {
    reason.cause = MetaOrigin(run_, event.resource, "target-role");
    reason.text = reason.cause.empty() ? "it is to be stopped" : "target-role is Stopped";
  } else if (what == "discovery") {
    reason.text = "only nodes with exclusive discovery may run it";
  } else if (what == "utilization") {
    reason.text = "not enough capacity: " + event.detail;
    reason.cause = UtilizationOrigin(run_, event.resource);
  } else if (what == "remote") {
    reason.text = event.cause_id.empty() ? "it may not run on a remote or guest node" : "it runs inside its guest only";
  } else if (what == "removed") {
    reason.text = "it is no longer in the configuration";
  } else if (what == "bundle") {
    reason.text = "it runs inside its container only";
  } else if (what == "promotion-score") {
    reason.text = "promotion score, set by its agent";
  } else {  // failed-operation
    reason.text = event.detail;
  }
  reason.amount = AmountOf(event.before, event.after);
  return reason;
}

std::vector<Reason> Explainer::OnNode(ResourceId resource, NodeId node, Visited& visited) {
  std::vector<Reason> reasons;
  // One failure may ban a node in several ways; scores that were added twice are told twice.
  const auto add = [&](Reason reason) {
    const auto same = [&](const Reason& known) { return known.text == reason.text && known.amount == reason.amount; };
    const bool told = reason.amount == "-INFINITY" && std::any_of(reasons.begin(), reasons.end(), same);
    if (!told) reasons.push_back(std::move(reason));
  };
  // What above holds for everything below was said first: history is read before anything is placed.
  for (ResourceId above = run_.at(resource).parent; above.valid(); above = run_.at(above).parent) {
    for (const ReasonEvent* event : reasons_[above.index()]) {
      if (HoldsForWhatIsBelow(*event) && IsAboutNode(*event, node)) add(Told(*event, node, visited));
    }
  }
  for (const ReasonEvent* event : reasons_[resource.index()]) {
    if (IsAboutNode(*event, node)) add(Told(*event, node, visited));
  }
  return reasons;
}

std::vector<NodeView> Explainer::Nodes(ResourceId primitive) {
  std::vector<solver::ChoiceCandidate> candidates;
  if (const solver::ChoiceEvent* choice = ChoiceOf(primitive)) {
    candidates = choice->candidates;
  } else {
    for (const NodeId node : run_.node_order) {
      const solver::Cell* cell = run_.at(primitive).row.Find(node);
      if (cell) candidates.push_back({node, cell->score, solver::IsAvailable(run_, node)});
    }
  }
  std::vector<NodeView> views;
  const auto add = [&](NodeId node, const solver::ChoiceCandidate* candidate) {
    NodeView view;
    view.node = Name(node);
    view.chosen = run_.at(primitive).node == node;
    if (candidate) {
      view.score = candidate->score.ToString();
      view.possible = solver::IsAvailableWithScore(run_, node, candidate->score);
    }
    if (const auto unavailable = Unavailable(node)) view.reasons.push_back(*unavailable);
    Visited visited = {primitive};
    for (Reason& reason : OnNode(primitive, node, visited)) view.reasons.push_back(std::move(reason));
    if (!candidate && view.reasons.empty()) {
      view.reasons.push_back({"no constraint allows it there", "", PropertyOrigin(run_, "symmetric-cluster"), {}});
    }
    views.push_back(std::move(view));
  };
  for (const auto& candidate : candidates) add(candidate.node, &candidate);
  for (const NodeId node : run_.node_order) {
    const bool known = std::any_of(candidates.begin(), candidates.end(), [&](const auto& c) { return c.node == node; });
    if (!known && !solver::IsBundleNode(run_, node)) add(node, nullptr);
  }
  std::stable_sort(views.begin(), views.end(), [](const NodeView& a, const NodeView& b) {
    return a.chosen != b.chosen ? a.chosen : a.possible && !b.possible;
  });
  return views;
}

// The one reason that rules a node out.
Reason Explainer::Verdict(ResourceId primitive, NodeId node, Visited& visited) {
  if (const auto unavailable = Unavailable(node)) return *unavailable;
  for (ResourceId id = primitive; id.valid(); id = run_.at(id).parent) {
    for (const ReasonEvent* event : reasons_[id.index()]) {
      if (id != primitive && !HoldsForWhatIsBelow(*event)) continue;
      if (IsAboutNode(*event, node) && event->after.is_minus_infinite()) return Told(*event, node, visited);
    }
  }
  const solver::Cell* cell = run_.at(primitive).row.Find(node);
  if (!cell) return {"no constraint allows it there", "", PropertyOrigin(run_, "symmetric-cluster"), {}};
  if (cell->score >= Score()) return {"nothing speaks against it", cell->score.ToString(), "", {}};
  Reason reason = {"its score is below zero", cell->score.ToString(), "", {}};
  reason.because = OnNode(primitive, node, visited);
  return reason;
}

}  // namespace picket::simulator::explain
