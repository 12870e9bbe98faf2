#include "runtime/daemon/pauses.h"

#include <utility>

#include "solver/model/assert.h"

namespace picket::runtime {

void Pauses::Notice(const std::string& own_name, Turn& turn) {
  const int64_t last_ms = last_turn_ms_.value_or(turn.now.boot_ms);
  last_turn_ms_ = turn.now.boot_ms;
  if (!Matters() || turn.now.boot_ms - last_ms <= membership_.group().token_ms / 2) return;
  awaited_ = next_++;
  turn.out.messages.push_back(Echo{own_name, *awaited_});
}

bool Pauses::Hold(const Begin& begin) {
  if (awaited_) held_.begins.push_back(begin);
  return awaited_.has_value();
}

bool Pauses::Hold(const FenceOrder& order) {
  if (awaited_) held_.fences.push_back(order);
  return awaited_.has_value();
}

Pauses::Held Pauses::Take(const Echo& echo) {
  if (awaited_ != echo.nonce) return {};
  awaited_.reset();
  return std::exchange(held_, {});
}

void Pauses::EndView() {
  awaited_.reset();
  held_ = {};
}

int64_t Pauses::NextDeadline(const Moment& now) const {
  return Matters() ? now.boot_ms + membership_.group().token_ms / 4 : INT64_MAX;
}

void Pauses::CheckPromises() const {
  PICKET_ASSERT(awaited_ ? view_.active : held_.begins.empty() && held_.fences.empty(),
                "what is held back waits for an echo in a view");
}

}  // namespace picket::runtime
