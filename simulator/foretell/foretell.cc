#include "simulator/foretell/foretell.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "execution/plan/plan.h"
#include "simulator/world/places.h"
#include "simulator/world/world.h"
#include "solver/cib/values.h"
#include "solver/model/text.h"
#include "solver/schedule.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;

constexpr const char* kRecorded = "recorded";
constexpr const char* kGuessed = "in part guessed: not all times are recorded";

bool ChangesSomething(std::string_view operation) {
  return operation == "start" || operation == "stop" || operation == "promote" || operation == "demote" ||
         operation.starts_with("migrate_");
}

// How long operations took here, the longest of each primitive, for the world to count with.
std::vector<say::Assumption> RecordedTimes(const solver::State& live) {
  std::map<std::pair<std::string, std::string>, int64_t> longest;
  for (const auto& node : live.nodes) {
    for (const solver::ResourceHistory& resource : node->history) {
      for (const solver::HistoryEntry& entry : resource.entries) {
        const auto ms = solver::ParseInteger(entry.Get("exec-time"));
        if (!ms || *ms < 0 || !ChangesSomething(entry.operation) || entry.rc.value_or(1) != 0) continue;
        const std::string primitive = resource.id.substr(0, resource.id.find(':'));
        int64_t& known = longest[{primitive, entry.operation}];
        known = std::max(known, *ms);
      }
    }
  }
  std::vector<say::Assumption> times;
  for (const auto& [what, ms] : longest) {
    say::TakesTime takes;
    takes.resource.id = what.first;
    takes.operation = what.second;
    takes.duration_ms = ms;
    times.push_back({takes, {}});
  }
  return times;
}

bool Serves(const Places& places, solver::Role at_least) {
  return std::any_of(places.begin(), places.end(), [&](const auto& place) { return place.second >= at_least; });
}

// What was done, and since when each service is away.
class Watch {
 public:
  std::map<std::string, std::set<std::string>> started, reloaded, migrated, demoted;
  std::vector<std::string> fenced;
  std::vector<ForetoldAction> actions;
  size_t probes = 0;
  struct Outage {
    std::optional<int64_t> since_ms;
    int64_t longest_ms = 0;
  };
  std::map<std::string, Outage> running, promoted;
  std::map<std::string, bool> guessed;  // whether the outage has a part whose length is guessed

  Watch(std::map<std::string, Places> places, const std::vector<say::Assumption>& times) : places_(std::move(places)) {
    for (const say::Assumption& time : times) {
      const auto& takes = std::get<say::TakesTime>(time.what);
      recorded_.insert({takes.resource.id, takes.operation});
    }
  }

  void See(const StoryEvent& event) {
    if (event.kind == EventKind::kFenced) fenced.push_back(event.node);
    if (event.kind == EventKind::kActionBegins) Begin(event);
    if (event.kind == EventKind::kActionDone) Done(event);
  }

 private:
  void Begin(const StoryEvent& event) {
    const std::string& operation = event.operation;
    if (operation == "notify" || operation == "cancel" || operation == "meta-data") return;
    actions.push_back(
        {operation, event.instance.empty() ? event.resource : event.instance, event.node, event.interval_ms});
    if (operation == "monitor" && event.interval_ms == 0) ++probes;
    Places& places = places_[event.resource];
    if (ChangesSomething(operation) && !recorded_.contains({event.resource, operation})) guessed[event.resource] = true;
    if (operation == "stop") {
      places.erase(event.node);
    } else if (operation == "demote") {
      if (const auto place = places.find(event.node); place != places.end()) place->second = solver::Role::kUnpromoted;
    } else {
      return;
    }
    Note(event.resource, event.time_ms);
  }

  void Done(const StoryEvent& event) {
    const std::string& operation = event.operation;
    if (operation == "start") started[event.resource].insert(event.node);
    if (operation == "demote") demoted[event.resource].insert(event.node);
    if (operation == "migrate_from") migrated[event.resource].insert(event.node);
    if (operation.starts_with("reload")) reloaded[event.resource].insert(event.node);
    if (operation == "start" || operation == "migrate_from") {
      places_[event.resource].emplace(event.node, solver::Role::kStarted);
    } else if (operation == "promote") {
      places_[event.resource][event.node] = solver::Role::kPromoted;
    } else {
      return;
    }
    Note(event.resource, event.time_ms);
  }

  void Note(const std::string& primitive, int64_t now_ms) {
    Follow(running[primitive], Serves(places_[primitive], solver::Role::kStarted), now_ms);
    Follow(promoted[primitive], Serves(places_[primitive], solver::Role::kPromoted), now_ms);
  }

  static void Follow(Outage& outage, bool serves, int64_t now_ms) {
    if (!serves && !outage.since_ms) outage.since_ms = now_ms;
    if (!serves || !outage.since_ms) return;
    outage.longest_ms = std::max(outage.longest_ms, now_ms - *outage.since_ms);
    outage.since_ms.reset();
  }

  std::map<std::string, Places> places_;
  std::set<std::pair<std::string, std::string>> recorded_;
};

