#include "runtime/daemon/fencing_hold.h"

#include <algorithm>
#include <utility>

namespace picket::runtime {

void FencingHold::Hold(uint64_t save, const Fencer& fencer, Turn& turn) {
  std::vector<runtime::Release> held;
  std::erase_if(turn.out.effects, [&](const Effect& effect) {
    const auto* release = std::get_if<runtime::Release>(&effect);
    if (!release || release->run != turn.spawned || !fencer.Owns(release->run)) return false;
    held.push_back(*release);
    return true;
  });
  if (!held.empty()) held_[save] = {turn.now.boot_ms + kFencingHeldMs, std::move(held)};
}

void FencingHold::Release(uint64_t save, Turn& turn) {
  for (auto held = held_.begin(); held != held_.end();) {
    if (held->first > save && held->second.until_ms > turn.now.boot_ms) {
      ++held;
      continue;
    }
    for (const runtime::Release& release : held->second.releases) turn.out.effects.push_back(release);
    held = held_.erase(held);
  }
}

int64_t FencingHold::NextDeadline() const {
  int64_t next = INT64_MAX;
  for (const auto& [save, held] : held_) next = std::min(next, held.until_ms);
  return next;
}

}  // namespace picket::runtime
