// The world played on small clusters: what it does, in the order in which it does it.
#include "simulator/world/world.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>

#include "execution/history/attributes.h"
#include "simulator/testing/two_nodes.h"

namespace picket::simulator {
namespace {

namespace fault = compiler::scenario;

using testing::kPromotable;
using testing::kService;

// A two-node cluster with these further resources, started and at rest.
struct Lab {
  explicit Lab(std::string_view resources) : nodes(resources) {
    world.emplace(nodes.catalog, nodes.state, testing::TwoNodes::Settings());
    world->StartCluster();
    rest = world->Settle(run);
  }

  Rest Strike(const fault::Fault& what) {
    mark = world->story().size();
    world->Strike(what);
    return world->Settle(run);
  }
  // Position of the first such event since the last fault, or -1.
  int At(EventKind kind, std::string_view resource, std::string_view operation, std::string_view node) const {
    for (size_t i = mark; i < world->story().size(); ++i) {
      const StoryEvent& event = world->story()[i];
      if (event.kind == kind && (resource.empty() || event.resource == resource) &&
          (operation.empty() || event.operation == operation) && event.node == node) {
        return static_cast<int>(i);
      }
    }
    return -1;
  }
  std::string Where(const std::string& primitive) const {
    std::string text;
    for (const auto& [name, node] : world->nodes()) {
      for (const auto& [instance, resource] : node.resources) {
        if (resource.primitive == primitive) text += std::string(solver::RoleName(resource.role)) + "@" + name + " ";
      }
    }
    return text;
  }

  // The history of a primitive on a node: `r_last_0=start_0/0 …`, sorted by id.
  std::string Entries(const std::string& node, const std::string& primitive) const {
    std::map<std::string, std::string> entries;
    for (const auto& state : world->state().nodes) {
      if (state->uname != node) continue;
      for (const solver::ResourceHistory& history : state->history) {
        if (history.id != primitive) continue;
        for (const solver::HistoryEntry& entry : history.entries)
          entries[entry.id] =
              entry.operation + "_" + std::to_string(entry.interval_ms) + "/" + std::to_string(entry.rc.value_or(-1));
      }
    }
    std::string text;
    for (const auto& [id, what] : entries) text += id + "=" + what + " ";
    return text;
  }

