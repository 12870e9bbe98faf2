#include "compiler/check/order_index.h"

#include <algorithm>

namespace picket::compiler {

OrderIndex::Number OrderIndex::NumberOf(std::string_view name) {
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) return found->second;
  const auto number = static_cast<Number>(numbers_.size());
  numbers_.emplace(name, number);
  after_.emplace_back();
  before_.emplace_back();
  seen_.push_back(0);
  // A newcomer is ordered with nobody yet: the last rank fits.
  if (!rank_.empty()) rank_.push_back(number);
  return number;
}

void OrderIndex::Add(std::string_view first, std::string_view then) {
  const Number a = NumberOf(first), b = NumberOf(then);
  if (a == b) return;
  if (!rank_.empty() && rank_[a] > rank_[b]) Move(a, b);
  after_[a].push_back(b);
  before_[b].push_back(a);
}

bool OrderIndex::ComesBefore(std::string_view first, std::string_view then) {
  const Number a = NumberOf(first), b = NumberOf(then);
  if (rank_.empty()) Rank();
  if (a == b || rank_[a] > rank_[b]) return false;
  return Walk(a, b);
}

// Those that nobody comes before first, and so on. What is in a circle is left over, and comes last.
void OrderIndex::Rank() {
  std::vector<std::uint32_t> open(after_.size());
  for (const auto& next : after_) {
    for (const Number one : next) ++open[one];
  }
  std::vector<Number> order;
  for (Number i = 0; i < after_.size(); ++i) {
    if (open[i] == 0) order.push_back(i);
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (const Number one : after_[order[i]]) {
      if (--open[one] == 0) order.push_back(one);
    }
  }
  for (Number i = 0; i < after_.size(); ++i) {
    if (open[i] > 0) order.push_back(i);
  }
  rank_.assign(after_.size(), 0);
  for (std::size_t i = 0; i < order.size(); ++i) rank_[order[i]] = static_cast<std::uint32_t>(i);
}

// Ranks are a topological order: nothing beyond the rank of `to` leads to it.
bool OrderIndex::Walk(Number from, Number to) {
  ++walk_;
  std::vector<Number> open = {from};
  seen_[from] = walk_;
  for (std::size_t i = 0; i < open.size(); ++i) {
    for (const Number next : after_[open[i]]) {
      if (next == to || steps_left_ == 0) return true;
      --steps_left_;
      if (seen_[next] == walk_ || rank_[next] > rank_[to]) continue;
      seen_[next] = walk_;
      open.push_back(next);
    }
  }
  return false;
}

// `first` is to come before `then`, whose rank is lower: what comes after `then` and what comes before `first`, as far
// as it lies between the two, changes places (Pearce and Kelly).
void OrderIndex::Move(Number first, Number then) {
  const std::uint32_t low = rank_[then], high = rank_[first];
  const auto collect = [&](Number from, const std::vector<std::vector<Number>>& edges) {
    ++walk_;
    std::vector<Number> found = {from};
    seen_[from] = walk_;
    for (std::size_t i = 0; i < found.size(); ++i) {
      for (const Number next : edges[found[i]]) {
        if (seen_[next] == walk_ || rank_[next] < low || rank_[next] > high) continue;
        seen_[next] = walk_;
        found.push_back(next);
      }
    }
    std::sort(found.begin(), found.end(), [&](Number a, Number b) { return rank_[a] < rank_[b]; });
    return found;
  };
  const std::vector<Number> behind = collect(then, after_);
  // A circle: it is reported elsewhere, and the ranks stay.
  if (seen_[first] == walk_) return;
  std::vector<Number> moved = collect(first, before_);
  moved.insert(moved.end(), behind.begin(), behind.end());
  std::vector<std::uint32_t> ranks;
  for (const Number one : moved) ranks.push_back(rank_[one]);
  std::sort(ranks.begin(), ranks.end());
  for (std::size_t i = 0; i < moved.size(); ++i) rank_[moved[i]] = ranks[i];
}

}  // namespace picket::compiler
