#include "cli/nodes_round.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "execution/fencing/parameters.h"
#include "runtime/deploy/secrets.h"
#include "runtime/store/secret_pairs.h"
#include "solver/cib/values.h"

namespace picket::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kMeetLimit_s = 6;
constexpr size_t kProbeBytesMax = size_t{4} << 20;
constexpr size_t kAnswerBytesMax = size_t{64} << 10;
constexpr auto kProbeTime = std::chrono::seconds(60);

double Now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// --- what the policy asks of the nodes

std::vector<std::string> AgentsOf(const pugi::xml_document& cib) {
  std::set<std::string> agents;
  for (const auto& found : cib.select_nodes("//primitive | //template")) {
    const std::string kind = found.node().attribute("class").value(), type = found.node().attribute("type").value();
    const std::string provider = found.node().attribute("provider").value();
    if (!kind.empty()) agents.insert(kind + ":" + (provider.empty() ? "" : provider + ":") + type);
  }
  return {agents.begin(), agents.end()};
}

std::optional<std::int64_t> WatchdogTimeout(const pugi::xml_document& cib) {
  const auto pair = cib.select_node("//crm_config//nvpair[@name='stonith-watchdog-timeout']").node();
  if (!pair) return std::nullopt;
  const std::string value = pair.attribute("value").value();
  if (value.starts_with('-')) return -1;  // The cluster takes it from SBD (spec 08 §14).
  return solver::DurationOrZero(value);
}

// How long the cluster waits for an SBD device; nothing without one.
std::optional<std::int64_t> SbdTimeout(const pugi::xml_document& cib) {
  const auto device =
      cib.select_node("//primitive[@class='stonith'][@type='fence_sbd' or @type='external/sbd']").node();
  if (!device) return std::nullopt;
  for (const char* path : {"instance_attributes/nvpair[@name='pcmk_reboot_timeout']",
                           "//crm_config//nvpair[@name='stonith-timeout' or @name='fencing-timeout']"}) {
    if (const auto pair = device.select_node(path).node())
      return solver::DurationOrZero(pair.attribute("value").value());
  }
  return 60000;  // The default of fencing-timeout.
}

// The fencer runs any program of that name; we run none that is not called like a fence agent.
bool IsFenceAgent(const std::string& name) {
  return name.starts_with("fence_") && std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_' || c == '-';
         });
}

// --- the nodes

runtime::NodeFacts FactsBy(const Host& host, const std::string& name, const std::string& script) {
  const ProgramRun run = host.Run({"sh", "-s"}, script, kProbeTime, kProbeBytesMax);
  runtime::NodeFacts facts = runtime::ReadFacts(name, run.output);
  const bool ended_well = run.end == ProgramRun::End::kExited && run.status == 0;
  if (!facts.known() && !ended_well) facts.trouble = runtime::Plain(Complaint(run));
  return facts;
}

}  // namespace

Round::Round(const RoundOptions& options, const compiler::CompileResult& result)
    : options_(options),
      compiled_(*result.compiled),
      patient_{compiled_.topology,       {}, {}, {}, AgentsOf(compiled_.cib), {}, WatchdogTimeout(compiled_.cib),
               SbdTimeout(compiled_.cib)} {
  for (const auto& node : compiled_.topology.nodes) hosts_.push_back(HostOf(node, options.way));
}

bool Round::reached_all() const {
  return std::all_of(patient_.nodes.begin(), patient_.nodes.end(), [](const auto& node) { return node.known(); });
}

void Round::Probe() {
  std::string names, agents;
  for (const auto& node : topology().nodes) names += node.name + " ";
  for (const std::string& agent : patient_.agents) agents += agent + " ";
  const std::string script = Script("probe.sh", {{"what", "look"}, {"names", names}, {"agents", agents}});
  patient_.nodes.resize(hosts_.size());
  patient_.clocks.resize(hosts_.size());
  Abreast(hosts_.size(), [&](size_t i) { ProbeOne(i, script); });
}

