// The world played on small clusters: what it does, in the order in which it does it.
#include "simulator/world/world.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

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
        if (resource.primitive == primitive)
          text += std::string(solver::RoleName(resource.role)) + "@" + name + " ";
      }
    }
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
  CHECK(lab.At(EventKind::kFenced, "", "", "n2") >= 0);
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

}  // namespace picket::simulator
