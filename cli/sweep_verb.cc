#include "cli/sweep_verb.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/agents_option.h"
#include "cli/as_option.h"
#include "cli/engine_option.h"
#include "cli/exit_status.h"
#include "cli/playground.h"
#include "cli/progress.h"
#include "cli/read_cib.h"
#include "cli/voice.h"
#include "simulator/scenario/fault_sets.h"
#include "simulator/sweep/default_claims.h"
#include "simulator/sweep/tell.h"
#include "solver/cib/values.h"
#include "solver/schedule.h"

namespace picket::cli {

namespace {

namespace say = compiler::scenario;

struct SweepOptions {
  std::string file;
  Beside beside;
  int failures = 1;
  std::vector<std::string> of = {"node", "resource", "link", "fence", "return"};
  std::string time;
  int64_t histories = 0;
  std::optional<uint64_t> seed;
  unsigned threads = 0;
  bool keep_going = false;
  bool profile = false;
  bool beyond = false;
  std::string format = "text";
};

// Ctrl-C ends the search, not the program: what is known so far is told. A second one ends the program.
std::atomic<bool> interrupted{false};
extern "C" void Interrupt(int) {
  interrupted = true;
  std::signal(SIGINT, SIG_DFL);
}

std::vector<say::FaultKind> KindsOf(const std::vector<std::string>& words) {
  std::vector<say::FaultKind> kinds;
  for (const std::string& word : words) {
    kinds.push_back(word == "node"       ? say::FaultKind::kNode
                    : word == "resource" ? say::FaultKind::kResource
                    : word == "link"     ? say::FaultKind::kLink
                    : word == "fence"    ? say::FaultKind::kFence
                    : word == "return"   ? say::FaultKind::kReturn
                                         : say::FaultKind::kTicket);
  }
  return kinds;
}

// `2 faults  [#####     ] 5,120 of 14,390, 4 s to go, 2,600 a second`.
std::string ProgressLine(const simulator::Progress& progress) {
  const int64_t rate = progress.played * 1000 / std::max<int64_t>(progress.elapsed_ms, 1);
  const std::string level = progress.level == 0   ? "at random"
                            : progress.level == 1 ? "1 fault"
                                                  : std::to_string(progress.level) + " faults";
  return level + "  " + ProgressText(progress.played, progress.to_play, progress.elapsed_ms) + ", " +
         simulator::Grouped(rate) + " a second";
}

// 0 only if all that was promised was played, and some invariant had something to say of it.
int StatusOf(const simulator::SweepReport& report) {
  if (report.start || report.result.counterexample) return kVerdict;
  switch (report.result.ended) {
    case simulator::Ended::kTime:
    case simulator::Ended::kHistories:
    case simulator::Ended::kMemory:
    case simulator::Ended::kNotProven:
      return kBudgetSpent;
    case simulator::Ended::kInterrupted:
      return kInterrupted;
    case simulator::Ended::kComplete:
    case simulator::Ended::kCounterexample:
      break;
  }
  if (AnythingJudged(report.result)) return kOk;
  std::cerr << "picket: " << report.path << ": no invariant is about these faults, so nothing was judged; --beyond "
            << "judges all invariants\n";
  return kInputWrong;
}

// What the command line asks of the search. Nullopt after telling what is wrong.
std::optional<simulator::SearchOptions> SearchOptionsOf(const SweepOptions& options) {
  simulator::SearchOptions how;
  how.failures_max = options.failures;
  how.failures_min = 0;
  how.threads = options.threads;
  how.max_histories = options.histories;
  how.keep_going = options.keep_going;
  how.profile = options.profile;
  how.seed = options.seed;
  how.interrupted = &interrupted;
  if (!options.time.empty()) {
    const auto time_ms = solver::ParseDuration(options.time);
    if (!time_ms || *time_ms == 0) {
      std::cerr << "picket: --time: `" << options.time << "` is not a time; write for example 60s\n";
      return std::nullopt;
    }
    how.max_ms = *time_ms;
  }
  if (options.seed && options.time.empty() && options.histories == 0) {
    std::cerr << "picket: --seed: random histories do not end by themselves; add --time or --histories\n";
    return std::nullopt;
  }
  return how;
}

// The invariants that are judged: those of the policy, or default claims, which `own` then holds.
std::vector<const say::Invariant*> InvariantsOf(const Playground& ground, const simulator::World& begin,
                                                std::unique_ptr<const say::Invariant>& own) {
  std::vector<const say::Invariant*> invariants;
  for (const say::Invariant& invariant : ground.scenario().invariants) invariants.push_back(&invariant);
  if (!invariants.empty()) return invariants;
  own = simulator::DefaultClaims(begin);
  return {own.get()};
}

// Warns if the histories go further than every invariant.
void WarnOfSilentInvariants(const SweepOptions& options, const std::vector<const say::Invariant*>& invariants) {
  int judged = 0;
  for (const say::Invariant* invariant : invariants)
    judged = std::max(judged, invariant->scope ? invariant->scope->failures_max : options.failures);
  if (judged >= options.failures || options.beyond) return;
  std::cerr << "picket: " << options.file << ": warning: no invariant is about more than " << judged
            << (judged == 1 ? " fault" : " faults") << "; --beyond judges all invariants for more faults too\n";
}

// Plays the histories from the moment at which the cluster is at rest, and puts the result into the report, which
// refers to what `own` holds.
void PlayHistories(const SweepOptions& options, const Playground& ground, const simulator::Player& player,
                   simulator::SearchOptions how, std::unique_ptr<const say::Invariant>& own,
                   simulator::SweepReport& report) {
  simulator::World begin = player.rested();
  const std::vector<say::Fault> faults = simulator::FaultsOf(KindsOf(options.of), begin);
  solver::Run run;
  simulator::GrantWhatMayBeLost(faults, begin, run);
  const std::vector<const say::Invariant*> invariants = InvariantsOf(ground, begin, own);
  report.default_claims = own != nullptr;
  WarnOfSilentInvariants(options, invariants);
  for (const say::Invariant* invariant : invariants) {
    report.claims.push_back(invariant->name);
    if (!report.default_claims) report.claim_spans.push_back(invariant->span);
  }
  how.beyond = options.beyond || report.default_claims;
  Progress line;
  simulator::Search search(begin, invariants, faults, how);
  search.on_level = [](const simulator::Level& level) {
    std::cerr << "picket: note: expected: " << LevelText(level) << std::endl;
  };
  if (Progress::IsShown())
    search.on_progress = [&line](const simulator::Progress& progress) { line.Show(ProgressLine(progress)); };
  std::signal(SIGINT, Interrupt);
  report.result = search.Run();
  std::signal(SIGINT, SIG_DFL);
  if (const auto& example = report.result.counterexample)
    report.why = ground.Why(ObjectionOf(*example->violation.invariant, *example));
  std::cerr << "picket: note: " << SpeedText(report.result) << std::endl;
  std::cerr << report.result.profile;
}

void Tell(const SweepOptions& options, const Playground& ground, const simulator::SweepReport& report) {
  const simulator::Quoter quote = ground.Quoter();
  if (options.format == "text")
    std::cout << TextOf(report, quote, HasColour(STDOUT_FILENO)) << DecidedAs(ground.cluster.target);
  if (options.format == "json") std::cout << JsonOf(report, quote);
  if (options.format == "junit") std::cout << JUnitOf(report, quote);
}

int RunSweep(const SweepOptions& options) {
  if (options.file.empty()) {
    std::cerr << "picket: sweep takes a FILE, or --live\n";
    return kInputWrong;
  }
  int status = kOk;
  const auto ground = LoadPlayground(options.file, options.beside, status);
  if (!ground) return status;
  const auto how = SearchOptionsOf(options);
  if (!how) return kInputWrong;
  std::unique_ptr<const say::Invariant> own;
  simulator::SweepReport report;
  report.path = options.file;
  report.decided_as = ground->cluster.target.name();
  report.nodes = ground->cluster.nodes.size();
  report.resources = ground->resources;
  report.failures_max = options.failures;
  simulator::Player player = ground->Player();
  report.start = player.Start();
  if (!report.start) PlayHistories(options, *ground, player, *how, own, report);
  Tell(options, *ground, report);
  return StatusOf(report);
}

}  // namespace

void AddSweepVerb(CLI::App& program, int& status) {
  const auto options = std::make_shared<SweepOptions>();
  CLI::App* verb = program.add_subcommand("sweep", "Try every combination of failures against the invariants");
  verb->add_option("FILE", options->file, "a policy, or a CIB (.xml) with its status");
  AddLiveInput(*verb, options->file);
  verb->add_option("--failures", options->failures, "how many faults a history has at most")
      ->check(CLI::Range(0, 8))
      ->capture_default_str();
  verb->add_option("--of", options->of, "what can fail: node, resource, link, fence, ticket; return: and outages end")
      ->delimiter(',')
      ->check(CLI::IsMember({"node", "resource", "link", "fence", "ticket", "return"}))
      ->capture_default_str();
  verb->add_option("--tests", options->beside.tests, "beside a CIB: a policy file with its tests and invariants");
  verb->add_option("--corosync", options->beside.corosync, "beside a CIB: the cluster's corosync.conf");
  AddAgentsOption(*verb, options->beside.agents);
  AddEngineOption(*verb, options->beside.engine);
  AddAsOption(*verb, options->beside.as);
  verb->add_option("--time", options->time, "stop after this time, as in 60s or 5min");
  verb->add_option("--histories", options->histories, "stop after so many histories")->check(CLI::PositiveNumber);
  verb->add_option("--seed", options->seed, "then go on with random histories of more faults");
  verb->add_option("--threads", options->threads, "how many; all cores if this is not given")
      ->check(CLI::Range(1u, 1024u));
  verb->add_flag("--beyond", options->beyond, "judge invariants also for failures that their `over` does not name");
  verb->add_flag("--profile", options->profile, "then say where the time went, by stage and by resource");
  verb->add_flag("--keep-going", options->keep_going, "play everything, and count what is broken");
  verb->add_option("--format", options->format, "text, json or junit")
      ->check(CLI::IsMember({"text", "json", "junit"}))
      ->capture_default_str();
  verb->footer(
      "Exit status: 0 everything was played and nothing found, 1 a counterexample, 2 the input is wrong, 3 a "
      "file cannot "
      "be read or the report not be written, 4 --time, --histories or memory ran out first, 130 "
      "interrupted.\n"
      "Example: picket sweep examples/pbx/pbx.picket --failures 2 --of node,link,fence,return");
  verb->callback([options, &status] { solver::WithLargeStack([&] { status = RunSweep(*options); }); });
}

}  // namespace picket::cli