void Round::ProbeOne(size_t i, const std::string& script) {
  patient_.nodes[i] = FactsBy(hosts_[i], topology().nodes[i].name, script);
  if (!patient_.nodes[i].known()) return;
  const double before = Now();
  const ProgramRun clock = hosts_[i].Run({"date", "+%s.%N"}, {}, kProbeTime, kAnswerBytesMax);
  const double after = Now();
  const double told = std::atof(clock.output.c_str());
  if (clock.status == 0 && std::isfinite(told) && told > 0)
    patient_.clocks[i] = runtime::ClockReading{told - (before + after) / 2, (after - before) / 2};
}

namespace {

bool IsPackageName(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '+' || c == '-' || c == '_';
  }) && name.front() != '-';
}

}  // namespace

void Round::CompareWith(const compiler::agents::ChosenLock& chosen) {
  patient_.lock = chosen.lock;
  patient_.lock_name = chosen.origin;
  std::string agents;
  std::set<std::string> packages;
  for (const std::string& name : patient_.agents) {
    const compiler::agents::Agent* agent = chosen.lock->Find(name);
    if (!agent) continue;
    agents += name + " ";
    if (IsPackageName(agent->package)) packages.insert(agent->package);
  }
  std::string words;
  for (const std::string& package : packages) words += package + " ";
  const std::string script = Script("probe.sh", {{"what", "describe"}, {"agents", agents}, {"packages", words}});
  patient_.described.resize(hosts_.size());
  Abreast(hosts_.size(), [&](size_t i) {
    patient_.described[i].node = topology().nodes[i].name;
    if (patient_.nodes[i].known()) patient_.described[i] = FactsBy(hosts_[i], topology().nodes[i].name, script);
  });
}

void Round::Meet() {
  std::vector<size_t> idle;
  for (size_t i = 0; i < hosts_.size(); ++i)
    if (patient_.nodes[i].known() && !patient_.nodes[i].Has("process", "corosync")) idle.push_back(i);
  if (idle.size() < 2) return;
  std::vector<runtime::Hearing> hearings(idle.size());
  Abreast(idle.size(), [&](size_t at) {
    const size_t i = idle[at];
    const std::string script = Script("meet.py", {});
    const std::string plan = Json(MeetingOf(i, idle)).dump();
    const std::string shell =
        "for python in python3 /usr/libexec/platform-python; do command -v $python >/dev/null && break; "
        "done\n"
        "exec $python -I -B - <<'PICKET_END'\nPLAN = " +
        plan + "\n" + script + "\nPICKET_END\n";
    const ProgramRun run = hosts_[i].Run({"sh", "-s"}, shell, kProbeTime, kProbeBytesMax);
    hearings[at] = runtime::ReadHearing(topology().nodes[i].name, run.output);
    if (!hearings[at].trouble.empty() && run.status != 0) hearings[at].trouble = runtime::Plain(Complaint(run));
  });
  patient_.hearings = std::move(hearings);
}

std::string Round::MeetingOf(size_t me, const std::vector<size_t>& idle) const {
  Json links = Json::array();
  for (const compiler::Address& mine : topology().nodes[me].addresses) {
    Json peers = Json::object();
    for (const size_t i : idle)
      if (i != me)
        for (const compiler::Address& other : topology().nodes[i].addresses)
          if (other.link == mine.link) peers[topology().nodes[i].name] = other.address;
    links.push_back({{"number", mine.link},
                     {"mine", mine.address},
                     {"port", runtime::PortOf(topology(), mine.link)},
                     {"mtu", MtuOf(me, mine.address)},
                     {"peers", peers}});
  }
  return Json{{"me", topology().nodes[me].name}, {"links", links}, {"limit_s", kMeetLimit_s}}.dump();
}

