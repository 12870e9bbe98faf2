// Views: from what Corosync says to a membership in which all know the same.
//
// A ring change closes the view: nothing new begins. Each member then says hello; when all hellos of a membership are
// delivered, all conclude the same from them (runtime/group/round.h), and the source's word opens the view. Where the
// source may not know all that was accepted, it does not give its word: it waits for who may know more, or for people
// to say that it is to go on (GoOnWithWhatIsLeft).
//
// This room alone writes the View, and tells the other rooms when one ends and begins, in a fixed order. Cost: a round
// of messages for each membership, with the history of every node.
#pragma once

#include <string>
#include <vector>

#include "runtime/daemon/changes.h"
#include "runtime/daemon/clock.h"
#include "runtime/daemon/departure.h"
#include "runtime/daemon/gate.h"
#include "runtime/daemon/hard_disk.h"
#include "runtime/daemon/mail.h"
#include "runtime/daemon/membership.h"
#include "runtime/daemon/parts.h"
#include "runtime/daemon/pauses.h"
#include "runtime/daemon/silence.h"
#include "runtime/daemon/turn.h"
#include "runtime/daemon/view.h"

namespace picket::runtime {

// The rooms that take part in a view.
struct RoomsOfView {
  GroupClock& clock;
  Mail& mail;
  Pauses& pauses;
  HardDisk& disk;
  Departure& departure;
  Changes& changes;
  Silence& silence;
  Gate& gate;
};

class Views {
 public:
  Views(Parts& parts, Membership& membership, View& view, RoomsOfView rooms)
      : parts_(parts), membership_(membership), view_(view), rooms_(rooms) {}

  // Corosync's word.
  void On(const GroupOpened& event, Turn& turn);
  void On(const GroupConfigured& event, Turn& turn);
  void On(const GroupLost& event, Turn& turn);
  void On(const RingChanged& event, Turn& turn);
  void On(const GroupChanged& event, Turn& turn);
  void On(const QuorumChanged& event, Turn& turn);
  void OnTimer(Turn& turn);
  // A group of one: what is said comes back at once.
  void BeAlone(bool quorate, Turn& turn);

  // The messages of a round, of whatever term.
  void Take(NodeId from, const Hello& hello, Turn& turn);
  void Take(NodeId from, const Transfer& transfer, Turn& turn);
  void Take(NodeId from, const Overdue& overdue, Turn& turn);
  // What the coordinator says of its work.
  void Take(const Progress& progress);

  // A configuration was given on the command line: nobody needs to be waited for.
  void NeedNobody() { recovered_ = true; }
  // We are the source, and give our word only when people say so.
  bool WaitsForOperator() const;
  // They did: what was accepted last may be lost.
  void GoOnWithWhatIsLeft(Turn& turn);

 private:
  void Reconsider(Turn& turn);
  void CloseView(Turn& turn);
  void SayHello(Turn& turn);
  void ForgetWhatNeverBegan(const Hello& hello);
  void ConcludeRound(Turn& turn);
  void SendTransfer(const Verdict& verdict, Turn& turn);
  AbsentNode AbsentFrom(const std::string& name) const;
  std::string WhoIsAwaited(const Verdict& verdict) const;
  bool TakeHard(const Transfer& transfer, Turn& turn);
  void BeginView(const Transfer& transfer, std::vector<Begin> begun, Turn& turn);
  void MeetAbsent(const AbsentNode& absent);
  void MeetMember(const Hello& hello, const std::vector<FenceOrder>& fencing, Turn& turn);
  void TellView(Turn& turn) const;

  Parts& parts_;
  Membership& membership_;
  View& view_;
  RoomsOfView rooms_;
  bool hello_said_ = false;  // in this round
  bool recovered_ = false;   // somebody said to go on with what is left
};

}  // namespace picket::runtime
