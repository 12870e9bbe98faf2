#include "execution/fencing/fencing.h"

#include <doctest/doctest.h>

#include "execution/fencing/reach.h"
#include "execution/fencing/tasks.h"
#include "execution/fencing/testing/configuration.h"

namespace picket::execution {
namespace {

using testing::Ban;
using testing::Configuration;
using testing::Device;
using testing::Joined;
using testing::Level;
using testing::Option;

std::string RegisteredOn(const Fencing& fencing, const std::string& node) {
  std::vector<std::string> ids;
  for (const FenceDevice& device : fencing.devices) {
    if (fencing.IsRegistered(device, node)) ids.push_back(device.registered_as);
  }
  return Joined(ids);
}

std::string Dump(const std::vector<std::vector<std::string>>& levels) {
  std::string text;
  for (const auto& level : levels) text += "[" + Joined(level) + "]";
  return text;
}

// tidy: allow(long) a table.
TEST_CASE("a device is registered where the configuration lets it run") {
  const std::string two = Device("p", {}) + Device("q", {});
  const std::string ticket = R"(<rsc_ticket id="k" rsc="p" ticket="T"/>)";
  const std::string exclusive = R"(<rsc_location id="k" rsc="p" node="n1" score="0" resource-discovery="exclusive"/>)";
  const std::string by_rule = R"(<rsc_location id="k" rsc="p"><rule id="r" score="-INFINITY"><expression id="e"
      attribute="rack" operation="eq" value="r2"/></rule></rsc_location>)";
  const std::string by_transient = R"(<rsc_location id="k" rsc="p"><rule id="r" score="-INFINITY"><expression id="e"
      attribute="nowhere" operation="defined"/></rule></rsc_location>)";
  const std::string colocated = Ban("q", "n1") + R"(<rsc_colocation id="k" rsc="p" with-rsc="q" score="-INFINITY"/>)";
  const std::string group = "<group id=\"g\">" + Device("p", {}) + Device("q", {}) + "</group>";
  const std::string disabled_group = "<group id=\"g\">" +
                                     testing::Pairs("meta_attributes", "g", {{"target-role", "stopped"}}) +
                                     Device("p", {}) + "</group>" + Device("q", {});
  const std::string opt_in = Option("symmetric-cluster", "false");
  struct Row {
    const char* name;
    Configuration configuration;
    const char* on_n1;
    const char* on_n2;
  };
  for (const Row& row : std::vector<Row>{
           {"nothing is said", {two}, "p q", "p q"},
           {"banned", {two, Ban("p", "n1")}, "q", "p q"},
           {"any negative score", {two, Ban("p", "n1", "-1")}, "q", "p q"},
           {"preferred elsewhere", {two, Ban("p", "n2", "100")}, "p q", "p q"},
           {"only promoted instances are banned",
            {two, R"(<rsc_location id="l" rsc="p" node="n1" score="-INFINITY" role="Promoted"/>)"},
            "p q",
            "p q"},
           {"by a pattern",
            {two, R"(<rsc_location id="l" rsc-pattern="^[pq]$" node="n2" score="-INFINITY"/>)"},
            "p q",
            ""},
           {"by a set",
            {two, R"(<rsc_location id="l" node="n1" score="-INFINITY"><resource_set id="s">
               <resource_ref id="q"/></resource_set></rsc_location>)"},
            "p",
            "p q"},
           {"by a rule with a permanent attribute", {two, by_rule}, "p q", "q"},
           {"by a rule with an attribute that nobody has", {two, by_transient}, "p q", "p q"},
           {"by a set with what is no device",
            {two + "<clone id=\"c\"><primitive id=\"web\" class=\"ocf\" type=\"Dummy\"/></clone>",
             R"(<rsc_location id="l" node="n1" score="-INFINITY"><resource_set id="s"><resource_ref id="web"/>
               <resource_ref id="q"/></resource_set></rsc_location>)"},
            "p",
            "p q"},
           {"colocations do not count", {two, colocated}, "p", "p q"},
           {"disabled", {Device("p", {}, {{"target-role", "Stopped"}}) + Device("q", {})}, "q", "q"},
           {"disabled by default", {two, "", "", "", Option("target-role", "Stopped")}, "", ""},
           {"a disabled group", {disabled_group}, "q", "q"},
           {"unmanaged", {Device("p", {}, {{"is-managed", "false"}})}, "p", "p"},
           {"opt-in", {two, Ban("p", "n1", "0") + Ban("q", "n2", "5"), "", opt_in}, "p", "q"},
           {"exclusive discovery", {two, exclusive}, "p q", "q"},
           {"a ticket is never seen as granted", {two, ticket}, "q", "q"},
           {"a group is banned", {group, Ban("g", "n1")}, "", "p q"},
           {"of a clone the first instance", {"<clone id=\"c\">" + Device("p", {}) + "</clone>"}, "p:0", "p:0"},
           {"a watchdog that does not fence", {Device("watchdog", {}, {}, "fence_watchdog")}, "", ""},
           {"a watchdog that does",
            {Device("watchdog", {}, {}, "fence_watchdog"), "", "", Option("stonith-watchdog-timeout", "10s")},
            "watchdog",
            "watchdog"},
           {"health by permanent attributes",
            {two, "", "", Option("node-health-strategy", "only-green"), "", Option("#health-disk", "red")},
            "p q",
            ""},
       }) {
    CAPTURE(row.name);
    const Fencing fencing = ReadFencing(row.configuration.Read(), {});
    CHECK(RegisteredOn(fencing, "n1") == row.on_n1);
    CHECK(RegisteredOn(fencing, "n2") == row.on_n2);
    CHECK(RegisteredOn(fencing, "nobody").empty());
  }
}

