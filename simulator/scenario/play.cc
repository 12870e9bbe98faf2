#include "simulator/scenario/play.h"

#include <algorithm>
#include <set>

#include "simulator/scenario/evaluate.h"
#include "simulator/scenario/fault_sets.h"
#include "solver/model/text.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;

Objection MakeObjection(const World& world, const compiler::Span& span, std::string what, std::string instead,
                        size_t begin) {
  return {span, std::move(what), std::move(instead), world.story(), begin, world.state(), {}};
}

// The objection to a condition that is not as it should be: `holds` is what it is.
Objection MakeObjection(const World& world, const say::Condition& condition, bool holds, std::string what,
                        std::string instead, const Observer& observer, size_t begin) {
  Objection objection = MakeObjection(world, condition.span, std::move(what), std::move(instead), begin);
  objection.questions = QuestionsOf(condition, holds, world, observer);
  return objection;
}

}  // namespace

Player::Player(std::shared_ptr<const Catalog> catalog, solver::State initial, WorldSettings settings)
    : rested_(std::move(catalog), std::move(initial), std::move(settings)) {}

std::optional<Objection> Player::Start() {
  if (resume) {
    rested_.Resume(run_);
  } else {
    rested_.StartCluster();
  }
  const Rest rest = rested_.Settle(run_);
  if (rest == Rest::kSettled) return std::nullopt;
  return MakeObjection(rested_, {}, "start", RestText(rest), 0);
}

// A `given` that does not hold at rest is brought about as an operator would: the other nodes go to standby
// and come back.
bool Player::Steer(World& world, const say::Condition& condition, const Observer& observer) {
  std::vector<const say::InState*> wanted;
  const auto collect = [&](const auto& self, const say::Condition& part) -> void {
    if (const auto* state = std::get_if<say::InState>(&part.what)) {
      if (state->node) wanted.push_back(state);
    } else if (const auto* all = std::get_if<say::And>(&part.what)) {
      for (const say::Condition& operand : all->operands) self(self, operand);
    }
  };
  collect(collect, condition);
  std::set<std::string> keep;
  for (const say::InState* state : wanted) {
    if (state->state == say::State::kRunning || state->state == say::State::kPromoted)
      keep.insert(state->node->id);
  }
  if (keep.empty()) return false;
  say::Standby standby;
  say::Online online;
  for (const auto& [name, node] : world.nodes()) {
    if (keep.count(name)) continue;
    standby.nodes.push_back({name, {}});
    online.nodes.push_back({name, {}});
  }
  if (standby.nodes.empty()) return false;
  world.Strike(standby);
  if (world.Settle(run_) != Rest::kSettled) return false;
  TellRest(world, "given");
  world.Strike(online);
  if (world.Settle(run_) != Rest::kSettled) return false;
  TellRest(world, "given");
  return Holds(condition, world, observer);
}

namespace {

bool Begins(const PlanStep& step, const say::During& during, const Catalog& catalog) {
  const auto is = [](const std::string& node, const say::Name& name) { return solver::EqualFolded(node, name.id); };
  if (during.operation == "fencing") return step.kind == StepKind::kFencing && is(step.node, during.subject);
  if (step.kind != StepKind::kOperation && step.kind != StepKind::kNotify) return false;
  if (step.operation != during.operation || (during.node && !is(step.node, *during.node))) return false;
  const CatalogEntry* entry = catalog.Find(during.subject.id);
  return entry && std::find(entry->primitives.begin(), entry->primitives.end(), step.primitive) !=
                      entry->primitives.end();
}

std::string NeverBegan(const say::During& during) {
  return during.operation + " of " + during.subject.id + (during.node ? " on " + during.node->id : "") +
         " did not begin before the cluster came to rest";
}

}  // namespace

bool Player::ProceedTo(World& world, const say::During& during) {
  while (world.Proceed(run_) == World::Pause::kBeforeAction) {
    const PlanStep* next = world.NextAction();
    if (next && Begins(*next, during, world.catalog())) return true;
  }
  return false;
}

