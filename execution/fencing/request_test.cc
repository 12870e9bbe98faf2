#include "execution/fencing/request.h"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "execution/fencing/testing/configuration.h"

namespace picket::execution {
namespace {

using testing::Ban;
using testing::Configuration;
using testing::Device;
using testing::Joined;
using testing::Level;
using How = FenceBehaviour::How;
using Result = FenceOutcome::Result;

// A scene: a configuration, where devices are started, and what differs from a device that works in 100 ms.
struct Scene {
  Configuration configuration;
  std::set<std::string> started;                    // `device@node`
  std::map<std::string, FenceBehaviour> behaviour;  // `device@node:action`, `device:action` or `device`
  FenceRequest request;
  Engine engine = Engine::kPacemaker;

  Scene() {
    request.target = "n3";
    request.requester = "n1";
    request.peers = {"n1", "n2"};
  }

  FenceWorld World() const {
    FenceWorld world;
    world.is_started = [this](const std::string& device, const std::string& node) {
      return started.count(device + "@" + node) > 0;
    };
    world.behaviour = [this](const FenceUse& use) {
      const std::string action = ":" + use.action;
      for (const std::string& key : {use.device + "@" + use.node + action, use.device + action, use.device}) {
        const auto found = behaviour.find(key);
        if (found != behaviour.end()) return found->second;
      }
      return FenceBehaviour{How::kWorks, 100};
    };
    return world;
  }

