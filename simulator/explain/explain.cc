#include "simulator/explain/explain.h"

#include <algorithm>

#include "simulator/explain/explainer.h"
#include "simulator/explain/origin.h"

namespace picket::simulator::explain {

using solver::NodeId;
using solver::ResourceId;

Explainer::Explainer(const Situation& situation)
    : situation_(situation),
      run_(situation.run),
      reasons_(run_.resources.size()),
      choices_(run_.resources.size()),
      roles_(run_.resources.size()) {
  for (const solver::Event& event : situation.recorder.events()) {
    if (const auto* reason = std::get_if<solver::ReasonEvent>(&event)) {
      reasons_[reason->resource.index()].push_back(reason);
    } else if (const auto* choice = std::get_if<solver::ChoiceEvent>(&event)) {
      if (!choice->taken_back) choices_[choice->resource.index()] = choice;
    } else if (const auto* role = std::get_if<solver::RoleEvent>(&event)) {
      roles_[role->instance.index()] = role;
    }
  }
}

const solver::ChoiceEvent* Explainer::ChoiceOf(ResourceId primitive) const {
  return choices_[primitive.index()];
}

// What carries the name: one resource, or all instances of it. Outermost only.
std::vector<ResourceId> Explainer::Find(std::string_view id) const {
  std::vector<ResourceId> found;
  const auto search = [&](const auto& self, ResourceId resource) -> void {
    if (run_.at(resource).id == id || ConfiguredId(run_, resource) == id) {
      found.push_back(resource);
      return;
    }
    for (const ResourceId child : run_.at(resource).children) self(self, child);
  };
  for (const ResourceId top : run_.top_level) search(search, top);
  return found;
}

std::vector<ResourceId> Explainer::PrimitivesOf(ResourceId resource) const {
  std::vector<ResourceId> primitives;
  solver::ForEachPrimitive(run_, resource, [&](ResourceId id) { primitives.push_back(id); });
  return primitives;
}

std::string Explainer::NowOf(ResourceId primitive) const {
  const solver::Resource& resource = run_.at(primitive);
  if (resource.active.empty()) return "Stopped";
  std::string nodes;
  for (const NodeId node : resource.active) nodes += (nodes.empty() ? "" : ", ") + Name(node);
  const bool shown_unpromoted = solver::IsRoleShownAsUnpromoted(run_, primitive);
  const auto role = shown_unpromoted ? solver::Role::kUnpromoted : resource.role;
  return std::string(solver::RoleName(role)) + " on " + nodes;
}

std::string Explainer::OutcomeOf(ResourceId primitive) const {
  const solver::Resource& resource = run_.at(primitive);
  if (const std::string node = HeldUpBy(primitive); !node.empty()) return "waits until " + node + " is known to be off";
  const std::string at = resource.node.valid() ? " on " + Name(resource.node) : "";
  for (const solver::ResourceSummary& line : situation_.transition.summary.resources) {
    if (line.resource != primitive) continue;
    const std::string from = line.from.valid() ? Name(line.from) : "";
    const std::string to = line.to.valid() ? Name(line.to) : "";
    std::string text;
    if (line.change == "Start") {
      text = (Runs(primitive) ? "starts on " : "would start on ") + to;
    } else if (line.change == "Stop") {
      text = "is stopped on " + from;
    } else if (line.change == "Move" || line.change == "Migrate") {
      text = (line.change == "Move" ? "moves from " : "migrates live from ") + from + " to " + to;
    } else if (line.change == "Restart" || line.change == "Recover") {
      text = (line.change == "Restart" ? "is restarted" : "is recovered") + at;
    } else if (line.change == "Promote" || line.change == "Demote") {
      text = (line.change == "Promote" ? "is promoted" : "is demoted") + at;
    } else {
      text = line.change + at;
    }
    if (line.change != "Promote" && resource.next_role == solver::Role::kPromoted) text += ", promoted";
    return line.reason.empty() ? text : text + " (" + line.reason + ")";
  }
  if (!resource.node.valid()) return resource.active.empty() ? "does not run" : "is left as it is";
  if (!Runs(primitive)) return "does not run";
  const bool promoted = resource.next_role == solver::Role::kPromoted;
  return (resource.managed ? "stays on " : "is left on ") + Name(resource.node) + (promoted ? ", promoted" : "");
}

PrimitiveView Explainer::View(ResourceId primitive) {
  PrimitiveView view;
  const solver::Resource& resource = run_.at(primitive);
  view.resource = resource.id;
  view.now = NowOf(primitive);
  view.outcome = OutcomeOf(primitive);
  view.runs = Runs(primitive);
  if (resource.node.valid()) view.node = Name(resource.node);
  view.promoted = view.runs && resource.next_role == solver::Role::kPromoted;
  Visited visited = {primitive};
  view.decisions = Decisions(primitive, visited);
  view.nodes = Nodes(primitive);
  return view;
}

namespace {

const char* KindOf(const solver::Resource& resource) {
  switch (resource.variant) {
    case solver::Variant::kPrimitive:
      return "primitive";
    case solver::Variant::kGroup:
      return "group";
    case solver::Variant::kClone:
      return "clone";
    case solver::Variant::kBundle:
      return "bundle";
  }
  return "";
}

// A group runs if all of it does, a clone if one instance does, of a bundle its containers count.
bool RunsWhole(const Explainer& explainer, const solver::Run& run, ResourceId id) {
  const solver::Resource& resource = run.at(id);
  const auto runs = [&](ResourceId child) { return RunsWhole(explainer, run, child); };
  switch (resource.variant) {
    case solver::Variant::kPrimitive:
      return explainer.Runs(id);
    case solver::Variant::kGroup:
      return std::all_of(resource.children.begin(), resource.children.end(), runs);
    case solver::Variant::kClone:
      return std::any_of(resource.children.begin(), resource.children.end(), runs);
    case solver::Variant::kBundle: {
      const std::vector<ResourceId> containers = solver::Instances(run, id);
      return std::any_of(containers.begin(), containers.end(), runs);
    }
  }
  return false;
}

void Collect(const std::vector<solver::ResourceDef>& defs, std::vector<std::string>& ids) {
  for (const solver::ResourceDef& def : defs) {
    ids.push_back(def.id);
    Collect(def.children, ids);
  }
}

}  // namespace

std::optional<Explanation> Explain(const Situation& situation, std::string_view id) {
  Explainer explainer(situation);
  const std::vector<ResourceId> found = explainer.Find(id);
  if (found.empty()) return std::nullopt;
  Explanation explanation;
  explanation.decided_as = situation.run.cluster->target.name();
  explanation.resource = std::string(id);
  explanation.kind = KindOf(situation.run.at(found.front()));
  explanation.circumstances = explainer.Circumstances();
  ResourceId missing;
  for (const ResourceId resource : found) {
    explanation.runs = explanation.runs || RunsWhole(explainer, situation.run, resource);
    std::vector<ResourceId> parts = explainer.PrimitivesOf(resource);
    // Instances in the order of their numbers, not in that of their roles.
    if (situation.run.at(resource).is_clone()) {
      std::stable_sort(parts.begin(), parts.end(), [&](ResourceId a, ResourceId b) { return a.value < b.value; });
    }
    for (const ResourceId part : parts) {
      if (!missing.valid() && !explainer.Runs(part)) missing = part;
      explanation.parts.push_back(explainer.View(part));
    }
  }
  if (explanation.runs || !missing.valid()) return explanation;
  explanation.held_up_by = explainer.HeldUpBy(missing);
  explanation.first_cause = explainer.FirstCause(missing);
  return explanation;
}

bool Runs(const Situation& situation, std::string_view id) {
  const Explainer explainer(situation);
  const std::vector<ResourceId> found = explainer.Find(id);
  return std::any_of(found.begin(), found.end(),
                     [&](ResourceId resource) { return RunsWhole(explainer, situation.run, resource); });
}

std::vector<std::string> ResourceIds(const solver::Cluster& cluster) {
  std::vector<std::string> ids;
  Collect(cluster.resources, ids);
  return ids;
}

}  // namespace picket::simulator::explain
