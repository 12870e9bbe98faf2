#include "simulator/scenario/play_steps.h"

#include <algorithm>
#include <set>

#include "simulator/scenario/evaluate.h"
#include "simulator/scenario/judge.h"
#include "simulator/scenario/subjects.h"
#include "solver/model/text.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;

std::string Seconds(int64_t ms) {
  return std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100) + " s";
}

bool Begins(const PlanStep& step, const say::During& during, const Catalog& catalog) {
  const auto is = [](const std::string& node, const say::Name& name) { return solver::EqualFolded(node, name.id); };
  if (during.operation == "fencing") return step.kind == StepKind::kFencing && is(step.node, during.subject);
  if (step.kind != StepKind::kOperation && step.kind != StepKind::kNotify) return false;
  if (step.operation != during.operation || (during.node && !is(step.node, *during.node))) return false;
  const CatalogEntry* entry = catalog.Find(during.subject.id);
  return entry &&
         std::find(entry->primitives.begin(), entry->primitives.end(), step.primitive) != entry->primitives.end();
}

std::string NeverBegan(const say::During& during) {
  return during.operation + " of " + during.subject.id + (during.node ? " on " + during.node->id : "") +
         " did not begin before the cluster came to rest";
}

// The nodes on which a `given` wants something to run.
std::set<std::string> WantedNodes(const say::Condition& condition) {
  std::set<std::string> nodes;
  if (const auto* state = std::get_if<say::InState>(&condition.what)) {
    const bool runs = state->state == say::State::kRunning || state->state == say::State::kPromoted;
    if (state->node && runs) nodes.insert(state->node->id);
  } else if (const auto* all = std::get_if<say::And>(&condition.what)) {
    for (const say::Condition& operand : all->operands) nodes.merge(WantedNodes(operand));
  }
  return nodes;
}

class StepPlayer {
 public:
  StepPlayer(const World& rested, const say::Test& test, solver::Run& run, execution::Choices& choices,
             const RestListener& on_rest)
      : test_(test), run_(run), world_(rested), at_first_(rested.shared_catalog()), on_rest_(on_rest) {
    world_.choices = &choices;
    verdict_.name = test.name;
    verdict_.span = test.span;
    Begin();
    NoteWhatRuns();
    world_.on_event = [this](const World&, const StoryEvent& event) { See(event); };
    TellRest("start");
  }

  Verdict Play() {
    for (const say::Step& step : test_.steps) {
      if (!std::visit([&](const auto& what) { return Take(what, step.span); }, step.what)) break;
    }
    if (!verdict_.objection && Rest(test_.span)) JudgeWhatNeverRan();
    verdict_.cluster_time_ms = world_.now_ms() - observer_.since_ms();
    verdict_.story = observer_.services().Told(world_);
    verdict_.story_begins = observer_.since();
    verdict_.assumed = world_.assumed();
    return std::move(verdict_);
  }

 private:
  // An expectation, and since when it has been true without a break.
  struct Wait {
    const say::Expect* expect;
    std::optional<int64_t> true_since_ms;
  };

  void Begin() {
    observer_.Begin(world_);
    for (const say::Step& step : test_.steps) {
      if (const auto* expect = std::get_if<say::Expect>(&step.what)) observer_.Register(expect->condition);
      if (const auto* given = std::get_if<say::Given>(&step.what)) observer_.Register(given->condition);
    }
  }

  void See(const StoryEvent& event) {
    observer_.See(world_, event);
    NoteWhatRuns();
    for (Wait& wait : waits_) Look(wait);
  }
  void Look(Wait& wait) {
    if (!Holds(wait.expect->condition, world_, observer_)) {
      wait.true_since_ms.reset();
    } else if (!wait.true_since_ms) {
      wait.true_since_ms = world_.now_ms();
    }
  }
  void NoteWhatRuns() {
    for (const auto& [name, node] : world_.nodes()) {
      for (const auto& [instance, resource] : node.resources) ran_.insert(resource.primitive);
    }
  }

  bool Object(Objection objection) {
    verdict_.objection = std::move(objection);
    return false;
  }
  Objection About(const compiler::Span& span, std::string what, std::string instead) const {
    return {span,
            std::move(what),
            std::move(instead),
            observer_.services().Told(world_),
            observer_.since(),
            MomentOf(world_),
            {}};
  }
  Objection About(const say::Condition& condition, std::string what, std::string instead) const {
    Objection objection = About(condition.span, std::move(what), std::move(instead));
    objection.questions = QuestionsOf(condition, false, world_, observer_);
    return objection;
  }

  bool Rest(const compiler::Span& at) {
    if (moved_) {
      moved_ = false;
      const simulator::Rest rest = world_.Settle(run_);
      if (rest != simulator::Rest::kSettled) return Object(About(at, "rest", RestText(rest)));
      TellRest(std::exchange(faults_, {}));
    }
    observer_.AtRest();
    return true;
  }

  void BeginOnce() {
    if (!struck_) Begin();
    struck_ = true;
    moved_ = true;
  }
  void TellRest(const std::string& step) const {
    if (on_rest_) on_rest_(world_, step);
  }
  // Whether the fault could strike: what people do, they do to what is there.
  bool Strike(const say::Fault& fault, const compiler::Span& at) {
    if (const std::string gone = GoneSubject(fault, world_); !gone.empty())
      return Object(About(at, "played", "`" + gone + "` is not in the configuration in force"));
    world_.Strike(fault);
    faults_ += (faults_.empty() ? "" : ", ") + FaultText(fault);
    if (std::holds_alternative<say::Advance>(fault)) return true;  // Nothing strikes; time passes.
    last_fault_ms_ = world_.now_ms();
    waits_.clear();
    for (const say::Step& step : test_.steps) {
      const auto* expect = std::get_if<say::Expect>(&step.what);
      if (!expect || !expect->within_ms) continue;
      waits_.push_back({expect, std::nullopt});
      Look(waits_.back());
    }
    return true;
  }

