#include "cli/test_verb.h"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "compiler/compile.h"
#include "compiler/diagnostics/render.h"
#include "simulator/explain/explain.h"
#include "simulator/explain/text.h"
#include "simulator/scenario/report.h"
#include "simulator/world/from_topology.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/schedule.h"

namespace picket::cli {

namespace {

struct TestOptions {
  std::vector<std::string> files;
  std::string only;  // part of a name; empty: all
  std::string format = "text";
  bool stories = false;
};

// One policy, kept for as long as verdicts about it are told.
struct Policy {
  compiler::CompileResult compilation;
  solver::Cluster cluster;
  simulator::PolicyReport report;
};

simulator::Quoter QuoterOf(const compiler::SourceMap& sources) {
  return [&sources](const compiler::Span& span) {
    const compiler::Place place = sources.PlaceOf(span);
    simulator::Quote quote;
    quote.place = std::string(place.path) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
    if (span.file < sources.files.size()) {
      quote.text = sources.files[span.file].text.substr(span.begin, span.end - span.begin);
    }
    return quote;
  };
}

size_t CountPrimitives(const solver::ResourceDef& def) {
  if (def.variant == solver::Variant::kPrimitive) return 1;
  size_t count = 0;
  for (const solver::ResourceDef& child : def.children) count += CountPrimitives(child);
  return count;
}

bool OnTerminal(int descriptor) { return isatty(descriptor) != 0 && std::getenv("NO_COLOR") == nullptr; }

// A running count on the terminal while an invariant is played, rewritten in place.
std::function<void(int64_t)> ProgressOf(const std::string& name, int64_t expected) {
  if (!OnTerminal(STDERR_FILENO)) return nullptr;
  return [name, expected](int64_t played) {
    if (played % 16 != 0 && played != expected) return;
    std::cerr << "\r\033[K" << name << ": " << played << " of " << expected << " histories" << std::flush;
    if (played == expected) std::cerr << "\r\033[K" << std::flush;
  };
}

// What the solver says of the moment of the objection, about what the claim is about.
std::string WhyOf(const Policy& policy, const simulator::Objection& objection) {
  namespace explain = simulator::explain;
  constexpr size_t kLinesMax = 24;
  const compiler::SourceMap& sources = policy.compilation.source_map;
  const auto cite = [&](std::string_view id) {
    const auto span = sources.Find(id);
    return span ? QuoterOf(sources)(*span).place : std::string(id);
  };
  if (objection.questions.empty()) return "";
  const auto situation = explain::Solve(policy.cluster, objection.state);
  std::string text;
  for (const simulator::WhyQuestion& question : objection.questions) {
    const auto explanation = explain::Explain(*situation, question.resource);
    if (!explanation) continue;
    const std::string brief =
        BriefOf(*explanation, {question.resource, question.node, question.not_there}, cite, kLinesMax);
    if (text.find(brief) == std::string::npos) text += brief;
  }
  return text;
}

void PlayPolicy(const TestOptions& options, Policy& policy) {
  const auto begin = std::chrono::steady_clock::now();
  compiler::Compiled& compiled = *policy.compilation.compiled;
  std::string warning;
  solver::DocumentError error;
  if (!solver::UpgradeDocument(compiled.cib, warning, error)) throw std::runtime_error(error.message);
  policy.cluster = solver::ReadCluster(compiled.cib);
  simulator::PolicyReport& report = policy.report;
  report.nodes = policy.cluster.nodes.size();
  for (const solver::ResourceDef& def : policy.cluster.resources) report.resources += CountPrimitives(def);

  report.why = [&policy](const simulator::Objection& objection) { return WhyOf(policy, objection); };

  const simulator::WorldSettings settings = simulator::SettingsFrom(compiled.topology);
  report.durations = settings.durations;
  simulator::Player player(std::make_shared<simulator::Catalog>(policy.cluster),
                           solver::ReadState(compiled.cib, {}, {}), settings);
  report.start = player.Start();
  const auto wanted = [&](const std::string& name) {
    return options.only.empty() || name.find(options.only) != std::string::npos;
  };
  for (const auto& test : compiled.scenario.tests) {
    if (!report.start && wanted(test.name)) report.verdicts.push_back(player.Play(test));
  }
  for (const auto& invariant : compiled.scenario.invariants) {
    if (report.start || !wanted(invariant.name)) continue;
    player.on_history = ProgressOf(invariant.name, player.HistoriesOf(invariant));
    report.verdicts.push_back(player.Play(invariant));
  }
  report.elapsed_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count();
}

void Tell(const TestOptions& options, const std::vector<std::unique_ptr<Policy>>& policies) {
  std::vector<simulator::PolicyReport> reports;
  std::vector<simulator::Quoter> quotes;
  simulator::Tally total;
  for (const auto& policy : policies) {
    quotes.push_back(QuoterOf(policy->compilation.source_map));
    const simulator::Tally tally = Count(policy->report);
    total.passed += tally.passed;
    total.failed += tally.failed;
    if (options.format == "text") {
      std::cout << TextOf(policy->report, quotes.back(), options.stories, OnTerminal(STDOUT_FILENO));
    } else {
      reports.push_back(policy->report);
    }
  }
  if (options.format == "json") std::cout << JsonOf(reports, quotes);
  if (options.format == "junit") std::cout << JUnitOf(reports, quotes);
  if (options.format == "text") std::cout << total.passed << " passed, " << total.failed << " failed\n";
}

int RunTests(const TestOptions& options) {
  std::vector<std::unique_ptr<Policy>> policies;
  for (const std::string& file : options.files) {
    auto policy = std::make_unique<Policy>();
    policy->report.path = file;
    policy->compilation = compiler::Compile(file, {});
    std::cerr << compiler::RenderText(policy->compilation.diagnostics, policy->compilation.source_map);
    if (!policy->compilation.compiled) return kInputWrong;
    policies.push_back(std::move(policy));
  }
  bool failed = false;
  size_t played = 0;
  for (const auto& policy : policies) {
    PlayPolicy(options, *policy);
    failed = failed || Count(policy->report).failed > 0;
    played += policy->report.verdicts.size();
  }
  Tell(options, policies);
  if (played == 0 && !failed) {
    // A name that selects nothing must not pass for a success.
    std::cerr << (options.only.empty() ? "picket: no `test` and no `invariant` in these policies\n"
                                       : "picket: no test or invariant has `" + options.only + "` in its name\n");
    return options.only.empty() ? kOk : kInputWrong;
  }
  return failed ? kVerdict : kOk;
}

}  // namespace

void AddTestVerb(CLI::App& program, int& status) {
  const auto options = std::make_shared<TestOptions>();
  CLI::App* verb = program.add_subcommand("test", "Play the tests and invariants of policies");
  verb->add_option("FILE", options->files, "policies; `-` is standard input")->required();
  verb->add_option("-k", options->only, "only tests and invariants with this text in their name");
  verb->add_option("--format", options->format, "text, json or junit")
      ->check(CLI::IsMember({"text", "json", "junit"}))
      ->capture_default_str();
  verb->add_flag("--story", options->stories, "tell the story of passed tests too");
  verb->footer("Example: picket test examples/pbx/pbx.picket -k \"power loss\" --story");
  verb->callback([options, &status] { solver::WithLargeStack([&] { status = RunTests(*options); }); });
}

}  // namespace picket::cli
