// Manual pages, made from what the command line declares. Pure text.
#pragma once

#include <string>

#include "cli/command_tree.h"

namespace picket::cli {

// The page of section 1 for `verb`, in the man(7) macros. `path` is how the verb is called: `picket`, `picket
// test`; the page of the program itself lists its verbs. `version` stands in the page's foot.
std::string ManualPage(const VerbWords& verb, const std::string& path, const std::string& version);

}  // namespace picket::cli
