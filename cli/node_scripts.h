// The programs that picket runs on nodes, which it carries: for a POSIX shell, and for Python.
#pragma once

#include <vector>

#include "cli/embedded_file.h"

namespace picket::cli {

extern const std::vector<EmbeddedFile> kNodeScripts;

}  // namespace picket::cli
