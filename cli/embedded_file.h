// A file that the program carries (embed.bzl).
#pragma once

#include <string_view>

namespace picket::cli {

struct EmbeddedFile {
  std::string_view name;  // without folders: pbx.picket
  std::string_view text;
};

}  // namespace picket::cli
