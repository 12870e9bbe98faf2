// The ordering room on small clusters: what is recorded, what a link adds, what propagation does.
#include "solver/order/order.h"

#include <doctest/doctest.h>

#include <memory>
#include <pugixml.hpp>
#include <string>

#include "solver/actions/create.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/constraints/constraints.h"
#include "solver/model/query.h"
#include "solver/status/status.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

std::string KindsText(Kinds kinds) {
  constexpr const char* kNames[] = {
      "seq",          "push",      "push-local",  "pull",        "pull-promoted",    "gate",       "asym",
      "restart",      "count",     "guest-probe", "mig-gate",    "fallback",         "show-first", "show-then",
      "cancel-first", "same-node", "needed-here", "target-node", "unless-migrating", "serial",     "guest-ok"};
  std::string text;
  for (size_t i = 0; i < std::size(kNames); ++i) {
    if ((kinds >> i & 1u) != 0) text += (text.empty() ? "" : "+") + std::string(kNames[i]);
  }
  return text;
}

std::string Member(char id) {
  return std::string("<node_state id='") + id + "' uname='n" + id +
         "' in_ccm='true' crmd='online' join='member' expected='member'/>";
}

// A cluster of two nodes with the given resources and constraints, its status read.
struct Fixture {
  explicit Fixture(const std::string& resources, const std::string& constraints = {}) {
    const std::string text =
        "<cib validate-with='pacemaker-4.0' have-quorum='1'><configuration><crm_config><cluster_property_set "
        "id='o'>"
        "<nvpair id='o1' name='stonith-enabled' value='false'/></cluster_property_set></crm_config>"
        "<nodes><node id='1' uname='n1'/><node id='2' uname='n2'/></nodes><resources>" +
        resources + "</resources><constraints>" + constraints + "</constraints></configuration><status>" + Member('1') +
        Member('2') + "</status></cib>";
    pugi::xml_document document;
    DocumentError error;
    std::string warning;
    REQUIRE(ParseDocument(text, document, error));
    REQUIRE(UpgradeDocument(document, warning, error));
    cluster = ReadCluster(document);
    state = ReadState(document, std::nullopt, Instant{1000, 0});
    run.cluster = &cluster;
    run.state = &state;
    UnpackConfiguration(run);
    UnpackStatus(run);
    UnpackConstraints(run);
  }

  std::string EndText(const OrderingEnd& end) const {
    if (!end.resource.valid()) return KeyText(run, end.action);
    return run.at(end.resource).id + "." + std::string(run.symbols.Text(end.operation));
  }
  // `first>then kinds`, one ordering after another, separated by `; `.
  std::string Orderings() const {
    std::string text;
    for (const Ordering& ordering : run.orderings) {
      if (!text.empty()) text += "; ";
      text += EndText(ordering.first) + ">" + EndText(ordering.then) + " " + KindsText(ordering.kinds);
    }
    return text;
  }
  ResourceId Find(const char* id) const { return FindResource(run, id); }

  Cluster cluster;
  State state;
  Run run;
};

std::string Primitive(const std::string& id, bool migrates = false) {
  std::string text = "<primitive id='" + id + "' class='ocf' provider='heartbeat' type='Dummy'>";
  if (migrates) {
    text += "<meta_attributes id='" + id + "-m'><nvpair id='" + id +
            "-mm' name='allow-migrate' value='true'/></meta_attributes>";
  }
  return text + "</primitive>";
}

std::string Recorded(const std::string& order_attributes, const std::string& sets = {},
                     const std::string& migrates = {}) {
  std::string resources;
  for (const char* id : {"a", "b", "c", "d"}) resources += Primitive(id, migrates.find(id) != std::string::npos);
  return Fixture(resources, "<rsc_order id='o' " + order_attributes + ">" + sets + "</rsc_order>").Orderings();
}

TEST_CASE("a pair becomes forward and inverse orderings") {
  const auto pair = [](const std::string& more) { return Recorded("first='a' then='b' " + more); };
  CHECK(pair("") == "a.start>b.start seq+push+gate; b.stop>a.stop seq+pull");
  CHECK(pair("kind='Mandatory'") == "a.start>b.start seq+push+gate; b.stop>a.stop seq+pull");
  CHECK(pair("kind='nonsense'") == "a.start>b.start seq+push+gate; b.stop>a.stop seq+pull");
  CHECK(pair("kind='Optional'") == "a.start>b.start seq; b.stop>a.stop seq");
  CHECK(pair("score='0'") == "a.start>b.start seq; b.stop>a.stop seq");
  CHECK(pair("score='1'") == "a.start>b.start seq+push+gate; b.stop>a.stop seq+pull");
  CHECK(pair("kind='Serialize'") == "a.start>b.start serial");
  CHECK(pair("kind='Serialize' symmetrical='true'") == "a.start>b.start serial");
  CHECK(pair("symmetrical='false'") == "a.start>b.start seq+asym");
  CHECK(pair("symmetrical='maybe'") == "a.start>b.start seq+push+gate; b.stop>a.stop seq+pull");
  CHECK(pair("first-action='promote' then-action='start'") ==
        "a.promote>b.start seq+push+gate; b.stop>a.demote seq+pull");
  CHECK(pair("first-action='stop' then-action='start'") == "a.stop>b.start seq+push; b.stop>a.start seq+pull");
  CHECK(pair("first-action='stop'") == "a.stop>b.stop seq+push; b.start>a.start seq+pull");
  CHECK(pair("first-action='monitor' then-action='start'") == "a.monitor>b.start seq+push");
  CHECK(Recorded("first='a' then='nobody'") == "");
}

