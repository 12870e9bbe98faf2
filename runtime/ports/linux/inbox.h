// Where threads put events for the loop, which is woken by them. It lives as long as any of those who hold
// it.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <mutex>
#include <utility>
#include <vector>

#include "runtime/ports/events.h"
#include "runtime/ports/linux/descriptor.h"

namespace picket::runtime {

class Inbox {
 public:
  // Readable when there is something to take.
  int fd() const { return wake_.get(); }

  void Post(Event event) {
    {
      const std::lock_guard lock(mutex_);
      posted_.push_back(std::move(event));
    }
    const uint64_t one = 1;
    (void)!write(wake_.get(), &one, sizeof one);
  }
  void Take(std::vector<Event>& events) {
    uint64_t times = 0;
    (void)!read(wake_.get(), &times, sizeof times);
    const std::lock_guard lock(mutex_);
    for (Event& event : posted_) events.push_back(std::move(event));
    posted_.clear();
  }

 private:
  Descriptor wake_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::mutex mutex_;
  std::vector<Event> posted_;
};

}  // namespace picket::runtime
