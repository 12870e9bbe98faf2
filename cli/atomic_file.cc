#include "cli/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

namespace picket::cli {

namespace {

bool Failed(std::string& reason) {
  reason = std::strerror(errno);
  return false;
}

bool WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

bool WriteDirectly(const std::string& path, std::string_view text, std::string& reason) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return Failed(reason);
  const bool written = WriteAll(fd, text);
  if (!written) Failed(reason);
  if (::close(fd) != 0 && written) return Failed(reason);
  return written;
}

// Where a link leads, so that replacing the file does not replace the link.
std::string Resolved(const std::string& path) {
  std::error_code error;
  std::filesystem::path resolved = std::filesystem::weakly_canonical(path, error);
  return error ? path : resolved.string();
}

std::string FolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

mode_t DefaultMode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

bool WriteFile(const std::string& path, std::string_view text, std::string& reason) {
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && !S_ISREG(status.st_mode)) {
    if (S_ISDIR(status.st_mode)) errno = EISDIR;
    return S_ISDIR(status.st_mode) ? Failed(reason) : WriteDirectly(path, text, reason);
  }
  if (exists && ::access(path.c_str(), W_OK) != 0) return Failed(reason);

  const std::string target = Resolved(path);
  std::string name = target + ".XXXXXX";
  std::vector<char> temporary(name.begin(), name.end());
  temporary.push_back('\0');
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) {
    // A folder where nothing new may be made can still hold a file that may be changed.
    return exists ? WriteDirectly(path, text, reason) : Failed(reason);
  }
  bool done =
      WriteAll(fd, text) && ::fchmod(fd, exists ? status.st_mode & 07777 : DefaultMode()) == 0 && ::fsync(fd) == 0;
  if (!done) Failed(reason);
  if (::close(fd) != 0 && done) done = Failed(reason);
  if (done && ::rename(temporary.data(), target.c_str()) != 0) done = Failed(reason);
  if (!done) ::unlink(temporary.data());
  return done;
}

bool CanWriteFile(const std::string& path, std::string& reason) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) {
      errno = EISDIR;
      return Failed(reason);
    }
    return ::access(path.c_str(), W_OK) == 0 || Failed(reason);
  }
  if (errno != ENOENT) return Failed(reason);
  return ::access(FolderOf(Resolved(path)).c_str(), W_OK | X_OK) == 0 || Failed(reason);
}

}  // namespace picket::cli
