#include "compiler/syntax/duration_help.h"

#include <algorithm>
#include <array>
#include <cctype>
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
constexpr std::array<Unit, 18> kUnits = {{{"", 1000},
                                          {"s", 1000},
                                          {"sec", 1000},
                                          {"secs", 1000},
                                          {"second", 1000},
                                          {"seconds", 1000},
                                          {"m", 60'000},
                                          {"min", 60'000},
                                          {"mins", 60'000},
                                          {"minutes", 60'000},
                                          {"minute", 60'000},
                                          {"h", 3'600'000},
                                          {"hour", 3'600'000},
                                          {"hr", 3'600'000},
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

// A number and its unit, in milliseconds; takes both off the text.
std::optional<std::int64_t> TakePart(std::string_view& text) {
  const auto thousandths = TakeThousandths(text);
  if (!thousandths) return std::nullopt;
  const std::size_t size = std::min(text.find_first_of(kDigits), text.size());
  const std::string_view word = text.substr(0, size);
  text.remove_prefix(size);
  for (const Unit& unit : kUnits) {
    std::int64_t ms = 0;
    if (unit.word == word && !__builtin_mul_overflow(*thousandths, unit.ms / 1000, &ms)) return ms;
  }
  return std::nullopt;
}

}  // namespace

std::string DurationHelp(std::string_view text) {
  const std::string forms = "durations are `500ms`, `20s`, `10min` and `2h`";
  if (text.starts_with('-')) return "a duration is not negative; " + forms;
  // `20 s`, `1m30s`: numbers with their units, one after the other.
  std::string plain;
  for (const char c : text) {
    if (c != ' ') plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  std::int64_t all_ms = 0;
  for (std::string_view rest = plain; !rest.empty();) {
    const auto part_ms = TakePart(rest);
    if (!part_ms || __builtin_add_overflow(all_ms, *part_ms, &all_ms)) return forms;
  }
  return all_ms > 0 ? "write `" + InWords(all_ms) + "`" : forms;
}

}  // namespace picket::compiler
