#include "simulator/sweep/compare.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "execution/choices.h"
#include "simulator/scenario/fault_sets.h"
#include "simulator/scenario/judge.h"
#include "simulator/sweep/happenings.h"
#include "simulator/world/plan_cache.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;

struct Answer {
  std::string text;
  std::optional<int64_t> ms;  // of times
};

// What can be said of one side after one way of a history.
using Answers = std::map<std::string, Answer>;

std::string Seconds(int64_t ms) {
  return ms >= Observer::kForEverMs ? "still down"
                                    : std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100) + " s";
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

  bool LeavesPreferencesOut() const { return plans_->leaves_preferences_out(); }

  World Root() const {
    World world = *side_.rested;
    world.KeepNoStory(plans_, false);
    return world;
  }

  Answers At(const World& world, const Observer& observer, const std::vector<Judge>& judges) const {
    Answers answers;
    for (const std::string& id : resources_) {
      answers[id] = {Where(world, id), {}};
      const int64_t down_ms = observer.DowntimeMs(id, world);
      answers["downtime of " + id] = {Seconds(down_ms), down_ms};
    }
    for (const auto& [name, node] : world.nodes()) {
      if (!node.remote) answers["fenced " + name] = {observer.WasFenced(name, "") ? "yes" : "no", {}};
    }
    for (size_t i = 0; i < judges.size(); ++i)
      answers["invariant \"" + invariants_[i]->name + "\""] = {judges[i].violation() ? "broken" : "holds", {}};
    if (world.rest() != Rest::kSettled) answers["the cluster"] = {"does not come to rest", {}};
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

// One way of one side of a history under way.
struct Half {
  World world;
  Observer observer;
  std::vector<Judge> judges;
  std::string open;  // what did not go the first way, in words

  Half(const Asked& asked, World begin)
      : world(std::move(begin)), observer(asked.Watch(world)), judges(asked.Judges(world)) {}

  // `way` decides what the cluster leaves open in the reaction.
  void Strike(const say::Fault* fault, bool ends_outage, execution::Choices& way, solver::Run& run) {
    world.choices = &way;
    world.on_event = [this](const World& now, const StoryEvent& event) {
      observer.See(now, event);
      for (Judge& judge : judges) judge.See(now, event);
    };
    if (fault) {
      for (Judge& judge : judges) judge.Expect(*fault, ends_outage);
      world.Strike(*fault);
    }
    const Rest rest = world.Settle(run);
    observer.AtRest();
    for (Judge& judge : judges) judge.AtRest(world, rest);
    world.on_event = nullptr;
    world.choices = nullptr;
    for (const execution::Choice& choice : way.made()) {
      if (choice.chosen != 0) open += (open.empty() ? "" : ", ") + execution::TextOf(choice);
    }
  }

  // What is the same from here on.
  Hash Key(const Answers& answers) const {
    Hasher hasher;
    hasher.Add(world.FutureHash());
    observer.AddKey(hasher, world);
    for (const Judge& judge : judges) judge.AddKey(hasher, world);
    for (const auto& [what, answer] : answers) hasher.Add(answer.text);
    return hasher.Get();
  }
};

// Everything that can come out of a history on one side.
class Outcomes {
 public:
  void Add(const Answers& answers, const std::string& open) {
    for (const auto& [what, answer] : answers) {
      Outcome& outcome = by_question_[what];
      const bool fresh = outcome.values.insert(answer.text).second;
      if (fresh)
        outcome.text += (outcome.text.empty() ? "" : ", or ") + answer.text + (open.empty() ? "" : " (" + open + ")");
      if (!answer.ms) continue;
      outcome.least_ms = std::min(outcome.least_ms.value_or(*answer.ms), *answer.ms);
      outcome.most_ms = std::max(outcome.most_ms.value_or(*answer.ms), *answer.ms);
    }
    std::string all;
    for (const auto& [what, answer] : answers) all += what + "\n" + answer.text + "\n";
    together_.insert(std::move(all));
  }

  const std::map<std::string, Outcome>& by_question() const { return by_question_; }
  // The answers as they go together, a text for each way.
  const std::set<std::string>& together() const { return together_; }

 private:
  std::map<std::string, Outcome> by_question_;
  std::set<std::string> together_;
};

std::vector<std::string> TopLevel(const World& world) {
  std::vector<std::string> ids;
  for (const solver::ResourceDef& def : world.catalog().cluster().resources) {
    if (def.cls != "stonith") ids.push_back(def.id);
  }
  return ids;
}

std::vector<DifferentAnswer> Differences(const Outcomes& before, const Outcomes& after) {
  std::set<std::string> names;
  for (const auto& [name, outcome] : before.by_question()) names.insert(name);
  for (const auto& [name, outcome] : after.by_question()) names.insert(name);
  std::vector<DifferentAnswer> answers;
  const Outcome missing{{"-"}, "-", {}, {}};
  for (const std::string& name : names) {
    const auto a = before.by_question().find(name);
    const auto b = after.by_question().find(name);
    const Outcome& left = a == before.by_question().end() ? missing : a->second;
    const Outcome& right = b == after.by_question().end() ? missing : b->second;
    if (left.values != right.values) answers.push_back({name, left, right});
  }
  if (!answers.empty() || before.together() == after.together()) return answers;
  // One by one the same can be said of both, but not together.
  const auto ways = [](const Outcomes& outcomes) {
    const std::string text = std::to_string(outcomes.together().size()) + " ways";
    return Outcome{outcomes.together(), text, {}, {}};
  };
  answers.push_back({"what goes together", ways(before), ways(after)});
  return answers;
}

// Whether what follows tells nothing new: the same answers, and times as far apart as before.
bool IsSame(const DifferentAnswer& a, const DifferentAnswer& b) {
  if (a.what != b.what) return false;
  if (!a.before.most_ms || !a.after.most_ms || !b.before.most_ms || !b.after.most_ms)
    return a.before.values == b.before.values && a.after.values == b.after.values;
  const auto down = [](const DifferentAnswer& answer) {
    return std::pair(*answer.before.most_ms >= Observer::kForEverMs, *answer.after.most_ms >= Observer::kForEverMs);
  };
  if (down(a) != down(b)) return false;
  const auto apart_ms = [](const DifferentAnswer& answer) {
    return std::pair(*answer.after.most_ms - *answer.before.most_ms, *answer.after.least_ms - *answer.before.least_ms);
  };
  return down(a) != std::pair(false, false) || apart_ms(a) == apart_ms(b);
}

struct Pair {
  std::vector<Half> before;  // each in another way; the first alternative everywhere comes first
  std::vector<Half> after;
  std::vector<bool> struck;
  std::vector<std::string> faults;
  std::vector<DifferentAnswer> answers;
};

// Both clusters, played through the same histories.
class Comparing {
 public:
  Comparing(const Side& before, const Side& after, const std::vector<say::FaultKind>& kinds, int failures_max)
      : before_(before, TopLevel(*before.rested)),
        after_(after, TopLevel(*after.rested)),
        faults_(FaultsOfBoth(kinds, *before.rested, *after.rested)),
        failures_max_(failures_max) {}

  Comparison Play() {
    std::vector<Pair> layer;
    layer.push_back({{}, {}, std::vector<bool>(faults_.list().size()), {}, {}});
    layer.front().before = Ways(before_, {Begin(before_)}, nullptr, false);
    layer.front().after = Ways(after_, {Begin(after_)}, nullptr, false);
    Judge(layer.front(), {});
    for (int level = 1; level <= failures_max_; ++level) {
      std::vector<Pair> next;
      for (const Pair& from : layer) {
        for (uint32_t fault = 0; fault < faults_.outages(); ++fault) {
          if (!from.struck[fault]) GoOn(from, fault, level, next);
        }
      }
      layer = std::move(next);
    }
    return std::move(comparison_);
  }

 private:
  Happenings FaultsOfBoth(const std::vector<say::FaultKind>& kinds, const World& before, const World& after) {
    std::map<std::string, say::Fault> possible_after;
    const Happenings old_faults(FaultsOf(kinds, before));
    const Happenings new_faults(FaultsOf(kinds, after));
    // Who cannot have an outage cannot have its end either: one line for both.
    const auto is_return = [](const Happenings& faults, uint32_t i) { return faults.IsReturn(i); };
    for (uint32_t i = 0; i < new_faults.list().size(); ++i) {
      possible_after.emplace(FaultText(new_faults.list()[i]), new_faults.list()[i]);
    }
    std::vector<say::Fault> faults;
    for (uint32_t i = 0; i < old_faults.list().size(); ++i) {
      const std::string text = FaultText(old_faults.list()[i]);
      if (possible_after.erase(text) > 0) {
        faults.push_back(old_faults.list()[i]);
      } else if (!is_return(old_faults, i)) {
        comparison_.only_before.push_back(text);
      }
    }
    for (uint32_t i = 0; i < new_faults.list().size(); ++i) {
      const std::string text = FaultText(new_faults.list()[i]);
      if (possible_after.count(text) > 0 && !is_return(new_faults, i)) comparison_.only_after.push_back(text);
    }
    return Happenings(faults);
  }

  Half Begin(const Asked& asked) {
    World world = asked.Root();
    GrantWhatMayBeLost(faults_.list(), world, run_);
    return Half(asked, std::move(world));
  }

  // The history with one event more, and those that go on from its rest with the end of an outage.
  void GoOn(const Pair& from, uint32_t event, int level, std::vector<Pair>& next) {
    const say::Fault& fault = faults_.list()[event];
    Pair pair{Ways(before_, from.before, &fault, faults_.IsReturn(event)),
              Ways(after_, from.after, &fault, faults_.IsReturn(event)),
              from.struck,
              from.faults,
              {}};
    pair.struck[event] = true;
    pair.faults.push_back(FaultText(fault));
    Judge(pair, from.answers);
    for (const uint32_t end : faults_.ReturnsAfter(pair.struck)) GoOn(pair, end, level, next);
    if (level < failures_max_) next.push_back(std::move(pair));
  }

  // Every way in which the reaction to the event can go, from each of these.
  std::vector<Half> Ways(const Asked& asked, const std::vector<Half>& from, const say::Fault* event, bool ends_outage) {
    std::vector<Half> ways;
    std::set<Hash> known;
    for (const Half& half : from) {
      std::optional<execution::Choices> way = execution::Choices();
      for (int played = 0; way && played < kMostWaysOfComparison; ++played) {
        Half next = half;
        next.Strike(event, ends_outage, *way, run_);
        if (known.insert(next.Key(asked.At(next.world, next.observer, next.judges))).second)
          ways.push_back(std::move(next));
        way = way->Next();
      }
      comparison_.ways_left_out = comparison_.ways_left_out || way;
    }
    comparison_.leaves_preferences_out = comparison_.leaves_preferences_out || asked.LeavesPreferencesOut();
    if (ways.size() > kMostWaysOfComparison) {
      comparison_.ways_left_out = true;
      ways.erase(ways.begin() + kMostWaysOfComparison, ways.end());
    }
    return ways;
  }

  static Outcomes OutcomesOf(const Asked& asked, const std::vector<Half>& ways) {
    Outcomes outcomes;
    for (const Half& half : ways) outcomes.Add(asked.At(half.world, half.observer, half.judges), half.open);
    return outcomes;
  }

  void Judge(Pair& pair, const std::vector<DifferentAnswer>& known) {
    ++comparison_.compared;
    pair.answers = Differences(OutcomesOf(before_, pair.before), OutcomesOf(after_, pair.after));
    DifferentHistory history;
    for (const DifferentAnswer& answer : pair.answers) {
      const bool told =
          std::any_of(known.begin(), known.end(), [&](const DifferentAnswer& other) { return IsSame(answer, other); });
      if (!told) history.answers.push_back(answer);
    }
    if (history.answers.empty()) return;
    history.faults = pair.faults;
    comparison_.histories.push_back(std::move(history));
  }

  solver::Run run_;
  Comparison comparison_;
  Asked before_;
  Asked after_;
  Happenings faults_;
  int failures_max_;
};

std::string Joined(const std::set<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += value + "|";
  return text;
}

// A word for the way in which an answer differs.
std::string WayOf(const DifferentAnswer& answer) {
  if (!answer.before.most_ms || !answer.after.most_ms)
    return answer.what + "\n" + Joined(answer.before.values) + "\n" + Joined(answer.after.values);
  const auto size = [](int64_t ms) { return ms >= Observer::kForEverMs ? "down" : ms > 0 ? "some" : "none"; };
  return answer.what + "\n" + size(*answer.before.most_ms) + "\n" + size(*answer.after.most_ms) + "\n" +
         (*answer.before.most_ms < *answer.after.most_ms ? "longer" : "shorter");
}

struct Range {
  int64_t least = INT64_MAX;
  int64_t most = 0;
  void Add(const Outcome& outcome) {
    least = std::min(least, *outcome.least_ms);
    most = std::max(most, *outcome.most_ms);
  }
  void GoesTo(Outcome& outcome) const {
    outcome.text = Text();
    outcome.least_ms = least;
    outcome.most_ms = most;
  }
  std::string Text() const {
    if (Seconds(least) == Seconds(most)) return Seconds(most);
    return std::to_string(least / 1000) + "." + std::to_string(least % 1000 / 100) + " to " + Seconds(most);
  }
};

}  // namespace

