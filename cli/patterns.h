// The patterns of lib/, which the program brings along.
#pragma once

#include <string_view>
#include <vector>

namespace picket::cli {

struct Pattern {
  std::string_view file;  // pbx.picket
  std::string_view text;
};

// Made from lib/ by the build, in the order of their names.
extern const std::vector<Pattern> kPatterns;

}  // namespace picket::cli
