// Tells a policy of Picket's from the text of crmsh: both have lines that begin with `primitive`, `group` or `order`.
#pragma once

#include <string_view>

namespace picket::compiler::import {

/// Whether more lines of a text can only be a policy's than can only be another tool's. False for XML, for a text
/// without such lines, and for one that means the same to both (`property no-quorum-policy=stop`).
bool LooksLikePolicy(std::string_view text);

}  // namespace picket::compiler::import
