// The core of picketd: Step(now, event) -> effects. One thread, no I/O, no clock, no globals.
//
// Everything that the daemon knows it learned from events, and everything it does is an effect (runtime/ports). So a
// seed that makes events replays a history exactly, and the same core runs on a laptop, in a cluster and in a test.
// Messages go through the group: alone, each comes back at once.
//
// The core does nothing itself: it hands each event and each delivered message to the room that it concerns, and ends
// the step. The parts (parts.h) are the replica, the coordinator, the executor and the fencer. Around them are the
// rooms, each with its own state; a room knows those before it in this list and none after it:
//
//   turn, self              a step, and who makes it
//   clock, connections, newsroom, attributes
//                           the group's time; clients; what people are told; attributes that wait
//   membership, view        who is here by Corosync's word; what the members agreed on (a value)
//   mail, pauses            messages out and back; what is held back after a pause
//   journal, departure      what the next daemon gets; how this one ends
//   hard_disk, changes      what is on our disk; how a change comes to be in force
//   silence, gate, views    members that do not speak; when orders may be given; from hellos to a view
//   status, requests        what clients ask for
//
// Cost of a step: the message, and what became ready by it.
#pragma once

#include <cstdint>

#include "runtime/daemon/attributes.h"
#include "runtime/daemon/changes.h"
#include "runtime/daemon/clock.h"
#include "runtime/daemon/connections.h"
#include "runtime/daemon/departure.h"
#include "runtime/daemon/gate.h"
#include "runtime/daemon/hard_disk.h"
#include "runtime/daemon/journal.h"
#include "runtime/daemon/mail.h"
#include "runtime/daemon/membership.h"
#include "runtime/daemon/newsroom.h"
#include "runtime/daemon/parts.h"
#include "runtime/daemon/pauses.h"
#include "runtime/daemon/requests.h"
#include "runtime/daemon/silence.h"
#include "runtime/daemon/status.h"
#include "runtime/daemon/turn.h"
#include "runtime/daemon/view.h"
#include "runtime/daemon/views.h"
#include "runtime/ports/effects.h"
#include "runtime/ports/events.h"

namespace picket::runtime {

class Core {
 public:
  explicit Core(const Settings& settings);

  Effects Step(const Moment& now, const Event& event);

  // For tests and assertions.
  const Replica& replica() const { return parts_.replica; }
  const Coordinator& coordinator() const { return parts_.coordinator; }
  const Executor& executor() const { return parts_.executor; }
  const Fencer& fencer() const { return parts_.fencer; }
  bool left() const { return departure_.left(); }
  // In a view: what is known is known by all members, and orders are given.
  bool active() const { return view_.active; }
  uint64_t term() const { return view_.term; }
  bool settled() const { return IsSettled(view_, parts_.executor); }
  // Messages that wait to be delivered, changes that wait for the disk: for the checkers of bounds.
  size_t queued() const { return mail_.queued() + changes_.queued(); }

 private:
  // Events, each to its rooms.
  void On(const Booted& event);
  void On(const TimerFired& event);
  void On(const ProcessSpawned& event);
  void On(const SpawnFailed& event) { ToOwner(event); }
  void On(const ProcessEnded& event) { ToOwner(event); }
  void On(const StoreWritten& event) { changes_.On(event, turn_); }
  void On(const SessionSaved& event) { journal_.On(event, turn_); }
  void On(const Solved& event) { parts_.coordinator.On(event, turn_.now, turn_.out); }
  void On(const ClientOpened& event) { connections_.Open(event); }
  void On(const ClientSent& event) { requests_.On(event, turn_); }
  void On(const ClientClosed& event) { connections_.Close(event.client); }
  void On(const AskedToLeave& event) { departure_.Ask(event, turn_); }
  void On(const GroupOpened& event) { views_.On(event, turn_); }
  void On(const GroupConfigured& event) { views_.On(event, turn_); }
  void On(const GroupLost& event) { views_.On(event, turn_); }
  void On(const RingChanged& event) { views_.On(event, turn_); }
  void On(const GroupChanged& event) { views_.On(event, turn_); }
  void On(const GroupDelivered& event);
  void On(const QuorumChanged& event) { views_.On(event, turn_); }
  // To whoever made the process.
  template <typename E>
  void ToOwner(const E& event) {
    if (parts_.fencer.Owns(event.run)) {
      parts_.fencer.On(event, turn_.now, turn_.out);
    } else {
      parts_.executor.On(event, turn_.now, turn_.out);
    }
  }

  // Messages that were delivered, each to its rooms.
  void Receive(NodeId from, const Envelope& envelope);
  void Deliver(const Order& order);
  void Deliver(const Begin& begin);
  void Deliver(const Result& result);
  void Deliver(const AttributeSet& set);
  void Deliver(const FailuresCleared& cleared);
  void Deliver(const ResourceForgotten& forgotten);
  void PersonCleaned(std::string_view resource);
  void Deliver(const FenceOrder& order);
  void Deliver(const FenceDone& done);
  void Deliver(const Proposed& proposed) { changes_.Take(proposed, turn_); }
  void Deliver(const Stored& stored) { changes_.Take(stored, turn_); }
  void Deliver(const Promised& promised) { changes_.Take(promised, turn_); }
  void Deliver(const MayLeave& may_leave);
  void Deliver(const Goodbye& goodbye);
  void Deliver(const DaemonGone& gone);
  void Deliver(const Progress& progress) { views_.Take(progress); }
  void Deliver(const ClockSet& set);
  void Deliver(const Echo& echo);
  // These are taken before it is asked whether there is a view (Receive).
  void Deliver(const Hello&) {}
  void Deliver(const Transfer&) {}
  void Deliver(const Pulse&) {}
  void Deliver(const Overdue&) {}

  // The end of a step.
  void Settle();
  void AskToBeWoken();
  void CheckPromises() const;

  Turn turn_;  // the step that is being made
  Parts parts_;
  Membership membership_;
  View view_;
  GroupClock clock_;
  Connections connections_;
  Newsroom newsroom_;
  Attributes attributes_;
  Mail mail_{membership_, view_};
  Pauses pauses_{membership_, view_};
  Journal journal_{parts_, clock_};
  Departure departure_{parts_, view_, connections_, newsroom_, journal_};
  HardDisk disk_;
  Changes changes_{parts_, membership_, view_, connections_, disk_, departure_};
  Silence silence_{parts_, membership_, view_, mail_, departure_};
  Gate gate_{parts_, membership_, view_};
  Views views_{parts_, membership_, view_, {clock_, mail_, pauses_, disk_, departure_, changes_, silence_, gate_}};
  Status status_{parts_, membership_, view_, gate_, departure_};
  Requests requests_{
      parts_, membership_, view_, {connections_, newsroom_, attributes_, mail_, status_, changes_, departure_, views_}};
  bool booted_ = false;
};

}  // namespace picket::runtime
