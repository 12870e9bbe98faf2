// Promotion score attributes: which count, and what they add before assignment (spec 04 §9.1, §9.2).
#include <string>

#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/place/attribute.h"
#include "solver/place/promotion.h"
#include "solver/place/rows.h"

namespace picket::solver::place {
namespace {

// A copy of the same primitive as `of` that satisfies `test`, first in child order below its clone.
template <typename Test>
ResourceId FirstCopy(const Run& run, ResourceId of, Test test) {
  const std::string_view base = BaseName(run.at(of).id);
  ResourceId found;
  ForEachPrimitive(run, Top(run, of), [&](ResourceId id) {
    if (!found.valid() && BaseName(run.at(id).id) == base && test(id)) found = id;
  });
  return found;
}

// A score counts where the instance's state is known, or where nothing is known of it at all (spec 04 §9.1.1).
bool Counts(const Run& run, ResourceId id, NodeId node) {
  const Resource& resource = run.at(id);
  const Cell* cell = resource.row.Find(node);
  if (!cell || cell->score < Score()) return false;
  if (InAnonymousClone(run, id)) {
    const ResourceId active = FirstCopy(run, id, [&](ResourceId copy) { return IsActiveOn(run, copy, node); });
    if (active == id) return true;
    const auto known = [&](ResourceId copy) { return IsKnownOn(run, copy, node); };
    if (!active.valid() && FirstCopy(run, id, known).valid()) return true;
  }
  if (resource.active.empty() && resource.known_on.empty()) return true;
  return IsKnownOn(run, id, node) || IsActiveOn(run, id, node);
}

std::optional<Score> ScoreOfPrimitive(const Run& run, ResourceId id, NodeId node) {
  if (!Counts(run, id, node)) return std::nullopt;
  const Resource& resource = run.at(id);
  const bool next_host = resource.assigned && run.Behaves(Behaviour::kPromotionReadFromNextHost);
  const auto lookup = [&](std::string_view name) {
    return TargetedAttribute(run, id, node, "master-" + std::string(name), next_host);
  };
  const std::string* value = lookup(resource.history_id.empty() ? resource.id : resource.history_id);
  if (!value && InAnonymousClone(run, id)) value = lookup(BaseName(resource.id));
  if (!value) return std::nullopt;
  const Options& options = run.options;
  return ParseScore(*value, options.health_red, options.health_yellow, options.health_green).value_or(Score());
}

}  // namespace

std::optional<Score> PromotionScore(const Run& run, ResourceId id, NodeId node) {
  const Resource& resource = run.at(id);
  if (resource.is_primitive()) return ScoreOfPrimitive(run, id, node);
  bool set = false;
  int64_t sum = 0;
  for (const ResourceId member : resource.children) {
    const auto score = PromotionScore(run, member, node);
    if (!score) continue;
    set = true;
    sum += score->value();
  }
  return set ? std::optional<Score>(Score(sum)) : std::nullopt;
}

void AddPromotionScores(Run& run, ResourceId clone) {
  if (run.at(clone).clone->promotion_scores_added) return;
  run.at(clone).clone->promotion_scores_added = true;
  for (const ResourceId instance : run.at(clone).children) {
    ForEachCell(run.at(instance).row, [&](NodeId node, Cell& cell) {
      if (!IsAvailable(run, node)) return;
      const Score score = PromotionScore(run, instance, node).value_or(Score());
      if (score > Score()) SetScore(run, instance, node, cell, cell.score + score, "promotion-score", "");
      Resource& resource = run.at(instance);
      if (score.value() > resource.priority) resource.priority = score.value();
    });
  }
}

}  // namespace picket::solver::place
