#include "runtime/bootstrap/plan.h"

#include "doctest/doctest.h"

using namespace picket;

namespace {

compiler::Topology Shop(size_t count) {
  compiler::Topology topology;
  topology.cluster = "shop";
  topology.links = {{"lan", {}}};
  topology.two_node = count == 2;
  for (std::uint32_t id = 1; id <= count; ++id)
    topology.nodes.push_back({"n" + std::to_string(id), id, {{0, "192.0.2." + std::to_string(id)}}, {}});
  topology.crypto = {{"cipher", "aes256"}, {"hash", "sha256"}};
  return topology;
}

std::string FileLine(const std::string& path, const std::string& mode, const std::string& digest,
                     const std::string& text) {
  return "file\t" + path + "\t" + mode + "\troot:root\t" + std::to_string(text.size()) + "\t" + digest + "\t" +
         runtime::ToBase64(text) + "\n";
}

// A node as a machine is that was installed and nothing else.
std::string Bare(const compiler::Topology& topology, const std::string& name) {
  std::string text = "picket-probe\t1\nuid\t0\nname\t" + name + "\n";
  for (const auto& node : topology.nodes)
    text += "resolves\t" + node.name + "\t" + node.addresses.front().address + " \n";
  return text + FileLine("/etc/hosts", "644", "h", "127.0.0.1 localhost\n") +
         "corosync\t3.1.7\npacemaker\t2.1.5\ninstalls-with\tapt-get\nunit\tcorosync\tdisabled\tinactive\n"
         "unit\tpacemaker\tdisabled\tinactive\n";
}

std::string Cmap(const compiler::Topology& topology) {
  std::string text = "cmap\ttotem.cluster_name (str) = " + topology.cluster + "\ncmap\ttotem.transport (str) = knet\n" +
                     "cmap\ttotem.crypto_cipher (str) = aes256\ncmap\ttotem.crypto_hash (str) = sha256\n" +
                     "cmap\tquorum.provider (str) = corosync_votequorum\n";
  if (topology.two_node) text += "cmap\tquorum.two_node (u8) = 1\n";
  for (size_t i = 0; i < topology.nodes.size(); ++i) {
    const auto& node = topology.nodes[i];
    const std::string at = "cmap\tnodelist.node." + std::to_string(i) + ".";
    text += at + "name (str) = " + node.name + "\n" + at + "nodeid (u32) = " + std::to_string(node.id) + "\n" + at +
            "ring0_addr (str) = " + node.addresses[0].address + "\n" + "cmap\truntime.members." +
            std::to_string(node.id) + ".status (str) = joined\nlink\tnodeid: " + std::to_string(node.id) +
            ": connected\nonline\t" + node.name + "\n";
  }
  return text;
}

// A node that runs in `topology`.
std::string Running(const compiler::Topology& topology, const std::string& name, const std::string& key = "k") {
  std::string nodes;
  for (const auto& node : topology.nodes) nodes += node.name + " ";
  std::string text = Bare(topology, name);
  for (size_t at = 0; (at = text.find("disabled\tinactive", at)) != std::string::npos;)
    text.replace(at, 17, "enabled\tactive");
  return text + FileLine("/etc/corosync/corosync.conf", "644", "c", compiler::CorosyncConf(topology)) +
         FileLine("/etc/corosync/authkey", "400", key, "") + "process\tcorosync\nprocess\tpacemakerd\n" +
         "running-name\tshop\nstate\t/var/lib/pacemaker/cib\t9\ncib-nodes\t" + nodes +
         "\nquorum\tQuorate:          Yes\nquorum\tNodes:  " + std::to_string(topology.nodes.size()) +
         "\nlink\tLINK ID 0 udp\n" + Cmap(topology);
}

runtime::BootstrapPlan Plan(const compiler::Topology& topology, const std::vector<std::string>& texts,
                            const std::vector<std::string>& leaving = {},
                            const std::vector<runtime::Waiver>& waivers = {}) {
  std::vector<runtime::NodeFacts> nodes, others;
  for (size_t i = 0; i < texts.size(); ++i)
    nodes.push_back(runtime::ReadFacts(topology.nodes[i].name, texts[i] + "end\n"));
  const auto leave = runtime::NodesThatLeave(topology, nodes);
  REQUIRE(leave.size() == leaving.size());
  for (size_t i = 0; i < leaving.size(); ++i) others.push_back(runtime::ReadFacts(leave[i].name, leaving[i] + "end\n"));
  return runtime::PlanBootstrap(topology, nodes, leave, others, waivers);
}

// What is done to a node, in few words.
std::string Told(const runtime::NodeSteps& steps) {
  std::string text;
  for (const std::string& unit : steps.stop) text += "stop " + unit + "; ";
  for (const auto& move : steps.aside) text += "aside " + move.pattern + "; ";
  if (steps.write_key) text += "key; ";
  for (const auto& file : steps.files) text += file.path + "; ";
  for (const std::string& unit : steps.disable) text += "disable " + unit + "; ";
  for (const std::string& unit : steps.enable) text += "enable " + unit + "; ";
  for (const std::string& unit : steps.start) text += "start " + unit + "; ";
  return text;
}

std::string Objections(const runtime::BootstrapPlan& plan) {
  std::string text;
  for (const auto& objection : plan.objections) text += objection.node + ": " + objection.what + "\n";
  return text;
}

std::string With(std::string text, const std::string& old, const std::string& now) {
  const size_t at = text.find(old);
  REQUIRE(at != std::string::npos);
  return text.replace(at, old.size(), now);
}

const std::string kFresh =
    "key; /etc/corosync/corosync.conf; enable corosync; enable pacemaker; start corosync; start pacemaker; ";

}  // namespace

