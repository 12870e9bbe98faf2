#include "cli/diff_verb.h"

#include <unistd.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "cli/playground.h"
#include "simulator/sweep/compare.h"
#include "simulator/sweep/tell.h"
#include "solver/schedule.h"

namespace picket::cli {

namespace {

namespace say = compiler::scenario;

struct DiffOptions {
  std::string before;
  std::string after;
  int failures = 1;
  std::string format = "text";
};

std::string TextOf(const simulator::Comparison& comparison) {
  std::string text;
  const auto only = [&](const std::vector<std::string>& faults, const char* where) {
    for (const std::string& fault : faults) text += std::string("only in the ") + where + " policy: " + fault + "\n";
  };
  only(comparison.only_before, "old");
  only(comparison.only_after, "new");
  for (const simulator::DifferentHistory& history : comparison.histories) {
    std::string faults;
    for (const std::string& fault : history.faults) faults += (faults.empty() ? "" : ", then ") + fault;
    text += (faults.empty() ? "before anything fails" : faults) + ":\n";
    for (const simulator::DifferentAnswer& answer : history.answers)
      text += "  " + answer.what + ": " + answer.before + " -> " + answer.after + "\n";
  }
  return text + std::to_string(comparison.histories.size()) + " of " + simulator::Grouped(comparison.compared) +
         " histories differ\n";
}

std::string JsonOf(const DiffOptions& options, const simulator::Comparison& comparison) {
  nlohmann::json json = {{"format", "picket-diff"},
                         {"version", 1},
                         {"old", options.before},
                         {"new", options.after},
                         {"failures", options.failures},
                         {"compared", comparison.compared},
                         {"only_old", comparison.only_before},
                         {"only_new", comparison.only_after}};
  json["histories"] = nlohmann::json::array();
  for (const simulator::DifferentHistory& history : comparison.histories) {
    nlohmann::json entry = {{"faults", history.faults}};
    for (const simulator::DifferentAnswer& answer : history.answers)
      entry["answers"].push_back({{"what", answer.what}, {"old", answer.before}, {"new", answer.after}});
    json["histories"].push_back(std::move(entry));
  }
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

int RunDiff(const DiffOptions& options) {
  int status = kOk;
  const auto before = LoadPlayground(options.before, "", status);
  if (!before) return status;
  const auto after = LoadPlayground(options.after, "", status);
  if (!after) return status;
  simulator::Player old_player = before->Player();
  simulator::Player new_player = after->Player();
  // A cluster that never comes to rest differs in that; the histories say so.
  old_player.Start();
  new_player.Start();
  const simulator::Comparison comparison = simulator::CompareBehaviour(
      {&old_player.rested(), &before->scenario()}, {&new_player.rested(), &after->scenario()},
      {say::FaultKind::kNode, say::FaultKind::kResource, say::FaultKind::kLink, say::FaultKind::kFence,
       say::FaultKind::kTicket},
      options.failures);
  std::cout << (options.format == "json" ? JsonOf(options, comparison) : TextOf(comparison));
  const bool same =
      comparison.histories.empty() && comparison.only_before.empty() && comparison.only_after.empty();
  return same ? kOk : kVerdict;
}

}  // namespace

void AddDiffVerb(CLI::App& program, int& status) {
  const auto options = std::make_shared<DiffOptions>();
  CLI::App* verb = program.add_subcommand("diff", "Show in which histories two policies behave differently");
  verb->add_option("OLD", options->before, "a policy, or a CIB (.xml) with its status")->required();
  verb->add_option("NEW", options->after, "the same, changed")->required();
  verb->add_option("--failures", options->failures, "how many faults a history has at most")
      ->check(CLI::Range(0, 4))
      ->capture_default_str();
  verb->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  verb->footer("Example: picket diff before.picket after.picket --failures 2");
  verb->callback([options, &status] { solver::WithLargeStack([&] { status = RunDiff(*options); }); });
}

}  // namespace picket::cli
