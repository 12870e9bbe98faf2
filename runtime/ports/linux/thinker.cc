#include "runtime/ports/linux/thinker.h"

#include <memory>
#include <utility>

#include "execution/plan/orders.h"
#include "solver/schedule.h"

namespace picket::runtime {

Thinker::Thinker(std::function<void(Event)> done)
    : done_(std::move(done)), thread_([this] { solver::WithLargeStack([this] { Work(); }); }) {}

Thinker::~Thinker() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Thinker::Do(Solve solve) {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = std::move(solve);
  }
  wake_.notify_one();
}

void Thinker::Work() {
  solver::Run run;
  while (true) {
    std::optional<Solve> solve;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return ends_ || wanted_; });
      if (ends_) return;
      solve = std::exchange(wanted_, std::nullopt);
    }
    Solved solved;
    solved.ticket = solve->ticket;
    solved.plan = std::make_shared<execution::Plan>(execution::PlanOrders(*solve->cluster, solve->state, run));
    done_(std::move(solved));
  }
}

}  // namespace picket::runtime
