#include "simulator/explain/moved.h"

#include <algorithm>
#include <set>

#include "simulator/explain/explainer.h"
#include "simulator/explain/origin.h"

namespace picket::simulator::explain {

using solver::ResourceId;

namespace {

bool Same(const Reason& a, const Reason& b) {
  return a.text == b.text && a.amount == b.amount && a.cause == b.cause;
}

std::vector<Reason> Without(const std::vector<Reason>& all, const std::vector<Reason>& known) {
  std::vector<Reason> rest;
  for (const Reason& reason : all) {
    const auto is_it = [&](const Reason& other) { return Same(reason, other); };
    if (std::none_of(known.begin(), known.end(), is_it)) rest.push_back(reason);
  }
  return rest;
}

const NodeView* Find(const PrimitiveView& view, const std::string& node) {
  for (const NodeView& known : view.nodes) {
    if (known.node == node) return &known;
  }
  return nullptr;
}

// `, restarted (due to required cache start)`, if that is what is done.
std::string RestartText(const PrimitiveView& view) {
  for (const char* word : {"restarted", "recovered"}) {
    if (!view.outcome.starts_with(std::string("is ") + word)) continue;
    const size_t reason = view.outcome.find(" (");
    return std::string(", ") + word + (reason == std::string::npos ? "" : view.outcome.substr(reason));
  }
  return "";
}

std::string WhereText(const PrimitiveView* view) {
  if (!view) return "unknown";
  if (!view->runs) return "nowhere";
  return "on " + view->node + (view->promoted ? ", promoted" : "") + RestartText(*view);
}

void CompareNode(const std::string& node, const PrimitiveView& before, const PrimitiveView& after, Move& move) {
  for (const NodeChange& known : move.nodes) {
    if (known.node == node) return;
  }
  const NodeView* old_view = Find(before, node);
  const NodeView* new_view = Find(after, node);
  NodeChange change;
  change.node = node;
  if (old_view) change.score_before = old_view->score;
  if (new_view) change.score_after = new_view->score;
  const std::vector<Reason> none;
  change.gone = Without(old_view ? old_view->reasons : none, new_view ? new_view->reasons : none);
  change.come = Without(new_view ? new_view->reasons : none, old_view ? old_view->reasons : none);
  const bool same = change.gone.empty() && change.come.empty() && change.score_before == change.score_after;
  if (!same) move.nodes.push_back(std::move(change));
}

// Primitives by instance id, those of the configuration and those that only a history knows.
std::vector<std::string> Names(const Situation& situation, std::string_view only) {
  std::vector<std::string> names;
  const Explainer explainer(situation);
  for (const solver::Resource& resource : situation.run.resources) {
    if (!resource.is_primitive()) continue;
    bool wanted = only.empty();
    for (ResourceId id = resource.self; id.valid(); id = situation.run.at(id).parent) {
      wanted = wanted || ConfiguredId(situation.run, id) == only || situation.run.at(id).id == only;
    }
    if (wanted) names.push_back(resource.id);
  }
  return names;
}

}  // namespace

std::vector<Move> FindMoves(const Situation& before, const Situation& after, std::string_view only) {
  std::vector<std::string> names = Names(before, only);
  for (std::string& name : Names(after, only)) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  Explainer old_cluster(before);
  Explainer new_cluster(after);
  const auto view_of = [](Explainer& explainer, const std::string& name) -> std::optional<PrimitiveView> {
    for (const ResourceId id : explainer.Find(name)) {
      for (const ResourceId part : explainer.PrimitivesOf(id)) return explainer.View(part);
    }
    return std::nullopt;
  };
  std::vector<Move> moves;
  for (const std::string& name : names) {
    const auto old_view = view_of(old_cluster, name);
    const auto new_view = view_of(new_cluster, name);
    Move move;
    move.resource = name;
    move.before = WhereText(old_view ? &*old_view : nullptr);
    move.after = WhereText(new_view ? &*new_view : nullptr);
    if (move.before == move.after) continue;
    if (old_view) move.decided_before = old_view->decisions;
    if (new_view) move.decided_after = new_view->decisions;
    if (old_view && new_view) {
      for (const std::string& node : {old_view->node, new_view->node}) {
        if (!node.empty()) CompareNode(node, *old_view, *new_view, move);
      }
      for (const NodeView& node : new_view->nodes) CompareNode(node.node, *old_view, *new_view, move);
    }
    moves.push_back(std::move(move));
  }
  return moves;
}

}  // namespace picket::simulator::explain
