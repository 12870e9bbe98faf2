#include "runtime/daemon/departure.h"

#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "runtime/daemon/test_rooms.h"

using namespace picket::runtime;

namespace {

struct Fixture : TestRooms {
  using TestRooms::TestRooms;

  void Configure() {
    Hard hard;
    hard.index = 1;
    hard.cib = CibOf("n1");
    std::string error;
    REQUIRE_MESSAGE(parts.replica.Install(hard, error), error);
  }
  void Ask(bool stop_services) { departure.Ask(AskedToLeave{stop_services}, turn); }
  // The effects' kinds, in their order.
  std::string Kinds() const {
    std::string kinds;
    for (const Effect& effect : turn.out.effects) {
      if (std::holds_alternative<Say>(effect)) kinds += "say ";
      if (std::holds_alternative<SaveSession>(effect)) kinds += "save ";
      if (const auto* exit = std::get_if<Exit>(&effect)) kinds += "exit " + std::to_string(exit->status) + " ";
    }
    return kinds;
  }
};

}  // namespace

TEST_CASE("who leaves services running leaves at once, with a word before the end") {
  Fixture f(true);
  f.Ask(false);
  CHECK(f.departure.left());
  CHECK(f.Kinds() == "say exit 0 ");
}

TEST_CASE("where nothing runs any more nothing is left to the next daemon") {
  Fixture f(true);
  f.departure.Leave(0, f.turn, true);
  CHECK(f.Kinds() == "save say exit 0 ");
}

TEST_CASE("to stop services is to ask for a shutdown, and to wait for leave and quiet") {
  Fixture f(true);
  f.Configure();
  f.view.active = true;
  f.turn.now.wall_ms = 7000;
  f.Ask(true);
  CHECK(f.departure.leaving());
  CHECK_FALSE(f.departure.left());
  REQUIRE(f.turn.out.messages.size() == 1);
  const auto set = std::get<AttributeSet>(f.turn.out.messages[0]);
  CHECK(set.name == "shutdown");
  CHECK(*set.value == "7");
  f.turn.out.messages.clear();
  f.departure.SayGoodbye(true, f.turn);
  CHECK(f.turn.out.messages.empty());
  f.departure.Allow();
  f.departure.SayGoodbye(false, f.turn);
  CHECK(f.turn.out.messages.empty());
  f.departure.SayGoodbye(true, f.turn);
  f.departure.SayGoodbye(true, f.turn);
  REQUIRE(f.turn.out.messages.size() == 1);
  CHECK(std::holds_alternative<Goodbye>(f.turn.out.messages[0]));
  // The words may be lost with the view.
  f.departure.EndView();
  f.departure.SayGoodbye(true, f.turn);
  CHECK(f.turn.out.messages.size() == 2);
}

TEST_CASE("who is asked twice leaves, services or not") {
  Fixture f(true);
  f.Configure();
  f.view.active = true;
  f.Ask(true);
  f.Ask(true);
  CHECK(f.departure.left());
}

TEST_CASE("without a view and without a group nobody can stop anything") {
  Fixture f(false);
  f.Configure();
  f.Ask(true);
  CHECK(f.departure.left());
}

TEST_CASE("without a configuration nothing runs that could be stopped") {
  Fixture f(true);
  f.view.active = true;
  f.Ask(true);
  CHECK(f.departure.leaving());
  f.departure.SayGoodbye(true, f.turn);
  CHECK(f.turn.out.messages.size() == 1);
}

TEST_CASE("the client that waits hears what is not managed and goes on") {
  Fixture f(true);
  f.Configure();
  f.view.active = true;
  ClientOpened client;
  client.client = 4;
  f.connections.Open(client);
  f.parts.executor.TakeStarted({"db", {}});
  f.departure.Ask(AskedToLeave{true}, f.turn, 4);
  f.departure.Allow();
  f.departure.SayGoodbye(true, f.turn);
  REQUIRE(f.turn.out.effects.size() == 1);
  const auto answer = std::get<Answer>(f.turn.out.effects[0]);
  CHECK(answer.client == 4);
  CHECK(answer.line == "{\"still_runs\":[\"db\"]}");
}
