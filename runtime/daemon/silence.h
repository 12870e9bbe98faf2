// Silence: members that are in the group and do not speak.
//
// Corosync notices machines that are silent, not daemons: one that is stopped, or waits for something, stays in the
// group. So each member sends a pulse from time to time (runtime/group/patience.h) and counts, for every other, its own
// pulses that came back with nothing from the other in between. Whoever counts too many says so; in the total order all
// see alike whether that is so, and go on in a new round without the one that is overdue. To them it is lost; if it
// hears of that it ends, since whatever it knew is of a past that is over.
//
// This room names the round: the membership's key, and how often somebody was given up in it. Where a round is to begin
// anew it says so to its caller (views.h), which begins it. Cost of a pulse that is back: the members.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "runtime/daemon/departure.h"
#include "runtime/daemon/mail.h"
#include "runtime/daemon/membership.h"
#include "runtime/daemon/parts.h"
#include "runtime/daemon/turn.h"
#include "runtime/daemon/view.h"

namespace picket::runtime {

class Silence {
 public:
  Silence(Parts& parts, const Membership& membership, const View& view, Mail& mail, Departure& departure)
      : parts_(parts), membership_(membership), view_(view), mail_(mail), departure_(departure) {}

  // Sends a pulse when one is due. `waits`: the view is held back on purpose, and nobody is to count us as late.
  void Beat(bool waits, Turn& turn);
  // When Beat() is wanted; INT64_MAX if never.
  int64_t NextDeadline() const { return pulse_due_ms_.value_or(INT64_MAX); }

  // A piece of a message of that member was delivered; `whole`: the last one of a message.
  void NoticePiece(NodeId from, bool whole);
  void Take(NodeId from, const Pulse& pulse, Turn& turn);
  // Both give whether the round is to begin anew, without somebody. They may find that it is we who are overdue: then
  // we leave.
  bool Take(NodeId from, const Overdue& overdue, Turn& turn);
  // Who came in later hears from the others' hellos without whom they go on.
  bool Adopt(const Hello& hello, Turn& turn);

  // The membership has that key now. Gives what a round in it is called; empty where there is none.
  std::string KeyIn(const std::string& membership);
  // A new round begins: what was heard before it is not the same for all.
  void BeginRound();
  // The round is complete: without whom it goes on, all do.
  void EndRound(const std::set<OverduePeer>& without) { overdue_.insert(without.begin(), without.end()); }
  const std::set<OverduePeer>& overdue() const { return overdue_; }
  bool IsOverdue(const std::string& node) const;

 private:
  // What one member has let be heard. Only in a round are the two numbers the same for all.
  struct Voice {
    uint64_t process = 0;
    uint64_t last_piece = 0;  // of its pieces in this round, counted over all members'
    uint64_t last_pulse = 0;
    int silent = 0;       // pulses of ours that came back since it last spoke
    bool pulses = false;  // it is of a version that does
    bool waits = false;   // as it last said
  };

  bool MayAccuse() const;
  void JudgeOthers(Turn& turn);
  void Accuse(const GroupPeer& peer, Lateness lateness, Turn& turn);
  bool IsLate(NodeId by, const Overdue& overdue) const;
  bool IsOverdue(NodeId id) const;
  bool IsHere(const GroupPeer& peer) const;

  Parts& parts_;
  const Membership& membership_;
  const View& view_;
  Mail& mail_;
  Departure& departure_;

  std::string base_key_;  // of the membership
  int epoch_ = 0;         // how often somebody was given up in it
  std::map<NodeId, Voice> voices_;
  uint64_t pieces_ = 0;
  int round_pulses_ = 0;     // of ours that came back in this round
  int transfer_pulses_ = 0;  // since the source has last sent a part of its word
  std::optional<int64_t> pulse_due_ms_;
  bool pulse_out_ = false;         // one is on its way
  int pulses_held_ = 0;            // that were not sent because of it
  std::set<OverduePeer> overdue_;  // as long as the process is in the group
};

}  // namespace picket::runtime
