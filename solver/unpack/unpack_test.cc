// Unpacking of small configurations (spec 01 §6, §7, §13-§18, §25.5; 04 §2, §11).
#include "solver/unpack/unpack.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/model/query.h"

namespace picket::solver {
namespace {

// A configuration unpacked, with everything that a Run points to.
struct Unpacked {
  Cluster cluster;
  State state;
  Recorder recorder;
  Run run;

  explicit Unpacked(std::string_view configuration, std::string_view root = "have-quorum=\"1\"") {
    pugi::xml_document document;
    DocumentError error;
    const std::string text =
        "<cib " + std::string(root) + "><configuration>" + std::string(configuration) + "</configuration></cib>";
    REQUIRE(ParseDocument(text, document, error));
    cluster = ReadCluster(document);
    state = ReadState(document, Instant{1700000000, 0}, {});
    recorder.log = true;
    run.cluster = &cluster;
    run.state = &state;
    run.recorder = &recorder;
    UnpackConfiguration(run);
  }

  const Resource& Find(std::string_view id) {
    const ResourceId found = FindResource(run, id);
    REQUIRE(found.valid());
    return run.at(found);
  }
  bool Said(std::string_view part) const {
    for (const Event& event : recorder.events()) {
      const auto* line = std::get_if<LogLine>(&event);
      if (line != nullptr && line->text.find(part) != std::string::npos) return true;
    }
    return false;
  }
  std::string Nodes() const {
    std::string text;
    for (const NodeId node : run.node_order) text += (text.empty() ? "" : " ") + run.at(node).name;
    return text;
  }
  std::string TopLevel() const {
    std::string text;
    for (const ResourceId id : run.top_level) text += (text.empty() ? "" : " ") + run.at(id).id;
    return text;
  }
  std::string Children(std::string_view id) {
    std::string text;
    for (const ResourceId child : Find(id).children) text += (text.empty() ? "" : " ") + run.at(child).id;
    return text;
  }
  // The allowed-node table: `node=score`, `!` never probed, `*` probed exclusively.
  std::string Row(std::string_view id) {
    std::string text;
    for (const NodeId node : run.node_order) {
      const Cell* cell = Find(id).row.Find(node);
      if (cell == nullptr) continue;
      text += (text.empty() ? "" : " ") + run.at(node).name + "=" + cell->score.ToString();
      if (cell->probe_mode == ProbeMode::kNever) text += "!";
      if (cell->probe_mode == ProbeMode::kExclusive) text += "*";
    }
    return text;
  }
};

std::string OptionsXml(std::string_view pairs) {
  std::string text = "<crm_config><cluster_property_set id=\"s\">";
  for (size_t at = 0; at < pairs.size();) {
    const size_t end = std::min(pairs.find(' ', at), pairs.size());
    const std::string_view pair = pairs.substr(at, end - at);
    const size_t equals = pair.find('=');
    text += "<nvpair id=\"s-" + std::string(pair.substr(0, equals)) + "\" name=\"" +
            std::string(pair.substr(0, equals)) + "\" value=\"" + std::string(pair.substr(equals + 1)) + "\"/>";
    at = end + 1;
  }
  return text + "</cluster_property_set></crm_config>";
}

constexpr std::string_view kTwoNodes = R"(<nodes><node id="1" uname="n1"/><node id="2" uname="n2" score="7"/></nodes>)";

std::string Primitive(std::string_view id, std::string_view inside = {}, std::string_view cls = "ocf") {
  return "<primitive id=\"" + std::string(id) + "\" class=\"" + std::string(cls) +
         "\" provider=\"pacemaker\" type=\"Dummy\">" + std::string(inside) + "</primitive>";
}

std::string Meta(std::string_view id, std::string_view name, std::string_view value) {
  return "<meta_attributes id=\"" + std::string(id) + "\"><nvpair id=\"" + std::string(id) + "-" + std::string(name) +
         "\" name=\"" + std::string(name) + "\" value=\"" + std::string(value) + "\"/></meta_attributes>";
}

std::string Resources(const std::string& inside) {
  return "<resources>" + inside + "</resources>";
}

}  // namespace

TEST_CASE("options: names old and new, validation, defaults") {
  Unpacked u(
      OptionsXml("stonith-enabled=off fencing-timeout=bogus no-quorum-policy=SUICIDE start-failure-is-fatal=0 "
                 "placement-strategy=Balanced migration-limit=3x cluster-name=c node-health-strategy=only-green"));
  const auto& options = u.run.options;
  CHECK_FALSE(options.fencing_enabled);
  CHECK_FALSE(options.startup_fencing);
  CHECK(options.fencing_timeout == "60s");
  CHECK(options.no_quorum_policy == QuorumPolicy::kStop);  // fencing is off
  CHECK_FALSE(options.start_failure_is_fatal);
  CHECK(options.placement == Strategy::kBalanced);
  CHECK(options.migration_limit == "3x");
  CHECK(options.cluster_name == "c");
  CHECK(options.health_yellow == Score::MinusInfinity());
  CHECK(options.health_green == Score());
  CHECK(u.Said("Support for legacy name 'stonith-enabled' for cluster option 'fencing-enabled'"));
  CHECK(u.Said("Using default value for cluster option 'fencing-timeout' because 'bogus' is invalid"));
  CHECK(u.Said("Blind faith: not fencing unseen nodes"));
  CHECK_FALSE(u.Said("lack of quorum"));
}

TEST_CASE("the quorum policy that holds") {
  struct Case {
    std::string_view root, configured;
    QuorumPolicy effective;
  };
  const Case cases[] = {
      {R"(have-quorum="0")", "fence", QuorumPolicy::kStop},  // there was never quorum
      {R"(have-quorum="0" no-quorum-panic="1")", "fence", QuorumPolicy::kFence},
      {R"(have-quorum="true")", "suicide", QuorumPolicy::kFence},
      {R"()", "demote", QuorumPolicy::kDemote},
      {R"()", "nonsense", QuorumPolicy::kStop},
  };
  for (const Case& c : cases) {
    CAPTURE(c.root);
    Unpacked u(OptionsXml("no-quorum-policy=" + std::string(c.configured)), c.root);
    CHECK(u.run.options.no_quorum_policy == c.effective);
  }
}

TEST_CASE("nodes are listed by name, a new one before its equal, and reading stops at an unknown type") {
  Unpacked u(R"(<nodes><node id="10" uname="n10"/><node id="1" uname="n1"/><node id="2" uname="N1"/>
                <node id="9" uname="n09"/><node uname="x"/><node id="3" uname="n9" type="remote" score="bogus"/>
                <node id="4" uname="p" type="ping"/><node id="5" uname="late"/></nodes>)",
             R"(dc-uuid="10")");
  CHECK(u.Nodes() == "N1 n1 n9 n09 n10");
  CHECK(u.run.dc == FindNodeByName(u.run, "n10"));
  CHECK(u.run.at(u.run.dc).attributes.Get("#is_dc") == "true");
  CHECK(u.run.at(FindNodeByName(u.run, "n1")).unclean);
  const Node& remote = u.run.at(FindNodeByName(u.run, "n9"));
  CHECK_FALSE(remote.unclean);
  CHECK(remote.attributes.Get("#kind") == "remote");
  CHECK(remote.attributes.Get("#is_dc") == "false");
}

