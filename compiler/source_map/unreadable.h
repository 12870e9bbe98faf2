// Why a file could not be read, in the words of every verb.
#pragma once

#include <string>

namespace picket::compiler {

struct Unreadable {
  enum class Kind { kMissing, kFolder, kForbidden };
  Kind kind = Kind::kForbidden;
  std::string text;  ///< `there is no such file`, `it is a folder`, or what the system says
};

/// For a path that was opened in vain.
Unreadable WhyUnreadable(const std::string& path);

}  // namespace picket::compiler
