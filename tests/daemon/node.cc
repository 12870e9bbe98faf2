#include "tests/daemon/node.h"

#include <algorithm>
#include <utility>

namespace picket::daemon_test {

using namespace runtime;  // NOLINT
using solver::Role;

namespace {

constexpr const char* kFenceMetadata = R"(<resource-agent name="fence_test"><parameters><parameter name="plug"/>
</parameters><actions><action name="on" automatic="0"/><action name="off"/><action name="reboot"/>
<action name="status"/><action name="list"/><action name="monitor"/></actions></resource-agent>)";

// `name=value` among lines, or among the environment's entries.
std::string ValueOf(std::string_view line, std::string_view name) {
  if (line.starts_with(name) && line.size() > name.size() && line[name.size()] == '=') {
    return std::string(line.substr(name.size() + 1));
  }
  return {};
}

std::string Variable(const Spawn& spawn, std::string_view name) {
  for (const std::string& entry : spawn.environment) {
    if (std::string value = ValueOf(entry, name); !value.empty()) return value;
  }
  return {};
}

std::string InputLine(std::string_view input, std::string_view name) {
  while (!input.empty()) {
    const size_t end = std::min(input.find('\n'), input.size());
    if (std::string value = ValueOf(input.substr(0, end), name); !value.empty()) return value;
    input.remove_prefix(std::min(end + 1, input.size()));
  }
  return {};
}

Process ProcessOf(const Spawn& spawn) {
  Process process;
  process.run = spawn.run;
  if (!spawn.arguments.at(0).ends_with("/fence_test")) {
    process.resource = Variable(spawn, "OCF_RESOURCE_INSTANCE");
    process.operation = spawn.arguments.at(1);
    return process;
  }
  process.resource = InputLine(spawn.input, "login");
  process.operation = InputLine(spawn.input, "action");
  for (const char* name : {"plug", "port", "nodename"}) {
    if (process.target.empty()) process.target = InputLine(spawn.input, name);
  }
  process.fences = process.operation != "monitor";
  return process;
}

}  // namespace

uint64_t Node::steps = 0;

Node::Node(Timeline& timeline, World& world, const Shape& shape, int number, Planted planted)
    : timeline_(timeline),
      world_(world),
      shape_(shape),
      id_(static_cast<NodeId>(number)),
      name_(NodeName(number)),
      planted_(planted) {}

Moment Node::Now() const {
  // Every machine counts from its own boot.
  return {timeline_.now_ms() - booted_ms_ + 1000, timeline_.now_ms() + wall_offset_ms_, 0};
}

Role Node::RoleOf(std::string_view service) const {
  const auto found = services_.find(std::string(service));
  return found == services_.end() ? Role::kStopped : found->second;
}

void Node::After(int64_t delay_ms, std::function<void()> what) {
  timeline_.After(delay_ms, [this, boot = boot_, what = std::move(what)] {
    if (boot != boot_ || !powered_) return;
    if (paused_) {
      held_.push_back(what);
    } else {
      what();
    }
  });
}

// --- power -----------------------------------------------------------------------------------------------------

void Node::PowerOn() {
  if (powered_) return;
  powered_ = true;
  ++boot_;
  booted_ms_ = timeline_.now_ms();
  next_pid_ = 1000;
  session_.clear();
  world_.Tell(*this, "-- boots");
}

void Node::PowerOff() {
  if (!powered_) return;
  const bool had_daemon = core_ != nullptr;
  DropDaemon();
  powered_ = paused_ = false;
  processes_.clear();
  services_.clear();
  session_.clear();
  held_.clear();
  dies_at_effect_.reset();
  if (had_daemon) world_.DaemonWent(*this, false);
}

void Node::Pause() {
  paused_ = powered_;
}

void Node::Resume() {
  if (!paused_) return;
  paused_ = false;
  // What came meanwhile comes now, as far as nobody pauses it again.
  const std::vector<std::function<void()>> held = std::move(held_);
  held_.clear();
  for (const auto& what : held) {
    if (paused_) {
      held_.push_back(what);
    } else if (powered_) {
      what();
    }
  }
}

