#include "runtime/group/round.h"

#include <doctest/doctest.h>

namespace picket::runtime {
namespace {

const std::vector<GroupPeer> kThree = {{1, 10}, {2, 10}, {3, 10}};

Hello Of(NodeId id, uint64_t term, uint64_t index) {
  Hello hello;
  hello.view = ViewKey({1, 5}, kThree);
  hello.id = id;
  hello.node = "n" + std::to_string(id);
  hello.incarnation = "i" + std::to_string(id);
  hello.seen_term = hello.hard_term = term;
  hello.hard_index = index;
  hello.hard_digest = std::to_string(term) + "/" + std::to_string(index);
  hello.started = true;
  return hello;
}

Verdict Conclude(const std::vector<Hello>& hellos) {
  Round round(ViewKey({1, 5}, kThree), kThree);
  for (const Hello& hello : hellos) round.Add(hello.id, hello);
  REQUIRE(round.complete());
  return round.Conclude();
}

TEST_CASE("a view is named by its ring and its processes") {
  CHECK(ViewKey({1, 5}, {{2, 9}, {1, 7}}) == "1.5:1.7,2.9");
  CHECK(ViewKey({1, 5}, {{1, 7}, {2, 9}}) == ViewKey({1, 5}, {{2, 9}, {1, 7}}));
  CHECK(ViewKey({1, 6}, {{1, 7}}) != ViewKey({1, 5}, {{1, 7}}));
  CHECK(ViewKey({1, 5}, {}).empty());
}

TEST_CASE("a round is complete with the hello of each member, of this view and once") {
  Round round(ViewKey({1, 5}, kThree), kThree);
  CHECK_FALSE(round.Add(1, Of(1, 1, 1)));
  CHECK_FALSE(round.Add(1, Of(1, 9, 9)));
  Hello old = Of(2, 1, 1);
  old.view = ViewKey({1, 4}, kThree);
  CHECK_FALSE(round.Add(2, old));
  CHECK_FALSE(round.Add(2, Of(3, 1, 1)));
  CHECK_FALSE(round.Add(2, Of(2, 1, 1)));
  CHECK_FALSE(round.complete());
  CHECK(round.Add(3, Of(3, 1, 1)));
  CHECK(round.Conclude().term == 2);
}

TEST_CASE("the source knows most, wherever it stands") {
  CHECK(Conclude({Of(1, 4, 9), Of(2, 5, 7), Of(3, 5, 6)}).source == 2);
  CHECK(Conclude({Of(1, 5, 7), Of(2, 5, 7), Of(3, 5, 7)}).source == 1);
  Hello damaged = Of(1, 9, 9);
  damaged.forgetful = true;
  CHECK(Conclude({damaged, Of(2, 5, 7), Of(3, 5, 6)}).source == 2);
  // One that was at work knows of those who are absent.
  Hello fresh = Of(1, 5, 7);
  fresh.started = false;
  CHECK(Conclude({fresh, Of(2, 5, 7), Of(3, 5, 7)}).source == 2);
  // One that was alone for a while has counted its terms on, and knows nothing of the others' view.
  Hello alone = Of(3, 5, 7);
  alone.seen_term = 9;
  std::vector<Hello> others = {Of(1, 5, 7), Of(2, 5, 7)};
  for (Hello& hello : others) hello.had_quorum = true;
  CHECK(Conclude({others[0], others[1], alone}).source == 1);
  CHECK(Conclude({others[0], others[1], alone}).had_quorum);
  CHECK_FALSE(Conclude({Of(1, 5, 7), Of(2, 5, 7), alone}).had_quorum);
}

TEST_CASE("nobody can be trusted: that is said") {
  std::vector<Hello> all = {Of(1, 1, 1), Of(2, 2, 2), Of(3, 1, 1)};
  for (Hello& hello : all) hello.forgetful = true;
  CHECK(Conclude(all).forgetful);
  CHECK(Conclude(all).source == 2);
  all[0].forgetful = false;
  CHECK_FALSE(Conclude(all).forgetful);
}

TEST_CASE("the coordinator stays; else it is the lowest that is ready") {
  CHECK(Conclude({Of(1, 5, 7), Of(2, 5, 7), Of(3, 5, 7)}).coordinator == 1);
  Hello source = Of(2, 5, 7);
  source.coordinator = "i3";
  CHECK(Conclude({Of(1, 5, 6), source, Of(3, 5, 7)}).coordinator == 3);
  // It has been away and lacks the state, so somebody else leads.
  CHECK(Conclude({Of(1, 5, 6), source, Of(3, 5, 6)}).coordinator == 2);
  // It has started anew: another incarnation.
  source.coordinator = "i9";
  CHECK(Conclude({Of(1, 5, 7), source, Of(3, 5, 7)}).coordinator == 1);
}

TEST_CASE("a term is newer than any that was seen") {
  Hello ahead = Of(3, 2, 2);
  ahead.seen_term = 40;
  CHECK(Conclude({Of(1, 5, 7), Of(2, 5, 7), ahead}).term == 41);
}

TEST_CASE("formats that have nothing in common are noticed") {
  Hello newer = Of(3, 5, 7);
  newer.wire_low = 2;
  newer.wire_high = 3;
  CHECK(Conclude({Of(1, 5, 7), Of(2, 5, 7), newer}).wire_differs);
  CHECK_FALSE(Conclude({Of(1, 5, 7), Of(2, 5, 7), Of(3, 5, 7)}).wire_differs);
}

}  // namespace
}  // namespace picket::runtime
