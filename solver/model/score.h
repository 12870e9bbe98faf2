// Scores: integers with saturating infinities (spec 03 §1.2, 01 §3.3).
//
// A score is a type of its own, never a bare int, because its sum is not associative: minus infinity beats
// infinity, and a partial sum that saturates has forgotten what it was made of. Nothing may reorder or cache
// partial sums. Costs: everything here is a few instructions.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <string>

namespace picket::solver {

class Score {
 public:
  static constexpr int32_t kInfinityValue = 1000000;

  constexpr Score() = default;
  // Any value beyond the infinities is clamped to them.
  constexpr explicit Score(int64_t value)
      : value_(static_cast<int32_t>(std::clamp<int64_t>(value, -kInfinityValue, kInfinityValue))) {}

  static constexpr Score Infinity() { return Score(kInfinityValue); }
  static constexpr Score MinusInfinity() { return Score(-kInfinityValue); }

  constexpr int32_t value() const { return value_; }
  constexpr bool is_infinite() const { return value_ >= kInfinityValue; }
  constexpr bool is_minus_infinite() const { return value_ <= -kInfinityValue; }

  // Minus infinity wins, then infinity, then the clamped sum (spec 03 §1.2.2).
  friend constexpr Score operator+(Score a, Score b) {
    if (a.is_minus_infinite() || b.is_minus_infinite()) return MinusInfinity();
    if (a.is_infinite() || b.is_infinite()) return Infinity();
    return Score(int64_t{a.value_} + b.value_);
  }
  constexpr Score& operator+=(Score other) { return *this = *this + other; }
  friend constexpr Score operator-(Score a) { return Score(-int64_t{a.value_}); }
  friend constexpr auto operator<=>(Score, Score) = default;

  // `INFINITY`, `-INFINITY` or the decimal number.
  std::string ToString() const;

 private:
  int32_t value_ = 0;
};

// `factor` times `score`, rounded as spec 03 §1.2.5 says: the product in single precision, half away from
// zero, and never 0 for a score that was not 0 (then the sign of the factor decides).
Score Attenuate(float factor, Score score);

}  // namespace picket::solver
