#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "compiler/agents/builtin.h"
#include "compiler/agents/differences.h"
#include "compiler/agents/lock.h"
#include "compiler/agents/metadata.h"
#include "compiler/agents/table.h"

namespace picket::compiler::agents {
namespace {

constexpr std::string_view kOcf = R"xml(a line of noise
<?xml version="1.0"?>
<!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
<resource-agent name="Thing" version="1.1">
  <shortdesc lang="en">
    Does
    things
  </shortdesc>
  <parameters>
    <parameter name="zone" unique-group="place" required="1">
      <shortdesc lang="en">Where</shortdesc>
      <content type="string"/>
    </parameter>
    <parameter name="count"><content type="integer" default="3"/></parameter>
    <parameter name="liar"><content type="integer" default="5s"/></parameter>
    <parameter name="old"><deprecated><replaced-with name="zone"/></deprecated><content type="string"/></parameter>
    <parameter name="dampen"><content type="integer" default="5"/></parameter>
    <parameter name="how"><content type="select"><option value="a"/><option value="b"/></content></parameter>
  </parameters>
  <actions>
    <action name="stop" timeout="100"/>
    <action name="monitor" timeout="20s" interval="10" role="Master"/>
    <action name="monitor" timeout="20s" interval="20" depth="0" role="Slave"/>
    <action name="promote" timeout="90"/>
    <action name="meta-data" timeout="5"/>
  </actions>
</resource-agent>)xml";

constexpr std::string_view kFence = R"xml(<resource-agent name="fence_x" shortdesc="A device">
  <parameters>
    <parameter name="ip" unique="0" required="1" obsoletes="ipaddr"><content type="string"/></parameter>
    <parameter name="ipaddr" unique="0" required="1" deprecated="1"><content type="string"/></parameter>
    <parameter name="delay"><content type="second" default="0"/></parameter>
  </parameters>
  <actions><action name="reboot"/></actions>
</resource-agent>)xml";

Agent Read(std::string_view text, const std::string& name) {
  std::string reason;
  const auto agent = ReadMetadata(text, name, reason);
  REQUIRE_MESSAGE(agent, reason);
  return *agent;
}

TEST_CASE("metadata of a resource agent") {
  const Agent agent = Read(kOcf, "ocf:test:Thing");
  CHECK(agent.text == "Does things");
  CHECK(agent.version == "1.1");
  CHECK(agent.CanBePromoted());
  REQUIRE(agent.parameters.size() == 6);
  CHECK(agent.parameters[0].name == "count");
  const Parameter& zone = *agent.FindParameter("zone");
  CHECK(zone.required);
  CHECK(zone.unique);
  CHECK(zone.unique_group == "place");
  CHECK(agent.FindParameter("count")->type == ValueType::kInteger);
  CHECK(agent.FindParameter("liar")->type == ValueType::kText);
  CHECK(agent.FindParameter("dampen")->type == ValueType::kTime);
  CHECK(agent.FindParameter("old")->deprecated);
  CHECK(agent.FindParameter("old")->replaced_by == std::vector<std::string>{"zone"});
  CHECK(agent.FindParameter("how")->choices == std::vector<std::string>{"a", "b"});
  CHECK(agent.FindParameter("zon") == nullptr);
  REQUIRE(agent.actions.size() == 4);
  CHECK(agent.actions[0].role == "Promoted");
  CHECK(agent.actions[0].interval == "10s");
  CHECK(agent.actions[1].depth.empty());
  CHECK(agent.actions[3].timeout == "100s");
}

TEST_CASE("metadata of a fence agent") {
  const Agent agent = Read(kFence, "stonith:fence_x");
  CHECK(agent.text == "A device");
  CHECK(agent.FindParameter("ipaddr")->replaced_by == std::vector<std::string>{"ip"});
  CHECK(agent.FindParameter("delay")->type == ValueType::kSeconds);
}

TEST_CASE("what an installed agent has otherwise") {
  const Agent locked = Read(kOcf, "ocf:test:Thing");
  CHECK(Differences(locked, locked).empty());
  std::string other(kOcf);
  const auto put = [&other](const std::string& old, const std::string& now) {
    other.replace(other.find(old), old.size(), now);
  };
  put("version=\"1.1\"", "version=\"1.2\"");
  put("default=\"3\"", "default=\"4\"");
  put("<option value=\"b\"/>", "");
  put("<action name=\"promote\" timeout=\"90\"/>", "");
  put("<parameter name=\"liar\"><content type=\"integer\" default=\"5s\"/></parameter>",
      "<parameter name=\"fresh\" required=\"1\"><content type=\"string\"/></parameter>");
  CHECK(Differences(locked, Read(other, "ocf:test:Thing")) ==
        std::vector<std::string>{"is version 1.2 instead of 1.1", "has `4` for `count` instead of `3`",
                                 "does not take `b` for `how`", "has no parameter `liar`",
                                 "requires `fresh`, which is new", "has no action `promote`"});
}

TEST_CASE("what is no metadata is refused with the reason") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "it prints nothing"},
      {"usage: start|stop", "what it prints is not XML"},
      {"<html></html>", "what it prints has no `resource-agent` element"},
      {"<resource-agent><parameters>", "what it prints is not whole XML"},
  };
  for (const auto& [text, wanted] : cases) {
    std::string reason;
    CHECK_FALSE(ReadMetadata(text, "ocf:test:x", reason));
    CHECK(reason.starts_with(wanted));
  }
}

