#include "runtime/fencer/fencer.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "execution/fencing/parameters.h"
#include "execution/fencing/reach.h"
#include "solver/model/text.h"

namespace picket::runtime {
namespace {

using execution::Fencing;
using execution::HostCheck;
using execution::PortOf;
using execution::Reach;
using execution::ReadFencing;

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
// That a device did not list a target counts for so long; that it did, until it is asked again.
constexpr int64_t kListedMs = 60000;
// Power supplies want a pause between off and on; and what is recovered meanwhile comes first.
constexpr int64_t kPowerPauseMs = 2000;
// Metadata comes out of the agent itself: no device is asked.
constexpr int64_t kMetadataMs = 10000;
// Nobody waits longer: orders come over the network.
constexpr int64_t kLongestMs = int64_t{24} * 3600 * 1000;
constexpr size_t kReasonMax = 500;

solver::Instant InstantOf(const Moment& now) {
  return {now.wall_s(), now.utc_offset_s};
}

std::string Joined(const std::vector<std::string>& parts, const char* separator) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : separator) + part;
  return text;
}

// Whether one order's outcome is also the other's: a success counts for the incarnation that was named.
bool WantsTheSame(const FenceOrder& a, const FenceOrder& b) {
  return solver::EqualFolded(a.target, b.target) && a.action == b.action && a.incarnation == b.incarnation &&
         a.boot_id == b.boot_id;
}

}  // namespace

void Fencer::Configure(std::shared_ptr<const solver::Cluster> cluster) {
  cluster_ = std::move(cluster);
  listed_.clear();
  asks_agents_ = true;
}

// --- orders --------------------------------------------------------------------------------------------------------

void Fencer::Take(const FenceOrder& order, const Moment& now, Outbox& out) {
  bool waits = false;
  for (auto& [number, job] : jobs_) {
    for (const FenceOrder& known : job.orders) {
      if (known.number == order.number && known.term == order.term) return;
    }
    if (!job.answered && WantsTheSame(job.order(), order)) {
      job.orders.push_back(order);
      return;
    }
    waits = waits || solver::EqualFolded(job.order().target, order.target);
  }
  const JobNumber number = next_job_++;
  jobs_[number].orders.push_back(order);
  if (waits) {
    out.Tell(SayLevel::kNotice, "fencing", order.target, {},
             order.action + " waits until what is under way against it has ended");
  } else {
    Begin(number, now, out);
  }
  Settle(now, out);
}

void Fencer::Begin(JobNumber number, const Moment& now, Outbox& out) {
  Job& job = jobs_.at(number);
  job.stage = Stage::kLearning;
  const std::string& action = job.order().action;
  if (action != "off" && action != "reboot" && action != "on") {
    job.failures.push_back("there is no action `" + LastWords(action) + "`");
  } else if (cluster_) {
    const Fencing fencing = ReadFencing(*cluster_, InstantOf(now));
    job.devices = DevicesOn(fencing, settings_.node);
    FindLevels(job, fencing);
  } else {
    job.failures.push_back("there is no configuration");
  }
  Advance(number, now, out);
}

// The levels that the configuration has for the target; without any, each device that may reach it.
void Fencer::FindLevels(Job& job, const Fencing& fencing) const {
  const std::string& target = job.order().target;
  const std::vector<std::vector<std::string>> named = LevelsFor(fencing, target);
  job.named = !named.empty();
  for (const std::vector<std::string>& ids : named) {
    std::vector<size_t> level;
    for (const std::string& id : ids) {
      const auto device = std::find_if(job.devices.begin(), job.devices.end(),
                                       [&](const NodeDevice& d) { return d.id == id && MayReach(d, target); });
      if (device != job.devices.end()) {
        level.push_back(static_cast<size_t>(device - job.devices.begin()));
      } else {
        job.failures.push_back(id + ": not to be used on " + settings_.node + " against " + target);
      }
    }
    if (level.size() == ids.size()) job.levels.push_back(std::move(level));
  }
  if (job.named) return;
  for (size_t i = 0; i < job.devices.size(); ++i) {
    if (MayReach(job.devices[i], target)) job.levels.push_back({i});
  }
}