TEST_CASE("node attributes: generated, configured, transient") {
  Unpacked u(OptionsXml("cluster-name=c") +
             R"(<nodes><node id="1" uname="n1"><instance_attributes id="i"><nvpair id="a" name="#uname" value="x"/>
                <nvpair id="b" name="site-name" value="s"/></instance_attributes></node></nodes>)");
  const NodeId id = FindNodeByName(u.run, "n1");
  CHECK(u.run.at(id).attributes.Get("#uname") == "n1");
  CHECK(u.run.at(id).attributes.Get("#site-name") == "s");
  CHECK(u.run.at(id).attributes.Get("#cluster-name") == "c");
  NodeState state;
  state.transient = {{"t", Score(), std::nullopt, {{"", "#uname", "y"}, {"", "new", "1"}}}};
  ApplyTransientAttributes(u.run, id, state);
  CHECK(u.run.at(id).attributes.Get("#uname") == "y");
  CHECK(u.run.at(id).attributes.Get("new") == "1");
}

TEST_CASE("meta-attributes: own, group, clone, defaults, then what the parent has") {
  const std::string rule =
      R"(<rule id="r"><rsc_expression id="e" class="ocf"/></rule><nvpair id="d" name="x" value="default"/>)";
  Unpacked u(
      std::string(kTwoNodes) + "<rsc_defaults><meta_attributes id=\"D\">" + rule + "</meta_attributes></rsc_defaults>" +
      Resources("<clone id=\"c\">" + Meta("cm", "priority", "5") + "<group id=\"g\">" + Meta("gm", "y", "group") +
                Primitive("a", Meta("am", "y", "own")) + Primitive("b") + "</group></clone>"));
  CHECK(u.Find("a:0").meta.Get("y") == "own");
  CHECK(u.Find("b:1").meta.Get("y") == "group");
  CHECK(u.Find("b:1").meta.Get("x") == "default");
  CHECK_FALSE(u.Find("g:0").meta.Has("x"));  // a group has no class
  CHECK(u.Find("a:1").priority == 5);
  CHECK(u.Find("a:1").meta.Get("clone") == "1");
  CHECK(u.Find("a:1").meta.Get("resource-stickiness") == "1");
  CHECK(u.Find("a:1").stickiness == Score(1));
  CHECK(u.Find("c").stickiness == Score());
  CHECK(u.Find("g:0").meta.Get("globally-unique") == "false");
}

