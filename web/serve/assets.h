// The page's markup, style and script, embedded when it is built.
#pragma once

#include <string_view>

namespace picket::web {

extern const std::string_view kLiveHtml;
extern const std::string_view kLiveStyle;
extern const std::string_view kLiveScript;

}  // namespace picket::web
