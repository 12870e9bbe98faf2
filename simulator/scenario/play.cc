#include "simulator/scenario/play.h"

#include <algorithm>
#include <set>

#include "execution/choices.h"
#include "simulator/scenario/fault_sets.h"
#include "simulator/scenario/play_steps.h"
#include "simulator/scenario/subjects.h"
#include "solver/schedule.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;

Objection MakeObjection(const World& world, const compiler::Span& span, std::string what, std::string instead,
                        size_t begin) {
  return {span, std::move(what), std::move(instead), world.story(), begin, MomentOf(world), {}};
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

namespace {

// More ways than this are not played; the verdict says so.
constexpr int64_t kMostWays = 64;
constexpr int64_t kWaysAfterFailure = 6;

// Which way was played, for a reader: `the order of …: 2 of 3`.
std::string WayText(const execution::Choices& way) {
  std::string text;
  for (const execution::Choice& choice : way.made()) {
    text += (text.empty() ? "" : ", ") + execution::TextOf(choice);
  }
  return text;
}

}  // namespace

// What a live cluster leaves open is tried in every way; the test holds only if it holds in all of them. A way in which
// a `given` does not come true is not what the test is about, unless there is no other.
Verdict Player::Play(const say::Test& test) {
  std::optional<Verdict> passed;
  std::optional<Verdict> failed;
  std::optional<Verdict> unmet;
  std::string which;  // of the ways failed first
  int64_t ways = 0;
  bool more = false;
  for (std::optional<execution::Choices> way = execution::Choices(); way && ways < kMostWays; way = way->Next()) {
    Verdict verdict = PlaySteps(rested_, test, run_, *way, ways == 0 ? on_rest : nullptr);
    ++ways;
    more = ways == kMostWays && way->Next();
    const bool is_unmet = verdict.objection && verdict.objection->what == "given";
    std::optional<Verdict>& kept = is_unmet ? unmet : verdict.objection ? failed : passed;
    if (!kept) {
      kept = std::move(verdict);
      if (&kept == &failed) which = WayText(*way);
    }
    // A failure is a failure: a few further ways tell whether it depends on what is open.
    if ((failed && (passed || ways >= kWaysAfterFailure)) || (unmet && !passed && ways >= kWaysAfterFailure)) break;
  }
  Verdict& verdict = failed ? *failed : passed ? *passed : *unmet;
  if (more)
    verdict.assumed.insert("what is open in this test was tried in " + std::to_string(kMostWays) + " of more ways");
  verdict.histories = ways;
  if (failed && passed) verdict.objection->instead += "; the cluster leaves it open (" + which + ")";
  return verdict;
}

Objection ObjectionOf(const say::Invariant& invariant, const Counterexample& example) {
  const Violation& violation = example.violation;
  return {violation.claim ? violation.claim->condition.span : invariant.span,
          violation.what,
          violation.instead + LeftOpen(example),
          example.story,
          example.story_begins,
          violation.moment,
          violation.questions};
}

namespace {

// A claim about what does not run at the start proves little; an invariant that claims nothing else does not
// pass.
void JudgeWhatDoesNotRun(const say::Invariant& invariant, const World& begin, Verdict& verdict) {
  for (const say::Claim& claim : invariant.claims) {
    const std::set<std::string> subjects = SubjectsOf(claim.condition);
    const auto runs = [&](const std::string& subject) { return IsSomewhere(subject, begin); };
    if (subjects.empty() || std::any_of(subjects.begin(), subjects.end(), runs)) continue;
    verdict.notes.push_back({claim.span, begin.quorate() ? Listed(subjects) + (subjects.size() == 1 ? " does" : " do") +
                                                               " not run when the histories begin"
                                                         : "the cluster has no quorum when the histories begin"});
  }
  if (verdict.notes.empty() || verdict.notes.size() < invariant.claims.size()) return;
  const Note& first = verdict.notes[0];
  verdict.objection = MakeObjection(begin, first.claim, "claimed", "it says nothing: " + first.text, begin.events());
  verdict.notes.clear();
}

}  // namespace

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
  verdict.failures_min = options.failures_min;
  verdict.failures_max = options.failures_max;
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
  if (result.ended == Ended::kNotProven) verdict.assumed.insert(solver::PreferencesLeftOut());
  if (result.ways_left_out) verdict.assumed.insert(WaysLeftOut());
  if (!verdict.objection) JudgeWhatDoesNotRun(invariant, begin, verdict);
  return verdict;
}

}  // namespace picket::simulator
