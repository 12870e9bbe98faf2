// Words for a POSIX shell.
#pragma once

#include <string>
#include <string_view>

namespace picket::compiler::exporting {

/// The text as one word, whatever is in it: in single quotes unless every character is harmless. A word that
/// begins with a hyphen is harmless for the shell; what is called needs `--` before it.
std::string ShellWord(std::string_view text);

}  // namespace picket::compiler::exporting
