#include "runtime/control/own_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace picket::runtime {
namespace {

struct Handle {
  explicit Handle(int given) : fd(given) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (fd >= 0) close(fd);
  }
  int fd;
};

// Whether others than root and we ourselves can put something else into it. Of a group of our own, which
// users have on many systems, nobody else is a member.
bool OthersWrite(const struct stat& status) {
  const bool own_group = status.st_gid == 0 || (geteuid() != 0 && status.st_gid == getegid() && getegid() == geteuid());
  return (status.st_mode & S_IWOTH) != 0 || ((status.st_mode & S_IWGRP) != 0 && !own_group);
}

bool BelongsToUs(const struct stat& status) {
  return status.st_uid == geteuid() || status.st_uid == 0;
}

std::string Why(const std::string& path, const struct stat& status, bool last) {
  if (!S_ISDIR(status.st_mode)) return path + " is no folder";
  if (!BelongsToUs(status)) {
    return path + " belongs to user " + std::to_string(status.st_uid) + ": choose a folder of your own";
  }
  const bool sticky = (status.st_mode & S_ISVTX) != 0;
  if (OthersWrite(status) && (last || !sticky)) {
    return "others can write to " + path + ": choose another folder, or `chmod go-w " + path + "`";
  }
  return {};
}

// Of a path without links, from `/` down to its last part but one.
bool AncestorsAreSafe(const std::string& path, std::string& error) {
  for (size_t end = 0; end != std::string::npos; end = path.find('/', end + 1)) {
    const std::string folder = end == 0 ? "/" : path.substr(0, end);
    struct stat status {};
    if (lstat(folder.c_str(), &status) != 0) {
      error = folder + ": " + std::strerror(errno);
      return false;
    }
    error = Why(folder, status, false);
    if (!error.empty()) return false;
  }
  return true;
}

// The folder above with its links resolved, and the last part as it is. Links in safe folders are root's or
// ours; whether they are safe is asked of where they lead.
bool Resolve(const std::string& path, std::string& resolved, std::string& error) {
  const std::string absolute = AbsolutePath(path);
  const size_t slash = absolute.rfind('/');
  const std::string above = slash == 0 ? "/" : absolute.substr(0, slash);
  char real[PATH_MAX];
  // Folders that are missing above are made as well, and are ours.
  if (!realpath(above.c_str(), real) &&
      (errno != ENOENT || !MakeOwnFolder(above, 0, error) || !realpath(above.c_str(), real))) {
    if (error.empty()) error = above + ": " + std::strerror(errno);
    return false;
  }
  resolved = (std::strcmp(real, "/") == 0 ? "" : std::string(real)) + absolute.substr(slash);
  return true;
}

}  // namespace

std::string AbsolutePath(const std::string& path) {
  std::string absolute = std::filesystem::absolute(path).lexically_normal().string();
  while (absolute.size() > 1 && absolute.back() == '/') absolute.pop_back();
  return absolute;
}

bool MakeOwnFolder(const std::string& path, mode_t mode, std::string& error) {
  std::string resolved;
  if (!Resolve(path, resolved, error) || !AncestorsAreSafe(resolved, error)) return false;
  const bool made = mkdir(resolved.c_str(), 0700) == 0;
  if (!made && errno != EEXIST) {
    error = resolved + ": " + std::strerror(errno);
    return false;
  }
  const Handle folder(open(resolved.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (folder.fd < 0 || fstat(folder.fd, &status) != 0) {
    error = resolved + (errno == ENOTDIR || errno == ELOOP ? " is a link or no folder: choose another one"
                                                           : std::string(": ") + std::strerror(errno));
    return false;
  }
  if (status.st_uid != geteuid()) {
    error = resolved + " belongs to user " + std::to_string(status.st_uid) + ": choose a folder of your own";
    return false;
  }
  error = Why(resolved, status, true);
  if (!error.empty()) return false;
  if (mode == 0 && !made) return true;
  if (fchmod(folder.fd, mode == 0 ? 0755 : mode) == 0) return true;
  error = resolved + ": " + std::strerror(errno);
  return false;
}

}  // namespace picket::runtime
