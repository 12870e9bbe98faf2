#include "tests/agreement/daemons.h"

#include <algorithm>
#include <cstdio>

#include "execution/agents/attributes.h"
#include "execution/agents/promotion.h"
#include "execution/plan/orders.h"
#include "solver/cib/values.h"
#include "solver/model/text.h"
#include "solver/schedule.h"

namespace picket::agreement {

using namespace runtime;  // NOLINT
using daemon_test::Ether;
using solver::Role;

namespace fault = compiler::scenario;

namespace {

constexpr int64_t kQuietMs = 25000;   // nothing but monitors for so long is rest
constexpr int64_t kLimitMs = 900000;  // what is not at rest by then never will be
constexpr int kNotRunning = 7;
constexpr int kPromoted = 8;

constexpr const char* kFenceMetadata =
    R"(<resource-agent name="fence"><parameters><parameter name="plug"/></parameters>
<actions><action name="on" automatic="0"/><action name="off"/><action name="reboot"/><action name="status"/>
<action name="monitor"/></actions></resource-agent>)";

std::string ValueOf(const std::vector<std::string>& lines, const std::string& name) {
  for (const std::string& line : lines) {
    if (line.starts_with(name + "=")) return line.substr(name.size() + 1);
  }
  return {};
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  size_t begin = 0;
  for (size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
    lines.push_back(text.substr(begin, end - begin));
  return lines;
}

bool Acts(const std::string& action) {
  return action == "off" || action == "reboot" || action == "on";
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c == '\n' || c == '\t' ? ' ' : c;
  }
  return quoted + '"';
}

}  // namespace

Daemons::Daemons(uint64_t seed, std::string cib, std::shared_ptr<const simulator::Catalog> catalog,
                 const simulator::WorldSettings& settings)
    : cib_(std::move(cib)), catalog_(std::move(catalog)), settings_(settings), timeline_(seed) {
  std::vector<ConfiguredNode> configured;
  for (const solver::NodeDef& node : catalog_->cluster().nodes) {
    if (!node.type.empty() && !solver::EqualFolded(node.type, "member")) continue;
    auto machine = std::make_unique<Machine>();
    machine->id = static_cast<NodeId>(configured.size() + 1);
    machine->name = node.uname;
    const auto votes = settings_.votes.find(node.uname);
    configured.push_back({machine->id, node.uname, votes == settings_.votes.end() ? 1 : votes->second});
    machines_.push_back(std::move(machine));
  }
  ether_ = std::make_unique<Ether>(timeline_, configured,
                                   [this](NodeId node, const Event& event) { Feed(*machines_[node - 1], event); });
  ether_->two_node = settings_.two_node;
}

Daemons::~Daemons() = default;

Daemons::Machine& Daemons::At(const std::string& name) {
  return **std::find_if(machines_.begin(), machines_.end(), [&](const auto& one) { return one->name == name; });
}

Moment Daemons::Now(const Machine& machine) const {
  return {timeline_.now_ms() - machine.booted_ms + 1000, timeline_.now_ms() + settings_.start_epoch_s * 1000, 0};
}

void Daemons::Say(const std::string& text) const {
  if (trace) std::printf("%9.3f %s\n", static_cast<double>(timeline_.now_ms()) / 1000, text.c_str());
}

// In the boot that is now.
void Daemons::After(Machine& machine, int64_t delay_ms, std::function<void()> what) {
  timeline_.After(delay_ms, [&machine, boot = machine.boot, what = std::move(what)] {
    if (machine.powered && machine.boot == boot) what();
  });
}

// --- machines and daemons

void Daemons::PowerOn(Machine& machine) {
  machine.boots = machine.away = false;
  if (machine.powered) return;
  machine.powered = true;
  ++machine.boot;
  machine.booted_ms = timeline_.now_ms();
  changed_ms_ = timeline_.now_ms();
  Say(machine.name + " boots");
  After(machine, 500, [this, &machine] { ether_->Start(machine.id); });
  After(machine, 1000, [this, &machine] { StartDaemon(machine); });
}

