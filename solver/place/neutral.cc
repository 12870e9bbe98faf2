#include "solver/place/neutral.h"

#include <algorithm>

#include "solver/model/query.h"
#include "solver/place/attribute.h"
#include "solver/place/below.h"
#include "solver/place/colocation.h"
#include "solver/place/place.h"
#include "solver/place/rows.h"

namespace picket::solver::place {
namespace {

// A zero for every node that is available, and more than one node allowed: else what a repelled dependent
// dislikes may count after all (spec 03 §10.3.2).
bool IsAllZero(const Run& run, ResourceId id) {
  const Row& row = run.at(id).row;
  int allowed = 0;
  for (size_t i = 0; i < run.nodes.size(); ++i) {
    const Cell* cell = row.Find(NodeId(i));
    if (cell && cell->score >= Score()) ++allowed;
    if (IsAvailable(run, NodeId(i)) && (!cell || cell->score != Score())) return false;
  }
  return allowed > 1;
}

Below& At(Run& run, ResourceId id) {
  return run.below[id.index()];
}

void Ask(Run& run, ResourceId source);

// Adds what one colocation brings to the answer for `source`. Gives whether it is neutral.
bool Take(Run& run, ResourceId source, const Colocation& colocation) {
  if (!HasInfluence(run, colocation, colocation.primary)) return true;
  const ResourceId speaker = Speaker(run, colocation.dependent);
  RestOn(run, source, colocation);
  if (!IsSimple(run, colocation) || colocation.score == Score()) return false;
  if (!IsAllZero(run, speaker) || !IsAllZero(run, colocation.dependent)) return false;
  Ask(run, speaker);
  const Below& deeper = At(run, speaker);
  if (deeper.state != Below::State::kNeutral) return false;
  const bool attracts = colocation.score > Score();
  Below& below = At(run, source);
  below.attracts = below.attracts || attracts || deeper.repels;
  below.repels = below.repels || !attracts || deeper.repels;
  below.mandatory = below.mandatory && deeper.mandatory && IsMandatory(colocation);
  return true;
}

// A loop of colocations meets a resource that is being asked, which is not neutral, and so nothing in the
// loop is.
void Ask(Run& run, ResourceId source) {
  if (At(run, source).state != Below::State::kUnknown) return;
  Below& mine = At(run, source);
  mine.state = Below::State::kAsking;
  mine.attracts = mine.repels = false;
  mine.mandatory = true;
  const std::vector<ColocationId> list = WithThis(run, source);
  const bool neutral =
      std::all_of(list.begin(), list.end(), [&](ColocationId id) { return Take(run, source, Colocation(run.at(id))); });
  At(run, source).state = neutral ? Below::State::kNeutral : Below::State::kOther;
}

// What lies at minus infinity for everything below: the nodes that are not available (spec 03 §10.3.1).
void LoseUnavailable(const Run& run, Row& work, bool strict) {
  ForEachCell(work, [&](NodeId node, Cell& cell) {
    if (IsAvailable(run, node) || cell.unusable) return;
    if (!strict || cell.score < Score()) {
      cell.score = Score::MinusInfinity();
    } else if (cell.score > Score()) {
      cell.unusable = true;
    }
  });
}

}  // namespace

bool SkipNeutral(Run& run, ResourceId source, Row& work, float factor, bool strict) {
  if (!UnderstandsBelow(run) || factor == 0) return false;
  Ask(run, source);
  const Below& below = At(run, source);
  if (below.state != Below::State::kNeutral) return false;
  // What counts with a negative factor says nothing about nodes that it cannot use.
  if (!(factor > 0 ? below.attracts : below.repels)) return true;
  bool all_available = true;
  bool all_named = true;
  ForEachCell(work, [&](NodeId node, Cell&) {
    all_available = all_available && IsAvailable(run, node);
    all_named = all_named && KnowsItsName(run, node);
  });
  if (all_available) return true;
  if (!all_named) return false;
  if (!below.mandatory || (factor != 1 && factor != -1) || WantsReasons(run)) return false;
  LoseUnavailable(run, work, strict);
  return true;
}

}  // namespace picket::solver::place
