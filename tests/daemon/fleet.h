// A cluster that is played: several machines, the network between them, fence devices, people, and what goes wrong.
//
// One seed is one history. For a while everything that can go wrong does, then it is left alone; checkers look on all
// the time and see the truth, not what a daemon believes. A machine alone, without a group, is the smallest of them.
// `trace` tells the history.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "execution/plan/orders.h"
#include "runtime/group/message.h"
#include "runtime/group/wire.h"
#include "tests/daemon/ether.h"
#include "tests/daemon/node.h"
#include "tests/daemon/policy.h"
#include "tests/daemon/timeline.h"

namespace picket::daemon_test {

// What may happen while there is trouble.
struct Odds {
  bool agents = true;    // they fail, hang, do not die
  bool services = true;  // they die by themselves
  bool daemon = true;    // picketd is killed
  bool clock = true;     // the wall clock is set
  bool disk = true;      // it is full, slow, damaged
  bool people = true;    // they change things
  bool power = true;     // machines lose it, one or all
  bool pauses = true;    // machines stand still and go on
  bool hangs = true;     // picketd alone does
  bool network = true;   // partitions, one-way loss, rings in quick succession, try again, quorum
  bool corosync = true;  // it restarts under picketd
  bool devices = true;   // fence devices fail, hang, answer late
  bool lies = false;     // they say yes and do nothing, or shoot another node: excuses, see checkers.h

  static Odds None() {
    return {false, false, false, false, false, false, false, false, false, false, false, false, false};
  }
};

// A change that somebody asked for, under a name of its own or under one that is changed again and again; without a
// name it is the policy.
struct Change {
  std::string property;
  std::string value;
  int64_t asked_ms = 0;
};

enum class Loss : uint8_t { kAccident, kFenced };

class Fleet;

// Looks on and complains. Each is told of everything that happens.
class Checker {
 public:
  virtual ~Checker() = default;
  virtual const char* name() const = 0;
  // An agent was let go, has ended.
  virtual void Began(const Fleet&, const Node&, const Process&) {}
  virtual void Ended(const Fleet&, const Node&, const Process&, int /*rc*/) {}
  // Something that may lead to operations: a failure, a change by people.
  virtual void Explained(const Fleet&) {}
  // All is as it should be: everybody is there and idle, what is believed is true, and no failure is remembered that
  // could be forgotten and tried again.
  virtual void AtPeace(const Fleet&) {}
  virtual void Accepted(const Fleet&, const Change&) {}
  // A core has made a step.
  virtual void Stepped(const Fleet&, const Node&, size_t /*effects*/) {}
  // A machine loses its power; it still has what it ran.
  virtual void Lost(const Fleet&, const Node&, Loss) {}
  virtual void DaemonCame(const Fleet&, const Node&) {}
  virtual void DaemonWent(const Fleet&, const Node&, bool /*in_good_order*/) {}
  // A person says that a machine is off, and so it is.
  virtual void Confirmed(const Fleet&, const Node&) {}
  // A fence order has its place in the total order.
  virtual void FenceOrdered(const Fleet&, const Node& /*by*/, const runtime::FenceOrder&) {}
  virtual void End(const Fleet&) {}

  const std::vector<std::string>& complaints() const { return complaints_; }

 protected:
  // Told with the history, too.
  void Complain(const Fleet& fleet, const std::string& text);

 private:
  std::vector<std::string> complaints_;
};

class Fleet : public World {
 public:
  Fleet(uint64_t seed, Shape shape, Odds odds, Planted planted);

  void AddChecker(std::unique_ptr<Checker> checker) { checkers_.push_back(std::move(checker)); }
  // Boots, lives through `faulty_ms` of trouble, then is left alone for `calm_ms`.
  void Play(int64_t faulty_ms, int64_t calm_ms);
  // Every complaint, with the checker's name before it.
  std::vector<std::string> Complaints() const;
  bool trace = false;
  // How long until the next thing goes wrong, at most.
  int64_t fault_every_ms = 15000;

