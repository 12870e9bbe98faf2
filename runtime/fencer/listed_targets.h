// What a fence device answers to `list`: its targets. Texts come from programs, and are read with bounds.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace picket::runtime {

// A line of what an agent prints for `list`: the plug, and what it is also called.
struct ListedTarget {
  std::string plug;
  std::string alias;
};
// Lines that are too long or have control characters in them are left out, and so is what comes after many lines.
std::vector<ListedTarget> ParseTargets(std::string_view output);

// The plug of what is called so; nothing if there is none, or if the name is an alias of several.
std::optional<std::string> PlugOf(const std::vector<ListedTarget>& targets, std::string_view wanted);

}  // namespace picket::runtime
