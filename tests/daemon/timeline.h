// The time of a simulated history: one clock, one seed, one queue of what is due.
//
// Everything in tests/daemon that happens is put in here, and everything that happens by chance is drawn from here.
// So a seed is a history: the same one gives the same draws in the same order. Events of one moment happen in the
// order in which they were put in. Cost: a map's.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <utility>

namespace picket::daemon_test {

class Timeline {
 public:
  explicit Timeline(uint64_t seed) : random_(seed) {}

  int64_t now_ms() const { return now_ms_; }

  // Both ends included. Not a distribution of the standard library, which may differ between two of them.
  int64_t Random(int64_t from, int64_t to) {
    return from + static_cast<int64_t>(random_() % static_cast<uint64_t>(to - from + 1));
  }
  bool Chance(int percent) { return Random(1, 100) <= percent; }

  // What is late happens now.
  void At(int64_t at_ms, std::function<void()> what) {
    due_.emplace(std::pair(std::max(at_ms, now_ms_), sequence_++), std::move(what));
  }
  void After(int64_t delay_ms, std::function<void()> what) { At(now_ms_ + delay_ms, std::move(what)); }

  // All that is due until then, and what that leads to.
  void RunUntil(int64_t end_ms) {
    while (!due_.empty() && due_.begin()->first.first <= end_ms) {
      const auto first = due_.extract(due_.begin());
      // Who does things without end in one moment sees the next one too, or nobody would ever complain.
      if (first.key().first > now_ms_) in_moment_ = 0;
      now_ms_ = std::max(now_ms_, first.key().first) + (++in_moment_ % kMomentMax == 0 ? 1 : 0);
      first.mapped()();
    }
    now_ms_ = end_ms;
  }

 private:
  static constexpr uint64_t kMomentMax = 5000;

  std::mt19937_64 random_;
  int64_t now_ms_ = 100000;
  uint64_t sequence_ = 0;
  uint64_t in_moment_ = 0;
  std::map<std::pair<int64_t, uint64_t>, std::function<void()>> due_;
};

}  // namespace picket::daemon_test
