#include "runtime/ports/linux/send_queue.h"

#include <doctest/doctest.h>

#include <vector>

namespace picket::runtime {
namespace {

// Corosync: takes so many messages, then gives another answer.
struct Taker {
  size_t room = 1000;
  Sending otherwise = Sending::kTryAgain;
  std::vector<std::string> taken;

  Sending operator()(const std::string& bytes) {
    if (taken.size() == room) return otherwise;
    taken.push_back(bytes);
    return Sending::kSent;
  }
};

TEST_CASE("what has to wait goes out later, in order and once") {
  SendQueue queue(1000);
  Taker taker;
  taker.room = 2;
  for (const char* text : {"a", "b", "c"}) CHECK(queue.Push(1, text));
  CHECK(queue.Flush(1, std::ref(taker)) == Sending::kTryAgain);
  CHECK(queue.bytes() == 1);
  CHECK(queue.Push(1, "d"));
  CHECK(queue.Flush(1, std::ref(taker)) == Sending::kTryAgain);
  taker.room = 1000;
  CHECK(queue.Flush(1, std::ref(taker)) == Sending::kSent);
  CHECK(taker.taken == std::vector<std::string>{"a", "b", "c", "d"});
  CHECK(queue.empty());
  CHECK(queue.bytes() == 0);
}

TEST_CASE("what was meant for an older connection is not said in the next one") {
  SendQueue queue(1000);
  Taker taker;
  queue.Push(1, "old");
  queue.Push(2, "new");
  queue.Push(1, "late");
  CHECK(queue.Flush(2, std::ref(taker)) == Sending::kSent);
  CHECK(taker.taken == std::vector<std::string>{"new"});
  CHECK(queue.bytes() == 0);
}

TEST_CASE("there is a bound") {
  SendQueue queue(10);
  CHECK(queue.Push(1, "12345"));
  CHECK_FALSE(queue.Push(1, "123456"));
  CHECK(queue.Push(1, "12345"));
  CHECK(queue.bytes() == 10);
  Taker taker;
  queue.Flush(1, std::ref(taker));
  CHECK(queue.Push(1, "1234567890"));
  queue.Clear();
  CHECK(queue.empty());
  CHECK(queue.bytes() == 0);
}

TEST_CASE("a failure is told, and nothing is sent past it") {
  SendQueue queue(1000);
  Taker taker;
  taker.room = 1;
  taker.otherwise = Sending::kFailed;
  for (const char* text : {"a", "b", "c"}) queue.Push(1, text);
  CHECK(queue.Flush(1, std::ref(taker)) == Sending::kFailed);
  CHECK(taker.taken.size() == 1);
}

}  // namespace
}  // namespace picket::runtime