// --- impacts

void AddPrimitives(const solver::ResourceDef& def, std::vector<std::string>& ids, std::set<std::string>& seen) {
  if (def.variant == solver::Variant::kPrimitive && seen.insert(def.id).second) ids.push_back(def.id);
  for (const solver::ResourceDef& child : def.children) AddPrimitives(child, ids, seen);
}

class Telling {
 public:
  Telling(const Watch& watch, const solver::Run& end) : watch_(watch) {
    for (const solver::Resource& resource : end.resources) {
      if (resource.is_primitive() && !resource.disabled && !resource.removed) wanted_.insert(resource.config_id);
    }
  }

  void Primitive(const std::string& id, const Places& before, const Places& after) {
    was_promoted_ = Serves(before, solver::Role::kPromoted);
    std::vector<std::string> lost, gained, restarted, reloaded, promoted, demoted;
    for (const auto& [node, role] : before) {
      if (after.count(node) == 0) lost.push_back(node);
    }
    for (const auto& [node, role] : after) {
      const auto old = before.find(node);
      if (old == before.end()) {
        gained.push_back(node);
        continue;
      }
      const bool was = old->second == solver::Role::kPromoted, is = role == solver::Role::kPromoted;
      if (Did(watch_.started, id, node)) {
        restarted.push_back(node);
      } else if (Did(watch_.reloaded, id, node)) {
        reloaded.push_back(node);
      } else if (was && Did(watch_.demoted, id, node)) {
        demoted.push_back(node);
        continue;
      }
      if (!was && is) promoted.push_back(node);
      if (was && !is) demoted.push_back(node);
    }
    const bool nowhere = after.empty() && wanted_.contains(id);
    if (nowhere) return Add(Fate::kNowhere, id, lost, {});
    Add(Fate::kRestarted, id, restarted, {});
    Add(Fate::kReloaded, id, reloaded, {});
    Add(Fate::kDemoted, id, demoted, {});
    Add(Fate::kPromoted, id, promoted, {});
    if (before.size() == 1 && after.size() == 1 && !lost.empty()) {
      return Add(Did(watch_.migrated, id, gained.front()) ? Fate::kMigrated : Fate::kMoved, id, gained, lost);
    }
    Add(Fate::kStopped, id, lost, {});
    Add(Fate::kStarted, id, gained, {});
  }

  void Node(const std::string& name) { impacts.push_back({Fate::kFenced, name, {}, {}, 0, false, "", 0, false}); }

  std::vector<Impact> impacts;

 private:
  void Add(Fate fate, const std::string& id, std::vector<std::string> nodes, std::vector<std::string> from) {
    if (nodes.empty() && fate != Fate::kNowhere) return;
    Impact impact{fate, id, std::move(nodes), std::move(from), 0, false, "", 0, false};
    const bool role = fate == Fate::kDemoted;
    const bool away =
        fate == Fate::kNowhere || fate == Fate::kStopped || fate == Fate::kRestarted || fate == Fate::kMoved || role;
    const auto& outages = role ? watch_.promoted : watch_.running;
    const auto found = outages.find(id);
    if (away && found != outages.end()) {
      impact.for_good = found->second.since_ms.has_value();
      impact.outage_ms = impact.for_good ? 0 : found->second.longest_ms;
      if (impact.outage_ms > 0) impact.source = watch_.guessed.count(id) > 0 ? kGuessed : kRecorded;
    }
    const auto promoted = watch_.promoted.find(id);
    if (was_promoted_ && promoted != watch_.promoted.end()) {
      impact.promoted_for_good = promoted->second.since_ms.has_value();
      impact.promoted_outage_ms = impact.promoted_for_good ? 0 : promoted->second.longest_ms;
    }
    impacts.push_back(std::move(impact));
  }

  static bool Did(const std::map<std::string, std::set<std::string>>& deeds, const std::string& id,
                  const std::string& node) {
    const auto found = deeds.find(id);
    return found != deeds.end() && found->second.count(node) > 0;
  }

  const Watch& watch_;
  std::set<std::string> wanted_;
  bool was_promoted_ = false;  // of the primitive that is told
};

bool IsTold(const execution::PlanStep& step) {
  return step.kind == execution::StepKind::kOperation;
}

}  // namespace

std::string FateText(Fate fate) {
  static constexpr const char* kWords[] = {"fences",  "ends nowhere", "stops",   "restarts", "moves",
                                           "demotes", "migrates",     "reloads", "promotes", "starts"};
  return kWords[static_cast<size_t>(fate)];
}

std::string ActionText(const ForetoldAction& action) {
  return action.instance + "_" + action.operation + "_" + std::to_string(action.interval_ms) + " on " + action.node;
}

std::vector<ForetoldAction> ActionsOrdered(const solver::Cluster& cluster, const solver::State& state,
                                           solver::Run& run) {
  const solver::Transition transition = solver::Schedule(cluster, state, run, nullptr);
  std::vector<ForetoldAction> actions;
  for (const execution::PlanStep& step : execution::PlanOf(run, transition).steps) {
    if (IsTold(step)) actions.push_back({step.operation, step.instance, step.node, step.interval_ms});
  }
  return actions;
}