TEST_CASE("what a resource requires") {
  struct Case {
    std::string_view options, cls, meta;
    int quorum, fencing, unfencing;
  };
  const Case cases[] = {
      {"", "ocf", "", 0, 1, 0},
      {"", "stonith", "", 1, 0, 0},
      {"", "ocf", "nothing", 0, 0, 0},
      {"", "ocf", "QUORUM", 1, 0, 0},
      {"", "ocf", "unfencing", 0, 1, 1},
      {"", "ocf", "nonsense", 0, 1, 0},
      {"", "stonith", "unfencing", 1, 0, 0},
      {"fencing-enabled=0", "ocf", "", 1, 0, 0},
      {"fencing-enabled=0", "ocf", "fencing", 0, 1, 0},
      {"fencing-enabled=0", "ocf", "unfencing", 1, 0, 0},
      {"fencing-enabled=0 no-quorum-policy=ignore", "ocf", "", 0, 0, 0},
  };
  int number = 0;
  for (const Case& c : cases) {
    CAPTURE(number++);
    Unpacked u(OptionsXml(c.options) +
               Resources(Primitive("p", c.meta.empty() ? "" : Meta("m", "requires", c.meta), c.cls)));
    CHECK(u.Find("p").needs_quorum == (c.quorum != 0));
    CHECK(u.Find("p").needs_fencing == (c.fencing != 0));
    CHECK(u.Find("p").needs_unfencing == (c.unfencing != 0));
  }
}

