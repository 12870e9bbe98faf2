// Comments and blank lines: from the text to the lines they belong to.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/format/entry.h"

namespace picket::compiler::format {

/// Gives every comment of `source` to one entry, and notes blank lines and
/// which brackets were spread over several lines. A comment on a line of its
/// own goes to what follows it; one at the end of a line to what ends there. A
/// comment inside something that has no lines of its own moves before it.
void AttachTrivia(std::vector<Entry>& entries, const std::vector<ast::Comment>& comments, std::string_view source);

}  // namespace picket::compiler::format
