// The programs of the lab (cli/lab), embedded when picket is built, so that one binary is enough.
#pragma once

#include <string_view>
#include <vector>

namespace picket::cli {

struct LabFile {
  std::string_view name;
  std::string_view text;
};

extern const std::vector<LabFile> kLabFiles;

}  // namespace picket::cli
