// Helps that need no thought, carried out: a name that is nearly another one, a spelling of old.
#pragma once

#include <cstddef>
#include <string>

#include "compiler/compile.h"

namespace picket::cli {

// The text of file 0 with every mechanical help carried out; `fixed` counts them. Text that came out of a
// `define` or a loop is changed where it stands, once.
std::string WithFixes(const compiler::CompileResult& result, std::size_t& fixed);

}  // namespace picket::cli
