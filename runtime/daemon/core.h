// The core of picketd: Step(now, event) -> effects. One thread, no I/O, no clock, no globals.
//
// Everything that the daemon knows it learned from events, and everything it does is an effect (runtime/ports).
// So a seed that makes events replays a history exactly, and the same core runs on a laptop, in a cluster and in
// a test. Messages go through the group: alone, each comes back at once.
//
// The parts: Executor (this node's agents), Fencer (other nodes' power), Replica (what is known), Coordinator (what
// to do), Round (who is here). They do not call one another; the core hands messages round. Cost of a step: the
// message, and what became ready by it. core.cc: steps and messages; view.cc: from memberships to views; changes.cc:
// the hard state; control.cc: clients.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/control/request.h"
#include "runtime/coordinator/coordinator.h"
#include "runtime/daemon/attributes.h"
#include "runtime/daemon/clock.h"
#include "runtime/daemon/connections.h"
#include "runtime/daemon/newsroom.h"
#include "runtime/daemon/self.h"
#include "runtime/daemon/turn.h"
#include "runtime/executor/executor.h"
#include "runtime/fencer/fencer.h"
#include "runtime/group/outbox.h"
#include "runtime/group/patience.h"
#include "runtime/group/round.h"
#include "runtime/group/wire.h"
#include "runtime/ports/effects.h"
#include "runtime/ports/events.h"
#include "runtime/ports/moment.h"
#include "runtime/store/replica.h"
#include "runtime/store/session.h"

namespace picket::runtime {

// The exit status of a picketd without which the others have gone on: it is to be started anew.
inline constexpr int kExitOverdue = 75;
// The exit status of a picketd that cannot use what the group has accepted: a defect of Picket.
inline constexpr int kExitDefect = 70;

class Core {
 public:
  explicit Core(const Settings& settings);

  Effects Step(const Moment& now, const Event& event);

  // For tests and assertions.
  const Replica& replica() const { return replica_; }
  const Coordinator& coordinator() const { return coordinator_; }
  const Executor& executor() const { return executor_; }
  const Fencer& fencer() const { return fencer_; }
  bool left() const { return left_; }
  // In a view: what is known is known by all members, and orders are given.
  bool active() const { return active_; }
  uint64_t term() const { return term_; }
  // What the view's coordinator last said.
  bool settled() const { return active_ && progress_.settled && executor_.idle(); }
  // Messages that wait to be delivered, changes that wait for the disk: for the checkers of bounds.
  size_t queued() const { return unacked_.size() + commands_.size() + loop_.size() + waiting_.size(); }

 private:
  // A change of the hard state that somebody here wants, on its way into the group.
  struct Wish {
    Command command;
    std::optional<uint64_t> only_at;
    std::optional<ClientNumber> client;
  };
  // A change that the group has numbered: the first one is being put on the members' disks.
  struct Numbered {
    Proposed proposed;
    Hard result;                    // once it is the first
    bool begun = false;             // it is being written here
    std::set<std::string> stored;   // who has it on disk
    std::set<std::string> refused;  // who will not
    std::string why;                // the first refusal
  };

  void On(const Booted& event);
  void On(const TimerFired& event);
  void On(const ProcessSpawned& event) {
    turn_.spawned = event.run;
    ToOwner(event);
  }
  void On(const SpawnFailed& event) { ToOwner(event); }
  void On(const ProcessEnded& event) { ToOwner(event); }
  void On(const StoreWritten& event);
  void On(const SessionSaved& event);
  void On(const Solved& event) { coordinator_.On(event, turn_.now, turn_.out); }
  void On(const ClientOpened& event) { connections_.Open(event); }
  void On(const ClientSent& event);
  void On(const ClientClosed& event) { connections_.Close(event.client); }
  void On(const AskedToLeave& event);
  void On(const GroupOpened& event);
  void On(const GroupConfigured& event);
  void On(const GroupLost& event);
  void On(const RingChanged& event);
  void On(const GroupChanged& event);
  void On(const GroupDelivered& event);
  void On(const QuorumChanged& event);

  template <typename E>
  void ToOwner(const E& event) {
    if (fencer_.Owns(event.run)) {
      fencer_.On(event, turn_.now, turn_.out);
    } else {
      executor_.On(event, turn_.now, turn_.out);
    }
  }

  void Deliver(const Order& order);
  void Deliver(const Begin& begin);
  void Deliver(const Result& result);
  void Deliver(const AttributeSet& set);
  void Deliver(const FailuresCleared& cleared);
  void Deliver(const ResourceForgotten& forgotten);
  void PersonCleaned(std::string_view resource);
  void Deliver(const FenceOrder& order);
  void Deliver(const FenceDone& done);
  void Deliver(const Hello&) {}  // those of a round go another way
  void Deliver(const Transfer&) {}
  void Deliver(const Proposed& proposed);
  void Deliver(const Stored& stored);
  void Deliver(const Promised& promised);
  void Deliver(const MayLeave& may_leave);
  void Deliver(const Goodbye& goodbye);
  void Deliver(const DaemonGone& gone);
  void Deliver(const Progress& progress);
  void Deliver(const ClockSet& set);
  void Deliver(const Echo& echo);
  void Deliver(const Pulse&) {}  // these two go another way
  void Deliver(const Overdue&) {}

