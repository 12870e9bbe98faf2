// What a series of additions makes of a score, whatever the score was before (spec 03 §1.2).
//
// Sums saturate, so additions can be neither exchanged nor added up. But every series comes to the same three cases: a
// score below one bound is lost (minus infinity), a score above another bound is infinity, and what lies between is
// shifted. Two series one after the other are again such a case, so that any number of additions takes four numbers.
// Costs: everything here is a few instructions.
#pragma once

#include "solver/model/score.h"

namespace picket::solver {

class ScoreChange {
 public:
  // Adds one score more, or a whole series.
  void Then(Score added);
  void Then(const ScoreChange& next);
  // From here on HoldsFor() asks whether the score is at least zero at this point.
  void MustNotBeNegative();

  Score After(Score before) const;
  // Whether a score that was `before` is nowhere negative where it must not be.
  bool HoldsFor(Score before) const { return before.value() >= needed_; }
  bool ChangesNothing() const { return lost_below_ == kLeast && infinite_above_ == kMost && shift_ == 0; }

 private:
  static constexpr int32_t kInfinity = Score::kInfinityValue;
  static constexpr int32_t kLeast = 1 - kInfinity;  // of the finite scores
  static constexpr int32_t kMost = kInfinity - 1;

  // The least score that comes to `wanted` or more; above infinity if none does.
  int32_t LeastFor(int32_t wanted) const;

  // lost_below_ <= infinite_above_ + 1. Above infinity: every score is lost.
  int32_t lost_below_ = kLeast;
  int32_t infinite_above_ = kMost;
  int32_t shift_ = 0;
  int32_t needed_ = -kInfinity;
};

}  // namespace picket::solver
