// The page's style and script with their digests (SHA-256 in base64), embedded when it is built.
#pragma once

#include <string_view>

namespace picket::web {

extern const std::string_view kStyle;
extern const std::string_view kStyleDigest;
extern const std::string_view kScript;
extern const std::string_view kScriptDigest;

}  // namespace picket::web
