#include "runtime/ports/linux/heartbeat.h"

#include <fcntl.h>
#include <linux/watchdog.h>
#include <sys/ioctl.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace picket::runtime {
namespace {

constexpr int kTellsInItsTime = 3;

int64_t NowMs() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1000000;
}

}  // namespace

Heartbeat::Heartbeat() {
  uint64_t microseconds = 0;
  for_systemd_ = sd_watchdog_enabled(0, &microseconds) > 0;
  if (for_systemd_) Every(static_cast<int64_t>(microseconds / 1000));
}

void Heartbeat::Every(int64_t milliseconds) {
  const int64_t every_ms = std::max<int64_t>(milliseconds / kTellsInItsTime, 1);
  every_ms_ = every_ms_ < 0 ? every_ms : std::min(every_ms_, every_ms);
}

bool Heartbeat::Arm(const std::string& device, std::string& error, int64_t otherwise_ms) {
  device_.Reset(open(device.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK));
  if (!device_.valid()) {
    error = device + ": " + std::strerror(errno) + (errno == EBUSY ? "; somebody else uses this watchdog" : "");
    return false;
  }
  int seconds = 0;
  const bool is_watchdog = ioctl(device_.get(), WDIOC_GETTIMEOUT, &seconds) == 0 && seconds > 0;
  Every(is_watchdog ? int64_t{seconds} * 1000 : otherwise_ms);
  return true;
}

void Heartbeat::Beat() {
  if (every_ms_ < 0) return;
  const int64_t now_ms = NowMs();
  if (last_ms_ >= 0 && now_ms < last_ms_ + every_ms_) return;
  last_ms_ = now_ms;
  if (for_systemd_) sd_notify(0, "WATCHDOG=1");
  if (device_.valid()) (void)!write(device_.get(), "\0", 1);
}

void Heartbeat::Release() {
  // The kernel's word for letting a watchdog go.
  if (device_.valid()) (void)!write(device_.get(), "V", 1);
  device_.Reset();
}

}  // namespace picket::runtime