std::string Set(const std::string& id, const std::string& members, const std::string& more = {}) {
  std::string text = "<resource_set id='" + id + "' " + more + ">";
  for (const char member : members) text += std::string("<resource_ref id='") + member + "'/>";
  return text + "</resource_set>";
}

TEST_CASE("sets become orderings inside and between them") {
  CHECK(Recorded("", Set("s", "ab")) == "a.start>b.start seq+push+gate; b.stop>a.stop seq+pull");
  CHECK(Recorded("", Set("s", "ab", "sequential='false'")) == "");
  CHECK(Recorded("", Set("s", "a")) == "");
  CHECK(Recorded("kind='Serialize'", Set("s", "abc")) ==
        "a.start>b.start serial; a.start>c.start serial; b.start>c.start serial");
  CHECK(Recorded("symmetrical='false'", Set("s", "ab")) == "a.start>b.start seq+asym");
  CHECK(Recorded("symmetrical='maybe'", Set("s", "ab")) == "a.start>b.start seq+asym");
  CHECK(Recorded("kind='Optional'", Set("s", "ab", "kind='Mandatory'")) ==
        "a.start>b.start seq+push+gate; b.stop>a.stop seq+pull");
  // Without an explicit `sequential` every member stands for its set.
  CHECK(Recorded("kind='Optional'", Set("s", "ab", "sequential='false'") + Set("t", "c")) ==
        "a.start>c.start seq; b.start>c.start seq; c.stop>a.stop seq; c.stop>b.stop seq");
  CHECK(Recorded("kind='Optional' symmetrical='false'",
                 Set("s", "ab", "sequential='true'") + Set("t", "cd", "sequential='true'")) ==
        "a.start>b.start seq; c.start>d.start seq; b.start>c.start seq");
  CHECK(Recorded("symmetrical='false'", Set("s", "ab", "sequential='false' require-all='false'") + Set("t", "c")) ==
        "a.start>one-or-more:s count+show-then; b.start>one-or-more:s count+show-then; "
        "one-or-more:s>c.start seq+gate+asym");
}

TEST_CASE("between sets the action of the earlier one decides about the gate") {
  const auto sets = [](const std::string& first, const std::string& then) {
    return Recorded("", Set("s", "a", "action='" + first + "'") + Set("t", "b", "action='" + then + "'"));
  };
  CHECK(sets("start", "start") == "a.start>b.start seq+push+gate; b.stop>a.stop seq+pull");
  CHECK(sets("start", "stop") == "a.start>b.stop seq+push+gate; b.start>a.stop seq+pull");
  CHECK(sets("stop", "start") == "a.stop>b.start seq+push; b.stop>a.start seq+pull");
}

TEST_CASE("orderings of what can migrate have equivalents") {
  const auto pair = [](const std::string& more, const char* migrates) {
    return Recorded("first='a' then='b' symmetrical='false' kind='Optional' " + more, "", migrates);
  };
  CHECK(pair("", "a") == "a.start>b.start seq");
  CHECK(pair("", "b") == "a.start>b.start seq; a.start>b.migrate_to seq");
  CHECK(pair("", "ab") ==
        "a.start>b.start seq; a.migrate_from>b.migrate_to seq; a.start>b.migrate_to seq+unless-migrating");
  CHECK(pair("first-action='stop'", "b") == "a.stop>b.stop seq; a.stop>b.migrate_to seq");
  CHECK(pair("first-action='stop'", "ab") == "a.stop>b.stop seq; a.stop>b.migrate_to seq+unless-migrating");
  CHECK(pair("first-action='promote' then-action='start'", "b") == "a.promote>b.start seq; a.promote>b.migrate_to seq");
  CHECK(pair("first-action='demote' then-action='stop'", "b") == "a.demote>b.stop seq; a.demote>b.migrate_to seq");
}

TEST_CASE("a primitive and a group bring their own orderings") {
  Fixture alone(Primitive("a"));
  RecordImplicit(alone.run);
  CHECK(alone.Orderings() == "a.stop>a.start seq+push+restart; a.lrm_delete>a.monitor cancel-first+same-node");

  Fixture group("<group id='g'>" + Primitive("a") + Primitive("b") + "</group>");
  RecordImplicit(group.run);
  const std::string text = group.Orderings();
  CHECK(text.find("g.stop>a.stop seq+show-first; a.stop>g.stopped push;") != std::string::npos);
  CHECK(text.find("g.start>a.start ;") != std::string::npos);
  CHECK(text.find("a.start>b.start push+gate; b.stop>a.stop seq+restart") != std::string::npos);
}

