#include "solver/place/merge.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "solver/model/query.h"
#include "solver/place/attribute.h"
#include "solver/place/colocation.h"
#include "solver/place/kept_merge.h"
#include "solver/place/location.h"
#include "solver/place/neutral.h"
#include "solver/place/place.h"
#include "solver/place/rows.h"

namespace picket::solver::place {
namespace {

// The best score that a row has on nodes with a given value of the colocation's attribute (spec 03 §10.3.1).
class BestScores {
 public:
  BestScores(const Run& run, ResourceId source, const Colocation& colocation, const MergeMode& mode)
      : run_(run), source_(source), target_(mode.target), colocation_(colocation), row_(&run.at(source).row) {
    by_node_ = colocation.attribute == "#uname" && !LooksAtHosts(run, source) && !LooksAtHosts(run, target_);
    AddLocationsOfGroup();
  }

  Score At(NodeId node) const {
    if (by_node_ && KnowsItsName(run_, node)) {
      const Cell* cell = row_->Find(node);
      return cell && IsAvailable(run_, node) ? cell->score : Score::MinusInfinity();
    }
    const std::string* value = AttributeFor(run_, target_, node, colocation_.attribute, true);
    Score best = Score::MinusInfinity();
    ForEachCell(*row_, [&](NodeId candidate, const Cell& cell) {
      if (cell.score <= best || !IsAvailable(run_, candidate)) return;
      if (SameValue(AttributeFor(run_, source_, candidate, colocation_.attribute, true), value)) best = cell.score;
    });
    return best;
  }

 private:
  // A member after the first has got zeros from its group's location constraints; where the user colocates
  // that very member they count in full for the moment.
  void AddLocationsOfGroup() {
    const ResourceId group = run_.at(source_).parent;
    if (!run_.Behaves(Behaviour::kGroupLocationsForInnerDependent)) return;
    if (!colocation_.explicit_ || source_ != colocation_.dependent) return;
    if (!group.valid() || !run_.at(group).is_group()) return;
    if (run_.at(group).children.front() == source_ || run_.at(group).locations.empty()) return;
    with_locations_ = *row_;
    ApplyLocationsToRow(run_, group, source_, with_locations_);
    row_ = &with_locations_;
  }

