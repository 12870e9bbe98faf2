#include "web/engine/history.h"

#include <algorithm>

#include "compiler/format/spelling.h"
#include "execution/choices.h"
#include "simulator/scenario/play_steps.h"
#include "web/engine/words.h"

namespace picket::web {
namespace {

using simulator::EventKind;
using simulator::StoryEvent;

const char* KindName(EventKind kind) {
  switch (kind) {
    case EventKind::kClusterStarts:
      return "starts";
    case EventKind::kFault:
      return "fault";
    case EventKind::kNodeDies:
      return "dies";
    case EventKind::kNodeLost:
      return "lost";
    case EventKind::kNodeLeaves:
      return "leaves";
    case EventKind::kNodeJoins:
      return "joins";
    case EventKind::kQuorumChanges:
      return "quorum";
    case EventKind::kActionBegins:
      return "begins";
    case EventKind::kActionDone:
      return "done";
    case EventKind::kActionFails:
      return "fails";
    case EventKind::kActionLost:
      return "action_lost";
    case EventKind::kFenceBegins:
      return "fencing";
    case EventKind::kFenceCall:
      return "fence_call";
    case EventKind::kFenced:
      return "fenced";
    case EventKind::kFenceFails:
      return "fence_fails";
    case EventKind::kServiceFails:
      return "service_fails";
    case EventKind::kFailureNoticed:
      return "noticed";
    case EventKind::kNote:
      return "note";
  }
  return "note";
}

// What says nothing is left out: a page draws thousands of these.
Json EventOf(const StoryEvent& event) {
  Json json = {{"t", event.time_ms}, {"kind", KindName(event.kind)}};
  const auto add = [&](const char* key, const std::string& text) {
    if (!text.empty()) json[key] = text;
  };
  add("resource", event.resource);
  add("instance", event.instance);
  add("operation", event.operation);
  add("node", event.node);
  add("device", event.device);
  add("text", event.text);
  if (event.interval_ms != 0) json["interval_ms"] = event.interval_ms;
  if (event.rc != 0) json["rc"] = event.rc;
  if (event.timed_out) json["timed_out"] = true;
  return json;
}

// Monitors that say nothing new, and notifications: a reader of a story does not miss them.
bool IsQuiet(const StoryEvent& event) {
  const bool done = event.kind == EventKind::kActionBegins || event.kind == EventKind::kActionDone;
  return done && (event.operation == "monitor" || event.operation == "notify");
}

const char* WordOfRole(solver::Role role) {
  switch (role) {
    case solver::Role::kPromoted:
      return "promoted";
    case solver::Role::kUnpromoted:
      return "unpromoted";
    case solver::Role::kStarted:
      return "started";
    default:
      return "stopped";
  }
}

Json NodesOf(const simulator::World& world) {
  Json nodes = Json::array();
  for (const auto& [name, node] : world.nodes()) {
    Json resources = Json::array();
    for (const auto& [instance, resource] : node.resources) {
      Json one = {{"instance", instance}, {"resource", resource.primitive}, {"role", WordOfRole(resource.role)}};
      if (resource.failing_rc != 0 || resource.times_out) one["failing"] = true;
      resources.push_back(std::move(one));
    }
    nodes.push_back({{"id", name},
                     {"power", node.powered},
                     {"cluster", node.in_cluster},
                     {"member", node.member},
                     {"standby", node.standby},
                     {"cut_links", node.cut_links},
                     {"side", node.side},
                     {"resources", std::move(resources)}});
  }
  return nodes;
}

// When each service was down, read from the moments that the story has of it.
Json OutagesOf(const Subject& subject, const simulator::Story& story, size_t begins) {
  Json list = Json::array();
  for (const solver::ResourceDef& def : subject.cluster.resources) {
    if (def.cls == "stonith") continue;
    Json outages = Json::array();
    int64_t since_ms = -1;
    for (size_t i = begins; i < story.size(); ++i) {
      const StoryEvent& event = story[i];
      if (event.kind != EventKind::kNote || event.resource != def.id || !event.node.empty()) continue;
      const bool down = event.text == def.id + " is down" || event.text == def.id + " is promoted nowhere";
      const bool up = event.text.starts_with(def.id + " serves ") || event.text.starts_with(def.id + " is promoted ");
      if (down) {
        since_ms = event.time_ms;
      } else if (up && since_ms >= 0) {
        outages.push_back({{"from_ms", since_ms}, {"to_ms", event.time_ms}});
        since_ms = -1;
      }
    }
    if (since_ms >= 0) outages.push_back({{"from_ms", since_ms}, {"to_ms", nullptr}});
    list.push_back({{"id", def.id}, {"outages", std::move(outages)}});
  }
  return list;
}

Json RestOf(const History::Rest& rest) {
  const simulator::World& world = rest.world;
  return {{"step", rest.step}, {"time_ms", world.now_ms()}, {"quorate", world.quorate()}, {"nodes", NodesOf(world)}};
}

}  // namespace

namespace {

// Worlds of large clusters take megabytes.
constexpr size_t kKeptMax = 8;

std::shared_ptr<const History> Play(Subject& subject, const std::vector<std::string>& steps) {
  if (!subject.unrest.empty()) throw Refusal("the cluster does not come to rest when it starts: " + subject.unrest);
  const compiler::CompileResult compiled = CompileWithSteps(subject, steps, {});
  const auto played = std::make_shared<History>();
  History& history = *played;
  history.steps = steps;
  solver::Run run;
  execution::Choices first_way;
  const simulator::RestListener listener = [&](const simulator::World& world, const std::string& step) {
    history.rests.push_back({step, world});
    // The copies hear nothing: what they would tell is gone by then.
    history.rests.back().world.on_event = nullptr;
    history.rests.back().world.choices = nullptr;
  };
  history.verdict = PlaySteps(subject.rested(), compiled.compiled->scenario.tests.back(), run, first_way, listener);
  return played;
}

}  // namespace

std::shared_ptr<const History> PlayHistory(Subject& subject, const std::vector<std::string>& steps) {
  auto& kept = subject.played;
  const auto known = std::find_if(kept.begin(), kept.end(), [&](const auto& one) { return one->steps == steps; });
  std::shared_ptr<const History> history = known == kept.end() ? Play(subject, steps) : *known;
  if (known != kept.end()) kept.erase(known);
  kept.insert(kept.begin(), history);
  if (kept.size() > kKeptMax) kept.pop_back();
  return history;
}

Json TellHistory(const Subject& subject, const History& history) {
  const simulator::Verdict& verdict = history.verdict;
  const simulator::Story& story = verdict.objection ? verdict.objection->story : verdict.story;
  const size_t begins = history.steps.empty() ? 0
                        : verdict.objection   ? verdict.objection->story_begins
                                              : verdict.story_begins;
  Json events = Json::array();
  size_t shown_begins = 0;
  for (size_t i = 0; i < story.size(); ++i) {
    if (i == begins) shown_begins = events.size();
    if (!IsQuiet(story[i])) events.push_back(EventOf(story[i]));
  }
  Json rests = Json::array();
  for (const History::Rest& rest : history.rests) rests.push_back(RestOf(rest));
  Json answer = {{"story", std::move(events)},
                 {"begins", shown_begins},
                 {"end_ms", history.rests.empty() ? 0 : history.rests.back().world.now_ms()},
                 {"rests", std::move(rests)},
                 {"services", OutagesOf(subject, story, begins)},
                 {"assumed", verdict.assumed}};
  if (verdict.objection) answer["objection"] = verdict.objection->instead;
  return answer;
}

namespace {

bool Serves(const Json& outages) {
  return outages.empty() || !outages.back().at("to_ms").is_null();
}

// `expect running web on n2`, for each service where it is at the end; how long each was down.
std::vector<std::string> ClaimsOf(const Subject& subject, const History& history) {
  std::vector<std::string> claims;
  const simulator::World& world = history.rests.back().world;
  const Json services = OutagesOf(subject, history.verdict.story, history.verdict.story_begins);
  for (const solver::ResourceDef& def : subject.cluster.resources) {
    const simulator::CatalogEntry* entry = world.catalog().Find(def.id);
    if (def.cls == "stonith" || !entry) continue;
    bool anywhere = false;
    for (const auto& [name, node] : world.nodes()) {
      const auto here = std::find_if(node.resources.begin(), node.resources.end(), [&](const auto& instance) {
        const auto& primitives = entry->primitives;
        return std::find(primitives.begin(), primitives.end(), instance.second.primitive) != primitives.end() &&
               (!entry->promotable || instance.second.role == solver::Role::kPromoted);
      });
      if (here == node.resources.end()) continue;
      anywhere = true;
      claims.push_back("expect " + std::string(entry->promotable ? "promoted " : "running ") + WordOf(def.id) + " on " +
                       WordOf(name));
    }
    if (!anywhere) claims.push_back("expect stopped " + WordOf(def.id));
    for (const Json& service : services) {
      if (service.at("id") != def.id || !Serves(service.at("outages"))) continue;
      int64_t down_ms = 0;
      for (const Json& outage : service.at("outages"))
        down_ms += outage.at("to_ms").get<int64_t>() - outage.at("from_ms").get<int64_t>();
      if (!entry->promotable) {
        claims.push_back("expect downtime(" + WordOf(def.id) + ") <= " + std::to_string(down_ms) + "ms");
      }
    }
  }
  for (const auto& [name, node] : world.nodes()) {
    claims.push_back(std::string("expect ") + (node.member || node.remote ? "" : "not ") + "online " + WordOf(name));
  }
  return claims;
}

// Whether they hold; of those that do not, the number of the first.
std::optional<size_t> FirstThatFails(Subject& subject, const std::vector<std::string>& steps,
                                     const std::vector<std::string>& claims, simulator::Verdict& verdict) {
  const compiler::CompileResult compiled = CompileWithSteps(subject, steps, claims);
  const auto& test = compiled.compiled->scenario.tests.back();
  verdict = subject.player->Play(test);
  if (!verdict.objection) return std::nullopt;
  const size_t first = test.steps.size() - claims.size();
  for (size_t i = first; i < test.steps.size(); ++i) {
    const compiler::Span& step = test.steps[i].span;
    if (verdict.objection->claim.begin >= step.begin && verdict.objection->claim.end <= step.end) return i - first;
  }
  throw Refusal("the steps cannot be a test: " + verdict.objection->instead);
}

}  // namespace

Json ExportTest(Subject& subject, const std::vector<std::string>& steps, const std::string& name) {
  const std::shared_ptr<const History> played = PlayHistory(subject, steps);
  const History& history = *played;
  if (history.verdict.objection) throw Refusal("the steps cannot be a test: " + history.verdict.objection->instead);
  std::vector<std::string> claims = ClaimsOf(subject, history);
  simulator::Verdict verdict;
  while (const auto failing = FirstThatFails(subject, steps, claims, verdict)) {
    claims.erase(claims.begin() + static_cast<ptrdiff_t>(*failing));
  }
  if (claims.empty()) claims.push_back("expect count(online) >= 0");
  std::string text = "test " + compiler::format::Quoted(name) + " {\n";
  for (const std::string& step : steps) text += "  " + step + "\n";
  for (const std::string& claim : claims) text += "  " + claim + "\n";
  return {{"test", text + "}\n"}, {"cluster_time_ms", verdict.cluster_time_ms}, {"ways", verdict.histories}};
}

}  // namespace picket::web
