#include "compiler/diagnostics/nearest.h"

#include <algorithm>
#include <cctype>

namespace picket::compiler {

std::size_t EditDistance(std::string_view left, std::string_view right) {
  // Three rows of the usual table: swaps of neighbours look two rows back.
  std::vector<std::size_t> before(right.size() + 1), above(right.size() + 1), row(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[right.size()];
}

std::optional<std::string> Nearest(std::string_view word, const std::vector<std::string>& candidates) {
  // A name of a thousand letters is not a slip of the pen, and the table costs
  // the product of both lengths.
  if (word.size() > 128) return std::nullopt;
  // The same letters, large or small, are the nearest of all.
  for (const std::string& candidate : candidates) {
    const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
    if (std::equal(word.begin(), word.end(), candidate.begin(), candidate.end(), same)) return candidate;
  }
  // In a word of two letters every edit makes another word.
  const std::size_t allowed = word.size() / 3;
  std::size_t best = allowed + 1;
  const std::string* found = nullptr;
  for (const std::string& candidate : candidates) {
    const std::size_t longer = std::max(candidate.size(), word.size());
    const std::size_t shorter = std::min(candidate.size(), word.size());
    if (longer - shorter >= best) continue;
    const std::size_t distance = EditDistance(word, candidate);
    if (distance < best) {
      best = distance;
      found = &candidate;
    }
  }
  if (found == nullptr) return std::nullopt;
  return *found;
}

}  // namespace picket::compiler
