// How long the group waits for one of its members: the only place that says so (docs/runtime.md, "Who is
// silent").
//
// A machine that is silent for token + consensus is lost, by Corosync's word. A picketd has as long, and
// never less than one that is restarted. Each member sends a pulse four times within that; nobody counts by a
// clock alone, since whoever counts may have been away: a silence is so many pulses of our own that came back
// with nothing from the other in between.
#pragma once

#include <algorithm>
#include <cstdint>

namespace picket::runtime {

// How long a machine in the ring may be without its picketd before that counts as its loss.
inline constexpr int64_t kDaemonGraceMs = 10000;
inline constexpr int kPulses = 4;

// For a hello, for a transfer, for any word at all.
constexpr int64_t PatienceMs(int64_t token_ms, int64_t consensus_ms) {
  return std::max(kDaemonGraceMs, token_ms + consensus_ms);
}
constexpr int64_t PulseMs(int64_t token_ms, int64_t consensus_ms) {
  return PatienceMs(token_ms, consensus_ms) / kPulses;
}
// For a begin on a lane that is free, and for a result beyond the time that its operation has.
constexpr int64_t WorkPatienceMs(int64_t token_ms, int64_t consensus_ms) {
  return 2 * PatienceMs(token_ms, consensus_ms);
}

}  // namespace picket::runtime
