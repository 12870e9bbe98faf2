// Pauses: whether this daemon is still among the living, after it has not had a turn for long.
//
// A member that stood still may have been lost and replaced meanwhile, and what is delivered to it now may be of that
// past. Only what comes back of what it says now shows that it is still among the others. So after a pause it sends an
// echo, and until that is back it begins nothing: neither operations nor fencings. To notice a pause there has to be a
// turn from time to time, and this room asks for one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/daemon/membership.h"
#include "runtime/daemon/turn.h"
#include "runtime/daemon/view.h"

namespace picket::runtime {

class Pauses {
 public:
  Pauses(const Membership& membership, const View& view) : membership_(membership), view_(view) {}

  // A turn begins: sends an echo if it was long in coming.
  void Notice(const std::string& own_name, Turn& turn);
  // Whether it is held back: then it is given by Take().
  bool Hold(const Begin& begin);
  bool Hold(const FenceOrder& order);

  struct Held {
    std::vector<Begin> begins;
    std::vector<FenceOrder> fences;
  };
  // An echo of ours is back. What was held back, in the order in which it came; nothing if a later echo is awaited.
  Held Take(const Echo& echo);
  // What is held back dies with its view.
  void EndView();

  // When the next turn is wanted, at the latest; INT64_MAX if any time will do.
  int64_t NextDeadline(const Moment& now) const;
  // PICKET_ASSERT: what is held back waits for an echo in a view.
  void CheckPromises() const;

 private:
  bool Matters() const { return view_.active && !membership_.loopback(); }

  const Membership& membership_;
  const View& view_;
  std::optional<uint64_t> awaited_;  // the number of the echo
  uint64_t next_ = 1;
  Held held_;
  std::optional<int64_t> last_turn_ms_;
};

}  // namespace picket::runtime