// As far as it can be told without asking it.
bool Fencer::MayReach(const NodeDevice& device, const std::string& target) const {
  return ReachOf(device.parameters, FactsOf(device.agent), target) != Reach::kNo;
}

// To unfence a node, all devices that shut it out have to let it in again. Where there are none, `on` is like `off`.
void Fencer::ChooseUnfencing(Job& job) const {
  if (job.order().action != "on") return;
  std::vector<size_t> all;
  for (size_t i = 0; i < job.devices.size(); ++i) {
    const NodeDevice& device = job.devices[i];
    if (MayReach(device, job.order().target) && Unfences(device, FactsOf(device.agent))) all.push_back(i);
  }
  if (all.empty()) return;
  job.levels = {all};
  job.named = false;
}

void Fencer::StartLevel(Job& job) const {
  job.acted.clear();
  job.tasks.clear();
  if (job.level == job.levels.size()) return;
  std::vector<execution::LevelDevice> level;
  for (const size_t i : job.levels[job.level]) level.push_back({i, &job.devices[i], FactsOf(job.devices[i].agent)});
  const std::vector<FenceTask> tasks = TasksOf(level, job.order().action, !job.named);
  job.tasks.assign(tasks.begin(), tasks.end());
}

// Does what can be done now; ends the job when nothing is left.
void Fencer::Advance(JobNumber number, const Moment& now, Outbox& out) {
  for (;;) {
    Job& job = jobs_.at(number);
    if (job.stage == Stage::kWaiting || job.call != 0 || now.boot_ms < job.wake_ms) return;
    if (job.stage == Stage::kLearning) {
      if (!HasLearned(job, now, out)) return;
      job.stage = Stage::kActing;
      ChooseUnfencing(job);
      StartLevel(job);
    }
    if (job.level == job.levels.size()) return Finish(number, false, now, out);
    if (!job.answered && OnlySwitchesOn(job)) {
      job.wake_ms = now.boot_ms + kPowerPauseMs;
      Answer(job, true, now, out);
    } else if (!job.tasks.empty()) {
      if (!StartTask(job, now, out)) return;
    } else if (job.acted.empty()) {
      FailLevel(job, {});
    } else {
      return Finish(number, true, now, out);
    }
  }
}

// --- tasks ---------------------------------------------------------------------------------------------------------

// False if the job has to wait.
bool Fencer::StartTask(Job& job, const Moment& now, Outbox& out) {
  const FenceTask& task = job.tasks.front();
  const NodeDevice& device = job.devices[task.device];
  if (task.kind == FenceTask::Kind::kList) {
    const auto listed = listed_.find(device.id);
    const std::string port = PortOf(device.parameters, job.order().target);
    if (listed != listed_.end() && (now.boot_ms < listed->second.until_ms || PlugOf(listed->second.targets, port))) {
      TakeTargets(job, listed->second.targets);
      return true;
    }
  }
  // A node that is let in again shoots nobody: only what takes it away is delayed.
  if (task.kind == FenceTask::Kind::kAct && task.action != "on" && !job.delayed) {
    job.delayed = true;
    const int64_t delay_ms = DelayOf(job, device);
    if (delay_ms > 0) {
      job.wake_ms = now.boot_ms + delay_ms;
      out.Tell(SayLevel::kInfo, "fencing", job.order().target, device.id,
               task.action + " by " + device.id + " in " + std::to_string(delay_ms) + " ms");
      return false;
    }
  }
  AgentCall call = CallFor(job, task);
  if (task.kind == FenceTask::Kind::kAct) {
    out.Tell(SayLevel::kNotice, "fencing", job.order().target, device.id, call.words + " begins");
  }
  job.call = Runs().Start(std::move(call), now, out);
  return false;
}

