#include "solver/place/neutral.h"

#include <algorithm>
#include <utility>

#include "solver/model/query.h"
#include "solver/place/attribute.h"
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

// What a merge does for this colocation is more than looking at the row of one resource: by an attribute,
// from inside a bundle, from a group whose location constraints come back (merge.cc). And the rows of
// instances change on trial.
bool IsSimple(const Run& run, const Colocation& colocation) {
  const Resource& dependent = run.at(colocation.dependent);
  if (colocation.attribute != "#uname" || dependent.is_bundle() || LooksAtHosts(run, dependent.self)) return false;
  const ResourceId top = TopWithBundle(run, dependent.self);
  if (top != dependent.self && !run.at(top).is_group()) return false;
  return !(colocation.explicit_ && dependent.parent.valid() && run.at(dependent.parent).is_group());
}

// The resource whose row counts for a dependent: of a group the first member's.
ResourceId Speaker(const Run& run, ResourceId dependent) {
  const Resource& resource = run.at(dependent);
  return resource.is_group() && !resource.children.empty() ? resource.children.front() : dependent;
}

Below& At(Run& run, ResourceId id) {
  return run.below[id.index()];
}

void Ask(Run& run, ResourceId source);

// Adds what one colocation brings to the answer for `source`. Gives whether it is neutral.
bool Take(Run& run, ResourceId source, const Colocation& colocation) {
  if (!HasInfluence(run, colocation, colocation.primary)) return true;
  const ResourceId speaker = Speaker(run, colocation.dependent);
  // Whatever the answer is, it rests on these rows.
  for (const ResourceId id : {speaker, colocation.dependent}) {
    std::vector<ResourceId>& asked_for = At(run, id).asked_for;
    if (asked_for.empty() || asked_for.back() != source) asked_for.push_back(source);
  }
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
  const bool understood = run.Behaves(Behaviour::kGroupColocationsStay) &&
                          run.Behaves(Behaviour::kInstanceColocationsComputed) &&
                          run.Behaves(Behaviour::kChainedColocationsAttenuated);
  if (run.below.empty() || !understood || factor == 0) return false;
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

void ForgetNeutral(Run& run, ResourceId resource) {
  if (run.below.empty()) return;
  std::vector<ResourceId> changed{resource};
  while (!changed.empty()) {
    const std::vector<ResourceId> asked_for = std::exchange(At(run, changed.back()).asked_for, {});
    changed.pop_back();
    for (const ResourceId id : asked_for) {
      At(run, id).state = Below::State::kUnknown;
      changed.push_back(id);
    }
  }
}

void ForgetAllNeutral(Run& run) {
  if (!run.below.empty()) run.below.assign(run.resources.size(), Below());
}

}  // namespace picket::solver::place
