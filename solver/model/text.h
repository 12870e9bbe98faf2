// Comparisons of names as the specification makes them: C locale, ASCII case folding.
#pragma once

#include <string>
#include <string_view>

namespace picket::solver {

// Equality and order with ASCII letters folded to lower case. CompareFolded gives <0, 0 or >0.
bool EqualFolded(std::string_view a, std::string_view b);
int CompareFolded(std::string_view a, std::string_view b);
std::string Folded(std::string_view text);

// The display order of node names: case folded, runs of digits as numbers, a shorter run first among equal
// numbers, a prefix first (spec 01 §3.10, 03 §1.5). Gives <0, 0 or >0.
int CompareNodeNames(std::string_view a, std::string_view b);

// `name` without a trailing `:DIGITS` (spec 02 §1 "base name").
std::string_view BaseName(std::string_view name);

}  // namespace picket::solver