TEST_CASE("why a device is not registered") {
  const auto why = [](const Configuration& configuration) {
    const Fencing fencing = ReadFencing(configuration.Read(), {});
    return fencing.On(fencing.devices.front(), "n2")->registration;
  };
  const std::string one = Device("p", {});
  CHECK(why({one}) == Registration::kRegistered);
  CHECK(why({one, Ban("p", "n2", "-5")}) == Registration::kBanned);
  CHECK(why({one, "", "", Option("symmetric-cluster", "false")}) == Registration::kNotNamed);
  CHECK(why({Device("p", {}, {{"target-role", "Stopped"}})}) == Registration::kDisabled);
  CHECK(why({one, R"(<rsc_ticket id="k" rsc="p" ticket="T"/>)"}) == Registration::kTicket);
  CHECK(why({one, R"(<rsc_location id="k" rsc="p" node="n1" score="0" resource-discovery="exclusive"/>)"}) ==
        Registration::kExclusive);
  // The second member has no score of its own from the group's location.
  const Fencing group = ReadFencing(
      Configuration{"<group id=\"g\">" + Device("p", {}) + Device("q", {}) + "</group>", Ban("g", "n2")}.Read(), {});
  CHECK(group.On(group.devices[1], "n2")->registration == Registration::kGroupBanned);
}

TEST_CASE("devices come from templates and groups, with what they inherit, and have their parameters by node") {
  Configuration configuration;
  configuration.resources =
      "<template id=\"t\" class=\"stonith\" type=\"fence_ipmilan\">" +
      testing::Pairs("instance_attributes", "t", {{"user", "u"}}) +
      testing::Pairs("meta_attributes", "t", {{"priority", "7"}}) + "</template>" +
      "<primitive id=\"a\" template=\"t\">" + testing::Pairs("instance_attributes", "a", {{"ip", "1"}}) +
      "</primitive>" + "<primitive id=\"web\" class=\"ocf\" provider=\"heartbeat\" type=\"Dummy\"/>" +
      "<group id=\"g\">" + Device("b", {}, {{"priority", "9"}, {"provides", "unfencing"}}) + "</group>" +
      R"(<primitive id="c" class="stonith" type="fence_x"><instance_attributes id="c1"><rule id="cr" score="0">
      <expression id="ce" attribute="rack" operation="eq" value="r2"/></rule><nvpair id="cn" name="ip" value="two"/>
      </instance_attributes></primitive>)";
  const Fencing fencing = ReadFencing(configuration.Read(), {});
  const std::vector<NodeDevice> devices = DevicesOn(fencing, "n2");
  REQUIRE(devices.size() == 3);
  CHECK(devices[0].id == "b");
  CHECK(devices[0].unfences);
  CHECK(devices[1].agent == "fence_ipmilan");
  CHECK(devices[1].parameters.Get("ip") == "1");
  CHECK(devices[1].parameters.Get("user") == "u");
  CHECK_FALSE(devices[1].unfences);
  CHECK(devices[2].parameters.Get("ip") == "two");
  CHECK(DevicesOn(fencing, "n1")[2].parameters.Get("ip").empty());
}

