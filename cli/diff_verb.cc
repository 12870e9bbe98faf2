#include "cli/diff_verb.h"

#include <unistd.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/agents_option.h"
#include "cli/exit_status.h"
#include "cli/playground.h"
#include "cli/read_cib.h"
#include "simulator/sweep/compare.h"
#include "simulator/sweep/replacement.h"
#include "simulator/sweep/tell.h"
#include "solver/schedule.h"

namespace picket::cli {

namespace {

namespace say = compiler::scenario;

struct DiffOptions {
  std::string before;
  std::string after;
  std::string live;
  Beside beside;
  int failures = 1;
  std::string format = "text";
};

// What the two do differently, and what the change itself does.
struct Told {
  simulator::Replacement replacement;
  simulator::Comparison comparison;
  std::vector<simulator::DifferentGroup> groups;

  bool Same() const {
    return replacement.effects.empty() && comparison.histories.empty() && comparison.only_before.empty() &&
           comparison.only_after.empty();
  }
};

std::string HistoryText(const std::vector<std::string>& faults) {
  std::string text;
  for (const std::string& fault : faults) text += (text.empty() ? "" : ", then ") + fault;
  return text.empty() ? "before anything fails" : text;
}

std::string TextOf(const DiffOptions& options, const Told& told) {
  const std::string effects = EffectsText(told.replacement);
  std::string text = "replacing " + options.before + " by " + options.after + ": " +
                     (effects.empty() ? "nothing stops, starts or moves" : effects) +
                     (told.replacement.rests ? "" : "; the cluster does not come to rest") + "\n";
  const auto only = [&](const std::vector<std::string>& faults, const char* where) {
    for (const std::string& fault : faults) text += std::string("only in the ") + where + " policy: " + fault + "\n";
  };
  const simulator::Comparison& comparison = told.comparison;
  only(comparison.only_before, "old");
  only(comparison.only_after, "new");
  for (const simulator::DifferentGroup& group : told.groups) {
    const std::string example = HistoryText(comparison.histories[group.histories.front()].faults);
    const size_t number = group.histories.size();
    text += number == 1
                ? example + ":\n"
                : simulator::Grouped(static_cast<int64_t>(number)) + " histories, such as " + example + ":\n";
    for (const simulator::DifferentAnswer& answer : group.answers)
      text += "  " + answer.what + ": " + answer.before + " -> " + answer.after + "\n";
  }
  return text + std::to_string(comparison.histories.size()) + " of " + simulator::Grouped(comparison.compared) +
         " histories differ\n";
}

nlohmann::json JsonOf(const simulator::Replacement& replacement) {
  nlohmann::json json = {{"effects", nlohmann::json::array()}, {"rests", replacement.rests}};
  for (const simulator::Effect& effect : replacement.effects) {
    json["effects"].push_back({{"what", KindText(effect.kind)},
                               {"subject", effect.subject},
                               {"nodes", effect.nodes},
                               {"from", effect.from}});
  }
  return json;
}

nlohmann::json JsonOf(const std::vector<simulator::DifferentAnswer>& answers) {
  nlohmann::json json = nlohmann::json::array();
  for (const simulator::DifferentAnswer& answer : answers)
    json.push_back({{"what", answer.what}, {"old", answer.before}, {"new", answer.after}});
  return json;
}

std::string JsonOf(const DiffOptions& options, const Told& told) {
  const simulator::Comparison& comparison = told.comparison;
  nlohmann::json json = {{"format", "picket-diff"},
                         {"version", 1},
                         {"old", options.before},
                         {"new", options.after},
                         {"failures", options.failures},
                         {"replacing", JsonOf(told.replacement)},
                         {"compared", comparison.compared},
                         {"only_old", comparison.only_before},
                         {"only_new", comparison.only_after}};
  json["histories"] = nlohmann::json::array();
  for (const simulator::DifferentHistory& history : comparison.histories)
    json["histories"].push_back({{"faults", history.faults}, {"answers", JsonOf(history.answers)}});
  json["groups"] = nlohmann::json::array();
  for (const simulator::DifferentGroup& group : told.groups) {
    json["groups"].push_back({{"histories", group.histories.size()},
                              {"example", comparison.histories[group.histories.front()].faults},
                              {"answers", JsonOf(group.answers)}});
  }
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

int RunDiff(DiffOptions options) {
  int status = kOk;
  if (!options.live.empty() && options.after.empty()) {
    options.after = options.before;
    options.before = options.live;
  }
  if (options.after.empty()) {
    std::cerr << "picket: diff takes OLD and NEW, or NEW and --live\n";
    return kInputWrong;
  }
  const auto before = LoadPlayground(options.before, options.beside, status);
  if (!before) return status;
  const auto after = LoadPlayground(options.after, options.beside, status);
  if (!after) return status;
  simulator::Player old_player = before->Player();
  simulator::Player new_player = after->Player();
  // A cluster that never comes to rest differs in that; the histories say so.
  old_player.Start();
  new_player.Start();
  solver::Run run;
  Told told;
  told.replacement = simulator::Replace(old_player.rested(), new_player.rested(), run);
  told.comparison = simulator::CompareBehaviour(
      {&old_player.rested(), &before->scenario()}, {&new_player.rested(), &after->scenario()},
      {say::FaultKind::kNode, say::FaultKind::kResource, say::FaultKind::kLink, say::FaultKind::kFence,
       say::FaultKind::kTicket, say::FaultKind::kReturn},
      options.failures);
  told.groups = GroupsOf(told.comparison.histories);
  std::cout << (options.format == "json" ? JsonOf(options, told) : TextOf(options, told));
  return told.Same() ? kOk : kVerdict;
}

}  // namespace

void AddDiffVerb(CLI::App& program, int& status) {
  const auto options = std::make_shared<DiffOptions>();
  CLI::App* verb = program.add_subcommand(
      "diff",
      "Show what a change does to a running cluster, and in which histories two policies behave differently");
  verb->add_option("OLD", options->before, "a policy, or a CIB (.xml) with its status")->required();
  verb->add_option("NEW", options->after, "the same, changed; with --live the first one is NEW");
  AddLiveInput(*verb, options->live);
  verb->add_option("--failures", options->failures, "how many faults a history has at most")
      ->check(CLI::Range(0, 4))
      ->capture_default_str();
  verb->add_option("--corosync", options->beside.corosync, "beside CIBs: the cluster's corosync.conf");
  AddAgentsOption(*verb, options->beside.agents);
  verb->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  verb->footer(
      "Exit status: 0 no difference, 1 some, 2 the input is wrong, 3 a file cannot be read or the answer not "
      "be "
      "written.\nExample: picket diff before.picket after.picket --failures 2");
  verb->callback([options, &status] { solver::WithLargeStack([&] { status = RunDiff(*options); }); });
}

}  // namespace picket::cli
