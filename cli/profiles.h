// The profiles of data/profiles, which the program brings along.
#pragma once

#include <vector>

#include "cli/embedded_file.h"

namespace picket::cli {

// Made from data/profiles by the build, in the order of their names.
extern const std::vector<EmbeddedFile> kProfiles;

}  // namespace picket::cli
