// The core of picketd: Step(now, event) -> effects. One thread, no I/O, no clock, no globals.
//
// Everything that the daemon knows it learned from events, and everything it does is an effect (runtime/ports).
// So a seed that makes events replays a history exactly, and the same core runs on a laptop, in a cluster and in
// a test. Messages go through the group: alone, each comes back at once.
//
// The parts: Executor (this node's agents), Replica (what is known), Coordinator (what to do). They do not call
// one another; the core hands messages round. Cost of a step: the message, and what became ready by it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/control/request.h"
#include "runtime/coordinator/coordinator.h"
#include "runtime/executor/executor.h"
#include "runtime/group/outbox.h"
#include "runtime/ports/effects.h"
#include "runtime/ports/events.h"
#include "runtime/ports/moment.h"
#include "runtime/store/replica.h"
#include "runtime/store/session.h"

namespace picket::runtime {

class Core {
 public:
  explicit Core(Settings settings);

  Effects Step(const Moment& now, const Event& event);

  // For tests and assertions.
  const Replica& replica() const { return replica_; }
  const Coordinator& coordinator() const { return coordinator_; }
  const Executor& executor() const { return executor_; }
  bool left() const { return left_; }

 private:
  struct Client {
    bool may_change = false;
    bool follows = false;
    bool watches = false;
  };
  // A change of the hard state on its way to the disk.
  struct Proposal {
    Command command;
    std::optional<ClientNumber> client;
  };
  struct KeptNews {
    uint64_t number = 0;
    int64_t wall_ms = 0;
    News news;
  };
  struct Dampened {
    std::optional<std::string> value;
    int64_t due_ms = 0;
  };

  void On(const Booted& event);
  void On(const TimerFired& event);
  void On(const ProcessSpawned& event) { executor_.On(event, now_, out_); }
  void On(const SpawnFailed& event) { executor_.On(event, now_, out_); }
  void On(const ProcessEnded& event) { executor_.On(event, now_, out_); }
  void On(const StoreWritten& event);
  void On(const Solved& event) { coordinator_.On(event, now_, out_); }
  void On(const ClientOpened& event) { clients_[event.client] = {event.may_change, false, false}; }
  void On(const ClientSent& event);
  void On(const ClientClosed& event) { clients_.erase(event.client); }
  void On(const AskedToLeave& event);
  // The group (sync.cc).
  void On(const GroupOpened&) {}
  void On(const GroupLost&) {}
  void On(const RingChanged&) {}
  void On(const GroupChanged&) {}
  void On(const GroupDelivered&) {}
  void On(const QuorumChanged&) {}

  void Deliver(const Order& order);
  void Deliver(const Begin& begin);
  void Deliver(const Result& result);
  void Deliver(const AttributeSet& set);
  void Deliver(const FailuresCleared& cleared);
  void Deliver(const ResourceForgotten& forgotten);
  template <typename M>
  void Deliver(const M&) {}  // in sync.cc

  // control.cc
  void Answered(ClientNumber client, const Request& request);
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
  void Refuse(std::optional<ClientNumber> client, std::string_view why);
  void AnswerAccepted(std::optional<ClientNumber> client);
  bool CheckConfiguration(const std::string& cib, std::string& error) const;
  std::string NewsLine(const KeptNews& kept) const;

  void TakeSession(const Booted& event);
  void NoticeClock();
  void Propose(Command command, std::optional<ClientNumber> client);
  void WriteNext();
  void StopServices();
  void SetTransient(const std::string& node, const std::string& name, std::optional<std::string> value,
                    int64_t dampen_ms);
  void FlushDampened();
  void Settle();
  void Leave(int status);
  void SaveSessionIfChanged();
  void Publish();
  void AskToBeWoken();

  Settings settings_;
  Moment now_;
  Outbox out_;
  Replica replica_;
  Coordinator coordinator_;
  Executor executor_;

  std::string boot_id_;
  std::string incarnation_;
  bool booted_ = false;
  bool waits_for_operator_ = false;  // the newest configuration is lost: people say how to go on
  bool store_uncertain_ = false;     // a sync failed: nothing is accepted any more
  bool leaving_ = false;
  bool left_ = false;
  std::optional<int64_t> wall_minus_boot_ms_;

  std::vector<std::string> generations_;
  std::deque<Proposal> proposals_;  // the first is being written, if writing_
  std::optional<uint64_t> writing_;
  uint64_t newest_seen_ = 0;  // among the generations found, readable or not
  Hard written_;              // what is being written
  uint64_t next_write_ = 1;

  std::map<ClientNumber, Client> clients_;
  std::deque<KeptNews> news_;
  uint64_t next_news_ = 1;
  std::map<std::pair<std::string, std::string>, Dampened> dampened_;

  uint64_t saved_soft_ = UINT64_MAX;
  uint64_t saved_runs_ = UINT64_MAX;
  uint64_t watched_ = 0;
};

}  // namespace picket::runtime
