#include "simulator/sweep/compare.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "simulator/scenario/fault_sets.h"
#include "simulator/scenario/judge.h"
#include "simulator/world/plan_cache.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;

// What can be said of one side after a history.
using Answers = std::map<std::string, std::string>;

std::string Seconds(int64_t ms) {
  const std::string text = std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100) + " s";
  return text;
}

// One of the two, with what it is asked.
class Asked {
 public:
  Asked(const Side& side, std::vector<std::string> resources) : side_(side), resources_(std::move(resources)) {
    for (const std::string& id : resources_) {
      say::Comparison comparison;
      comparison.left.what = say::Downtime{{id, {}}};
      comparison.right.what = say::Constant{0};
      downtimes_.push_back({comparison, {}});
    }
    for (const say::Invariant& invariant : side.scenario->invariants) {
      // One judge for each, so that one that breaks does not hide another.
      invariants_.push_back(&invariant);
    }
    plans_ = std::make_shared<PlanCache>();
  }

  World Root() const {
    World world = *side_.rested;
    world.KeepNoStory(plans_, false);
    return world;
  }

  Answers At(const World& world, const Observer& observer, const std::vector<Judge>& judges) const {
    Answers answers;
    for (const std::string& id : resources_) {
      answers[id] = Where(world, id);
      const int64_t down_ms = observer.DowntimeMs(id, world);
      answers["downtime of " + id] = down_ms >= Observer::kForEverMs ? "still down" : Seconds(down_ms);
    }
    for (const auto& [name, node] : world.nodes()) {
      if (!node.remote) answers["fenced " + name] = observer.WasFenced(name, "") ? "yes" : "no";
    }
    for (size_t i = 0; i < judges.size(); ++i)
      answers["invariant \"" + invariants_[i]->name + "\""] = judges[i].violation() ? "broken" : "holds";
    if (world.rest() != Rest::kSettled) answers["the cluster"] = "does not come to rest";
    return answers;
  }

  std::vector<Judge> Judges(const World& world) const {
    std::vector<Judge> judges;
    for (const say::Invariant* invariant : invariants_) {
      judges.emplace_back(std::vector<const say::Invariant*>{invariant});
      judges.back().Begin(world);
      judges.back().Arm();
    }
    return judges;
  }

  Observer Watch(const World& world) const {
    Observer observer;
    observer.Begin(world);
    for (const say::Condition& condition : downtimes_) observer.Register(condition);
    return observer;
  }

 private:
  static std::string Where(const World& world, const std::string& id) {
    const CatalogEntry* entry = world.catalog().Find(id);
    std::string text;
    for (const auto& [name, node] : world.nodes()) {
      bool serves = false, promoted = false;
      for (const auto& [instance, resource] : node.resources) {
        if (!entry || resource.failing_rc != 0) continue;
        if (std::find(entry->primitives.begin(), entry->primitives.end(), resource.primitive) ==
            entry->primitives.end())
          continue;
        serves = true;
        promoted = promoted || resource.role == solver::Role::kPromoted;
      }
      if (serves) text += (text.empty() ? "" : ", ") + std::string(promoted ? "promoted on " : "on ") + name;
    }
    return text.empty() ? "nowhere" : text;
  }

  const Side& side_;
  std::vector<std::string> resources_;
  std::vector<say::Condition> downtimes_;
  std::vector<const say::Invariant*> invariants_;
  std::shared_ptr<PlanCache> plans_;
};

// One side of a history under way.
struct Half {
  World world;
  Observer observer;
  std::vector<Judge> judges;

  Half(const Asked& asked, World begin)
      : world(std::move(begin)), observer(asked.Watch(world)), judges(asked.Judges(world)) {}

  void Strike(const say::Fault* fault, solver::Run& run) {
    world.on_event = [this](const World& now, const StoryEvent& event) {
      observer.See(now, event);
      for (Judge& judge : judges) judge.See(now, event);
    };
    if (fault) {
      for (Judge& judge : judges) judge.Expect(*fault);
      world.Strike(*fault);
    }
    const Rest rest = world.Settle(run);
    observer.AtRest();
    for (Judge& judge : judges) judge.AtRest(world, rest);
    world.on_event = nullptr;
  }
};

