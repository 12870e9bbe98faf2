#include "solver/place/kept_merge.h"

#include <algorithm>
#include <utility>

#include "solver/model/query.h"
#include "solver/place/attribute.h"
#include "solver/place/below.h"
#include "solver/place/colocation.h"
#include "solver/place/place.h"
#include "solver/place/rows.h"

namespace picket::solver::place {
namespace {

// So much is kept for one run: 16 MiB. Beyond it merges are walked.
constexpr size_t kMostChanges = size_t{1} << 20;
// Reasons of so many steps are told one by one.
constexpr double kStepsTold = 1000;

// Whether the same is below `source` whoever asks: dependents that are simple, and no loop.
bool IsAlwaysSame(Run& run, ResourceId source) {
  Below& below = run.below[source.index()];
  if (below.kept != Below::Kept::kUnknown) return below.kept == Below::Kept::kYes;
  below.kept = Below::Kept::kNo;  // what a loop meets
  const auto simple = [&](ColocationId id) {
    const Colocation& colocation = run.at(id);
    return IsSimple(run, colocation) && IsAlwaysSame(run, Speaker(run, colocation.dependent));
  };
  const std::vector<ColocationId> list = WithThis(run, source);
  const bool same = IsSimple(run, source) && std::all_of(list.begin(), list.end(), simple);
  below.kept = same ? Below::Kept::kYes : Below::Kept::kNo;
  return same;
}

// One step of a merge: the scores of a dependent (spec 03 §10.3).
std::vector<ScoreChange> StepOf(const Run& run, const Colocation& colocation, float factor) {
  std::vector<ScoreChange> changes(run.nodes.size());
  const Row& row = run.at(Speaker(run, colocation.dependent)).row;
  for (size_t i = 0; i < changes.size(); ++i) {
    const Cell* cell = row.Find(NodeId(i));
    const Score score = cell && IsAvailable(run, NodeId(i)) ? cell->score : Score::MinusInfinity();
    if (!IsSkipped(run, colocation, factor, score)) changes[i].Then(Attenuate(factor, score));
    changes[i].MustNotBeNegative();
  }
  return changes;
}

void Append(std::vector<ScoreChange>& changes, const std::vector<ScoreChange>& next) {
  for (size_t i = 0; i < next.size(); ++i) changes[i].Then(next[i]);
}

bool HasRoom(Run& run) {
  run.kept_changes += run.nodes.size();
  return run.kept_changes <= kMostChanges;
}

KeptMerge* Keep(Run& run, ResourceId source, float factor);

// Adds what lies behind one colocation to what is below `source`, without a step that is dropped. False: no room.
bool AddBehind(Run& run, ResourceId source, const Colocation& colocation, float factor, KeptMerge& merge) {
  RestOn(run, source, colocation);
  const KeptMerge* below = Keep(run, Speaker(run, colocation.dependent), factor);
  if (!below) return false;
  const std::vector<ScoreChange> step = StepOf(run, colocation, factor);
  Append(merge.changes, step);
  Append(merge.changes, below->changes);
  for (size_t i = 0; i < step.size(); ++i) {
    const Score gained = std::max(Score(), step[i].After(Score()));
    merge.gains[i] += gained + (below->gains.empty() ? Score() : below->gains[i]);
  }
  merge.steps += 1 + below->steps;
  return true;
}

// What is kept of a resource that IsAlwaysSame(); null if there is no room.
KeptMerge* Keep(Run& run, ResourceId source, float factor) {
  std::vector<KeptMerge>& known = run.below[source.index()].merges;
  const auto same = [factor](const KeptMerge& merge) { return merge.factor == factor; };
  const auto found = std::find_if(known.begin(), known.end(), same);
  if (found != known.end()) return &*found;
  KeptMerge merge;
  merge.factor = factor;
  const std::vector<ColocationId> list = WithThis(run, source);
  if (!list.empty()) {
    if (!HasRoom(run)) return nullptr;
    merge.changes.resize(run.nodes.size());
    merge.gains.resize(run.nodes.size());
  }
  for (const ColocationId id : list) {
    const Colocation& colocation = run.at(id);
    if (!HasInfluence(run, colocation, colocation.primary)) continue;
    if (!AddBehind(run, source, colocation, Through(colocation, factor), merge)) return nullptr;
  }
  known.push_back(std::move(merge));
  return &known.back();
}

// One node stays usable at every step, so that no step is dropped.
bool NothingIsDropped(const Run& run, const Row& work, const KeptMerge& merge) {
  bool holds = merge.changes.empty();
  ForEachCell(work, [&](NodeId node, const Cell& cell) {
    holds = holds || (IsAvailable(run, node) && merge.changes[node.index()].HoldsFor(cell.score));
  });
  return holds;
}

// What decides which steps are dropped: the scores of the nodes that may be usable at some step. Whatever the others
// have, they are not.
std::vector<Score> Deciding(const Run& run, const Row& work, const KeptMerge& merge) {
  std::vector<Score> scores(run.nodes.size(), Score::MinusInfinity());
  ForEachCell(work, [&](NodeId node, const Cell& cell) {
    const bool may_be_usable = IsAvailable(run, node) && cell.score + merge.gains[node.index()] >= Score();
    if (may_be_usable) scores[node.index()] = cell.score;
  });
  return scores;
}

void Apply(Row& work, const std::vector<ScoreChange>& changes) {
  if (changes.empty()) return;
  ForEachCell(work, [&](NodeId node, Cell& cell) { cell.score = changes[node.index()].After(cell.score); });
}

// Follows what is below `source` into `work`, and gives what that did to it; null if there is no room.
const std::vector<ScoreChange>* Follow(Run& run, ResourceId source, KeptMerge& merge, Row& work) {
  if (NothingIsDropped(run, work, merge)) {
    Apply(work, merge.changes);
    return &merge.changes;
  }
  std::vector<Score> deciding = Deciding(run, work, merge);
  const auto found = merge.with_drops.find(deciding);
  if (found != merge.with_drops.end()) {
    Apply(work, found->second);
    return &found->second;
  }
  if (!HasRoom(run)) return nullptr;
  std::vector<ScoreChange> changes(run.nodes.size());
  for (const ColocationId id : WithThis(run, source)) {
    const Colocation& colocation = run.at(id);
    if (!HasInfluence(run, colocation, colocation.primary)) continue;
    const float factor = Through(colocation, merge.factor);
    const std::vector<ScoreChange> step = StepOf(run, colocation, factor);
    Row next = work;
    Apply(next, step);
    if (!AnyUsable(run, next)) continue;
    work = std::move(next);
    Append(changes, step);
    const ResourceId speaker = Speaker(run, colocation.dependent);
    KeptMerge* below = Keep(run, speaker, factor);
    const std::vector<ScoreChange>* rest = below ? Follow(run, speaker, *below, work) : nullptr;
    if (!rest) return nullptr;
    Append(changes, *rest);
  }
  return &merge.with_drops.emplace(std::move(deciding), std::move(changes)).first->second;
}

// Every node is asked for by its name alone; and once more copied, the table has the same order (spec 03 §1.6.6).
bool IsPlain(const Run& run, const Row& work) {
  bool all_named = true;
  ForEachCell(work, [&](NodeId node, const Cell&) { all_named = all_named && KnowsItsName(run, node); });
  return all_named && (run.options.placement == Strategy::kDefault || TableOrder(run, work) == work.inserted);
}

}  // namespace

bool MergeKept(Run& run, ResourceId source, Row& work, ColocationId id, float factor, const MergeMode& mode) {
  if (mode.strict || !UnderstandsBelow(run) || factor == 0 || run.kept_changes > kMostChanges) return false;
  if (LooksAtHosts(run, mode.target) || !IsPlain(run, work) || !IsAlwaysSame(run, source)) return false;
  KeptMerge* merge = Keep(run, source, factor);
  if (!merge) return false;
  const bool told = WantsReasons(run) && mode.record;
  if (told && merge->steps <= kStepsTold) return false;
  Row after = work;
  if (!Follow(run, source, *merge, after)) return false;
  if (told) {
    ForEachCell(work, [&](NodeId node, Cell& cell) {
      RecordReason(run, "colocation-dependent", mode.target, node, cell.score, after.Find(node)->score, run.at(id).id,
                   source);
    });
  }
  work = std::move(after);
  return true;
}

}  // namespace picket::solver::place