void Daemons::PowerOff(Machine& machine) {
  if (!machine.powered) return;
  Say(machine.name + " is off");
  for (const auto& [run, process] : machine.processes) {
    if (process.line > 0) happened_.operations[process.line - 1] += "lost";
  }
  machine.powered = false;
  machine.core.reset();
  machine.session.clear();
  machine.processes.clear();
  machine.services.clear();
  machine.probed.clear();
  machine.gone.clear();
  ether_->Die(machine.id);
  changed_ms_ = timeline_.now_ms();
}

void Daemons::StartDaemon(Machine& machine) {
  if (machine.core) return;
  ++machine.incarnation;
  Settings settings;
  settings.node = machine.name;
  settings.group = true;
  machine.core = std::make_unique<Core>(settings);
  Booted booted;
  booted.boot_id = machine.name + "-boot-" + std::to_string(machine.boot);
  booted.incarnation = machine.name + "-" + std::to_string(machine.incarnation);
  booted.seed = machine.id;
  booted.cores = 16;
  for (const auto& [name, bytes] : machine.store) booted.store.push_back({name, bytes});
  booted.session = machine.session;
  Feed(machine, booted);
  if (machine.core) ether_->Open(machine.id, next_process_++);
}

void Daemons::Feed(Machine& machine, const Event& event) {
  if (!machine.core) return;
  const Effects effects = machine.core->Step(Now(machine), event);
  for (const Effect& effect : effects) {
    if (!machine.core) return;
    std::visit([&](const auto& one) { Do(machine, one); }, effect);
  }
}

void Daemons::Ask(Machine& machine, const std::string& line) {
  const ClientNumber client = machine.next_client++;
  Feed(machine, ClientOpened{client, 0, true});
  Feed(machine, ClientSent{client, line});
  if (machine.core) Feed(machine, ClientClosed{client});
}

bool Daemons::InForce() const {
  return std::all_of(machines_.begin(), machines_.end(),
                     [](const auto& machine) { return machine->core && machine->core->replica().configured(); });
}

void Daemons::Do(Machine& machine, const SaveSession& save) {
  machine.session = save.whole ? save.bytes : machine.session + save.bytes;
  After(machine, 0, [this, &machine, save] { Feed(machine, SessionSaved{save.save, true, ""}); });
}

void Daemons::Do(Machine& machine, const WriteStore& write) {
  After(machine, 2, [this, &machine, write] {
    machine.store[write.name] = write.bytes;
    for (const std::string& old : write.remove) machine.store.erase(old);
    StoreWritten written;
    written.write = write.write;
    Feed(machine, written);
  });
}

void Daemons::Do(Machine& machine, const Solve& solve) {
  Solved solved;
  solved.ticket = solve.ticket;
  solved.plan = std::make_shared<execution::Plan>(execution::PlanOrders(*solve.cluster, solve.state, scratch_));
  After(machine, 1, [this, &machine, solved] { Feed(machine, solved); });
}

void Daemons::Do(Machine& machine, const WakeAt& wake) {
  const uint64_t wanted = ++machine.wake;
  After(machine, std::max<int64_t>(wake.boot_ms - Now(machine).boot_ms, 0), [this, &machine, wanted] {
    if (wanted == machine.wake) Feed(machine, TimerFired{});
  });
}

void Daemons::Do(Machine& machine, const runtime::Say& say) {
  Say(machine.name + "   " + say.text);
}

void Daemons::Do(Machine& machine, const Exit& exit) {
  Say(machine.name + " picketd ends with " + std::to_string(exit.status));
  machine.core.reset();
  ether_->Close(machine.id);
}

void Daemons::Do(Machine& machine, const Multicast& multicast) {
  ether_->Send(machine.id, multicast.bytes);
}

// --- agents

const simulator::CatalogEntry* Daemons::EntryOf(const std::string& instance) const {
  if (const simulator::CatalogEntry* entry = catalog_->Find(instance)) return entry;
  return catalog_->Find(std::string(solver::BaseName(instance)));
}

