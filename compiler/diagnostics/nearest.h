// "Did you mean …?": the nearest of several words to one that is misspelt.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace picket::compiler {

/// The number of insertions, deletions, replacements and swaps of neighbours
/// that turn one word into the other.
std::size_t EditDistance(std::string_view left, std::string_view right);

/// The candidate that a misspelt `word` most likely meant: the nearest one that
/// is at most a third of the word away; nothing if none is. Of equally near ones the first wins.
std::optional<std::string> Nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace picket::compiler