TEST_CASE("bare nodes get a fresh key, corosync.conf and services") {
  const auto topology = Shop(2);
  const auto plan = Plan(topology, {Bare(topology, "n1"), Bare(topology, "n2")});
  CHECK(Objections(plan) == "");
  CHECK(plan.key == runtime::KeySource::kFresh);
  CHECK_FALSE(plan.stops_all);
  CHECK(plan.reload_on == "");
  for (const auto& steps : plan.nodes) CHECK(Told(steps) == kFresh);
  CHECK(plan.nodes[0].files[0].after == compiler::CorosyncConf(topology));
}

TEST_CASE("nothing is done to a cluster that is as the policy says") {
  const auto topology = Shop(3);
  const auto plan = Plan(topology, {Running(topology, "n1"), Running(topology, "n2"), Running(topology, "n3")});
  CHECK(Objections(plan) == "");
  CHECK(plan.empty());
  CHECK(runtime::NotYet(runtime::ReadFacts("n1", Running(topology, "n1") + "end\n"), topology).empty());
}

TEST_CASE("what is done to one bare node depends on what is there") {
  const auto topology = Shop(2);
  const std::string bare = Bare(topology, "n1");
  const std::string ghost =
      FileLine("/etc/corosync/corosync.conf", "644", "d",
               "totem {\nversion: 2\ncluster_name: debian\n}\nnodelist {\nnode {\nname: node1\nnodeid: 1\n"
               "ring0_addr: 127.0.0.1\n}\n}\n") +
      "state\t/var/lib/pacemaker/cib\t12\nstate\t/var/lib/pacemaker/pengine\t3\ncib-primitives\t0\n";
  const struct {
    const char* what;
    std::string text, steps, objections;
  } cases[] = {
      {"a machine of another name", With(bare, "name\tn1", "name\tlocalhost"),
       "key; /etc/hostname; " + kFresh.substr(5), ""},
      {"names by loopback", With(bare, "n1\t192.0.2.1", "n1\t127.0.1.1"), "key; /etc/hosts; " + kFresh.substr(5), ""},
      {"an old CIB", bare + "state\t/var/lib/pacemaker/cib\t3\n", "aside /var/lib/pacemaker/cib/cib*; " + kFresh, ""},
      {"an old ring", bare + "state\t/var/lib/corosync\t1\n", "aside /var/lib/corosync/ringid_*; " + kFresh, ""},
      {"the package's example, at rest", bare + ghost,
       "aside /var/lib/pacemaker/cib/cib*; aside /var/lib/pacemaker/pengine/pe-*; " + kFresh, ""},
      {"the package's example, at work",
       bare + ghost + "process\tcorosync\nprocess\tpacemakerd\nrunning-name\tdebian\n",
       "stop pacemaker; stop corosync; aside /var/lib/pacemaker/cib/cib*; aside "
       "/var/lib/pacemaker/pengine/pe-*; " +
           kFresh,
       ""},
      {"picketd that starts at boot", bare + "unit\tpicketd\tenabled\tinactive\n",
       "key; /etc/corosync/corosync.conf; disable picketd; enable corosync; enable pacemaker; start "
       "corosync; "
       "start pacemaker; ",
       ""},
      {"another cluster at work", bare + "process\tcorosync\nrunning-name\tprod\n", "",
       "n1: runs a cluster called `prod`\n"},
      {"picketd at work", bare + "process\tpicketd\n", "", "n1: picketd runs there, and the policy is for pacemaker\n"},
      {"no Pacemaker", With(bare, "pacemaker\t2.1.5\n", ""), "", "n1: not installed: pacemaker\n"},
      {"no systemd", bare + "lacks\tsystemctl\n", "", "n1: there is no systemctl\n"},
      {"not root", With(bare, "uid\t0", "uid\t1000"), "", "n1: reached as a user who is not root\n"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.what);
    const auto plan = Plan(topology, {one.text, Bare(topology, "n2")});
    CHECK(Objections(plan) == one.objections);
    if (one.objections.empty()) CHECK(Told(plan.nodes[0]) == one.steps);
    if (one.objections.empty()) CHECK(Told(plan.nodes[1]) == kFresh);
  }
}