// The fence device whose parameters these are.
std::string Daemons::DeviceOf(const std::string& agent, const std::string& input) const {
  const std::vector<std::string> lines = Lines(input);
  for (const execution::FenceDevice& device : catalog_->fencing().devices) {
    const simulator::CatalogEntry* entry = catalog_->Find(device.id);
    if (!entry || !entry->def || entry->def->type != agent) continue;
    bool fits = true;
    for (const solver::NvBlock& block : entry->def->params) {
      for (const solver::NvPair& pair : block.pairs) {
        if (pair.name.starts_with("pcmk_") || pair.name == "action") continue;
        fits = fits && ValueOf(lines, pair.name) == pair.value;
      }
    }
    if (fits) return device.id;
  }
  return {};
}

void Daemons::Do(Machine& machine, const Spawn& spawn) {
  const std::string& path = spawn.arguments.at(0);
  const std::string program = path.substr(path.rfind('/') + 1);
  const std::string verb = spawn.arguments.size() > 1 ? spawn.arguments[1] : ValueOf(Lines(spawn.input), "action");
  if (verb == "meta-data") {
    After(machine, 0, [this, &machine, spawn] { Feed(machine, SpawnFailed{spawn.run, "there is no metadata"}); });
    return;
  }
  Process process;
  process.run = spawn.run;
  process.operation = verb;
  if (path.starts_with("/usr/sbin/")) {
    process.fences = true;
    process.instance = DeviceOf(program, spawn.input);
    for (const char* name : {"plug", "port", "nodename"}) {
      if (process.target.empty()) process.target = ValueOf(Lines(spawn.input), name);
    }
    const std::string node = ValueOf(Lines(spawn.input), "nodename");
    if (!node.empty()) process.target = node;
  } else {
    process.instance = ValueOf(spawn.environment, "OCF_RESOURCE_INSTANCE");
    const std::string interval = ValueOf(spawn.environment, "OCF_RESKEY_CRM_meta_interval");
    process.interval_ms = static_cast<uint32_t>(solver::ParseInteger(interval).value_or(0));
  }
  machine.processes[spawn.run] = std::move(process);
  After(machine, 0, [this, &machine, run = spawn.run] { Feed(machine, ProcessSpawned{run, machine.next_pid++, 77}); });
}

void Daemons::Do(Machine& machine, const Release& release) {
  const auto found = machine.processes.find(release.run);
  if (found != machine.processes.end()) Begin(machine, found->second);
}

void Daemons::Do(Machine& machine, const Kill& kill) {
  const auto found = machine.processes.find(kill.run);
  if (found == machine.processes.end()) return;
  found->second.killed = true;
  After(machine, 1, [this, &machine, run = kill.run] { End(machine, run); });
}

// A unit of systemd, by the primitive that has it.
void Daemons::Do(Machine& machine, const CallUnit& call) {
  Process process;
  process.run = call.run;
  process.operation = call.verb == UnitVerb::kStart ? "start" : call.verb == UnitVerb::kStop ? "stop" : "monitor";
  const std::string unit = call.unit.substr(0, call.unit.rfind(".service"));
  const std::function<void(const solver::ResourceDef&)> look = [&](const solver::ResourceDef& def) {
    if (def.cls == "systemd" && def.type == unit) process.instance = def.id;
    for (const solver::ResourceDef& child : def.children) look(child);
  };
  for (const solver::ResourceDef& def : catalog_->cluster().resources) look(def);
  // The first look of a boot is a probe; what follows is the monitor.
  if (call.verb == UnitVerb::kStatus && !machine.probed.insert(process.instance).second) {
    for (const solver::OperationDef& operation : EntryOf(process.instance)->def->operations) {
      if (operation.name == "monitor" && operation.interval_ms > 0) process.interval_ms = operation.interval_ms;
    }
  }
  Begin(machine, machine.processes[call.run] = std::move(process));
}

int64_t Daemons::DurationOf(const Machine& machine, const Process& process) const {
  const simulator::Durations& durations = settings_.durations;
  const bool acts = process.fences && Acts(process.operation);
  const std::string operation = acts ? "fencing" : process.operation;
  const simulator::CatalogEntry* entry = EntryOf(process.instance);
  const std::string primitive = entry && entry->def ? entry->def->id : process.instance;
  const int64_t known_ms = catalog_->KnownDurationMs(settings_.assumptions, primitive, operation, machine.name);
  if (known_ms >= 0) return known_ms;
  if (acts) return durations.fence_ms;
  if (process.fences) return 10;
  if (operation == "start") return durations.start_ms;
  if (operation == "stop") return durations.stop_ms;
  if (operation == "promote") return durations.promote_ms;
  if (operation == "demote") return durations.demote_ms;
  if (operation.starts_with("migrate_")) return durations.migrate_ms;
  if (operation == "notify") return durations.notify_ms;
  return durations.monitor_ms;
}

