// The journal: what the next daemon of this boot has to know, kept as it changes (runtime/store/session.h).
//
// A step appends what it has changed and no more; when what was appended is longer than the whole, the whole is written
// instead. An agent begins once its process is on record. Where nothing can be kept no agent begins, and it is tried
// again every second; fence agents alone are not held up for longer than that takes to find out (fencing_hold.h). The
// same room takes over what the last daemon left. Cost of a step: what it has changed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/daemon/clock.h"
#include "runtime/daemon/fencing_hold.h"
#include "runtime/daemon/parts.h"
#include "runtime/daemon/turn.h"
#include "runtime/store/session.h"

namespace picket::runtime {

class Journal {
 public:
  Journal(Parts& parts, GroupClock& clock) : parts_(parts), clock_(clock) {}

  // Takes over what the last daemon of this boot left behind, its name included: its history, its numbers, its agents
  // that may live. Nothing if there is none, it is of another boot, or it cannot be read (which is told).
  void TakeOver(const Booted& event, Turn& turn);
  // A step ends: writes what it has changed.
  void Keep(Turn& turn);
  void On(const SessionSaved& event, Turn& turn);
  void OnTimer(Turn& turn) { hold_.Release(0, turn); }
  // When a turn is wanted; INT64_MAX if never.
  int64_t NextDeadline() const;
  // Nothing is left to take over: the next daemon begins with probes.
  void Wipe(Turn& turn) { turn.out.effects.push_back(SaveSession{next_save_++, {}, true}); }

 private:
  void Adopt(const Session& session, Turn& turn);
  std::string ChangesText();
  Session Whole() const;

  Parts& parts_;
  GroupClock& clock_;
  FencingHold hold_;
  uint64_t next_save_ = 1;
  bool whole_ = true;        // it has to be written anew
  std::string written_for_;  // the name under which it was
  size_t whole_bytes_ = 0;
  size_t appended_bytes_ = 0;
  SessionNumbers numbers_;  // as the file has them
  uint64_t saved_fencing_ = UINT64_MAX;
  uint64_t seen_soft_ = UINT64_MAX;                       // when the soft state was last looked at
  std::map<uint64_t, std::vector<RunNumber>> recording_;  // runs that are being written down, by save
  std::vector<RunNumber> unrecorded_;                     // that have to be
  std::optional<int64_t> retry_ms_;                       // the last one could not be kept
  bool failing_ = false;                                  // as last told
};

}  // namespace picket::runtime
