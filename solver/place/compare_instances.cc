// The order of instances before they are distributed (spec 04 §4.2).
#include <charconv>
#include <cstdlib>
#include <string_view>

#include "solver/model/query.h"
#include "solver/place/colocation.h"
#include "solver/place/instances.h"
#include "solver/place/merge.h"
#include "solver/place/place.h"
#include "solver/place/rows.h"

namespace picket::solver::place {
namespace {

// What the instance's colocations make of its current node, starting from the node's own score (spec 04 §4.2.1).
Score ColocatedScore(Run& run, ResourceId id, NodeId node) {
  Row row;
  row.FindOrCreate(node, run.at(node).base_score, run.at(node).probe_mode);
  // Before 2.1.6 an instance has none of its own yet: those of the collective are looked at (spec 07 B-1).
  const bool own = run.Behaves(Behaviour::kInstanceColocationsComputed);
  const ResourceId holder = own ? id : run.at(id).parent;
  for (const ColocationId c : ThisWith(run, holder)) {
    const MergeMode mode{.target = id, .record = false};
    MergeScores(run, run.at(c).primary, row, c, FactorOf(run.at(c)), mode);
  }
  for (const ColocationId c : WithThis(run, holder)) {
    if (!HasInfluence(run, run.at(c), id)) continue;
    const MergeMode mode{.target = id, .strict = true, .record = false};
    MergeScores(run, run.at(c).dependent, row, c, FactorOf(run.at(c)), mode);
  }
  return row.Find(node)->score;
}

// The number behind the last `:`, for containers behind the last `-`.
int NumberOf(const Run& run, ResourceId id) {
  const std::string_view text = run.at(id).id;
  const size_t at = text.rfind(IsContainer(run, id) ? '-' : ':');
  int number = -1;
  if (at != std::string_view::npos) std::from_chars(text.data() + at + 1, text.data() + text.size(), number);
  return number;
}

// The instance as the comparison sees it: a node that is not allowed is no node.
struct Seen {
  ResourceId id;
  NodeId node;
  bool misplaced = false;
};

Seen See(const Run& run, ResourceId id) {
  Seen seen{id, CurrentNode(run, id)};
  if (!seen.node.valid()) return seen;
  const Cell* cell = run.at(id).row.Find(seen.node);
  if (cell && cell->score >= Score()) return seen;
  return {id, NodeId(), true};
}

int First(bool a, bool b) {
  return a == b ? 0 : (a ? -1 : 1);
}

// Steps 5 to 10, for two instances that both have a node.
int CompareByNode(Run& run, const Seen& a, const Seen& b) {
  if (const int order = First(IsAvailable(run, a.node), IsAvailable(run, b.node))) return order;
  const auto in_parent = [&run](const Seen& seen) { return run.at(run.at(seen.id).parent).row.Find(seen.node); };
  const Cell* cell_a = in_parent(a);
  const Cell* cell_b = in_parent(b);
  if (!cell_a && !cell_b) return 0;
  if (!cell_a || !cell_b) return cell_a ? -1 : 1;
  if (cell_a->count != cell_b->count) return cell_a->count < cell_b->count ? -1 : 1;
  if (const int order = First(!AnyFailed(run, a.id), !AnyFailed(run, b.id))) return order;
  const Score score_a = ColocatedScore(run, a.id, a.node);
  const Score score_b = ColocatedScore(run, b.id, b.node);
  if (score_a != score_b) return score_a > score_b ? -1 : 1;
  const int number_a = NumberOf(run, a.id);
  const int number_b = NumberOf(run, b.id);
  return number_a == number_b ? 0 : (number_a < number_b ? -1 : 1);
}

}  // namespace

int CompareInstances(Run& run, ResourceId a, ResourceId b) {
  const int active_a = CountActive(run, a).all;
  const int active_b = CountActive(run, b).all;
  if (active_a > 0 && active_b > 0 && active_a != active_b) return active_a < active_b ? -1 : 1;
  const Seen seen_a = See(run, a);
  const Seen seen_b = See(run, b);
  if (const int order = First(!seen_a.misplaced, !seen_b.misplaced)) return order;
  if (run.at(a).priority != run.at(b).priority) return run.at(a).priority > run.at(b).priority ? -1 : 1;
  if (!seen_a.node.valid() || !seen_b.node.valid()) return First(seen_a.node.valid(), seen_b.node.valid());
  return CompareByNode(run, seen_a, seen_b);
}

}  // namespace picket::solver::place