  testing::TwoNodes nodes;
  solver::Run run;
  std::optional<World> world;
  Rest rest = Rest::kSettled;
  size_t mark = 0;
};

}  // namespace

TEST_CASE("a cluster started from nothing comes to rest with everything running") {
  Lab lab(kService);
  CHECK(lab.rest == Rest::kSettled);
  CHECK(lab.Where("r") == "Started@n1 ");
  CHECK(lab.world->quorate());
}

TEST_CASE("a promotable promotes from nothing, because its agent sets scores") {
  Lab lab(kPromotable);
  CHECK(lab.Where("s") == "Promoted@n1 Unpromoted@n2 ");
}

TEST_CASE("a killed node is fenced before its services start elsewhere, and stays away") {
  Lab lab(kService);
  CHECK(lab.Strike(fault::Kill{{{"n1", {}}}}) == Rest::kSettled);
  CHECK(lab.Where("r") == "Started@n2 ");
  const int fenced = lab.At(EventKind::kFenced, "", "", "n1");
  const int started = lab.At(EventKind::kActionBegins, "r", "start", "n2");
  CHECK(fenced >= 0);
  CHECK(started > fenced);
  CHECK_FALSE(lab.world->nodes().at("n1").powered);
  CHECK(lab.Strike(fault::Online{{{"n1", {}}}}) == Rest::kSettled);
  CHECK(lab.world->nodes().at("n1").member);
}

TEST_CASE("where no device works, nothing is recovered") {
  Lab lab(kService);
  lab.Strike(fault::FailFence{{"f1", {}}});
  CHECK(lab.Strike(fault::Kill{{{"n1", {}}}}) == Rest::kSettled);
  CHECK(lab.Where("r") == "");
  CHECK(lab.At(EventKind::kFenceFails, "", "", "n1") >= 0);
  CHECK(lab.At(EventKind::kActionBegins, "r", "start", "n2") == -1);
}

TEST_CASE("a failing service is noticed by its monitor and restarted where it is") {
  Lab lab(kService);
  fault::FailResource fail;
  fail.resource.id = "r";
  CHECK(lab.Strike(fail) == Rest::kSettled);
  CHECK(lab.At(EventKind::kFailureNoticed, "r", "monitor", "n1") >= 0);
  CHECK(lab.At(EventKind::kActionDone, "r", "start", "n1") >= 0);
  CHECK(lab.Where("r") == "Started@n1 ");
}

TEST_CASE("a failing start moves the service") {
  Lab lab(kService);
  fault::FailResource fail;
  fail.resource.id = "r";
  fail.operation = "start";
  lab.Strike(fail);
  CHECK(lab.Strike(fault::Standby{{{"n1", {}}}}) == Rest::kSettled);
  CHECK(lab.At(EventKind::kActionFails, "r", "start", "n2") >= 0);
  CHECK(lab.Where("r") == "");  // n1 is in standby and n2 has failed the start
}

TEST_CASE("one cut link is nothing, an isolated node is fenced and comes back with a new boot") {
  Lab lab(kService);
  CHECK(lab.Strike(fault::CutLink{{"back", {}}, std::nullopt}) == Rest::kSettled);
  CHECK(lab.At(EventKind::kFenceBegins, "", "", "n1") == -1);
  CHECK(lab.Where("r") == "Started@n1 ");
  CHECK(lab.Strike(fault::Isolate{{{"n1", {}}}}) == Rest::kSettled);
  const bool one_was_fenced =
      lab.At(EventKind::kFenced, "", "", "n1") >= 0 || lab.At(EventKind::kFenced, "", "", "n2") >= 0;
  CHECK(one_was_fenced);
  CHECK(lab.world->nodes().at("n1").powered);  // f1 waits, so n1 wins the race
}

TEST_CASE("a service that hangs everywhere takes one node after the other down, for ever") {
  Lab lab(kService);
  CHECK(lab.Strike(fault::Hang{{"r", {}}}) == Rest::kLivelock);
  CHECK(lab.At(EventKind::kFenced, "", "", "n1") >= 0);
  CHECK(lab.At(EventKind::kFenceBegins, "", "", "n2") >= 0);  // nobody is left to hear how that ends
}

TEST_CASE("a live migration has no gap, and one that fails becomes a stop and a start") {
  const std::string_view machine = R"(<primitive id="r" class="ocf" provider="pacemaker" type="Dummy">
<meta_attributes id="r-x"><nvpair id="r-a" name="allow-migrate" value="true"/></meta_attributes>
<operations><op id="r-m" name="monitor" interval="10s"/></operations></primitive>)";
  Lab lab(machine);
  bool ran_always = true;
  lab.world->on_event = [&](const World& world, const StoryEvent&) {
    const auto runs = [](const auto& node) { return node.second.resources.count("r") > 0; };
    ran_always = ran_always && std::any_of(world.nodes().begin(), world.nodes().end(), runs);
  };
  CHECK(lab.Strike(fault::Standby{{{"n1", {}}}}) == Rest::kSettled);
  CHECK(lab.Where("r") == "Started@n2 ");
  CHECK(ran_always);
  CHECK(lab.At(EventKind::kActionDone, "r", "migrate_from", "n2") >= 0);
  fault::FailResource fail;
  fail.resource.id = "r";
  fail.operation = "migrate_to";
  lab.Strike(fault::Online{{{"n1", {}}}});
  lab.Strike(fail);
  CHECK(lab.Strike(fault::Standby{{{"n2", {}}}}) == Rest::kSettled);
  CHECK(lab.Where("r") == "Started@n1 ");
  CHECK(lab.At(EventKind::kActionDone, "r", "start", "n1") >= 0);
}

