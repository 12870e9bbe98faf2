#include "runtime/fencer/host_map.h"

#include <doctest/doctest.h>

#include "runtime/fencer/agent_facts.h"

namespace picket::runtime {
namespace {

std::string Dump(const std::vector<HostPort>& map) {
  std::string text;
  for (const HostPort& entry : map) text += "[" + entry.host + "|" + entry.port + "]";
  return text;
}

std::string Dump(const std::vector<ListedTarget>& targets) {
  std::string text;
  for (const ListedTarget& target : targets) text += "[" + target.plug + "|" + target.alias + "]";
  return text;
}

std::string Dump(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += "[" + word + "]";
  return text;
}

solver::Table Of(const solver::Attributes& pairs) {
  solver::Table table;
  for (const auto& [name, value] : pairs) table.Set(name, value);
  return table;
}

TEST_CASE("pcmk_host_map") {
  CHECK(Dump(ParseHostMap("n1:1;n2:2,3")) == "[n1|1][n2|2,3]");
  CHECK(Dump(ParseHostMap("n1=1 n2=2\tn3:3\n")) == "[n1|1][n2|2][n3|3]");
  CHECK(Dump(ParseHostMap("n1:a:b;n2:c=d")) == "[n1|a:b][n2|c=d]");
  CHECK(Dump(ParseHostMap(R"(n1:outlet\ 1;n2:a\;b;n3:c\\)")) == R"([n1|outlet 1][n2|a;b][n3|c\])");
  CHECK(Dump(ParseHostMap(";;n1;n2:;:3; n4:4;")) == "[n4|4]");
  CHECK(Dump(ParseHostMap("")).empty());
  CHECK(Dump(ParseHostMap("n1:1\\")) == "[n1|1\\]");
}

TEST_CASE("pcmk_host_list") {
  CHECK(Dump(ParseHostList("n1,n2;n3 n4")) == "[n1][n2][n3][n4]");
  CHECK(Dump(ParseHostList(" ,n1,, n2 ")) == "[n1][n2]");
  CHECK(Dump(ParseHostList("")).empty());
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

TEST_CASE("how targets are known") {
  AgentFacts lists;
  AgentFacts answers_status;
  answers_status.lists = false;
  AgentFacts answers_nothing;
  answers_nothing.lists = answers_nothing.reports_status = false;
  struct Row {
    solver::Attributes parameters;
    AgentFacts facts;
    HostCheck check;
  };
  for (const Row& row : std::vector<Row>{
           {{}, lists, HostCheck::kDynamicList},
           {{}, answers_status, HostCheck::kStatus},
           {{}, answers_nothing, HostCheck::kNone},
           {{{"pcmk_host_list", "n1"}}, lists, HostCheck::kStaticList},
           {{{"pcmk_host_map", "n1:1"}}, lists, HostCheck::kStaticList},
           {{{"pcmk_host_map", "n1:1"}, {"pcmk_host_check", "dynamic-list"}}, lists, HostCheck::kDynamicList},
           {{{"pcmk_host_list", "n1"}, {"pcmk_host_check", "none"}}, lists, HostCheck::kNone},
           {{{"pcmk_host_check", "status"}}, lists, HostCheck::kStatus},
           {{{"pcmk_host_check", "static-list"}}, lists, HostCheck::kStaticList},
           {{{"pcmk_list_action", "ports"}}, answers_nothing, HostCheck::kDynamicList},
           {{{"pcmk_host_check", "nonsense"}}, answers_nothing, HostCheck::kNone},
       }) {
    CAPTURE(row.parameters);
    CHECK(HostCheckOf(Of(row.parameters), row.facts) == row.check);
  }
}

TEST_CASE("whom a device reaches, and under which name") {
  const solver::Table map = Of({{"pcmk_host_map", "n1:7;N2:8"}, {"pcmk_host_list", "n3"}});
  CHECK(ReachOf(map, "n1") == Reach::kYes);
  CHECK(ReachOf(map, "n2") == Reach::kYes);
  CHECK(ReachOf(map, "n3") == Reach::kYes);
  CHECK(ReachOf(map, "n4") == Reach::kNo);
  CHECK(PortOf(map, "n2") == "8");
  CHECK(PortOf(map, "n3") == "n3");
  CHECK(ReachOf(Of({}), "n1") == Reach::kPerhaps);
  CHECK(ReachOf(Of({{"pcmk_host_check", "none"}}), "n1") == Reach::kYes);
  CHECK(ReachOf(Of({{"pcmk_host_check", "static-list"}}), "n1") == Reach::kNo);
}

TEST_CASE("delays are for all targets or for each its own") {
  CHECK(DelayBaseOf(Of({}), "n1") == 0);
  CHECK(DelayBaseOf(Of({{"pcmk_delay_base", "5s"}}), "n1") == 5000);
  CHECK(DelayBaseOf(Of({{"pcmk_delay_base", "n1:5s;n2:0"}}), "n1") == 5000);
  CHECK(DelayBaseOf(Of({{"pcmk_delay_base", "n1:5s;n2:0"}}), "n2") == 0);
  CHECK(DelayBaseOf(Of({{"pcmk_delay_base", "n1:5s"}}), "n3") == 0);
  CHECK(DelayBaseOf(Of({{"pcmk_delay_base", "soon"}}), "n1") == 0);
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