TEST_CASE("managed, target role, thresholds") {
  Unpacked u(Resources(
      Primitive("a", Meta("1", "is-managed", "bogus")) + Primitive("b", Meta("2", "maintenance", "on")) +
      Primitive("c", Meta("3", "target-role", "stopped")) + Primitive("d", Meta("4", "target-role", "Unpromoted")) +
      Primitive("e", Meta("5", "migration-threshold", "-1")) + Primitive("f", Meta("6", "migration-threshold", "3")) +
      Primitive("g", Meta("7", "multiple-active", "Stop_Unexpected")) + Primitive("h", Meta("8", "critical", "x"))));
  CHECK_FALSE(u.Find("a").managed);
  CHECK_FALSE(u.Find("a").maintenance);
  CHECK_FALSE(u.Find("b").managed);
  CHECK(u.Find("b").maintenance);
  CHECK(u.Find("c").next_role == Role::kStopped);
  CHECK(u.Find("c").disabled);
  CHECK(u.Find("d").next_role == Role::kUnknown);
  CHECK(u.Find("e").migration_threshold == Score::kInfinityValue);
  CHECK(u.Find("f").migration_threshold == 3);
  CHECK(u.Find("g").multiple_active == MultipleActive::kStopUnexpected);
  CHECK_FALSE(u.Find("h").critical);
}

TEST_CASE("the list is sorted by priority, stably; what is unusable is not in it") {
  Unpacked u(Resources(Primitive("a") + Primitive("b", Meta("1", "priority", "2.0")) + "<group id=\"g\"/>" +
                       "<clone id=\"c\"/>" + Primitive("d", Meta("2", "priority", "INFINITY")) + Primitive("e") +
                       Primitive("t", "") + "<primitive id=\"x\" template=\"none\"/><master id=\"m\"/>"));
  CHECK(u.TopLevel() == "d b a e t");
  CHECK(u.Said("Group g has no members"));
  CHECK(u.Said("c has nothing to clone"));
  CHECK(u.Said("No template named 'none'"));
  CHECK(u.Said("Ignoring <master> resource 'm' because configuration is invalid"));
}

TEST_CASE("clones: how many instances, unique or not") {
  struct Case {
    std::string_view meta, value;
    std::string children;
    bool unique;
    int32_t node_max;
  };
  const Case cases[] = {
      {"x", "y", "p:0 p:1", false, 1},
      {"clone-max", "3x", "p:0 p:1 p:2", false, 1},
      {"clone-max", "0", "p:0", false, 1},
      {"clone-max", "nonsense", "p:0", false, 1},
      {"clone-node-max", "2", "p:0 p:1", true, 2},
      {"globally-unique", "true", "p:0 p:1", true, 1},
  };
  for (const Case& c : cases) {
    CAPTURE(c.meta);
    Unpacked u(std::string(kTwoNodes) +
               Resources("<clone id=\"c\">" + Meta("m", c.meta, c.value) + Primitive("p") + "</clone>"));
    CHECK(u.Children("c") == c.children);
    CHECK(u.Find("p:0").unique == c.unique);
    CHECK(u.Find("c").clone->clone_node_max == c.node_max);
    CHECK(u.Find("p:0").removed == (u.Find("c").clone->clone_max == 0));
    const int32_t next = u.Find("c").clone->instances_created;
    const ResourceId more = CreateInstance(u.run, FindResource(u.run, "c"));
    CHECK(u.run.at(more).id == "p:" + std::to_string(next));
    CHECK(u.run.at(more).removed);
  }
}

TEST_CASE("a class without instances makes its clone anonymous, one without promotion makes it impossible") {
  Unpacked u(
      std::string(kTwoNodes) +
      Resources("<clone id=\"c\"><meta_attributes id=\"m\"><nvpair id=\"1\" name=\"globally-unique\" value=\"1\"/>"
                "<nvpair id=\"2\" name=\"clone-max\" value=\"5\"/></meta_attributes>" +
                Primitive("p", "", "lsb") + "</clone><clone id=\"d\">" + Meta("n", "promotable", "true") +
                Primitive("q", "", "systemd") + "</clone>"));
  CHECK(u.Children("c") == "p:0 p:1");
  CHECK_FALSE(u.Find("c").unique);
  CHECK_FALSE(u.Find("p:1").unique);
  CHECK(u.Find("c").meta.Get("globally-unique") == "false");
  CHECK(u.TopLevel() == "c");
}