void Daemons::Begin(Machine& machine, Process& process) {
  const int64_t takes_ms = DurationOf(machine, process);
  const bool told = !process.fences && process.operation != "notify" && process.interval_ms == 0;
  if (told) {
    happened_.operations.push_back(machine.name + " " + process.instance + " " + process.operation + "_0 rc=");
    process.line = happened_.operations.size();
    Say(machine.name + " begins " + process.operation + " of " + process.instance);
  }
  if (told || process.operation == "notify" || Acts(process.operation)) changed_ms_ = timeline_.now_ms();
  const bool acts = process.fences && Acts(process.operation);
  if (acts) Say(machine.name + " calls " + process.instance + " to " + process.operation + " " + process.target);
  After(machine, takes_ms, [this, &machine, run = process.run] { End(machine, run); });
}

void Daemons::Act(const Process& process) {
  happened_.fencing.push_back(process.target + " " + process.operation + " " + process.instance + " ok");
  changed_ms_ = timeline_.now_ms();
  Machine& target = At(process.target);
  if (process.operation != "on") PowerOff(target);
  if (process.operation == "off" || target.away || target.boots || target.powered) return;
  target.boots = true;
  timeline_.After(settings_.durations.boot_ms, [this, &target] {
    if (target.boots) PowerOn(target);
  });
}

void Daemons::End(Machine& machine, RunNumber run) {
  const auto found = machine.processes.find(run);
  if (found == machine.processes.end()) return;
  const Process process = found->second;
  machine.processes.erase(found);
  const int rc = Result(machine, process);
  if (process.line > 0) happened_.operations[process.line - 1] += std::to_string(rc);
  if (process.line > 0 || process.operation == "notify") changed_ms_ = timeline_.now_ms();
  if (process.line > 0 && rc != 0)
    Say(machine.name + " " + process.operation + " of " + process.instance + " gives " + std::to_string(rc));
  WriteAttributes(machine, process, rc);
  if (!machine.core) return;
  ProcessEnded ended;
  ended.run = run;
  ended.exit_code = rc;
  ended.signal = process.killed ? 9 : 0;
  if (process.operation == "metadata") ended.output = kFenceMetadata;
  Feed(machine, ended);
}

int Daemons::Result(Machine& machine, const Process& process) {
  if (process.killed) return 1;
  if (process.fences) {
    if (Acts(process.operation)) Act(process);
    if (process.operation == "status") return At(process.target).powered ? 0 : 2;
    return 0;
  }
  const int rc = TrueResult(machine, process);
  if (process.interval_ms == 0) return rc;
  const auto found = machine.services.find(process.instance);
  const bool failed = found == machine.services.end() || found->second.failing_rc != 0;
  const bool known =
      found == machine.services.end() ? machine.gone.count(process.instance) > 0 : found->second.reported;
  if (failed && !known) {
    happened_.operations.push_back(machine.name + " " + process.instance + " monitor_" +
                                   std::to_string(process.interval_ms) + " rc=" + std::to_string(rc));
    changed_ms_ = timeline_.now_ms();
  }
  if (failed && rc == kNotRunning) machine.gone.insert(process.instance);
  if (found == machine.services.end() || !failed) return rc;
  found->second.reported = true;
  // An agent that says "not running" is right.
  if (rc == kNotRunning) machine.services.erase(found);
  return rc;
}

