// The loop tells others that it lives: systemd, if the unit has WatchdogSec, and a watchdog device, if there
// is one to be told. Each is told once in a third of its time, and no thread but the loop's tells it.
//
// A watchdog device that is not told in time resets the machine. It is let go when picketd has left in good
// order; a picketd that dies leaves it armed, and the next one has to be there in time.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/ports/linux/descriptor.h"

namespace picket::runtime {

class Heartbeat {
 public:
  // What systemd wants is in the environment.
  Heartbeat();

  // False with the reason. `device` is a watchdog of the kernel (`/dev/watchdog`); anything else that can be
  // written to serves for tests and has a time of `otherwise_ms`.
  bool Arm(const std::string& device, std::string& error, int64_t otherwise_ms = 3000);
  // To be called at each turn of the loop.
  void Beat();
  // Until when the loop may wait; -1: as long as it likes.
  int64_t wait_ms() const { return every_ms_; }
  void Release();

 private:
  void Every(int64_t milliseconds);

  int64_t every_ms_ = -1;
  int64_t last_ms_ = -1;
  bool for_systemd_ = false;
  Descriptor device_;
};

}  // namespace picket::runtime
