#pragma once

#include <string>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source_map/source_map.h"

namespace picket::compiler {

/// Sorts by file and place, errors before warnings of the same place, and drops
/// exact repetitions. What has no file comes first.
void SortByPlace(std::vector<Diagnostic>& diagnostics);

/// One diagnostic as people read it: place, code, sentence, the line with its
/// number, a caret line, where it was expanded from, and help. Ends in a
/// newline. Bytes that a terminal would act on are shown as `?`.
std::string RenderText(const Diagnostic& diagnostic, const SourceMap& sources);

/// All of them, and a last line if some were left out.
std::string RenderText(const Diagnostics& diagnostics, const SourceMap& sources);

}  // namespace picket::compiler