// The order's, then the device's own; pcmk_delay_max bounds the latter, chance included.
int64_t Fencer::DelayOf(const Job& job, const NodeDevice& device) {
  constexpr auto kMap = execution::DelayMap::kColonOrEquals;
  const int64_t max_ms = execution::DelayMaxMs(device.parameters, job.order().target, kMap);
  const int64_t base_ms = std::min(execution::DelayBaseMs(device.parameters, job.order().target, kMap), max_ms);
  const auto room = static_cast<uint64_t>(max_ms - base_ms);
  const int64_t chance_ms = room > 0 ? static_cast<int64_t>(random_() % (room + 1)) : 0;
  return std::clamp<int64_t>(job.order().delay_ms, 0, kLongestMs) + base_ms + chance_ms;
}

AgentCall Fencer::CallFor(const Job& job, const FenceTask& task) const {
  const NodeDevice& device = job.devices[task.device];
  FenceRequest request;
  request.agent = device.agent;
  request.action = execution::ActionName(device.parameters, task.action);
  request.parameters.assign(device.parameters.begin(), device.parameters.end());
  if (task.kind != FenceTask::Kind::kList) {
    request.target = job.order().target;
    request.host_argument = HostArgument(device.parameters, FactsOf(device.agent));
    const auto plug = job.plugs.find(task.device);
    request.port = plug != job.plugs.end() ? plug->second : PortOf(device.parameters, request.target);
  }
  AgentCall call;
  call.device = device.id;
  call.limit = execution::ActionLimit(device.parameters);
  call.target = job.order().target;
  call.words = task.action + (request.target.empty() ? "" : " of " + request.target) + " by " + device.id;
  call.invocation = FenceInvocation(request, settings_);
  const int64_t order_ms = std::clamp<int64_t>(job.order().timeout_ms, 1, kLongestMs);
  call.budget_ms = execution::ActionTimeoutMs(device.parameters, task.action, order_ms);
  call.retries = std::max<int64_t>(execution::ActionAttempts(device.parameters, task.action) - 1, 0);
  // `status` says 2 of what is off: an answer like another.
  if (task.kind == FenceTask::Kind::kStatus) call.other_good_exit = 2;
  return call;
}

void Fencer::TakeTargets(Job& job, const std::vector<ListedTarget>& targets) {
  const size_t device = job.tasks.front().device;
  const std::optional<std::string> plug = PlugOf(targets, PortOf(job.devices[device].parameters, job.order().target));
  if (!plug) return Drop(job, "it does not know " + job.order().target);
  job.plugs[device] = *plug;
  job.tasks.pop_front();
}

// The device has nothing to do with the target: the level goes on without it.
void Fencer::Drop(Job& job, const std::string& why) {
  const size_t device = job.tasks.front().device;
  job.failures.push_back(job.devices[device].id + ": " + why);
  std::erase_if(job.tasks, [&](const FenceTask& task) { return task.device == device; });
}

void Fencer::FailLevel(Job& job, std::string why) const {
  if (!why.empty()) job.failures.push_back(std::move(why));
  ++job.level;
  StartLevel(job);
}

void Fencer::EndTask(Job& job, const AgentAnswer& answer, const Moment& now, Outbox& out) {
  const FenceTask task = job.tasks.front();
  const NodeDevice& device = job.devices[task.device];
  job.call = 0;
  if (!answer.success && !task.forgiven) return FailLevel(job, device.id + ": " + answer.reason);
  switch (task.kind) {
    case FenceTask::Kind::kList: {
      Listed& listed = listed_[device.id];
      listed = {ParseTargets(answer.output), now.boot_ms + kListedMs};
      return TakeTargets(job, listed.targets);
    }
    case FenceTask::Kind::kStatus:
      break;
    case FenceTask::Kind::kAct:
      if (!answer.success) {
        out.Tell(SayLevel::kWarning, "fencing", job.order().target, device.id,
                 "it is off, but " + device.id + " does not switch it on again");
      } else if (std::find(job.acted.begin(), job.acted.end(), device.id) == job.acted.end()) {
        job.acted.push_back(device.id);
      }
      break;
  }
  job.tasks.pop_front();
}

