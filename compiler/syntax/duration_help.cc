#include "compiler/syntax/duration_help.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

namespace picket::compiler {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::int64_t kMost = 1'000'000'000;

struct Unit {
  std::string_view word;
  std::int64_t ms;
};
constexpr std::array<Unit, 15> kUnits = {{{"", 1000},
                                          {"s", 1000},
                                          {"sec", 1000},
                                          {"secs", 1000},
                                          {"second", 1000},
                                          {"seconds", 1000},
                                          {"m", 60'000},
                                          {"min", 60'000},
                                          {"mins", 60'000},
                                          {"minutes", 60'000},
                                          {"h", 3'600'000},
                                          {"hours", 3'600'000},
                                          {"d", 86'400'000},
                                          {"day", 86'400'000},
                                          {"days", 86'400'000}}};

// As it is written in a policy, in the largest unit that is exact.
std::string InWords(std::int64_t ms) {
  if (ms % 3'600'000 == 0) return std::to_string(ms / 3'600'000) + "h";
  if (ms % 60'000 == 0) return std::to_string(ms / 60'000) + "min";
  if (ms % 1000 == 0) return std::to_string(ms / 1000) + "s";
  return std::to_string(ms) + "ms";
}

// Digits, perhaps with a point and up to three more, in thousandths; takes them off the text.
std::optional<std::int64_t> TakeThousandths(std::string_view& text) {
  const auto take = [&](std::int64_t& out) {
    const std::size_t size = std::min(text.find_first_not_of(kDigits), text.size());
    const auto [end, error] = std::from_chars(text.data(), text.data() + size, out);
    text.remove_prefix(size);
    return size > 0 && error == std::errc() && out <= kMost ? size : 0;
  };
  std::int64_t whole = 0, part = 0;
  if (take(whole) == 0) return std::nullopt;
  if (text.empty() || text[0] != '.') return whole * 1000;
  text.remove_prefix(1);
  const std::size_t digits = take(part);
  if (digits == 0 || digits > 3) return std::nullopt;
  for (std::size_t i = digits; i < 3; ++i) part *= 10;
  return whole * 1000 + part;
}

}  // namespace

std::string DurationHelp(std::string_view text) {
  const std::string forms = "durations are `500ms`, `20s`, `10min` and `2h`";
  if (text.starts_with('-')) return "a duration is not negative; " + forms;
  const auto thousandths = TakeThousandths(text);
  if (!thousandths) return forms;
  for (const Unit& unit : kUnits) {
    std::int64_t ms = 0;
    if (unit.word == text && !__builtin_mul_overflow(*thousandths, unit.ms / 1000, &ms) && ms > 0)
      return "write `" + InWords(ms) + "`";
  }
  return forms;
}

}  // namespace picket::compiler
