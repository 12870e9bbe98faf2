#include "cli/doctor_verb.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/host_options.h"
#include "cli/nodes.h"
#include "cli/policy_io.h"
#include "compiler/compile.h"
#include "runtime/bootstrap/doctor.h"
#include "runtime/bootstrap/waivers.h"
#include "runtime/deploy/secrets.h"
#include "runtime/store/secret_pairs.h"
#include "solver/cib/values.h"
#include "solver/schedule.h"

namespace picket::cli {
namespace {

using Json = nlohmann::ordered_json;
using runtime::Checked;
using runtime::Finding;

constexpr double kMeetLimit_s = 6;
constexpr size_t kProbeBytesMax = size_t{4} << 20;
constexpr size_t kAnswerBytesMax = size_t{64} << 10;
constexpr auto kProbeTime = std::chrono::seconds(60);

struct DoctorOptions {
  std::string file;
  std::string secrets;
  std::string format = "text";
  Host way;
  bool list = false;
};

double Now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// --- what the policy asks of the nodes
// -------------------------------------------------------------------------------

std::vector<std::string> AgentsOf(const pugi::xml_document& cib) {
  std::set<std::string> agents;
  for (const auto& found : cib.select_nodes("//primitive | //template")) {
    const std::string kind = found.node().attribute("class").value(),
                      type = found.node().attribute("type").value();
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

// The fencer runs any program of that name; we run none that is not called like a fence agent.
bool IsFenceAgent(const std::string& name) {
  return name.starts_with("fence_") && std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_' || c == '-';
         });
}

// --- the nodes
// -------------------------------------------------------------------------------------------------------

class Round {
 public:
  Round(const DoctorOptions& options, const compiler::CompileResult& result)
      : options_(options), compiled_(*result.compiled), patient_{compiled_.topology,
                                                                 {},
                                                                 {},
                                                                 {},
                                                                 AgentsOf(compiled_.cib),
                                                                 {},
                                                                 WatchdogTimeout(compiled_.cib)} {
    for (const auto& node : compiled_.topology.nodes) hosts_.push_back(HostOf(node, options.way));
  }

  std::vector<Checked> Go() {
    Probe();
    Meet();
    AskDevices();
    return Examine(patient_);
  }
  bool reached_all() const {
    return std::all_of(patient_.nodes.begin(), patient_.nodes.end(),
                       [](const auto& node) { return node.known(); });
  }

 private:
  const compiler::Topology& topology() const { return compiled_.topology; }

  void Probe() {
    std::string names, agents;
    for (const auto& node : topology().nodes) names += node.name + " ";
    for (const std::string& agent : patient_.agents) agents += agent + " ";
    const std::string script = Script("probe.sh", {{"names", names}, {"agents", agents}});
    patient_.nodes.resize(hosts_.size());
    patient_.clocks.resize(hosts_.size());
    Abreast(hosts_.size(), [&](size_t i) {
      const std::string& name = topology().nodes[i].name;
      const ProgramRun run = hosts_[i].Run({"sh", "-s"}, script, kProbeTime, kProbeBytesMax);
      patient_.nodes[i] = runtime::ReadFacts(name, run.output);
      if (!patient_.nodes[i].known()) {
        patient_.nodes[i].trouble = run.end == ProgramRun::End::kExited && run.status == 0
                                        ? patient_.nodes[i].trouble
                                        : runtime::Plain(Complaint(run));
        return;
      }
      const double before = Now();
      const ProgramRun clock = hosts_[i].Run({"date", "+%s.%N"}, {}, kProbeTime, kAnswerBytesMax);
      const double after = Now();
      const double told = std::atof(clock.output.c_str());
      if (clock.status == 0 && std::isfinite(told) && told > 0)
        patient_.clocks[i] = runtime::ClockReading{told - (before + after) / 2, (after - before) / 2};
    });
  }

