// What to write instead of a text that is meant as a duration and is none.
#pragma once

#include <string>
#include <string_view>

namespace picket::compiler {

/// `0.5s` is 500ms, `1d` is 24h, `10sec` is 10s; else the forms there are.
std::string DurationHelp(std::string_view text);

}  // namespace picket::compiler
