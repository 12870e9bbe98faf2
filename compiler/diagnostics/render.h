// Diagnostics as text for people. Other forms: sarif.h, and JSON in cli/.
#pragma once

#include <string>
#include <string_view>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source_map/source_map.h"

namespace picket::compiler {

/// The text with `?` for what a terminal would act on and for broken bytes:
/// escape sequences in a hostile file must not reach a terminal.
std::string Printable(std::string_view text);

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
