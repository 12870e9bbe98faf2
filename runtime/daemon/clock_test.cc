#include "runtime/daemon/clock.h"

#include "doctest/doctest.h"

using namespace picket::runtime;

TEST_CASE("the group's clock goes on though the machine's is set") {
  GroupClock clock;
  CHECK(clock.Begin({100, 5000100, 0}).now.wall_ms == 5000100);
  const Turn turn = clock.Begin({200, 9000000, 3600});
  CHECK(turn.now.wall_ms == 5000200);
  CHECK(turn.now.boot_ms == 200);
  CHECK(turn.now.utc_offset_s == 3600);
  CHECK(turn.wall_ms == 9000000);
}

TEST_CASE("a view brings the group's time") {
  GroupClock clock;
  Turn turn = clock.Begin({100, 5000100, 0});
  clock.Set(7000000, turn);
  CHECK(turn.now.wall_ms == 7000000);
  CHECK(clock.offset_ms() == 6999900);
  CHECK(clock.Begin({150, 5000150, 0}).now.wall_ms == 7000050);
}

TEST_CASE("a clock that was set is told once, and all move on by whole seconds") {
  GroupClock clock;
  clock.Begin({0, 10000, 0});
  Turn slewed = clock.Begin({0, 11000, 0});
  clock.Notice(slewed);
  CHECK(slewed.out.messages.empty());
  Turn turn = clock.Begin({0, 12500, 0});
  clock.Notice(turn);
  clock.Notice(turn);
  REQUIRE(turn.out.messages.size() == 1);
  const auto set = std::get<ClockSet>(turn.out.messages[0]);
  CHECK(set.by_ms == 2500);
  CHECK(clock.Follow(set, turn) == 2);
  CHECK(turn.now.wall_ms == 12000);
  Turn after = clock.Begin({0, 12500, 0});
  clock.Notice(after);
  CHECK(after.out.messages.empty());
}

TEST_CASE("what was told in a view that has ended is told again") {
  GroupClock clock;
  clock.Begin({0, 10000, 0});
  Turn turn = clock.Begin({0, 20000, 0});
  clock.Notice(turn);
  clock.EndView();
  clock.Notice(turn);
  CHECK(turn.out.messages.size() == 2);
}
