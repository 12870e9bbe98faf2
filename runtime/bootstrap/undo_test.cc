#include "runtime/bootstrap/undo.h"

#include "doctest/doctest.h"

using namespace picket;

namespace {

// KIND and its values; of a file at last its digest now.
std::string Entry(const std::vector<std::string>& words) {
  std::string text = "entry";
  for (size_t i = 0; i < 6; ++i) text += "\t" + (i < words.size() ? words[i] : std::string());
  return text + "\n";
}

std::string File(const std::string& path, const std::string& old, const std::string& made, const std::string& now) {
  return Entry({"file", path, old, made, "/kept" + path, now});
}

const std::string kStarted =
    Entry({"unit", "corosync", "disabled", "inactive"}) + Entry({"unit", "pacemaker", "disabled", "inactive"});
const std::string kRuns = "process\tcorosync\nprocess\tpacemakerd\n";

struct Journal {
  std::string node, entries, now;
};

runtime::UndoPlan Plan(const std::vector<Journal>& journals) {
  std::vector<runtime::RunJournal> read;
  for (const Journal& one : journals)
    read.push_back({runtime::ReadFacts(one.node, "picket-probe\t1\n" + one.entries + "end\n"),
                    runtime::ReadFacts(one.node, "picket-probe\t1\n" + one.now + "end\n")});
  return runtime::PlanUndo(read);
}

std::string Told(const runtime::NodeUndo& undo) {
  std::string text;
  for (const auto& unit : undo.stop) text += "stop " + unit + "; ";
  for (const auto& pattern : undo.after) text += "after " + pattern + "; ";
  for (const auto& back : undo.back) {
    text += back.kind;
    for (const auto& value : back.values) text += " " + value;
    text += "; ";
  }
  for (const auto& unit : undo.disable) text += "disable " + unit + "; ";
  for (const auto& unit : undo.enable) text += "enable " + unit + "; ";
  for (const auto& unit : undo.start) text += "start " + unit + "; ";
  return text;
}

constexpr const char* kAfter =
    "after /var/lib/pacemaker/cib/cib*; after /var/lib/pacemaker/pengine/pe-*; after "
    "/var/lib/corosync/ringid_*; ";

}  // namespace

TEST_CASE("what a run made on a bare node is taken back, the last step first") {
  const auto plan =
      Plan({{"n1", File("/etc/hosts", "h0", "h1", "h1") + File(runtime::kConf, "none", "c1", "c1") + kStarted, kRuns}});
  REQUIRE(plan.nodes.size() == 1);
  CHECK(Told(plan.nodes[0]) == std::string("stop pacemaker; stop corosync; ") + kAfter +
                                   "file /etc/corosync/corosync.conf none c1 /kept/etc/corosync/corosync.conf; "
                                   "file /etc/hosts h0 h1 /kept/etc/hosts; disable corosync; disable pacemaker; ");
  CHECK(plan.left.empty());
  CHECK(plan.objections.empty());
  CHECK(plan.reload_on == "");
}

TEST_CASE("a file is taken back where it is what the run made of it") {
  const struct {
    const char* now;
    const char* told;
    size_t left;
  } cases[] = {
      {"h1", "file /etc/hosts h0 h1 /kept/etc/hosts; ", 0},
      {"h0", "", 0},  // It never was replaced, or is what it was again.
      {"hx", "", 1},
      {"none", "", 1},
  };
  for (const auto& one : cases) {
    CAPTURE(one.now);
    const auto plan = Plan({{"n1", File("/etc/hosts", "h0", "h1", one.now), ""}});
    CHECK(Told(plan.nodes[0]) == one.told);
    CHECK(plan.left.size() == one.left);
  }
  // Replaced twice by a run that was killed in between.
  const auto twice = Plan({{"n1", File("/etc/hosts", "h0", "h1", "h2") + File("/etc/hosts", "h1", "h2", "h2"), ""}});
  CHECK(Told(twice.nodes[0]) == "file /etc/hosts h1 h2 /kept/etc/hosts; file /etc/hosts h0 h1 /kept/etc/hosts; ");
}

TEST_CASE("what was at work before the run is at work again") {
  const auto ghost =
      Plan({{"n1",
             Entry({"unit", "pacemaker", "enabled", "active"}) + Entry({"unit", "corosync", "enabled", "active"}) +
                 Entry({"moved", "/var/lib/pacemaker/cib/cib.xml", "/kept/cib.xml"}) +
                 File(runtime::kConf, "c0", "c1", "c1"),
             kRuns}});
  CHECK(Told(ghost.nodes[0])
            .ends_with("moved /var/lib/pacemaker/cib/cib.xml /kept/cib.xml; enable corosync; enable "
                       "pacemaker; start corosync; start pacemaker; "));
  CHECK_FALSE(ghost.stops_cluster);
  // The run stopped the policy's own cluster for a setting: that has to be said again.
  const auto restarted =
      Plan({{"n1",
             Entry({"unit", "pacemaker", "enabled", "active"}) + Entry({"unit", "corosync", "enabled", "active"}) +
                 File(runtime::kConf, "c0", "c1", "c1"),
             kRuns}});
  CHECK(restarted.stops_cluster);
  CHECK(Told(restarted.nodes[0]).find("after") == std::string::npos);
}

TEST_CASE("a node that joined leaves, and the others run on") {
  const std::string conf = File(runtime::kConf, "c0", "c1", "c1");
  const std::vector<Journal> journals = {{"n1", conf + Entry({"reload"}), kRuns + "cib-primitives\t3\n"},
                                         {"n2", conf, kRuns},
                                         {"n3", File(runtime::kConf, "none", "c1", "c1") + kStarted, kRuns}};
  const auto plan = Plan(journals);
  CHECK(plan.objections.empty());
  CHECK(plan.nodes[0].stays);
  CHECK(Told(plan.nodes[1]) == "file /etc/corosync/corosync.conf c0 c1 /kept/etc/corosync/corosync.conf; ");
  CHECK(plan.reload_on == "n1");
  CHECK(plan.forget_on == "n1");
  CHECK(plan.forgotten == std::vector<std::string>{"n3"});
  // Where one of those that run on has a file of its own now, all keep theirs.
  auto changed = journals;
  changed[1].entries = File(runtime::kConf, "c0", "c1", "cx");
  const auto kept = Plan(changed);
  CHECK(Told(kept.nodes[0]) == "");
  CHECK(kept.left.size() == 2);
}

TEST_CASE("a cluster that has been given resources is not taken away") {
  const Journal begun = {"n1", File(runtime::kConf, "none", "c1", "c1") + kStarted, kRuns + "cib-primitives\t2\n"};
  CHECK(Plan({begun}).objections.size() == 1);
}

TEST_CASE("the nodes of a run are those of all its journals") {
  const auto nodes =
      runtime::NodesOf({runtime::ReadFacts("n1", "picket-probe\t1\nnode\tn1\t192.0.2.1\nnode\tn3\t192.0.2.3\nend\n"),
                        runtime::ReadFacts("n2", "picket-probe\t1\nnode\tn1\t192.0.2.1\nnode\tn2\t\nnode\t\t\nend\n")});
  REQUIRE(nodes.size() == 3);
  CHECK(nodes[1].name == "n3");
  CHECK(nodes[1].addresses[0].address == "192.0.2.3");
  CHECK(nodes[2].addresses.empty());
}
