#include "compiler/diagnostics/render.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

namespace picket::compiler {
namespace {

// A line is quoted up to this many bytes, cut around the caret.
constexpr std::size_t kQuotedMax = 160;

bool IsContinuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !IsContinuation(c); }));
}

// The quoted line and the carets under it. A span over several lines is
// underlined up to the end of its first one.
std::string Quote(const Span& span, std::string_view label, const SourceMap& sources) {
  const Place place = sources.PlaceOf(span);
  const std::string_view line = sources.Line(span.file, place.line);
  const std::size_t begin = std::min<std::size_t>(place.byte_column - 1, line.size());
  const std::size_t end = std::min<std::size_t>(begin + std::max<std::size_t>(1, span.end - span.begin), line.size());

  std::size_t from = 0;
  if (line.size() > kQuotedMax && begin > kQuotedMax / 2) from = begin - kQuotedMax / 2;
  while (from > 0 && from < line.size() && IsContinuation(line[from])) --from;
  const std::size_t to = std::min(line.size(), from + kQuotedMax);

  const std::string number = std::to_string(place.line);
  std::string out = number.size() < 5 ? std::string(5 - number.size(), ' ') : "";
  out += number + " | " + Printable(line.substr(from, to - from)) + '\n';
  out += std::string(std::max<std::size_t>(5, number.size()), ' ') + " | ";
  // Tabs stay tabs, so that the caret stands under its word.
  for (char c : Printable(line.substr(from, begin - from))) {
    if (!IsContinuation(c)) out += c == '\t' ? '\t' : ' ';
  }
  const std::size_t marked_to = std::min(end, to);
  const std::size_t width = marked_to > begin ? Width(Printable(line.substr(begin, marked_to - begin))) : 1;
  out += std::string(std::max<std::size_t>(1, width), '^');
  if (!label.empty()) out += ' ' + Printable(label);
  out += '\n';
  return out;
}

std::string Where(const Span& span, const SourceMap& sources) {
  if (span.file >= sources.files.size()) return "";
  const Place place = sources.PlaceOf(span);
  return Printable(place.path) + ':' + std::to_string(place.line) + ':' + std::to_string(place.column);
}

// Through which `use`, `for` and `import` a place came to be, innermost first.
std::string Frames(const Span& span, const SourceMap& sources) {
  std::string out;
  for (std::uint32_t frame = span.frame; frame != 0 && frame < sources.frames.size();
       frame = sources.frames[frame].parent) {
    out += "in `" + Printable(sources.frames[frame].label) + "` at " + Where(sources.frames[frame].at, sources) + '\n';
  }
  return out;
}

auto SortKey(const Diagnostic& d) {
  return std::make_tuple(d.span.file, d.span.begin, d.severity == Severity::kError ? 0 : 1, d.code);
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const unsigned char lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      out += (lead < 0x20 && lead != '\t') || lead == 0x7F ? '?' : text[i];
      ++i;
      continue;
    }
    const std::size_t length = lead >= 0xF0 && lead < 0xF5   ? 4
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xC2 && lead < 0xE0 ? 2
                                                             : 1;
    bool whole = length > 1 && i + length <= text.size();
    for (std::size_t k = 1; whole && k < length; ++k) whole = IsContinuation(text[i + k]);
    // U+0080 to U+009F are control characters as well.
    if (whole && lead == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0) whole = false;
    if (whole) {
      out += text.substr(i, length);
      i += length;
    } else {
      out += '?';
      ++i;
    }
  }
  return out;
}

void SortByPlace(std::vector<Diagnostic>& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return SortKey(a) < SortKey(b); });
  const auto same = [](const Diagnostic& a, const Diagnostic& b) {
    return SortKey(a) == SortKey(b) && a.message == b.message;
  };
  diagnostics.erase(std::unique(diagnostics.begin(), diagnostics.end(), same), diagnostics.end());
}

std::string RenderText(const Diagnostic& d, const SourceMap& sources) {
  const bool placed = d.span.file < sources.files.size();
  std::string out = placed ? Where(d.span, sources) + ": " : "picket: ";
  out += d.severity == Severity::kError ? "error[" : "warning[";
  out += std::string(d.code) + "]: " + Printable(d.message) + '\n';
  if (placed) out += Quote(d.span, d.label, sources);
  out += Frames(d.span, sources);
  for (const Label& other : d.others) {
    out += Where(other.span, sources) + ": " + Printable(other.text) + '\n';
    out += Quote(other.span, "", sources);
    out += Frames(other.span, sources);
  }
  for (const std::string& help : d.help) out += "help: " + Printable(help) + '\n';
  // Nobody is left alone with an error.
  if (d.help.empty() && d.severity == Severity::kError) {
    out += "help: `picket explain " + std::string(d.code) + "` says what is expected\n";
  }
  return out;
}

std::string RenderText(const Diagnostics& diagnostics, const SourceMap& sources) {
  std::string out;
  for (const Diagnostic& d : diagnostics.list()) out += RenderText(d, sources);
  if (diagnostics.dropped() > 0) {
    out += "picket: " + std::to_string(diagnostics.dropped()) + " more are not shown\n";
  }
  return out;
}

}  // namespace picket::compiler