void Node::Hang() {
  hung_ = core_ != nullptr;
}

void Node::GoOn() {
  if (!hung_) return;
  hung_ = false;
  // All of it is ready at once: whether the loop looks at the timer first or at the messages is chance.
  std::vector<Event> events = std::exchange(unheard_, {});
  if (timeline_.Chance(50)) {
    std::stable_partition(events.begin(), events.end(),
                          [](const Event& event) { return std::holds_alternative<TimerFired>(event); });
  }
  for (const Event& event : events) Feed(event);
}

// --- the daemon ------------------------------------------------------------------------------------------------

void Node::StartDaemon() {
  if (core_ || !powered_ || paused_) return;
  ++incarnation_;
  sync_failed_ = false;
  pid_of_run_.clear();
  Settings settings;
  settings.node = name_;
  settings.group = shape_.grouped;
  if (shape_.mixed && timeline_.Chance(50)) settings.wire_high = kWireLow;
  core_ = std::make_unique<Core>(settings);
  Booted booted;
  booted.boot_id = name_ + "-boot-" + std::to_string(boot_);
  booted.incarnation = name_ + "-" + std::to_string(incarnation_);
  booted.seed = static_cast<uint64_t>(timeline_.Random(1, 1000000));
  booted.cores = 2;
  for (const auto& [name, bytes] : store_) booted.store.push_back({name, bytes});
  if (planted_ != Planted::kForgetsSession) booted.session = session_;
  world_.Tell(*this, "-- picketd " + booted.incarnation + " starts");
  Feed(booted);
  if (core_) world_.DaemonCame(*this);
}

void Node::DropDaemon() {
  core_.reset();
  hung_ = false;
  unheard_.clear();
  ++wake_;
  // Children that were never released see the pipe end.
  std::erase_if(processes_, [](const auto& entry) { return !entry.second.released; });
  // Writes under way may have come to the disk or not.
  for (const auto& [number, write] : writing_) {
    if (timeline_.Chance(50)) Keep(write);
  }
  writing_.clear();
  // So may those of the session, one after the other; the last perhaps in part.
  while (!session_writes_.empty() && timeline_.Chance(50)) EndSessionWrite();
  if (!session_writes_.empty() && !session_writes_.front().whole && timeline_.Chance(30)) {
    const std::string& bytes = session_writes_.front().bytes;
    if (!session_broken_) session_ += bytes.substr(0, bytes.size() / 2);
  }
  session_writes_.clear();
  session_broken_ = false;
}

// One is on the disk, or is not.
void Node::EndSessionWrite() {
  const SaveSession save = std::move(session_writes_.front());
  session_writes_.pop_front();
  const bool kept = run_full_until_ms_ <= timeline_.now_ms() && (save.whole || !session_broken_);
  session_broken_ = !kept;
  if (kept) session_ = save.whole ? save.bytes : session_ + save.bytes;
  if (core_) Feed(SessionSaved{save.save, kept, kept ? "" : "no space left"});
}

void Node::Do(const SaveSession& save) {
  session_writes_.push_back(save);
  const int64_t begin_ms = std::max(timeline_.now_ms(), run_slow_until_ms_);
  session_floor_ms_ = std::max(session_floor_ms_, begin_ms + (timeline_.Chance(10) ? timeline_.Random(1, 20) : 0));
  After(session_floor_ms_ - timeline_.now_ms(), [this, incarnation = incarnation_] {
    if (incarnation == incarnation_ && core_ && !session_writes_.empty()) EndSessionWrite();
  });
}

void Node::KillDaemon() {
  if (!core_) return;
  world_.Tell(*this, "-- picketd is killed");
  DropDaemon();
  dies_at_effect_.reset();
  const bool had_orders = std::any_of(processes_.begin(), processes_.end(),
                                      [](const auto& entry) { return entry.second.operation != "monitor"; });
  // What was under way is probed again and may be begun again.
  if (had_orders) world_.Explain();
  world_.DaemonWent(*this, false);
}

