#include "web/engine/ask.h"

#include <algorithm>
#include <sstream>

#include "cli/objection_why.h"
#include "simulator/explain/explain.h"
#include "simulator/explain/remedy.h"
#include "simulator/explain/text.h"
#include "simulator/scenario/fault_sets.h"
#include "simulator/scenario/report.h"
#include "simulator/scenario/services.h"
#include "simulator/sweep/default_claims.h"
#include "simulator/sweep/tell.h"
#include "simulator/text/report.h"
#include "solver/cib/dates.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/cib/values.h"
#include "solver/schedule.h"
#include "solver/status/status.h"
#include "web/engine/words.h"

namespace picket::web {
namespace {

namespace explain = simulator::explain;
namespace say = compiler::scenario;
using say::FaultKind;

// A cluster with more than this is swept elsewhere: the page says `picket sweep`.
constexpr int kTriesMax = 120;

std::vector<say::Fault> Faults(const Subject& subject) {
  return simulator::FaultsOf(
      {FaultKind::kNode, FaultKind::kResource, FaultKind::kLink, FaultKind::kFence, FaultKind::kTicket},
      subject.rested());
}

const char* KindOf(const say::Fault& fault) {
  if (std::holds_alternative<say::Kill>(fault)) return "node";
  if (std::holds_alternative<say::CutLink>(fault)) return "link";
  if (std::holds_alternative<say::FailFence>(fault)) return "device";
  if (std::holds_alternative<say::Revoke>(fault)) return "ticket";
  return "resource";
}

// How long each service was down after some faults; null: it is down still, or the cluster does not rest.
struct Outage {
  int64_t down_ms = 0;
  bool for_good = false;
  friend auto operator<=>(const Outage& a, const Outage& b) {
    return std::pair(a.for_good, a.down_ms) <=> std::pair(b.for_good, b.down_ms);
  }
  friend bool operator==(const Outage&, const Outage&) = default;
};

class OutageWatch {
 public:
  explicit OutageWatch(const Subject& subject) {
    for (const solver::ResourceDef& def : subject.cluster.resources) {
      if (def.cls != "stonith") ids_.push_back(def.id);
    }
  }
  const std::vector<std::string>& ids() const { return ids_; }

  // The outages since `begin_ms` of a world that kept its story.
  std::vector<Outage> Of(const simulator::World& begin, const std::vector<say::Fault>& faults) const {
    simulator::World world = begin;
    simulator::Observer observer;
    observer.Begin(world);
    std::vector<say::Condition> conditions;
    conditions.reserve(ids_.size());
    for (const std::string& id : ids_) conditions.push_back(ConditionOf(world, id));
    std::vector<std::optional<int64_t>> since(ids_.size());
    std::vector<Outage> outages(ids_.size());
    const auto look = [&](const simulator::World& now) {
      for (size_t i = 0; i < ids_.size(); ++i) {
        const bool serves = Holds(conditions[i], now, observer);
        if (serves && since[i]) {
          outages[i].down_ms += now.now_ms() - *since[i];
          since[i].reset();
        } else if (!serves && !since[i]) {
          since[i] = now.now_ms();
        }
      }
    };
    world.on_event = [&](const simulator::World& now, const simulator::StoryEvent& event) {
      observer.See(now, event);
      look(now);
    };
    solver::Run run;
    bool rests = true;
    for (const say::Fault& fault : faults) {
      world.Strike(fault);
      rests = world.Settle(run) == simulator::Rest::kSettled && rests;
    }
    for (size_t i = 0; i < ids_.size(); ++i) outages[i].for_good = since[i].has_value() || !rests;
    return outages;
  }

 private:
  static say::Condition ConditionOf(const simulator::World& world, const std::string& id) {
    const simulator::CatalogEntry* entry = world.catalog().Find(id);
    say::InState state;
    state.state = entry && entry->promotable ? say::State::kPromoted : say::State::kRunning;
    state.subject.id = id;
    return {std::move(state), {}};
  }