TEST_CASE("an agent that pings writes its attribute while it runs, unless a test has written it") {
  const std::string_view ping = R"(<clone id="c"><primitive id="p" class="ocf" provider="pacemaker" type="ping">
<instance_attributes id="p-i"><nvpair id="p-h" name="host_list" value="192.0.2.1 192.0.2.2"/>
<nvpair id="p-x" name="multiplier" value="100"/></instance_attributes></primitive></clone>)";
  Lab lab(ping);
  const auto value = [&](std::string_view node) {
    for (const auto& state : lab.world->state().nodes) {
      if (state->uname != node) continue;
      for (const solver::NvBlock& block : state->transient) {
        for (const solver::NvPair& pair : block.pairs) {
          if (pair.name == "pingd") return pair.value;
        }
      }
    }
    return std::string("nothing");
  };
  CHECK(value("n1") == "200");
  lab.Strike(fault::SetAttribute{"pingd", "0", {"n1", {}}});
  CHECK(value("n1") == "0");
  CHECK(value("n2") == "200");
  lab.Strike(fault::Standby{{{"n2", {}}}});
  CHECK(value("n2") == "nothing");
}

TEST_CASE("where nothing but a notification can be done, the cluster is at rest") {
  std::string notified(kPromotable);
  notified.insert(notified.find("</meta_attributes>"), R"(<nvpair id="ms-n" name="notify" value="true"/>)");
  const std::string_view depends = R"(<rsc_location id="l" rsc="r" node="n2" score="INFINITY"/>
<rsc_location id="l2" rsc="ms" node="n1" score="10" role="Promoted"/>
<rsc_order id="o" first="ms" then="r"/>)";
  testing::TwoNodes nodes(notified + std::string(kService), depends);
  WorldSettings settings = testing::TwoNodes::Settings();
  settings.two_node = false;  // the loss of a node is the loss of quorum: nobody may be fenced
  World world(nodes.catalog, nodes.state, settings);
  solver::Run run;
  world.StartCluster();
  CHECK(world.Settle(run) == Rest::kSettled);
  world.Strike(fault::Kill{{{"n2", {}}}});
  CHECK(world.Settle(run) == Rest::kSettled);
  // Demoted, but not stopped: what depends on it may still be alive on the other node.
  CHECK(world.nodes().at("n1").resources.at("s").role == solver::Role::kUnpromoted);
}

TEST_CASE("the same faults give the same story") {
  const auto play = [] {
    Lab lab(kPromotable);
    lab.Strike(fault::Kill{{{"n1", {}}}});
    std::string text;
    for (const StoryEvent& event : lab.world->story())
      text += std::to_string(event.time_ms) + event.node + event.resource + event.operation;
    return text;
  };
  CHECK(play() == play());
}

TEST_CASE("news before the first action of a reaction is acted on") {
  Lab lab(kService);
  fault::FailResource fail;
  fail.resource.id = "r";
  lab.world->Strike(fail);
  REQUIRE(lab.world->Proceed(lab.run) == World::Pause::kBeforeAction);
  CHECK(lab.world->NextAction()->operation == "stop");
  // The cluster learns at once that n1 is to be left, before it has done anything about the failure.
  lab.world->Strike(fault::Standby{{{"n1", {}}}});
  CHECK(lab.world->Settle(lab.run) == Rest::kSettled);
  CHECK(lab.Where("r") == "Started@n2 ");
}

TEST_CASE("a copy made before an action has a future of its own") {
  Lab lab(kService);
  lab.world->Strike(fault::Standby{{{"n1", {}}}});
  REQUIRE(lab.world->Proceed(lab.run) == World::Pause::kBeforeAction);
  World other = *lab.world;
  CHECK(other.FutureHash() == lab.world->FutureHash());
  other.Strike(fault::Kill{{{"n2", {}}}});
  CHECK(other.FutureHash() != lab.world->FutureHash());
  CHECK(lab.world->Settle(lab.run) == Rest::kSettled);
  CHECK(lab.Where("r") == "Started@n2 ");
  CHECK(other.Settle(lab.run) == Rest::kSettled);
  CHECK_FALSE(other.nodes().at("n2").member);
}

TEST_CASE("a device that lies leaves the node running") {
  Lab lab(kService);
  REQUIRE(lab.Where("r") == "Started@n1 ");
  lab.Strike(fault::FailFence{{"f2", {}}, fault::FailFence::How::kRefuses});
  lab.Strike(fault::FailFence{{"f1", {}}, fault::FailFence::How::kLies});
  lab.Strike(fault::Isolate{{{"n1", {}}}});
  CHECK(lab.At(EventKind::kFenced, "", "", "n1") >= 0);
  CHECK(lab.world->nodes().at("n1").powered);
  CHECK(lab.Where("r") == "Started@n1 Started@n2 ");
}

