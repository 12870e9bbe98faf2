// Requests to fence, played beside what the fencers of a live Pacemaker did with them.
//
// A scene (tests/agreement/fencer, recorded by record_fencer.py) is a configuration, what each device would do where,
// one request, and every call of an agent that the live cluster made. One of the ways that `execution/fencing` leaves
// open must have the same calls in the same order with the same target, the same result, and times that fit. Scenes of
// other folders are played as well: PICKET_FENCER_SCENES names them, separated by colons.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "execution/fencing/agent_facts.h"
#include "execution/fencing/parameters.h"
#include "execution/fencing/request.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"

namespace picket::execution {
namespace {

using nlohmann::json;
using How = FenceBehaviour::How;
using Result = FenceOutcome::Result;

// What the lab's machine adds: once for the question to all fencers, and for each call of an agent. Waits of whole
// seconds come up to a second late.
constexpr int64_t kLateMs = 1300;
constexpr int64_t kLatePerCallMs = 350;

struct Call {
  std::string device, node, action, plug;
  int64_t begin_ms = 0;
};
std::string TextOf(const Call& call) {
  return call.node + " " + call.device + " " + call.action + (call.plug.empty() ? "" : " plug=" + call.plug);
}

struct Way {
  std::vector<Call> calls;
  Result result = Result::kNoDevice;
  int64_t duration_ms = 0;
};

Result ResultOf(int64_t status) {
  return status == 0     ? Result::kDone
         : status == 105 ? Result::kNoDevice
         : status == 124 ? Result::kTimeout
                         : Result::kError;
}
const char* WordOf(Result result) {
  return result == Result::kDone       ? "done"
         : result == Result::kNoDevice ? "no device"
         : result == Result::kTimeout  ? "timed out"
                                       : "failed";
}

// What the device's agent gets as its target.
std::string PlugOf(const Fencing& fencing, const FenceAttempt& attempt, const std::string& target) {
  const FenceDevice& device = *fencing.Find(attempt.device);
  const solver::Table& parameters = fencing.On(device, attempt.node)->parameters;
  const std::string argument = HostArgument(parameters, KnownFacts(device.agent));
  const std::string* own = parameters.Find("plug");
  if (own && *own != "dynamic") return *own;
  return argument == "plug" ? PortOf(parameters, target) : "";
}

class Scene {
 public:
  Scene(json scene) : scene_(std::move(scene)) {
    solver::DocumentError error;
    std::string warning;
    REQUIRE(solver::ParseDocument(scene_.at("cib").get<std::string>(), document_, error));
    REQUIRE(solver::UpgradeDocument(document_, warning, error));
    cluster_ = solver::ReadCluster(document_);
    fencing_ = ReadFencing(cluster_, {});
    if (scene_.contains("before")) EditLevels(scene_.at("before").get<std::string>());
    for (FenceDevice& device : fencing_.devices) {
      if (scene_.contains("unfences") && Names(scene_, "unfences", device.id)) device.facts.unfences = true;
    }
    const json& asked = scene_.at("request");
    request_.target = asked.at("target");
    request_.action = asked.value("action", "reboot");
    request_.delay_ms = asked.value("delay_ms", 0);
    request_.timeout_ms = asked.value("timeout_ms", 0);
    request_.requester = asked.at("requester");
    request_.peers = asked.at("peers").get<std::vector<std::string>>();
    request_.silent = asked.value("silent", std::vector<std::string>());
  }

  // Empty if one of the ways is what was recorded; else what was recorded and what comes nearest. A way is left as soon
  // as a call is another one than was recorded.
  std::string Compare() {
    const Way recorded = Recorded();
    std::string nearest;
    size_t best = 0, ways = 0;
    for (std::optional<Choices> way = Choices(); way; way = way->Next(), ++ways) {
      size_t calls = 0;
      Way played;
      try {
        played = Play(*way, [&](const FenceUse& use) {
          const bool same = calls < recorded.calls.size() && recorded.calls[calls].device == use.device &&
                            recorded.calls[calls].node == use.node;
          if (!same) throw AnotherWay{Call{use.device, use.node, use.action, "", 0}};
          ++calls;
        });
      } catch (const AnotherWay& other) {
        if (calls + 1 > best) {
          best = calls + 1;
          nearest = "after " + std::to_string(calls) + " calls: " + TextOf(other.instead);
        }
        continue;
      }
      const std::string difference = Difference(recorded, played);
      if (difference.empty()) return {};
      const auto differs =
          std::mismatch(recorded.calls.begin(), recorded.calls.end(), played.calls.begin(), played.calls.end(),
                        [](const Call& a, const Call& b) { return TextOf(a) == TextOf(b); });
      const size_t alike = static_cast<size_t>(differs.first - recorded.calls.begin()) + 1;
      if (alike > best) nearest = difference, best = alike;
    }
    return "in " + std::to_string(ways) + " ways, " + nearest;
  }

