#include "runtime/ports/linux/thinker.h"

#include <memory>
#include <utility>

#include "execution/plan/orders.h"
#include "solver/schedule.h"

namespace picket::runtime {

Thinker::Thinker(std::shared_ptr<Inbox> inbox)
    : worker_(
          [run = std::make_shared<solver::Run>(), inbox = std::move(inbox)](Solve& solve) {
            Solved solved;
            solved.ticket = solve.ticket;
            solved.plan = std::make_shared<execution::Plan>(execution::PlanOrders(*solve.cluster, solve.state, *run));
            inbox->Post(std::move(solved));
          },
          [](const std::function<void()>& loop) { solver::WithLargeStack(loop); }) {}

}  // namespace picket::runtime
