#include "runtime/daemon/journal.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "doctest/doctest.h"
#include "runtime/daemon/test_group.h"

using namespace picket::runtime;

namespace {

// One daemon of a boot.
struct Daemon {
  explicit Daemon(const std::string& node = "n1") : parts(SettingsOf(true, node)) {
    parts.self.boot_id = "boot";
    parts.BeHere();
    clock.Begin({0, 1000000, 0});
  }

  // What a step at that time saves; nothing if it saves nothing.
  std::optional<SaveSession> KeepAt(int64_t now_ms) {
    Turn turn = At(now_ms);
    journal.Keep(turn);
    for (const Effect& effect : turn.out.effects) {
      if (const auto* save = std::get_if<SaveSession>(&effect)) return *save;
    }
    return std::nullopt;
  }
  // The news of its answer.
  std::vector<News> Saved(const SaveSession& save, bool kept, int64_t now_ms) {
    Turn turn = At(now_ms);
    journal.On(SessionSaved{save.save, kept, kept ? "" : "no room"}, turn);
    return std::move(turn.out.news);
  }
  Turn TakeOver(const std::string& bytes) {
    Turn turn = At(0);
    Booted booted;
    booted.session = bytes;
    journal.TakeOver(booted, turn);
    return turn;
  }
  Turn At(int64_t now_ms) { return clock.Begin({now_ms, 1000000 + now_ms, 0}); }

  Parts parts;
  GroupClock clock;
  Journal journal{parts, clock};
};

}  // namespace

TEST_CASE("the first save is whole, a step that changes nothing saves nothing") {
  Daemon daemon;
  const auto first = daemon.KeepAt(0);
  REQUIRE(first);
  CHECK(first->whole);
  CHECK_FALSE(daemon.KeepAt(1));
}

TEST_CASE("a change is appended, a new name is written whole") {
  Daemon daemon;
  daemon.KeepAt(0);
  daemon.parts.executor.next_run += 600;
  const auto appended = daemon.KeepAt(1);
  REQUIRE(appended);
  CHECK_FALSE(appended->whole);
  daemon.parts.Rename("n9");
  const auto renamed = daemon.KeepAt(2);
  REQUIRE(renamed);
  CHECK(renamed->whole);
}

TEST_CASE("what could not be kept is written whole after a second, and told once") {
  Daemon daemon;
  const auto first = daemon.KeepAt(0);
  CHECK(daemon.Saved(*first, false, 10).size() == 1);
  CHECK(daemon.journal.NextDeadline() == 1010);
  CHECK_FALSE(daemon.KeepAt(1009));
  const auto second = daemon.KeepAt(1010);
  REQUIRE(second);
  CHECK(second->whole);
  CHECK(daemon.Saved(*second, false, 1020).empty());
  const auto third = daemon.KeepAt(2020);
  REQUIRE(third);
  CHECK(daemon.Saved(*third, true, 2030).size() == 1);
  CHECK(daemon.journal.NextDeadline() == INT64_MAX);
}

TEST_CASE("the next daemon takes over name, clock and numbers") {
  Daemon last("db1");
  last.parts.executor.next_run = 50;
  last.parts.coordinator.next_order = 60;
  const std::string left = last.KeepAt(0)->bytes;
  Daemon next("n1");
  // Its own clock was set while nobody was here.
  next.clock = GroupClock();
  next.clock.Begin({0, 9000000, 0});
  const Turn turn = next.TakeOver(left);
  CHECK(turn.out.news.size() == 1);
  CHECK(next.parts.self.node == "db1");
  CHECK(next.parts.executor.next_run >= 50);
  CHECK(next.parts.coordinator.next_order >= 60);
  CHECK(next.clock.offset_ms() == 1000000);
}

TEST_CASE("what another boot left, or nobody can read, is not taken over") {
  Daemon last("db1");
  const std::string left = last.KeepAt(0)->bytes;
  Daemon rebooted;
  rebooted.parts.self.boot_id = "another";
  CHECK(rebooted.TakeOver(left).out.news.empty());
  CHECK(rebooted.parts.self.node == "n1");
  Daemon confused;
  CHECK(confused.TakeOver("rubbish\n").out.news.size() == 1);
  CHECK(confused.TakeOver("").out.news.empty());
}

TEST_CASE("who leaves nothing behind wipes it") {
  Daemon daemon;
  Turn turn = daemon.At(0);
  daemon.journal.Wipe(turn);
  REQUIRE(turn.out.effects.size() == 1);
  const auto save = std::get<SaveSession>(turn.out.effects[0]);
  CHECK(save.whole);
  CHECK(save.bytes.empty());
}
