// A place in the author's files. source_map.h turns it into a line and a column.
#pragma once

#include <cstdint>

namespace picket::compiler {

/// A place in the author's files: bytes [begin, end) of file number `file`.
///
/// Offsets, not lines: they are cheap to carry and exact, and a line and a
/// column are worked out only when a message is printed. `file` and `frame`
/// are indices into `SourceMap::files` and `SourceMap::frames`; frame 0 means
/// "written right there", any other frame tells through which `use`, `for` or
/// `import` the text came to stand where it stands.
struct Span {
  std::uint32_t file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t frame = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

}  // namespace picket::compiler
