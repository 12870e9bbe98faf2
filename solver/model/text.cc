#include "solver/model/text.h"

#include <algorithm>

namespace picket::solver {
namespace {

char Fold(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// The run of digits at `i`, leading zeros apart, so that numbers of any length compare as text.
struct DigitRun {
  std::string_view significant;
  size_t length;
};

DigitRun RunAt(std::string_view text, size_t i) {
  size_t end = i;
  while (end < text.size() && IsDigit(text[end])) ++end;
  size_t first = i;
  while (first + 1 < end && text[first] == '0') ++first;
  return {text.substr(first, end - first), end - i};
}

}  // namespace

bool EqualFolded(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return Fold(x) == Fold(y); });
}

int CompareFolded(std::string_view a, std::string_view b) {
  const size_t common = std::min(a.size(), b.size());
  for (size_t i = 0; i < common; ++i) {
    const auto x = static_cast<unsigned char>(Fold(a[i]));
    const auto y = static_cast<unsigned char>(Fold(b[i]));
    if (x != y) return x < y ? -1 : 1;
  }
  if (a.size() == b.size()) return 0;
  return a.size() < b.size() ? -1 : 1;
}

std::string Folded(std::string_view text) {
  std::string folded(text);
  std::transform(folded.begin(), folded.end(), folded.begin(), Fold);
  return folded;
}

int CompareNodeNames(std::string_view a, std::string_view b) {
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (IsDigit(a[i]) && IsDigit(b[j])) {
      const DigitRun x = RunAt(a, i);
      const DigitRun y = RunAt(b, j);
      if (x.significant.size() != y.significant.size()) return x.significant.size() < y.significant.size() ? -1 : 1;
      if (const int order = x.significant.compare(y.significant); order != 0) return order;
      if (x.length != y.length) return x.length < y.length ? -1 : 1;
      i += x.length;
      j += y.length;
      continue;
    }
    const auto x = static_cast<unsigned char>(Fold(a[i]));
    const auto y = static_cast<unsigned char>(Fold(b[j]));
    if (x != y) return x < y ? -1 : 1;
    ++i;
    ++j;
  }
  if (i == a.size() && j == b.size()) return 0;
  return i == a.size() ? -1 : 1;
}

std::string_view BaseName(std::string_view name) {
  size_t end = name.size();
  while (end > 0 && IsDigit(name[end - 1])) --end;
  if (end == name.size() || end == 0 || name[end - 1] != ':') return name;
  return name.substr(0, end - 1);
}

}  // namespace picket::solver
