#include "tests/daemon/machine.h"

#include <algorithm>
#include <cstdio>

#include "solver/model/query.h"
#include "solver/schedule.h"

namespace picket::daemon_test {

using namespace runtime;  // NOLINT
using solver::Role;

namespace {

constexpr const char* kCib = R"(<cib crm_feature_set="3.19.0" validate-with="pacemaker-3.9" epoch="1" num_updates="0"
 admin_epoch="0"><configuration><crm_config><cluster_property_set id="cib-bootstrap-options">
 <nvpair id="o1" name="stonith-enabled" value="false"/>
 <nvpair id="o2" name="cluster-recheck-interval" value="10s"/></cluster_property_set></crm_config>
 <nodes><node id="1" uname="n1"/></nodes><resources>
 <primitive id="disk" class="ocf" provider="test" type="Plain"><operations>
  <op id="d1" name="start" interval="0" timeout="5s"/><op id="d2" name="stop" interval="0" timeout="5s"/>
  <op id="d3" name="monitor" interval="10s" timeout="5s"/></operations></primitive>
 <group id="web"><primitive id="ip" class="ocf" provider="test" type="Plain"><operations>
  <op id="i1" name="start" interval="0" timeout="5s"/><op id="i2" name="stop" interval="0" timeout="5s"/>
  <op id="i3" name="monitor" interval="7s" timeout="5s"/></operations></primitive>
  <primitive id="http" class="ocf" provider="test" type="Plain"><operations>
  <op id="h1" name="start" interval="0" timeout="5s"/><op id="h2" name="stop" interval="0" timeout="5s"/>
  <op id="h3" name="monitor" interval="11s" timeout="5s"/></operations></primitive></group>
 <clone id="db-ms"><meta_attributes id="m1"><nvpair id="m2" name="promotable" value="true"/>
  <nvpair id="m3" name="notify" value="true"/></meta_attributes>
  <primitive id="db" class="ocf" provider="test" type="Promotable"><operations>
  <op id="b1" name="start" interval="0" timeout="5s"/><op id="b2" name="stop" interval="0" timeout="5s"/>
  <op id="b3" name="monitor" interval="9s" timeout="5s" role="Promoted"/>
  <op id="b4" name="monitor" interval="8s" timeout="5s" role="Unpromoted"/></operations></primitive></clone>
 </resources><constraints>
 <rsc_order id="c1" first="disk" then="web"/><rsc_colocation id="c2" rsc="web" with-rsc="db-ms"
  with-rsc-role="Promoted" score="INFINITY"/><rsc_order id="c3" first="db-ms" first-action="promote" then="web"/>
 </constraints><rsc_defaults><meta_attributes id="r1"><nvpair id="r2" name="migration-threshold" value="3"/>
 <nvpair id="r3" name="failure-timeout" value="20s"/></meta_attributes></rsc_defaults></configuration><status/></cib>)";

std::string Variable(const Spawn& spawn, std::string_view name) {
  for (const std::string& entry : spawn.environment) {
    if (entry.starts_with(name) && entry.size() > name.size() && entry[name.size()] == '=') {
      return entry.substr(name.size() + 1);
    }
  }
  return {};
}

}  // namespace

Machine::Machine(uint64_t seed, Odds odds, Planted planted) : random_(seed), odds_(odds), planted_(planted) {}

// Not a distribution of the standard library, which may differ between two of them.
int64_t Machine::Random(int64_t from, int64_t to) {
  return from + static_cast<int64_t>(random_() % static_cast<uint64_t>(to - from + 1));
}

Moment Machine::Now() const { return {now_ms_, now_ms_ + wall_offset_ms_, 0}; }

Plan Machine::PlanNow() const {
  const solver::State state = core_->replica().Snapshot(Now());
  return MakePlan(*core_->replica().cluster(), state, scratch_);
}

void Machine::At(int64_t at_ms, std::function<void()> what) { due_.push({at_ms, sequence_++, std::move(what)}); }

void Machine::Tell(const std::string& text) {
  if (trace) std::printf("%8.3f %s\n", static_cast<double>(now_ms_ - 100000) / 1000, text.c_str());
}

void Machine::Explain() {
  at_peace_ = false;
  Watchers([&](Checker& checker) { checker.Explained(*this); });
}

std::vector<std::string> Machine::Complaints() const {
  std::vector<std::string> all;
  for (const auto& checker : checkers_) {
    for (const std::string& complaint : checker->complaints) {
      all.push_back(std::string(checker->name()) + ": " + complaint);
    }
  }
  return all;
}

