// The patterns of lib/, which the program brings along.
#pragma once

#include <vector>

#include "cli/embedded_file.h"

namespace picket::cli {

// Made from lib/ by the build, in the order of their names.
extern const std::vector<EmbeddedFile> kPatterns;

}  // namespace picket::cli
