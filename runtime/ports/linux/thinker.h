// The thread on which plans are made: solving may take longer than a step of the core ever should.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "runtime/ports/effects.h"
#include "runtime/ports/events.h"

namespace picket::runtime {

class Thinker {
 public:
  // `done` is called on the thread with each Solved.
  explicit Thinker(std::function<void(Event)> done);
  ~Thinker();
  // One that waits is replaced: its answer would be dropped anyway.
  void Do(Solve solve);

 private:
  void Work();

  std::function<void(Event)> done_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<Solve> wanted_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace picket::runtime