void Machine::Play(int64_t faulty_ms, int64_t calm_ms) {
  Explain();
  StartDaemon();
  Request("apply");
  const int64_t calm_from_ms = now_ms_ + faulty_ms;
  const int64_t end_ms = calm_from_ms + calm_ms;
  ScheduleFault();
  At(calm_from_ms, [this] {
    Tell("-- calm");
    faulty_ = false;
    full_writes_ = 0;
    Explain();
    if (!core_) StartDaemon();
    // People repair what they see broken.
    Request("cleanup");
  });
  while (!due_.empty() || wake_ms_ != INT64_MAX) {
    const bool wakes = planted_ != Planted::kNeverWakes && (due_.empty() || wake_ms_ < due_.top().at_ms);
    const int64_t at_ms = wakes ? wake_ms_ : due_.empty() ? INT64_MAX : due_.top().at_ms;
    if (at_ms > end_ms) break;
    now_ms_ = std::max(now_ms_, at_ms);
    if (wakes) {
      wake_ms_ = INT64_MAX;
      Feed(TimerFired{});
      continue;
    }
    const std::function<void()> what = due_.top().what;
    due_.pop();
    what();
  }
  now_ms_ = end_ms;
  Watchers([&](Checker& checker) { checker.End(*this); });
}

// --- the daemon ------------------------------------------------------------------------------------------------

void Machine::StartDaemon() {
  if (core_) return;
  ++incarnation_;
  pid_of_run_.clear();
  asked_.clear();
  Settings settings;
  settings.node = "n1";
  core_ = std::make_unique<Core>(settings);
  Booted booted;
  booted.boot_id = "the only boot";
  booted.incarnation = std::to_string(incarnation_);
  booted.cores = 2;
  for (const auto& [name, bytes] : store_) booted.store.push_back({name, bytes});
  if (planted_ != Planted::kForgetsSession) booted.session = session_;
  Tell("-- picketd " + booted.incarnation + " starts");
  Feed(booted);
}

void Machine::KillDaemon() {
  if (!core_) return;
  Tell("-- picketd is killed");
  core_.reset();
  wake_ms_ = INT64_MAX;
  dies_at_effect_.reset();
  std::vector<int64_t> waiting;
  bool had_orders = false;
  for (const auto& [pid, process] : processes_) {
    if (!process.released) waiting.push_back(pid);
    had_orders = had_orders || (process.released && process.operation != "monitor");
  }
  // Children that were never released see the pipe end.
  for (const int64_t pid : waiting) processes_.erase(pid);
  // What was under way is probed again and may be begun again.
  if (had_orders) Explain();
  At(now_ms_ + Random(0, 3000), [this] { StartDaemon(); });
}

void Machine::Send(int64_t delay_ms, Event event) {
  At(now_ms_ + delay_ms, [this, event = std::move(event), incarnation = incarnation_] {
    if (incarnation == incarnation_) Feed(event);
  });
}

void Machine::Feed(const Event& event) {
  if (!core_) return;
  const Effects effects = core_->Step(Now(), event);
  for (size_t i = 0; i < effects.size() && core_; ++i) {
    if (dies_at_effect_ && i >= *dies_at_effect_) {
      KillDaemon();
      return;
    }
    std::visit([this](const auto& e) { Do(e); }, effects[i]);
  }
  CheckPeace();
}

bool Machine::RemembersFailures() const {
  for (const auto& node : core_->replica().state().nodes) {
    for (const solver::ResourceHistory& history : node->history) {
      for (const solver::HistoryEntry& entry : history.entries) {
        if (entry.id.ends_with("_last_failure_0")) return true;
      }
    }
    for (const solver::NvBlock& block : node->transient) {
      for (const solver::NvPair& pair : block.pairs) {
        if (pair.name.starts_with("fail-count-")) return true;
      }
    }
  }
  return false;
}

std::string Machine::Misbelief() const {
  const solver::State state = core_->replica().Snapshot(Now());
  solver::ReadStatus(*core_->replica().cluster(), state, scratch_, nullptr);
  for (const char* id : {"disk", "ip", "http", "db"}) {
    const solver::ResourceId found = solver::FindResource(scratch_, id);
    if (!found.valid()) return id;
    const solver::Resource& resource = scratch_.at(found);
    if (resource.failed) continue;
    const auto service = services_.find(id);
    const bool runs = service != services_.end();
    const bool promoted = runs && service->second == Role::kPromoted;
    const bool believed = !resource.active.empty();
    if (runs != believed || promoted != (believed && resource.role == Role::kPromoted)) return id;
  }
  return {};
}

void Machine::CheckPeace() {
  if (!core_ || at_peace_ || !core_->coordinator().settled() || !core_->executor().idle()) return;
  if (RemembersFailures() || !Misbelief().empty()) return;
  at_peace_ = true;
  Watchers([&](Checker& checker) { checker.AtPeace(*this); });
}

