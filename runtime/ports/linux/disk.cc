#include "runtime/ports/linux/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "runtime/ports/linux/descriptor.h"

namespace picket::runtime {
namespace {

bool WriteAll(int fd, const std::string& bytes) {
  size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t size = write(fd, bytes.data() + at, bytes.size() - at);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return false;
    at += static_cast<size_t>(size);
  }
  return true;
}

}  // namespace

WriteOutcome ReplaceFile(const std::string& folder, const std::string& name, const std::string& bytes, bool durable,
                         std::string& error) {
  const std::string path = folder + "/" + name;
  const std::string beside = folder + "/." + name + ".new";
  const auto fails = [&](WriteOutcome outcome, const char* what) {
    error = path + ": " + what + ": " + std::strerror(errno);
    unlink(beside.c_str());
    return outcome;
  };
  {
    // The configuration holds secrets: nobody else reads it.
    Descriptor file(open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.valid()) return fails(WriteOutcome::kRefused, "cannot be made");
    if (!WriteAll(file.get(), bytes)) return fails(WriteOutcome::kRefused, "cannot be written");
    if (durable && fsync(file.get()) != 0) return fails(WriteOutcome::kUncertain, "cannot be synced");
  }
  if (rename(beside.c_str(), path.c_str()) != 0) return fails(WriteOutcome::kRefused, "cannot be renamed");
  if (!durable) return WriteOutcome::kDone;
  Descriptor directory(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid() || fsync(directory.get()) != 0) {
    error = folder + ": cannot be synced: " + std::strerror(errno);
    return WriteOutcome::kUncertain;
  }
  return WriteOutcome::kDone;
}

std::vector<StoredFile> ReadFolder(const std::string& folder, const std::string& prefix, size_t limit) {
  std::vector<StoredFile> files;
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(opendir(folder.c_str()), closedir);
  if (!listing) return files;
  while (const dirent* entry = readdir(listing.get())) {
    StoredFile file;
    file.name = entry->d_name;
    if (!file.name.starts_with(prefix)) continue;
    Descriptor fd(open((folder + "/" + file.name).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    char buffer[65536];
    ssize_t size = 0;
    while (fd.valid() && file.bytes.size() < limit && (size = read(fd.get(), buffer, sizeof buffer)) > 0) {
      file.bytes.append(buffer, static_cast<size_t>(size));
    }
    files.push_back(std::move(file));
  }
  return files;
}

Disk::Disk(std::string folder, std::shared_ptr<Inbox> inbox)
    : worker_([folder = std::move(folder), inbox = std::move(inbox)](WriteStore& write) {
        StoreWritten written;
        written.write = write.write;
        written.outcome = ReplaceFile(folder, write.name, write.bytes, true, written.error);
        if (written.outcome == WriteOutcome::kDone) {
          for (const std::string& old : write.remove) unlink((folder + "/" + old).c_str());
        }
        inbox->Post(std::move(written));
      }) {}

bool SessionFile::Keep(const SaveSession& save, std::string& error) {
  const std::string path = folder_ + "/session";
  if (save.whole) {
    file_.Reset();
    if (ReplaceFile(folder_, "session", save.bytes, false, error) != WriteOutcome::kDone) return false;
    file_.Reset(open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW));
  } else if (file_.valid() && !WriteAll(file_.get(), save.bytes)) {
    error = path + ": cannot be written: " + std::strerror(errno);
    file_.Reset();
    return false;
  }
  if (!file_.valid() && error.empty()) error = path + ": cannot be opened";
  return file_.valid();
}

SessionKeeper::SessionKeeper(std::string folder, std::shared_ptr<Inbox> inbox)
    : worker_([file = std::make_shared<SessionFile>(std::move(folder)), inbox = std::move(inbox)](SaveSession& save) {
        SessionSaved saved;
        saved.save = save.save;
        saved.kept = file->Keep(save, saved.error);
        inbox->Post(std::move(saved));
      }) {}

}  // namespace picket::runtime
