#include "cli/diff_verb.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/agents_option.h"
#include "cli/as_option.h"
#include "cli/exit_status.h"
#include "cli/load_input.h"
#include "cli/playground.h"
#include "cli/read_cib.h"
#include "simulator/scenario/evaluate.h"
#include "simulator/sweep/compare.h"
#include "simulator/sweep/replacement.h"
#include "simulator/sweep/tell.h"
#include "solver/model/behaviour.h"
#include "solver/schedule.h"

namespace picket::cli {

namespace {

namespace say = compiler::scenario;

struct DiffOptions {
  std::string before;
  std::string after;
  std::string live;
  Beside beside;
  std::string from;  // --from, --to: the releases of an upgrade
  std::string to;
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
    text += number == 1 ? example + ":\n"
                        : simulator::Grouped(static_cast<int64_t>(number)) + " histories, such as " + example + ":\n";
    for (const simulator::DifferentAnswer& answer : group.answers)
      text += "  " + answer.what + ": " + answer.before.text + " -> " + answer.after.text + "\n";
  }
  text += std::to_string(comparison.histories.size()) + " of " + simulator::Grouped(comparison.compared) +
          " histories differ\n";
  if (comparison.leaves_preferences_out) text += "assumed: " + solver::PreferencesLeftOut() + "\n";
  return text + (comparison.ways_left_out ? "assumed: " + simulator::ComparedWaysLeftOut() + "\n" : "");
}

nlohmann::json JsonOf(const simulator::Replacement& replacement) {
  nlohmann::json json = {{"effects", nlohmann::json::array()}, {"rests", replacement.rests}};
  for (const simulator::Effect& effect : replacement.effects) {
    json["effects"].push_back(
        {{"what", KindText(effect.kind)}, {"subject", effect.subject}, {"nodes", effect.nodes}, {"from", effect.from}});
  }
  return json;
}

// The times of an answer as numbers: `old_least_ms`, `old_most_ms`; null for a time without an end. Answers about other
// things have no such members.
void AddTimes(const std::string& side, const simulator::Outcome& outcome, nlohmann::json& json) {
  const auto number = [](int64_t ms) {
    return ms >= simulator::Observer::kForEverMs ? nlohmann::json() : nlohmann::json(ms);
  };
  if (outcome.least_ms) json[side + "_least_ms"] = number(*outcome.least_ms);
  if (outcome.most_ms) json[side + "_most_ms"] = number(*outcome.most_ms);
}

nlohmann::json JsonOf(const std::vector<simulator::DifferentAnswer>& answers) {
  nlohmann::json json = nlohmann::json::array();
  for (const simulator::DifferentAnswer& answer : answers) {
    nlohmann::json one = {{"what", answer.what}, {"old", answer.before.text}, {"new", answer.after.text}};
    AddTimes("old", answer.before, one);
    AddTimes("new", answer.after, one);
    json.push_back(std::move(one));
  }
  return json;
}

nlohmann::json AssumedOf(const simulator::Comparison& comparison) {
  nlohmann::json assumed = nlohmann::json::array();
  if (comparison.leaves_preferences_out) assumed.push_back(solver::PreferencesLeftOut());
  if (comparison.ways_left_out) assumed.push_back(simulator::ComparedWaysLeftOut());
  return assumed;
}

std::string JsonOf(const DiffOptions& options, const Told& told) {
  const simulator::Comparison& comparison = told.comparison;
  nlohmann::ordered_json json = {{"format", "picket-diff"},
                                 {"version", 1},
                                 {"old", options.before},
                                 {"new", options.after},
                                 {"failures", options.failures},
                                 {"replacing", JsonOf(told.replacement)},
                                 {"compared", comparison.compared},
                                 {"only_old", comparison.only_before},
                                 {"only_new", comparison.only_after},
                                 {"assumed", AssumedOf(comparison)}};
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

const std::vector<say::FaultKind>& AllFaults() {
  static const std::vector<say::FaultKind> kAll = {say::FaultKind::kNode,   say::FaultKind::kResource,
                                                   say::FaultKind::kLink,   say::FaultKind::kFence,
                                                   say::FaultKind::kTicket, say::FaultKind::kReturn};
  return kAll;
}

// --- upgrades: one input, two releases ---------------------------------------------------------------------

// A rule in which the two releases differ, and what it changes by itself.
struct Cause {
  const solver::BehaviourInfo* info = nullptr;
  bool newer = false;  // the release after the upgrade has the newer rule
  std::vector<simulator::DifferentHistory> histories;
};

simulator::Comparison CompareGrounds(const Playground& before, const Playground& after, int failures) {
  simulator::Player old_player = before.Player();
  simulator::Player new_player = after.Player();
  // A cluster that never comes to rest differs in that; the histories say so.
  old_player.Start();
  new_player.Start();
  return simulator::CompareBehaviour({&old_player.rested(), &before.scenario()},
                                     {&new_player.rested(), &after.scenario()}, AllFaults(), failures);
}

// The same input with one rule of the other release, for each rule that may change a decision.
std::vector<Cause> CausesOf(const DiffOptions& options, const Playground& before, const Playground& after) {
  std::vector<Cause> causes;
  const solver::Target& from = before.cluster.target;
  const solver::Target& to = after.cluster.target;
  for (const solver::BehaviourInfo& info : solver::AllBehaviours()) {
    const bool newer = to.Behaves(info.behaviour);
    if (newer == from.Behaves(info.behaviour)) continue;
    Beside beside = options.beside;
    beside.target = from.With(info.behaviour, newer);
    int status = kOk;
    const auto changed = LoadPlayground(options.before, beside, status);
    if (!changed) continue;
    Cause cause{&info, newer, CompareGrounds(before, *changed, options.failures).histories};
    if (!cause.histories.empty()) causes.push_back(std::move(cause));
  }
  return causes;
}

bool IsAbout(const Cause& cause, const simulator::DifferentHistory& history) {
  return std::any_of(cause.histories.begin(), cause.histories.end(), [&](const simulator::DifferentHistory& one) {
    return one.faults == history.faults &&
           std::any_of(one.answers.begin(), one.answers.end(), [&](const simulator::DifferentAnswer& answer) {
             return std::any_of(history.answers.begin(), history.answers.end(),
                                [&](const simulator::DifferentAnswer& other) { return other.what == answer.what; });
           });
  });
}

// Where the resources that an answer is about are written: ` (pbx.picket:61:1)`, or nothing.
std::string PlacesOf(const Playground& ground, const std::string& what) {
  const std::string place = ground.PlaceOf(what);
  return place.empty() ? "" : " (" + place + ")";
}

std::string HistoryLines(const Playground& ground, const std::vector<simulator::DifferentHistory>& histories) {
  std::string text;
  for (const simulator::DifferentGroup& group : GroupsOf(histories)) {
    const std::string example = HistoryText(histories[group.histories.front()].faults);
    const size_t number = group.histories.size();
    text +=
        "  " +
        (number == 1 ? example : simulator::Grouped(static_cast<int64_t>(number)) + " histories, such as " + example) +
        ":\n";
    for (const simulator::DifferentAnswer& answer : group.answers) {
      text += "    " + answer.what + PlacesOf(ground, answer.what) + ": " + answer.before.text + " -> " +
              answer.after.text + "\n";
    }
  }
  return text;
}

int TellUpgrade(const DiffOptions& options, const Playground& before, const Playground& after) {
  const simulator::Comparison comparison = CompareGrounds(before, after, options.failures);
  const std::vector<Cause> causes =
      comparison.histories.empty() ? std::vector<Cause>() : CausesOf(options, before, after);
  std::vector<simulator::DifferentHistory> unexplained;
  for (const simulator::DifferentHistory& history : comparison.histories) {
    const auto about = [&](const Cause& cause) { return IsAbout(cause, history); };
    if (std::none_of(causes.begin(), causes.end(), about)) unexplained.push_back(history);
  }
  const std::string from = before.cluster.target.name();
  const std::string to = after.cluster.target.name();
  if (options.format == "json") {
    nlohmann::ordered_json json = {{"format", "picket-upgrade"},
                                   {"version", 1},
                                   {"file", options.before},
                                   {"from", from},
                                   {"to", to},
                                   {"failures", options.failures},
                                   {"compared", comparison.compared}};
    json["histories"] = nlohmann::json::array();
    for (const simulator::DifferentHistory& history : comparison.histories) {
      nlohmann::ordered_json one = {{"faults", history.faults}, {"answers", JsonOf(history.answers)}};
      one["causes"] = nlohmann::json::array();
      for (const Cause& cause : causes) {
        if (IsAbout(cause, history)) one["causes"].push_back(cause.info->entry);
      }
      json["histories"].push_back(std::move(one));
    }
    json["causes"] = nlohmann::json::array();
    for (const Cause& cause : causes) {
      json["causes"].push_back(
          {{"entry", cause.info->entry}, {"now", cause.info->now}, {"before", cause.info->before}});
    }
    std::cout << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  } else {
    std::cout << options.before << " from Pacemaker " << from << " to " << to << '\n';
    for (const Cause& cause : causes) {
      std::vector<simulator::DifferentHistory> own;
      for (const simulator::DifferentHistory& history : comparison.histories) {
        if (IsAbout(cause, history)) own.push_back(history);
      }
      if (own.empty()) continue;
      std::cout << cause.info->entry << ": " << (cause.newer ? cause.info->now : cause.info->before)
                << " Until now: " << (cause.newer ? cause.info->before : cause.info->now) << '\n'
                << HistoryLines(before, own);
    }
    if (!unexplained.empty()) {
      std::cout << "by several of the rules together:\n" << HistoryLines(before, unexplained);
    }
    std::cout << comparison.histories.size() << " of " << simulator::Grouped(comparison.compared)
              << " histories end differently\n";
  }
  return comparison.histories.empty() ? kOk : kVerdict;
}

// Whether --from and --to name releases; else says which does not.
bool AreReleases(const DiffOptions& options) {
  const std::pair<const char*, const std::string&> given[] = {{"--from", options.from}, {"--to", options.to}};
  for (const auto& [name, value] : given) {
    AsRelease as;
    std::string reason;
    if (value.empty() || ParseAs(value, as, reason)) continue;
    std::cerr << "picket: diff: " << name << ": " << reason << '\n';
    return false;
  }
  return true;
}

int RunUpgrade(const DiffOptions& options) {
  if (!options.after.empty()) {
    std::cerr << "picket: --from and --to are about one file\n";
    return kInputWrong;
  }
  if (!AreReleases(options)) return kInputWrong;
  int status = kOk;
  Beside old_release = options.beside;
  Beside new_release = options.beside;
  old_release.as = options.from;
  new_release.as = options.to.empty() ? std::string(solver::ReleaseName(solver::kNewestRelease)) : options.to;
  const auto before = LoadPlayground(options.before, old_release, status);
  if (!before) return status;
  AsRelease as;
  std::string reason;
  if (ParseAs(new_release.as, as, reason)) new_release.target = as.target;
  const auto after = LoadPlayground(options.before, new_release, status);
  if (!after) return status;
  return TellUpgrade(options, *before, *after);
}

int RunDiff(DiffOptions options) {
  if (!options.from.empty() || !options.to.empty()) return RunUpgrade(options);
  int status = kOk;
  if (!options.live.empty() && options.after.empty()) {
    options.after = options.before;
    options.before = options.live;
  }
  if (options.after.empty()) {
    std::cerr << "picket: diff takes OLD and NEW, NEW and --live, or one file with --from and --to\n";
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
  told.comparison =
      simulator::CompareBehaviour({&old_player.rested(), &before->scenario()},
                                  {&new_player.rested(), &after->scenario()}, AllFaults(), options.failures);
  told.groups = GroupsOf(told.comparison.histories);
  std::cout << (options.format == "json" ? JsonOf(options, told) : TextOf(options, told));
  return told.Same() ? kOk : kVerdict;
}

}  // namespace

void AddDiffVerb(CLI::App& program, int& status) {
  const auto options = std::make_shared<DiffOptions>();
  CLI::App* verb = program.add_subcommand(
      "diff", "Show what a change does to a running cluster, and in which histories two policies behave differently");
  verb->add_option("OLD", options->before, "a policy, or a CIB (.xml) with its status")->required();
  verb->add_option("NEW", options->after, "the same, changed; with --live the first one is NEW");
  AddLiveInput(*verb, options->live);
  verb->add_option("--from", options->from, "with one file: the release of Pacemaker that it runs on");
  verb->add_option("--to", options->to, "with one file: the release after the upgrade; else the newest");
  AddAsOption(*verb, options->beside.as);
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
