// The coordinator: solves when the world changed, gives the plan's steps as orders, waits for results.
//
// It decides nothing itself: what is to be done is `Schedule`'s answer, when is the plan's graph. One solve runs
// and one is wanted, never a queue; an answer to an old state is dropped. When the world changes the rest of a
// plan is dropped too, but what was ordered is not: it belongs to its executor, stands in the state as pending,
// and a new plan that asks for the same thing again waits for that result instead of asking twice.
//
// While an operation of an earlier plan, that the new one does not ask for, changes a role, nothing is started or
// promoted: the solver takes a resource that is being promoted for promoted and one that is being stopped for
// running, and what depends on it would come too early. Nothing of this needs to survive: the next coordinator
// begins with a solve. Each member has one of these; that of the view's coordinator leads. Cost: the steps that
// become ready, and the operations in flight.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "execution/plan/plan.h"
#include "runtime/group/outbox.h"
#include "runtime/ports/moment.h"
#include "runtime/store/replica.h"

namespace picket::runtime {

class Coordinator {
 public:
  // A view begins. `begun` and `fencing`: what its members have under way, whoever ordered it. Only who leads solves
  // and gives orders; everybody keeps count, to be able to take over.
  void BeginView(uint64_t term, bool leads, const std::vector<Begin>& begun, const std::vector<FenceOrder>& fencing);
  // The view is over: nothing more is given, and an answer of the solver to its state counts for nothing.
  void EndView();
  bool leads() const { return leads_; }

  // The state is another one than the plan in hand was made for.
  void Changed() {
    changed_ = true;
    repeats_until_ms_.reset();
  }
  void Delivered(const Begin& begin);
  void Delivered(const Result& result, Outbox& out);
  void Delivered(const FenceOrder& order);
  void Delivered(const FenceDone& done, const Moment& now);
  // What that node had under way will never be reported.
  void ForgetNode(const std::string& node);
  void On(const Solved& event, const Moment& now, Outbox& out);
  void OnTimer(const Moment& now);
  int64_t NextDeadline() const;
  // Gives what can be given, asks for a solve if one is wanted. Call it at the end of each step of the core.
  void Advance(const Replica& replica, const Moment& now, Outbox& out);

  // Nothing is being done, thought about or waited for.
  bool settled() const { return settled_; }
  const execution::Plan* plan() const { return plan_.get(); }
  uint64_t transition() const { return transition_; }
  // Operations that were ordered and have not ended.
  std::vector<Order> InFlight() const;
  std::vector<FenceOrder> Fencing() const;
  // Nodes that are not fenced until a person says so, and why: the brake.
  std::vector<std::string> Braked() const;
  // The nodes, in small letters, that do not begin what they were ordered though nothing is in its way, or do
  // not say how it ended. Called once for each pulse of ours that came back; who has been late for more than
  // `pulses` of them counts.
  std::set<std::string> Late(const Moment& now, int64_t patience_ms, int pulses);

  // Our own node, which fences others rather than somebody else.
  std::string self;
  uint64_t next_order = 1;
  // How many operations a node may carry out at once.
  int jobs_per_node = 4;

 private:
  enum class StepState : uint8_t { kWaiting, kReady, kInFlight, kDone };
  struct InFlightOrder {
    Order order;
    std::optional<uint32_t> step;  // of the plan in hand
    bool begun = false;
    std::optional<int64_t> since_ms;  // as it is now, by Late()
    int late = 0;                     // pulses
  };
  struct InFlightFence {
    FenceOrder order;
    std::optional<uint32_t> step;
  };
  // How often a target could not be fenced in a row, and when it is tried again.
  struct FenceFailures {
    int count = 0;
    int64_t not_before_ms = 0;
  };
  // One call of Advance().
  struct Turn {
    const Replica& replica;
    const Moment& now;
    Outbox& out;
  };

  void Drop();
  void NoteRepetition(const Moment& now, Outbox& out);
  void AskForSolve(const Replica& replica, const Moment& now, Outbox& out);
  bool Launch(uint32_t step, Turn& turn);
  bool LaunchOperation(uint32_t step, Turn& turn);
  bool LaunchFence(uint32_t step, Turn& turn);
  bool Brakes(const execution::PlanStep& step, std::string& because, Turn& turn);
  std::string WhoFences(const std::string& target, int attempt, const Turn& turn) const;
  void Complete(uint32_t step);
  bool FitsLimits(const execution::PlanStep& step) const;
  bool HeldBack(const execution::PlanStep& step) const;
  InFlightOrder* FindInFlight(const std::string& node, const std::string& resource);
  void Finish(Outbox& out);
  void TellProgress(Outbox& out);

  std::shared_ptr<const execution::Plan> plan_;
  std::vector<StepState> progress_;
  std::vector<uint32_t> open_inputs_;
  std::vector<uint32_t> ready_;
  uint64_t term_ = 0;
  bool leads_ = false;
  bool running_ = false;     // the plan in hand is being carried out
  bool progressed_ = false;  // and has done something
  bool settled_ = false;
  bool changed_ = true;
  std::optional<uint64_t> solving_;
  uint64_t next_ticket_ = 1;
  uint64_t transition_ = 0;
  std::map<uint64_t, InFlightOrder> in_flight_;
  std::map<uint64_t, InFlightFence> fencing_;
  std::map<std::string, FenceFailures> fence_failures_;
  std::map<std::string, std::string> braked_;  // node -> what people are told
  std::optional<bool> told_settled_;
  std::optional<int64_t> recheck_at_ms_;
  std::deque<int64_t> solves_ms_;  // when the last ones were
  std::optional<int64_t> paused_until_ms_;
  std::map<std::string, int> repeated_plans_;  // what a plan does -> how often it was made again
  std::set<std::string> repeating_;            // resources of the last one that was
  std::optional<int64_t> repeats_until_ms_;
  std::vector<std::string> told_;          // the solver's messages, as they were last told
  std::vector<std::string> told_changes_;  // what the last plan was to change
};

}  // namespace picket::runtime