  std::vector<std::string> ids_;
};

}  // namespace

Json Why(const Subject& subject, const History& history, const std::string& resource) {
  const simulator::World& world = history.rests.back().world;
  pugi::xml_document document;
  document.reset(subject.document);
  solver::WriteState(world.state(), document);
  const auto situation = explain::Solve(document, world.state().now, true, subject.cluster.target, world.NotFenced());
  auto explanation = explain::Explain(*situation, resource);
  if (!explanation) throw Refusal("there is no resource `" + resource + "`");
  if (!explanation->runs) {
    explain::Remedy remedy = explain::FindRemedy(document, *situation, resource, kTriesMax);
    explanation->remedy = std::move(remedy.changes);
    explanation->alternatives = std::move(remedy.alternatives);
    explanation->tried = remedy.tried;
  }
  const auto cite = [&subject](std::string_view id) { return subject.Cite(id); };
  return Json::parse(JsonOf(*explanation, {resource, "", false}, cite));
}

Json FaultsToSweep(const Subject& subject) {
  Json list = Json::array();
  for (const say::Fault& fault : Faults(subject)) list.push_back({{"step", StepOf(fault)}, {"kind", KindOf(fault)}});
  return list;
}

Json SweepRow(const Subject& subject, size_t number, bool pairs) {
  const std::vector<say::Fault> faults = Faults(subject);
  if (number >= faults.size()) throw Refusal("there is no such fault");
  simulator::World begin = subject.rested();
  solver::Run run;
  GrantWhatMayBeLost(faults, begin, run);
  const OutageWatch watch(subject);
  std::vector<Outage> worst = watch.Of(begin, {faults[number]});
  std::vector<std::vector<std::string>> steps(worst.size(), {StepOf(faults[number])});
  for (size_t second = 0; pairs && second < faults.size(); ++second) {
    if (second == number) continue;
    const std::vector<Outage> outages = watch.Of(begin, {faults[number], faults[second]});
    for (size_t i = 0; i < outages.size(); ++i) {
      if (!(worst[i] < outages[i])) continue;
      worst[i] = outages[i];
      steps[i] = {StepOf(faults[number]), StepOf(faults[second])};
    }
  }
  Json cells = Json::array();
  for (size_t i = 0; i < worst.size(); ++i) {
    cells.push_back({{"service", watch.ids()[i]},
                     {"down_ms", worst[i].down_ms},
                     {"for_good", worst[i].for_good},
                     {"steps", steps[i]}});
  }
  return {{"step", StepOf(faults[number])}, {"cells", std::move(cells)}};
}

Json SweepAll(const Subject& subject, int failures, int64_t histories_max) {
  simulator::SweepReport report;
  report.path = subject.path;
  report.nodes = subject.cluster.nodes.size();
  report.resources = subject.Primitives();
  report.failures_max = failures;
  simulator::World begin = subject.rested();
  const std::vector<say::Fault> faults = Faults(subject);
  solver::Run run;
  GrantWhatMayBeLost(faults, begin, run);
  std::vector<const say::Invariant*> invariants;
  for (const say::Invariant& invariant : subject.scenario().invariants) invariants.push_back(&invariant);
  std::unique_ptr<const say::Invariant> own;
  if (invariants.empty()) {
    own = simulator::DefaultClaims(begin);
    invariants.push_back(own.get());
    report.default_claims = true;
  }
  for (const say::Invariant* invariant : invariants) report.claims.push_back(invariant->name);
  simulator::SearchOptions options;
  options.failures_min = 0;
  options.failures_max = failures;
  options.max_histories = histories_max;
  options.threads = 1;
  options.beyond = report.default_claims;
  simulator::Search search(begin, invariants, faults, options);
  report.result = search.Run();
  Json answer = {{"text", TextOf(report, cli::QuoterOf(subject.compilation.source_map), false)}};
  if (const auto& example = report.result.counterexample) {
    Json steps = Json::array();
    for (size_t i = 0; i < example->blows.size(); ++i) {
      const std::string step = StepOf(report.result.faults[example->blows[i].fault]);
      constexpr std::string_view kBefore = "before ";
      const std::string& when = example->when[i];
      steps.push_back(when.starts_with(kBefore) ? "during " + when.substr(kBefore.size()) + " { " + step + " }" : step);
    }
    answer["steps"] = std::move(steps);
  }
  return answer;
}

Json PlayTests(Subject& subject) {
  simulator::PolicyReport report;
  report.path = subject.path;
  report.nodes = subject.cluster.nodes.size();
  report.resources = subject.Primitives();
  report.durations = subject.settings.durations;
  report.why = [&subject](const simulator::Objection& objection) {
    return cli::WhyOf(objection, subject.compilation.source_map);
  };
  subject.player->threads = 1;
  for (const say::Test& test : subject.scenario().tests) report.verdicts.push_back(subject.player->Play(test));
  for (const say::Invariant& invariant : subject.scenario().invariants)
    report.verdicts.push_back(subject.player->Play(invariant));
  return Json::parse(simulator::JsonOf({report}, {cli::QuoterOf(subject.compilation.source_map)}));
}

std::string Decide(const std::string& cib, int64_t clock_s) {
  pugi::xml_document document;
  solver::DocumentError error;
  std::string warning;
  if (!solver::ParseDocument(cib, document, error) || !solver::UpgradeDocument(document, warning, error, {})) {
    throw Refusal(error.message);
  }
  const solver::Cluster cluster = solver::ReadCluster(document);
  const solver::State state = solver::ReadState(document, {}, {clock_s, 0});
  std::ostringstream out, err;
  const auto report = simulator::MakeReport({}, out, err);
  if (!warning.empty()) report->Info(warning);
  if (solver::ParseInteger(document.document_element().attribute("execution-date").value()).value_or(0) != 0) {
    report->Info("Using the original execution date of: " + solver::FormatUtc(state.now));
  }
  solver::Run run;
  solver::Recorder recorder;
  recorder.log = true;
  solver::ReadStatus(cluster, state, run, &recorder);
  for (const solver::Event& event : recorder.events()) {
    const auto* line = std::get_if<solver::LogLine>(&event);
    if (line && line->level == solver::LogLevel::kOutput) report->Info(line->text);
  }
  report->Banner(run.options.maintenance_mode, solver::CountInstances(run));
  report->Status(run, simulator::StatusKind::kCurrent, {true, false, false});
  const size_t first = recorder.events().size();
  const solver::Transition transition = solver::Decide(run);
  report->Assigned(run, recorder.events(), first);
  report->Summary(run, transition.summary);
  report->Finish(0, "OK");
  return out.str();
}

}  // namespace picket::web
