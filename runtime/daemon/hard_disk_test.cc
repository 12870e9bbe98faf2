#include "runtime/daemon/hard_disk.h"

#include <string>

#include "doctest/doctest.h"

using namespace picket::runtime;

namespace {

Hard Numbered(uint64_t index, uint64_t term = 1) {
  Hard hard;
  hard.term = term;
  hard.index = index;
  return hard;
}

// The write that was asked for last.
WriteStore LastWrite(const Turn& turn) {
  return std::get<WriteStore>(turn.out.effects.back());
}

}  // namespace

TEST_CASE("what is written is on the disk once the disk says so") {
  HardDisk disk;
  Turn turn;
  disk.Write(Numbered(3), turn.out);
  CHECK(disk.IsWriting(Numbered(3)));
  CHECK_FALSE(disk.IsWriting(Numbered(4)));
  CHECK(disk.durable().index == 0);
  const HardDisk::Written written = disk.On(StoreWritten{LastWrite(turn).write, WriteOutcome::kDone, {}}, turn);
  REQUIRE(std::holds_alternative<HardDisk::GenerationWritten>(written));
  CHECK(std::get<HardDisk::GenerationWritten>(written).refused.empty());
  CHECK(disk.durable().index == 3);
  CHECK_FALSE(disk.IsWriting(Numbered(3)));
}

TEST_CASE("a full disk keeps nothing, and may keep the next one") {
  HardDisk disk;
  Turn turn;
  disk.Write(Numbered(3), turn.out);
  const auto refused = disk.On(StoreWritten{LastWrite(turn).write, WriteOutcome::kRefused, "no room"}, turn);
  CHECK(std::get<HardDisk::GenerationWritten>(refused).refused == "no room");
  CHECK(disk.durable().index == 0);
  CHECK_FALSE(disk.uncertain());
  CHECK(turn.out.news.size() == 1);
}

TEST_CASE("after a sync that failed the disk is not to be trusted") {
  HardDisk disk;
  Turn turn;
  disk.WritePromise(5, turn.out);
  CHECK(disk.promising());
  const auto written = disk.On(StoreWritten{LastWrite(turn).write, WriteOutcome::kUncertain, "I/O error"}, turn);
  CHECK(std::holds_alternative<std::monostate>(written));
  CHECK(disk.uncertain());
  CHECK_FALSE(disk.promising());
  CHECK(disk.promised_term() == 0);
}

TEST_CASE("a promise is kept for ever: the highest one counts") {
  HardDisk disk;
  Turn turn;
  disk.WritePromise(5, turn.out);
  CHECK(LastWrite(turn).name == kPromiseName);
  const auto kept = disk.On(StoreWritten{LastWrite(turn).write, WriteOutcome::kDone, {}}, turn);
  CHECK(std::get<HardDisk::PromiseKept>(kept).term == 5);
  disk.WritePromise(4, turn.out);
  disk.On(StoreWritten{LastWrite(turn).write, WriteOutcome::kDone, {}}, turn);
  CHECK(disk.promised_term() == 5);
}

TEST_CASE("a write of nobody is nothing") {
  HardDisk disk;
  Turn turn;
  CHECK(std::holds_alternative<std::monostate>(disk.On(StoreWritten{99, WriteOutcome::kDone, {}}, turn)));
}

TEST_CASE("what was found is loaded, and a damaged newest generation makes it forgetful") {
  const StoredFile good{GenerationName(3), EncodeHard(Numbered(3))};
  const StoredFile torn{GenerationName(4), "torn"};
  Replica replica;
  HardDisk disk;
  Turn turn;
  disk.Load({good}, replica, turn);
  CHECK(disk.durable().index == 3);
  CHECK_FALSE(disk.forgetful());
  CHECK(turn.out.news.empty());
  HardDisk damaged;
  damaged.Load({torn, good}, replica, turn);
  CHECK(damaged.durable().index == 3);
  CHECK(damaged.newest_seen() == 4);
  CHECK(damaged.forgetful());
  CHECK_FALSE(turn.out.news.empty());
  damaged.Recall();
  CHECK_FALSE(damaged.forgetful());
}

TEST_CASE("a damaged promise makes it forgetful too") {
  Replica replica;
  HardDisk disk;
  Turn turn;
  disk.Load({{kPromiseName, "torn"}}, replica, turn);
  CHECK(disk.forgetful());
  CHECK(disk.promised_term() == 0);
}
