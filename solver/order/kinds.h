// Small helpers of the ordering room: names of kinds in short form and the inverse of an operation.
#pragma once

#include "solver/model/action.h"

namespace picket::solver {

// Undoing `operation`: start and stop, promote and demote, and their completions; kNone for anything else
// (spec 05 §12.4).
inline Symbol Inverse(Symbol operation) {
  switch (operation) {
    case Symbol::kStart:
      return Symbol::kStop;
    case Symbol::kStop:
      return Symbol::kStart;
    case Symbol::kPromote:
      return Symbol::kDemote;
    case Symbol::kDemote:
      return Symbol::kPromote;
    case Symbol::kPromoted:
      return Symbol::kDemoted;
    case Symbol::kDemoted:
      return Symbol::kPromoted;
    case Symbol::kRunning:
      return Symbol::kStopped;
    case Symbol::kStopped:
      return Symbol::kRunning;
    default:
      return Symbol::kNone;
  }
}

}  // namespace picket::solver