  // --- the truth
  const Shape& shape() const { return shape_; }
  const Odds& odds() const { return odds_; }
  int64_t now_ms() const { return timeline_.now_ms(); }
  // Since the history began.
  std::string Clock() const;
  void Say(const std::string& text) const;
  const std::vector<std::unique_ptr<Node>>& nodes() const { return nodes_; }
  const Node* Find(std::string_view name) const;
  const Ether& ether() const { return ether_; }
  // Whom to ask: a powered machine with its daemon, in the largest ring. Null if there is none.
  const Node* Speaker() const;
  // The plan that the solver makes of the state in which that node's core is.
  execution::Plan PlanAt(const Node& node) const;
  // The first service of which that node's core believes what is not so; one that it knows to have failed does not
  // count.
  std::string Misbelief(const Node& node) const;
  // Everybody is there, in one view, and its coordinator has nothing to do.
  bool Settled() const;
  // How long the two have been in one ring, both with the same picketd in the group and neither paused; 0: they are
  // not.
  int64_t TogetherFor(const Node& one, const Node& other) const;
  // A stop failed there since it booted, or cannot succeed.
  bool StopFailed(const Node& node) const;

  // --- World
  void Tell(const Node& node, const std::string& text) override;
  void Explain() override;
  void Began(const Node& node, const Process& process) override;
  void Ended(const Node& node, const Process& process, int rc) override;
  void Answered(Node& node, runtime::ClientNumber client, const std::string& line) override;
  void Stepped(Node& node, size_t effects) override;
  void DaemonCame(Node& node) override;
  void DaemonWent(Node& node, bool in_good_order) override;
  void Multicast(Node& node, std::string bytes) override;
  Trouble Luck(const Node& node, const Process& process) override;
  void Shoot(const Node& by, const std::string& target, const std::string& action) override;
  bool HasPower(const std::string& node) const override;

 private:
  struct Asked {
    Change change;
    bool sequential = false;
  };

  template <typename F>
  void Watchers(F&& f) {
    for (const auto& checker : checkers_) f(*checker);
  }
  Node* Some(const std::function<bool(const Node&)>& fits);
  bool IsLoss(const runtime::Event& event) const;
  void TellEvent(const Node& node, const runtime::Event& event);
  void PowerOn(Node& node);
  void PowerOff(Node& node, Loss loss);
  void Pause(Node& node, int64_t for_ms);
  void Hang(Node& node, int64_t for_ms);
  void Resume(Node& node);
  void After(Node& node, int64_t delay_ms, std::function<void(Node&)> what);
  void KeepApplying();
  void Calm();
  void CleanUpAfter(int64_t delay_ms);
  void Heard(runtime::NodeId sender, const std::string& bytes);
  void NoteHealth();
  bool Idle() const;
  void CheckPeace();
  bool RemembersFailures(const Node& node) const;
  std::string ApplyLine() const;
  void Request(Node& node, const std::string& line);
  void ChangeProperty(Node& node, bool sequential);
  void AskFor(Node& node, const Asked& what, const std::string& line);

  // faults.cc
  void ScheduleFault();
  void Strike();
  void StrikeMachine(Node& node, int64_t kind);
  void StrikeGroup(int64_t kind);
  void StrikeClocks(Node& node);
  void StrikeDisk(Node& node);
  void StrikePeople(Node& node);
  void StrikePower(Node& node);
  void StrikeDaemon(Node& node);
  void Confirm(Node& node);
  void StrikeNetwork(Node& node);
  void StrikeRing(Node& node, int64_t kind);
  void PowerFails(Node& node);
  void CutOff(Node& node);

  Timeline timeline_;
  const Shape shape_;
  const Odds odds_;
  const Planted planted_;
  std::vector<std::unique_ptr<Checker>> checkers_;
  std::vector<std::unique_ptr<Node>> nodes_;
  Ether ether_;
  runtime::Wire wire_;  // reads what is sent, for the checkers

  bool faulty_ = true;
  bool at_peace_ = false;
  bool applied_ = false;
  bool torn_ = false;  // one damaged disk is enough
  uint64_t next_change_ = 1000000;
  uint64_t next_process_ = 1;
  std::map<std::pair<std::string, runtime::ClientNumber>, Asked> asked_;
  std::optional<int64_t> sequential_ms_;  // a change of the sequence waits for its answer
  std::map<std::pair<runtime::NodeId, runtime::NodeId>, int64_t> together_since_;
  int64_t explained_ms_ = 0;
  int64_t next_look_ms_ = 0;
  std::set<std::string> stop_failed_;
  mutable solver::Run scratch_;
};

}  // namespace picket::daemon_test