  // UDP is tried where Corosync does not run: where it does, it has the ports, and knows.
  void Meet() {
    std::vector<size_t> idle;
    for (size_t i = 0; i < hosts_.size(); ++i)
      if (patient_.nodes[i].known() && !patient_.nodes[i].Has("process", "corosync")) idle.push_back(i);
    if (idle.size() < 2) return;
    std::vector<runtime::Hearing> hearings(idle.size());
    Abreast(idle.size(), [&](size_t at) {
      const size_t i = idle[at];
      const std::string script = Script("meet.py", {});
      const std::string plan = Json(MeetingOf(i, idle).dump()).dump();
      const std::string shell =
          "for python in python3 /usr/libexec/platform-python; do command -v $python >/dev/null && break; "
          "done\n"
          "exec $python -I -B - <<'PICKET_END'\nPLAN = " +
          plan + "\n" + script + "\nPICKET_END\n";
      const ProgramRun run = hosts_[i].Run({"sh", "-s"}, shell, kProbeTime, kProbeBytesMax);
      hearings[at] = runtime::ReadHearing(topology().nodes[i].name, run.output);
      if (!hearings[at].trouble.empty() && run.status != 0)
        hearings[at].trouble = runtime::Plain(Complaint(run));
    });
    patient_.hearings = std::move(hearings);
  }

  Json MeetingOf(size_t me, const std::vector<size_t>& idle) const {
    Json links = Json::array();
    for (const compiler::Address& mine : topology().nodes[me].addresses) {
      Json peers = Json::object();
      for (const size_t i : idle)
        if (i != me)
          for (const compiler::Address& other : topology().nodes[i].addresses)
            if (other.link == mine.link) peers[topology().nodes[i].name] = other.address;
      links.push_back({{"number", mine.link},
                       {"mine", mine.address},
                       {"port", runtime::kCorosyncPort + mine.link},
                       {"mtu", MtuOf(me, mine.address)},
                       {"peers", peers}});
    }
    return {{"me", topology().nodes[me].name}, {"links", links}, {"limit_s", kMeetLimit_s}};
  }

  // Of the interface with that address; 1500 where it cannot be told.
  int MtuOf(size_t node, const std::string& address) const {
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
      if (!interface.empty() && is && at != std::string::npos)
        return std::atoi(line.front().c_str() + at + 5);
    }
    return 1500;
  }

  // Asks each device, from each node, for the status of a node that it is for; nothing else.
  void AskDevices() {
    for (const auto& found : compiled_.cib.select_nodes("//primitive[@class='stonith']")) {
      const pugi::xml_node device = found.node();
      const std::string agent = device.attribute("type").value();
      if (!IsFenceAgent(agent)) continue;
      std::string input, why;
      std::vector<std::string> secrets;
      if (!Parameters(device, input, secrets, why)) {
        if (!why.empty()) patient_.devices.push_back({"", device.attribute("id").value(), false, why});
        continue;
      }
      std::vector<runtime::DeviceAnswer> answers(hosts_.size());
      Abreast(hosts_.size(), [&](size_t i) {
        answers[i] = {patient_.nodes[i].node, device.attribute("id").value(), true, ""};
        const bool there =
            std::any_of(patient_.nodes[i].All("agent").begin(), patient_.nodes[i].All("agent").end(),
                        [&](const auto& line) {
                          return line.size() > 1 && line[0] == "stonith:" + agent && line[1] != "missing";
                        });
        if (!there) return;  // Another check tells that.
        const ProgramRun run = hosts_[i].Run({agent}, input, std::chrono::seconds(30), kAnswerBytesMax);
        answers[i].well = run.end == ProgramRun::End::kExited && (run.status == 0 || run.status == 2);
        // An agent may repeat what it was given.
        answers[i].said = runtime::Plain(runtime::MaskValues(Complaint(run), secrets));
      });
      patient_.devices.insert(patient_.devices.end(), answers.begin(), answers.end());
    }
  }

