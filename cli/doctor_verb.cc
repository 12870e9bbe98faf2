#include "cli/doctor_verb.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "cli/agents_option.h"
#include "cli/answer.h"
#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/nodes_round.h"
#include "cli/policy_io.h"
#include "compiler/agents/choose.h"
#include "compiler/compile.h"
#include "runtime/bootstrap/doctor.h"
#include "runtime/bootstrap/facts.h"
#include "runtime/bootstrap/waivers.h"
#include "solver/schedule.h"

namespace picket::cli {
namespace {

using Json = nlohmann::ordered_json;
using runtime::Checked;
using runtime::Finding;

struct DoctorOptions {
  std::string file;
  std::string agents;  // the lock; empty: agents.lock beside the policy
  RoundOptions round;
  std::string format = "text";
  bool list = false;
};

// --- what is told

// As JUnit has it: `1.250`.
std::string SecondsText(int64_t ms) {
  const std::string rest = std::to_string(ms % 1000);
  return std::to_string(ms / 1000) + "." + std::string(3 - rest.size(), '0') + rest;
}

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
        std::cout << (waiver ? "waived  " : "AMISS   ") << check.name << ": " << runtime::Plain(EvidenceOf(finding))
                  << '\n'
                  << (waiver ? "        because: " + waiver->reason : "        do: " + runtime::Plain(finding.remedy))
                  << '\n';
      }
      if (check.findings.empty() && !check.evidence.empty())
        std::cout << "well    " << check.name << ": " << check.evidence << '\n';
    }
  }

  Json AsJson(const std::string& policy, bool reached_all) const {
    Json json = Envelope("picket-doctor");
    json["policy"] = policy;
    json["well"] = well() && reached_all;
    json["reached_all"] = reached_all;
    json["checks"] = Json::array();
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

  // `elapsed_ms`: of all checks; they are made together, and each has an equal share. `line_of`: where the policy has a
  // node.
  void AsJunit(const std::string& policy, int64_t elapsed_ms,
               const std::function<uint32_t(const std::string&)>& line_of) const {
    pugi::xml_document document;
    pugi::xml_node suite = document.append_child("testsuites").append_child("testsuite");
    suite.append_attribute("name") = ("picket doctor " + policy).c_str();
    suite.append_attribute("file") = policy.c_str();
    suite.append_attribute("tests") = static_cast<unsigned>(checks_.size());
    suite.append_attribute("errors") = 0;
    suite.append_attribute("time") = SecondsText(elapsed_ms).c_str();
    const int64_t share_ms = checks_.empty() ? 0 : elapsed_ms / static_cast<int64_t>(checks_.size());
    unsigned failures = 0;
    for (const Checked& check : checks_) {
      pugi::xml_node one = suite.append_child("testcase");
      one.append_attribute("classname") = "doctor";
      one.append_attribute("name") = check.name.c_str();
      one.append_attribute("file") = policy.c_str();
      one.append_attribute("line") = check.findings.empty() ? 1 : line_of(check.findings.front().node);
      one.append_attribute("time") = SecondsText(share_ms).c_str();
      std::string amiss, waived;
      for (const Finding& finding : check.findings) {
        const auto* waiver = Waived(check, finding);
        const std::string what_to_do = waiver ? "waived: " + waiver->reason : "do: " + finding.remedy;
        (waiver ? waived : amiss) += runtime::Plain(EvidenceOf(finding) + "; " + what_to_do) + "\n";
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
  static std::string EvidenceOf(const Finding& finding) {
    return (finding.node.empty() ? "" : finding.node + ": ") + finding.evidence;
  }

  const runtime::Waiver* Waived(const Checked& check, const Finding& finding) const {
    return WaiverFor(waivers_, check.name, finding.node);
  }

  std::vector<Checked> checks_;
  std::vector<runtime::Waiver> waivers_;
};

// The lock that the policy is checked against, unless it is the built-in set: that says nothing of the nodes. False
// after telling that the lock cannot be used.
bool ChooseLock(const DoctorOptions& options, std::optional<compiler::agents::ChosenLock>& chosen) {
  std::optional<std::string> folder;
  if (options.file != "-") folder = std::filesystem::path(options.file).parent_path().string();
  compiler::agents::ChoiceFault fault;
  chosen = compiler::agents::ChooseLock(options.agents, folder, compiler::ReadSource, fault);
  if (chosen) {
    if (!chosen->pinned) chosen.reset();
    return true;
  }
  std::cerr << "picket: " << fault.path << ": "
            << (fault.text ? "no lock of agents: " + fault.fault.message : "cannot be read") << '\n';
  return false;
}

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
  if (!WaiversOf(result, options.file, waivers)) return kInputWrong;
  std::optional<compiler::agents::ChosenLock> lock;
  if (!ChooseLock(options, lock)) return kInputWrong;
  const auto begin = std::chrono::steady_clock::now();
  Round round(options.round, result);
  round.Probe();
  if (lock) round.CompareWith(*lock);
  round.Meet();
  round.AskDevices();
  const Verdict verdict(Examine(round.patient()), std::move(waivers));
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  if (options.format == "json")
    std::cout << JsonText(verdict.AsJson(options.file, round.reached_all()));
  else if (options.format == "junit")
    verdict.AsJunit(options.file, elapsed.count(), [&result](const std::string& node) {
      const auto span = result.source_map.Find(node);
      return span ? result.source_map.PlaceOf(*span).line : 1;
    });
  else
    verdict.AsText();
  if (!round.reached_all()) return kEnvironmentWrong;
  return verdict.well() ? kOk : kVerdict;
}

}  // namespace

void AddDoctorVerb(CLI::App& program, int& status) {
  const auto options = std::make_shared<DoctorOptions>();
  CLI::App* verb =
      program.add_subcommand("doctor", "Look whether the nodes of a policy are fit for it; nothing is changed");
  verb->add_option("FILE", options->file, "the policy");
  verb->add_option("--ssh", options->round.way.ssh,
                   "the command that reaches a node, given HOST, `--` and words; else PICKET_SSH, else ssh");
  verb->add_flag("--sudo", options->round.way.sudo, "look as root by `sudo -n`");
  verb->add_option("--secrets", options->round.secrets,
                   "the folder with a file for each `secret(\"path\")`: fence devices are asked with them");
  AddAgentsOption(*verb, options->agents);
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
