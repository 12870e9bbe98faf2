// The step tables of the role walk (spec 05 §8.4): how a resource gets from one role to another.
//
// Pure functions of two roles; the walk itself is in primitive.cc.
#pragma once

#include <cstdint>

#include "solver/model/role.h"

namespace picket::solver {

enum class Step : uint8_t { kNone, kStop, kStart, kPromote, kDemote };

// The role after one step from `now` towards `target`.
constexpr Role RoleTowards(Role now, Role target) {
  constexpr Role kUnknown = Role::kUnknown, kStopped = Role::kStopped, kStarted = Role::kStarted,
                 kUnpromoted = Role::kUnpromoted, kPromoted = Role::kPromoted;
  constexpr Role kTable[5][5] = {
      // target: Unknown, Stopped, Started, Unpromoted, Promoted
      {kUnknown, kStopped, kStopped, kStopped, kStopped},
      {kStopped, kStopped, kStarted, kUnpromoted, kUnpromoted},
      {kStopped, kStopped, kStarted, kUnpromoted, kPromoted},
      {kStopped, kStopped, kStopped, kUnpromoted, kPromoted},
      {kStopped, kUnpromoted, kUnpromoted, kUnpromoted, kPromoted},
  };
  return kTable[static_cast<int>(now)][static_cast<int>(target)];
}

// The action that one step takes; kNone ends the walk.
constexpr Step StepBetween(Role now, Role next) {
  switch (now) {
    case Role::kUnknown:
      return next == Role::kStopped ? Step::kStop : Step::kNone;
    case Role::kStopped:
      return next == Role::kStarted || next == Role::kUnpromoted ? Step::kStart : Step::kNone;
    case Role::kStarted:
      if (next == Role::kPromoted) return Step::kPromote;
      return next == Role::kStopped ? Step::kStop : Step::kNone;
    case Role::kUnpromoted:
      if (next == Role::kPromoted) return Step::kPromote;
      return next == Role::kStopped || next == Role::kStarted ? Step::kStop : Step::kNone;
    case Role::kPromoted:
      return next == Role::kPromoted ? Step::kNone : Step::kDemote;
  }
  return Step::kNone;
}

}  // namespace picket::solver
