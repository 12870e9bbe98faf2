// Whether bytes are text.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace picket::compiler {

/// The offset of the first byte that is not UTF-8; a NUL byte counts as none. Empty if the whole text is
/// UTF-8.
std::optional<std::size_t> FirstNotUtf8(std::string_view text);

}  // namespace picket::compiler