TEST_CASE("a key that all share is kept, one that the cluster has is copied, and of several none counts") {
  const auto topology = Shop(2);
  const auto with_key = [&](const std::string& name, const std::string& digest) {
    return Bare(topology, name) + FileLine("/etc/corosync/authkey", "400", digest, "");
  };
  using runtime::KeySource;
  CHECK(Plan(topology, {with_key("n1", "k"), with_key("n2", "k")}).key == KeySource::kKept);
  CHECK(Plan(topology, {with_key("n1", "k"), with_key("n2", "l")}).key == KeySource::kFresh);
  CHECK(Plan(topology, {with_key("n1", "k"), Bare(topology, "n2")}).key == KeySource::kFresh);
  const auto copied = Plan(topology, {Bare(topology, "n1"), Running(topology, "n2")});
  CHECK(copied.key == KeySource::kCopied);
  CHECK(copied.key_from == "n2");
  CHECK(copied.nodes[0].write_key);
  CHECK_FALSE(copied.nodes[1].write_key);
  // What runs with different keys has to stop before it can run with one.
  const auto torn = Plan(topology, {Running(topology, "n1", "k"), Running(topology, "n2", "l")});
  CHECK(torn.key == KeySource::kFresh);
  CHECK(torn.stops_all);
  // Only who may read the key is wrong: nothing restarts.
  const auto open =
      Plan(topology, {With(Running(topology, "n1"), "authkey\t400", "authkey\t644"), Running(topology, "n2")});
  CHECK(open.key == KeySource::kKept);
  CHECK(Told(open.nodes[0]) == "key; ");
  CHECK(open.nodes[1].empty());
}

TEST_CASE("a node is added to a cluster that runs") {
  const auto before = Shop(2), after = Shop(3);
  std::string old = "state\t/var/lib/pacemaker/cib\t3\n";
  const auto plan = Plan(after, {Running(before, "n1") + "resolves\tn3\t192.0.2.3 \n",
                                 Running(before, "n2") + "resolves\tn3\t192.0.2.3 \n", Bare(after, "n3") + old});
  CHECK(Objections(plan) == "");
  CHECK(plan.key == runtime::KeySource::kCopied);
  CHECK(Told(plan.nodes[0]) == "/etc/corosync/corosync.conf; ");
  CHECK(Told(plan.nodes[2]) == "aside /var/lib/pacemaker/cib/cib*; " + kFresh);
  CHECK(plan.nodes[2].joins);
  CHECK(plan.reload_on == "n1");
  CHECK_FALSE(plan.stops_all);
  REQUIRE(!plan.notes.empty());
  CHECK(plan.notes[0] == "quorum: 1 of 2 votes (two_node) -> 2 of 3 votes");
}

TEST_CASE("a node that has the cluster's file and is in nobody's list starts without its old CIB") {
  const auto before = Shop(2), after = Shop(3);
  const std::string stray = Bare(after, "n3") +
                            FileLine("/etc/corosync/corosync.conf", "644", "c", compiler::CorosyncConf(after)) +
                            "state\t/var/lib/pacemaker/cib\t3\n";
  const auto plan = Plan(after, {Running(before, "n1"), Running(before, "n2"), stray});
  CHECK(plan.nodes[2].joins);
  CHECK(plan.nodes[2].aside.size() == 1);
}

