// Who wants to know what a solve spends its time on (`simulate --profile`).
//
// The solver has no clock: it says what it is about to do, and whoever listens has one.
#pragma once

#include <string_view>

#include "solver/model/ids.h"

namespace picket::solver {

class StageWatch {
 public:
  StageWatch() = default;
  StageWatch(const StageWatch&) = delete;
  StageWatch& operator=(const StageWatch&) = delete;
  virtual ~StageWatch() = default;
  // A stage begins, and the one before it has ended. `stage` lives as long as the program.
  virtual void Begin(std::string_view stage) = 0;
  // Within the stage, what follows is work for this resource; for none if it is invalid.
  virtual void For(ResourceId resource) = 0;
};

}  // namespace picket::solver
