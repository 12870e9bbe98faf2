// The way into the parser: from the text of one file to its tree (ast.h).
#pragma once

#include <cstdint>
#include <string_view>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler {

/// Reads the text of one file. Always returns what could be read; whatever is
/// wrong is in `diagnostics`, as many errors as there are, each once. Time and
/// memory are bounded by the size of the text, nesting by kNestingMax; texts
/// larger than kSourceBytesMax are refused. Spans carry `file`.
ast::File Parse(std::string_view text, std::uint32_t file, Diagnostics& diagnostics);

}  // namespace picket::compiler