TEST_CASE("a node is removed from a cluster that runs") {
  const auto before = Shop(3), after = Shop(2);
  const std::vector<std::string> stay = {Running(before, "n1"), Running(before, "n2")};
  const auto plan = Plan(after, stay, {Running(before, "n3")});
  CHECK(Objections(plan) == "");
  REQUIRE(plan.nodes.size() == 3);
  CHECK(plan.nodes[2].leaves);
  CHECK(Told(plan.nodes[2]) ==
        "stop pacemaker; stop corosync; aside /etc/corosync/corosync.conf; aside /etc/corosync/authkey; "
        "aside /var/lib/pacemaker/cib/cib*; disable pacemaker; disable corosync; ");
  CHECK(plan.reload_on == "n1");
  CHECK(plan.forgotten == std::vector<std::string>{"n3"});
  CHECK(plan.forget_on == "n1");
  CHECK(plan.notes[0] == "quorum: 2 of 3 votes -> 1 of 2 votes (two_node)");

  // It is not reached, and the others still have it among them: it must not be taken out.
  CHECK(Objections(Plan(after, stay, {""})).starts_with("n3: leaves the cluster but is still a member of it"));
  // They have it no more.
  std::vector<std::string> alone = stay;
  for (std::string& text : alone)
    text = With(With(text, "runtime.members.3.status (str) = joined", "runtime.members.3.status (str) = left"),
                "online\tn3\n", "");
  const auto gone = Plan(after, alone, {""});
  CHECK(Objections(gone) == "");
  CHECK(gone.nodes.size() == 2);
  CHECK(gone.forgotten == std::vector<std::string>{"n3"});
}

TEST_CASE("what was killed in the middle goes on") {
  const auto before = Shop(2), after = Shop(3);
  // The files are in place, and the Corosync that runs has not read them.
  std::string half = Running(before, "n1");
  const std::string old_conf = FileLine("/etc/corosync/corosync.conf", "644", "c", compiler::CorosyncConf(before));
  const std::string new_conf = FileLine("/etc/corosync/corosync.conf", "644", "c", compiler::CorosyncConf(after));
  const std::string n3 = Bare(after, "n3") + new_conf + FileLine("/etc/corosync/authkey", "400", "k", "");
  const auto plan = Plan(after, {With(half, old_conf, new_conf) + "resolves\tn3\t192.0.2.3\n",
                                 With(Running(before, "n2"), old_conf, new_conf) + "resolves\tn3\t192.0.2.3\n", n3});
  CHECK(plan.reload_on == "n1");
  CHECK(plan.nodes[0].empty());
  CHECK(Told(plan.nodes[2]) == "enable corosync; enable pacemaker; start corosync; start pacemaker; ");
  CHECK_FALSE(plan.empty());
  // The node has left, and the CIB still has it.
  const auto left =
      Plan(before, {With(Running(before, "n1"), "cib-nodes\tn1 n2", "cib-nodes\tn1 n2 n3"), Running(before, "n2")});
  CHECK(left.forgotten == std::vector<std::string>{"n3"});
  CHECK_FALSE(left.empty());
}

TEST_CASE("settings that a reload does not change are told as what they take") {
  auto after = Shop(2);
  const auto before = Shop(2);
  const std::vector<std::string> texts = {Running(before, "n1"), Running(before, "n2")};
  after.wait_for_all = false;
  const auto later = Plan(after, texts);
  CHECK_FALSE(later.stops_all);
  CHECK(later.reload_on == "n1");
  after.wait_for_all.reset();
  after.token_ms = 5000;
  CHECK_FALSE(Plan(after, texts).stops_all);
  after.transport = "udpu";
  const auto all = Plan(after, texts);
  CHECK(all.stops_all);
  CHECK(all.reload_on == "");
  CHECK(Told(all.nodes[1]) ==
        "stop pacemaker; stop corosync; /etc/corosync/corosync.conf; start corosync; start pacemaker; ");
  auto moved = Shop(2);
  moved.nodes[1].addresses[0].address = "192.0.2.22";
  CHECK(Plan(moved, texts).stops_all);
}

TEST_CASE("who is who in the cluster does not change behind its back") {
  const auto before = Shop(2);
  const std::vector<std::string> texts = {Running(before, "n1"), Running(before, "n2")};
  auto other = Shop(2);
  other.nodes[1].id = 7;
  CHECK(Objections(Plan(other, texts)) == "n2: has the id 2 in the cluster and 7 in the policy\n");
  auto renamed = Shop(2);
  renamed.nodes[1].name = "n9";
  CHECK(Objections(Plan(renamed, {texts[0], Bare(renamed, "n9")}, {Running(before, "n2")})) ==
        "n9: has the id 2, which is n2's in the cluster\n");
  auto strange = Shop(1);
  strange.nodes[0] = {"m1", 9, {{0, "192.0.2.9"}}, {}};
  const auto plan = Plan(strange, {Running(before, "m1")}, {"", ""});
  CHECK(Objections(plan).find("none of its nodes is in the policy") != std::string::npos);
  // Two clusters of one name.
  auto one = Shop(1), two = Shop(2);
  two.nodes.erase(two.nodes.begin());
  CHECK(Objections(Plan(Shop(2), {Running(one, "n1"), Running(two, "n2")})) ==
        ": n1 and n2 run two clusters of the name `shop`\n");
}