namespace {

// Durations: what the author says counts for more than what is recorded, so it comes last.
std::vector<say::Assumption> AllTimes(const std::vector<say::Assumption>& recorded,
                                      const std::vector<say::Assumption>& assumed) {
  std::vector<say::Assumption> all = recorded;
  all.insert(all.end(), assumed.begin(), assumed.end());
  return all;
}

// Runs the world until it rests, and tells what became of `ids`. Of those that are not in `old_ids` it is news
// that they run nowhere.
Foresight FollowToRest(World& world, const std::vector<say::Assumption>& times, const std::vector<std::string>& ids,
                       const std::set<std::string>& old_ids, solver::Run& run,
                       const std::function<void()>& strike = nullptr) {
  Foresight foresight;
  std::map<std::string, Places> old_places = PlacesOf(world);
  Watch watch(old_places, times);
  world.on_event = [&watch](const World&, const StoryEvent& event) { watch.See(event); };
  if (strike) strike();
  foresight.rests = world.Settle(run) == Rest::kSettled;
  world.on_event = nullptr;
  solver::ReadStatus(world.catalog().cluster(), world.state(), run, nullptr);
  std::map<std::string, Places> new_places = PlacesOf(world);
  Telling telling(watch, run);
  for (const std::string& id : ids) {
    // What neither ran nor runs is no news, unless it is new.
    if (old_places[id].empty() && new_places[id].empty() && old_ids.contains(id)) continue;
    telling.Primitive(id, old_places[id], new_places[id]);
  }
  for (const std::string& node : watch.fenced) telling.Node(node);
  foresight.impacts = std::move(telling.impacts);
  std::stable_sort(foresight.impacts.begin(), foresight.impacts.end(),
                   [](const Impact& a, const Impact& b) { return a.fate < b.fate; });
  foresight.actions = std::move(watch.actions);
  foresight.probes = watch.probes;
  foresight.end = std::make_shared<const solver::State>(world.state());
  return foresight;
}

std::vector<std::string> OrphansOf(const solver::Run& run) {
  std::vector<std::string> orphans;
  for (const solver::Resource& resource : run.resources) {
    if (resource.is_primitive() && resource.removed && !resource.active.empty()) orphans.push_back(resource.id);
  }
  return orphans;
}

// The cluster as it is, about to live on with the configuration `after`, and what is so whatever happens to it.
struct Outset {
  bool busy;  // something is ordered anyway
  std::vector<say::Assumption> times;
  World world;
  std::vector<std::string> orphans;

  Outset(const solver::Cluster& before, const solver::Cluster& after, const solver::State& live, WorldSettings settings,
         solver::Run& run)
      : busy(!ActionsOrdered(before, live, run).empty()),
        times(RecordedTimes(live)),
        world(std::make_shared<Catalog>(after), live, From(std::move(settings), times, live)) {
    world.Resume(run);
    orphans = OrphansOf(run);
  }

 private:
  static WorldSettings From(WorldSettings settings, const std::vector<say::Assumption>& times,
                            const solver::State& live) {
    settings.assumptions = AllTimes(times, settings.assumptions);
    settings.start_epoch_s = live.now.epoch_s;
    return settings;
  }
};

}  // namespace

Foresight Foretell(const solver::Cluster& before, const solver::Cluster& after, const solver::State& live,
                   WorldSettings settings, solver::Run& run) {
  Outset outset(before, after, live, std::move(settings), run);
  std::set<std::string> known, old_ids;
  std::vector<std::string> ids, in_order;
  for (const solver::ResourceDef& def : after.resources) AddPrimitives(def, ids, known);
  for (const solver::ResourceDef& def : before.resources) AddPrimitives(def, ids, known);
  for (const solver::ResourceDef& def : before.resources) AddPrimitives(def, in_order, old_ids);
  Foresight foresight = FollowToRest(outset.world, outset.times, ids, old_ids, run);
  foresight.busy_anyway = outset.busy;
  foresight.orphans = std::move(outset.orphans);
  return foresight;
}

std::vector<Foresight> ForetellFaults(const solver::Cluster& cluster, const solver::State& live,
                                      const std::vector<say::Fault>& faults, WorldSettings settings, solver::Run& run) {
  Outset outset(cluster, cluster, live, std::move(settings), run);
  std::set<std::string> known;
  std::vector<std::string> ids;
  for (const solver::ResourceDef& def : cluster.resources) AddPrimitives(def, ids, known);
  outset.world.Settle(run);
  std::vector<Foresight> foresights;
  for (const say::Fault& fault : faults)
    foresights.push_back(
        FollowToRest(outset.world, outset.times, ids, known, run, [&] { outset.world.Strike(fault); }));
  if (foresights.empty()) return foresights;
  foresights.front().busy_anyway = outset.busy;
  foresights.front().orphans = std::move(outset.orphans);
  return foresights;
}

}  // namespace picket::simulator