// What the agent answers and does: as in the simulated world.
int Daemons::TrueResult(Machine& machine, const Process& process) {
  const simulator::CatalogEntry* entry = EntryOf(process.instance);
  const bool promotable = entry && entry->promotable;
  const std::string primitive = entry && entry->def ? entry->def->id : process.instance;
  const auto found = machine.services.find(process.instance);
  const auto put = [&](Role role) {
    machine.gone.erase(process.instance);
    machine.services[process.instance] = {primitive, role, 0, false};
    return 0;
  };
  const bool monitors = process.operation == "monitor" && process.interval_ms > 0;
  for (auto armed = armed_.begin(); armed != armed_.end() && !monitors; ++armed) {
    if (armed->primitive != primitive || armed->operation != process.operation) continue;
    if (!armed->node.empty() && armed->node != machine.name) continue;
    const int rc = armed->rc;
    if (armed->times > 0 && --armed->times == 0) armed_.erase(armed);
    if (process.operation != "start" && found != machine.services.end()) found->second.failing_rc = rc;
    return rc;
  }
  const std::string& operation = process.operation;
  if (operation == "start" || operation == "migrate_from") return put(promotable ? Role::kUnpromoted : Role::kStarted);
  if (operation == "stop" || operation == "migrate_to") {
    if (found != machine.services.end()) machine.services.erase(found);
    return 0;
  }
  if (operation == "promote" || operation == "demote") {
    if (found == machine.services.end() || found->second.failing_rc == kNotRunning) return kNotRunning;
    if (operation == "promote" && found->second.failing_rc != 0) return found->second.failing_rc;
    return put(operation == "promote" ? Role::kPromoted : Role::kUnpromoted);
  }
  if (operation != "monitor") return 0;
  if (found == machine.services.end()) return kNotRunning;
  if (found->second.failing_rc != 0) return found->second.failing_rc;
  return found->second.role == Role::kPromoted ? kPromoted : 0;
}

void Daemons::WriteAttributes(Machine& machine, const Process& process, int rc) {
  const simulator::CatalogEntry* entry = process.fences ? nullptr : EntryOf(process.instance);
  if (!entry || !entry->def || !machine.core || process.killed) return;
  const auto set = [&](const std::string& name, std::optional<std::string_view> value, int64_t dampen_ms) {
    const std::string text = value ? Quoted(std::string(*value)) : "null";
    const std::string dampen = dampen_ms > 0 ? ",\"dampen_ms\":" + std::to_string(dampen_ms) : "";
    Ask(machine, "{\"verb\":\"set-attribute\",\"name\":" + Quoted(name) + ",\"value\":" + text + dampen + "}");
  };
  const bool worked = rc == 0;
  const std::string& operation = process.operation;
  const bool monitor = operation == "monitor";
  if (const auto attribute = execution::AttributeWrittenBy(*entry->def); attribute && worked) {
    if (operation == "start") set(attribute->name, attribute->value, attribute->dampening_ms);
    if (operation == "stop") {
      set(attribute->name,
          attribute->value_after.empty() ? std::nullopt : std::optional<std::string_view>(attribute->value_after),
          attribute->dampening_ms);
    }
  }
  if (!entry->promotable || !machine.core) return;
  const execution::PromotionModel& model = execution::PromotionModelOf(*entry->def, static_cast<size_t>(entry->copies));
  const std::string name = "master-" + process.instance;
  if (operation == "stop" && worked && model.stop) {
    set(name, model.stop->empty() ? std::nullopt : model.stop, 0);
    return;
  }
  const bool counts = operation == "start" || operation == "promote" || operation == "demote" || monitor;
  if (!counts || operation == "stop" || !(worked || (monitor && rc == kPromoted))) return;
  if (process.interval_ms > 0) return;
  const bool promoted = operation == "promote" || (monitor && rc == kPromoted);
  const auto score = catalog_->AssumedScore(settings_.assumptions, entry->def->id, machine.name, promoted);
  if (score) set(name, *score, 0);
}

// --- what happens to them

void Daemons::KeepApplying() {
  timeline_.After(2000, [this] {
    if (InForce()) return;
    for (const auto& machine : machines_) {
      if (!machine->core || !machine->core->active()) continue;
      Ask(*machine, "{\"verb\":\"apply\",\"source\":\"test\",\"cib\":" + Quoted(cib_) + "}");
      break;
    }
    KeepApplying();
  });
}

void Daemons::Start() {
  for (const auto& machine : machines_) PowerOn(*machine);
  KeepApplying();
}

