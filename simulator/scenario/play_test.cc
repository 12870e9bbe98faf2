// Verdicts on small histories: what holds, what does not, and what is said instead.
#include "simulator/scenario/play.h"

#include <doctest/doctest.h>

#include "simulator/scenario/evaluate.h"
#include "simulator/testing/two_nodes.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;
using testing::TwoNodes;

say::Condition In(say::State state, std::string subject, std::optional<std::string> node = std::nullopt,
                  std::optional<std::string> device = std::nullopt) {
  say::InState in;
  in.state = state;
  in.subject.id = std::move(subject);
  if (node) in.node = say::Name{*node, {}};
  if (device) in.device = say::Name{*device, {}};
  return {in, {}};
}
say::Condition Negated(say::Condition condition) {
  return {say::Not{std::make_shared<say::Condition>(std::move(condition))}, {}};
}
say::Condition CountAtMost(say::State state, std::string subject, int64_t limit) {
  say::Comparison comparison;
  comparison.op = say::Comparison::Op::kLessEqual;
  comparison.left.what = say::Count{state, say::Name{std::move(subject), {}}};
  comparison.right.what = say::Constant{limit};
  return {comparison, {}};
}
say::Condition DowntimeBelow(std::string resource, int64_t ms) {
  say::Comparison comparison;
  comparison.op = say::Comparison::Op::kLess;
  comparison.left.what = say::Downtime{say::Name{std::move(resource), {}}};
  comparison.right.what = say::Constant{ms};
  return {comparison, {}};
}
say::Step Expect(say::Condition condition) {
  return {say::Expect{std::move(condition)}, {}};
}
say::Step Fault(say::Fault fault) {
  return {std::move(fault), {}};
}

Verdict PlayTest(const TwoNodes& nodes, std::vector<say::Step> steps) {
  Player player(nodes.catalog, nodes.state, TwoNodes::Settings());
  REQUIRE_FALSE(player.Start());
  return player.Play(say::Test{"test", std::move(steps), {}});
}

// What is said instead, or nothing if the test passes.
std::string Verdicts(const TwoNodes& nodes, std::vector<say::Step> steps) {
  const Verdict verdict = PlayTest(nodes, std::move(steps));
  return verdict.objection ? verdict.objection->what + ": " + verdict.objection->instead : "";
}

}  // namespace

TEST_CASE("expectations after the loss of a node") {
  const TwoNodes nodes(testing::kService);
  const say::Fault kill = say::Kill{{{"n1", {}}}};
  CHECK(Verdicts(nodes, {Fault(kill), Expect(In(say::State::kRunning, "r", "n2"))}) == "");
  CHECK(Verdicts(nodes, {Fault(kill), Expect(In(say::State::kFenced, "n1", std::nullopt, "f1"))}) == "");
  CHECK(Verdicts(nodes, {Fault(kill), Expect(In(say::State::kFenced, "n1", std::nullopt, "f2"))}) ==
        "expected: n1 was fenced by f1 after 39.700s");
  CHECK(Verdicts(nodes, {Fault(kill), Expect(In(say::State::kRunning, "r", "n1"))}) == "expected: r runs on n2");
  CHECK(Verdicts(nodes, {Fault(kill), Expect(Negated(In(say::State::kFenced, "n1")))})
            .starts_with("expected: n1 was fenced"));
  CHECK(Verdicts(nodes, {Fault(kill), Expect(DowntimeBelow("r", 60000))}) == "");
  CHECK(Verdicts(nodes, {Fault(kill), Expect(DowntimeBelow("r", 1000))}).starts_with("expected: it is "));
}

TEST_CASE("fenced before started, and not the other way round") {
  const TwoNodes nodes(testing::kService);
  const auto before = [](bool fence_first) {
    say::InState fenced;
    fenced.state = say::State::kFenced;
    fenced.subject.id = "n1";
    say::Happened start;
    start.resource.id = "r";
    start.node = say::Name{"n2", {}};
    say::Before claim;
    claim.first.what = fenced;
    claim.second.what = start;
    if (!fence_first) std::swap(claim.first, claim.second);
    return say::Condition{claim, {}};
  };
  const say::Fault kill = say::Kill{{{"n1", {}}}};
  CHECK(Verdicts(nodes, {Fault(kill), Expect(before(true))}) == "");
  CHECK(Verdicts(nodes, {Fault(kill), Expect(before(false))}) ==
        "expected: start of r on n2 was done at 41.7 s, but n1 was fenced at 39.7 s");
}

TEST_CASE("a given is brought about, or objected to") {
  const TwoNodes nodes(testing::kService);
  CHECK(Verdicts(nodes, {{say::Given{In(say::State::kRunning, "r", "n2")}, {}},
                         Expect(In(say::State::kRunning, "r", "n2"))}) == "");
  CHECK(Verdicts(nodes, {{say::Given{In(say::State::kStopped, "r")}, {}}}) == "given: r runs on n1");
}

TEST_CASE("a restart is noticed, and so is its absence") {
  const TwoNodes nodes(testing::kService);
  const say::Condition undisturbed{say::Undisturbed{say::Undisturbed::Kind::kRestart, {"r", {}}}, {}};
  say::FailResource fail;
  fail.resource.id = "r";
  CHECK(Verdicts(nodes, {Fault(fail), Expect(undisturbed)}) == "expected: r was restarted");
  CHECK(Verdicts(nodes, {Fault(say::CutLink{{"back", {}}, std::nullopt}), Expect(undisturbed)}) == "");
}

