// Constraints as they are read, told by the scores that they lead to (spec 03 §4, §6; 05 §16).
#include "solver/constraints/constraints.h"

#include <doctest/doctest.h>

#include <string>

#include "solver/place/testing/placed.h"

namespace picket::solver::testing {
namespace {

struct Row {
  const char* what;
  std::string constraints;
  const char* web;  // lines of `web-1`
  const char* db;   // lines of `db`
};

Placed Place(const std::string& constraints, std::string properties = {}) {
  return Placed(Situation{.nodes = "n1 n2",
                          .resources = Dummy("db") + Dummy("web-1"),
                          .constraints = constraints,
                          .properties = std::move(properties),
                          .attributes = {{"n2", Pair("a1", "rack", "7")}}});
}

std::string Rule(const std::string& inner, const std::string& attributes = "score=\"5\"") {
  return "<rsc_location id=\"l\" rsc=\"db\"><rule id=\"r\" " + attributes + ">" + inner + "</rule></rsc_location>";
}

}  // namespace

TEST_CASE("locations: whom they mean and what they give") {
  const Row rows[] = {
      {"a node", Location("db", "n2", "7"), "n1 0, n2 0", "n1 0, n2 7"},
      {"case of node names does not matter", Location("db", "N2", "7"), "n1 0, n2 0", "n1 0, n2 7"},
      {"unknown resource", Location("nobody", "n2", "7"), "n1 0, n2 0", "n1 0, n2 0"},
      {"unknown node", Location("db", "n9", "7"), "n1 0, n2 0", "n1 0, n2 0"},
      {"a pattern", "<rsc_location id=\"l\" rsc-pattern=\"^web-\" node=\"n1\" score=\"3\"/>", "n1 3, n2 0",
       "n1 0, n2 0"},
      {"an inverted pattern", "<rsc_location id=\"l\" rsc-pattern=\"!^web-\" node=\"n1\" score=\"3\"/>", "n1 0, n2 0",
       "n1 3, n2 0"},
      {"a set",
       "<rsc_location id=\"l\" node=\"n1\" score=\"3\"><resource_set id=\"s\"><resource_ref id=\"db\"/>"
       "<resource_ref id=\"web-1\"/></resource_set></rsc_location>",
       "n1 3, n2 0", "n1 3, n2 0"},
      {"a rule", Rule("<expression id=\"e\" attribute=\"rack\" operation=\"eq\" value=\"7\"/>"), "n1 0, n2 0",
       "n1 0, n2 5"},
      {"a rule that scores by an attribute",
       Rule("<expression id=\"e\" attribute=\"rack\" operation=\"defined\"/>", "score-attribute=\"rack\""),
       "n1 0, n2 0", "n1 0, n2 7"},
      {"a rule without a score", Rule("<expression id=\"e\" attribute=\"rack\" operation=\"defined\"/>", ""),
       "n1 0, n2 0", "n1 0, n2 0"},
      {"two on one node add up", Location("db", "n2", "7", "x=\"1\"") + Location("db", "n2", "8"), "n1 0, n2 0",
       "n1 0, n2 15"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Placed placed = Place(row.constraints);
    CHECK(placed.Lines("web-1") == row.web);
    CHECK(placed.Lines("db") == row.db);
  }
}

TEST_CASE("colocations: simple, without effect, in sets") {
  const auto web = [](const std::string& constraints) {
    return Place(Location("db", "n2", "9") + constraints).Lines("web-1");
  };
  CHECK(web(Colocation("web-1", "db", "INFINITY")) == "n1 -INFINITY, n2 0");
  CHECK(web(Colocation("web-1", "db", "50")) == "n1 0, n2 50");
  CHECK(web(Colocation("web-1", "db", "0")) == "n1 0, n2 0");
  CHECK(web(Colocation("web-1", "nobody", "50")) == "n1 0, n2 0");
  // In a set a later member depends on the one before it.
  CHECK(web("<rsc_colocation id=\"c\" score=\"50\"><resource_set id=\"s\"><resource_ref id=\"db\"/>"
            "<resource_ref id=\"web-1\"/></resource_set></rsc_colocation>") == "n1 0, n2 50");
  // Between sets an earlier one depends on a later one.
  CHECK(web("<rsc_colocation id=\"c\" score=\"50\"><resource_set id=\"s\"><resource_ref "
            "id=\"web-1\"/></resource_set>"
            "<resource_set id=\"t\"><resource_ref id=\"db\"/></resource_set></rsc_colocation>") == "n1 0, n2 50");
}

TEST_CASE("a ticket that was not granted keeps its resource down") {
  const Placed placed = Place("<rsc_ticket id=\"t\" ticket=\"T\" rsc=\"db\"/>");
  CHECK(placed.Lines("db") == "n1 -INFINITY, n2 -INFINITY");
  CHECK(placed.NodeOf("db") == "");
  CHECK(placed.NodeOf("web-1") != "");
}

TEST_CASE("a name is a resource, or nothing") {
  const Placed placed = Place("");
  CHECK(Lookup(placed.run(), "db").known());
  CHECK_FALSE(Lookup(placed.run(), "nobody").known());
  CHECK(FindReferenced(placed.run(), "db").valid());
  ResourceSetDef set;
  set.refs = {"db", "nobody"};
  CHECK(ExpandSets(placed.run(), {set}).front().refs == set.refs);  // As written; who reads it decides.
  set.refs = {"db", "web-1"};
  CHECK(ExpandSets(placed.run(), {set}).front().refs == set.refs);
}

TEST_CASE("an unknown member of a set takes nothing away from other pairs") {
  const auto web = [](const std::string& refs) {
    return Place(Location("db", "n2", "9") +
                 "<rsc_colocation id=\"c\" score=\"50\"><resource_set id=\"s\" "
                 "sequential=\"false\">" +
                 refs +
                 "</resource_set><resource_set id=\"t\"><resource_ref id=\"db\"/>"
                 "</resource_set></rsc_colocation>")
        .Lines("web-1");
  };
  const std::string known = "<resource_ref id=\"web-1\"/>";
  const std::string unknown = "<resource_ref id=\"nobody\"/>";
  CHECK(web(known + unknown) == "n1 0, n2 50");
  CHECK(web(unknown + known) == "n1 0, n2 50");  // Before 2.1.7 nothing came behind it.
  // Inside a set it ends what follows.
  const auto inside = [](const std::string& refs) {
    return Place(Location("db", "n2", "9") + "<rsc_colocation id=\"c\" score=\"50\"><resource_set id=\"s\">" + refs +
                 "</resource_set></rsc_colocation>")
        .Lines("web-1");
  };
  CHECK(inside("<resource_ref id=\"db\"/>" + known + unknown) == "n1 0, n2 50");
  CHECK(inside(unknown + "<resource_ref id=\"db\"/>" + known) == "n1 0, n2 0");
}

}  // namespace picket::solver::testing
