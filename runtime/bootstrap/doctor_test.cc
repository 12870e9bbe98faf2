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
      {"end\n", "file\t/var/lib/pacemaker/cib/cib.xml\t600\tx:y\t9\tabc\t\ncib-nodes\told \nend\n", "leftovers"},
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

TEST_CASE("what a firewall lets in is compared port by port") {
  const std::string well = Healthy("a", "192.0.2.1");
  const auto with = [&](const std::string& line) {
    return Amiss(With(well, "end\n", "firewall\t" + line + "\nend\n"));
  };
  CHECK(with("firewalld\t\t5404-5412/udp") == "");
  CHECK(with("ufw\t\t22/tcp 5404:5412/udp") == "");
  CHECK(with("ufw\t\t5405") == "");
  CHECK(with("firewalld\thigh-availability ssh\t") == "");
  CHECK(with("firewalld\t\t15405/udp") == "firewall");
  CHECK(with("firewalld\t\t5405/tcp") == "firewall");
  CHECK(with("firewalld\t\t") == "firewall");
}

TEST_CASE("a link has the port that the policy gives it") {
  compiler::Topology topology = Pair();
  CHECK(runtime::PortOf(topology, 0) == 5405);
  topology.links.push_back({"back", {{"mcastport", "5999"}}});
  CHECK(runtime::PortOf(topology, 1) == 5999);
  CHECK(runtime::PortOf(topology, 2) == 5407);
  const std::string closed = With(Healthy("a", "192.0.2.1"), "end\n", "firewall\tfirewalld\t\t5405/udp\nend\n");
  const runtime::Patient patient{
      topology, {runtime::ReadFacts("a", closed), runtime::ReadFacts("b", Healthy("b", "192.0.2.2"))},
      {{}, {}}, {},
      {},       {},
      {}};
  std::string evidence;
  for (const auto& check : runtime::Examine(patient))
    if (check.name == "firewall" && !check.findings.empty()) evidence = check.findings[0].evidence;
  CHECK(evidence == "firewalld does not let in udp/5999");
}

TEST_CASE("what a hostile node tells is neither believed nor repeated as it came") {
  const std::string well = Healthy("a", "192.0.2.1");
  // Links that the policy does not have, and words without values.
  CHECK(Amiss(well, 0, "silent\t99999999\tb\tsmall\nclosed\t99999999\tx\nend\n") == "udp");
  CHECK(Amiss(With(well, "end\n", "address\ninterface\ndrbd-port\nlink\nend\n")) == "");
  CHECK(runtime::ReadFacts("a", "picket-probe\t1\nname\t\x1b[2Ja\nend\n").One("name") == "?[2Ja");
  std::string endless = "picket-probe\t1\n";
  for (int i = 0; i < 30000; ++i) endless += "x\ty\n";
  CHECK(runtime::ReadFacts("a", endless + "end\n").trouble == "the probe told too much");
  // No port, and so no command that somebody would paste.
  const std::string port = "firewall\tufw\t\t5405/udp\ndrbd-port\t1; reboot #\nend\n";
  CHECK(Amiss(With(well, "end\n", port)) == "");
}

TEST_CASE("where no node is reached nothing is well but what the policy says itself") {
  const compiler::Topology topology = Pair();
  const runtime::Patient patient{
      topology, {runtime::ReadFacts("a", ""), runtime::ReadFacts("b", "")}, {{}, {}}, {}, {}, {}, {}};
  std::string well;
  for (const auto& check : runtime::Examine(patient))
    if (check.findings.empty() && !check.evidence.empty()) well += check.name + " ";
  CHECK(well == "crypto ");
}

TEST_CASE("what was not looked at is not called well") {
  compiler::Topology topology = Pair();
  for (auto& node : topology.nodes) node.addresses[0].address = node.name + ".example";
  // Corosync runs on one of the two nodes and has the port there, so UDP cannot be tried.
  const std::string running = With(Healthy("a", "192.0.2.1"), "end\n", "process\tcorosync\nend\n");
  const runtime::Patient patient{
      topology, {runtime::ReadFacts("a", running), runtime::ReadFacts("b", Healthy("b", "192.0.2.2"))},
      {{}, {}}, {},
      {},       {},
      {}};
  for (const auto& check : runtime::Examine(patient))
    if (check.name == "udp" || check.name == "addresses") CHECK(check.evidence == "");
}

TEST_CASE("an address of IPv6 is found in whatever spelling") {
  compiler::Topology topology = Pair();
  for (auto& node : topology.nodes) node.addresses[0].address = "2001:DB8:0:0::" + std::to_string(node.id);
  const auto with = [](const std::string& node, const std::string& inet6) {
    return runtime::ReadFacts(node, With(Healthy(node, "192.0.2.9"), "end\n",
                                         "address\t2: eth0    inet6 " + inet6 + "/64 scope global\nend\n"));
  };
  const auto found = [&](const std::string& of_b) {
    const runtime::Patient patient{topology, {with("a", "2001:db8::1"), with("b", of_b)}, {{}, {}}, {}, {}, {}, {}};
    std::string said;
    for (const auto& check : runtime::Examine(patient))
      if (check.name == "addresses") said = check.findings.empty() ? check.evidence : check.findings[0].evidence;
    return said;
  };
  CHECK(found("2001:db8::2") == "every address of the policy is on an interface that is up");
  CHECK(found("2001:db8::3").find("2001:DB8:0:0::2") != std::string::npos);
}

