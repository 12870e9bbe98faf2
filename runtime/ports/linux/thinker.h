// The thread on which plans are made: solving may take longer than a step of the core ever should.
#pragma once

#include <memory>

#include "runtime/ports/effects.h"
#include "runtime/ports/linux/inbox.h"
#include "runtime/ports/linux/worker.h"

namespace picket::runtime {

class Thinker {
 public:
  // Solved goes to the inbox.
  explicit Thinker(std::shared_ptr<Inbox> inbox);
  // One that waits is replaced: its answer would be dropped anyway.
  void Do(Solve solve) { worker_.DoInstead(std::move(solve)); }

 private:
  Worker<Solve> worker_;
};

}  // namespace picket::runtime