 private:
  struct AnotherWay {
    Call instead;
  };

  // The fencers have run since the configuration was another one.
  void EditLevels(const std::string& cib) {
    pugi::xml_document document;
    solver::DocumentError error;
    std::string warning;
    REQUIRE(solver::ParseDocument(cib, document, error));
    REQUIRE(solver::UpgradeDocument(document, warning, error));
    const solver::Cluster before = solver::ReadCluster(document);
    fencing_.topology = EditedTopology(ReadTopology(before), before, cluster_);
  }

  Way Recorded() const {
    const json& recorded = scene_.at("recorded");
    Way way;
    way.result = ResultOf(recorded.at("status"));
    way.duration_ms = recorded.value("duration_ms", -1);
    for (const json& call : recorded.at("calls")) {
      way.calls.push_back({call.at("device"), call.at("node"), call.at("action"), call.value("plug", ""),
                           call.at("begin_ms").get<int64_t>()});
    }
    return way;
  }

  // Where devices are started: as the scene says, or in every way if the scene does not say.
  std::set<std::string> Started(Choices& choices) const {
    std::set<std::string> started;
    if (scene_.contains("started")) {
      for (const auto& [device, node] : scene_.at("started").items())
        started.insert(device + "@" + node.get<std::string>());
      return started;
    }
    for (const FenceDevice& device : fencing_.devices) {
      std::vector<std::string> nodes;
      for (const std::string& node : request_.peers) {
        if (fencing_.IsRegistered(device, node)) nodes.push_back(node);
      }
      if (nodes.empty()) continue;
      started.insert(device.id + "@" + nodes[choices.Choose(nodes.size(), "where " + device.id + " is started")]);
    }
    return started;
  }

