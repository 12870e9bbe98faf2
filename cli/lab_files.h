// The programs of the lab (cli/lab), embedded when picket is built, so that one binary is enough.
#pragma once

#include <vector>

#include "cli/embedded_file.h"

namespace picket::cli {

extern const std::vector<EmbeddedFile> kLabFiles;

}  // namespace picket::cli
