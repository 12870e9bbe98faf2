// From what the cluster talks about back to what the author wrote.
//
// The solver and the simulator name the cause of a decision by an element id
// of the CIB and, where it matters, one of its attributes. This table turns
// such a pair into a place in the policy. It is for rendering only: nothing
// decides anything by it. When the input was a CIB the table is empty and ids
// are shown as they are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/source_map/span.h"

namespace picket::compiler {

/// One file that was read, with its whole text, so that a message can quote it.
struct SourceFile {
  std::string path;
  std::string text;
};

/// How a piece of text came to stand where it stands: `use machine(db-a)`,
/// one round of a `for`, an `import`. Frames form a tree by `parent`.
struct Frame {
  Span at;            ///< The `use`, `for` or `import` that did it.
  std::string label;  ///< What to print: "use machine(db-a)", "for i = 2".
  std::uint32_t parent = 0;
};

/// A one-based place, as people and editors count: columns are characters.
struct Place {
  std::string_view path;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::uint32_t byte_column = 1;
};

class SourceMap {
 public:
  /// Files by number (`Span::file`), frames by number (`Span::frame`); frame 0
  /// is the outermost and means nothing.
  std::vector<SourceFile> files;
  std::vector<Frame> frames{Frame{}};

  /// Says that attribute `attribute` of element `id` (the element itself if
  /// empty) comes from `span`. The first word for a pair wins.
  void Add(std::string_view id, std::string_view attribute, const Span& span);

  /// Where the pair comes from; falls back from the attribute to the element.
  std::optional<Span> Find(std::string_view id, std::string_view attribute = {}) const;

  /// File, line and column of the beginning of a span.
  Place PlaceOf(const Span& span) const;

  /// The text of a line (one-based) without its line end.
  std::string_view Line(std::uint32_t file, std::uint32_t line) const;

  /// Every pair in the order in which it was added: (id, attribute, span).
  struct Entry {
    std::string id;
    std::string attribute;
    Span span;
  };
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> index_;
};

}  // namespace picket::compiler
