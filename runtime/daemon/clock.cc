#include "runtime/daemon/clock.h"

#include <cstdlib>

namespace picket::runtime {

Turn GroupClock::Begin(const Moment& machine) {
  if (!offset_ms_) offset_ms_ = machine.wall_ms - machine.boot_ms;
  Turn turn;
  turn.now = machine;
  turn.now.wall_ms = machine.boot_ms + *offset_ms_;
  turn.wall_ms = machine.wall_ms;
  return turn;
}

void GroupClock::Set(int64_t group_wall_ms, Turn& turn) {
  offset_ms_ = group_wall_ms - turn.now.boot_ms;
  turn.now.wall_ms = group_wall_ms;
}

void GroupClock::Notice(Turn& turn) {
  const int64_t set_by_ms = turn.wall_ms - turn.now.wall_ms;
  if (told_ || std::abs(set_by_ms) <= kClockJumpMs) return;
  told_ = true;
  turn.out.messages.push_back(ClockSet{set_by_ms});
}

int64_t GroupClock::Follow(const ClockSet& set, Turn& turn) {
  const int64_t by_s = set.by_ms / 1000;
  told_ = false;
  Set(turn.now.wall_ms + by_s * 1000, turn);
  return by_s;
}

}  // namespace picket::runtime