std::string ComparedWaysLeftOut() {
  return "what is open in a history was tried in " + std::to_string(kMostWaysOfComparison) + " of more ways";
}

Comparison CompareBehaviour(const Side& before, const Side& after, const std::vector<say::FaultKind>& kinds,
                            int failures_max) {
  return Comparing(before, after, kinds, failures_max).Play();
}

std::vector<DifferentGroup> GroupsOf(const std::vector<DifferentHistory>& histories) {
  std::vector<DifferentGroup> groups;
  std::map<std::string, size_t> known;
  for (size_t i = 0; i < histories.size(); ++i) {
    // What differs before anything fails stands by itself.
    std::string way = histories[i].faults.empty() ? "at rest" : "";
    for (const DifferentAnswer& answer : histories[i].answers) way += WayOf(answer) + "\n";
    const auto [at, fresh] = known.emplace(way, groups.size());
    if (fresh) groups.push_back({{}, histories[i].answers});
    groups[at->second].histories.push_back(i);
  }
  for (DifferentGroup& group : groups) {
    for (size_t i = 0; i < group.answers.size(); ++i) {
      DifferentAnswer& answer = group.answers[i];
      // One history tells which choice leads where; of several the times say how far they go.
      if (!answer.before.most_ms || !answer.after.most_ms || group.histories.size() == 1) continue;
      Range before, after;
      for (const size_t history : group.histories) {
        before.Add(histories[history].answers[i].before);
        after.Add(histories[history].answers[i].after);
      }
      before.GoesTo(answer.before);
      after.GoesTo(answer.after);
    }
  }
  return groups;
}

}  // namespace picket::simulator
