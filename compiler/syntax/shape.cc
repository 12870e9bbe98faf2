#include "compiler/syntax/shape.h"

#include <algorithm>
#include <charconv>

namespace picket::compiler {

std::string Lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

namespace {

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// "20s" is 20 and "s"; nothing if it does not begin with a number.
std::optional<std::pair<std::int64_t, std::string>> Split(std::string_view text) {
  std::size_t digits = 0;
  while (digits < text.size() && IsDigit(text[digits])) ++digits;
  const auto number = AsInteger(text.substr(0, digits));
  if (!number) return std::nullopt;
  return std::make_pair(*number, std::string(text.substr(digits)));
}

std::optional<std::int64_t> Times(std::int64_t value, std::int64_t factor) {
  std::int64_t out = 0;
  if (__builtin_mul_overflow(value, factor, &out)) return std::nullopt;
  return out;
}

}  // namespace

std::optional<std::int64_t> AsInteger(std::string_view text) {
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> AsDurationMs(std::string_view text) {
  const auto split = Split(text);
  if (!split) return std::nullopt;
  const std::string unit = Lower(split->second);
  if (unit == "us" || unit == "usec") return split->first / 1000;
  if (unit == "ms" || unit == "msec") return split->first;
  if (unit.empty() || unit == "s" || unit == "sec") return Times(split->first, 1000);
  if (unit == "m" || unit == "min") return Times(split->first, 60 * 1000);
  if (unit == "h" || unit == "hr") return Times(split->first, 3600 * 1000);
  return std::nullopt;
}

std::optional<std::int64_t> AsIntervalMs(std::string_view text) {
  if (!text.starts_with("P")) return AsDurationMs(text);
  text.remove_prefix(1);
  if (text.starts_with("T")) text.remove_prefix(1);
  constexpr std::string_view kUnits = "HMS";
  constexpr std::int64_t kFactors[] = {3600 * 1000, 60 * 1000, 1000};
  std::int64_t total = 0;
  std::size_t next = 0;  // Units come in order, each once.
  while (!text.empty()) {
    const auto part = Split(text.substr(0, text.find_first_of(kUnits) + 1));
    const std::size_t unit = part ? kUnits.find(part->second) : std::string_view::npos;
    if (unit == std::string_view::npos || unit < next || part->second.empty()) return std::nullopt;
    const auto duration = Times(part->first, kFactors[unit]);
    if (!duration || __builtin_add_overflow(total, *duration, &total)) return std::nullopt;
    next = unit + 1;
    text.remove_prefix(text.find_first_of(kUnits) + 1);
  }
  return next > 0 ? std::optional(total) : std::nullopt;
}

std::optional<std::int64_t> AsMebibytes(std::string_view text) {
  const auto split = Split(text);
  if (!split) return std::nullopt;
  const std::string& unit = split->second;
  const std::int64_t n = split->first;
  if (unit == "B") return n / (1 << 20) + (n % (1 << 20) != 0 ? 1 : 0);
  if (unit == "KiB") return n / 1024 + (n % 1024 != 0 ? 1 : 0);
  if (unit == "MiB") return n;
  if (unit == "GiB") return Times(n, 1024);
  if (unit == "TiB") return Times(n, 1024 * 1024);
  return std::nullopt;
}

std::optional<bool> AsBoolean(std::string_view text) {
  const std::string word = Lower(text);
  if (word == "yes" || word == "true" || word == "on" || word == "y" || word == "1") return true;
  if (word == "no" || word == "false" || word == "off" || word == "n" || word == "0") return false;
  return std::nullopt;
}

std::optional<std::string> AsScore(std::string_view text) {
  const std::string word = Lower(text);
  if (word == "inf" || word == "+inf" || word == "infinity" || word == "+infinity") return "INFINITY";
  if (word == "-inf" || word == "-infinity") return "-INFINITY";
  if (AsInteger(text)) return std::string(text);
  return std::nullopt;
}

std::optional<Range> AsRange(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const std::string_view left = text.substr(0, dots);
  const std::string_view right = text.substr(dots + 2);
  Range range;
  if (!left.empty() && !(range.first = AsInteger(left))) return std::nullopt;
  if (!right.empty() && !(range.last = AsInteger(right))) return std::nullopt;
  if (left.empty() && right.empty()) return std::nullopt;
  return range;
}

bool IsIpv4(std::string_view text) {
  for (int part = 0; part < 4; ++part) {
    std::size_t digits = 0;
    while (digits < text.size() && IsDigit(text[digits])) ++digits;
    if (digits == 0 || digits > 3 || *AsInteger(text.substr(0, digits)) > 255) return false;
    text.remove_prefix(digits);
    if (part < 3) {
      if (text.empty() || text[0] != '.') return false;
      text.remove_prefix(1);
    }
  }
  if (text.empty()) return true;
  const auto length = text[0] == '/' ? AsInteger(text.substr(1)) : std::nullopt;
  return length && *length >= 0 && *length <= 32;
}

bool IsXmlId(std::string_view text) {
  if (text.empty()) return false;
  // Bytes above 127 belong to letters, as far as XML is concerned.
  const auto letter = [](char c) { return IsLetter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80; };
  if (!letter(text[0])) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || IsDigit(c) || c == '-' || c == '.'; });
}

bool IsPlainWord(std::string_view text) {
  if (text.empty() || text.back() == ':' || text[0] == ':' || text[0] == '@') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return IsLetter(c) || IsDigit(c) || std::string_view("_-.:/@%+~").find(c) != std::string_view::npos;
  });
}

}  // namespace picket::compiler
