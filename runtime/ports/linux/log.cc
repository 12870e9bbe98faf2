#include "runtime/ports/linux/log.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>
#include <utility>

#include "runtime/ports/linux/descriptor.h"

namespace picket::runtime {
namespace {

constexpr std::chrono::milliseconds kGoodbye{500};

std::string Stamp() {
  const time_t now = time(nullptr);
  tm local{};
  localtime_r(&now, &local);
  char stamp[16];
  std::strftime(stamp, sizeof stamp, "%H:%M:%S", &local);
  return stamp;
}

}  // namespace

// The thread may outlive the log, if nobody takes what it writes.
struct Log::Shared {
  std::string file;
  size_t file_max = 0;
  int descriptor = -1;
  Descriptor opened;

  std::mutex mutex;
  std::condition_variable turn;
  std::string waiting;
  uint64_t dropped = 0;
  bool ends = false;
  bool ended = false;

  void Work();
  void Write(const std::string& text);
  bool WaitUntilWritable() const;
  void OpenFile();
};

void Log::Shared::OpenFile() {
  opened.Reset(open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  struct stat status {};
  if (!opened.valid() || fstat(opened.get(), &status) != 0 || static_cast<size_t>(status.st_size) < file_max) return;
  rename(file.c_str(), (file + ".1").c_str());
  opened.Reset(open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
}

// Of a descriptor that somebody has set not to wait.
bool Log::Shared::WaitUntilWritable() const {
  pollfd wait{descriptor, POLLOUT, 0};
  return poll(&wait, 1, -1) > 0 && (wait.revents & POLLOUT) != 0;
}

void Log::Shared::Write(const std::string& text) {
  if (!file.empty()) {
    OpenFile();
    descriptor = opened.get();
  }
  size_t at = 0;
  while (at < text.size()) {
    const ssize_t size = write(descriptor, text.data() + at, text.size() - at);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN && WaitUntilWritable()) continue;
    if (size <= 0) return;  // Nobody is there any more.
    at += static_cast<size_t>(size);
  }
}

void Log::Shared::Work() {
  std::unique_lock lock(mutex);
  while (true) {
    turn.wait(lock, [this] { return ends || !waiting.empty(); });
    if (waiting.empty()) break;
    const std::string text = std::exchange(waiting, {});
    lock.unlock();
    Write(text);
    lock.lock();
  }
  ended = true;
  turn.notify_all();
}

Log::Log(int descriptor, std::string file, size_t file_max) : shared_(std::make_shared<Shared>()) {
  shared_->descriptor = descriptor;
  shared_->file = std::move(file);
  shared_->file_max = file_max;
  std::thread([shared = shared_] { shared->Work(); }).detach();
}

Log::~Log() {
  std::unique_lock lock(shared_->mutex);
  shared_->ends = true;
  shared_->turn.notify_all();
  shared_->turn.wait_for(lock, kGoodbye, [this] { return shared_->ended; });
}

void Log::Say(SayLevel level, const std::string& text) {
  static constexpr const char* kWords[] = {"", "", "warning: ", "error: "};
  const std::string line = Stamp() + " " + kWords[static_cast<size_t>(level)] + text + "\n";
  const std::lock_guard lock(shared_->mutex);
  if (shared_->waiting.size() + line.size() > kWaitingMax) {
    ++shared_->dropped;
    return;
  }
  if (shared_->dropped > 0) {
    shared_->waiting += Stamp() + " warning: nobody took what is written here, and " +
                        std::to_string(shared_->dropped) + " lines are left out\n";
    shared_->dropped = 0;
  }
  shared_->waiting += line;
  shared_->turn.notify_all();
}

}  // namespace picket::runtime