  bool Take(const say::Fault& fault, const compiler::Span& at) {
    if (!Rest(at)) return false;
    BeginOnce();
    return Strike(fault, at);
  }

  bool Take(const say::During& during, const compiler::Span& at) {
    BeginOnce();
    while (world_.Proceed(run_) == World::Pause::kBeforeAction) {
      const PlanStep* next = world_.NextAction();
      if (!next || !Begins(*next, during, world_.catalog())) continue;
      world_.BeginNext();
      return std::all_of(during.faults.begin(), during.faults.end(),
                         [&](const say::Fault& fault) { return Strike(fault, at); });
    }
    return Object(About(at, "expected", NeverBegan(during)));
  }

  bool Take(const say::Given& given, const compiler::Span& at) {
    if (!Rest(at)) return false;
    if (!Holds(given.condition, world_, observer_) && !Steer(given.condition)) {
      Objection objection = About(given.condition, "given", Instead(given.condition, world_, observer_));
      objection.story_begins = 0;
      if (!steered_.empty()) objection.instead += "; " + steered_;
      return Object(std::move(objection));
    }
    struck_ = false;  // What has led here does not count.
    return true;
  }

  bool Take(const say::Expect& expect, const compiler::Span& at) {
    if (!Rest(at)) return false;
    if (!Holds(expect.condition, world_, observer_)) {
      return Object(About(expect.condition, "expected", Instead(expect.condition, world_, observer_)));
    }
    const auto wait = std::find_if(waits_.begin(), waits_.end(), [&](const Wait& w) { return w.expect == &expect; });
    if (wait == waits_.end()) return true;
    Look(*wait);
    const int64_t took_ms = *wait->true_since_ms - last_fault_ms_;
    if (took_ms <= *expect.within_ms) return true;
    return Object(About(
        at, "expected",
        "it is true from " + Seconds(*wait->true_since_ms) + " on, " + Seconds(took_ms) + " after the last fault"));
  }

  // A `given` that does not hold at rest is brought about as an operator would: the other nodes go to standby and come
  // back.
  bool Steer(const say::Condition& condition) {
    const std::set<std::string> keep = WantedNodes(condition);
    if (keep.empty()) return false;
    say::Standby standby;
    say::Online online;
    for (const auto& [name, node] : world_.nodes()) {
      // A guest or a copy of a bundle goes where its launcher goes.
      if (keep.count(name) || (node.remote && !world_.catalog().Find(name))) continue;
      // Whoever is away, or in standby, stays so: that is what led here.
      if (!node.runs() || node.standby) continue;
      standby.nodes.push_back({name, {}});
      online.nodes.push_back({name, {}});
    }
    if (standby.nodes.empty()) return false;
    world_.Strike(standby);
    if (world_.Settle(run_) != simulator::Rest::kSettled) return false;
    TellRest("given");
    steered_ = Holds(condition, world_, observer_)
                   ? "it was so while " + Standbys(standby) +
                         " on standby, and not when the others were back: no `resource-stickiness` keeps it there"
                   : "not even while " + Standbys(standby) + " on standby";
    world_.Strike(online);
    if (world_.Settle(run_) != simulator::Rest::kSettled) return false;
    TellRest("given");
    observer_.AtRest();
    return Holds(condition, world_, observer_);
  }

  static std::string Standbys(const say::Standby& standby) {
    std::string names;
    for (const auto& node : standby.nodes) names += (names.empty() ? "" : ", ") + node.id;
    return names + (standby.nodes.size() == 1 ? " was" : " were");
  }

  // Also of a resource that was deleted meanwhile.
  bool Ran(const std::string& resource) const {
    const CatalogEntry* entry = world_.catalog().Find(resource);
    if (!entry) entry = at_first_->Find(resource);
    return entry && std::any_of(entry->primitives.begin(), entry->primitives.end(),
                                [&](const std::string& primitive) { return ran_.count(primitive) > 0; });
  }

  // An expectation about what never ran proves nothing; a test that expects nothing else does not pass.
  void JudgeWhatNeverRan() {
    bool all = true;
    for (const say::Step& step : test_.steps) {
      const auto* expect = std::get_if<say::Expect>(&step.what);
      if (!expect) continue;
      const std::set<std::string> subjects = SubjectsOf(expect->condition);
      if (subjects.empty() || std::any_of(subjects.begin(), subjects.end(), [&](const auto& s) { return Ran(s); })) {
        all = false;
      } else {
        verdict_.notes.push_back({expect->condition.span, "true only because " + Listed(subjects) + " never ran"});
      }
    }
    if (!all || verdict_.notes.empty()) return;
    verdict_.objection = About(verdict_.notes[0].claim, "expected", verdict_.notes[0].text);
    verdict_.notes.clear();
  }

  const say::Test& test_;
  solver::Run& run_;
  World world_;
  std::shared_ptr<const Catalog> at_first_;
  const RestListener& on_rest_;
  std::string steered_;  // Why a `given` could not be brought about.
  std::string faults_;   // struck since the last rest, in words
  Observer observer_;
  Verdict verdict_;
  std::vector<Wait> waits_;
  std::set<std::string> ran_;  // primitives
  int64_t last_fault_ms_ = 0;
  bool moved_ = false;   // something struck since the last rest
  bool struck_ = false;  // something struck since the last `given`
};

}  // namespace

Verdict PlaySteps(const World& rested, const say::Test& test, solver::Run& run, execution::Choices& choices,
                  const RestListener& on_rest) {
  return StepPlayer(rested, test, run, choices, on_rest).Play();
}

}  // namespace picket::simulator
