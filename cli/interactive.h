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

// The same over a CIB that was read already. `name` is the page's title. On failure `reason` says why, and the standard
// error too.
int MakeInteractive(const std::string& name, const std::string& cib, std::string& html, std::string& reason);

}  // namespace picket::cli
