#include "runtime/store/session.h"

#include <doctest/doctest.h>

namespace picket::runtime {
namespace {

RunRecord Run(RunNumber number, const std::string& resource) {
  RunRecord run;
  run.run = number;
  run.pid = 100 + static_cast<int64_t>(number);
  run.operation.resource = resource;
  run.operation.name = "monitor";
  return run;
}

Session Whole() {
  Session session;
  session.boot_id = "boot";
  session.node = "n1";
  session.runs = {Run(1, "a")};
  session.started = {{"a", {{"state", "/run/a"}}}};
  session.soft = "<soft/>";
  return session;
}

TEST_CASE("what has changed since is read with the whole") {
  std::string text = EncodeSession(Whole());
  for (const SessionChange& change : std::initializer_list<SessionChange>{
           Run(2, "b"), RunEnded{1}, StartedWith{"b", {{"x", "1"}}}, NoLongerStarted{"a"},
           FencingProcesses{{{7, 8, 9}}}, SessionNumbers{1001, 2002, 3003}, SoftPart{"b", "<one/>"},
           SoftPart{"b", "<two/>"}, SoftPart{"", "<attributes/>"}}) {
    text += EncodeChange(change);
  }
  const auto session = DecodeSession(text);
  REQUIRE(session);
  REQUIRE(session->runs.size() == 1);
  CHECK(session->runs[0].operation.resource == "b");
  REQUIRE(session->started.size() == 1);
  CHECK(session->started[0].resource == "b");
  REQUIRE(session->fencing.size() == 1);
  CHECK(session->fencing[0].pid == 8);
  CHECK(session->next_run == 1001);
  CHECK(session->next_call == 3003);
  CHECK(session->soft == "<soft/>");
  CHECK(session->parts == std::map<std::string, std::string>{{"", "<attributes/>"}, {"b", "<two/>"}});
}

TEST_CASE("a line that was being written does not count, and one that is damaged spoils all") {
  const std::string whole = EncodeSession(Whole());
  const std::string change = EncodeChange(RunEnded{1});
  for (size_t size = 0; size < change.size(); ++size) {
    const auto session = DecodeSession(whole + change.substr(0, size));
    REQUIRE(session);
    CHECK(session->runs.size() == 1);
  }
  CHECK(DecodeSession(whole + change)->runs.empty());
  CHECK_FALSE(DecodeSession(whole + "{\"quake\":{}}\n"));
  CHECK_FALSE(DecodeSession(whole + "garbage\n"));
  CHECK_FALSE(DecodeSession(change + whole));
  CHECK_FALSE(DecodeSession(whole.substr(0, whole.size() / 2)));
  CHECK_FALSE(DecodeSession(""));
}

}  // namespace
}  // namespace picket::runtime
