// The one sort of the specification (spec 03 §1.7, 02 §4.2), and its sorted insertion.
//
// Several comparisons of the specification are not transitive (balanced placement, history entries), so the
// result depends on the algorithm; the standard sorts may differ. Cost: n log n comparisons, one buffer.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

namespace picket::solver {

// Stable merge sort: the first floor(n/2) elements and the rest are sorted apart; merging takes from the left
// while compare(left, right) <= 0. `compare` gives an int: <0, 0, >0.
template <typename T, typename Compare>
void MergeSort(std::vector<T>& list, Compare compare) {
  if (list.size() < 2) return;
  const auto middle = list.begin() + static_cast<std::ptrdiff_t>(list.size() / 2);
  std::vector<T> left(list.begin(), middle);
  std::vector<T> right(middle, list.end());
  MergeSort(left, compare);
  MergeSort(right, compare);
  list.clear();
  size_t i = 0;
  size_t j = 0;
  while (i < left.size() && j < right.size()) {
    if (compare(left[i], right[j]) <= 0) {
      list.push_back(std::move(left[i++]));
    } else {
      list.push_back(std::move(right[j++]));
    }
  }
  while (i < left.size()) list.push_back(std::move(left[i++]));
  while (j < right.size()) list.push_back(std::move(right[j++]));
}

// Inserts before the first element that `value` does not compare greater than, so the newest of equals comes
// first.
template <typename T, typename Compare>
void SortedInsert(std::vector<T>& list, T value, Compare compare) {
  auto it = list.begin();
  while (it != list.end() && compare(value, *it) > 0) ++it;
  list.insert(it, std::move(value));
}

}  // namespace picket::solver