TEST_CASE("default locations copy the node's score at that time") {
  Unpacked u(std::string(kTwoNodes) + Resources(Primitive("p")));
  CHECK(u.Row("p") == "n1=0 n2=7");
  AddScore(u.run, FindResource(u.run, "p"), FindNodeByName(u.run, "n2"), Score(3));
  CHECK(u.Row("p") == "n1=0 n2=10");
  BanEverywhereFresh(u.run, FindResource(u.run, "p"));
  CHECK(u.Row("p") == "n1=-INFINITY n2=-INFINITY");
  Unpacked closed(OptionsXml("symmetric-cluster=false") + std::string(kTwoNodes) +
                  Resources(Primitive("p", Meta("m", "remote-node", "g"))));
  CHECK(closed.Row("p").empty());
  CHECK(closed.Row("g") == "g=0 n1=0 n2=7");
}

TEST_CASE("guest and remote nodes") {
  Unpacked u(std::string(kTwoNodes) +
             Resources("<group id=\"G\">" + Primitive("vm", Meta("m", "remote-node", "g")) + "</group>" +
                       "<primitive id=\"r\" class=\"ocf\" provider=\"pacemaker\" type=\"remote\">"
                       "<instance_attributes id=\"i\"><nvpair id=\"1\" name=\"reconnect_interval\" value=\"1min\"/>"
                       "</instance_attributes></primitive><clone id=\"c\">" +
                       Primitive("p") + "</clone>"));
  CHECK(u.Nodes() == "g n1 n2 r");
  CHECK(u.TopLevel() == "G r c g");
  CHECK(u.Children("c") == "p:0 p:1 p:2 p:3");  // guests and remotes count
  const Resource& guest = u.Find("g");
  CHECK(guest.guest_connection);
  CHECK(guest.internal);
  CHECK(guest.launcher == FindResource(u.run, "vm"));
  CHECK(u.Find("vm").launched == std::vector<ResourceId>{guest.self});
  CHECK(guest.def->operations.size() == 2);
  CHECK(guest.needs_quorum);
  CHECK(IsGuestNode(u.run, FindNodeByName(u.run, "g")));
  CHECK(u.run.at(FindNodeByName(u.run, "g")).attributes.Get("#kind") == "container");
  CHECK_FALSE(u.run.at(FindNodeByName(u.run, "g")).unclean);
  const Resource& remote = u.Find("r");
  CHECK(remote.connection);
  CHECK_FALSE(remote.guest_connection);
  CHECK(remote.migratable);
  CHECK(remote.failure_timeout_ms == 60000);
  CHECK(u.run.at(FindNodeByName(u.run, "r")).unclean);
}

namespace {

std::string Bundle(std::string_view container, std::string_view network, bool with_primitive = true) {
  return Resources("<bundle id=\"B\">" + std::string(container) + "<network " + std::string(network) + "/>" +
                   (with_primitive ? Primitive("p",
                                               "<utilization id=\"u\"><nvpair id=\"1\" name=\"cpu\" value=\"2x\"/>"
                                               "</utilization>")
                                   : "") +
                   "</bundle>");
}

std::string Param(Unpacked& u, std::string_view id, std::string_view name) {
  return std::string(EvaluateParams(u.run, FindResource(u.run, id), {}).Get(name));
}

}  // namespace

