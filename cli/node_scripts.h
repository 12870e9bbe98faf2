// The programs that picket runs on nodes, which it carries: for a POSIX shell, and for Python.
#pragma once

#include <string_view>
#include <vector>

namespace picket::cli {

struct NodeScript {
  std::string_view name;
  std::string_view text;
};

extern const std::vector<NodeScript> kNodeScripts;

}  // namespace picket::cli
