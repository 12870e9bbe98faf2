#include "runtime/daemon/newsroom.h"

#include <string>
#include <vector>

#include "doctest/doctest.h"

using namespace picket::runtime;

namespace {

constexpr const char* kCib =
    R"(<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
<configuration><crm_config/><nodes/><resources><primitive id="p" class="stonith" type="fence_x">
<instance_attributes id="a"><nvpair id="b" name="passwd" value="hunter22"/></instance_attributes>
</primitive></resources><constraints/></configuration><status/></cib>)";

struct Fixture {
  Fixture() {
    ClientOpened opened;
    opened.client = 1;
    connections.Open(opened);
    opened.client = 2;
    connections.Open(opened);
  }

  // The effects, each as the log's or a client's.
  std::vector<std::string> Publish(std::vector<std::string> texts) {
    Turn turn;
    turn.now.wall_ms = 5000;
    for (std::string& text : texts) turn.out.Tell(SayLevel::kNotice, "kind", "n1", "db", std::move(text));
    newsroom.Publish(replica, connections, turn);
    CHECK(turn.out.news.empty());
    std::vector<std::string> lines;
    for (const Effect& effect : turn.out.effects) {
      if (const auto* say = std::get_if<Say>(&effect)) lines.push_back("log " + say->text);
      if (const auto* answer = std::get_if<Answer>(&effect)) {
        lines.push_back(std::to_string(answer->client) + " " + answer->line);
      }
    }
    return lines;
  }

  Replica replica;
  Connections connections;
  Newsroom newsroom;
};

}  // namespace

TEST_CASE("news go to the log and to who follows, with a number each") {
  Fixture f;
  f.connections.Follow(2);
  const std::string head = R"(,"wall_ms":5000,"level":"notice","kind":"kind","node":"n1","resource":"db","text":)";
  CHECK(f.Publish({"one", "two"}) == std::vector<std::string>{"log n1: db: one", "2 {\"number\":1" + head + "\"one\"}",
                                                              "log n1: db: two",
                                                              "2 {\"number\":2" + head + "\"two\"}"});
  CHECK(f.newsroom.last() == 2);
  CHECK(f.newsroom.LinesSince(1) == std::vector<std::string>{"{\"number\":2" + head + "\"two\"}"});
  CHECK(f.newsroom.LinesSince(2).empty());
}

TEST_CASE("no news repeat a secret of the configuration") {
  Fixture f;
  Hard hard;
  hard.index = 1;
  hard.cib = kCib;
  std::string error;
  REQUIRE_MESSAGE(f.replica.Install(hard, error), error);
  const std::vector<std::string> said = f.Publish({"the agent said hunter22"});
  REQUIRE(said.size() == 1);
  CHECK(said[0].find("hunter22") == std::string::npos);
  CHECK(f.newsroom.LinesSince(0)[0].find("hunter22") == std::string::npos);
}

TEST_CASE("who watches hears of a change once") {
  Fixture f;
  f.Publish({});
  f.connections.Watch(1);
  CHECK(f.Publish({}).empty());
  const std::vector<std::string> said = f.Publish({"one"});
  REQUIRE(said.size() == 2);
  CHECK(said[1].starts_with("1 {\"changed\":"));
  CHECK(f.Publish({}).empty());
}

TEST_CASE("the oldest news are dropped") {
  Fixture f;
  for (size_t i = 0; i < kNewsKept + 3; ++i) f.Publish({"x"});
  CHECK(f.newsroom.LinesSince(0).size() == kNewsKept);
  CHECK(f.newsroom.LinesSince(0)[0].starts_with("{\"number\":4,"));
  CHECK(f.newsroom.last() == kNewsKept + 3);
}