TEST_CASE("values and types") {
  const struct {
    ValueType type;
    std::string_view value;
    bool fits;
  } cases[] = {
      {ValueType::kText, "anything", true}, {ValueType::kInteger, "-3", true},     {ValueType::kInteger, "3s", false},
      {ValueType::kBoolean, "Yes", true},   {ValueType::kBoolean, "maybe", false}, {ValueType::kTime, "10min", true},
      {ValueType::kTime, "soon", false},    {ValueType::kSeconds, "30", true},     {ValueType::kSeconds, "0.5", true},
      {ValueType::kSeconds, "5s", false},   {ValueType::kSeconds, "1.", false},    {ValueType::kSelect, "b", true},
      {ValueType::kSelect, "c", false},
  };
  for (const auto& one : cases) {
    CAPTURE(one.value);
    CHECK(Fits({.type = one.type, .choices = {"a", "b"}}, one.value) == one.fits);
  }
}

Lock Both() {
  Lock lock;
  lock.packages["things"] = "4.1-2";
  lock.agents["ocf:test:Thing"] = Read(kOcf, "ocf:test:Thing");
  lock.agents["ocf:test:Thing"].package = "things";
  lock.agents["stonith:fence_x"] = Read(kFence, "stonith:fence_x");
  return lock;
}

TEST_CASE("a lock as text") {
  CHECK(WriteLock(Both()) == R"({
  "picket-agents": 1,
  "packages": {
    "things": "4.1-2"
  },
  "agents": {
    "ocf:test:Thing": {
      "package": "things",
      "version": "1.1",
      "text": "Does things",
      "parameters": {
        "count": {"type":"integer","default":"3"},
        "dampen": {"type":"time","default":"5"},
        "how": {"type":"select","choices":["a","b"]},
        "liar": {"default":"5s"},
        "old": {"deprecated":true,"replaced-by":["zone"]},
        "zone": {"required":true,"unique":true,"unique-group":"place","text":"Where"}
      },
      "actions": [
        {"name":"monitor","role":"Promoted","interval":"10s","timeout":"20s"},
        {"name":"monitor","role":"Unpromoted","interval":"20s","timeout":"20s"},
        {"name":"promote","timeout":"90s"},
        {"name":"stop","timeout":"100s"}
      ]
    },
    "stonith:fence_x": {
      "text": "A device",
      "parameters": {
        "delay": {"type":"seconds","default":"0"},
        "ip": {"required":true},
        "ipaddr": {"deprecated":true,"replaced-by":["ip"]}
      },
      "actions": [
        {"name":"reboot"}
      ]
    }
  }
}
)");
}

TEST_CASE("a lock that is read is written again as it was") {
  for (const Lock& lock : {Both(), Lock(), BuiltinLock()}) {
    const std::string text = WriteLock(lock);
    LockFault fault;
    const auto read = ReadLock(text, fault);
    REQUIRE_MESSAGE(read, fault.message);
    CHECK(WriteLock(*read) == text);
  }
  CHECK(Both().PackageOf(Both().agents["ocf:test:Thing"]) == "things 4.1-2");
}

TEST_CASE("the program carries the lock that stands in data/agents") {
  std::ifstream file("data/agents/builtin.lock");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  CHECK(WriteLock(BuiltinLock()) == text);
}

TEST_CASE("a table that is read has what was written") {
  Lock lock = Both();
  lock.agents["ocf:test:Thing"].parameters.front().fallback = "";  // Empty, and not absent.
  for (const Lock& one : {lock, Lock()}) CHECK(WriteLock(ReadTable(WriteTable(one))) == WriteLock(one));
}

TEST_CASE("what is no lock is refused with the reason and the place") {
  const struct {
    std::string text;
    std::string_view message;
    std::size_t offset;
  } cases[] = {
      {"", "the text ends too early", 0},
      {"{\"picket-agents\": 1,", "the text ends too early", 20},
      {"{\n<<<<<<< HEAD\n", "this is not JSON", 2},
      {"[]", "this is no lock of agents: `picket-agents` is missing", 0},
      {"{\"agents\": {}}", "this is no lock of agents: `picket-agents` is missing", 0},
      {"{\"picket-agents\": 2}", "version 2 of the format is unknown; this program reads version 1", 0},
      {"{\"picket-agents\": \"x\"}", "version \"x\" of the format is unknown; this program reads version 1", 0},
      {"{\"picket-agents\": 1, \"agents\": []}", "`agents` is not an object", 0},
      {"{\"picket-agents\": 1, \"agents\": {\"a\": 3}}", "`a` is not an object", 0},
      {"{\"picket-agents\": 1, \"agents\": {\"a\": {\"parameters\": {\"p\": {\"required\": 1}}}}}",
       "`a.parameters.p.required` is not true or false", 0},
      {"{\"picket-agents\": 1, \"agents\": {\"a\": {\"actions\": [3]}}}", "`a.actions` is not a list of objects", 0},
      {std::string(100000, '['), "brackets are nested too deeply", 16},
      {std::string("\xff\xfe\0", 3), "this is not JSON", 0},
  };
  for (const auto& one : cases) {
    CAPTURE(one.text);
    LockFault fault;
    CHECK_FALSE(ReadLock(one.text, fault));
    CHECK(fault.message == one.message);
    CHECK(fault.offset == one.offset);
  }
}

TEST_CASE("keys of a later version are passed over") {
  LockFault fault;
  const auto lock = ReadLock(
      R"({"picket-agents":1,"new":[1],"agents":{"a":{"new":{},"parameters":{"p":{"type":"colour","new":1}}}}})", fault);
  REQUIRE(lock);
  CHECK(lock->Find("a")->FindParameter("p")->type == ValueType::kText);
}

}  // namespace
}  // namespace picket::compiler::agents
