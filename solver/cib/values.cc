#include "solver/cib/values.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "solver/cib/dates.h"
#include "solver/model/text.h"

namespace picket::solver {
namespace {

constexpr uint32_t kDefaultTimeoutMs = 20000;
constexpr int64_t kMaxDurationMs = std::numeric_limits<uint32_t>::max();
constexpr int64_t kMaxIsoSeconds = kMaxDurationMs / 1000;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsSpace(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool StartsWithFolded(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && EqualFolded(text.substr(0, prefix.size()), prefix);
}

struct Scanned {
  int64_t value = 0;
  size_t length = 0;  // characters used, white space and sign included
};

// Leading white space, sign, digits, clipped to 64 bits.
std::optional<Scanned> ScanInteger(std::string_view text) {
  size_t i = 0;
  while (i < text.size() && IsSpace(text[i])) ++i;
  const bool negative = i < text.size() && text[i] == '-';
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
  if (i == text.size() || !IsDigit(text[i])) return std::nullopt;
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  int64_t value = 0;
  bool clipped = false;
  for (; i < text.size() && IsDigit(text[i]); ++i) {
    const int digit = text[i] - '0';
    if (value > (kMax - digit) / 10) clipped = true;
    if (!clipped) value = value * 10 + digit;
  }
  if (clipped) return Scanned{negative ? std::numeric_limits<int64_t>::min() : kMax, i};
  return Scanned{negative ? -value : value, i};
}

// Integer and unit without the ISO form, in ms, unclipped above. Negative values are for the caller to judge.
std::optional<int64_t> ScanAmount(std::string_view text) {
  const auto amount = ScanInteger(text);
  if (!amount) return std::nullopt;
  text.remove_prefix(amount->length);
  while (!text.empty() && (IsDigit(text.front()) || text.front() == '.')) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  // The order matters: each unit is matched as a prefix (spec 01 §3.4).
  int64_t multiplier = 0;
  int64_t divisor = 1;
  if (text.empty() || StartsWithFolded(text, "s")) {
    multiplier = 1000;
  } else if (StartsWithFolded(text, "ms")) {
    multiplier = 1;
  } else if (StartsWithFolded(text, "us")) {
    multiplier = 1;
    divisor = 1000;
  } else if (StartsWithFolded(text, "m")) {
    multiplier = 60 * 1000;
  } else if (StartsWithFolded(text, "h")) {
    multiplier = 60 * 60 * 1000;
  } else {
    return std::nullopt;
  }
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  if (amount->value > kMax / multiplier) return kMax;
  if (amount->value < -(kMax / multiplier)) return -kMax;
  return amount->value * multiplier / divisor;
}

// Spec 01 §3.4: days lose one, years count as the calendar years before.
int64_t IsoSeconds(const IsoDuration& duration) {
  constexpr int64_t kDay = 86400;
  int64_t days = int64_t{duration.months} * 30;
  if (duration.days > 0) days += duration.days - 1;
  const int64_t years = std::max<int64_t>(0, int64_t{duration.years} - 1);
  days += years * 365 + years / 4 - years / 100 + years / 400;
  return days * kDay + duration.seconds;
}

// The leading digits(.digits)*, as its components.
std::string_view NextComponent(std::string_view& version) {
  size_t end = 0;
  while (end < version.size() && IsDigit(version[end])) ++end;
  std::string_view component = version.substr(0, end);
  const bool more = end + 1 < version.size() && version[end] == '.' && IsDigit(version[end + 1]);
  version = more ? version.substr(end + 1) : std::string_view();
  while (component.size() > 1 && component.front() == '0') component.remove_prefix(1);
  return component == "0" ? std::string_view() : component;
}

std::string_view SkipSpaces(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  return text;
}

}  // namespace

std::optional<bool> ParseBoolean(std::string_view text) {
  constexpr std::array<std::string_view, 5> kTrue = {"true", "on", "yes", "y", "1"};
  constexpr std::array<std::string_view, 5> kFalse = {"false", "off", "no", "n", "0"};
  const auto matches = [text](std::string_view word) { return EqualFolded(text, word); };
  if (std::any_of(kTrue.begin(), kTrue.end(), matches)) return true;
  if (std::any_of(kFalse.begin(), kFalse.end(), matches)) return false;
  return std::nullopt;
}

std::optional<int64_t> ParseInteger(std::string_view text) {
  const auto scanned = ScanInteger(text);
  if (!scanned) return std::nullopt;
  return scanned->value;
}

int32_t IntegerAtLeast(const std::string* text, int32_t minimum) {
  const int64_t value = text ? ParseInteger(*text).value_or(minimum) : minimum;
  return static_cast<int32_t>(std::clamp<int64_t>(value, minimum, std::numeric_limits<int32_t>::max()));
}

std::optional<Score> ParseScore(std::string_view text) {
  if (text == "-INFINITY") return Score::MinusInfinity();
  if (text == "INFINITY" || text == "+INFINITY") return Score::Infinity();
  const auto value = ParseInteger(text);
  if (!value) return std::nullopt;
  return Score(*value);
}

std::optional<Score> ParseScore(std::string_view text, Score red, Score yellow, Score green) {
  if (EqualFolded(text, "red")) return red;
  if (EqualFolded(text, "yellow")) return yellow;
  if (EqualFolded(text, "green")) return green;
  return ParseScore(text);
}

std::optional<uint32_t> ParseDuration(std::string_view text) {
  if (text.starts_with('P')) {
    const auto duration = ParseIsoDuration(text);
    if (!duration) return std::nullopt;
    const int64_t seconds = std::clamp<int64_t>(IsoSeconds(*duration), 0, kMaxIsoSeconds);
    return static_cast<uint32_t>(seconds * 1000);
  }
  const auto amount = ScanAmount(text);
  if (!amount || *amount < 0) return std::nullopt;
  return static_cast<uint32_t>(std::min(*amount, kMaxDurationMs));
}

uint32_t ParseTimeout(std::string_view text) {
  const auto amount = ScanAmount(text);
  if (!amount || *amount <= 0) return kDefaultTimeoutMs;
  return static_cast<uint32_t>(std::min<int64_t>(*amount, std::numeric_limits<int32_t>::max()));
}

uint32_t RoundedSeconds(uint32_t ms) {
  if (ms == 0) return 0;
  if (ms < 1000) return 1;
  return ms / 1000 + (ms % 1000 >= 500 ? 1 : 0);
}

int CompareVersions(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  a = SkipSpaces(a);
  b = SkipSpaces(b);
  while (!a.empty() || !b.empty()) {
    const std::string_view x = NextComponent(a);
    const std::string_view y = NextComponent(b);
    if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
    if (const int order = x.compare(y); order != 0) return order < 0 ? -1 : 1;
  }
  return 0;
}

}  // namespace picket::solver