  FenceOutcome Play(Choices& choices) const {
    return Fence(ReadFencing(configuration.Read(), {}), request, World(), engine, choices);
  }
  FenceOutcome Play() const {
    Choices choices;
    return Play(choices);
  }
  std::set<std::string> AllWays(std::string (*tell)(const FenceOutcome&)) const {
    const Fencing fencing = ReadFencing(configuration.Read(), {});
    std::set<std::string> ways;
    for (std::optional<Choices> way = Choices(); way; way = way->Next()) {
      ways.insert(tell(Fence(fencing, request, World(), engine, *way)));
    }
    return ways;
  }
};

std::string Runs(const FenceOutcome& outcome) {
  std::vector<std::string> runs;
  for (const FenceAttempt& attempt : outcome.attempts) {
    runs.push_back(attempt.device + "@" + attempt.node + ":" + attempt.action);
  }
  return Joined(runs);
}

std::string Devices(const FenceOutcome& outcome) {
  return Joined(outcome.devices);
}

constexpr FenceBehaviour kRefuses{How::kRefuses, 100};

std::string Plain(const std::string& id) {
  return Device(id, {{"pcmk_host_list", "n1 n2 n3"}});
}
std::string Once(const std::string& id) {
  return Device(id, {{"pcmk_host_list", "n3"}, {"pcmk_reboot_retries", "1"}, {"pcmk_off_retries", "1"}});
}

TEST_CASE("without levels the node where a device is started does it") {
  Scene scene;
  scene.configuration.resources = Plain("a");
  scene.started = {"a@n2"};
  const FenceOutcome outcome = scene.Play();
  CHECK(outcome.success());
  CHECK(outcome.executor == "n2");
  CHECK(Devices(outcome) == "a");
  CHECK(outcome.duration_ms == 100);
  CHECK(outcome.off_ms == 100);
  CHECK(outcome.on_ms == 100);
  CHECK(scene.AllWays(Runs) == std::set<std::string>{"a@n2:reboot"});
}

TEST_CASE("where nothing is started, the node that has more devices does it, else any") {
  Scene scene;
  scene.request.target = "n3";
  scene.configuration.resources = Plain("a") + Plain("b");
  scene.configuration.constraints = Ban("a", "n1");
  CHECK(scene.AllWays(Runs) == std::set<std::string>{"a@n2:reboot", "b@n2:reboot"});
  scene.configuration.constraints = "";
  CHECK(scene.AllWays(Runs) == std::set<std::string>{"a@n1:reboot", "a@n2:reboot", "b@n1:reboot", "b@n2:reboot"});
}

TEST_CASE("without levels devices have no order, and priority does not give them one") {
  Scene scene;
  scene.configuration.resources = Plain("a") + Device("b", {{"pcmk_host_list", "n3"}}, {{"priority", "10"}});
  CHECK(scene.AllWays(Devices) == std::set<std::string>{"a", "b"});
  scene.engine = Engine::kPicketd;
  CHECK(scene.AllWays(Devices) == std::set<std::string>{"b"});
}

TEST_CASE("without levels all devices are tried from each node once") {
  Scene scene;
  scene.request.peers = {"n1", "n2"};
  scene.configuration.resources = Once("a") + Once("b");
  scene.behaviour = {{"a", kRefuses}, {"b", kRefuses}};
  const FenceOutcome outcome = scene.Play();
  CHECK(outcome.result == Result::kError);
  CHECK(Runs(outcome) == "a@n1:reboot b@n1:reboot a@n2:reboot b@n2:reboot");
  CHECK_FALSE(outcome.off_ms);
}

TEST_CASE("an agent that is killed within four seconds is begun on another node before its level ends") {
  Scene scene;
  scene.configuration.resources = Device("a", {{"pcmk_host_list", "n3"}, {"pcmk_reboot_timeout", "4s"}}) + Plain("b");
  scene.configuration.topology = Level("n3", 1, "a") + Level("n3", 2, "b");
  scene.started = {"a@n2", "b@n2"};
  scene.behaviour = {{"a", {How::kHangs, 0}}};
  FenceOutcome outcome = scene.Play();
  CHECK(Runs(outcome) == "a@n2:reboot a@n1:reboot b@n2:reboot");
  CHECK(outcome.attempts[1].begin_ms == 4000);
  CHECK(outcome.duration_ms == 4100);
  scene.configuration.resources = Device("a", {{"pcmk_host_list", "n3"}, {"pcmk_reboot_timeout", "5s"}}) + Plain("b");
  CHECK(Runs(scene.Play()) == "a@n2:reboot b@n2:reboot");
}

TEST_CASE("a device that is asked for the state of a target is asked twice where the target is off") {
  Scene scene;
  scene.configuration.resources = Device("a", {}, {}, "fence_ipmilan");
  scene.started = {"a@n2"};
  const Fencing fencing = ReadFencing(scene.configuration.Read(), {});
  FenceWorld world = scene.World();
  Choices choices;
  CHECK(Fence(fencing, scene.request, world, Engine::kPacemaker, choices).duration_ms == 100);
  world.answer = [](const std::string&, const std::string&, HostCheck how) {
    CHECK(how == HostCheck::kStatus);
    return FenceAnswer{true, false};
  };
  // Once for the question who reaches the target, and once by the node that was chosen.
  CHECK(Fence(fencing, scene.request, world, Engine::kPacemaker, choices).duration_ms == 2100);
  world.answer = [](const std::string&, const std::string&, HostCheck) { return FenceAnswer{false, false}; };
  const FenceOutcome outcome = Fence(fencing, scene.request, world, Engine::kPacemaker, choices);
  CHECK(outcome.result == Result::kNoDevice);
  CHECK(outcome.duration_ms == 1000);
}

TEST_CASE("a device is tried twice, a second apart, unless most of the time is gone") {
  Scene scene;
  scene.request.peers = {"n1"};
  scene.configuration.resources = Plain("a");
  scene.behaviour = {{"a", kRefuses}};
  FenceOutcome outcome = scene.Play();
  REQUIRE(outcome.attempts.size() == 2);
  CHECK(outcome.attempts[1].begin_ms == 1100);
  CHECK(outcome.duration_ms == 1200);
  scene.configuration.resources = Device("a", {{"pcmk_host_list", "n3"}, {"pcmk_reboot_timeout", "6"}});
  scene.behaviour = {{"a", {How::kRefuses, 5000}}};
  CHECK(scene.Play().attempts.size() == 1);
}

TEST_CASE("a device that hangs is killed, and without levels that ends the request") {
  Scene scene;
  scene.configuration.resources = Plain("a");
  scene.behaviour = {{"a", {How::kHangs, 0}}};
  const FenceOutcome outcome = scene.Play();
  CHECK(outcome.result == Result::kTimeout);
  CHECK(outcome.duration_ms == 60000);
  CHECK(outcome.attempts.size() == 1);
}

TEST_CASE("nobody who can: no device, at once; with a fencer that hangs, when the query is over") {
  Scene scene;
  scene.configuration.resources = Device("a", {{"pcmk_host_list", "n1"}});
  CHECK(scene.Play().result == Result::kNoDevice);
  CHECK(scene.Play().duration_ms == 0);
  scene.request.silent = {"n2"};
  scene.request.timeout_ms = 10000;
  CHECK(scene.Play().result == Result::kTimeout);
  CHECK(scene.Play().duration_ms == 12000);
}

TEST_CASE("a fencer that hangs is waited for unless a device is started somewhere") {
  Scene scene;
  scene.configuration.resources = Plain("a");
  scene.request.peers = {"n1"};
  scene.request.silent = {"n2"};
  scene.request.timeout_ms = 10000;
  CHECK(scene.Play().attempts.at(0).begin_ms == 12000);
  CHECK(scene.Play().success());
  scene.started = {"a@n1"};
  CHECK(scene.Play().attempts.at(0).begin_ms == 0);
  // With levels the limit of the whole request has begun meanwhile.
  scene.started.clear();
  scene.configuration.topology = Level("n3", 1, "a");
  CHECK(scene.Play().result == Result::kTimeout);
  CHECK(scene.Play().off_ms == 12100);
}

TEST_CASE("levels: several devices are switched off and then on; a failure ends the level") {
  Scene scene;
  scene.configuration.resources = Once("a") + Once("b") + Once("c");
  scene.configuration.topology = Level("n3", 1, "a,b") + Level("n3", 2, "c");
  scene.started = {"a@n2", "b@n2", "c@n2"};
  FenceOutcome outcome = scene.Play();
  CHECK(Runs(outcome) == "a@n2:off b@n2:off a@n2:on b@n2:on");
  CHECK(Devices(outcome) == "a b");
  CHECK(outcome.off_ms == 200);
  CHECK(outcome.on_ms == 300);
  CHECK(outcome.duration_ms == 400);
  // It is not tried from another node.
  scene.behaviour = {{"b@n2:off", kRefuses}};
  outcome = scene.Play();
  CHECK(Runs(outcome) == "a@n2:off b@n2:off c@n2:reboot");
  CHECK(Devices(outcome) == "c");
  // A target that is off stays fenced, whatever comes of `on`.
  scene.behaviour = {{"a:on", kRefuses}};
  outcome = scene.Play();
  CHECK(outcome.success());
  CHECK(Runs(outcome) == "a@n2:off b@n2:off a@n2:on a@n2:on b@n2:on");
}

TEST_CASE("levels: a device in two levels runs the second time from another node") {
  Scene scene;
  scene.configuration.resources = Once("a") + Once("b");
  scene.configuration.topology = Level("n3", 1, "a") + Level("n3", 3, "b") + Level("n3", 9, "a");
  scene.started = {"a@n2", "b@n1"};
  scene.behaviour = {{"a", kRefuses}, {"b", kRefuses}};
  const FenceOutcome outcome = scene.Play();
  CHECK(Runs(outcome) == "a@n2:reboot b@n1:reboot a@n1:reboot");
  CHECK(outcome.result == Result::kError);
}

TEST_CASE("levels: what nobody has is passed over, and nothing outside the levels is tried") {
  Scene scene;
  scene.request.peers = {"n2"};
  scene.request.requester = "n2";
  scene.configuration.resources = Once("a") + Device("b", {{"pcmk_host_list", "n2"}});
  scene.configuration.topology = Level("n3", 1, "a,nosuch") + Level("n3", 2, "b") + Level("n3", 3, "a");
  CHECK(Runs(scene.Play()) == "a@n2:off a@n2:reboot");
  scene.configuration.topology = Level("n3", 1, "b");
  CHECK(scene.Play().result == Result::kNoDevice);
  CHECK(scene.Play().attempts.empty());
}

TEST_CASE("levels: another node's board cannot fence the target") {
  Scene scene;
  scene.configuration.resources = Device("board2", {{"pcmk_host_list", "n2"}}) + Plain("pdu");
  scene.configuration.topology = Level("n3", 1, "board2") + Level("n3", 2, "pdu");
  CHECK(scene.AllWays(Devices) == std::set<std::string>{"pdu"});
}

TEST_CASE("the levels of the name are enough; of two that match any may be taken") {
  Scene scene;
  scene.configuration.resources = Once("a") + Once("b");
  scene.configuration.topology = Level("n3", 1, "a") + Level("n.", 1, "b", "target-pattern");
  CHECK(scene.AllWays(Devices) == std::set<std::string>{"a"});
  scene.configuration.topology = Level("n[0-9]", 1, "a", "target-pattern") + Level("n.", 1, "b", "target-pattern");
  CHECK(scene.AllWays(Devices) == std::set<std::string>{"a", "b"});
}

TEST_CASE("delays: the request's, the device's, and chance") {
  struct Row {
    const char* name;
    solver::Attributes parameters;
    int64_t delay_ms;
    std::set<int64_t> begins;
  };
  for (const Row& row : std::vector<Row>{
           {"none", {}, 0, {0}},
           {"base", {{"pcmk_delay_base", "2s"}}, 0, {2000}},
           {"another target's", {{"pcmk_delay_base", "n1:2s"}}, 0, {0}},
           {"chance", {{"pcmk_delay_base", "2s"}, {"pcmk_delay_max", "7s"}}, 0, {2000, 7000}},
           {"the request's is added", {{"pcmk_delay_base", "2s"}}, 3000, {5000}},
           {"no delay at all", {{"pcmk_delay_base", "2s"}}, -1, {0}},
       }) {
    CAPTURE(row.name);
    Scene scene;
    scene.request.peers = {"n1"};
    scene.request.delay_ms = row.delay_ms;
    scene.configuration.resources = Device("a", row.parameters);
    const Fencing fencing = ReadFencing(scene.configuration.Read(), {});
    std::set<int64_t> begins;
    for (std::optional<Choices> way = Choices(); way; way = way->Next()) {
      const FenceOutcome outcome = Fence(fencing, scene.request, scene.World(), scene.engine, *way);
      begins.insert(outcome.attempts.at(0).begin_ms);
    }
    CHECK(begins == row.begins);
  }
}

TEST_CASE("delays without levels add up on one node; with levels the request's is for the first device") {
  Scene scene;
  scene.request.peers = {"n1"};
  scene.request.delay_ms = 3000;
  const solver::Attributes b{{"pcmk_delay_base", "2"}, {"pcmk_reboot_retries", "1"}};
  const solver::Attributes a{{"pcmk_delay_base", "1"}, {"pcmk_reboot_retries", "1"}};
  scene.configuration.resources = Device("b", b) + Device("a", a);
  scene.behaviour = {{"b", {How::kRefuses, 0}}, {"a", {How::kRefuses, 0}}};
  FenceOutcome outcome = scene.Play();
  REQUIRE(outcome.attempts.size() == 2);
  CHECK(outcome.attempts[0].waited_ms == 5000);
  CHECK(outcome.attempts[1].waited_ms == 6000);
  scene.configuration.topology = Level("n3", 1, "b") + Level("n3", 2, "a");
  outcome = scene.Play();
  CHECK(outcome.attempts[0].waited_ms == 5000);
  CHECK(outcome.attempts[1].waited_ms == 1000);
}

TEST_CASE("an executor that is gone: with levels another node is asked, without the time runs out") {
  Scene scene;
  scene.request.timeout_ms = 8000;
  scene.configuration.resources = Plain("a") + Plain("b");
  scene.configuration.topology = Level("n3", 1, "a") + Level("n3", 2, "b");
  scene.started = {"a@n2"};
  scene.behaviour = {{"a@n2:reboot", {How::kSilent, 0}}, {"a@n1:reboot", {How::kWorks, 4000}}};
  FenceOutcome outcome = scene.Play();
  CHECK(Runs(outcome) == "a@n2:reboot a@n1:reboot");
  CHECK(outcome.duration_ms == 13000);
  scene.configuration.topology = "";
  scene.configuration.resources = Plain("a");
  outcome = scene.Play();
  CHECK(outcome.result == Result::kTimeout);
  CHECK(outcome.duration_ms == 9000);
}

TEST_CASE("what works too late does not count, and the target is off") {
  Scene scene;
  scene.request.peers = {"n1", "n2"};
  scene.request.timeout_ms = 10000;
  scene.configuration.resources = Device("a", {{"pcmk_reboot_retries", "1"}});
  scene.started = {"a@n1"};
  scene.behaviour = {{"a@n1:reboot", {How::kRefuses, 9000}}, {"a@n2:reboot", {How::kWorks, 9000}}};
  const FenceOutcome outcome = scene.Play();
  CHECK(outcome.result == Result::kTimeout);
  CHECK(outcome.duration_ms == 12000);
  CHECK(outcome.off_ms == 18000);
}

TEST_CASE("a device that lies is believed") {
  Scene scene;
  scene.configuration.resources = Plain("a");
  scene.behaviour = {{"a", {How::kLies, 100}}};
  CHECK(scene.Play().success());
  CHECK_FALSE(scene.Play().off_ms);
  scene.behaviour = {{"a", {How::kWorksButFails, 100}}};
  CHECK(scene.Play().result == Result::kError);
  CHECK(scene.Play().off_ms == 100);
}

TEST_CASE("the target is not asked, and its fencing is led by another node") {
  Scene scene;
  scene.request.target = "n1";
  scene.request.peers = {"n1", "n2"};
  scene.configuration.resources = Plain("a");
  scene.started = {"a@n1"};
  const FenceOutcome outcome = scene.Play();
  CHECK(outcome.requester == "n2");
  CHECK(Runs(outcome) == "a@n2:reboot");
  // Alone it may.
  scene.request.peers = {"n1"};
  CHECK(Runs(scene.Play()) == "a@n1:reboot");
}

TEST_CASE("an agent without reboot is told off, and the target stays off") {
  Scene scene;
  scene.configuration.resources = Device("a", {{"pcmk_host_list", "n3"}}, {}, "fence_brocade");
  CHECK(Runs(scene.Play()) == "a@n1:off");
  CHECK_FALSE(scene.Play().on_ms);
}

TEST_CASE("a watchdog is believed after its time, where nobody can be asked") {
  Scene scene;
  scene.configuration.options = testing::Option("fencing-watchdog-timeout", "10s");
  const FenceOutcome outcome = scene.Play();
  CHECK(outcome.success());
  CHECK(outcome.assumed);
  CHECK(outcome.duration_ms == 10000);
  CHECK_FALSE(outcome.off_ms);
}

TEST_CASE("unfencing: all devices that shut a node out, from the node itself") {
  Scene scene;
  scene.request.target = "n2";
  scene.request.action = "on";
  scene.configuration.resources = Device("a", {}, {{"provides", "unfencing"}}, "fence_scsi") +
                                  Device("b", {}, {{"provides", "unfencing"}}, "fence_mpath");
  const std::set<std::string> ways = scene.AllWays(Runs);
  CHECK(ways == std::set<std::string>{"a@n2:on b@n2:on", "b@n2:on a@n2:on"});
}

TEST_CASE("picketd: off is the proof, on comes after a pause, and the next attempt is another node's") {
  Scene scene;
  scene.engine = Engine::kPicketd;
  scene.configuration.resources = Plain("a");
  FenceOutcome outcome = scene.Play();
  CHECK(Runs(outcome) == "a@n1:off a@n1:on");
  CHECK(outcome.duration_ms == 100);
  CHECK(outcome.off_ms == 100);
  CHECK(outcome.on_ms == 2200);
  scene.request.attempt = 1;
  CHECK(Runs(scene.Play()) == "a@n2:off a@n2:on");
  scene.configuration.resources = Device("a", {{"pcmk_host_list", "n1"}});
  CHECK(scene.Play().result == Result::kNoDevice);
}

TEST_CASE("picketd: levels in their order, and the delay once") {
  Scene scene;
  scene.engine = Engine::kPicketd;
  const solver::Attributes parameters{
      {"pcmk_delay_base", "2s"}, {"pcmk_reboot_action", "reboot"}, {"pcmk_reboot_retries", "1"}};
  scene.configuration.resources = Device("a", parameters) + Device("b", parameters);
  scene.configuration.topology = Level("n3", 1, "b") + Level("n3", 2, "a");
  scene.behaviour = {{"b", kRefuses}};
  const FenceOutcome outcome = scene.Play();
  CHECK(Runs(outcome) == "b@n1:reboot a@n1:reboot");
  CHECK(outcome.attempts[0].begin_ms == 2000);
  CHECK(outcome.attempts[1].begin_ms == 2100);
  CHECK(outcome.duration_ms == 2200);
}

}  // namespace
}  // namespace picket::execution
