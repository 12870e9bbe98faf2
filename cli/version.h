// Which Picket this is.
#pragma once

#include <string_view>

namespace picket::cli {

// The version of the sources, as in CHANGELOG.md: "0.2.0".
std::string_view Version();

// The commit that the program was built from, shortened; empty unless the build was told it
// (`--config=release`).
std::string_view Commit();

}  // namespace picket::cli
