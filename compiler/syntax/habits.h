// Better help for syntax errors. The errors themselves come from the grammar.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "compiler/diagnostics/diagnostic.h"

namespace picket::compiler {

/// Gives syntax errors a better remedy where the line shows what was meant:
/// habits from crmsh and pcs (`colocation c inf: a b`, `clone c a`, `params`
/// without braces), from other configuration languages (`name: value`, `$x`)
/// and from English (`expect a is running`). The grammar cannot know them: it
/// stops at the first word that it has no use for. Looks at the diagnostics of
/// the file from number `from` on, and only changes their help.
void SuggestByHabit(std::string_view text, std::uint32_t file, std::size_t from, Diagnostics& diagnostics);

}  // namespace picket::compiler