// What people and their programs ask for, each as a client of its own.
void Machine::Request(const std::string& what) {
  if (!core_) return;
  const uint64_t client = next_client_++;
  std::string line;
  if (what == "apply") {
    std::string cib;
    for (const char* c = kCib; *c; ++c) {
      if (*c == '"') cib += '\\';
      cib += *c == '\n' ? ' ' : *c;
    }
    line = "{\"verb\":\"apply\",\"source\":\"test\",\"cib\":\"" + cib + "\"}";
  } else if (what == "cleanup") {
    line = R"({"verb":"cleanup"})";
  } else {
    line = what;
  }
  Explain();
  Feed(ClientOpened{client, 0, true});
  Feed(ClientSent{client, line});
}

// --- effects ---------------------------------------------------------------------------------------------------

void Machine::Do(const Spawn& spawn) {
  const int copies = planted_ == Planted::kSpawnsTwice ? 2 : 1;
  for (int copy = 0; copy < copies; ++copy) {
    Process process;
    process.pid = next_pid_++;
    process.run = spawn.run;
    process.incarnation = incarnation_;
    process.resource = Variable(spawn, "OCF_RESOURCE_INSTANCE");
    process.operation = spawn.arguments.at(1);
    processes_[process.pid] = process;
    if (copy > 0) {
      Begin(processes_[process.pid]);
      continue;
    }
    pid_of_run_[spawn.run] = process.pid;
    Send(Random(0, 3), ProcessSpawned{spawn.run, process.pid, 77});
  }
}

void Machine::Do(const Release& release) {
  const auto found = processes_.find(pid_of_run_[release.run]);
  if (found != processes_.end()) Begin(found->second);
}

void Machine::Begin(Process& process) {
  process.released = true;
  int64_t takes_ms = Random(5, 400);
  if (faulty_ && odds_.agents) {
    const int64_t luck = Random(1, 100);
    if (luck <= 6) process.trouble = Trouble::kFails;
    if (luck > 6 && luck <= 9) process.trouble = Trouble::kHangs;
    if (luck == 10) process.trouble = Trouble::kIgnoresKill;
  }
  if (process.trouble == Trouble::kHangs || process.trouble == Trouble::kIgnoresKill) takes_ms = Random(20000, 40000);
  if (process.trouble != Trouble::kNone) Explain();
  process.ends_ms = now_ms_ + takes_ms;
  Tell("begins " + process.operation + " of " + process.resource + " (" + std::to_string(process.pid) + ")");
  Watchers([&](Checker& checker) { checker.Released(*this, process); });
  At(process.ends_ms, [this, pid = process.pid] { End(pid); });
}

void Machine::Do(const Kill& kill) {
  const auto found = processes_.find(pid_of_run_[kill.run]);
  if (found == processes_.end()) return;
  Process& process = found->second;
  process.killed = true;
  if (process.trouble == Trouble::kIgnoresKill) return;
  At(now_ms_ + Random(0, 20), [this, pid = process.pid] { End(pid); });
}

void Machine::Do(const Adopt& adopt) {
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
  // From now on its end is seen, though not how.
  found->second.repeat = true;
}

void Machine::Do(const SaveSession& save) { session_ = save.bytes; }

void Machine::Do(const WriteStore& write) {
  StoreWritten written;
  written.write = write.write;
  if (full_writes_ > 0) {
    --full_writes_;
    written.outcome = WriteOutcome::kRefused;
    written.error = "no space left";
  } else if (planted_ != Planted::kForgetsStore || write.name == "hard-1") {
    store_[write.name] = write.bytes;
    for (const std::string& old : write.remove) store_.erase(old);
  }
  At(now_ms_ + Random(1, 300), [this, written, incarnation = incarnation_] {
    if (incarnation != incarnation_ || !core_) return;
    Explain();
    Feed(written);
  });
}

void Machine::Do(const Solve& solve) {
  Solved solved;
  solved.ticket = solve.ticket;
  solved.plan = std::make_shared<Plan>(MakePlan(*solve.cluster, solve.state, scratch_));
  Send(Random(0, 30), solved);
}

void Machine::Do(const Answer& answer) {
  const auto asked = asked_.find(answer.client);
  if (asked == asked_.end() || answer.line.find("accepted") == std::string::npos) return;
  Watchers([&](Checker& checker) { checker.Accepted(*this, asked->second.first, asked->second.second); });
}

void Machine::Do(const WakeAt& wake) { wake_ms_ = wake.boot_ms; }

void Machine::Do(const Say& say) { Tell("  " + say.text); }

void Machine::Do(const Exit&) {
  Tell("-- picketd leaves");
  core_.reset();
  wake_ms_ = INT64_MAX;
}