TEST_CASE("bundles: parts, tables, parameters") {
  Unpacked u(std::string(kTwoNodes) + Bundle("<docker image=\"i\" replicas=\"2\" options=\"-o\"/>",
                                             "ip-range-start=\"10.0.0.254\" host-netmask=\"24\""));
  CHECK(u.Children("B") == "B-docker-0 B-ip-10.0.0.254 B-0 B-docker-1 B-ip-10.0.1.1 B-1 B-clone");
  CHECK(u.Children("B-clone") == "p:0 p:1");
  CHECK_FALSE(u.Find("B").unique);
  CHECK(u.Nodes() == "B-0 B-1 n1 n2");
  CHECK(u.Row("p:0") == "B-0=500*");
  CHECK(u.Row("B-clone") == "B-0=-INFINITY! B-1=-INFINITY! n1=0 n2=7");
  CHECK(u.Row("B-1") == "n1=0 n2=7");
  CHECK(u.Row("B-docker-1") == "n1=0 n2=7");
  CHECK(Param(u, "B-docker-1", "run_opts") ==
        " --restart=no -h B-1 -e PCMK_stderr=1 -e PCMK_remote_port=3121 -v /etc/pacemaker/authkey:"
        "/etc/pacemaker/authkey -v /var/log/pacemaker/bundles/B-1:/var/log -p 10.0.1.1:3121:3121 -o  "
        "--add-host=B-0:10.0.0.254 --add-host=B-1:10.0.1.1");
  CHECK(Param(u, "B-docker-1", "mount_points") == "/var/log/pacemaker/bundles/B-1");
  CHECK(Param(u, "B-docker-1", "run_cmd") == "/usr/sbin/pacemaker-remoted");
  CHECK(Param(u, "B-ip-10.0.1.1", "cidr_netmask") == "24");
  CHECK(Param(u, "B-1", "addr") == "10.0.1.1");
  CHECK(u.Find("p:0").load.empty());
  CHECK(u.Find("B-docker-0").load == std::vector<std::pair<std::string, int64_t>>{{"cpu", 2}});
  CHECK(u.Find("p:1").meta.Get("external-ip") == "10.0.1.1");
  CHECK(u.Find("p:1").in_container);
  CHECK(u.Find("B-1").nesting_allowed);
  CHECK(u.Find("B-1").launcher == u.Find("B-docker-1").self);
  CHECK(u.Find("B-docker-1").launched == std::vector<ResourceId>{u.Find("B-1").self});
  CHECK(IsBundleNode(u.run, FindNodeByName(u.run, "B-1")));
}

TEST_CASE("bundles: node entries that were there before") {
  Unpacked u(R"(<nodes><node id="1" uname="n1"/><node id="B-0" uname="B-0" type="remote"/>
                <node id="B-1" uname="B-1" type="remote"/></nodes>)" +
             Bundle("<podman image=\"i\" promoted-max=\"2\"/>", "control-port=\"99\""));
  CHECK(u.Find("B-master").promotable);
  CHECK(u.Find("B-master").clone->promoted_max == 2);
  CHECK(u.Row("B-podman-0") == "B-0=0 B-1=0 n1=0");
  CHECK(u.Row("B-podman-1") == "B-1=0 n1=0");
  CHECK(u.Row("B-0") == "B-1=-INFINITY n1=0");
  CHECK(u.Row("B-1") == "n1=0");
  CHECK(u.Row("B") == "n1=0");
  CHECK(Param(u, "B-0", "addr") == "#uname");
  CHECK(Param(u, "B-podman-0", "run_opts") ==
        " -e PCMK_stderr=1 -e PCMK_remote_port=99 -v /etc/pacemaker/authkey:/etc/pacemaker/authkey "
        "-v /var/log/pacemaker/bundles/B-0:/var/log -p 99:99 ");
}

TEST_CASE("bundles: addresses run out") {
  const auto children = [](std::string_view start, int replicas) {
    Unpacked u(std::string(kTwoNodes) + Bundle("<podman image=\"i\" replicas=\"" + std::to_string(replicas) + "\"/>",
                                               "ip-range-start=\"" + std::string(start) + "\"", false));
    return u.Children("B");
  };
  CHECK(children("192.168.253.253", 5) ==
        "B-podman-0 B-ip-192.168.253.253 B-podman-1 B-ip-192.168.253.254 B-podman-2 B-ip-192.168.254.1 "
        "B-podman-3 "
        "B-podman-4 B-ip-192.168.253.253");
  CHECK(children("a-name", 2) == "B-podman-0 B-ip-a-name B-podman-1");
}