TEST_CASE("a device that hangs takes its timeout and fails") {
  Lab lab(kService);
  lab.Strike(fault::FailFence{{"f1", {}}, fault::FailFence::How::kTimesOut});
  const int64_t begin_ms = lab.world->now_ms();
  lab.Strike(fault::Kill{{{"n1", {}}}});
  CHECK(lab.At(EventKind::kFenceFails, "", "", "n1") >= 0);
  CHECK(lab.world->now_ms() - begin_ms > 60000);
  CHECK(lab.Where("r") == "");
}

TEST_CASE("an operation that always fails is tried again and again, and in the end nowhere") {
  Lab lab(kService);
  fault::FailResource fail;
  fail.resource.id = "r";
  fail.operation = "start";
  fail.times = fault::FailResource::kAlways;
  lab.Strike(fail);
  CHECK(lab.Strike(fault::Standby{{{"n1", {}}}}) == Rest::kSettled);
  CHECK(lab.Where("r") == "");
  CHECK(lab.Strike(fault::Online{{{"n1", {}}}}) == Rest::kSettled);
  CHECK(lab.Where("r") == "");
}

TEST_CASE("a controller that dies comes back without fencing, and finds what runs (09 §13.7)") {
  Lab lab(kPromotable);
  REQUIRE(lab.Where("s") == "Promoted@n1 Unpromoted@n2 ");
  for (const char* name : {"n2", "n1"}) {
    CAPTURE(name);
    CHECK(lab.Strike(fault::Crash{{{name, {}}}}) == Rest::kSettled);
    CHECK(lab.At(EventKind::kFenced, "", "", name) == -1);
    CHECK(lab.At(EventKind::kActionBegins, "s", "monitor", name) >= 0);
    CHECK(lab.At(EventKind::kActionBegins, "s", "start", name) == -1);
    CHECK(lab.Where("s") == "Promoted@n1 Unpromoted@n2 ");
    CHECK(lab.world->nodes().at(name).member);
  }
  // Its score stayed, so nothing was demoted.
  CHECK(lab.At(EventKind::kActionBegins, "s", "demote", "n1") == -1);
  CHECK(lab.Entries("n1", "s") == "s_last_0=monitor_0/8 s_last_failure_0=monitor_0/8 s_monitor_10000=monitor_10000/8 ");
}

TEST_CASE("where only the cluster software stops the machine runs on, and what is not managed with it (09 §13.9)") {
  Lab lab(kService);
  REQUIRE(lab.Where("r") == "Started@n1 ");
  lab.Strike(fault::Maintenance{true, {}, {}});
  CHECK(lab.Strike(fault::Shutdown{{{"n1", {}}}, false, false}) == Rest::kSettled);
  CHECK(lab.world->nodes().at("n1").powered);
  CHECK_FALSE(lab.world->nodes().at("n1").member);
  CHECK(lab.Where("r") == "Started@n1 ");
  CHECK(lab.Strike(fault::Online{{{"n1", {}}}}) == Rest::kSettled);
  CHECK(lab.Entries("n1", "r") == "r_last_0=monitor_0/0 r_last_failure_0=monitor_0/0 ");
  CHECK(lab.Strike(fault::Maintenance{false, {}, {}}) == Rest::kSettled);
  CHECK(lab.At(EventKind::kActionBegins, "r", "start", "n1") == -1);
  CHECK(lab.Where("r") == "Started@n1 ");
  // Without maintenance its services move away first.
  CHECK(lab.Strike(fault::Shutdown{{{"n1", {}}}, false, false}) == Rest::kSettled);
  CHECK(lab.Where("r") == "Started@n2 ");
  CHECK(lab.world->nodes().at("n1").powered);
}

TEST_CASE("a failure that somebody made up is counted, and the service restarted (09 §8.1)") {
  Lab lab(kService);
  fault::FailResource fail;
  fail.resource.id = "r";
  fail.operation = "asyncmon";
  CHECK(lab.Strike(fail) == Rest::kSettled);
  CHECK(lab.At(EventKind::kActionDone, "r", "stop", "n1") >= 0);
  CHECK(lab.At(EventKind::kActionDone, "r", "start", "n1") >= 0);
  CHECK(lab.Entries("n1", "r") == "r_last_0=start_0/0 r_last_failure_0=asyncmon_0/1 r_monitor_10000=monitor_10000/0 ");
}