// --- agents ----------------------------------------------------------------------------------------------------

int Machine::TrueResult(const Process& process) {
  const bool promotable = process.resource == "db";
  const auto service = services_.find(process.resource);
  const Role role = service == services_.end() ? Role::kStopped : service->second;
  const Role started = promotable ? Role::kUnpromoted : Role::kStarted;
  if (process.operation == "monitor") {
    if (process.trouble == Trouble::kFails) return 1;
    return role == Role::kStopped ? 7 : role == Role::kPromoted ? 8 : 0;
  }
  if (process.operation == "notify") return 0;
  // One that fails, or is killed, may have done its work or not.
  const bool works = (process.trouble == Trouble::kNone && !process.killed) || Chance(50);
  if (works) {
    if (process.operation == "start" && role == Role::kStopped) services_[process.resource] = started;
    if (process.operation == "stop") services_.erase(process.resource);
    if (process.operation == "promote" && role != Role::kStopped) services_[process.resource] = Role::kPromoted;
    if (process.operation == "demote" && role != Role::kStopped) services_[process.resource] = started;
  }
  return process.trouble == Trouble::kFails ? 1 : 0;
}

// As an agent does it with crm_master, while it runs; without a daemon the words are lost.
void Machine::SetScore(const Process& process, int rc) {
  if (process.resource != "db" || !core_ || process.killed) return;
  std::string value;
  const auto service = services_.find("db");
  if (service != services_.end()) value = service->second == Role::kPromoted ? "\"10\"" : "\"5\"";
  if (value.empty() && process.operation == "stop" && rc == 0) value = "null";
  if (value.empty()) return;
  const uint64_t client = next_client_++;
  Feed(ClientOpened{client, 0, true});
  Feed(ClientSent{client, R"({"verb":"set-attribute","name":"master-db","value":)" + value + "}"});
  Feed(ClientClosed{client});
}

void Machine::End(int64_t pid) {
  const auto found = processes_.find(pid);
  if (found == processes_.end()) return;
  const Process process = found->second;
  if (process.killed && process.trouble == Trouble::kIgnoresKill && now_ms_ < process.ends_ms) return;
  const int rc = TrueResult(process);
  SetScore(process, rc);
  processes_.erase(pid);
  Tell("ends " + process.operation + " of " + process.resource + " (" + std::to_string(pid) + ") with " +
       std::to_string(rc) + (process.killed ? ", killed" : ""));
  // The daemon may have died over the agent's words.
  const auto run = pid_of_run_.find(process.run);
  if (!core_ || run == pid_of_run_.end() || run->second != pid) return;
  ProcessEnded ended;
  ended.run = process.run;
  ended.known = !process.repeat;
  ended.exit_code = rc;
  ended.signal = process.killed ? 9 : 0;
  Feed(ended);
}

// --- faults ----------------------------------------------------------------------------------------------------

void Machine::ScheduleFault() {
  At(now_ms_ + Random(500, 15000), [this] {
    if (!faulty_) return;
    Strike();
    ScheduleFault();
  });
}

void Machine::Strike() {
  switch (Random(0, 5)) {
    case 0:
      if (!odds_.services || services_.empty()) return;
      {
        auto victim = services_.begin();
        std::advance(victim, Random(0, static_cast<int64_t>(services_.size()) - 1));
        Tell("-- the service of " + victim->first + " dies");
        services_.erase(victim);
        Explain();
      }
      return;
    case 1:
      if (odds_.daemon) KillDaemon();
      return;
    case 2:
      // In the middle of some step, between two of its effects.
      if (odds_.daemon) dies_at_effect_ = static_cast<size_t>(Random(0, 3));
      return;
    case 3:
      if (!odds_.clock) return;
      wall_offset_ms_ += Random(-7200, 7200) * 1000;
      Tell("-- the wall clock is set");
      return;
    case 4:
      if (odds_.disk) full_writes_ = static_cast<int>(Random(1, 3));
      return;
    default:
      if (odds_.people) StrikePeople();
      return;
  }
}

void Machine::StrikePeople() {
  switch (Random(0, 4)) {
    case 0:
      return Request("cleanup");
    case 1:
      return Request("apply");
    case 2:
      return Request(R"({"verb":"set-attribute","node":"n1","name":"standby","permanent":true,"value":")" +
                     std::string(Chance(50) ? "on" : "off") + "\"}");
    default: {
      // Of equal length, so that a later one compares as greater.
      const std::string value = std::to_string(1000000 + next_client_);
      asked_[next_client_] = {"cluster-name", value};
      return Request(R"({"verb":"set-property","name":"cluster-name","value":")" + value + "\"}");
    }
  }
}

}  // namespace picket::daemon_test
