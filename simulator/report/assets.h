// The page's style and script, embedded from page.css and page.js when it is built.
#pragma once

#include <string_view>

namespace picket::simulator::report {

extern const std::string_view kStyle;
extern const std::string_view kScript;

}  // namespace picket::simulator::report
