#include "execution/fencing/picketd.h"

#include <algorithm>
#include <utility>

#include "execution/fencing/agent_run.h"
#include "execution/fencing/parameters.h"
#include "execution/fencing/reach.h"
#include "execution/fencing/tasks.h"
#include "solver/model/text.h"

namespace picket::execution {
namespace {

using AgentStop = FenceAttempt::End;
using Result = FenceOutcome::Result;

class Order {
 public:
  Order(const Fencing& fencing, const FenceRequest& request, const FenceWorld& world, Choices& choices)
      : fencing_(fencing), request_(request), world_(world), choices_(choices) {}

  FenceOutcome Play() {
    outcome_.requester = request_.requester;
    outcome_.executor = WhoFences();
    if (outcome_.executor.empty()) return std::move(outcome_);
    devices_ = DevicesOn(fencing_, outcome_.executor);
    outcome_.result = Result::kError;
    for (const std::vector<size_t>& level : Levels()) {
      if (PlayLevel(level)) break;
    }
    if (!outcome_.success()) outcome_.duration_ms = now_ms_;
    return std::move(outcome_);
  }

 private:
  // We ourselves if we may, then the others by turns.
  std::string WhoFences() const {
    if (request_.action == "on") return request_.target;
    std::vector<std::string> able = NodesThatCanFence(fencing_, request_.target, request_.peers);
    std::stable_partition(able.begin(), able.end(),
                          [this](const std::string& name) { return solver::EqualFolded(name, request_.requester); });
    return able.empty() ? std::string() : able[static_cast<size_t>(request_.attempt) % able.size()];
  }

  bool MayReach(const NodeDevice& device) const {
    const AgentFacts facts = KnownFacts(device.agent);
    const Reach reach = ReachOf(device.parameters, facts, request_.target);
    if (reach != Reach::kAsks || !world_.answer) return reach != Reach::kNo;
    return world_.answer(device.id, outcome_.executor, HostCheckOf(device.parameters, facts)).reaches;
  }

  // Of the configuration's levels those that the node has as a whole; else each device is a level.
  std::vector<std::vector<size_t>> Levels() const {
    std::vector<std::vector<size_t>> levels;
    const std::vector<std::vector<std::string>> named = LevelsFor(fencing_, request_.target);
    for (const std::vector<std::string>& ids : named) {
      std::vector<size_t> level;
      for (size_t i = 0; i < devices_.size(); ++i) {
        const bool in = std::find(ids.begin(), ids.end(), devices_[i].id) != ids.end();
        if (in && MayReach(devices_[i])) level.push_back(i);
      }
      if (level.size() == ids.size()) levels.push_back(std::move(level));
    }
    for (size_t i = 0; named.empty() && i < devices_.size(); ++i) {
      if (MayReach(devices_[i])) levels.push_back({i});
    }
    return levels;
  }

  // Whether the order is carried out.
  bool PlayLevel(const std::vector<size_t>& level) {
    std::vector<LevelDevice> parts;
    for (const size_t i : level) parts.push_back({i, &devices_[i], KnownFacts(devices_[i].agent)});
    std::vector<std::string> acted;
    bool cut = request_.action != "on";
    bool restarts = false;
    for (const FenceTask& task : TasksOf(parts, request_.action, false)) {
      if (task.forgiven) {
        SwitchOn(task, acted);
        continue;
      }
      const AgentEnd end = Use(task, now_ms_);
      now_ms_ = end.at_ms;
      if (end.end != AgentStop::kOk) {
        if (end.took_effect && level.size() == 1) outcome_.off_ms = now_ms_;
        outcome_.result = end.end == AgentStop::kFailed ? Result::kError : Result::kTimeout;
        return false;
      }
      acted.push_back(devices_[task.device].id);
      cut = cut && end.took_effect;
      restarts = task.action == "reboot" && ActionName(devices_[task.device].parameters, "reboot") != "off";
      if (acted.size() == level.size()) Succeed(acted, cut, restarts);
    }
    return true;
  }

  void Succeed(const std::vector<std::string>& acted, bool cut, bool restarts) {
    outcome_.result = Result::kDone;
    outcome_.devices = acted;
    outcome_.duration_ms = now_ms_;
    if (cut) outcome_.off_ms = now_ms_;
    if (cut && restarts) outcome_.on_ms = now_ms_;
  }

  // After the answer: no failure counts any more.
  void SwitchOn(const FenceTask& task, const std::vector<std::string>& acted) {
    if (acted.empty()) return;
    const AgentEnd end = Use(task, std::max(now_ms_, outcome_.duration_ms + kPowerPauseMs));
    now_ms_ = end.at_ms;
    if (end.took_effect && outcome_.off_ms && !outcome_.on_ms) outcome_.on_ms = now_ms_;
  }

  // Only the first device waits; one that is let in again shoots nobody.
  AgentEnd Use(const FenceTask& task, int64_t at_ms) {
    const NodeDevice& device = devices_[task.device];
    const bool first = task.action != "on" && !std::exchange(delayed_, true);
    AgentRun run;
    run.device = fencing_.Find(device.id);
    run.parameters = &device.parameters;
    run.node = outcome_.executor;
    run.target = request_.target;
    run.action = task.action;
    run.at_ms = at_ms;
    const int64_t order_ms = request_.timeout_ms > 0 ? request_.timeout_ms : fencing_.timeout_ms;
    run.budget_ms = ActionTimeoutMs(device.parameters, task.action, order_ms);
    run.carried_ms = first ? std::max<int64_t>(request_.delay_ms, 0) : 0;
    run.delayed = first;
    run.delay_map = DelayMap::kColonOrEquals;
    AgentEnd end = RunAgent(run, world_, outcome_, choices_);
    if (end.end == AgentStop::kSilent) end.at_ms = at_ms + end.waited_ms + run.budget_ms;
    return end;
  }

  const Fencing& fencing_;
  const FenceRequest& request_;
  const FenceWorld& world_;
  Choices& choices_;
  FenceOutcome outcome_;
  std::vector<NodeDevice> devices_;
  int64_t now_ms_ = 0;
  bool delayed_ = false;
};

}  // namespace

FenceOutcome FenceByPicketd(const Fencing& fencing, const FenceRequest& request, const FenceWorld& world,
                            Choices& choices) {
  return Order(fencing, request, world, choices).Play();
}

}  // namespace picket::execution
