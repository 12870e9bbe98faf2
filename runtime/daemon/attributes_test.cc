#include "runtime/daemon/attributes.h"

#include <string>
#include <vector>

#include "doctest/doctest.h"

using namespace picket::runtime;

namespace {

struct Fixture {
  // What is sent, each as `NODE NAME=VALUE`, or without a value if it is erased.
  std::vector<std::string> Set(int64_t now_ms, const std::string& name, std::optional<std::string> value,
                               int64_t dampen_ms) {
    Turn turn;
    turn.now.boot_ms = now_ms;
    attributes.Set("n1", name, std::move(value), dampen_ms, turn);
    return Sent(turn);
  }
  std::vector<std::string> Flush(int64_t now_ms) {
    Turn turn;
    turn.now.boot_ms = now_ms;
    attributes.Flush(turn);
    return Sent(turn);
  }
  static std::vector<std::string> Sent(const Turn& turn) {
    std::vector<std::string> sent;
    for (const Message& message : turn.out.messages) {
      const auto& set = std::get<AttributeSet>(message);
      sent.push_back(set.node + " " + set.name + (set.value ? "=" + *set.value : ""));
    }
    return sent;
  }

  Attributes attributes;
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("without a delay it is sent at once") {
  Fixture f;
  CHECK(f.Set(0, "ping", "1", 0) == Texts{"n1 ping=1"});
  CHECK(f.Set(0, "ping", std::nullopt, -1) == Texts{"n1 ping"});
  CHECK(f.attributes.NextDeadline() == INT64_MAX);
}

TEST_CASE("the delay runs from the first change, and the last value counts") {
  Fixture f;
  CHECK(f.Set(100, "ping", "1", 50).empty());
  CHECK(f.Set(140, "ping", "2", 50).empty());
  CHECK(f.attributes.NextDeadline() == 150);
  REQUIRE(f.attributes.Waiting("n1", "ping"));
  CHECK(*f.attributes.Waiting("n1", "ping") == "2");
  CHECK(f.Flush(149).empty());
  CHECK(f.Flush(150) == Texts{"n1 ping=2"});
  CHECK_FALSE(f.attributes.Waiting("n1", "ping"));
  CHECK(f.Flush(1000).empty());
}

TEST_CASE("a change without a delay takes along what waits under its name, and nothing else") {
  Fixture f;
  f.Set(0, "a", "1", 50);
  f.Set(0, "b", "1", 60);
  CHECK(f.Set(10, "a", std::nullopt, 0) == Texts{"n1 a"});
  CHECK(f.attributes.NextDeadline() == 60);
  CHECK(f.Flush(60) == Texts{"n1 b=1"});
}