  // Writes what the agent reads. The action is ours, whatever the policy says. It stands first and last: an
  // agent may take either. False: the device is not asked; `why` has the reason where that is a finding.
  bool Parameters(const pugi::xml_node& device, std::string& input, std::vector<std::string>& secrets,
                  std::string& why) const {
    static const std::set<std::string> kOurs = {"action",   "option",  "plug", "port",
                                                "nodename", "verbose", "debug"};
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
      if (runtime::Plain(name) != name || runtime::Plain(value) != value ||
          name.find('=') != std::string::npos) {
        why = "the parameter `" + runtime::Plain(name) + "` has a character that no agent takes";
        return false;
      }
      if (name == "pcmk_host_map")
        plug = value.substr(value.find(':') + 1,
                            value.find_first_of("; ", value.find(':')) - value.find(':') - 1);
      if (name == "pcmk_host_list" && plug.empty()) plug = value.substr(0, value.find_first_of(" ,;"));
      if (name == "plug" || name == "port") own_plug = value;
      if (!name.starts_with("pcmk_") && !kOurs.contains(name)) input += name + "=" + value + "\n";
    }
    if (!own_plug.empty()) plug = own_plug;
    if (plug.empty()) plug = topology().nodes.front().name;
    input += "plug=" + plug + "\nnodename=" + plug + "\naction=status\n";
    return true;
  }

  const DoctorOptions& options_;
  const compiler::Compiled& compiled_;
  runtime::Patient patient_;
  std::vector<Host> hosts_;
};

// --- what is told
// ----------------------------------------------------------------------------------------------------

class Verdict {
 public:
  Verdict(std::vector<Checked> checks, std::vector<runtime::Waiver> waivers)
      : checks_(std::move(checks)), waivers_(std::move(waivers)) {}

  bool well() const {
    for (const Checked& check : checks_)
      for (const Finding& finding : check.findings)
        if (!Waived(check, finding)) return false;
    return true;
  }

  void AsText() const {
    for (const Checked& check : checks_) {
      for (const Finding& finding : check.findings) {
        const auto* waiver = Waived(check, finding);
        std::cout << (waiver ? "waived  " : "AMISS   ") << check.name << ": "
                  << (finding.node.empty() ? "" : finding.node + ": ") << finding.evidence << '\n'
                  << (waiver ? "        because: " + waiver->reason : "        do: " + finding.remedy)
                  << '\n';
      }
      if (check.findings.empty() && !check.evidence.empty())
        std::cout << "well    " << check.name << ": " << check.evidence << '\n';
    }
  }

  Json AsJson(const std::string& policy, bool reached_all) const {
    Json json = {{"format", "picket-doctor"},  {"version", 1},
                 {"policy", policy},           {"well", well() && reached_all},
                 {"reached_all", reached_all}, {"checks", Json::array()}};
    for (const Checked& check : checks_) {
      Json findings = Json::array();
      bool amiss = false;
      for (const Finding& finding : check.findings) {
        const auto* waiver = Waived(check, finding);
        amiss |= !waiver;
        findings.push_back({{"node", finding.node.empty() ? Json() : Json(finding.node)},
                            {"evidence", finding.evidence},
                            {"remedy", finding.remedy},
                            {"waived", waiver ? Json(waiver->reason) : Json()}});
      }
      const char* state = amiss                    ? "amiss"
                          : !findings.empty()      ? "waived"
                          : check.evidence.empty() ? "not looked at"
                                                   : "well";
      json["checks"].push_back({{"name", check.name},
                                {"what", check.what},
                                {"state", state},
                                {"evidence", findings.empty() ? Json(check.evidence) : Json()},
                                {"findings", findings}});
    }
    return json;
  }