TEST_CASE("a link that shares a kind with an older one is dropped whole") {
  Fixture fixture(Primitive("a") + Primitive("b"));
  Run& run = fixture.run;
  const ActionId first = RequestAction(run, fixture.Find("a"), Symbol::kStart, 0, run.node_order[0], true);
  const ActionId then = RequestAction(run, fixture.Find("b"), Symbol::kStart, 0, run.node_order[0], true);
  CHECK_FALSE(Link(run, first, then, 0));
  CHECK_FALSE(Link(run, first, ActionId(), kind::kSeq));
  CHECK(Link(run, first, then, kind::kSeq));
  CHECK_FALSE(Link(run, first, then, kind::kSeq | kind::kGate));
  CHECK(Link(run, first, then, kind::kGate | kind::kPush));
  CHECK_FALSE(Link(run, first, then, kind::kPush));
  // The newest is in front, on both sides.
  const RelationId newest = run.at(then).before_head;
  CHECK(newest == run.at(first).after_head);
  CHECK(run.at(newest).kinds_before == (kind::kGate | kind::kPush));
  CHECK(run.at(run.at(newest).next_before).kinds_before == kind::kSeq);
  // What was disabled is still known to the duplicate test.
  run.at(newest).kinds_before = 0;
  CHECK_FALSE(Link(run, first, then, kind::kPush));
}

// Actions of a and b on n1; `flags` of an action: R required, U unrunnable, - neither.
struct Pair {
  explicit Pair(Kinds kinds, const char* first_flag, const char* then_flag)
      : fixture(Primitive("a") + Primitive("b")), first(Make("a", first_flag)), then(Make("b", then_flag)) {
    Link(fixture.run, first, then, kinds);
    Propagate(fixture.run);
  }
  ActionId Make(const char* resource, const char* flag) {
    Run& run = fixture.run;
    const ActionId id = RequestAction(run, fixture.Find(resource), Symbol::kStart, 0, run.node_order[0], *flag != 'R');
    run.at(id).runnable = *flag != 'U';
    run.at(id).migratable = *flag == 'M';
    return id;
  }
  std::string Text(ActionId id) const {
    const Action& action = fixture.run.at(id);
    std::string text = action.optional ? "" : "R";
    if (!action.runnable) text += "U";
    if (action.forced_in) text += "F";
    if (action.migratable) text += "M";
    if (text.empty()) text = "-";
    return action.reason.empty() ? text : text + " (" + action.reason + ")";
  }
  Fixture fixture;
  ActionId first, then;
};

TEST_CASE("each kind does its part") {
  const auto after = [](Kinds kinds, const char* first, const char* then) {
    const Pair pair(kinds, first, then);
    return pair.Text(pair.first) + " > " + pair.Text(pair.then);
  };
  using namespace kind;
  CHECK(after(kSeq, "R", "-") == "R > -");
  CHECK(after(kPush, "R", "-") == "R > R (required a start)");
  CHECK(after(kPush, "-", "-") == "- > -");
  CHECK(after(kGate, "U", "-") == "U > U (unrunnable a start)");
  CHECK(after(kGate, "U", "M") == "U > U (unrunnable a start)");
  CHECK(after(kGate, "R", "-") == "R > -");
  CHECK(after(kPull, "-", "R") == "- > R");
  CHECK(after(kPull, "M", "R") == "- (unmigrateable b start) > R");
  CHECK(after(kMigGate, "-", "R") == "RU (unrunnable b start) > R");
  CHECK(after(kAsym, "U", "-") == "U > RU (required a start)");
  CHECK(after(kShowThen, "R", "-") == "R > F");
  CHECK(after(kShowFirst, "-", "R") == "F > R");
  CHECK(after(kCancelFirst, "R", "R") == "- > R");
  CHECK(after(kRestart, "-", "R") == "R (required b start) > R");
}

TEST_CASE("a missing first blocks the whole restart of what follows it") {
  // Spec 05 §23.3: b runs, a will not start.
  Fixture fixture(Primitive("a") + Primitive("b"), "<rsc_order id='o' first='a' then='b'/>");
  Run& run = fixture.run;
  const ResourceId b = fixture.Find("b");
  run.at(b).role = run.at(b).next_role = Role::kStarted;
  RecordImplicit(run);
  const NodeId node = run.node_order[0];
  const ActionId stop = RequestAction(run, b, Symbol::kStop, 0, node, true);
  const ActionId start = RequestAction(run, b, Symbol::kStart, 0, node, true);
  Materialise(run);
  Propagate(run);
  const ActionId placeholder = NewestNamed(run, fixture.Find("a"), Symbol::kStart);
  REQUIRE(placeholder.valid());
  CHECK_FALSE(run.at(placeholder).runnable);
  CHECK_FALSE(run.at(start).runnable);
  CHECK(run.at(start).reason == "unrunnable a start");
  CHECK_FALSE(run.at(stop).optional);
  CHECK(run.at(stop).reason.empty());
  CHECK_FALSE(PassesGraphFilter(run, start));
}

}  // namespace
}  // namespace picket::solver
