// picket: one program, a verb for each job.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/agents_verb.h"
#include "cli/answer.h"
#include "cli/apply_verb.h"
#include "cli/bootstrap_verb.h"
#include "cli/check_verb.h"
#include "cli/compile_verb.h"
#include "cli/day_verbs.h"
#include "cli/diff_verb.h"
#include "cli/doctor_verb.h"
#include "cli/drift_verb.h"
#include "cli/exit_status.h"
#include "cli/explain_verb.h"
#include "cli/export_verb.h"
#include "cli/fence_verb.h"
#include "cli/fmt_verb.h"
#include "cli/graph_verb.h"
#include "cli/help_verbs.h"
#include "cli/import_verb.h"
#include "cli/init_verb.h"
#include "cli/lab_verb.h"
#include "cli/plan_verb.h"
#include "cli/report_verb.h"
#include "cli/serve_verb.h"
#include "cli/simulate_verb.h"
#include "cli/status_verb.h"
#include "cli/sweep_verb.h"
#include "cli/test_verb.h"
#include "cli/timing_verb.h"
#include "cli/voice.h"
#include "cli/why_verb.h"
#include "solver/model/assert.h"

namespace picket::cli {

namespace {

// The words of the command line. A link to the program that is called crm_simulate stands in for
// crm_simulate.
std::vector<std::string> WordsOf(int argc, char** argv) {
  std::vector<std::string> words(argv, argv + argc);
  std::string& program = words.front();
  program = program.substr(program.rfind('/') + 1);
  if (program == "crm_simulate") words.insert(words.begin() + 1, "simulate");
  return words;
}

bool Simulates(const std::vector<std::string>& words) {
  return VerbIn(words) == "simulate";
}

// Who adds which verbs to the program.
struct VerbsOf {
  std::vector<std::string_view> names;
  void (*add)(CLI::App& program, const std::vector<std::string>& words, int& status);
};

template <void (*Add)(CLI::App&, int&)>
void Adding(CLI::App& program, const std::vector<std::string>&, int& status) {
  Add(program, status);
}

// In the order in which help lists them.
const std::vector<VerbsOf>& AllVerbs() {
  static const std::vector<VerbsOf> verbs = {
      {{"agents"}, Adding<AddAgentsVerb>},
      {{"apply"}, Adding<AddApplyVerb>},
      {{"bootstrap"}, Adding<AddBootstrapVerb>},
      {{"check"}, Adding<AddCheckVerb>},
      {{"compile"}, Adding<AddCompileVerb>},
      {{"diff"}, Adding<AddDiffVerb>},
      {{"doctor"}, Adding<AddDoctorVerb>},
      {{"drift"}, Adding<AddDriftVerb>},
      {{"explain"}, Adding<AddExplainVerb>},
      {{"export"}, Adding<AddExportVerb>},
      {{"fmt"}, Adding<AddFmtVerb>},
      {{"graph"}, Adding<AddGraphVerb>},
      {{"import"}, Adding<AddImportVerb>},
      {{"init"}, Adding<AddInitVerb>},
      {{"lab"}, Adding<AddLabVerb>},
      {{"plan"}, Adding<AddPlanVerb>},
      {{"report"}, Adding<AddReportVerb>},
      {{"rollback"}, Adding<AddRollbackVerb>},
      {{"serve"}, AddServeVerb},
      {{"simulate"}, AddSimulateVerb},
      {{"sweep"}, Adding<AddSweepVerb>},
      {{"test"}, Adding<AddTestVerb>},
      {{"timing"}, Adding<AddTimingVerb>},
      {{"why"}, Adding<AddWhyVerb>},
      {{"status", "events"}, Adding<AddStatusVerbs>},
      {{"standby", "online", "maintenance", "cleanup", "stop", "recover"}, Adding<AddDayVerbs>},
      {{"fence"}, Adding<AddFenceVerb>},
      {{}, Adding<AddHelpVerbs>},  // They tell about all the others.
  };
  return verbs;
}

// The verb that the words ask for, or every verb if they ask for none that is known. Building the options of
// all verbs takes longer than a small solve.
void AddVerbs(CLI::App& program, const std::vector<std::string>& words, int& status) {
  const std::string asked = VerbIn(words);
  for (const VerbsOf& verbs : AllVerbs()) {
    if (std::find(verbs.names.begin(), verbs.names.end(), asked) == verbs.names.end()) continue;
    verbs.add(program, words, status);
    return;
  }
  for (const VerbsOf& verbs : AllVerbs()) verbs.add(program, words, status);
}

// What every verb understands, and the program before its verb too. `simulate` has crm_simulate's options alone.
void AddCommonOptions(CLI::App& app) {
  const std::string group = "Messages";
  app.add_flag_callback(
         "-q,--quiet", [] { LoudnessOfProgram() = Loudness::kQuiet; },
         "Tell no warnings, notes and progress; errors and answers only")
      ->group(group);
  app.add_flag_callback(
         "-v,--verbose", [] { LoudnessOfProgram() = Loudness::kVerbose; },
         "Also tell what is read, and how long the work took")
      ->group(group);
  app.add_option_function<std::string>(
         "--color",
         [](const std::string& when) {
           ColourOfProgram() = when == "always" ? Colour::kAlways : when == "never" ? Colour::kNever : Colour::kAuto;
         },
         "auto (on a terminal, unless NO_COLOR is set), always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->group(group);
  for (CLI::App* verb : app.get_subcommands([](CLI::App* one) { return !one->get_name().empty(); })) {
    if (verb->get_name() != "simulate") AddCommonOptions(*verb);
  }
}

int Main(const std::vector<std::string>& words) {
  CLI::App program("A policy language for high-availability clusters", "picket");
  program.require_subcommand(1);
  program.footer(
      "Exit status: 0 all is well; 1 a verdict against you; 2 the input is wrong; 3 a file cannot be read or "
      "the answer not "
      "be written; 4 a budget was spent before all that was promised was played; "
      "5 `plan`, `drift` and `bootstrap --dry-run` found changes; 70 a defect of this "
      "program; 130 "
      "interrupted. `simulate` ends as crm_simulate does.");
  program.set_version_flag("--version", VersionLine(), "Print which picket this is");
  int status = kOk;
  AddVerbs(program, words, status);
  AddCommonOptions(program);

  try {
    // CLI11 takes the words without the program's name, last one first.
    program.parse(std::vector<std::string>(words.rbegin(), words.rend() - 1));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);  // --help, --version
    if (Simulates(words)) return TellSimulateUsageError(error, words, std::cerr);
    return TellUsageError(program, error, words, std::cerr);
  }
  return status;
}

// The exit status of `Main`. An exception that reaches this function is a defect of Picket.
int Guarded(const std::vector<std::string>& words) {
  try {
    return Main(words);
  } catch (const std::exception& error) {
    std::cerr << "picket: this is a defect of Picket, please report it: " << error.what() << '\n';
    return kDefect;
  }
}

// The guard of the answer while the program runs: also a program that ends at a broken promise answers.
AnswerGuard* guard_of_program = nullptr;

void TellDefect(const char* message) {
  std::cerr << message << '\n';
  if (guard_of_program != nullptr) guard_of_program->Finish(kDefect);
  std::cout.flush();
  std::cerr.flush();
}

// The exit status, unless the answer could not be written to the standard output: then it is an error.
int Delivered(int status, const std::vector<std::string>& words) {
  errno = 0;
  if (std::cout.flush()) return status;
  std::cerr << "picket: the answer cannot be written" << (errno == 0 ? "" : std::string(": ") + std::strerror(errno))
            << '\n';
  return Simulates(words) ? simulate_exit::kInputOutput : kEnvironmentWrong;
}

}  // namespace

}  // namespace picket::cli

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  try {
    const std::vector<std::string> words = picket::cli::WordsOf(argc, argv);
    picket::cli::AnswerGuard guard(words);
    picket::cli::guard_of_program = &guard;
    picket::TellDefectsBy(picket::cli::TellDefect);
    const int status = picket::cli::Guarded(words);
    guard.Finish(status);
    return picket::cli::Delivered(status, words);
  } catch (const std::exception& error) {
    std::cerr << "picket: " << error.what() << '\n';
    return picket::cli::kDefect;
  }
}
