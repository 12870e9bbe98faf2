#include "cli/as_test.h"

#include <algorithm>
#include <ctime>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/policy_io.h"
#include "cli/read_cib.h"
#include "compiler/compile.h"
#include "compiler/diagnostics/render.h"
#include "compiler/import/import.h"
#include "simulator/incident/incident.h"
#include "simulator/scenario/play.h"
#include "simulator/world/from_topology.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/schedule.h"

namespace picket::cli {
namespace {

struct Saved {
  std::string text;
  simulator::incident::Input input;
  int64_t executed_s = 0;  // execution-date; 0: not said
  std::string configuration;
};

int Tell(const std::string& file, const std::string& what, int status) {
  std::cerr << "picket: " << file << ": " << what << '\n';
  return status;
}

std::string ConfigurationOf(const pugi::xml_document& document) {
  pugi::xml_document copy;
  copy.append_copy(document.child("cib").child("configuration"));
  return solver::DocumentText(copy);
}

int Load(const std::string& file, std::string text, Saved& saved) {
  saved.text = std::move(text);
  if (const std::string why = WhyNoCib(saved.text); !why.empty()) return TellNoCib(file, why);
  pugi::xml_document document;
  solver::DocumentError error;
  std::string warning;
  if (!solver::ParseDocument(saved.text, document, error) || !solver::UpgradeDocument(document, warning, error)) {
    return Tell(file, error.message, kInputWrong);
  }
  saved.executed_s = document.child("cib").attribute("execution-date").as_llong();
  saved.configuration = ConfigurationOf(document);
  saved.input.name = file.substr(file.rfind('/') + 1);
  saved.input.cluster = solver::ReadCluster(document);
  const solver::Instant wall_clock{static_cast<int64_t>(std::time(nullptr)), 0};
  saved.input.state = solver::ReadState(document, {}, wall_clock);
  return kOk;
}

// An archive holds many.
int LoadAll(const std::string& file, std::vector<Saved>& all) {
  Unread unread;
  std::vector<NamedText> inputs = ReadInputs(file, std::cin, unread);
  if (inputs.empty()) return TellUnread(file, unread);
  for (NamedText& input : inputs) {
    if (const int status = Load(input.name, std::move(input.text), all.emplace_back()); status != kOk) return status;
  }
  return kOk;
}

// A shell sorts pe-input-9 behind pe-input-10; the inputs know when they were made.
void SortByTime(std::vector<Saved>& all) {
  const auto has_time = [](const Saved& saved) { return saved.executed_s > 0; };
  if (!std::all_of(all.begin(), all.end(), has_time)) return;
  std::stable_sort(all.begin(), all.end(), [](const Saved& a, const Saved& b) { return a.executed_s < b.executed_s; });
}

// Plays the test; the number of the step that does not hold, -1 if all do, -2 if it cannot be played.
int FailingStep(const std::string& policy, const std::string& test, size_t steps) {
  const compiler::CompileResult result =
      compiler::CompileText(policy + "\n" + test, "the policy made", ReviewedOptions());
  if (!result.compiled || result.compiled->scenario.tests.empty()) {
    std::cerr << compiler::RenderText(result.diagnostics, result.source_map);
    return -2;
  }
  pugi::xml_document document;
  document.reset(result.compiled->cib);
  std::string warning;
  solver::DocumentError error;
  if (!solver::UpgradeDocument(document, warning, error)) return -2;
  const solver::Cluster cluster = solver::ReadCluster(document);
  simulator::Player player(std::make_shared<simulator::Catalog>(cluster), solver::ReadState(document, {}, {}),
                           simulator::SettingsFrom(result.compiled->topology, result.compiled->scenario.assumptions));
  if (player.Start()) return -2;
  const simulator::Verdict verdict = player.Play(result.compiled->scenario.tests.back());
  if (!verdict.objection) return -1;
  const auto first_line = static_cast<size_t>(std::count(policy.begin(), policy.end(), '\n')) + 3;
  const size_t line = result.source_map.PlaceOf(verdict.objection->claim).line;
  if (line < first_line || line >= first_line + steps) return -2;
  return static_cast<int>(line - first_line);
}

}  // namespace

int ImportAsTest(const std::vector<std::string>& files, bool all_ids, compiler::import::Imported& imported) {
  std::vector<Saved> all;
  for (const std::string& file : files) {
    if (const int status = LoadAll(file, all); status != kOk) return status;
  }
  SortByTime(all);
  compiler::import::ImportOptions options = ReviewedImport();
  options.all_ids = all_ids;
  std::string reason;
  if (!compiler::import::Import(all.front().text, options, imported, reason)) {
    return Tell(all.front().input.name, "is " + reason, kInputWrong);
  }
  std::vector<simulator::incident::Input> inputs;
  for (size_t i = 0; i < all.size(); ++i) {
    if (i > 0 && all[i].configuration != all[i - 1].configuration) {
      std::cerr << "picket: note: the configuration changes in " << all[i].input.name << "; the policy is that of "
                << all.front().input.name << '\n';
    }
    inputs.push_back(std::move(all[i].input));
  }
  const auto steps = simulator::incident::StepsOf(inputs);
  std::vector<bool> disabled(steps.size(), false);
  const std::string name = "incident " + inputs.front().name + (inputs.size() > 1 ? " to " + inputs.back().name : "");
  int left_out = 0;
  int failing = 0;
  solver::WithLargeStack([&] {
    while ((failing = FailingStep(imported.policy, TestText(name, steps, disabled), steps.size())) >= 0) {
      const auto step = static_cast<size_t>(failing);
      if (disabled[step]) break;
      disabled[step] = true;
      ++left_out;
    }
  });
  if (failing != -1) std::cerr << "picket: the test cannot be played to its end; it is written as it is\n";
  if (left_out > 0) {
    std::cerr << "picket: " << left_out
              << " of the steps are not so in the simulation; they stand in the test as comments\n";
  }
  imported.policy += "\n" + TestText(name, steps, disabled);
  return failing == -1 ? kOk : kVerdict;
}

}  // namespace picket::cli
