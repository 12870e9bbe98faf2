// The worked examples of spec 03 §17 and 04 §4.8, and single rules that the recorded cases reach only in
// crowds.
#include <doctest/doctest.h>

#include "solver/place/testing/placed.h"

namespace picket::solver::testing {
namespace {

std::string Group(std::string_view id, std::string_view members, std::string_view meta = {}) {
  return "<group id=\"" + std::string(id) + "\">" + Meta(id, meta) + std::string(members) + "</group>";
}

std::string Clone(std::string_view id, std::string_view child, std::string_view meta = {}) {
  return "<clone id=\"" + std::string(id) + "\">" + Meta(id, meta) + std::string(child) + "</clone>";
}

}  // namespace

TEST_CASE("A: a small score through a small factor does not vanish") {
  const Placed placed(
      {.nodes = "n1 n2",
       .resources = Dummy("A") + Dummy("B"),
       .constraints = Colocation("B", "A", "500") + Location("A", "n1", "20") + Location("B", "n2", "100")});
  CHECK(placed.Lines("A") == "n1 20, n2 1");
  CHECK(placed.Lines("B") == "n1 500, n2 100");
  CHECK(placed.NodeOf("B") == "n1");
}

TEST_CASE("B: a group is held by the stickiness of its members") {
  const auto group_with = [](std::string_view score) {
    return Placed({.nodes = "n1 n2",
                   .resources = Group("g", Dummy("m1") + Dummy("m2") + Dummy("m3"), "resource-stickiness=100"),
                   .constraints = Location("g", "n2", score),
                   .active = {{"m1", "n1"}, {"m2", "n1"}, {"m3", "n1"}}});
  };
  const Placed stays = group_with("250");
  CHECK(stays.Lines("g", ScoreStage::kGroup) == "n1 0, n2 250");
  CHECK(stays.Lines("m1", ScoreStage::kGroup) == "n1 100, n2 250");
  CHECK(stays.Lines("m2", ScoreStage::kGroup) == "n1 100, n2 0");
  CHECK(stays.Lines("m1") == "n1 300, n2 250");
  CHECK(stays.Lines("m2") == "n1 200, n2 -INFINITY");
  CHECK(stays.Lines("m3") == "n1 100, n2 -INFINITY");
  CHECK(stays.NodeOf("g") == "n1");
  CHECK(group_with("301").NodeOf("g") == "n2");
}

TEST_CASE("D: a pinned dependent pushes its primary away") {
  const auto repel = [](std::string_view score, std::string_view more) {
    return Placed({.nodes = "n1 n2",
                   .resources = Dummy("A") + Dummy("B", "resource-stickiness=10"),
                   .constraints = Colocation("B", "A", score) + std::string(more),
                   .active = {{"A", "n1"}, {"B", "n1"}}});
  };
  const std::string pinned = Location("B", "n2", "-INFINITY");
  CHECK(repel("-500", pinned).Lines("A") == "n1 -1, n2 500");
  CHECK(repel("-INFINITY", pinned).Lines("A") == "n1 -10, n2 INFINITY");
  CHECK(repel("-500", "").Lines("A") == "n1 -1, n2 0");
}

TEST_CASE("E: a primary without node pushes optional dependents nowhere, mandatory ones down") {
  const Placed placed(
      {.nodes = "n1 n2",
       .resources = Dummy("A", "target-role=Stopped") + Dummy("B") + Dummy("C") + Dummy("D"),
       .constraints = Colocation("B", "A", "100") + Colocation("C", "A", "-100") + Colocation("D", "A", "INFINITY")});
  CHECK(placed.Lines("A") == "n1 -INFINITY, n2 -INFINITY");
  CHECK(placed.Lines("B") == "n1 0, n2 0");
  CHECK(placed.Lines("C") == "n1 0, n2 0");
  CHECK(placed.Lines("D") == "n1 -INFINITY, n2 -INFINITY");
  CHECK(placed.NodeOf("D") == "");
  CHECK(placed.NextRoleOf("D") == Role::kStopped);
}

TEST_CASE("F: dependents never make a clone's own score negative") {
  const Placed placed(
      {.nodes = "n1 n2",
       .resources = Clone("c", Dummy("ci")) + Dummy("v"),
       .constraints = Location("c", "n2", "7") + Colocation("v", "c", "INFINITY") + Location("v", "n2", "-INFINITY")});
  CHECK(placed.Lines("c", ScoreStage::kClone) == "n1 0, n2 1");
  CHECK(placed.Lines("ci:0", ScoreStage::kClone) == "n1 0, n2 7");
}

TEST_CASE("G: with a promoted instance") {
  const Placed placed(
      {.nodes = "n1 n2 n3",
       .resources = Clone("c", Dummy("ci"), "promotable=true clone-max=2") + Dummy("u") + Dummy("v") + Dummy("w"),
       .constraints = Location("c", "n2", "30") + Location("c", "n1", "10") +
                      Location("c", "n2", "40", "role=\"Promoted\"") +
                      Colocation("v", "c", "INFINITY", "with-rsc-role=\"Promoted\"") +
                      Colocation("w", "c", "50", "with-rsc-role=\"Promoted\"") +
                      Colocation("u", "c", "-50", "with-rsc-role=\"Unpromoted\"")});
  CHECK(placed.NextRoleOf("ci:0") == Role::kPromoted);
  CHECK(placed.Lines("v") == "n1 -INFINITY, n2 30, n3 -INFINITY");
  CHECK(placed.Lines("w") == "n1 0, n2 50, n3 0");
  CHECK(placed.Lines("u") == "n1 -50, n2 0, n3 0");
}

TEST_CASE("H: factors are single precision numbers") {
  const Placed placed({.nodes = "n1 n2",
                       .resources = Dummy("A", "resource-stickiness=100") + Dummy("B", "resource-stickiness=100"),
                       .constraints = Colocation("A", "B", "500000"),
                       .active = {{"B", "n2"}, {"A", "n1"}}});
  CHECK(placed.Lines("B") == "n1 50, n2 100");
  CHECK(placed.Lines("A") == "n1 100, n2 500000");
}

TEST_CASE("collecting lists: the first element stands for all of a list that is added") {
  const Placed placed({.nodes = "n1 n2 n3",
                       .resources = Dummy("A") + Dummy("B") + Dummy("C") + Group("g", Dummy("m1") + Dummy("m2")),
                       .constraints = Location("A", "n1", "1000000") + Location("B", "n2", "1000000") +
                                      Location("C", "n3", "1000000") + Colocation("m1", "A", "100") +
                                      Colocation("g", "B", "70") + Colocation("g", "C", "500")});
  CHECK(placed.Lines("m1") == "n1 100, n2 140, n3 0");
}

TEST_CASE("an instance without node counts as an inactive primary") {
  const Placed placed({.nodes = "n1 n2 n3",
                       .resources = Clone("c", Dummy("ci"), "clone-max=3") + Dummy("p"),
                       .constraints = Location("c", "n3", "-INFINITY") + Colocation("p", "c", "50")});
  CHECK(placed.Lines("p") == "n1 0, n2 0, n3 -50");
}

TEST_CASE("an instance stays if its node would get one anyway") {
  const Placed placed({.nodes = "n1 n2 n3",
                       .resources = Clone("c", Dummy("ci"), "clone-max=2"),
                       .constraints = Location("c", "n3", "500"),
                       .active = {{"ci", "n1"}, {"ci", "n2"}}});
  // Two blocks for each: c:0 gives n3 away in thought and then stays, c:1 fails to stay and takes n3.
  CHECK(placed.Lines("ci:0") == "n1 1, n2 0, n3 500, n1 1, n2 0, n3 -INFINITY");
  CHECK(placed.Lines("ci:1") == "n1 -INFINITY, n2 1, n3 500, n1 -INFINITY, n2 1, n3 500");
  CHECK(placed.NodeOf("ci:0") == "n1");
  CHECK(placed.NodeOf("ci:1") == "n3");
}

TEST_CASE("numbered instances spread, others stay on a node that is as good") {
  const auto two_on_n1 = [](std::string_view meta) {
    return Placed({.nodes = "n1 n2",
                   .resources = Clone("c", Dummy("ci"), meta),
                   .constraints = "",
                   .active = {{"ci:0", "n1"}, {"ci:1", "n1"}}});
  };
  const Placed placed = two_on_n1("globally-unique=true clone-max=2 clone-node-max=2 resource-stickiness=0");
  CHECK(placed.NodeOf("ci:0") == "n1");
  CHECK(placed.NodeOf("ci:1") == "n2");
}

TEST_CASE("more instances than room: the last has no node") {
  const Placed placed({.nodes = "n1 n2",
                       .resources = Clone("c", Dummy("ci"), "globally-unique=true clone-max=5 clone-node-max=2"),
                       .constraints = ""});
  CHECK(placed.Lines("ci:4") == "n1 -INFINITY, n2 -INFINITY");
  CHECK(placed.NextRoleOf("ci:4") == Role::kStopped);
}

TEST_CASE("promotion: the score of the node and of its constraints, one instance promoted") {
  const Placed placed({.nodes = "n1 n2",
                       .resources = Clone("c", Dummy("ci"), "promotable=true"),
                       .constraints = Location("c", "n2", "50", "role=\"Promoted\""),
                       .active = {{"ci", "n1"}, {"ci", "n2"}},
                       .attributes = {{"n1", Pair("a1", "master-ci", "10")}}});
  CHECK(placed.Promotions() == "ci:1 n2 49, ci:0 n1 10");
  CHECK(placed.NextRoleOf("ci:1") == Role::kPromoted);
  CHECK(placed.NextRoleOf("ci:0") == Role::kUnpromoted);
}

TEST_CASE("interleaved clones go with the copy on their node; without one they go nowhere") {
  const Placed placed({.nodes = "n1 n2",
                       .resources = Clone("a", Dummy("ai"), "clone-max=1") + Clone("b", Dummy("bi"), "interleave=true"),
                       .constraints = Location("a", "n1", "10") + Colocation("b", "a", "INFINITY")});
  CHECK(placed.NodeOf("bi:0") == "n1");
  CHECK(placed.NodeOf("bi:1") == "");
  CHECK(placed.NextRoleOf("bi:1") == Role::kStopped);
}

TEST_CASE("equal scores: a positive one holds a resource, zero does not") {
  const auto three = [](std::string_view meta) {
    return Placed({.nodes = "n1 n2 n3",
                   .resources = Dummy("a", meta) + Dummy("b", meta) + Dummy("z", meta),
                   .constraints = "",
                   .active = {{"a", "n1"}, {"b", "n1"}, {"z", "n3"}}});
  };
  CHECK(three("").NodeOf("b") == "n2");
  CHECK(three("resource-stickiness=5").NodeOf("b") == "n1");
}

TEST_CASE("a role filter, a tag, a pattern and a set in location constraints") {
  const Placed placed(
      {.nodes = "n1 n2",
       .resources = Dummy("db-7") + Dummy("web") + Dummy("off", "target-role=Stopped"),
       .constraints =
           "<rsc_location id=\"p\" rsc-pattern=\"^db-([0-9]+)\"><rule id=\"r\" score-attribute=\"w-%1\">"
           "<expression id=\"e\" attribute=\"w-%1\" operation=\"defined\"/></rule></rsc_location>"
           "<rsc_location id=\"s\" node=\"n2\" score=\"3\"><resource_set id=\"s1\"><resource_ref id=\"web\"/>"
           "</resource_set></rsc_location>" +
           Location("off", "n1", "9", "role=\"Stopped\"") + Location("web", "n1", "9", "role=\"Stopped\""),
       .attributes = {{"n2", Pair("a", "w-7", "12")}}});
  CHECK(placed.Lines("db-7") == "n1 0, n2 12");
  CHECK(placed.Lines("web") == "n1 0, n2 3");
  CHECK(placed.Lines("off") == "n1 -INFINITY, n2 -INFINITY");
}

TEST_CASE("guests whose state was never read have no name, and so are one place for a colocation") {
  const std::string guests = Dummy("vm1", "remote-node=g1") + Dummy("vm2", "remote-node=g2");
  const std::string wish = Location("B", "g1", "100");
  const Placed placed({.nodes = "n1",
                       .resources = guests + Dummy("A") + Dummy("B"),
                       .constraints = Colocation("B", "A", "500") + wish});
  CHECK(placed.Lines("A") == "g1 1, g2 1, n1 0");
  const Placed repelled({.nodes = "n1",
                         .resources = guests + Dummy("A") + Dummy("B"),
                         .constraints = Colocation("B", "A", "-INFINITY") + Location("A", "g2", "700") + wish});
  CHECK(repelled.NodeOf("A") == "g2");
  CHECK(repelled.Lines("B") == "g1 -INFINITY, g2 -INFINITY, n1 0");
}

TEST_CASE("reasons name what changed a score, and what was taken back") {
  const Placed placed(
      {.nodes = "n1 n2",
       .resources = Dummy("A", "resource-stickiness=5") + Dummy("B"),
       .constraints = Location("A", "n2", "7") + Colocation("B", "A", "100") + Location("B", "n1", "-INFINITY"),
       .active = {{"A", "n1"}}});
  CHECK(placed.Reasons("A") ==
        "location n2 7 (A-on-n27), stickiness n1 5 (resource-stickiness), colocation-dependent n1 -95 "
        "(B-with-A100)");
  CHECK(placed.Reasons("B") == "location n1 -INFINITY (B-on-n1-INFINITY), colocation n2 100 (B-with-A100)");

  const Placed reverted({.nodes = "n1",
                         .resources = Dummy("A", "target-role=Stopped") + Dummy("B"),
                         .constraints = Colocation("B", "A", "100")});
  CHECK(reverted.Reasons("B") == "[colocation n1 -100 (B-with-A100)]");
}

TEST_CASE("a lost ticket bans, and is given by its state") {
  const auto with_ticket = [](std::string_view policy) {
    return Placed(
        {.nodes = "n1",
         .resources = Dummy("a") + Dummy("b"),
         .constraints = "<rsc_ticket id=\"t\" ticket=\"T\" rsc=\"a\" loss-policy=\"" + std::string(policy) + "\"/>",
         .active = {{"a", "n1"}}});
  };
  CHECK(with_ticket("stop").Lines("a") == "n1 -INFINITY");
  CHECK(with_ticket("stop").NodeOf("b") == "n1");
  CHECK(with_ticket("freeze").Lines("a") == "n1 0");
  CHECK_FALSE(with_ticket("freeze").run().resources[0].managed);
}

}  // namespace picket::solver::testing