void Node::Send(int64_t delay_ms, Event event) {
  After(delay_ms, [this, event = std::move(event), incarnation = incarnation_] {
    if (incarnation == incarnation_) Feed(event);
  });
}

void Node::Feed(const Event& event) {
  if (paused_) {
    held_.push_back([this, event, incarnation = incarnation_] {
      if (incarnation == incarnation_) Feed(event);
    });
    return;
  }
  if (!core_) return;
  if (hung_) {
    unheard_.push_back(event);
    return;
  }
  ++steps;
  const Effects effects = core_->Step(Now(), event);
  for (size_t i = 0; i < effects.size() && core_; ++i) {
    if (dies_at_effect_ && i >= dies_at_effect_->effect) {
      const bool with_power = dies_at_effect_->with_power;
      dies_at_effect_.reset();
      if (with_power) {
        world_.Shoot(*this, name_, "accident");
      } else {
        KillDaemon();
      }
      return;
    }
    std::visit([this](const auto& e) { Do(e); }, effects[i]);
  }
  if (core_) world_.Stepped(*this, effects.size());
}

ClientNumber Node::Ask(const std::string& line) {
  if (!core_ || paused_) return 0;
  const ClientNumber client = next_client_++;
  Feed(ClientOpened{client, 0, true});
  Feed(ClientSent{client, line});
  return client;
}

void Node::Do(const Solve& solve) {
  Solved solved;
  solved.ticket = solve.ticket;
  solved.plan = std::make_shared<execution::Plan>(execution::PlanOrders(*solve.cluster, solve.state, scratch_));
  Send(timeline_.Random(0, 30), solved);
}

void Node::Do(const WakeAt& wake) {
  const uint64_t wanted = ++wake_;
  if (planted_ == Planted::kNeverWakes) return;
  const int64_t delay_ms = planted_ == Planted::kSpins ? 1 : wake.boot_ms - Now().boot_ms;
  After(delay_ms, [this, wanted] {
    if (wanted == wake_) Feed(TimerFired{});
  });
}

void Node::Do(const Exit& exit) {
  world_.Tell(*this, "-- picketd leaves with " + std::to_string(exit.status));
  DropDaemon();
  world_.DaemonWent(*this, exit.status == 0);
}

// --- disk ------------------------------------------------------------------------------------------------------

void Node::Do(const WriteStore& write) {
  StoreWritten written;
  written.write = write.write;
  if (refused_writes_ > 0) {
    --refused_writes_;
    written.outcome = WriteOutcome::kRefused;
    written.error = "no space left";
  } else {
    writing_[write.write] = write;
  }
  if (uncertain_writes_ > 0) {
    --uncertain_writes_;
    sync_failed_ = true;
    written.outcome = WriteOutcome::kUncertain;
    written.error = "input/output error";
  }
  int64_t takes_ms = timeline_.Random(1, 300);
  if (slow_until_ms_ > timeline_.now_ms()) takes_ms += slow_until_ms_ - timeline_.now_ms();
  After(takes_ms, [this, written, incarnation = incarnation_] {
    if (incarnation != incarnation_ || !core_) return;
    const auto found = writing_.find(written.write);
    if (found != writing_.end()) {
      if (written.outcome == WriteOutcome::kDone || timeline_.Chance(50)) Keep(found->second);
      writing_.erase(found);
    }
    world_.Explain();
    Feed(written);
  });
}

void Node::Keep(const WriteStore& write) {
  if (planted_ == Planted::kForgetsStore && !store_.empty()) return;
  store_[write.name] = write.bytes;
  for (const std::string& old : write.remove) store_.erase(old);
  torn_ = false;
}

bool Node::RestoreOld() {
  auto newest = store_.end();
  size_t generations = 0;
  for (auto it = store_.begin(); it != store_.end(); ++it) {
    const auto rank = [](const std::string& name) { return std::pair(name.size(), name); };
    if (!it->first.starts_with("hard-")) continue;
    ++generations;
    if (newest == store_.end() || rank(it->first) > rank(newest->first)) newest = it;
  }
  if (generations < 2 || torn_) return false;
  world_.Tell(*this, "-- " + newest->first + " is gone, as after a restore");
  store_.erase(newest);
  return true;
}