  // silence.cc: members that are there and do not speak.
  void NoticePiece(NodeId from, bool whole);
  void BeatPulse();
  bool MayAccuse() const;
  void TakePulse(NodeId from, const Pulse& pulse);
  void JudgeOthers();
  void Accuse(const GroupPeer& peer, Lateness lateness);
  void TakeOverdue(NodeId from, const Overdue& overdue);
  bool IsLate(NodeId by, const Overdue& overdue) const;
  void AdoptOverdue(const Hello& hello);
  void ForgetSilence();
  bool IsOverdue(const std::string& node) const;
  std::string RoundKey() const;

  // view.cc: who is here, and from hellos to a view.
  void BeAlone(bool quorate);
  void Reconsider();
  void CloseView();
  void SayHello();
  void TakeHello(NodeId from, const Hello& hello);
  void ConcludeRound();
  void SendTransfer(const Verdict& verdict);
  AbsentNode AbsentFrom(const std::string& name) const;
  std::string WhoIsAwaited(const Verdict& verdict) const;
  void TakeTransfer(NodeId from, const Transfer& transfer);
  bool TakeHard(const Transfer& transfer);
  void BeginView(const Transfer& transfer, std::vector<Begin> begun);
  void NoticeDaemons();
  bool MayGiveOrders();
  std::string NameOf(NodeId id) const;
  std::vector<std::string> MemberNames() const;
  void TellView();

  // changes.cc: the hard state.
  void Propose(Command command, std::optional<ClientNumber> client, std::optional<uint64_t> only_at = std::nullopt);
  void SendWishes();
  void AbandonChanges();
  void BeginFirst();
  void Judge();
  void AcceptFirst();
  void RejectFirst();
  bool Suffices(const std::set<std::string>& nodes) const;
  // False if `hard` cannot be used: then this member stops itself.
  bool InstallHard(Hard hard);
  void WriteHard(const Hard& hard);
  void WritePromise();
  void OnHardWritten(const Hard& hard, const StoreWritten& event);

  // control.cc
  void Handle(ClientNumber client, const AskStatus& ask);
  void Handle(ClientNumber client, const AskEvents& ask);
  void Handle(ClientNumber client, const AskWatch& ask);
  void Handle(ClientNumber client, const AskAttribute& ask);
  void Handle(ClientNumber client, const Apply& apply);
  void Handle(ClientNumber client, const ChangeAttribute& change);
  void Handle(ClientNumber client, const ChangeProperty& change);
  void Handle(ClientNumber client, const Cleanup& cleanup);
  void Handle(ClientNumber client, const Stop& stop);
  void Handle(ClientNumber client, const Recover& recover);
  void Handle(ClientNumber client, const Fence& fence);
  void GoOnWithWhatIsLeft();
  bool WaitsForOperator() const;
  nlohmann::ordered_json ViewForStatus() const;
  std::vector<std::string> MessagesForStatus() const;
  const std::string& CibForStatus(bool secrets);
  const AttributeSet* LastSent(const std::string& node, const std::string& name) const;
  bool CheckConfiguration(const std::string& cib, std::string& error) const;

  // journal.cc: what the next daemon of this boot has to know.
  void KeepSession();
  std::string SessionChangesText();
  Session WholeSession() const;
  void HoldFencing(uint64_t save);
  void ReleaseHeldFencing(uint64_t save);

  // core.cc
  void TakeSession(const Booted& event);
  void Dispatch();
  void Transmit(const Envelope& envelope);
  void Receive(NodeId from, const Envelope& envelope);
  void NoticePause();
  void ReleaseHeld();
  void StopServices();
  void NameWhatRunsOn();
  void Settle();
  void CheckPromises() const;
  // `clean`: nothing runs here any more.
  void Leave(int status, bool clean = false);
  void Rename(const std::string& node);
  void AskToBeWoken();

  Self self_;
  Turn turn_;  // the step that is being made
  Replica replica_;
  Coordinator coordinator_;
  Executor executor_;
  Fencer fencer_;
  GroupClock clock_;
  Connections connections_;
  Newsroom newsroom_;
  Attributes attributes_;

  bool booted_ = false;
  bool leaving_ = false;
  bool may_leave_ = false;  // the plan has nothing left to run here
  bool said_goodbye_ = false;
  bool left_ = false;

  // What Corosync says. A group of one says it to itself.
  std::optional<GroupOpened> group_;
  std::optional<RingId> ring_;
  std::vector<NodeId> ring_members_;
  std::vector<GroupPeer> processes_;
  std::optional<RingId> quorum_ring_;
  bool quorate_ = false;
  std::optional<int64_t> alone_at_ms_;  // Corosync is gone: without it we are a view of one, without quorum
  int64_t patient_until_ms_ = 0;        // Corosync has just come: that there is no quorum means nothing until then
  uint64_t alone_views_ = 0;