TEST_CASE("SBD's times, on the disks and in the policy, are a chain") {
  const compiler::Topology topology = Pair();
  const auto amiss = [&](const std::string& lines, std::optional<std::int64_t> fencing_ms) {
    const std::string sbd = "watchdog\t/dev/watchdog\nprocess\tsbd\nsbd\tSBD_WATCHDOG_TIMEOUT\t5\n" + lines + "end\n";
    runtime::Patient patient{topology,
                             {runtime::ReadFacts("a", With(Healthy("a", "192.0.2.1"), "end\n", sbd)),
                              runtime::ReadFacts("b", Healthy("b", "192.0.2.2"))},
                             {{}, {}},
                             {},
                             {},
                             {},
                             {}};
    patient.fencing_timeout_ms = fencing_ms;
    std::string evidence;
    for (const auto& check : runtime::Examine(patient))
      if (check.name == "watchdog")
        for (const auto& finding : check.findings) evidence += finding.evidence + "\n";
    return evidence;
  };
  CHECK(amiss("sbd-disk\t/dev/x\t5\t10\n", 60000) == "");
  CHECK(amiss("sbd-disk\t/dev/x\t5\t9\n", 60000).find("less than twice the watchdog") != std::string::npos);
  CHECK(amiss("sbd-disk\t/dev/x\t2\t8\n", 60000).find("more than half of msgwait") != std::string::npos);
  CHECK(amiss("sbd-disk\t/dev/x\t15\t60\n", 60000).find("is less than 1.2") != std::string::npos);
  CHECK(amiss("sbd-disk\t/dev/x\t15\t50\n", 60000) == "");
  CHECK(amiss("sbd-disk\t/dev/x\t\t\n", std::nullopt) == "the SBD disk /dev/x cannot be read\n");
}

TEST_CASE("agents that are not those of the lock") {
  const compiler::Topology topology = Pair();
  auto lock = std::make_shared<compiler::agents::Lock>();
  lock->packages["resource-agents"] = "4.12.0-2";
  compiler::agents::Agent& locked = lock->agents["ocf:heartbeat:IPaddr2"];
  locked.name = "ocf:heartbeat:IPaddr2";
  locked.package = "resource-agents";
  locked.parameters = {{.name = "nic"}};
  locked.actions = {{.name = "monitor"}};
  const auto amiss = [&](const std::string& lines, const std::string& agent = "ocf:heartbeat:IPaddr2") {
    runtime::Patient patient{
        topology,
        {runtime::ReadFacts("a", Healthy("a", "192.0.2.1")), runtime::ReadFacts("b", Healthy("b", "192.0.2.2"))},
        {{}, {}},
        {},
        {agent},
        {},
        {}};
    patient.lock = lock;
    patient.lock_name = "agents.lock";
    patient.described = {runtime::ReadFacts("a", "picket-probe\t1\n" + lines + "end\n")};
    std::string evidence;
    for (const auto& check : runtime::Examine(patient))
      if (check.name == "agents-lock")
        evidence = check.findings.empty() ? "well: " + check.evidence : check.findings[0].evidence;
    return evidence;
  };
  const auto metadata = [](const std::string& parameters) {
    return "metadata\tocf:heartbeat:IPaddr2\t" +
           runtime::ToBase64("<resource-agent name=\"IPaddr2\"><parameters>" + parameters +
                             "</parameters><actions><action name=\"monitor\"/></actions></resource-agent>") +
           "\n";
  };
  const std::string nic = "<parameter name=\"nic\"><content type=\"string\"/></parameter>";
  CHECK(amiss(metadata(nic) + "package\tresource-agents\t4.12.0-2\n") == "well: 1 agents are as in agents.lock");
  CHECK(amiss(metadata(nic) + "package\tresource-agents\t4.13.0-1\n") ==
        "resource-agents is 4.13.0-1, and agents.lock has 4.12.0-2");
  CHECK(amiss(metadata("")) == "ocf:heartbeat:IPaddr2 is not as in agents.lock: it has no parameter `nic`");
  CHECK(amiss("metadata\tocf:heartbeat:IPaddr2\t!\n").find("does not say what it is") != std::string::npos);
  CHECK(amiss("metadata\nmetadata\t\npackage\npackage\tother\t1\n") == "well: 1 agents are as in agents.lock");
  CHECK(amiss("", "ocf:heartbeat:apache") == "ocf:heartbeat:apache is not in agents.lock");
}

TEST_CASE("a waiver is a comment of its own") {
  std::vector<std::string> complaints;
  const auto waivers = runtime::ReadWaivers(
      "primitive a x { y=\"# allow doctor.crypto: sneaky\" }\n"
      "# write allow doctor.X to waive one\n"
      "node \"n2\" { id=2 }  # allow doctor.clock: no battery\n",
      complaints);
  CHECK(complaints == std::vector<std::string>());
  REQUIRE(waivers.size() == 1);
  CHECK(waivers[0].check == "clock");
  CHECK(waivers[0].node == "n2");
}
