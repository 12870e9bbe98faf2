// `picket report --interactive`: the page that asks the engine itself (web/page).
#pragma once

#include <string>
#include <vector>

namespace picket::cli {

struct InteractiveOptions {
  std::vector<std::string> files;  // one; or two, to compare
  std::vector<std::string> after;
  std::string as;
};

// Makes the page. Gives the exit status: 0 if `html` is the page; otherwise the standard error says what is wrong.
int MakeInteractive(const InteractiveOptions& options, std::string& html);

}  // namespace picket::cli
