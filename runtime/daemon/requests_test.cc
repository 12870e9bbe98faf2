// Requests as clients make them, of the core of a group of one. It has no disk of its own: what it writes is kept.
#include "runtime/daemon/requests.h"

#include <deque>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "doctest/doctest.h"
#include "runtime/daemon/core.h"
#include "runtime/daemon/test_group.h"

using namespace picket::runtime;

namespace {

using Json = nlohmann::ordered_json;

constexpr ClientNumber kRoot = 1;
constexpr ClientNumber kAnybody = 2;

class Daemon {
 public:
  Daemon() : core_(SettingsOf(false)) {
    Booted booted;
    booted.boot_id = "boot";
    booted.incarnation = "first";
    Feed(booted);
    for (const ClientNumber client : {kRoot, kAnybody}) Feed(ClientOpened{client, 0, client == kRoot});
  }

  // The answers to a request, each as JSON.
  std::vector<Json> Ask(ClientNumber client, const Json& request) { return AskText(client, request.dump()); }
  std::vector<Json> AskText(ClientNumber client, const std::string& line) {
    answers_.clear();
    Feed(ClientSent{client, line});
    return answers_;
  }
  Json AskOne(ClientNumber client, const Json& request) {
    const std::vector<Json> answers = Ask(client, request);
    REQUIRE(answers.size() == 1);
    return answers[0];
  }
  void Configure() {
    const Json answer = AskOne(kRoot, {{"verb", "apply"}, {"cib", CibOf("n1")}, {"source", "test"}});
    REQUIRE_MESSAGE(answer.contains("accepted"), answer.dump());
  }
  const Core& core() const { return core_; }

 private:
  void Feed(Event event) {
    waiting_.push_back(std::move(event));
    while (!waiting_.empty()) {
      const Event next = std::move(waiting_.front());
      waiting_.pop_front();
      for (const Effect& effect : core_.Step(now_, next)) CarryOut(effect);
    }
  }

  void CarryOut(const Effect& effect) {
    if (const auto* write = std::get_if<WriteStore>(&effect)) {
      waiting_.push_back(StoreWritten{write->write, WriteOutcome::kDone, {}});
    }
    if (const auto* save = std::get_if<SaveSession>(&effect)) waiting_.push_back(SessionSaved{save->save, true, {}});
    if (const auto* answer = std::get_if<Answer>(&effect)) answers_.push_back(Json::parse(answer->line));
  }

  Core core_;
  Moment now_{1000, 1700000000000, 0};
  std::deque<Event> waiting_;
  std::vector<Json> answers_;
};

}  // namespace

TEST_CASE("what is no request is refused") {
  Daemon daemon;
  const std::vector<Json> answers = daemon.AskText(kRoot, "rubbish");
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].contains("error"));
  // Nobody answers a client that is not here.
  CHECK(daemon.AskText(77, "rubbish").empty());
}

TEST_CASE("anybody may ask, only root and haclient may change") {
  Daemon daemon;
  CHECK(daemon.AskOne(kAnybody, {{"verb", "status"}})["node"] == "n1");
  const Json refused = daemon.AskOne(kAnybody, {{"verb", "apply"}, {"cib", CibOf("n1")}});
  CHECK(refused["error"] == "only root and members of the group haclient may change anything");
  CHECK_FALSE(daemon.core().replica().configured());
}

TEST_CASE("a configuration is in force when the answer says so") {
  Daemon daemon;
  CHECK(daemon.AskOne(kRoot, {{"verb", "status"}})["configured"] == false);
  daemon.Configure();
  const Json status = daemon.AskOne(kRoot, {{"verb", "status"}});
  CHECK(status["configured"] == true);
  CHECK(status["index"] == 1);
  CHECK(status["source"] == "test");
  CHECK(status["view"]["active"] == true);
  CHECK(status["nodes"][0]["standing"] == "member");
  CHECK(status["cib"].get<std::string>().starts_with("<"));
}

TEST_CASE("a configuration of others, or meant for another number, is refused") {
  Daemon daemon;
  const Json foreign = daemon.AskOne(kRoot, {{"verb", "apply"}, {"cib", CibOf("other")}});
  CHECK(foreign["error"].get<std::string>().find("it has no node `n1`") == 0);
  daemon.Configure();
  const Json late = daemon.AskOne(kRoot, {{"verb", "apply"}, {"cib", CibOf("n1")}, {"index", 7}});
  CHECK(late["error"] == "the configuration has changed meanwhile: it is number 1 now");
}

TEST_CASE("events are those with a higher number, and an end") {
  Daemon daemon;
  const std::vector<Json> all = daemon.Ask(kAnybody, {{"verb", "events"}});
  REQUIRE(all.size() >= 2);
  const uint64_t last = all.back()["end"];
  CHECK(all[all.size() - 2]["number"] == last);
  CHECK(daemon.Ask(kAnybody, {{"verb", "events"}, {"since", last}}).size() == 1);
}

TEST_CASE("there is nothing to recover where nothing is lost") {
  Daemon daemon;
  CHECK(daemon.AskOne(kRoot, {{"verb", "recover"}})["error"] == "there is nothing to recover");
}

TEST_CASE("who stops picketd is told, and without a configuration it leaves at once") {
  Daemon daemon;
  CHECK(daemon.AskOne(kRoot, {{"verb", "stop"}})["leaving"] == true);
  CHECK(daemon.core().left());
}
