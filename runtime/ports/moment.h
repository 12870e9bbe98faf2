// A moment as the daemon's ports read it from the machine.
//
// Deadlines, delays and intervals are counted on the clock that neither jumps nor stops while the machine sleeps
// (CLOCK_BOOTTIME). The wall clock only stamps records and feeds date rules.
#pragma once

#include <cstdint>

namespace picket::runtime {

struct Moment {
  int64_t boot_ms = 0;       // since the machine booted
  int64_t wall_ms = 0;       // since 1970
  int32_t utc_offset_s = 0;  // of the local time zone at that wall time

  int64_t wall_s() const { return wall_ms / 1000; }
};

}  // namespace picket::runtime