// The level has done all that makes it a success.
bool Fencer::OnlySwitchesOn(const Job& job) const {
  return !job.acted.empty() && !job.tasks.empty() &&
         std::all_of(job.tasks.begin(), job.tasks.end(), [](const FenceTask& task) { return task.forgiven; });
}

void Fencer::Answer(Job& job, bool success, const Moment& now, Outbox& out) const {
  job.answered = true;
  std::string reason;
  if (!success) {
    reason = Joined(job.failures, "; ");
    if (reason.empty()) reason = "no device on " + settings_.node + " reaches " + job.order().target;
    reason.resize(std::min(reason.size(), kReasonMax));
  }
  for (const FenceOrder& order : job.orders) {
    FenceDone done;
    done.order = order.number;
    done.node = settings_.node;
    done.target = order.target;
    done.incarnation = order.incarnation;
    done.boot_id = order.boot_id;
    done.action = order.action;
    done.success = success;
    if (success) done.device = Joined(job.acted, ", ");
    done.reason = reason;
    done.when_s = now.wall_s();
    done.digests_all = order.digests_all;
    done.digests_secure = order.digests_secure;
    done.because = order.because;
    out.messages.push_back(std::move(done));
  }
}

void Fencer::Finish(JobNumber number, bool success, const Moment& now, Outbox& out) {
  Job job = std::move(jobs_.at(number));
  jobs_.erase(number);
  if (!job.answered) Answer(job, success, now, out);
  // All jobs that are left against the target wait, for this one was under way: the oldest is next.
  const auto next = std::find_if(jobs_.begin(), jobs_.end(), [&](const auto& entry) {
    return solver::EqualFolded(entry.second.order().target, job.order().target);
  });
  if (next != jobs_.end()) Begin(next->first, now, out);
}

// --- what agents can do --------------------------------------------------------------------------------------------

AgentFacts Fencer::FactsOf(const std::string& agent) const {
  const auto facts = facts_.find(agent);
  return facts != facts_.end() ? facts->second : execution::KnownFacts(agent);
}

void Fencer::AskAgent(const std::string& agent, const Moment& now, Outbox& out) {
  for (const auto& [call, asked] : learning_) {
    if (asked == agent) return;
  }
  AgentCall call;
  call.words = "metadata of " + agent;
  call.target = settings_.node;
  call.invocation = FenceInvocation({agent, "metadata", {}, {}, {}, {}}, settings_);
  call.budget_ms = kMetadataMs;
  learning_[Runs().Start(std::move(call), now, out)] = agent;
}

void Fencer::AskAgents(const Moment& now, Outbox& out) {
  asks_agents_ = false;
  if (!cluster_) return;
  std::set<std::string> known;
  for (const NodeDevice& device : DevicesOn(ReadFencing(*cluster_, InstantOf(now)), settings_.node)) {
    if (facts_.count(device.agent) == 0) {
      AskAgent(device.agent, now, out);
    } else {
      known.insert(device.agent);
    }
  }
  for (const std::string& agent : known) AskDevices(agent, now, out);
}

// Whom the devices of that agent know, so that nobody has to ask when it counts.
void Fencer::AskDevices(const std::string& agent, const Moment& now, Outbox& out) {
  for (const NodeDevice& device : DevicesOn(ReadFencing(*cluster_, InstantOf(now)), settings_.node)) {
    const bool asks = device.agent == agent && listed_.count(device.id) == 0 &&
                      HostCheckOf(device.parameters, FactsOf(agent)) == HostCheck::kDynamicList;
    if (!asks) continue;
    Job asking;
    asking.orders.emplace_back().target = settings_.node;
    asking.devices = {device};
    listing_[Runs().Start(CallFor(asking, {FenceTask::Kind::kList, 0, "list", false}), now, out)] = device.id;
  }
}

