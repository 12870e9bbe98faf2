#include "simulator/sweep/replacement.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "simulator/world/places.h"
#include "solver/model/text.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;

// Primitives that are no fence devices, in document order.
void AddPrimitives(const solver::ResourceDef& def, std::vector<std::string>& ids) {
  if (def.variant == solver::Variant::kPrimitive && !solver::EqualFolded(def.cls, "stonith")) {
    if (std::find(ids.begin(), ids.end(), def.id) == ids.end()) ids.push_back(def.id);
  }
  for (const solver::ResourceDef& child : def.children) AddPrimitives(child, ids);
}

// The members of the new configuration: what is known of the old ones, and that the others are down.
std::vector<std::string> CarryNodesOver(const World& before, const World& after, solver::State& state) {
  const auto gone = [&](const std::shared_ptr<const solver::NodeState>& node) {
    const auto old = before.nodes().find(node->uname.value_or(""));
    return old != before.nodes().end() && !old->second.remote && !after.Exists(old->first);
  };
  state.nodes.erase(std::remove_if(state.nodes.begin(), state.nodes.end(), gone), state.nodes.end());
  std::vector<std::string> fresh;
  for (const auto& [name, node] : after.nodes()) {
    if (node.remote || before.Exists(name)) continue;
    fresh.push_back(name);
    auto down = std::make_shared<solver::NodeState>();
    down->id = node.id;
    down->uname = name;
    down->attributes = {{"id", node.id},     {"uname", name},  {"in_ccm", "false"},
                        {"crmd", "offline"}, {"join", "down"}, {"expected", "down"}};
    state.nodes.push_back(std::move(down));
  }
  return fresh;
}

// What was done to which primitive on which node.
struct Deeds {
  std::map<std::string, std::set<std::string>> started, reloaded, migrated;
  std::vector<std::string> fenced;

  void See(const StoryEvent& event) {
    if (event.kind == EventKind::kFenced) fenced.push_back(event.node);
    if (event.kind != EventKind::kActionDone) return;
    if (event.operation == "start") started[event.resource].insert(event.node);
    if (event.operation == "migrate_from") migrated[event.resource].insert(event.node);
    if (event.operation.starts_with("reload")) reloaded[event.resource].insert(event.node);
  }
};

class Telling {
 public:
  explicit Telling(const Deeds& deeds) : deeds_(deeds) {}

  void Primitive(const std::string& id, const Places& before, const Places& after) {
    std::vector<std::string> lost, gained;
    std::map<Effect::Kind, std::vector<std::string>> here;
    for (const auto& [node, role] : before) {
      if (after.count(node) == 0) lost.push_back(node);
    }
    for (const auto& [node, role] : after) {
      const auto old = before.find(node);
      if (old == before.end()) {
        gained.push_back(node);
        continue;
      }
      if (Did(deeds_.started, id, node)) {
        here[Effect::Kind::kRestarts].push_back(node);
      } else if (Did(deeds_.reloaded, id, node)) {
        here[Effect::Kind::kReloads].push_back(node);
      }
      if (old->second < role && role == solver::Role::kPromoted) here[Effect::Kind::kPromotes].push_back(node);
      if (old->second > role && old->second == solver::Role::kPromoted) here[Effect::Kind::kDemotes].push_back(node);
    }
    for (auto& [kind, nodes] : here) effects.push_back({kind, id, std::move(nodes), {}});
    if (before.size() == 1 && after.size() == 1 && !lost.empty()) {
      const bool live = Did(deeds_.migrated, id, gained.front());
      effects.push_back({live ? Effect::Kind::kMigrates : Effect::Kind::kMoves, id, gained, lost});
      return;
    }
    if (!lost.empty()) effects.push_back({Effect::Kind::kStops, id, lost, {}});
    if (!gained.empty()) effects.push_back({Effect::Kind::kStarts, id, gained, {}});
  }

  std::vector<Effect> effects;

 private:
  static bool Did(const std::map<std::string, std::set<std::string>>& deeds, const std::string& id,
                  const std::string& node) {
    const auto found = deeds.find(id);
    return found != deeds.end() && found->second.count(node) > 0;
  }

  const Deeds& deeds_;
};

std::string Join(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

}  // namespace

Replacement Replace(const World& before, const World& after, solver::Run& run) {
  solver::State state = before.state();
  const std::vector<std::string> fresh = CarryNodesOver(before, after, state);
  WorldSettings settings = after.settings();
  settings.plans = nullptr;
  World world(std::make_shared<Catalog>(after.catalog().cluster()), std::move(state), std::move(settings));
  Deeds deeds;
  world.Resume(run);
  world.on_event = [&deeds](const World&, const StoryEvent& event) { deeds.See(event); };
  Replacement replacement;
  replacement.rests = world.Settle(run) == Rest::kSettled;
  if (!fresh.empty() && replacement.rests) {
    say::Online online;
    for (const std::string& name : fresh) online.nodes.push_back({name, {}});
    world.Strike(online);
    replacement.rests = world.Settle(run) == Rest::kSettled;
  }
  std::vector<std::string> ids;
  for (const solver::ResourceDef& def : after.catalog().cluster().resources) AddPrimitives(def, ids);
  for (const solver::ResourceDef& def : before.catalog().cluster().resources) AddPrimitives(def, ids);
  std::map<std::string, Places> old_places = PlacesOf(before);
  std::map<std::string, Places> new_places = PlacesOf(world);
  Telling telling(deeds);
  for (const std::string& id : ids) telling.Primitive(id, old_places[id], new_places[id]);
  for (const std::string& node : deeds.fenced) telling.effects.push_back({Effect::Kind::kFences, node, {}, {}});
  replacement.effects = std::move(telling.effects);
  std::stable_sort(replacement.effects.begin(), replacement.effects.end(),
                   [](const Effect& a, const Effect& b) { return a.kind < b.kind; });
  return replacement;
}

std::string KindText(Effect::Kind kind) {
  switch (kind) {
    case Effect::Kind::kRestarts:
      return "restarts";
    case Effect::Kind::kMoves:
      return "moves";
    case Effect::Kind::kMigrates:
      return "migrates";
    case Effect::Kind::kStops:
      return "stops";
    case Effect::Kind::kStarts:
      return "starts";
    case Effect::Kind::kPromotes:
      return "promotes";
    case Effect::Kind::kDemotes:
      return "demotes";
    case Effect::Kind::kReloads:
      return "reloads";
    case Effect::Kind::kFences:
      return "fences";
  }
  return "";
}

std::string EffectsText(const Replacement& replacement) {
  std::string text;
  const Effect* last = nullptr;
  for (const Effect& effect : replacement.effects) {
    const bool same = last && last->kind == effect.kind;
    text += same ? ", " : (text.empty() ? "" : "; ") + KindText(effect.kind) + " ";
    text += effect.subject;
    if (!effect.from.empty()) text += " from " + Join(effect.from, ", ") + " to " + Join(effect.nodes, ", ");
    // A restart is told by itself; elsewhere it matters where.
    if (effect.from.empty() && effect.kind != Effect::Kind::kRestarts && effect.kind != Effect::Kind::kFences)
      text += " on " + Join(effect.nodes, " and ");
    last = &effect;
  }
  return text;
}

}  // namespace picket::simulator