TEST_CASE("one entry is a target's: that of its name, else one of those that match") {
  struct Row {
    const char* name;
    std::string topology;
    const char* target;
    std::vector<std::string> entries;
  };
  const std::string attribute =
      R"(<fencing-level id="la" index="1" target-attribute="rack" target-value="r2" devices="r"/>)";
  for (const Row& row : std::vector<Row>{
           {"nothing", "", "n1", {}},
           {"the name, and not the pattern", Level("n.", 1, "p", "target-pattern") + Level("n1", 2, "a"), "n1", {"n1"}},
           {"another case is a match like others",
            Level("N1", 1, "a") + Level("n.", 1, "p", "target-pattern"),
            "n1",
            {"N1", "n."}},
           {"patterns are searched for", Level("1", 1, "p", "target-pattern"), "n1", {"1"}},
           {"a bad pattern matches nothing", Level("(", 1, "p", "target-pattern"), "n1", {}},
           {"by attribute", attribute, "n2", {"rack=r2"}},
           {"not by attribute", attribute, "n1", {}},
           {"pattern and attribute", attribute + Level("n2", 1, "p", "target-pattern"), "n2", {"n2"}},
           {"pattern or attribute", attribute + Level("n[2]", 1, "p", "target-pattern"), "n2", {"rack=r2", "n[2]"}},
       }) {
    CAPTURE(row.name);
    const Fencing fencing = ReadFencing(Configuration{"", "", row.topology}.Read(), {});
    std::vector<std::string> keys;
    for (const TopologyEntry* entry : EntriesFor(fencing, row.target)) keys.push_back(entry->key);
    CHECK(keys == row.entries);
  }
}

TEST_CASE("levels are tried by index, and of one index the last counts") {
  const Fencing fencing =
      ReadFencing(Configuration{"", "", Level("n1", 3, "c") + Level("n1", 1, "a,b") + Level("n1", 3, "d")}.Read(), {});
  CHECK(Dump(LevelsFor(fencing, "n1")) == "[a b][d]");
  REQUIRE(fencing.topology.size() == 1);
  REQUIRE(fencing.topology[0].replaced.size() == 1);
  CHECK(fencing.topology[0].replaced[0] == std::pair<std::string, std::string>("l-n13-c", "l-n13-d"));
}

TEST_CASE("who can fence: with levels all devices of one are wanted") {
  const std::string devices = Device("a", {{"pcmk_host_list", "n1"}}) + Device("b", {{"pcmk_host_list", "n1 n2"}});
  struct Row {
    const char* name;
    Configuration configuration;
    const char* target;
    const char* nodes;
  };
  for (const Row& row : std::vector<Row>{
           {"any device", {devices}, "n1", "n2 n3"},
           {"no device reaches it", {devices}, "n3", ""},
           {"a whole level", {devices, Ban("a", "n3"), Level("n1", 1, "a,b")}, "n1", "n2"},
           {"nobody has a whole level", {devices, Ban("a", "n2"), Level("n1", 1, "a,b") + Ban("b", "n3")}, "n1", "n3"},
           {"a level of a device that does not reach it", {devices, "", Level("n2", 1, "a")}, "n2", ""},
       }) {
    CAPTURE(row.name);
    const Fencing fencing = ReadFencing(row.configuration.Read(), {});
    CHECK(Joined(NodesThatCanFence(fencing, row.target, {"n1", "n2", "n3"})) == row.nodes);
  }
}

TEST_CASE("nobody fences itself, and some agents let in their own node alone") {
  const AgentFacts plain;
  const AgentFacts scsi = KnownFacts("fence_scsi");
  CHECK(IsEligible(plain, "reboot", "n1", "n2", false));
  CHECK_FALSE(IsEligible(plain, "reboot", "n1", "n1", false));
  CHECK(IsEligible(plain, "reboot", "n1", "n1", true));
  CHECK_FALSE(IsEligible(plain, "on", "n1", "n1", false));
  CHECK(IsEligible(scsi, "on", "n1", "n1", false));
  CHECK_FALSE(IsEligible(scsi, "on", "n1", "n2", false));
  CHECK_FALSE(IsEligible(KnownFacts("fence_kdump"), "on", "n1", "n2", false));
}

}  // namespace
}  // namespace picket::execution
