#include "runtime/ports/linux/group_number.h"

#include <grp.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace picket::runtime {
namespace {

constexpr std::chrono::seconds kAgain{60};

int64_t AskNameServices(const std::string& name) {
  std::vector<char> buffer(65536);
  group found{};
  group* result = nullptr;
  if (getgrnam_r(name.c_str(), &found, buffer.data(), buffer.size(), &result) != 0 || !result) return -1;
  return found.gr_gid;
}

}  // namespace

struct GroupNumber::Shared {
  std::mutex mutex;
  std::condition_variable turn;
  int64_t number = -1;
  bool answered = false;
  bool ends = false;
};

GroupNumber::GroupNumber(std::string name, std::function<int64_t(const std::string&)> ask)
    : shared_(std::make_shared<Shared>()) {
  if (!ask) ask = AskNameServices;
  std::thread([shared = shared_, name = std::move(name), ask = std::move(ask)] {
    while (true) {
      const int64_t number = ask(name);
      std::unique_lock lock(shared->mutex);
      shared->number = number;
      shared->answered = true;
      shared->turn.notify_all();
      if (shared->turn.wait_for(lock, kAgain, [&] { return shared->ends; })) return;
    }
  }).detach();
}

GroupNumber::~GroupNumber() {
  const std::lock_guard lock(shared_->mutex);
  shared_->ends = true;
  shared_->turn.notify_all();
}

int64_t GroupNumber::get() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->number;
}

void GroupNumber::WaitForFirst(int milliseconds) const {
  std::unique_lock lock(shared_->mutex);
  shared_->turn.wait_for(lock, std::chrono::milliseconds(milliseconds), [&] { return shared_->answered; });
}

}  // namespace picket::runtime
