#include "cli/test_verb.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cli/agents_option.h"
#include "cli/answer.h"
#include "cli/as_option.h"
#include "cli/engine_option.h"
#include "cli/exit_status.h"
#include "cli/lab_plan.h"
#include "cli/playground.h"
#include "cli/policy_io.h"
#include "cli/progress.h"
#include "cli/voice.h"
#include "compiler/diagnostics/render.h"
#include "simulator/record/record.h"
#include "simulator/scenario/report.h"
#include "solver/schedule.h"

namespace picket::cli {

namespace {

struct TestOptions {
  bool watch = false;
  std::vector<std::string> files;
  Beside beside;
  std::string only;  // part of a name; empty: all
  std::string format = "text";
  bool stories = false;
  bool devices = false;
  bool coverage = false;
  bool live = false;   // in a lab instead of the simulated world
  std::string record;  // where to keep what happened; empty: nowhere
};

// One input, kept for as long as verdicts about it are told.
struct Policy {
  std::unique_ptr<Playground> ground;
  simulator::PolicyReport report;
  std::string record;  // of its tests, if one is kept
};

int64_t MillisecondsSince(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count();
}

void PlayPolicy(const TestOptions& options, Policy& policy) {
  const auto begin = std::chrono::steady_clock::now();
  const Playground& ground = *policy.ground;
  const compiler::scenario::Scenario& scenario = ground.scenario();
  simulator::PolicyReport& report = policy.report;
  report.decided_as = ground.cluster.target.name();
  report.nodes = ground.cluster.nodes.size();
  report.resources = ground.resources;
  report.durations = ground.settings.durations;
  report.tells_devices = options.devices;
  report.why = [&ground](const simulator::Objection& objection) { return ground.Why(objection); };
  report.place_of = [&ground](const std::string& id) { return ground.PlaceOf(id); };
  simulator::Coverage coverage(ground.cluster);
  simulator::Record record;
  simulator::Player player = ground.Player(options.coverage ? coverage.Hooks() : nullptr);
  report.start = player.Start();
  if (!options.record.empty()) record.Watch(player);
  const auto wanted = [&](const std::string& name) {
    return options.only.empty() || name.find(options.only) != std::string::npos;
  };
  auto since = begin;
  const auto keep = [&](simulator::Verdict verdict) {
    report.verdicts.push_back(std::move(verdict));
    report.verdict_elapsed_ms.push_back(MillisecondsSince(since));
    since = std::chrono::steady_clock::now();
  };
  for (const auto& test : scenario.tests) {
    if (report.start || !wanted(test.name)) continue;
    keep(player.Play(test));
    record.Close(report.verdicts.back());
  }
  for (const auto& invariant : scenario.invariants) {
    if (report.start || !wanted(invariant.name)) continue;
    Progress line;
    line.Part(invariant.name);
    if (Progress::IsShown()) {
      player.on_progress = [&line](const simulator::Progress& progress) { line.At(progress.played, progress.to_play); };
    }
    keep(player.Play(invariant));
    player.on_progress = nullptr;
  }
  if (!options.record.empty()) policy.record = record.Text();
  report.tells_coverage = options.coverage;
  if (options.coverage) report.coverage = coverage.Items();
  report.elapsed_ms = MillisecondsSince(begin);
}

void Tell(const TestOptions& options, const std::vector<std::unique_ptr<Policy>>& policies) {
  std::vector<simulator::PolicyReport> reports;
  std::vector<simulator::Quoter> quotes;
  simulator::Tally total;
  for (const auto& policy : policies) {
    quotes.push_back(policy->ground ? policy->ground->Quoter() : nullptr);
    const simulator::Tally tally = Count(policy->report);
    total.passed += tally.passed;
    total.failed += tally.failed;
    if (options.format == "text" && policy->ground) {
      std::cout << TextOf(policy->report, quotes.back(), options.stories, HasColour(STDOUT_FILENO))
                << DecidedAs(policy->ground->cluster.target);
    }
    if (options.format != "text") reports.push_back(policy->report);
  }
  if (options.format == "json") std::cout << JsonOf(reports, quotes);
  if (options.format == "junit") std::cout << JUnitOf(reports, quotes);
  const auto bad = std::count_if(policies.begin(), policies.end(), [](const auto& policy) { return !policy->ground; });
  if (options.format != "text" || bad == static_cast<std::ptrdiff_t>(policies.size())) return;
  std::cout << total.passed << " passed, " << total.failed << " failed";
  if (bad > 0) std::cout << "; " << bad << (bad == 1 ? " file" : " files") << " not played";
  std::cout << '\n';
}

// Plays the tests of one policy in a lab (cli/lab).
int PlayLive(const TestOptions& options, const std::string& file) {
  compiler::CompileOptions how;
  how.agents = compiler::AgentOptions{options.beside.agents};
  const compiler::CompileResult compilation = compiler::Compile(file, how);
  std::cerr << compiler::RenderText(compilation.diagnostics, compilation.source_map);
  if (!compilation.compiled) return compilation.unreadable ? kEnvironmentWrong : kInputWrong;
  const auto folder = UnpackLabFor(compilation);
  if (!folder) return kEnvironmentWrong;
  std::vector<std::string> words = {"test", PlanIn(*folder)};
  if (!options.beside.engine.empty()) words.insert(words.end(), {"--engine", options.beside.engine});
  if (!options.record.empty()) words.insert(words.end(), {"--record", options.record});
  if (!options.only.empty()) words.insert(words.end(), {"-k", options.only});
  const int status = RunLab(*folder, words);
  RemoveLabFolder(*folder);
  return status;
}

// With tests of its own and no policy, --live is the cluster that runs, not a lab for one.
TestOptions LiveUnlessLab(TestOptions options) {
  if (options.live && options.files.empty() && !options.beside.tests.empty()) {
    options.live = false;
    options.files.emplace_back("live:");
  }
  return options;
}

int RunTests(const TestOptions& options) {
  if (!options.record.empty() && options.files.size() != 1) {
    std::cerr << "picket: --record keeps the tests of one file\n";
    return kInputWrong;
  }
  if (options.files.empty()) {
    std::cerr << "picket: test takes a FILE\n";
    return kInputWrong;
  }
  if (options.live && options.format != "text") {
    std::cerr << "picket: --live tells in text; --record FILE keeps what happened for programs\n";
    return kInputWrong;
  }
  if (options.live) {
    int worst = kOk;
    for (const std::string& file : options.files) worst = std::max(worst, PlayLive(options, file));
    return worst;
  }
  std::vector<std::unique_ptr<Policy>> policies;
  int worst = kOk;  // of the files that cannot be played; the others are played all the same
  for (const std::string& file : options.files) {
    auto policy = std::make_unique<Policy>();
    policy->report.path = file;
    int status = kOk;
    const std::size_t mark = ToldSoFar();
    policy->ground = LoadPlayground(file, options.beside, status);
    if (!policy->ground) {
      policy->report.error_status = status;
      policy->report.error = ToldSince(mark);
    }
    worst = std::max(worst, status);
    policies.push_back(std::move(policy));
  }
  bool failed = false;
  size_t played = 0;
  for (const auto& policy : policies) {
    if (!policy->ground) continue;
    PlayPolicy(options, *policy);
    failed = failed || Count(policy->report).failed > 0;
    played += policy->report.verdicts.size();
  }
  Tell(options, policies);
  if (worst != kOk) return worst;
  if (!options.record.empty() && !WriteOutput(options.record, policies.front()->record)) return kEnvironmentWrong;
  if (played == 0 && !failed) {
    // A name that selects nothing must not pass for a success.
    const std::string where = options.files.size() == 1 ? options.files.front() + ": " : "";
    std::cerr << "picket: " << where
              << (options.only.empty() ? "no `test` and no `invariant`"
                                       : "no test or invariant has `" + options.only + "` in its name")
              << '\n';
    return options.only.empty() ? kOk : kInputWrong;
  }
  return failed ? kVerdict : kOk;
}

// When the files, and the policies beside them, which they may import, were changed last.
std::vector<std::filesystem::file_time_type> TimesOf(const TestOptions& options) {
  std::vector<std::filesystem::file_time_type> times;
  std::error_code no_matter;
  for (const std::string& file : options.files) {
    times.push_back(std::filesystem::last_write_time(file, no_matter));
    const std::filesystem::path folder = std::filesystem::path(file).parent_path();
    for (std::filesystem::directory_iterator entry(folder.empty() ? "." : folder, no_matter), end;
         !no_matter && entry != end; entry.increment(no_matter)) {
      if (entry->path().extension() == ".picket" || entry->path().extension() == ".inc") {
        std::error_code gone;
        times.push_back(entry->last_write_time(gone));
      }
    }
  }
  return times;
}

// Plays the tests, and again whenever a file changes, until Ctrl-C.
[[noreturn]] void WatchTests(const TestOptions& options) {
  for (;;) {
    const auto before = TimesOf(options);
    solver::WithLargeStack([&] { RunTests(options); });
    std::cout << "waiting for a change; Ctrl-C ends\n" << std::flush;
    while (TimesOf(options) == before) std::this_thread::sleep_for(std::chrono::milliseconds(300));
  }
}

}  // namespace

void AddTestVerb(CLI::App& program, int& status) {
  const auto options = std::make_shared<TestOptions>();
  CLI::App* verb = program.add_subcommand("test", "Play the tests and invariants of policies");
  verb->add_option("FILE", options->files,
                   "policies, `-` being standard input, or CIBs (.xml); live:HOST is a cluster that runs");
  verb->add_option("--tests", options->beside.tests, "beside a CIB: a policy file with its tests and invariants");
  verb->add_option("--corosync", options->beside.corosync, "beside a CIB: the cluster's corosync.conf");
  verb->add_option("-k", options->only, "only tests and invariants with this text in their name");
  verb->add_option("--format", options->format, "text, json or junit")
      ->check(CLI::IsMember({"text", "json", "junit"}))
      ->capture_default_str();
  AddAgentsOption(*verb, options->beside.agents);
  AddEngineOption(*verb, options->beside.engine);
  AddAsOption(*verb, options->beside.as);
  verb->add_option("--now", options->beside.now,
                   "when the histories begin; else a CIB's execution-date or its newest entry");
  verb->add_flag("--coverage", options->coverage, "say which constraints, thresholds and fencing levels mattered");
  verb->add_flag("--story", options->stories, "tell the story of passed tests too, and how long things take");
  verb->add_flag("--story-devices", options->devices, "in stories, tell the starts and stops of fence devices too");
  verb->add_flag("--live", options->live,
                 "play the tests on real nodes of a lab, not in the simulated world; without a FILE, beside --tests: "
                 "go on from the state of the cluster that runs");
  verb->add_option("--record", options->record, "write what each test did, step by step, to this file");
  verb->add_flag("--watch", options->watch, "play them again whenever a file changes, until Ctrl-C");
  verb->footer("Example: picket test examples/pbx/pbx.picket -k \"power loss\" --story");
  verb->callback([options, &status] {
    if (options->watch) WatchTests(*options);
    solver::WithLargeStack([&] { status = RunTests(LiveUnlessLab(*options)); });
  });
}

}  // namespace picket::cli
