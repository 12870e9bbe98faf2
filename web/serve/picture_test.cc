#include "web/serve/picture.h"

#include <doctest/doctest.h>

#include "solver/schedule.h"
#include "web/serve/test_cib.h"

namespace picket::web {
namespace {

Json Picture(const std::string& cib) {
  Reading reading;
  std::string reason;
  REQUIRE_MESSAGE(ReadCibText(cib, kTestNow_s, reading, reason), reason);
  Json picture;
  solver::WithLargeStack([&] { picture = PictureOf(reading, kTestNow_s); });
  return picture;
}

std::string Happened(const std::string& before, const std::string& after) {
  std::string text;
  for (const Json& event : HappenedBetween(Picture(before), Picture(after)))
    text += event.at("level").get<std::string>() + ": " + event.at("text").get<std::string>() + "\n";
  return text;
}

const std::string kOrphan = TestHistory("gone", "Dummy", TestEntry("gone", "start", 0, 9));
const std::string kFailed = TestHistory(
    "web", "Dummy",
    TestEntry("web", "start", 0, 5) +
        "<lrm_rsc_op id='web_last_failure_0' operation_key='web_monitor_10000' operation='monitor' interval='10000' "
        "call-id='6' rc-code='1' op-status='4' last-rc-change='1767614300' transition-magic='4:1;1:1:0:x' "
        "transition-key='1:1:0:x' exit-reason='cannot log in with hunter2hunter2 today'/>");

TEST_CASE("what runs where, in which state") {
  const Json picture = Picture(TestCib(TestWebOn1(), TestNoWeb()));
  CHECK(picture.at("cluster") == "demo");
  CHECK(picture.at("version") == "0.7.3");
  CHECK(picture.at("coordinator") == "n1");
  CHECK(picture.at("quorate") == true);
  REQUIRE(picture.at("nodes").size() == 2);
  CHECK(picture.at("nodes")[0].at("state") == "online");
  REQUIRE(picture.at("resources").size() == 1);
  CHECK(picture.at("resources")[0].at("nodes") == Json::array({"n1"}));
  CHECK(picture.at("resources")[0].at("role") == "started");
  CHECK(picture.at("failures").empty());
  CHECK(Picture(TestCib(TestWebOn1(), TestNoWeb(), false)).at("nodes")[1].at("state") == "offline");
}

TEST_CASE("failures have an age, leftovers are told, secrets are not") {
  const std::string ban = "<rsc_location id='cli-ban-web-on-n2' rsc='web' node='n2' score='-INFINITY'/>";
  const Json picture = Picture(TestCib(kFailed, TestNoWeb() + kOrphan, true, ban));
  REQUIRE(picture.at("failures").size() == 1);
  const Json& failure = picture.at("failures")[0];
  CHECK(failure.at("since_s") == 1767614300);
  CHECK(failure.at("node") == "n1");
  CHECK(failure.at("reason") == "cannot log in with ******** today");
  CHECK(picture.dump().find("hunter2") == std::string::npos);
  const std::string left = picture.at("leftovers").dump();
  CHECK(left.find("`web` is banned from n2 by hand") != std::string::npos);
  CHECK(left.find("`gone` is known on n2 and in no configuration") != std::string::npos);
}

TEST_CASE("what happened between two pictures") {
  const std::string on1 = TestCib(TestWebOn1(), TestNoWeb());
  CHECK(Happened(on1, on1).empty());
  const std::string on2 = TestCib(TestNoWeb(), TestHistory("web", "Dummy", TestEntry("web", "start", 0, 5)));
  CHECK(Happened(on1, on2) == "note: web runs no longer on n1\ngood: web runs on n2\n");
  CHECK(Happened(on1, TestCib(TestWebOn1(), TestNoWeb(), false)) == "note: n2 is offline\n");
  const std::string failed = TestCib(kFailed, TestNoWeb());
  CHECK(Happened(on1, failed).find("bad: monitor of web on n1 failed: error (cannot log in with ******** today)") !=
        std::string::npos);
  CHECK(Happened(failed, on1).find("the failure of the monitor of web on n1 is forgotten") != std::string::npos);
}

TEST_CASE("what is no CIB is refused") {
  Reading reading;
  std::string reason;
  for (const char* text : {"", "<", "<html/>", "<cib/>", "plain"}) {
    CHECK_FALSE(ReadCibText(text, kTestNow_s, reading, reason));
    CHECK_FALSE(reason.empty());
  }
}

}  // namespace
}  // namespace picket::web