bool Node::TearStore() {
  if (store_.empty() || torn_) return false;
  // Names are numbers at their end; the longest and greatest is the newest.
  auto newest = store_.begin();
  for (auto it = store_.begin(); it != store_.end(); ++it) {
    const auto rank = [](const std::string& name) { return std::pair(name.size(), name); };
    if (it->first.starts_with("hard-") && rank(it->first) > rank(newest->first)) newest = it;
  }
  newest->second.resize(newest->second.size() / 2);
  torn_ = true;
  world_.Tell(*this, "-- " + newest->first + " is torn");
  return true;
}

// --- agents ----------------------------------------------------------------------------------------------------

void Node::Do(const Spawn& spawn) {
  // What an agent says of itself concerns no resource; these say nothing.
  if (spawn.arguments.size() > 1 && spawn.arguments[1] == "meta-data") {
    Send(0, SpawnFailed{spawn.run, "there is no metadata"});
    return;
  }
  const int copies = planted_ == Planted::kSpawnsTwice ? 2 : 1;
  for (int copy = 0; copy < copies; ++copy) {
    Process process = ProcessOf(spawn);
    process.pid = next_pid_++;
    process.incarnation = incarnation_;
    processes_[process.pid] = process;
    if (copy > 0) {
      Begin(processes_[process.pid]);
      continue;
    }
    pid_of_run_[spawn.run] = process.pid;
    Send(timeline_.Random(0, 3), ProcessSpawned{spawn.run, process.pid, 77});
  }
}

void Node::Do(const Release& release) {
  const auto found = processes_.find(pid_of_run_[release.run]);
  if (found != processes_.end()) Begin(found->second);
}

void Node::Begin(Process& process) {
  process.released = true;
  process.trouble = world_.Luck(*this, process);
  const bool hangs = process.trouble == Trouble::kHangs || process.trouble == Trouble::kIgnoresKill;
  const bool acts = process.Acts();
  int64_t takes_ms = timeline_.Random(5, 400);
  if (acts) takes_ms = timeline_.Random(200, 3000);
  if (hangs || process.trouble == Trouble::kLate) takes_ms = timeline_.Random(20000, 60000);
  if (process.trouble != Trouble::kNone) world_.Explain();
  process.ends_ms = timeline_.now_ms() + takes_ms;
  world_.Tell(*this, "begins " + process.operation + " of " + process.resource +
                         (process.target.empty() ? "" : " on " + process.target) + " (" + std::to_string(process.pid) +
                         ")");
  world_.Began(*this, process);
  if (acts) {
    const int64_t acts_ms = process.trouble == Trouble::kLate ? timeline_.Random(200, 3000) : takes_ms - 100;
    After(acts_ms, [this, pid = process.pid] { Act(pid); });
  }
  After(takes_ms, [this, pid = process.pid] { End(pid); });
}

// A fence device does what it was asked for, or what it does instead.
void Node::Act(int64_t pid) {
  const auto found = processes_.find(pid);
  if (found == processes_.end() || found->second.killed) return;
  const Process process = found->second;
  std::string target = process.target;
  if (process.trouble == Trouble::kFails || process.trouble == Trouble::kHangs) return;
  if (process.trouble == Trouble::kLies || process.trouble == Trouble::kIgnoresKill) return;
  if (process.trouble == Trouble::kOther) target = NodeName(static_cast<int>(timeline_.Random(1, shape_.nodes)));
  world_.Shoot(*this, target, process.operation);
}

void Node::Do(const Kill& kill) {
  const auto found = processes_.find(pid_of_run_[kill.run]);
  if (found == processes_.end()) return;
  Process& process = found->second;
  process.killed = true;
  if (process.trouble == Trouble::kIgnoresKill) return;
  After(timeline_.Random(0, 20), [this, pid = process.pid] { End(pid); });
}

