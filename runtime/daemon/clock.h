// The group's clock: the wall clock of which stamps are made, the same for all members.
//
// Ages are what failure timeouts and date rules compare, and a clock that is set must not make anything older. So the
// group has a clock of its own: as far from the time since boot as it was when the view began, on every member. It
// follows the wall clock of the coordinator: when that one was set, the coordinator says so in the total order, and all
// members move the clock and the stamps along.
#pragma once

#include <cstdint>
#include <optional>

#include "runtime/daemon/turn.h"

namespace picket::runtime {

// By how much a wall clock may be slewed between two steps without being called set.
inline constexpr int64_t kClockJumpMs = 1000;

class GroupClock {
 public:
  // A step begins: its turn, with the group's time. The first one sets the clock by the machine's.
  Turn Begin(const Moment& machine);
  // A view begins, or what the last daemon left is taken over: the group's clock shows `group_wall_ms` now.
  void Set(int64_t group_wall_ms, Turn& turn);
  // Of the coordinator: sends ClockSet, once until it is delivered, if the machine's clock was set.
  void Notice(Turn& turn);
  // ClockSet was delivered: the clock moves on by whole seconds, which are given back. The stamps are the caller's to
  // move.
  int64_t Follow(const ClockSet& set, Turn& turn);
  // A message of that view may never be delivered.
  void EndView() { told_ = false; }

  // The group's wall clock less the machine's time since boot.
  int64_t offset_ms() const { return *offset_ms_; }

 private:
  std::optional<int64_t> offset_ms_;
  bool told_ = false;  // ClockSet is on its way
};

}  // namespace picket::runtime
