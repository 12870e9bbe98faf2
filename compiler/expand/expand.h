// Takes `let`, `for`, `if`, `define`, `use` and `import` away: what is left
// are plain statements in which every text is literal.
//
// Expansion is a fold over the text: no recursion (a define may not reach
// itself), bounded loops, no clock and no input but the imported files. Every
// span of an expanded statement carries the frame that tells through which
// `use` and `for` it came; frames are added to `sources`.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source_map/source_map.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler {

/// Reads an imported file; nothing if it cannot be read.
using FileReader = std::function<std::optional<std::string>(const std::string& path)>;

/// Limits against policies that expand without end.
inline constexpr std::size_t kExpandedMax = 200000;   ///< Statements.
inline constexpr std::size_t kRoundsMax = 10000;      ///< Of one `for`.
inline constexpr std::size_t kAllRoundsMax = 100000;  ///< Of every `for`, those within others included.
inline constexpr std::size_t kUsesMax = 50000;
inline constexpr std::size_t kItemsMax = 100000;     ///< Of a list or map, with those in it.
inline constexpr std::size_t kBytesMax = 64u << 20;  ///< Of all texts in expanded statements.
inline constexpr std::size_t kUseDepthMax = 32;
inline constexpr std::size_t kFilesMax = 256;

/// Expands the parsed file number 0 of `sources`. Comments of imported files
/// are appended to `comments`.
std::vector<ast::Statement> Expand(const ast::File& root, SourceMap& sources, const FileReader& read,
                                   Diagnostics& diagnostics, std::vector<ast::Comment>& comments);

}  // namespace picket::compiler
