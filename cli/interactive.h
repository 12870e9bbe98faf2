// `picket report --interactive`: the page that asks the engine itself (web/page).
#pragma once

#include <string>
#include <vector>

namespace picket::cli {

struct InteractiveOptions {
  std::vector<std::string> files;  // one; or two, to compare
  std::string output;
  std::vector<std::string> after;
  std::string as;
};

int WriteInteractive(const InteractiveOptions& options);

}  // namespace picket::cli
