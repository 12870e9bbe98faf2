#include "runtime/fencer/listed_targets.h"

#include <doctest/doctest.h>

#include "runtime/fencer/agent_facts.h"

namespace picket::runtime {
namespace {

std::string Dump(const std::vector<ListedTarget>& targets) {
  std::string text;
  for (const ListedTarget& target : targets) text += "[" + target.plug + "|" + target.alias + "]";
  return text;
}

TEST_CASE("what agents list") {
  CHECK(Dump(ParseTargets("n1,\nn2,outlet 2\n")) == "[n1|][n2|outlet 2]");
  CHECK(Dump(ParseTargets("1,n1,on\r\n2 , n2 ,off")) == "[1|n1][2|n2]");
  // Words without a comma are plugs of their own, never another name of the first.
  CHECK(Dump(ParseTargets("n1 n2\n\nn3\n")) == "[n1|][n2|][n3|]");
}

TEST_CASE("hostile lists are bounded and names of several plugs name none") {
  CHECK(Dump(ParseTargets("n1\x01,\n" + std::string(100000, 'x') + ",n2\n,n3\nn4,\n")) == "[n4|]");
  std::string many;
  for (int i = 0; i < 10000; ++i) many += "p" + std::to_string(i) + ",\n";
  CHECK(ParseTargets(many).size() == 4096);
  const auto targets = ParseTargets("1,n1\n2,n1\n3,n2\nn3,n2\n4,n3\n5,n4\n5,n4\n");
  CHECK_FALSE(PlugOf(targets, "n1"));
  CHECK_FALSE(PlugOf(targets, "n2"));
  CHECK(PlugOf(targets, "N3") == "n3");
  CHECK(PlugOf(targets, "n4") == "5");
  CHECK_FALSE(PlugOf(targets, ""));
}

TEST_CASE("what agents say of themselves") {
  const auto facts = ReadAgentFacts(R"(warning: old python
<?xml version="1.0"?><resource-agent name="x"><parameters><parameter name="port"/><parameter name="plug"/>
</parameters><actions><action name="on" on_target="1" automatic="1"/><action name="off"/>
<action name="list"/></actions></resource-agent>)");
  REQUIRE(facts);
  CHECK(facts->host_argument == "plug");
  CHECK_FALSE(facts->reboots);
  CHECK(facts->lists);
  CHECK_FALSE(facts->reports_status);
  CHECK(facts->unfences);
  CHECK(facts->on_by_target);
  CHECK(facts->switches_on);
  const auto plain = ReadAgentFacts(
      R"(<resource-agent><parameters/><actions><action name="reboot"/><action name="on" automatic="0"/></actions>
</resource-agent>)");
  const auto kdump = ReadAgentFacts(R"(<resource-agent><actions><action name="off"/></actions></resource-agent>)");
  REQUIRE(kdump);
  CHECK_FALSE(kdump->switches_on);
  REQUIRE(plain);
  CHECK(plain->host_argument.empty());
  CHECK(plain->reboots);
  CHECK_FALSE(plain->unfences);
}

TEST_CASE("what is no metadata says nothing") {
  CHECK_FALSE(ReadAgentFacts(""));
  CHECK_FALSE(ReadAgentFacts("error: no such action"));
  CHECK_FALSE(ReadAgentFacts("<resource-agent><actions><action name=\"on\">"));
  CHECK_FALSE(ReadAgentFacts("<resource-agent><parameters/></resource-agent>"));
  std::string deep = "<resource-agent>";
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  CHECK_FALSE(ReadAgentFacts(deep));
}

}  // namespace
}  // namespace picket::runtime
