// Fence agents that wait for the session to be written down, but not for ever.
//
// No agent begins before its process is on record (journal.h). A disk that hangs must not keep a lost node from being
// fenced, so a fence agent is released when its save is done, whether it was kept or not, or when it has waited for
// long enough. Cost: the fence agents of the step, or those that wait.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "runtime/daemon/turn.h"
#include "runtime/fencer/fencer.h"

namespace picket::runtime {

// How long a fence agent waits for its save.
inline constexpr int64_t kFencingHeldMs = 2000;

class FencingHold {
 public:
  // Takes the release of the fence agent whose process was just made out of the turn's effects, until that save is
  // done.
  void Hold(uint64_t save, const Fencer& fencer, Turn& turn);
  // Releases what waited for this save or an earlier one, and what has waited for long enough.
  void Release(uint64_t save, Turn& turn);
  // When Release() is wanted; INT64_MAX if never.
  int64_t NextDeadline() const;

 private:
  struct Held {
    int64_t until_ms = 0;
    std::vector<runtime::Release> releases;
  };

  std::map<uint64_t, Held> held_;  // by save
};

}  // namespace picket::runtime