TEST_CASE("another interval cancels the old monitor, whose entry goes (09 §7.5)") {
  Lab lab(kService);
  lab.mark = lab.world->story().size();
  lab.world->Change("a shorter interval", [](solver::Cluster& cluster) {
    for (solver::ResourceDef& def : cluster.resources) {
      if (def.id != "r") continue;
      for (solver::OperationDef& operation : def.operations) operation.interval_ms = 4000;
      for (solver::OperationDef& operation : def.operations) {
        for (auto& [name, value] : operation.attributes) {
          if (name == "interval") value = "4s";
        }
      }
    }
  });
  CHECK(lab.world->Settle(lab.run) == Rest::kSettled);
  CHECK(lab.At(EventKind::kActionBegins, "r", "stop", "n1") == -1);
  CHECK(lab.Entries("n1", "r") == "r_last_0=start_0/0 r_monitor_4000=monitor_4000/0 ");
}

TEST_CASE("a resource that is deleted while it runs is stopped, and its history goes everywhere (09 §15)") {
  Lab lab(kService);
  lab.mark = lab.world->story().size();
  lab.world->Change("r is deleted", [](solver::Cluster& cluster) {
    std::erase_if(cluster.resources, [](const solver::ResourceDef& def) { return def.id == "r"; });
  });
  CHECK(lab.world->Settle(lab.run) == Rest::kSettled);
  CHECK(lab.At(EventKind::kActionDone, "r", "stop", "n1") >= 0);
  CHECK(lab.Where("r") == "");
  CHECK(lab.Entries("n1", "r") == "");
  CHECK(lab.Entries("n2", "r") == "");
}

TEST_CASE("a dampened attribute is written so long after its last change (09 §11.2)") {
  Lab lab(R"(<clone id="pings"><primitive id="p" class="ocf" provider="pacemaker" type="ping">
<instance_attributes id="p-i"><nvpair id="p-h" name="host_list" value="192.0.2.1"/></instance_attributes>
<operations><op id="p-m" name="monitor" interval="10s"/></operations></primitive></clone>)");
  int64_t started_ms = 0;
  for (const StoryEvent& event : lab.world->story()) {
    if (event.resource == "p" && event.operation == "start" && event.kind == EventKind::kActionDone)
      started_ms = event.time_ms;
  }
  CHECK(lab.world->now_ms() >= started_ms + 5000);
  for (const auto& node : lab.world->state().nodes) {
    const std::string* value = execution::FindTransient(*node, "pingd");
    REQUIRE(value);
    CHECK(*value == "1");
  }
}

TEST_CASE("a coordinator keeps to its limits (09 §6.4)") {
  std::string resources;
  for (const char* id : {"a", "b", "c", "d"}) {
    resources += std::string("<primitive id=\"") + id + "\" class=\"ocf\" provider=\"pacemaker\" type=\"Dummy\"/>";
  }
  for (const auto& [option, most] : {std::pair("batch-limit", 1), std::pair("node-action-limit", 2)}) {
    CAPTURE(option);
    Lab lab(resources);
    lab.world->Change("a limit", [&](solver::Cluster& cluster) {
      cluster.properties.front().pairs.push_back({"limit", option, std::to_string(most)});
    });
    REQUIRE(lab.world->Settle(lab.run) == Rest::kSettled);
    lab.Strike(fault::Standby{{{"n1", {}}}});
    std::map<std::string, int> running;
    int highest = 0;
    for (size_t i = lab.mark; i < lab.world->story().size(); ++i) {
      const StoryEvent& event = lab.world->story()[i];
      if (event.kind == EventKind::kActionBegins) highest = std::max(highest, ++running[event.node]);
      if (event.kind == EventKind::kActionDone) --running[event.node];
    }
    CHECK(highest == most);
    CHECK(lab.Where("a") + lab.Where("b") + lab.Where("c") + lab.Where("d") ==
          "Started@n2 Started@n2 Started@n2 Started@n2 ");
  }
}

}  // namespace picket::simulator