  static bool Names(const json& agent, const char* list, const std::string& word) {
    if (!agent.contains(list)) return false;
    const auto words = agent.at(list).get<std::vector<std::string>>();
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  // What the scene says of the device's agent.
  json AgentOf(const std::string& device) const {
    return scene_.value("agents", json::object()).value(device, json::object());
  }

  FenceBehaviour BehaviourOf(const FenceUse& use) const {
    const json agent = AgentOf(use.device);
    const bool here = !agent.contains("fails_on") || Names(agent, "fails_on", use.node);
    if (Names(agent, "dies_on", use.node)) return {How::kSilent, 0};
    const FenceDevice& device = *fencing_.Find(use.device);
    const std::string told = ActionName(fencing_.On(device, use.node)->parameters, use.action);
    return {Names(agent, "fails", told) && here ? How::kRefuses : How::kWorks, agent.value("takes_ms", 0)};
  }

  // As the device's agent does: a list that fails, and every status but 0 and 2, is no.
  FenceAnswer AnswerOf(const std::string& name, const std::string& node, HostCheck how) const {
    const json agent = AgentOf(name);
    if (how == HostCheck::kStatus) {
      const int64_t status = agent.value("status", 0);
      return {status == 0 || status == 2, status == 0};
    }
    if (Names(agent, "fails", "list")) return {false, false};
    const FenceDevice& device = *fencing_.Find(name);
    const std::string port = PortOf(fencing_.On(device, node)->parameters, request_.target);
    return {!agent.contains("list") || Names(agent, "list", port), true};
  }

  Way Play(Choices& choices, const std::function<void(const FenceUse&)>& on_use) {
    const std::set<std::string> started = Started(choices);
    FenceWorld world;
    world.is_started = [&](const std::string& device, const std::string& node) {
      return started.count(device + "@" + node) > 0;
    };
    world.behaviour = [&](const FenceUse& use) {
      on_use(use);
      return BehaviourOf(use);
    };
    world.answer = [&](const std::string& device, const std::string& node, HostCheck how) {
      return AnswerOf(device, node, how);
    };
    FenceRequest request = request_;
    for (int64_t earlier = scene_.value("earlier", 0); earlier > 0; --earlier) {
      Choices first;
      request.asks_status.merge(Fence(fencing_, request, world, Engine::kPacemaker, first).asks_status);
    }
    const FenceOutcome outcome = Fence(fencing_, request, world, Engine::kPacemaker, choices);
    Way way{{}, outcome.result, outcome.duration_ms};
    for (const FenceAttempt& attempt : outcome.attempts) {
      way.calls.push_back({attempt.device, attempt.node, attempt.agent_action,
                           PlugOf(fencing_, attempt, request_.target), attempt.begin_ms});
    }
    return way;
  }

  // The world tries the shortest and the longest random delay; a recording may lie between.
  int64_t RandomMs() const {
    int64_t most_ms = 0;
    for (const FenceDevice& device : fencing_.devices) {
      for (const DeviceOnNode& there : device.on) {
        const int64_t base_ms = DelayBaseMs(there.parameters, request_.target, DelayMap::kColon);
        most_ms = std::max(most_ms, DelayMaxMs(there.parameters, request_.target, DelayMap::kColon) - base_ms);
      }
    }
    return most_ms;
  }
  bool Fits(int64_t recorded_ms, int64_t played_ms, size_t calls) const {
    const int64_t late_ms = recorded_ms - played_ms;
    return late_ms >= -150 && late_ms <= kLateMs + RandomMs() + kLatePerCallMs * static_cast<int64_t>(calls);
  }

  std::string Difference(const Way& recorded, const Way& played) const {
    std::stringstream text;
    bool same = recorded.result == played.result && recorded.calls.size() == played.calls.size();
    for (size_t i = 0; i < std::max(recorded.calls.size(), played.calls.size()); ++i) {
      const bool both = i < recorded.calls.size() && i < played.calls.size();
      const bool alike = both && TextOf(recorded.calls[i]) == TextOf(played.calls[i]) &&
                         Fits(recorded.calls[i].begin_ms, played.calls[i].begin_ms, i);
      same = same && alike;
      text << (alike ? "\n    " : "\n  ! ");
      if (i < recorded.calls.size()) text << recorded.calls[i].begin_ms << " " << TextOf(recorded.calls[i]);
      text << "  |  ";
      if (i < played.calls.size()) text << played.calls[i].begin_ms << " " << TextOf(played.calls[i]);
    }
    const bool timely = recorded.duration_ms < 0 || Fits(recorded.duration_ms, played.duration_ms, played.calls.size());
    if (same && timely) return {};
    text << "\n    recorded: " << WordOf(recorded.result) << " after " << recorded.duration_ms
         << " ms, played: " << WordOf(played.result) << " after " << played.duration_ms << " ms";
    return text.str();
  }

  json scene_;
  pugi::xml_document document_;
  solver::Cluster cluster_;
  Fencing fencing_;
  FenceRequest request_;
};

std::vector<std::string> SceneFiles() {
  std::vector<std::string> folders = {"tests/agreement/fencer"};
  const char* more = std::getenv("PICKET_FENCER_SCENES");
  std::stringstream list(more ? more : "");
  for (std::string folder; std::getline(list, folder, ':');) folders.push_back(folder);
  std::vector<std::string> files;
  for (const std::string& folder : folders) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() == ".json") files.push_back(entry.path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST_CASE("fencing goes as a live Pacemaker's fencers went") {
  const std::vector<std::string> files = SceneFiles();
  REQUIRE(files.size() > 0);
  for (const std::string& file : files) {
    CAPTURE(file);
    std::ifstream stream(file);
    const std::string difference = Scene(json::parse(stream)).Compare();
    CHECK_MESSAGE(difference.empty(), difference);
  }
}

}  // namespace
}  // namespace picket::execution