// Whether it is known of the agents that the job may use, or cannot be known.
bool Fencer::HasLearned(Job& job, const Moment& now, Outbox& out) {
  std::set<std::string> agents;
  if (job.order().action == "on") {
    for (const NodeDevice& device : job.devices) agents.insert(device.agent);
  }
  for (const std::vector<size_t>& level : job.levels) {
    for (const size_t i : level) agents.insert(job.devices[i].agent);
  }
  for (const std::string& agent : agents) {
    if (facts_.count(agent) == 0 && job.asked.insert(agent).second) AskAgent(agent, now, out);
  }
  return std::none_of(learning_.begin(), learning_.end(),
                      [&](const auto& entry) { return agents.count(entry.second) > 0; });
}

// --- events --------------------------------------------------------------------------------------------------------

void Fencer::OnAnswer(const AgentAnswer& answer, const Moment& now, Outbox& out) {
  if (const auto device = listing_.find(answer.call); device != listing_.end()) {
    if (answer.success) listed_[device->second] = {ParseTargets(answer.output), now.boot_ms + kListedMs};
    listing_.erase(device);
    return;
  }
  const auto agent = learning_.find(answer.call);
  if (agent != learning_.end()) {
    const std::optional<AgentFacts> facts = answer.success ? ReadAgentFacts(answer.output) : std::nullopt;
    if (facts) facts_[agent->second] = *facts;
    if (cluster_) AskDevices(agent->second, now, out);
    learning_.erase(agent);
    std::vector<JobNumber> waiting;
    for (const auto& [number, job] : jobs_) {
      if (job.stage == Stage::kLearning) waiting.push_back(number);
    }
    for (const JobNumber number : waiting) {
      if (jobs_.count(number) > 0) Advance(number, now, out);
    }
    return;
  }
  for (auto& [number, job] : jobs_) {
    if (job.call != answer.call) continue;
    EndTask(job, answer, now, out);
    return Advance(number, now, out);
  }
}

// Answers may lead to calls that are answered at once.
void Fencer::Settle(const Moment& now, Outbox& out) {
  for (auto answers = runs_.TakeAnswers(); !answers.empty(); answers = runs_.TakeAnswers()) {
    for (const AgentAnswer& answer : answers) OnAnswer(answer, now, out);
  }
}

void Fencer::On(const ProcessSpawned& event, const Moment& now, Outbox& out) {
  Runs().On(event, out);
  Settle(now, out);
}

void Fencer::On(const SpawnFailed& event, const Moment& now, Outbox& out) {
  Runs().On(event, now, out);
  Settle(now, out);
}

void Fencer::On(const ProcessEnded& event, const Moment& now, Outbox& out) {
  Runs().On(event, now, out);
  Settle(now, out);
}

void Fencer::OnTimer(const Moment& now, Outbox& out) {
  if (asks_agents_) AskAgents(now, out);
  Runs().OnTimer(now, out);
  std::vector<JobNumber> woken;
  for (const auto& [number, job] : jobs_) {
    if (job.wake_ms > 0 && job.wake_ms <= now.boot_ms) woken.push_back(number);
  }
  for (const JobNumber number : woken) {
    if (jobs_.count(number) > 0) Advance(number, now, out);
  }
  Settle(now, out);
}

int64_t Fencer::NextDeadline() const {
  if (asks_agents_) return 0;
  int64_t next = runs_.NextDeadline();
  for (const auto& [number, job] : jobs_) {
    // Once the delay is over the job has a call, and its own deadline.
    if (job.wake_ms > 0 && job.call == 0) next = std::min(next, job.wake_ms);
  }
  return next;
}

std::vector<FenceOrder> Fencer::InFlight() const {
  std::vector<FenceOrder> orders;
  for (const auto& [number, job] : jobs_) {
    if (!job.answered) orders.insert(orders.end(), job.orders.begin(), job.orders.end());
  }
  return orders;
}

}  // namespace picket::runtime
