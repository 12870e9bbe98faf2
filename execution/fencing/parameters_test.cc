#include "execution/fencing/parameters.h"

#include <doctest/doctest.h>

#include "execution/fencing/reach.h"

namespace picket::execution {
namespace {

solver::Table TableOf(const solver::Attributes& pairs) {
  solver::Table table;
  for (const auto& [name, value] : pairs) table.Add(name, value);
  return table;
}

TEST_CASE("host maps") {
  struct Row {
    const char* text;
    const char* map;
  };
  for (const Row& row : std::vector<Row>{
           {"", ""},
           {"n1:1", "n1>1"},
           {"n1:1;n2:2,3", "n1>1 n2>2,3"},
           {" n1=1\tn2:2 ", "n1>1 n2>2"},
           {"n1:a:b", "n1>a:b"},
           {"n1;:1;n2:;n3:3", "n3>3"},
           {"n1:1;N1:2", "N1>2"},
           {"n1:1=2", "n1>1=2"},
       }) {
    CAPTURE(row.text);
    std::string map;
    for (const HostPort& entry : ParseHostMap(row.text)) {
      map += (map.empty() ? "" : " ") + entry.host + ">" + entry.port;
    }
    CHECK(map == row.map);
  }
}

TEST_CASE("host lists") {
  struct Row {
    const char* text;
    std::vector<std::string> hosts;
  };
  for (const Row& row : std::vector<Row>{
           {"", {}},
           {"n1,n2;n3 n4\tn5", {"n1", "n2", "n3", "n4", "n5"}},
           {"n1:3 n_2.example-x", {"n1", "n_2.example-x"}},
           {"n1\nn2\\nn3", {"n1", "n2", "n3"}},
           {"n1 invalid-1\nn2", {"n2"}},
           {"on off OFF n1", {"n1"}},
           {"/n1 n2", {"n2"}},
       }) {
    CAPTURE(row.text);
    CHECK(ParseHostList(row.text) == row.hosts);
  }
}

TEST_CASE("how a device's targets are known, and whom it reaches") {
  AgentFacts neither;
  neither.lists = neither.reports_status = false;
  AgentFacts status = neither;
  status.reports_status = true;
  struct Row {
    solver::Attributes parameters;
    AgentFacts facts;
    HostCheck check;
    Reach n1;
  };
  for (const Row& row : std::vector<Row>{
           {{}, {}, HostCheck::kDynamicList, Reach::kAsks},
           {{}, status, HostCheck::kStatus, Reach::kAsks},
           {{}, neither, HostCheck::kNone, Reach::kYes},
           {{{"pcmk_host_list", "n2"}}, {}, HostCheck::kStaticList, Reach::kNo},
           {{{"pcmk_host_list", "N1 n2"}}, {}, HostCheck::kStaticList, Reach::kYes},
           {{{"pcmk_host_map", "n1:7"}}, {}, HostCheck::kStaticList, Reach::kYes},
           {{{"pcmk_host_map", "x:n1"}}, {}, HostCheck::kStaticList, Reach::kYes},
           {{{"pcmk_host_map", "n2:7"}, {"pcmk_host_list", "n1"}}, {}, HostCheck::kStaticList, Reach::kYes},
           {{{"pcmk_host_check", "static-list"}}, {}, HostCheck::kStaticList, Reach::kNo},
           {{{"pcmk_host_check", "None"}, {"pcmk_host_list", "n2"}}, {}, HostCheck::kNone, Reach::kYes},
           {{{"pcmk_host_check", "maybe"}}, {}, HostCheck::kInvalid, Reach::kNo},
       }) {
    const solver::Table parameters = TableOf(row.parameters);
    CAPTURE(parameters.Get("pcmk_host_check"));
    CHECK(HostCheckOf(parameters, row.facts) == row.check);
    CHECK(ReachOf(parameters, row.facts, "n1") == row.n1);
  }
}

TEST_CASE("delays: one for all, or by target, in whole seconds") {
  struct Row {
    solver::Attributes parameters;
    int64_t base_ms;
    int64_t max_ms;
  };
  for (const Row& row : std::vector<Row>{
           {{}, 0, 0},
           {{{"pcmk_delay_base", "5s"}}, 5000, 5000},
           {{{"pcmk_delay_base", "2500ms"}}, 2000, 2000},
           {{{"pcmk_delay_base", "n1:5;n2:0s"}}, 5000, 5000},
           {{{"pcmk_delay_base", "n1:5;n1:9"}}, 5000, 5000},
           {{{"pcmk_delay_base", "n1=5s;n2=0s"}}, 0, 0},
           {{{"pcmk_delay_base", "N1:1m"}, {"pcmk_delay_max", "90"}}, 60000, 90000},
           {{{"pcmk_delay_base", "n2:5"}}, 0, 0},
           {{{"pcmk_delay_max", "7s"}}, 0, 7000},
       }) {
    const solver::Table parameters = TableOf(row.parameters);
    CAPTURE(parameters.Get("pcmk_delay_base"));
    CHECK(DelayBaseMs(parameters, "n1", DelayMap::kColon) == row.base_ms);
    CHECK(DelayMaxMs(parameters, "n1", DelayMap::kColon) == row.max_ms);
  }
  const solver::Table equals = TableOf({{"pcmk_delay_base", "n1=5s;n2=0s"}});
  CHECK(DelayBaseMs(equals, "n1", DelayMap::kColonOrEquals) == 5000);
  CHECK(DelayBaseMs(equals, "n2", DelayMap::kColonOrEquals) == 0);
}

TEST_CASE("what is set for an action") {
  const solver::Table parameters = TableOf({{"pcmk_reboot_timeout", "1500ms"},
                                            {"pcmk_off_timeout", "-1"},
                                            {"pcmk_off_retries", "4"},
                                            {"pcmk_reboot_action", "cycle"},
                                            {"pcmk_action_limit", "-1"}});
  CHECK(ActionTimeoutMs(parameters, "reboot", 60000) == 2000);
  CHECK(ActionTimeoutMs(parameters, "off", 60000) == 60000);
  CHECK(ActionAttempts(parameters, "off") == 4);
  CHECK(ActionAttempts(parameters, "reboot") == 2);
  CHECK(ActionName(parameters, "reboot") == "cycle");
  CHECK(ActionName(parameters, "off") == "off");
  CHECK(ActionLimit(parameters) == -1);
  CHECK(ActionLimit({}) == 1);
  CHECK(ActionFor("reboot", KnownFacts("fence_scsi")) == "off");
  CHECK(ActionFor("reboot", {}) == "reboot");
}

TEST_CASE("the target's name for the device, and the parameter for it") {
  const solver::Table parameters = TableOf({{"pcmk_host_map", "n1:7"}, {"pcmk_host_argument", "none"}});
  CHECK(PortOf(parameters, "N1") == "7");
  CHECK(PortOf(parameters, "n2") == "n2");
  CHECK(HostArgument(parameters, {}).empty());
  CHECK(HostArgument({}, {}) == "plug");
  CHECK(HostArgument({}, KnownFacts("fence_legacy")) == "port");
}

TEST_CASE("agents as they are known") {
  CHECK(KnownFacts("fence_of_my_own") == AgentFacts{});
  CHECK_FALSE(KnownFacts("fence_ipmilan").lists);
  CHECK(KnownFacts("fence_ipmilan").reports_status);
  CHECK(KnownFacts("fence_scsi").unfences);
  CHECK_FALSE(KnownFacts("fence_scsi").reboots);
  CHECK(KnownFacts("fence_kdump").host_argument.empty());
}

}  // namespace
}  // namespace picket::execution