void Daemons::Fail(const fault::FailResource& fail) {
  const simulator::CatalogEntry* entry = catalog_->Find(fail.resource.id);
  if (!entry || entry->primitives.empty()) return;
  const std::string& primitive = entry->primitives.front();
  if (fail.operation && *fail.operation != "monitor") {
    armed_.push_back({primitive, *fail.operation, fail.node ? fail.node->id : "", fail.exit_code, fail.times});
    return;
  }
  for (const auto& machine : machines_) {
    if (fail.node && machine->name != fail.node->id) continue;
    for (auto& [instance, service] : machine->services) {
      if (service.primitive != primitive) continue;
      service.failing_rc = fail.exit_code;
      service.reported = false;
    }
  }
}

void Daemons::Strike(const fault::Fault& any) {
  Say("-- a fault");
  changed_ms_ = timeline_.now_ms();
  if (const auto* kill = std::get_if<fault::Kill>(&any)) {
    for (const auto& name : kill->nodes) {
      At(name.id).away = true;
      At(name.id).boots = false;
      PowerOff(At(name.id));
    }
  } else if (const auto* online = std::get_if<fault::Online>(&any)) {
    for (const auto& name : online->nodes) PowerOn(At(name.id));
  } else if (const auto* isolate = std::get_if<fault::Isolate>(&any)) {
    for (const auto& name : isolate->nodes) {
      for (const auto& other : machines_) {
        if (other->name != name.id) ether_->CutBoth(At(name.id).id, other->id);
      }
    }
  } else if (std::get_if<fault::Heal>(&any)) {
    ether_->MendAll();
  } else if (const auto* fail = std::get_if<fault::FailResource>(&any)) {
    Fail(*fail);
  }
}

// Whatever is broken has been found out, where a monitor runs at all.
bool Daemons::AllReported() const {
  for (const auto& machine : machines_) {
    for (const auto& [instance, service] : machine->services) {
      if (service.failing_rc == 0 || service.reported) continue;
      const simulator::CatalogEntry* entry = EntryOf(instance);
      for (const solver::OperationDef& operation : entry->def->operations) {
        if (operation.name == "monitor" && operation.interval_ms > 0 &&
            timeline_.now_ms() < changed_ms_ + operation.interval_ms + kQuietMs)
          return false;
      }
    }
  }
  return true;
}

bool Daemons::Settle() {
  const int64_t limit_ms = timeline_.now_ms() + kLimitMs;
  changed_ms_ = std::max(changed_ms_, timeline_.now_ms());
  while (timeline_.now_ms() < limit_ms) {
    timeline_.RunUntil(timeline_.now_ms() + 1000);
    const bool waits = std::any_of(machines_.begin(), machines_.end(), [](const auto& machine) {
      return machine->boots || std::any_of(machine->processes.begin(), machine->processes.end(),
                                           [](const auto& one) { return one.second.line > 0; });
    });
    if (waits || !InForceWherePowered() || !AllReported()) continue;
    if (timeline_.now_ms() - changed_ms_ >= kQuietMs) return true;
  }
  return false;
}

bool Daemons::InForceWherePowered() const {
  return std::all_of(machines_.begin(), machines_.end(), [](const auto& machine) {
    return !machine->powered || (machine->core && machine->core->replica().configured());
  });
}

Happened Daemons::Take() {
  return std::exchange(happened_, {});
}

const Daemons::Machine* Daemons::Speaker() const {
  const Machine* best = nullptr;
  const auto rank = [&](const Machine& machine) {
    return std::pair(ether_->Quorate(machine.id), ether_->MembersOf(machine.id).size());
  };
  for (const auto& machine : machines_) {
    if (!machine->core || !ether_->Up(machine->id)) continue;
    if (!best || rank(*machine) > rank(*best)) best = machine.get();
  }
  return best;
}

std::optional<solver::State> Daemons::State() const {
  const Machine* speaker = Speaker();
  if (!speaker) return std::nullopt;
  return speaker->core->replica().Snapshot(Now(*speaker));
}

std::set<std::string> Daemons::Online() const {
  std::set<std::string> names;
  if (const Machine* speaker = Speaker()) {
    for (const NodeId id : ether_->MembersOf(speaker->id)) names.insert(machines_[id - 1]->name);
  }
  return names;
}

}  // namespace picket::agreement
