#include "web/serve/forecast.h"

#include <doctest/doctest.h>

#include "solver/schedule.h"
#include "web/serve/test_cib.h"

namespace picket::web {
namespace {

using Verb = Change::Verb;

Json Of(const std::string& cib, Verb verb, const std::string& node, const std::string& resource = "") {
  Reading reading;
  std::string reason;
  REQUIRE_MESSAGE(ReadCibText(cib, kTestNow_s, reading, reason), reason);
  Change change;
  change.verb = verb;
  change.node = node;
  change.resource = resource;
  std::optional<Json> answer;
  solver::WithLargeStack([&] { answer = ForecastOf(reading, change, {}, reason); });
  return answer ? *answer : Json{{"refused", reason}};
}

std::string Lines(const Json& answer) {
  std::string text = answer.at("answer").get<std::string>() + ": " + answer.at("sentence").get<std::string>() + "\n";
  for (const Json& part : answer.at("parts")) {
    text += part.at("when").get<std::string>() + "\n";
    for (const Json& line : part.at("lines")) text += "  " + line.at("text").get<std::string>() + "\n";
  }
  return text;
}

const std::string kRests = TestCib(TestWebOn1(), TestNoWeb());

TEST_CASE("a node that runs nothing can be rebooted; one that runs something interrupts it") {
  const std::string quiet = Lines(Of(kRests, Verb::kReboot, "n2"));
  CHECK(quiet.starts_with("yes: Yes: no service is interrupted.\n"));
  CHECK(
      quiet.ends_with("while n2 is away\n  nothing stops, and nothing moves\nwhen n2 is back\n"
                      "  nothing stops, and nothing moves\n"));
  const std::string told = Lines(Of(kRests, Verb::kReboot, "n1"));
  CHECK(told.starts_with("interrupts: With an interruption: web is away for "));
  CHECK(told.find("while n1 is away\n  web moves from n1 to n2: away for ") != std::string::npos);
}

TEST_CASE("what can run nowhere else makes it unsafe") {
  const std::string only = "<rsc_location id='l' rsc='web' node='n2' score='-INFINITY'/>";
  const Json answer = Of(TestCib(TestWebOn1(), TestNoWeb(), true, only), Verb::kReboot, "n1");
  CHECK(answer.at("answer") == "no");
  CHECK(answer.at("sentence") == "No: web stops and runs nowhere.");
  const Json last = Of(TestCib(TestWebOn1(), TestNoWeb(), false), Verb::kReboot, "n1");
  CHECK(last.at("answer") == "no");
}

TEST_CASE("a node that is away cannot be rebooted") {
  CHECK(Of(TestCib(TestWebOn1(), TestNoWeb(), false), Verb::kReboot, "n2").contains("refused"));
  CHECK(Of(kRests, Verb::kReboot, "n9").at("refused") == "there is no node `n9`");
}

TEST_CASE("standby, stop and move are told before they are done") {
  CHECK(Lines(Of(kRests, Verb::kStandby, "n1")).find("web moves from n1 to n2: away for ") != std::string::npos);
  const Json stop = Of(kRests, Verb::kStop, "", "web");
  CHECK(stop.at("answer") == "yes");
  CHECK(Lines(stop).find("web stops on n1") != std::string::npos);
  CHECK(Lines(Of(kRests, Verb::kMove, "n2", "web")).find("web moves from n1 to n2") != std::string::npos);
  CHECK(Of(kRests, Verb::kMaintenanceOn, "").at("answer") == "yes");
}

TEST_CASE("what the cluster does anyway is told first, and does not count") {
  const std::string orphan = TestHistory("gone", "Dummy", TestEntry("gone", "start", 0, 9));
  const Json answer = Of(TestCib(TestWebOn1(), TestNoWeb() + orphan), Verb::kReboot, "n2");
  CHECK(answer.at("answer") == "yes");
  REQUIRE(answer.at("parts").size() == 3);
  CHECK(answer.at("parts")[0].at("when") == "first, whatever you do");
}

TEST_CASE("equal questions have equal answers") {
  CHECK(Of(kRests, Verb::kReboot, "n1") == Of(kRests, Verb::kReboot, "n1"));
}

TEST_CASE("durations are told as people say them") {
  CHECK(DurationText(300) == "300 ms");
  CHECK(DurationText(3000) == "3 s");
  CHECK(DurationText(3250) == "3.2 s");
  CHECK(DurationText(61000) == "1 min 1 s");
  CHECK(DurationText(120000) == "2 min");
}

}  // namespace
}  // namespace picket::web