Verdict Player::Play(const say::Test& test) {
  Verdict verdict;
  verdict.name = test.name;
  verdict.span = test.span;
  World world = rested_;
  TellRest(world, "start");
  std::string faults;  // since the last rest
  Observer observer;
  const auto begin = [&] {
    observer.Begin(world);
    for (const say::Step& step : test.steps) {
      if (const auto* expect = std::get_if<say::Expect>(&step.what)) observer.Register(expect->condition);
      if (const auto* given = std::get_if<say::Given>(&step.what)) observer.Register(given->condition);
    }
  };
  begin();
  world.on_event = [&observer](const World& now, const StoryEvent& event) { observer.See(now, event); };
  bool moved = false;  // a fault struck since the last rest
  bool struck = false;
  for (const say::Step& step : test.steps) {
    if (const auto* fault = std::get_if<say::Fault>(&step.what)) {
      if (!struck) begin();
      struck = true;
      moved = true;
      world.Strike(*fault);
      faults += (faults.empty() ? "" : ", ") + FaultText(*fault);
      continue;
    }
    if (const auto* during = std::get_if<say::During>(&step.what)) {
      if (!struck) begin();
      struck = true;
      moved = true;
      if (!ProceedTo(world, *during)) {
        verdict.objection =
            MakeObjection(world, step.span, "expected", NeverBegan(*during), observer.since());
        break;
      }
      for (const say::Fault& fault : during->faults) world.Strike(fault);
      continue;
    }
    if (moved) {
      moved = false;
      const Rest rest = world.Settle(run_);
      if (rest != Rest::kSettled) {
        verdict.objection = MakeObjection(world, step.span, "rest", RestText(rest), observer.since());
        break;
      }
      TellRest(world, faults);
      faults.clear();
    }
    if (const auto* given = std::get_if<say::Given>(&step.what)) {
      if (!Holds(given->condition, world, observer) && !Steer(world, given->condition, observer)) {
        verdict.objection = MakeObjection(world, given->condition, false, "given",
                                          Instead(given->condition, world, observer), observer, 0);
        break;
      }
      struck = false;  // What has led here does not count.
      continue;
    }
    const auto& expect = std::get<say::Expect>(step.what);
    if (!Holds(expect.condition, world, observer)) {
      verdict.objection = MakeObjection(world, expect.condition, false, "expected",
                                        Instead(expect.condition, world, observer), observer, observer.since());
      break;
    }
  }
  if (moved && !verdict.objection) {
    if (const Rest rest = world.Settle(run_); rest != Rest::kSettled) {
      verdict.objection = MakeObjection(world, test.span, "rest", RestText(rest), observer.since());
    }
    TellRest(world, faults);
  }
  verdict.cluster_time_ms = world.now_ms() - observer.since_ms();
  verdict.story = world.story();
  verdict.story_begins = observer.since();
  return verdict;
}

Objection ObjectionOf(const say::Invariant& invariant, const Counterexample& example) {
  const Violation& violation = example.violation;
  return {violation.claim ? violation.claim->condition.span : invariant.span, violation.what, violation.instead,
          example.story, example.story_begins, violation.state, violation.questions};
}

Verdict Player::Play(const say::Invariant& invariant) {
  SearchOptions options;
  options.failures_min = invariant.scope ? invariant.scope->failures_min : 0;
  options.failures_max = invariant.scope ? invariant.scope->failures_max : 0;
  options.threads = threads;
  options.beyond = true;  // The search is exactly what `over` names.
  std::vector<say::Fault> faults;
  if (invariant.scope) faults = FaultsOf(invariant.scope->kinds, rested_);
  World begin = rested_;
  GrantWhatMayBeLost(faults, begin, run_);
  Search search(begin, {&invariant}, std::move(faults), options);
  search.on_progress = on_progress;
  const SearchResult result = search.Run();
  Verdict verdict;
  verdict.name = invariant.name;
  verdict.is_invariant = true;
  verdict.span = invariant.span;
  verdict.histories = 0;
  for (const Level& level : result.levels) {
    if (level.faults < options.failures_min) continue;
    verdict.histories += level.covered;
    verdict.excused += level.excused;
    verdict.merged += level.covered - level.played;
  }
  if (result.counterexample) verdict.objection = ObjectionOf(invariant, *result.counterexample);
  return verdict;
}

}  // namespace picket::simulator