// Of the interface with that address; 1500 where it cannot be told.
int Round::MtuOf(size_t node, const std::string& address) const {
  std::string interface;
  for (const auto& line : patient_.nodes[node].All("address"))
    if (line.front().find(" " + address + "/") != std::string::npos) {
      std::istringstream words(line.front());
      words >> interface >> interface;
    }
  for (const auto& line : patient_.nodes[node].All("interface")) {
    const size_t at = line.front().find(" mtu ");
    const bool is = line.front().find(" " + interface + "@") != std::string::npos ||
                    line.front().find(" " + interface + ":") != std::string::npos;
    if (!interface.empty() && is && at != std::string::npos) return std::atoi(line.front().c_str() + at + 5);
  }
  return 1500;
}

namespace {

// The plugs in a host map. A node may have several plugs, with commas between them.
std::set<std::string> PlugsOf(const pugi::xml_node& device) {
  const pugi::xml_node pair = device.select_node("instance_attributes/nvpair[@name='pcmk_host_map']").node();
  std::set<std::string> plugs;
  for (const execution::HostPort& entry : execution::ParseHostMap(pair.attribute("value").value())) {
    std::istringstream words(entry.port);
    for (std::string plug; std::getline(words, plug, ',');) plugs.insert(plug);
  }
  return plugs;
}

// What a device lists, plugs and their aliases, as a fencer reads it. Empty where it lists nothing: many cannot.
std::set<std::string> Listed(const ProgramRun& run) {
  if (run.end != ProgramRun::End::kExited || run.status != 0) return {};
  const auto names = execution::ParseHostList(run.output);
  return {names.begin(), names.end()};
}

// The plugs that are not listed. A plug with characters that a fencer does not read in a list is passed over.
std::set<std::string> Unlisted(const std::set<std::string>& plugs, const std::set<std::string>& listed) {
  std::set<std::string> unknown;
  for (const std::string& plug : plugs) {
    const auto read = execution::ParseHostList(plug);
    if (read.size() == 1 && read.front() == plug && !listed.contains(plug)) unknown.insert(plug);
  }
  return unknown;
}

std::string InWords(const std::set<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return runtime::Plain(all.empty() ? "nothing" : all);
}

}  // namespace

// Every node asks every device; a few at a time, since some take their whole time.
void Round::AskDevices() {
  struct Question {
    std::string agent, device, input;
    std::vector<std::string> secrets;
    std::set<std::string> plugs;
    std::vector<runtime::DeviceAnswer> answers;
  };
  std::vector<Question> questions;
  for (const auto& found : compiled_.cib.select_nodes("//primitive[@class='stonith']")) {
    const pugi::xml_node device = found.node();
    Question question{device.attribute("type").value(), device.attribute("id").value(), {}, {}, PlugsOf(device), {}};
    std::string why;
    if (!IsFenceAgent(question.agent)) continue;
    if (!Parameters(device, question.input, question.secrets, why)) {
      if (!why.empty()) patient_.devices.push_back({"", question.device, false, why, ""});
      continue;
    }
    question.answers.resize(hosts_.size());
    questions.push_back(std::move(question));
  }
  const size_t at_a_time = std::min<size_t>(questions.size(), 4);
  Abreast(hosts_.size() * at_a_time, [&](size_t worker) {
    for (size_t at = worker / hosts_.size(); at < questions.size(); at += at_a_time) {
      Question& question = questions[at];
      const size_t i = worker % hosts_.size();
      question.answers[i] = Ask(i, question.agent, question.device, question.input, question.secrets, question.plugs);
    }
  });
  for (Question& question : questions)
    patient_.devices.insert(patient_.devices.end(), question.answers.begin(), question.answers.end());
}