std::vector<std::string> TopLevel(const World& world) {
  std::vector<std::string> ids;
  for (const solver::ResourceDef& def : world.catalog().cluster().resources) {
    if (def.cls != "stonith") ids.push_back(def.id);
  }
  return ids;
}

std::vector<DifferentAnswer> Differences(const Answers& before, const Answers& after) {
  std::set<std::string> names;
  for (const auto& [name, answer] : before) names.insert(name);
  for (const auto& [name, answer] : after) names.insert(name);
  std::vector<DifferentAnswer> answers;
  for (const std::string& name : names) {
    const auto a = before.find(name);
    const auto b = after.find(name);
    const std::string left = a == before.end() ? "-" : a->second;
    const std::string right = b == after.end() ? "-" : b->second;
    if (left != right) answers.push_back({name, left, right});
  }
  return answers;
}

struct Pair {
  Half before;
  Half after;
  std::vector<size_t> struck;
  std::vector<DifferentAnswer> answers;
};

}  // namespace

Comparison CompareBehaviour(const Side& before, const Side& after, const std::vector<say::FaultKind>& kinds,
                            int failures_max) {
  Comparison comparison;
  solver::Run run;
  const Asked asked_before(before, TopLevel(*before.rested));
  const Asked asked_after(after, TopLevel(*after.rested));
  std::map<std::string, say::Fault> possible_after;
  for (const say::Fault& fault : FaultsOf(kinds, *after.rested)) possible_after.emplace(FaultText(fault), fault);
  std::vector<say::Fault> faults;
  for (const say::Fault& fault : FaultsOf(kinds, *before.rested)) {
    if (possible_after.erase(FaultText(fault)) > 0) {
      faults.push_back(fault);
    } else {
      comparison.only_before.push_back(FaultText(fault));
    }
  }
  for (const auto& [text, fault] : possible_after) comparison.only_after.push_back(text);

  const auto begin = [&](const Asked& asked) {
    World world = asked.Root();
    GrantWhatMayBeLost(faults, world, run);
    return Half(asked, std::move(world));
  };
  const auto judge = [&](Pair& pair, const std::vector<DifferentAnswer>& known) {
    ++comparison.compared;
    pair.answers = Differences(asked_before.At(pair.before.world, pair.before.observer, pair.before.judges),
                               asked_after.At(pair.after.world, pair.after.observer, pair.after.judges));
    DifferentHistory history;
    for (const DifferentAnswer& answer : pair.answers) {
      if (std::find(known.begin(), known.end(), answer) == known.end()) history.answers.push_back(answer);
    }
    if (history.answers.empty()) return;
    for (const size_t fault : pair.struck) history.faults.push_back(FaultText(faults[fault]));
    comparison.histories.push_back(std::move(history));
  };
  std::vector<std::unique_ptr<Pair>> layer;
  layer.push_back(std::make_unique<Pair>(Pair{begin(asked_before), begin(asked_after), {}, {}}));
  layer.front()->before.Strike(nullptr, run);
  layer.front()->after.Strike(nullptr, run);
  judge(*layer.front(), {});
  for (int level = 1; level <= failures_max; ++level) {
    std::vector<std::unique_ptr<Pair>> next;
    for (const auto& from : layer) {
      for (size_t fault = 0; fault < faults.size(); ++fault) {
        if (std::find(from->struck.begin(), from->struck.end(), fault) != from->struck.end()) continue;
        auto pair = std::make_unique<Pair>(*from);
        pair->struck.push_back(fault);
        pair->before.Strike(&faults[fault], run);
        pair->after.Strike(&faults[fault], run);
        judge(*pair, from->answers);
        if (level < failures_max) next.push_back(std::move(pair));
      }
    }
    layer = std::move(next);
  }
  return comparison;
}

}  // namespace picket::simulator
