#include "compiler/source_map/source_map.h"

#include <algorithm>

namespace picket::compiler {
namespace {

// Ids and attribute names hold no newline, so it can part them.
std::string Key(std::string_view id, std::string_view attribute) {
  std::string key(id);
  key += '\n';
  key += attribute;
  return key;
}

}  // namespace

void SourceMap::Add(std::string_view id, std::string_view attribute, const Span& span) {
  const auto [position, fresh] = index_.emplace(Key(id, attribute), entries_.size());
  if (fresh) entries_.push_back({std::string(id), std::string(attribute), span});
}

std::optional<Span> SourceMap::Find(std::string_view id, std::string_view attribute) const {
  auto found = index_.find(Key(id, attribute));
  if (found == index_.end() && !attribute.empty()) found = index_.find(Key(id, {}));
  if (found == index_.end()) return std::nullopt;
  return entries_[found->second].span;
}

Place SourceMap::PlaceOf(const Span& span) const {
  if (span.file >= files.size()) return {};
  const SourceFile& file = files[span.file];
  const std::size_t offset = std::min<std::size_t>(span.begin, file.text.size());
  const std::string_view before = std::string_view(file.text).substr(0, offset);
  const std::size_t line_begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  Place place;
  place.path = file.path;
  place.line = 1 + static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
  place.byte_column = 1 + static_cast<std::uint32_t>(offset - line_begin);
  // Bytes 10xxxxxx continue a character of UTF-8.
  place.column = 1 + static_cast<std::uint32_t>(
                         std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line_begin), before.end(),
                                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  return place;
}

std::string_view SourceMap::Line(std::uint32_t file, std::uint32_t line) const {
  if (file >= files.size()) return {};
  std::string_view rest = files[file].text;
  for (std::uint32_t at = 1; at < line; ++at) {
    const std::size_t newline = rest.find('\n');
    if (newline == std::string_view::npos) return {};
    rest.remove_prefix(newline + 1);
  }
  rest = rest.substr(0, rest.find('\n'));
  if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
  return rest;
}

}  // namespace picket::compiler
