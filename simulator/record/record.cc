#include "simulator/record/record.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>
#include <vector>

#include "simulator/world/world.h"

namespace picket::simulator {
namespace {

using Json = nlohmann::ordered_json;

std::string OperationText(const StoryEvent& event, const std::string& rc) {
  return event.node + " " + event.instance + " " + event.operation + "_" + std::to_string(event.interval_ms) +
         " rc=" + rc;
}

std::string ResultOf(const StoryEvent& event) {
  if (event.kind == EventKind::kActionLost) return "lost";
  return event.timed_out ? "timeout" : std::to_string(event.rc);
}

bool Ends(const StoryEvent& event) {
  return event.kind == EventKind::kActionDone || event.kind == EventKind::kActionFails ||
         event.kind == EventKind::kActionLost;
}

bool IsKept(const World& world, const StoryEvent& event) {
  return event.operation != "notify" && !world.catalog().IsFenceDevice(event.resource);
}

// Operations in the order of their beginning, each with its result; of recurring ones those that failed.
Json OperationsOf(const World& world, size_t from) {
  using Key = std::tuple<std::string, std::string, std::string, uint32_t>;
  std::vector<std::string> lines;
  std::map<Key, size_t> open;
  for (size_t i = from; i < world.story().size(); ++i) {
    const StoryEvent& event = world.story()[i];
    if (!IsKept(world, event)) continue;
    const Key key{event.node, event.instance, event.operation, event.interval_ms};
    if (event.kind == EventKind::kActionBegins && event.interval_ms == 0) {
      open[key] = lines.size();
      lines.push_back(OperationText(event, "?"));
    } else if (Ends(event) && open.count(key)) {
      lines[open[key]] = OperationText(event, ResultOf(event));
      open.erase(key);
    } else if (event.kind == EventKind::kFailureNoticed ||
               (event.kind == EventKind::kActionFails && event.interval_ms > 0)) {
      lines.push_back(OperationText(event, ResultOf(event)));
    }
  }
  return lines;
}

Json FencingOf(const World& world, size_t from) {
  Json lines = Json::array();
  for (size_t i = from; i < world.story().size(); ++i) {
    const StoryEvent& event = world.story()[i];
    if (event.kind != EventKind::kFenceCall) continue;
    lines.push_back(event.node + " " + event.text + " " + event.device +
                    (event.rc == 0     ? " ok"
                     : event.timed_out ? " hangs"
                                       : " failed"));
  }
  return lines;
}

Json EntriesOf(const solver::NodeState& state) {
  std::map<std::string, std::vector<std::string>> entries;
  for (const solver::ResourceHistory& history : state.history) {
    for (const solver::HistoryEntry& entry : history.entries) {
      entries[history.id].push_back(entry.id + " " + entry.operation + "_" + std::to_string(entry.interval_ms) +
                                    " rc=" + std::to_string(entry.rc.value_or(-1)) +
                                    " status=" + std::to_string(entry.status.value_or(0)));
    }
  }
  Json told = Json::object();
  for (auto& [id, lines] : entries) {
    std::sort(lines.begin(), lines.end());
    told[id] = lines;
  }
  return told;
}

// Those that say when and by which version something was done are left out.
bool TellsNothing(std::string_view name) {
  return name.starts_with("#feature-set") || name.starts_with("last-failure-") || name.starts_with("probe_complete") ||
         name.starts_with("shutdown");
}

Json AttributesOf(const solver::NodeState& state) {
  std::map<std::string, std::string> attributes;
  for (const solver::NvBlock& block : state.transient) {
    for (const solver::NvPair& pair : block.pairs) {
      if (!TellsNothing(pair.name)) attributes[pair.name] = pair.value;
    }
  }
  return attributes.empty() ? Json::object() : Json(attributes);
}

Json NodesOf(const World& world) {
  Json nodes = Json::object();
  for (const auto& state : world.state().nodes) {
    const std::string name = state->uname.value_or(state->id);
    const auto found = world.nodes().find(name);
    nodes[name] = {{"online", found != world.nodes().end() && found->second.member},
                   {"entries", EntriesOf(*state)},
                   {"attributes", AttributesOf(*state)}};
  }
  return nodes;
}

}  // namespace

struct Record::Kept {
  Json tests = Json::array();
  Json steps = Json::array();
  size_t since = 0;  // the story before is in an earlier step
};

Record::Record() : kept_(std::make_unique<Kept>()) {}
Record::~Record() = default;

void Record::Watch(Player& player) {
  player.on_rest = [kept = kept_.get()](const World& world, const std::string& step) {
    Json told = {{"step", step}};
    if (step == "start") kept->since = 0;
    told["operations"] = OperationsOf(world, kept->since);
    told["fencing"] = FencingOf(world, kept->since);
    told["nodes"] = NodesOf(world);
    kept->since = world.story().size();
    kept->steps.push_back(std::move(told));
  };
}

void Record::Close(const Verdict& verdict) {
  kept_->tests.push_back(
      {{"name", verdict.name},
       {"steps", std::move(kept_->steps)},
       {"verdict",
        verdict.objection ? "failed: " + verdict.objection->what + ": " + verdict.objection->instead : "passed"}});
  kept_->steps = Json::array();
}

std::string Record::Text() const {
  return Json{{"engine", "world"}, {"tests", kept_->tests}}.dump(1) + "\n";
}

}  // namespace picket::simulator
