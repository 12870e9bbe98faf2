#include "runtime/bootstrap/doctor.h"

#include <algorithm>

#include "doctest/doctest.h"
#include "runtime/bootstrap/waivers.h"

using namespace picket;

namespace {

compiler::Topology Pair() {
  compiler::Topology topology;
  topology.cluster = "shop";
  topology.links = {{"lan", {}}};
  topology.nodes = {{"a", 1, {{0, "192.0.2.1"}}, {}}, {"b", 2, {{0, "192.0.2.2"}}, {}}};
  topology.crypto = {{"cipher", "aes256"}, {"hash", "sha256"}};
  return topology;
}

std::string Healthy(const std::string& name, const std::string& address) {
  return "a banner of the login\npicket-probe\t1\nuid\t0\nname\t" + name +
         "\nresolves\ta\t192.0.2.1 \nresolves\tb\t192.0.2.2 \n"
         "interface\t2: eth0@if3: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc noqueue\n"
         "address\t2: eth0    inet " +
         address +
         "/24 brd + scope global eth0\n"
         "process\tchronyd\ncorosync\t3.1.7\npacemaker\t2.1.5\nagent\tocf:heartbeat:IPaddr2\tabc\n"
         "agent\tsystemd:nginx\tdisabled\ncib-folder\thacluster:haclient 750\npassword\tnone\n"
         "disk\t/etc\t900000\nselinux\tabsent\nend\n";
}

std::string With(std::string text, const std::string& old, const std::string& now) {
  const size_t at = text.find(old);
  REQUIRE(at != std::string::npos);
  return text.replace(at, old.size(), now);
}

// The checks that find something where node a is as the text says and b is well.
std::string Amiss(const std::string& a, double offset_s = 0,
                  const std::string& heard = "heard\t0\tb\tsmall\nheard\t0\tb\tlarge\nend\n") {
  const compiler::Topology topology = Pair();
  runtime::Patient patient{topology,
                           {runtime::ReadFacts("a", a), runtime::ReadFacts("b", Healthy("b", "192.0.2.2"))},
                           {runtime::ClockReading{offset_s, 0.1}, runtime::ClockReading{0, 0.1}},
                           {runtime::ReadHearing("a", heard)},
                           {"ocf:heartbeat:IPaddr2", "systemd:nginx"},
                           {},
                           {}};
  std::string names;
  for (const auto& check : runtime::Examine(patient))
    if (!check.findings.empty()) names += (names.empty() ? "" : " ") + check.name;
  return names;
}

}  // namespace

TEST_CASE("nothing is amiss with healthy nodes") {
  CHECK(Amiss(Healthy("a", "192.0.2.1")) == "");
}

TEST_CASE("each fault is found by its check, and by no other") {
  const std::string well = Healthy("a", "192.0.2.1");
  const struct {
    const char *old, *now, *check;
  } cases[] = {
      {"end\n", "", "reach"},
      {"uid\t0", "uid\t1000", "root"},
      {"name\ta", "name\tlocalhost", "node-name"},
      {"resolves\tb\t192.0.2.2 ", "resolves\tb\t", "names"},
      {"resolves\ta\t192.0.2.1 ", "resolves\ta\t127.0.1.1 ", "names"},
      {"inet 192.0.2.1/", "inet 192.0.2.7/", "addresses"},
      {"<BROADCAST,UP,LOWER_UP>", "<BROADCAST>", "addresses"},
      {"end\n", "address\t2: eth0    inet 192.0.2.2/24 x\nend\n", "address-twice"},
      {"mtu 1500", "mtu 1400", "mtu"},
      {"process\tchronyd\n", "", "time-sync"},
      {"disk\t/etc\t900000", "disk\t/etc\t10", "disk"},
      {"pacemaker\t2.1.5\n", "", "pacemaker-version"},
      {"pacemaker\t2.1.5", "pacemaker\t2.1.7", "pacemaker-version"},
      {"corosync\t3.1.7", "corosync\t3.1.5", "corosync-version"},
      {"IPaddr2\tabc", "IPaddr2\tmissing", "agents"},
      {"IPaddr2\tabc", "IPaddr2\txyz", "agent-versions"},
      {"nginx\tdisabled", "nginx\tenabled", "started-at-boot"},
      {"hacluster:haclient 750", "root:root 755", "cib-folder"},
      {"password\tnone", "password\tknown", "password"},
      {"end\n", "file\t/var/lib/pacemaker/cib/cib.xml\t600\tx:y\t9\tabc\t\ncib-nodes\told \nend\n",
       "leftovers"},
      {"end\n", "listens\tudp\tUNCONN 0 0 0.0.0.0:5405 0.0.0.0:* users:((\"nc\",pid=3))\nend\n", "ports"},
      {"end\n", "firewall\tfirewalld\tssh\t80/tcp\nend\n", "firewall"},
      {"selinux\tabsent", "selinux\tEnforcing", "selinux"},
      {"end\n", "unit\tcorosync\tenabled\tfailed\nend\n", "services"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.now);
    CHECK(Amiss(With(well, one.old, one.now)) == one.check);
  }
  CHECK(Amiss(well, 3) == "clock");
  CHECK(Amiss(well, 1.1) == "");  // The reading may be wrong by that much.
  CHECK(Amiss(well, 0, "silent\t0\tb\tsmall\nsilent\t0\tb\tlarge\nend\n") == "udp");
  CHECK(Amiss(well, 0, "heard\t0\tb\tsmall\nsilent\t0\tb\tlarge\nend\n") == "mtu");
  CHECK(Amiss(well, 0, "") == "udp");
}

TEST_CASE("waivers name a check, perhaps a node, and a reason") {
  std::vector<std::string> complaints;
  const auto waivers = runtime::ReadWaivers(
      "cluster c {  # allow doctor.crypto: a cable\n}\nnode a { id=1 }  # allow doctor.clock: a test  \n"
      "node b { }  # allow doctor.clokc: x\n# allow doctor.udp:\n",
      complaints);
  REQUIRE(waivers.size() == 2);
  CHECK(runtime::WaiverFor(waivers, "crypto", "")->reason == "a cable");
  CHECK(runtime::WaiverFor(waivers, "clock", "a")->reason == "a test");
  CHECK(runtime::WaiverFor(waivers, "clock", "b") == nullptr);
  REQUIRE(complaints.size() == 2);
  CHECK(complaints[0].find("line 4") != std::string::npos);
  CHECK(complaints[1].find("no reason") != std::string::npos);
}
