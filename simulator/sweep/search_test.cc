#include "simulator/sweep/search.h"

#include <doctest/doctest.h>

#include "simulator/scenario/fault_sets.h"
#include "simulator/testing/two_nodes.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;
using say::FaultKind;
using testing::TwoNodes;

say::Condition Running(const std::string& resource, const std::string& node) {
  say::InState in;
  in.state = say::State::kRunning;
  in.subject.id = resource;
  in.node = say::Name{node, {}};
  return {in, {}};
}

// `r` always ends up on n1.
say::Invariant AtHome(std::vector<FaultKind> kinds, int failures_max) {
  say::Invariant invariant;
  invariant.name = "at home";
  invariant.scope = say::Scope{0, failures_max, std::move(kinds), {}};
  invariant.claims.push_back({say::Claim::Kind::kSettles, Running("r", "n1"), {}});
  return invariant;
}

// Once n1 was fenced, `r` stays away from it.
say::Invariant NeverBack() {
  say::InState fenced;
  fenced.state = say::State::kFenced;
  fenced.subject.id = "n1";
  const say::Condition both{say::And{{{fenced, {}}, Running("r", "n1")}}, {}};
  say::Invariant invariant;
  invariant.name = "never back";
  invariant.claims.push_back({say::Claim::Kind::kNever, both, {}});
  return invariant;
}

SearchResult Sweep(const say::Invariant& invariant, const std::vector<FaultKind>& kinds, SearchOptions options) {
  const TwoNodes nodes(testing::kService, R"(<rsc_location id="home" rsc="r" node="n1" score="100"/>)");
  World world(nodes.catalog, nodes.state, TwoNodes::Settings());
  solver::Run run;
  world.StartCluster();
  REQUIRE(world.Settle(run) == Rest::kSettled);
  Search search(world, {&invariant}, FaultsOf(kinds, world), options);
  return search.Run();
}

std::string Words(const SearchResult& result) {
  std::string text;
  if (!result.counterexample) return "none";
  for (const Blow& blow : result.counterexample->blows)
    text += (text.empty() ? "" : ", ") + FaultText(result.faults[blow.fault]);
  return text;
}

}  // namespace

TEST_CASE("outages come first, then the ends of those that somebody has to end") {
  const TwoNodes nodes(testing::kService);
  World world(nodes.catalog, nodes.state, TwoNodes::Settings());
  const Happenings happenings(FaultsOf(
      {FaultKind::kReturn, FaultKind::kNode, FaultKind::kResource, FaultKind::kLink, FaultKind::kFence}, world));
  std::string text;
  for (const say::Fault& fault : happenings.list()) text += FaultText(fault) + "; ";
  CHECK(text ==
        "kill n1; kill n2; fail r; cut link lan; cut link back; fail fence f1; fail fence f2; "
        "online n1; online n2; heal link lan; heal link back; repair f1; repair f2; ");
  CHECK(happenings.outages() == 7);
  std::vector<bool> struck(happenings.list().size());
  CHECK(happenings.ReturnsAfter(struck).empty());
  struck[0] = struck[2] = struck[3] = true;
  CHECK(happenings.ReturnsAfter(struck) == std::vector<uint32_t>{7, 9});
  struck[7] = true;
  CHECK(happenings.ReturnsAfter(struck) == std::vector<uint32_t>{9});
}

TEST_CASE("outages end in every order, and some may stay") {
  CHECK(Happenings::HistoriesFrom(0) == 1);
  CHECK(Happenings::HistoriesFrom(1) == 2);
  CHECK(Happenings::HistoriesFrom(2) == 5);
  CHECK(Happenings::HistoriesFrom(3) == 16);
}

TEST_CASE("the end of an outage follows it, is not counted, and is judged where an invariant names it") {
  SearchOptions options;
  options.keep_going = true;
  const std::vector<FaultKind> links = {FaultKind::kLink, FaultKind::kReturn};
  const SearchResult named = Sweep(AtHome(links, 1), links, options);
  REQUIRE(named.levels.size() == 1);
  CHECK(named.levels[0].expected == 4);
  CHECK(named.levels[0].returning == 2);
  CHECK(named.levels[0].covered == 4);
  CHECK(named.levels[0].judged == std::vector<int64_t>{4});
  const SearchResult unnamed = Sweep(AtHome({FaultKind::kLink}, 1), links, options);
  CHECK(unnamed.levels[0].covered == 4);
  CHECK(unnamed.levels[0].judged == std::vector<int64_t>{2});
}

TEST_CASE("what follows an end of an outage is a history of the next level") {
  SearchOptions options;
  options.failures_max = 2;
  options.beyond = true;
  const std::vector<FaultKind> kinds = {FaultKind::kFence, FaultKind::kReturn};
  const SearchResult result = Sweep(AtHome({}, 0), kinds, options);
  CHECK(Words(result) == "none");
  REQUIRE(result.levels.size() == 2);
  // Two devices, and each repaired; then the other one, with five histories if both are broken, and two if
  // only one is.
  CHECK(result.levels[0].expected == 4);
  CHECK(result.levels[1].expected == 2 * 5 + 2 * 2);
  CHECK(result.levels[1].covered == result.levels[1].expected);
}

TEST_CASE("the number of threads changes nothing, and no plan is another where two states are equal") {
  const std::vector<FaultKind> kinds = {FaultKind::kNode, FaultKind::kResource, FaultKind::kFence, FaultKind::kReturn};
  std::string first;
  for (const unsigned threads : {1u, 3u}) {
    for (const bool keep_going : {false, true}) {
      SearchOptions options;
      options.failures_max = 2;
      options.beyond = true;
      options.threads = threads;
      options.keep_going = keep_going;
      options.verify_plans = true;
      // It is left after two faults at the latest.
      const SearchResult result = Sweep(AtHome({}, 0), kinds, options);
      std::string told = Words(result);
      for (const Level& level : result.levels)
        told += "; " + std::to_string(level.covered) + " " + std::to_string(level.played) + " " +
                std::to_string(level.broken) + " " + std::to_string(level.excused);
      CHECK(told.starts_with("kill n1"));
      if (keep_going) CHECK(result.levels.back().covered == result.levels.back().expected);
      if (keep_going) continue;
      if (first.empty()) first = told;
      CHECK(told == first);
    }
  }
}

TEST_CASE("a history without the end of an outage is the counterexample if there is one") {
  // The loss of the fence device of n1 alone harms nobody; the loss of n1 does, and so does what follows it.
  SearchOptions options;
  options.beyond = true;
  const SearchResult result = Sweep(AtHome({}, 0), {FaultKind::kFence, FaultKind::kNode, FaultKind::kReturn}, options);
  CHECK(Words(result) == "kill n1");
}

TEST_CASE("a claim that only the end of an outage breaks") {
  const std::vector<FaultKind> kinds = {FaultKind::kNode, FaultKind::kLink, FaultKind::kFence, FaultKind::kReturn};
  for (const unsigned threads : {1u, 3u}) {
    SearchOptions options;
    options.failures_max = 2;
    options.threads = threads;
    const SearchResult result = Sweep(NeverBack(), kinds, options);
    CHECK(Words(result) == "kill n1, online n1");
    REQUIRE(result.counterexample);
    CHECK(result.counterexample->when == std::vector<std::string>{"at rest", "at rest"});
    // Two nodes, links and devices fail, and no outage ends but the first one.
    REQUIRE(result.levels.size() == 1);
    CHECK(result.levels[0].broken == 1);
    CHECK(result.levels[0].covered == 6 + 1);
  }
}

}  // namespace picket::simulator