  // The view.
  Round round_;
  std::optional<Verdict> verdict_;
  bool active_ = false;
  uint64_t term_ = 0;
  NodeId coordinator_id_ = 0;
  std::string coordinator_incarnation_;
  bool had_quorum_ = false;         // in the last view
  int64_t gathering_until_ms_ = 0;  // nobody had quorum before: who is missing may be about to come
  bool started_ = false;            // orders have been given in a view that we were in
  int64_t start_at_ms_ = 0;         // a cold start waits for the others until then
  bool forgetful_ = false;          // our store was damaged and we have not taken the state from another
  bool recovered_ = false;          // somebody said to go on with what is left
  std::string awaited_;             // for whom a cold start waits, as last told
  // Machines in the ring without their picketd.
  struct Absence {
    int64_t since_ms = 0;
    bool told = false;
  };
  std::map<NodeId, Absence> daemonless_;
  bool hello_said_ = false;
  // What one member has let be heard. Only in a round are the two numbers the same for all.
  struct Voice {
    uint64_t process = 0;
    uint64_t last_piece = 0;  // of its pieces in this round, counted over all members'
    uint64_t last_pulse = 0;
    int silent = 0;       // pulses of ours that came back since it last spoke
    bool pulses = false;  // it is of a version that does
    bool waits = false;   // as it last said
  };
  std::map<NodeId, Voice> voices_;
  uint64_t pieces_ = 0;
  int round_pulses_ = 0;     // of ours that came back in this round
  int transfer_pulses_ = 0;  // since the source has last sent a part of its word
  std::optional<int64_t> pulse_due_ms_;
  bool pulse_out_ = false;         // one is on its way
  int pulses_held_ = 0;            // that were not sent because of it
  std::set<OverduePeer> overdue_;  // as long as the process is in the group
  std::string base_key_;           // of the membership
  int epoch_ = 0;                  // how often somebody was given up in it
  Progress progress_;
  std::set<std::string> promised_;  // in this term
  bool recorded_ = false;           // the members of this view are being recorded

  // Messages.
  bool loopback_ = true;  // nobody else is there: what is sent comes back at once
  Wire wire_;
  std::set<NodeId> unreadable_;  // whose messages could not be read, in this view
  std::deque<Envelope> loop_;
  std::deque<Message> unacked_;  // reports of ours that are not yet delivered; sent again in the next view
  // A pause was noticed: what was delivered may be of a past that is over. Nothing begins until an echo is back.
  std::optional<uint64_t> echo_awaited_;
  uint64_t next_echo_ = 1;
  std::vector<Begin> held_begins_;
  std::vector<FenceOrder> held_fences_;
  std::optional<int64_t> last_turn_ms_;

  // The hard state.
  Hard durable_;                // on our disk
  uint64_t promised_term_ = 0;  // on our disk
  std::vector<std::string> generations_;
  uint64_t newest_seen_ = 0;      // among the generations found, readable or not
  bool store_uncertain_ = false;  // a sync failed: nothing is kept here any more
  std::deque<Numbered> commands_;
  uint64_t last_number_ = 0;                               // of a command in this view, accepted or not
  std::deque<Wish> waiting_;                               // for a view
  std::map<uint64_t, std::optional<ClientNumber>> asked_;  // our own commands in the group, and who wants them
  uint64_t next_command_ = 1;
  std::map<uint64_t, Hard> writing_;  // by the number of the write
  std::map<uint64_t, uint64_t> writing_promise_;
  uint64_t next_write_ = 1;

  std::optional<ClientNumber> stop_client_;  // who waits for us to leave
  // The CIB as clients get it, as long as nothing in it changes.
  struct KeptCib {
    std::string key;
    std::string json;
  };
  KeptCib kept_cib_;

  // The session.
  uint64_t next_save_ = 1;
  bool session_whole_ = true;  // it has to be written anew
  size_t session_whole_bytes_ = 0;
  size_t session_bytes_ = 0;        // appended since
  SessionNumbers session_numbers_;  // as the file has them
  uint64_t saved_fencing_ = UINT64_MAX;
  uint64_t seen_soft_ = UINT64_MAX;                       // when the soft state was last looked at
  std::map<uint64_t, std::vector<RunNumber>> recording_;  // runs that are being written down, by save
  std::vector<RunNumber> unrecorded_;                     // that have to be
  std::optional<int64_t> session_retry_ms_;               // the last one could not be kept
  bool session_failing_ = false;                          // as last told
  struct HeldFencing {
    int64_t until_ms = 0;
    std::vector<Release> releases;
  };
  std::map<uint64_t, HeldFencing> held_fencing_;  // fence agents, by save
};

}  // namespace picket::runtime