  void AsJunit(const std::string& policy) const {
    pugi::xml_document document;
    pugi::xml_node suite = document.append_child("testsuites").append_child("testsuite");
    suite.append_attribute("name") = ("picket doctor " + policy).c_str();
    suite.append_attribute("tests") = static_cast<unsigned>(checks_.size());
    unsigned failures = 0;
    for (const Checked& check : checks_) {
      pugi::xml_node one = suite.append_child("testcase");
      one.append_attribute("classname") = "doctor";
      one.append_attribute("name") = check.name.c_str();
      std::string amiss, waived;
      for (const Finding& finding : check.findings) {
        const auto* waiver = Waived(check, finding);
        const std::string text = (finding.node.empty() ? "" : finding.node + ": ") + finding.evidence;
        (waiver ? waived : amiss) +=
            text + "; " + (waiver ? "waived: " + waiver->reason : "do: " + finding.remedy) + "\n";
      }
      failures += !amiss.empty();
      if (!amiss.empty())
        one.append_child("failure").append_attribute("message") = amiss.c_str();
      else if (!waived.empty())
        one.append_child("skipped").append_attribute("message") = waived.c_str();
      else if (check.evidence.empty())
        one.append_child("skipped").append_attribute("message") = "nothing to look at";
    }
    suite.append_attribute("failures") = failures;
    document.save(std::cout, " ");
  }

 private:
  const runtime::Waiver* Waived(const Checked& check, const Finding& finding) const {
    return WaiverFor(waivers_, check.name, finding.node);
  }

  std::vector<Checked> checks_;
  std::vector<runtime::Waiver> waivers_;
};

int RunDoctor(const DoctorOptions& options) {
  if (options.list) {
    for (const std::string& name : runtime::CheckNames()) std::cout << name << '\n';
    return kOk;
  }
  if (options.file.empty()) {
    std::cerr << "picket: doctor wants a policy\n";
    return kInputWrong;
  }
  const compiler::CompileResult result = compiler::Compile(options.file, {});
  if (!result.compiled) return TellDiagnostics(result, false, false);
  if (result.compiled->topology.nodes.empty()) {
    std::cerr << "picket: " << options.file << " names no node: write `node NAME { id=1; link … }`\n";
    return kInputWrong;
  }
  std::vector<runtime::Waiver> waivers;
  std::vector<std::string> complaints;
  for (const auto& file : result.source_map.files) {
    auto more = runtime::ReadWaivers(file.text, complaints);
    waivers.insert(waivers.end(), more.begin(), more.end());
  }
  for (const std::string& complaint : complaints)
    std::cerr << "picket: " << options.file << ": " << complaint << '\n';
  if (!complaints.empty()) return kInputWrong;
  Round round(options, result);
  const Verdict verdict(round.Go(), std::move(waivers));
  if (options.format == "json")
    std::cout << verdict.AsJson(options.file, round.reached_all())
                     .dump(1, ' ', false, Json::error_handler_t::replace)
              << '\n';
  else if (options.format == "junit")
    verdict.AsJunit(options.file);
  else
    verdict.AsText();
  if (!round.reached_all()) return kEnvironmentWrong;
  return verdict.well() ? kOk : kVerdict;
}

}  // namespace

void AddDoctorVerb(CLI::App& program, int& status) {
  const auto options = std::make_shared<DoctorOptions>();
  CLI::App* verb = program.add_subcommand(
      "doctor", "Look whether the nodes of a policy are fit for it; nothing is changed");
  verb->add_option("FILE", options->file, "the policy");
  verb->add_option("--ssh", options->way.ssh,
                   "the command that reaches a node, given HOST, `--` and words; else PICKET_SSH, else ssh");
  verb->add_flag("--sudo", options->way.sudo, "look as root by `sudo -n`");
  verb->add_option("--secrets", options->secrets,
                   "the folder with a file for each `secret(\"path\")`: fence devices are asked with them");
  verb->add_flag("--list", options->list, "name the checks");
  verb->add_option("--format", options->format, "text, json or junit")
      ->check(CLI::IsMember({"text", "json", "junit"}))
      ->capture_default_str();
  verb->footer(
      "Exit status: 0 nothing is amiss that is not waived, 1 something is, 2 the policy is wrong, 3 a node "
      "cannot be "
      "reached.\nExample: picket doctor pbx.picket");
  verb->callback([options, &status] { solver::WithLargeStack([&] { status = RunDoctor(*options); }); });
}

}  // namespace picket::cli