  const Run& run_;
  const ResourceId source_;
  const ResourceId target_;
  const Colocation& colocation_;
  const Row* row_;
  Row with_locations_;
  bool by_node_ = false;
};

// A repelled dependent that is bad somewhere does not make that node good for its primary, unless the
// dependent can be nowhere else (spec 03 §10.3.2).
bool CountsDoubleNegative(const Run& run, const Colocation& colocation, Score score) {
  if (!run.Behaves(Behaviour::kDoubleNegativeException)) return false;
  if (run.at(colocation.primary).stickiness >= -score) return false;
  if (!HasInfluence(run, colocation, colocation.primary)) return false;
  int allowed = 0;
  ForEachCell(run.at(colocation.dependent).row, [&](NodeId, const Cell& cell) {
    if (cell.score >= Score()) ++allowed;
  });
  return allowed == 1;
}

// Spec 03 §10.3, for every entry of the working copy.
void AddScores(Run& run, ResourceId source, Row& work, ColocationId id, float factor, const MergeMode& mode) {
  const Colocation& colocation = run.at(id);
  const BestScores best(run, source, colocation, mode);
  ForEachCell(work, [&](NodeId node, Cell& cell) {
    const Score score = best.At(node);
    if (cell.unusable || IsSkipped(run, colocation, factor, score)) return;
    const Score merged = Attenuate(factor, score) + cell.score;
    if (mode.strict && merged < Score() && cell.score >= Score()) {
      if (cell.score > Score()) cell.unusable = true;
      return;
    }
    if (mode.record) {
      RecordReason(run, "colocation-dependent", mode.target, node, cell.score, merged, colocation.id, source);
    }
    cell.score = merged;
  });
}

// On behalf of `colocation`; without one in mode this-with.
void Recurse(Run& run, ResourceId source, Row& work, ColocationId colocation, float factor, const MergeMode& mode) {
  if (!mode.this_with && SkipNeutral(run, source, work, factor, mode.strict)) return;
  if (!mode.this_with && MergeKept(run, source, work, colocation, factor, mode)) return;
  MergeMode deeper = mode;
  deeper.active = true;
  // Before 2.1.6 a chain kept its first link's sign only (spec 07 A-2).
  if (!run.Behaves(Behaviour::kChainedColocationsAttenuated)) factor = factor < 0 ? -1.0f : 1.0f;
  for (const ColocationId id : mode.this_with ? ThisWith(run, source) : WithThis(run, source)) {
    const Colocation& colocation = run.at(id);
    if (!mode.this_with && !HasInfluence(run, colocation, colocation.primary)) continue;
    const ResourceId other = mode.this_with ? colocation.primary : colocation.dependent;
    MergeScores(run, other, work, id, Through(colocation, factor), deeper);
  }
}

void MakeUnusableOne(Row& row);

// A group before 2.1.6: its first member is merged, and then once more what depends on its last (spec 07
//
void MergeGroup(Run& run, ResourceId group, Row& row, ColocationId colocation, float factor, const MergeMode& mode) {
  const std::vector<ResourceId> members = run.at(group).children;
  Row work = CopyRow(run, row);
  MergeScores(run, members.front(), work, colocation, factor, mode);
  if (AnyUsable(run, work)) {
    Recurse(run, mode.this_with ? group : members.back(), work, colocation, factor, mode);
  } else if (mode.active) {
    return;
  }
  if (mode.strict) MakeUnusableOne(work);
  row = std::move(work);
}

void MakeUnusableOne(Row& row) {
  ForEachCell(row, [](NodeId, Cell& cell) {
    if (!cell.unusable) return;
    cell.unusable = false;
    cell.score = Score(1);
  });
}

bool MayMerge(Run& run, ColocationId colocation) {
  if (++run.merges < kMergeLimit) return true;
  if (run.merges == kMergeLimit) {
    RecordLog(run, LogLevel::kError,
              "Too many chains of colocations to follow: preferences from `" + run.at(colocation).id +
                  "` on are not taken into account");
  }
  return false;
}

}  // namespace

bool IsSkipped(const Run& run, const Colocation& colocation, float factor, Score score) {
  return factor < 0 && score < Score() && !CountsDoubleNegative(run, colocation, score);
}

void MergeScores(Run& run, ResourceId source, Row& row, ColocationId colocation, float factor, const MergeMode& mode) {
  if (run.at(source).merging || !MayMerge(run, colocation)) return;  // A loop of colocations ends here.
  const MergingMark mark(run, source);
  if (run.at(source).is_group()) {
    const std::vector<ResourceId> members = run.at(source).children;
    if (members.empty()) return;
    if (!run.Behaves(Behaviour::kGroupColocationsStay)) return MergeGroup(run, source, row, colocation, factor, mode);
    MergeScores(run, members.front(), row, colocation, factor, mode);
    return;
  }
  Row work = CopyRow(run, row);
  const size_t reasons = MarkReasons(run);
  AddScores(run, source, work, colocation, factor, mode);
  if (AnyUsable(run, work)) {
    Recurse(run, source, work, colocation, factor, mode);
  } else if (mode.active) {
    TakeBackReasons(run, reasons, mode.target);
    return;
  }
  if (mode.strict) MakeUnusableOne(work);
  row = std::move(work);
}

Row ExpectedRow(Run& run, ResourceId source) {
  const MergingMark mark(run, source);
  if (run.at(source).is_group() && !run.at(source).children.empty()) {
    Row work = ExpectedRow(run, run.at(source).children.back());
    if (run.Behaves(Behaviour::kGroupColocationsStay)) return work;
    const MergeMode mode{.target = source, .this_with = true, .record = false};
    if (AnyUsable(run, work)) Recurse(run, source, work, {}, 1.0f, mode);
    return work;
  }
  Row work = CopyRow(run, run.at(source).row);
  const MergeMode mode{.target = source, .this_with = true, .record = false};
  if (AnyUsable(run, work)) Recurse(run, source, work, {}, 1.0f, mode);
  return work;
}

void ApplyWithThis(Run& run, ResourceId resource, ColocationId id) {
  const Colocation& colocation = run.at(id);
  if (!HasInfluence(run, colocation, colocation.primary)) return;
  const MergeMode mode{.target = resource, .active = true, .strict = run.at(resource).is_clone()};
  MergeScores(run, colocation.dependent, run.at(resource).row, id, FactorOf(colocation), mode);
  ForgetNeutral(run, resource);
}

}  // namespace picket::solver::place
