// The one sort of the specification (spec 03 §1.7, 02 §4.2), and its sorted insertion.
//
// Several comparisons of the specification are not transitive (balanced placement, history entries), so the
// result depends on the algorithm; the standard sorts may differ. Cost: n log n comparisons, one buffer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace picket::solver {

// Sorts `list` from `begin` on, `count` elements. `aside` has room for half of them.
template <typename T, typename Compare>
void MergeSortPart(std::vector<T>& list, size_t begin, size_t count, std::vector<T>& aside, Compare& compare) {
  if (count < 2) return;
  const size_t middle = begin + count / 2;
  const size_t end = begin + count;
  MergeSortPart(list, begin, middle - begin, aside, compare);
  MergeSortPart(list, middle, end - middle, aside, compare);
  for (size_t i = begin; i < middle; ++i) aside[i - begin] = std::move(list[i]);
  size_t left = 0;
  size_t right = middle;
  size_t out = begin;
  while (out < right && right < end) {
    if (compare(aside[left], list[right]) <= 0) {
      list[out++] = std::move(aside[left++]);
    } else {
      list[out++] = std::move(list[right++]);
    }
  }
  while (out < right) list[out++] = std::move(aside[left++]);
}

// Stable merge sort: the first floor(n/2) elements and the rest are sorted apart; merging takes from the left
// while compare(left, right) <= 0. `compare` gives an int: <0, 0, >0.
template <typename T, typename Compare>
void MergeSort(std::vector<T>& list, Compare compare) {
  if (list.size() < 2) return;
  std::vector<T> aside(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(list.size() / 2));
  MergeSortPart(list, 0, list.size(), aside, compare);
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
