// Merging: what a dependent prefers becomes part of its primary's scores (spec 03 §10).
//
// A merge visits paths of colocations, not resources: every step works on a copy that it may drop, and sums saturate.
// Layers of resources that are colocated across make exponentially many paths. Most are never walked (neutral.h,
// kept_merge.h). For the others there is a limit for one run: beyond it nothing more is merged, and an error names the
// colocation. Cost: paths × nodes.
#pragma once

#include <cstdint>

#include "solver/model/run.h"

namespace picket::solver::place {

// Steps of one run; a chain of a thousand resources takes half a million.
inline constexpr int64_t kMergeLimit = 10'000'000;

struct MergeMode {
  ResourceId target;       // on whose behalf: node attributes are looked up for it
  bool active = false;     // drop what leaves no usable node
  bool strict = false;     // never below zero ("non-negative")
  bool this_with = false;  // recurse over this-with lists (the comparison of spec 03 §7.1)
  bool record = true;      // record reasons; comparisons only try
};

// Marks a resource as being merged while it lives: a loop of colocations ends there.
class MergingMark {
 public:
  MergingMark(Run& run, ResourceId resource) : run_(run), resource_(resource) { run_.at(resource_).merging = true; }
  ~MergingMark() { run_.at(resource_).merging = false; }
  MergingMark(const MergingMark&) = delete;
  MergingMark& operator=(const MergingMark&) = delete;

 private:
  Run& run_;
  ResourceId resource_;
};

inline float FactorOf(const Colocation& colocation) {
  return static_cast<float>(colocation.score.value()) / static_cast<float>(Score::kInfinityValue);
}

// The factor behind one more colocation: left to right in single precision (spec 03 §10.2.4).
inline float Through(const Colocation& colocation, float factor) {
  return factor * static_cast<float>(colocation.score.value()) / static_cast<float>(Score::kInfinityValue);
}

// Whether the dependent's score on a node is left out since both signs are negative (spec 03 §10.3.2).
bool IsSkipped(const Run& run, const Colocation& colocation, float factor, Score score);

// Merges the scores of `source` into `row`.
void MergeScores(Run& run, ResourceId source, Row& row, ColocationId colocation, float factor, const MergeMode& mode);

// The initial call of spec 03 §7.1: a copy of the source's own row with what its this-with colocations add.
Row ExpectedRow(Run& run, ResourceId source);

// The dependent of `colocation`, seen from `resource`, the one that is being placed (spec 03 §10.1).
void ApplyWithThis(Run& run, ResourceId resource, ColocationId colocation);

}  // namespace picket::solver::place
