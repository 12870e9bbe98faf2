#include "cli/plan_verb.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/answer.h"
#include "cli/exit_status.h"
#include "cli/host_options.h"
#include "cli/input.h"
#include "cli/policy_io.h"
#include "cli/proposal.h"
#include "cli/proposal_text.h"
#include "cli/read_cib.h"
#include "solver/schedule.h"

namespace picket::cli {
namespace {

struct PlanOptions {
  WantedOptions wanted;
  Host host;
  std::string against;
  std::string output;
  std::string target = "pacemaker";
  std::string format = "text";
  std::vector<std::string> fail_on;
};

using simulator::Fate;

bool IsMeant(const std::string& word, Fate fate) {
  if (word == "stop") return fate == Fate::kStopped || fate == Fate::kNowhere;
  if (word == "move") return fate == Fate::kMoved;
  if (word == "fence") return fate == Fate::kFenced;
  if (word == "restart") return fate == Fate::kRestarted;
  return word == "demote" && fate == Fate::kDemoted;
}

// What CI does not let through, told on stderr.
bool TellForbidden(const PlanOptions& options, const Proposal& proposal) {
  bool any = false;
  for (const simulator::Impact& impact : proposal.foresight.impacts) {
    for (const std::string& word : options.fail_on) {
      if (!IsMeant(word, impact.fate)) continue;
      std::cerr << "picket: --fail-on " << word << ": " << impact.subject << " " << FateText(impact.fate) << '\n';
      any = true;
    }
  }
  return any;
}

// picketd's CIB, as `picket status` gives it; on this machine by this very program.
std::optional<std::string> PicketdCib(const Host& host, std::string& reason) {
  ProgramRun run = host.Run({host.name.empty() ? "/proc/self/exe" : "picket", "status", "--cib"});
  if (run.end == ProgramRun::End::kExited && run.status == 0) return std::move(run.output);
  reason = "no picketd answers on " + host.Told() + ": " + Complaint(run);
  return std::nullopt;
}

std::optional<std::string> LiveText(const PlanOptions& options, std::string& reason) {
  return options.target == "picket" ? PicketdCib(options.host, reason) : QueryCib(options.host, reason);
}

int RunPlan(const PlanOptions& options) {
  std::string reason;
  Unread unread;
  const auto text = options.against.empty() ? LiveText(options, reason) : ReadInput(options.against, std::cin, unread);
  if (!text && !options.against.empty()) return TellUnread(options.against, unread);
  const std::string why = text ? WhyNoCib(*text) : "";
  if (!why.empty() && !options.against.empty()) return TellNoCib(options.against, why);
  Proposal proposal;
  pugi::xml_document live;
  if (!text || !ReadLive(*text, live, reason)) {
    std::cerr << "picket: " << (options.against.empty() ? "" : options.against + ": ") << reason << '\n';
    return text ? kInputWrong : kEnvironmentWrong;
  }
  Wanted wanted;
  if (const int status = LoadWanted(options.wanted, SchemaOf(*text), wanted); status != kOk) return status;
  Propose(wanted, live, {}, proposal);
  if (TellObjections(wanted, proposal)) return kInputWrong;
  Foresee(wanted, proposal);
  if (!options.output.empty() && !WriteOutput(options.output, JsonOf(wanted, proposal).dump(1) + "\n"))
    return kEnvironmentWrong;
  if (options.output != "-") {
    std::cout << (options.format == "json" ? JsonText(JsonOf(wanted, proposal)) : TextOf(wanted, proposal));
  }
  if (TellForbidden(options, proposal)) return kVerdict;
  return proposal.changes.empty() ? kOk : kChanges;
}

}  // namespace

void AddPlanVerb(CLI::App& program, int& status) {
  const auto options = std::make_shared<PlanOptions>();
  CLI::App* verb =
      program.add_subcommand("plan", "Show what a policy would change in a live cluster, and what that does");
  verb->add_option("FILE", options->wanted.file, "a policy (.picket) or a CIB in XML")->required();
  AddHostOptions(*verb, options->host);
  verb->add_option("--to", options->target, "pacemaker or picket")
      ->check(CLI::IsMember({"pacemaker", "picket"}))
      ->capture_default_str();
  verb->add_option("--against", options->against, "this CIB, also packed, in place of a live one");
  verb->add_option("-o,--output", options->output, "keep the plan for `picket apply`; - is standard output");
  verb->add_option("--secrets", options->wanted.secrets, "the folder with a file for each `secret(\"path\")`");
  verb->add_flag("--own-all", options->wanted.own_all, "what is live and not declared goes, whoever wrote it");
  verb->add_option("--fail-on", options->fail_on, "end with 1 if a service would: stop, move, fence, restart, demote")
      ->delimiter(',')
      ->check(CLI::IsMember({"stop", "move", "fence", "restart", "demote"}));
  verb->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  verb->footer(
      "Exit status: 0 there is nothing to do, 5 there are changes, 1 --fail-on found something, 2 the input "
      "is wrong, 3 "
      "no cluster or file can be read.\nExample: picket plan pbx.picket --host ha1 -o plan.json");
  verb->callback([options, &status] { solver::WithLargeStack([&] { status = RunPlan(*options); }); });
}

}  // namespace picket::cli
