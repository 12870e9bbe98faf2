#include "simulator/scenario/places_seen.h"

#include <doctest/doctest.h>

#include "simulator/testing/two_nodes.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;

say::Condition In(say::State state, const char* id) {
  say::InState in;
  in.state = state;
  in.subject.id = id;
  return {in, {}};
}

say::Condition AtMostOne(say::State state, const char* id) {
  say::Comparison comparison;
  comparison.op = say::Comparison::Op::kLessEqual;
  comparison.left.what = say::Count{state, say::Name{id, {}}};
  comparison.right.what = say::Constant{1};
  return {comparison, {}};
}

TEST_CASE("a condition asks only for places, or for more") {
  std::vector<std::string> resources;
  CHECK(AsksOnlyForPlaces(In(say::State::kRunning, "a"), resources));
  CHECK(AsksOnlyForPlaces(AtMostOne(say::State::kPromoted, "b"), resources));
  CHECK(resources == std::vector<std::string>{"a", "b"});
  CHECK_FALSE(AsksOnlyForPlaces(In(say::State::kFenced, "n1"), resources));
  CHECK_FALSE(AsksOnlyForPlaces(AtMostOne(say::State::kOnline, "n1"), resources));
  say::Comparison downtime;
  downtime.left.what = say::Downtime{{"a", {}}};
  downtime.right.what = say::Constant{0};
  CHECK_FALSE(AsksOnlyForPlaces({downtime, {}}, resources));
  CHECK_FALSE(AsksOnlyForPlaces({say::UtilizationFits{}, {}}, resources));
}

TEST_CASE("only what has changed since the last look is touched") {
  const testing::TwoNodes cluster(testing::kService);
  World world(cluster.catalog, cluster.state, testing::TwoNodes::Settings());
  solver::Run run;
  world.StartCluster();
  world.Settle(run);
  PlacesSeen seen;
  seen.Look(world);
  CHECK(seen.all_changed());
  CHECK(seen.Touch(world, "r"));
  seen.Look(world);
  CHECK_FALSE(seen.all_changed());
  CHECK(seen.changed().empty());
  CHECK_FALSE(seen.Touch(world, "r"));
  say::FailResource fault;
  fault.resource.id = "r";
  world.Strike(fault);
  seen.Look(world);
  CHECK(seen.changed() == std::vector<std::string>{"r"});
  CHECK(seen.Touch(world, "r"));
  CHECK_FALSE(seen.Touch(world, "another"));
}

}  // namespace
}  // namespace picket::simulator
