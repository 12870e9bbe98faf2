// Value syntax of the CIB (spec 01 §3): booleans, integers, scores, durations, versions. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "solver/model/score.h"

namespace picket::solver {

// Validated reading: nothing for other text (spec 01 §3.1).
std::optional<bool> ParseBoolean(std::string_view text);
// The "is true" test: absent or unparsable counts as false.
inline bool IsTrue(const std::string* text) {
  return text && ParseBoolean(*text).value_or(false);
}
inline bool IsTrue(std::string_view text) {
  return ParseBoolean(text).value_or(false);
}

// Leading white space, sign, digits; trailing garbage ignored; clipped to 64 bits; no digits: nothing (spec
// 01 §3.2).
std::optional<int64_t> ParseInteger(std::string_view text);
// "Integer with minimum": missing or invalid `minimum`, below it `minimum`, above 2147483647 that.
int32_t IntegerAtLeast(const std::string* text, int32_t minimum);

// Scores without health words (spec 01 §3.3 rules 2 and 4).
std::optional<Score> ParseScore(std::string_view text);
// With `red`, `yellow`, `green` as given.
std::optional<Score> ParseScore(std::string_view text, Score red, Score yellow, Score green);

// Durations in ms, 0..4294967295 (spec 01 §3.4). Nothing: invalid. ISO forms (`P…`) stop at 4294967000.
std::optional<uint32_t> ParseDuration(std::string_view text);
// Interval readers: invalid gives 0.
inline uint32_t DurationOrZero(std::string_view text) {
  return ParseDuration(text).value_or(0);
}
// Timeouts: no `P` form; missing, invalid or <= 0 gives 20000; capped at 2147483647.
uint32_t ParseTimeout(std::string_view text);
// "Rounded seconds": 0 gives 0, below 1000 gives 1, else half up.
uint32_t RoundedSeconds(uint32_t ms);

// Versions (spec 01 §3.7): <0, 0, >0.
int CompareVersions(std::string_view a, std::string_view b);

}  // namespace picket::solver