runtime::DeviceAnswer Round::Ask(size_t i, const std::string& agent, const std::string& device,
                                 const std::string& input, const std::vector<std::string>& secrets,
                                 const std::set<std::string>& plugs) const {
  runtime::DeviceAnswer answer{patient_.nodes[i].node, device, true, "", ""};
  const auto& agents = patient_.nodes[i].All("agent");
  const bool there = std::any_of(agents.begin(), agents.end(), [&](const auto& line) {
    return line.size() > 1 && line[0] == "stonith:" + agent && line[1] != "missing";
  });
  if (!there) return answer;  // Another check tells that.
  const auto time = std::chrono::seconds(30);
  const ProgramRun run = hosts_[i].Run({agent}, input, time, kAnswerBytesMax);
  answer.well = run.end == ProgramRun::End::kExited && (run.status == 0 || run.status == 2);
  // An agent may repeat what it was given.
  answer.said = runtime::Plain(runtime::MaskValues(Complaint(run), secrets));
  if (!answer.well || plugs.empty() || i != 0) return answer;
  const std::set<std::string> listed = Listed(hosts_[i].Run({agent}, input + "action=list\n", time, kAnswerBytesMax));
  const std::set<std::string> unknown = Unlisted(plugs, listed);
  if (listed.empty() || unknown.empty()) return answer;
  answer.unknown_plugs = InWords(unknown);
  answer.said = "it lists " + runtime::MaskValues(InWords(listed), secrets);
  return answer;
}

// Writes what the agent reads. The action is ours, whatever the policy says. It stands first and last: an
// agent may take either. False: the device is not asked; `why` has the reason where that is a finding.
bool Round::Parameters(const pugi::xml_node& device, std::string& input, std::vector<std::string>& secrets,
                       std::string& why) const {
  static const std::set<std::string> kOurs = {"action", "option", "plug", "port", "nodename", "verbose", "debug"};
  input = "action=status\n";
  std::string plug, own_plug;
  for (const auto& found : device.select_nodes("instance_attributes/nvpair")) {
    const std::string name = found.node().attribute("name").value();
    std::string value = found.node().attribute("value").value();
    for (const auto& secret : compiled_.secrets) {
      if (secret.pair_id != found.node().attribute("id").value()) continue;
      if (options_.secrets.empty()) return false;
      const auto read = runtime::ReadSecret(options_.secrets, secret.path, why);
      if (!read) return false;
      value = *read;
      secrets.push_back(value);
    }
    const bool secret = runtime::IsSecretName(name) || name.find("pass") != std::string::npos;
    if (secret && !value.empty()) secrets.push_back(value);
    if (runtime::Plain(name) != name || runtime::Plain(value) != value || name.find('=') != std::string::npos) {
      why = "the parameter `" + runtime::Plain(name) + "` has a character that no agent takes";
      return false;
    }
    if (name == "pcmk_host_map")
      plug = value.substr(value.find(':') + 1, value.find_first_of("; ", value.find(':')) - value.find(':') - 1);
    if (name == "pcmk_host_list" && plug.empty()) plug = value.substr(0, value.find_first_of(" ,;"));
    if (name == "plug" || name == "port") own_plug = value;
    if (!name.starts_with("pcmk_") && !kOurs.contains(name)) input += name + "=" + value + "\n";
  }
  if (!own_plug.empty()) plug = own_plug;
  if (plug.empty()) plug = topology().nodes.front().name;
  input += "plug=" + plug + "\nnodename=" + plug + "\naction=status\n";
  return true;
}

std::vector<runtime::NodeFacts> ProbeNodes(const std::vector<compiler::TopologyNode>& nodes, const Host& way,
                                           const std::string& names) {
  const std::string script = Script("probe.sh", {{"what", "look"}, {"names", names}, {"agents", ""}});
  std::vector<runtime::NodeFacts> facts(nodes.size());
  Abreast(nodes.size(), [&](size_t i) { facts[i] = FactsBy(HostOf(nodes[i], way), nodes[i].name, script); });
  return facts;
}

bool WaiversOf(const compiler::CompileResult& result, const std::string& file, std::vector<runtime::Waiver>& waivers) {
  std::vector<std::string> complaints;
  for (const auto& source : result.source_map.files) {
    auto more = runtime::ReadWaivers(source.text, complaints);
    waivers.insert(waivers.end(), more.begin(), more.end());
  }
  for (const std::string& complaint : complaints) std::cerr << "picket: " << file << ": " << complaint << '\n';
  return complaints.empty();
}

}  // namespace picket::cli
