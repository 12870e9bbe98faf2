// A thread that carries out jobs one after the other and may hang without its owner hanging.
//
// What it works with lives as long as the thread does (captured by value in `work`), not as long as the
// owner: an owner that ends waits for a moment and then goes without it. Jobs that were not begun by then are
// lost.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace picket::runtime {

template <typename Job>
class Worker {
 public:
  // `work` is called on the thread; `around`, if given, is called there with the loop, for a thread that
  // needs a frame of its own (a larger stack).
  explicit Worker(std::function<void(Job&)> work, std::function<void(const std::function<void()>&)> around = {})
      : shared_(std::make_shared<Shared>()) {
    shared_->work = std::move(work);
    std::thread([shared = shared_, around = std::move(around)] {
      const auto loop = [shared] { shared->Loop(); };
      if (around) {
        around(loop);
      } else {
        loop();
      }
    }).detach();
  }
  ~Worker() {
    std::unique_lock lock(shared_->mutex);
    shared_->ends = true;
    shared_->turn.notify_all();
    shared_->turn.wait_for(lock, kGoodbye, [this] { return shared_->ended; });
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void Do(Job job) {
    const std::lock_guard lock(shared_->mutex);
    shared_->jobs.push_back(std::move(job));
    shared_->turn.notify_all();
  }
  // In the place of those that have not begun.
  void DoInstead(Job job) {
    const std::lock_guard lock(shared_->mutex);
    shared_->jobs.clear();
    shared_->jobs.push_back(std::move(job));
    shared_->turn.notify_all();
  }

  static constexpr std::chrono::milliseconds kGoodbye{1000};

 private:
  struct Shared {
    std::function<void(Job&)> work;
    std::mutex mutex;
    std::condition_variable turn;
    std::deque<Job> jobs;
    bool ends = false;
    bool ended = false;

    void Loop() {
      std::unique_lock lock(mutex);
      while (true) {
        turn.wait(lock, [this] { return ends || !jobs.empty(); });
        if (jobs.empty()) break;
        Job job = std::move(jobs.front());
        jobs.pop_front();
        lock.unlock();
        work(job);
        lock.lock();
      }
      ended = true;
      turn.notify_all();
    }
  };
  std::shared_ptr<Shared> shared_;
};

}  // namespace picket::runtime
