// Lines of text out of entries.
//
// A block stays on one line if it was written so, holds no comment and fits;
// otherwise each item has its line. `name = value` lines that follow one
// another have their values in one column, and so have comments at the ends
// of lines. Blank lines are kept, one at most.
#pragma once

#include <string>
#include <vector>

#include "compiler/format/entry.h"

namespace picket::compiler::format {

inline constexpr std::size_t kWidthMax = 100;

std::string Lay(const std::vector<Entry>& entries);

/// The length of a text on the screen: bytes that continue a character do not
/// count.
std::size_t Width(std::string_view text);

/// The entry on one line, without what stands around it; empty if it holds
/// comments or a text over several lines.
std::string OneLine(const Entry& entry);

}  // namespace picket::compiler::format
