#include "solver/model/score_change.h"

#include <algorithm>

namespace picket::solver {

void ScoreChange::Then(Score added) {
  ScoreChange next;
  if (added.is_minus_infinite()) {
    next.lost_below_ = kInfinity + 1;
    next.infinite_above_ = kInfinity;
  } else if (added.is_infinite()) {
    next.infinite_above_ = kLeast - 1;
  } else {
    next.lost_below_ = std::max(kLeast, kLeast - added.value());
    next.infinite_above_ = std::min(kMost, kMost - added.value());
    next.shift_ = added.value();
  }
  Then(next);
}

void ScoreChange::Then(const ScoreChange& next) {
  needed_ = std::max(needed_, LeastFor(next.needed_));
  if (next.lost_below_ > kInfinity) {
    lost_below_ = kInfinity + 1;
    infinite_above_ = kInfinity;
  } else {
    const int32_t last = infinite_above_;
    lost_below_ = std::clamp(next.lost_below_ - shift_, lost_below_, last + 1);
    infinite_above_ = std::clamp(next.infinite_above_ - shift_, lost_below_ - 1, last);
  }
  shift_ = lost_below_ <= infinite_above_ ? shift_ + next.shift_ : 0;
}

void ScoreChange::MustNotBeNegative() {
  needed_ = std::max(needed_, LeastFor(0));
}

Score ScoreChange::After(Score before) const {
  if (before.value() < lost_below_) return Score::MinusInfinity();
  if (before.value() > infinite_above_) return Score::Infinity();
  return Score(int64_t{before.value()} + shift_);
}

int32_t ScoreChange::LeastFor(int32_t wanted) const {
  if (wanted <= -kInfinity) return -kInfinity;
  if (wanted > kInfinity) return wanted;
  return std::clamp(wanted - shift_, lost_below_, infinite_above_ + 1);
}

}  // namespace picket::solver