TEST_CASE("names go into /etc/hosts and what else it says stays") {
  const auto topology = Shop(2);
  const auto hosts = [&](const std::string& text, const std::string& n1, const std::string& n2) {
    return runtime::HostsFor(
        text, runtime::ReadFacts("n1", "picket-probe\t1\nresolves\tn1\t" + n1 + "\nresolves\tn2\t" + n2 + "\nend\n"),
        topology);
  };
  const std::string base = "127.0.0.1 localhost\n";
  const struct {
    std::string text, n1, n2, after;
  } cases[] = {
      {base, "192.0.2.1", "192.0.2.2", base},
      {base, "192.0.2.1", "", base + "192.0.2.2 n2\n"},
      {base + "127.0.1.1\tn1.example n1  # the installer's\n", "127.0.1.1", "192.0.2.2",
       base + "127.0.1.1 n1.example  # the installer's\n192.0.2.1 n1\n"},
      {base + "127.0.1.1 n1\n", "127.0.1.1", "192.0.2.2", base + "192.0.2.1 n1\n"},
      {base + "192.0.2.77 n2 db\n", "192.0.2.1", "192.0.2.77", base + "192.0.2.77 db\n192.0.2.2 n2\n"},
      {"127.0.0.1 localhost", "192.0.2.1", "", base + "192.0.2.2 n2\n"},
      {"", "", "", "192.0.2.1 n1\n192.0.2.2 n2\n"},
      {"# 192.0.2.5 n2\n", "192.0.2.1", "", "# 192.0.2.5 n2\n192.0.2.2 n2\n"},
      {"192.0.2.2 n2 # right\n127.0.1.1 n2\n", "192.0.2.1", "192.0.2.2 127.0.1.1", "192.0.2.2 n2 # right\n"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.text);
    CHECK(hosts(one.text, one.n1, one.n2) == one.after);
  }
}

TEST_CASE("a file that the probe did not give whole is not written") {
  const auto topology = Shop(2);
  std::string text = With(Bare(topology, "n1"), "n2\t192.0.2.2", "n2\t");
  const std::string line = FileLine("/etc/hosts", "644", "h", "127.0.0.1 localhost\n");
  CHECK(Objections(Plan(topology, {text, Bare(topology, "n2")})) == "");
  text = With(text, line, With(line, "root:root\t20", "root:root\t900000"));
  CHECK(Objections(Plan(topology, {text, Bare(topology, "n2")})) == "n1: /etc/hosts is too long to be changed\n");
}

TEST_CASE("a name that is waived stays as it is") {
  const auto topology = Shop(2);
  const auto plan = Plan(topology, {With(Bare(topology, "n1"), "name\tn1", "name\tn1.example"), Bare(topology, "n2")},
                         {}, {{"node-name", "n1", "it is known so elsewhere", 1}});
  CHECK_FALSE(plan.nodes[0].rename);
}

TEST_CASE("what is not yet as it should be is named") {
  const auto topology = Shop(2);
  const std::string well = Running(topology, "n1");
  const auto lacking = [&](const std::string& old, const std::string& now) {
    std::string text;
    for (const std::string& line : runtime::NotYet(runtime::ReadFacts("n1", With(well, old, now) + "end\n"), topology))
      text += line + "\n";
    return text;
  };
  CHECK(lacking("process\tpacemakerd\n", "") == "pacemaker does not run\n");
  CHECK(lacking("Quorate:          Yes", "Quorate: No") == "Corosync has no quorum\n");
  CHECK(lacking("members.2.status (str) = joined", "members.2.status (str) = left") == "Corosync does not see n2\n");
  CHECK(lacking("nodeid: 2: connected", "nodeid: 2: disconnected") == "link 0 to n2 is not connected\n");
  CHECK(lacking("two_node (u8) = 1", "two_node (u8) = 0") == "Corosync does not run with quorum.two_node: 0 -> 1\n");
  CHECK(lacking("online\tn2\n", "") == "Pacemaker does not have n2 online\n");
}

TEST_CASE("base64 reads back as itself") {
  std::string bytes;
  for (int i = 0; i < 260; ++i) {
    CHECK(runtime::FromBase64(runtime::ToBase64(bytes)) == bytes);
    bytes += static_cast<char>(i * 7);
  }
  CHECK(runtime::ToBase64("any carnal pleas") == "YW55IGNhcm5hbCBwbGVhcw==");
}
