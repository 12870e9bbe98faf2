#include "compiler/source_map/unreadable.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace picket::compiler {

// By stat: the module for browsers has no std::filesystem::status.
Unreadable WhyUnreadable(const std::string& path) {
  struct stat about {};
  const bool known = stat(path.c_str(), &about) == 0;
  if (!known && (errno == ENOENT || errno == ENOTDIR)) return {Unreadable::Kind::kMissing, "there is no such file"};
  if (known && S_ISDIR(about.st_mode)) return {Unreadable::Kind::kFolder, "it is a folder"};
  if (access(path.c_str(), R_OK) != 0) return {Unreadable::Kind::kForbidden, std::strerror(errno)};
  return {Unreadable::Kind::kForbidden, "opening it fails"};
}

}  // namespace picket::compiler