void Node::Do(const Adopt& adopt) {
  const auto found = processes_.find(adopt.pid);
  if (found == processes_.end()) {
    ProcessEnded ended;
    ended.run = adopt.run;
    ended.known = false;
    Send(0, ended);
    return;
  }
  pid_of_run_[adopt.run] = adopt.pid;
  found->second.incarnation = incarnation_;
  found->second.run = adopt.run;
  found->second.adopted = true;
}

bool Node::IsPromotable(std::string_view resource) const {
  const std::vector<Service>& services = ServicesOf(shape_);
  return std::any_of(services.begin(), services.end(),
                     [&](const Service& service) { return service.id == resource && service.promotable; });
}

int Node::FenceResult(const Process& process) {
  if (process.operation == "metadata" || process.operation == "list") return 0;
  if (process.trouble == Trouble::kFails) return planted_ == Planted::kForgesProof ? 0 : 1;
  if (process.operation == "status") return world_.HasPower(process.target) ? 0 : 2;
  return process.killed ? 1 : 0;
}

int Node::TrueResult(const Process& process) {
  if (process.fences) return FenceResult(process);
  const Role role = RoleOf(process.resource);
  const Role started = IsPromotable(process.resource) ? Role::kUnpromoted : Role::kStarted;
  if (process.operation == "monitor") {
    if (process.trouble == Trouble::kFails) return 1;
    if (process.resource.starts_with("fence")) return 0;
    return role == Role::kStopped ? 7 : role == Role::kPromoted ? 8 : 0;
  }
  if (process.operation == "notify") return 0;
  // One that fails, or is killed, may have done its work or not.
  const bool works = (process.trouble == Trouble::kNone && !process.killed) || timeline_.Chance(50);
  if (works) {
    if (process.operation == "start" && role == Role::kStopped) services_[process.resource] = started;
    if (process.operation == "stop") services_.erase(process.resource);
    if (process.operation == "promote" && role != Role::kStopped) services_[process.resource] = Role::kPromoted;
    if (process.operation == "demote" && role != Role::kStopped) services_[process.resource] = started;
  }
  return process.trouble == Trouble::kFails ? 1 : 0;
}

// As an agent does it with crm_master, while it runs; without a daemon the words are lost.
void Node::SetScore(const Process& process, int rc) {
  if (!IsPromotable(process.resource) || !core_ || process.killed) return;
  std::string value;
  const Role role = RoleOf(process.resource);
  if (role != Role::kStopped) value = role == Role::kPromoted ? "\"10\"" : "\"5\"";
  if (value.empty() && process.operation == "stop" && rc == 0) value = "null";
  if (value.empty()) return;
  const ClientNumber client =
      Ask(R"({"verb":"set-attribute","name":"master-)" + process.resource + R"(","value":)" + value + "}");
  Feed(ClientClosed{client});
}

void Node::End(int64_t pid) {
  const auto found = processes_.find(pid);
  if (found == processes_.end()) return;
  const Process process = found->second;
  if (process.killed && process.trouble == Trouble::kIgnoresKill && timeline_.now_ms() < process.ends_ms) return;
  const int rc = TrueResult(process);
  SetScore(process, rc);
  // The agent's words may have killed the daemon, or the machine.
  if (processes_.erase(pid) == 0) return;
  world_.Tell(*this, "ends " + process.operation + " of " + process.resource + " (" + std::to_string(pid) + ") with " +
                         std::to_string(rc) + (process.killed ? ", killed" : ""));
  world_.Ended(*this, process, process.killed ? -1 : rc);
  const auto run = pid_of_run_.find(process.run);
  if (!core_ || run == pid_of_run_.end() || run->second != pid) return;
  ProcessEnded ended;
  ended.run = process.run;
  ended.known = !process.adopted;
  ended.exit_code = rc;
  ended.signal = process.killed ? 9 : 0;
  if (process.operation == "metadata") ended.output = kFenceMetadata;
  Feed(ended);
}

std::string Node::KillService(size_t which) {
  if (services_.empty() || !powered_) return {};
  auto victim = services_.begin();
  std::advance(victim, which % services_.size());
  const std::string id = victim->first;
  services_.erase(victim);
  world_.Explain();
  return id;
}

}  // namespace picket::daemon_test
