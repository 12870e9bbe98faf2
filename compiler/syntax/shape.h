// What a word looks like. The lexer takes any word as text; whoever expects a
// number, a duration or an address asks here. Nothing in here reports.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace picket::compiler {

/// The text with small letters; ASCII only.
std::string Lower(std::string_view text);

/// A signed decimal integer that fits in 64 bits.
std::optional<std::int64_t> AsInteger(std::string_view text);

/// `500ms`, `20s`, `10min`, `2h`, `30` (seconds) and what else Pacemaker takes
/// (`us`, `m`, `sec`, `hr`), in milliseconds.
std::optional<std::int64_t> AsDurationMs(std::string_view text);

/// A duration, or one of ISO 8601 as old configurations have it: `PT1H30M`,
/// `P10S`. Pacemaker reads those for intervals only, and with days, months and
/// years it means something else than they say; those are none here.
std::optional<std::int64_t> AsIntervalMs(std::string_view text);

/// `64GiB`, `512MiB`, `4096`: a size in MiB, rounded up.
std::optional<std::int64_t> AsMebibytes(std::string_view text);

/// yes/no, true/false, on/off, y/n, 1/0 in any case.
std::optional<bool> AsBoolean(std::string_view text);

/// A score as the CIB spells it: `inf` is INFINITY, numbers beyond a million
/// stay as they are written.
std::optional<std::string> AsScore(std::string_view text);

struct Range {
  std::optional<std::int64_t> first;
  std::optional<std::int64_t> last;
};
/// `1..5`, `9..`, `..5`.
std::optional<Range> AsRange(std::string_view text);

bool IsIpv4(std::string_view text);

/// True if an XML id may be spelt so (a name without colons).
bool IsXmlId(std::string_view text);

/// A word as the Picket lexer would read it back without quotes.
bool IsPlainWord(std::string_view text);

}  // namespace picket::compiler