TEST_CASE("bundles that cannot be") {
  Unpacked u(std::string(kTwoNodes) + Bundle("<rkt image=\"i\"/>", "control-port=\"1\""));
  CHECK(u.TopLevel().empty());
  Unpacked v(std::string(kTwoNodes) + Bundle("<docker image=\"i\"/>", ""));
  CHECK(v.TopLevel().empty());
  CHECK(v.Said("Cannot control p inside B without either ip-range-start or control-port"));
  CHECK(v.run.resources.empty());
  Unpacked w(std::string(kTwoNodes) +
             Bundle("<docker image=\"i\" replicas=\"2\" replicas-per-host=\"2\"/>", "control-port=\"1\""));
  CHECK(w.Find("B").bundle->replicas_per_host == 1);
  CHECK(w.Find("B").unique);
}

TEST_CASE("removed resources come last; connections bring their node") {
  Unpacked u(std::string(kTwoNodes) + Resources(Primitive("p")));
  CreateRemovedPrimitive(
      u.run, {{"id", "old"}, {"class", "ocf"}, {"provider", "pacemaker"}, {"type", "remote"}, {"container", "vm"}});
  CHECK(u.TopLevel() == "p old");
  const Resource& old = u.Find("old");
  CHECK(old.removed);
  CHECK(old.removed_launched);
  CHECK(u.Nodes() == "n1 n2 old");
  CHECK(u.Row("old") == "n1=-INFINITY n2=-INFINITY old=-INFINITY");
  const Node& node = u.run.at(FindNodeByName(u.run, "old"));
  CHECK(node.shutting_down);
  CHECK(node.connection == old.self);
  Unpacked kept(OptionsXml("stop-orphan-resources=0") + std::string(kTwoNodes));
  CreateRemovedPrimitive(kept.run, {{"id", "old"}, {"class", "ocf"}, {"type", "x"}});
  CHECK_FALSE(kept.Find("old").managed);
  CHECK(kept.Row("old") == "n1=0 n2=7");
}

TEST_CASE("templates, recheck times, and a Run used again") {
  Unpacked u(
      Resources("<template id=\"t\" class=\"ocf\" provider=\"x\" type=\"y\"/>"
                "<primitive id=\"a\" template=\"t\"/><primitive id=\"b\" template=\"t\"/>" +
                Primitive("c",
                          "<meta_attributes id=\"m\"><rule id=\"r\"><date_expression id=\"d\" "
                          "operation=\"lt\" end=\"2030-01-01\"/></rule></meta_attributes>")));
  CHECK(u.run.template_members["t"] == std::vector<std::string>{"a", "b"});
  CHECK(u.run.recheck_by_s == 1893456000);
  ConsiderRecheck(u.run, 1600000000);
  ConsiderRecheck(u.run, 1800000000);
  CHECK(u.run.recheck_by_s == 1800000000);
  u.run.actions.resize(3);
  u.run.tickets["left over"].granted = true;
  UnpackConfiguration(u.run);
  CHECK(u.run.actions.empty());
  CHECK(u.run.tickets.empty());
  CHECK(u.TopLevel() == "a b c");
  CHECK(u.run.recheck_by_s == 1893456000);
}

TEST_CASE("a rule about parameters is a time to look again, whether they are needed now or not") {
  const Unpacked u(Resources(Primitive("c",
                                       "<instance_attributes id=\"i\"><rule id=\"r\"><date_expression id=\"d\" "
                                       "operation=\"lt\" end=\"2030-01-01\"/></rule></instance_attributes>")));
  CHECK(u.run.recheck_by_s == 1893456000);
}

}  // namespace picket::solver