TEST_CASE("a restart on one node is none on another") {
  const TwoNodes nodes(testing::kService);
  const auto undisturbed = [](const char* node) {
    return Expect({say::Undisturbed{say::Undisturbed::Kind::kRestart, {"r", {}}, say::Name{node, {}}}, {}});
  };
  say::FailResource fail;
  fail.resource.id = "r";
  CHECK(Verdicts(nodes, {Fault(fail), undisturbed("n1")}) == "expected: r was restarted on n1");
  CHECK(Verdicts(nodes, {Fault(fail), undisturbed("n2")}) == "");
}

TEST_CASE("each fault strikes when the cluster has come to rest from the one before") {
  const TwoNodes nodes(testing::kService);
  const say::Condition moved{say::Undisturbed{say::Undisturbed::Kind::kMove, {"r", {}}}, {}};
  CHECK(Verdicts(nodes, {Fault(say::Standby{{{"n1", {}}}}), Fault(say::Online{{{"n1", {}}}}), Expect(moved)}) ==
        "expected: r was moved");
  const Verdict hour = PlayTest(nodes, {Fault(say::Advance{3600000}), Fault(say::Kill{{{"n1", {}}}}),
                                        Expect(In(say::State::kRunning, "r", "n2"))});
  CHECK_FALSE(hour.objection);
  for (const StoryEvent& event : hour.story) {
    if (event.kind == EventKind::kFault && event.text == "kill n1") CHECK(event.time_ms > 3600000);
  }
}

TEST_CASE("what is down at rest stays down, however little time has passed") {
  const TwoNodes nodes(testing::kService, R"(<rsc_location id="only" rsc="r" node="n2" score="-INFINITY"/>)");
  const say::Fault kill = say::Kill{{{"n1", {}}}};
  CHECK(Verdicts(nodes, {Fault(kill), Expect(DowntimeBelow("r", 1000000000))}) == "expected: r is still down");
}

TEST_CASE("within says how soon after the last fault it has to be true") {
  const TwoNodes nodes(testing::kService);
  const auto runs_within = [](int64_t ms) {
    return say::Step{say::Expect{In(say::State::kRunning, "r", "n2"), ms}, {}};
  };
  const say::Fault kill = say::Kill{{{"n1", {}}}};
  CHECK(Verdicts(nodes, {Fault(kill), runs_within(60000)}) == "");
  CHECK(Verdicts(nodes, {Fault(kill), runs_within(5000)}).starts_with("expected: it is true from 41.7 s on, "));
}

TEST_CASE("faults strike when an operation begins") {
  const TwoNodes nodes(testing::kService);
  say::During during;
  during.operation = "start";
  during.subject.id = "r";
  during.node = say::Name{"n2", {}};
  during.faults = {say::Online{{{"n1", {}}}}};
  const Verdict verdict =
      PlayTest(nodes, {Fault(say::Kill{{{"n1", {}}}}), {during, {}}, Expect(In(say::State::kRunning, "r", "n2"))});
  CHECK_FALSE(verdict.objection);
  size_t struck = 0, started = 0;
  for (size_t i = 0; i < verdict.story.size(); ++i) {
    const StoryEvent& event = verdict.story[i];
    if (event.kind == EventKind::kFault && event.text == "online n1") struck = i;
    if (event.kind == EventKind::kActionDone && event.operation == "start" && event.resource == "r") started = i;
  }
  CHECK(struck > 0);
  CHECK(struck < started);
  CHECK(Verdicts(nodes, {{during, {}}, Expect(In(say::State::kRunning, "r"))}) ==
        "expected: start of r on n2 did not begin before the cluster came to rest");
}

TEST_CASE("an expectation about what never ran proves nothing") {
  const TwoNodes nodes(testing::kService, R"(<rsc_location id="o1" rsc="r" node="n1" score="-INFINITY"/>
    <rsc_location id="o2" rsc="r" node="n2" score="-INFINITY"/>)");
  const say::Step at_most_once = Expect(CountAtMost(say::State::kRunning, "r", 1));
  CHECK(Verdicts(nodes, {at_most_once}) == "expected: true only because r never ran");
  CHECK(Verdicts(nodes, {Expect(In(say::State::kStopped, "r"))}) == "");
  const Verdict noted = PlayTest(nodes, {at_most_once, Expect(In(say::State::kStopped, "r"))});
  CHECK_FALSE(noted.objection);
  CHECK(noted.notes.size() == 1);
}

TEST_CASE("invariants over all combinations of failures, fewest first") {
  const TwoNodes nodes(testing::kPromotable);
  Player player(nodes.catalog, nodes.state, TwoNodes::Settings());
  REQUIRE_FALSE(player.Start());
  say::Invariant invariant;
  invariant.name = "one primary";
  invariant.scope = say::Scope{1, 2, {say::FaultKind::kNode, say::FaultKind::kResource, say::FaultKind::kFence}, {}};
  invariant.claims.push_back({say::Claim::Kind::kAlways, CountAtMost(say::State::kPromoted, "ms", 1), {}});
  const Verdict holds = player.Play(invariant);
  CHECK_FALSE(holds.objection);
  // Two nodes, an instance on each, two devices; six faults alone, and then each with the others in the middle.
  CHECK(holds.histories > 6 + 6 * 5);

  invariant.claims = {{say::Claim::Kind::kSettles, In(say::State::kPromoted, "ms"), {}}};
  const Verdict breaks = player.Play(invariant);
  REQUIRE(breaks.objection);
  CHECK(breaks.objection->what == "settles");
  // Single failures are survived: it takes a broken device and the death of its node, or both nodes.
  CHECK(breaks.histories > 6);
}

}  // namespace picket::simulator
