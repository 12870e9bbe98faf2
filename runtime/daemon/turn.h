// One step of the core as its rooms see it: what time it is, and what they leave behind.
//
// A turn is made when an event comes and is gone when the step is over. It is handed from room to room, so
// that no room keeps a clock or an outbox of its own. What one room leaves is in the order in which the rooms were
// called; that order is part of the answer.
#pragma once

#include <cstdint>
#include <optional>

#include "runtime/group/outbox.h"
#include "runtime/ports/moment.h"

namespace picket::runtime {

struct Turn {
  Moment now;                        // its wall clock is the group's (clock.h)
  int64_t wall_ms = 0;               // the machine's own wall clock
  Outbox out;                        // effects, messages and news of this step
  std::optional<RunNumber> spawned;  // the run whose process this step's event is about, if it has just been made
};

}  // namespace picket::runtime
