#include "runtime/daemon/gate.h"

#include <string>

#include "doctest/doctest.h"
#include "runtime/daemon/test_group.h"

using namespace picket::runtime;

namespace {

constexpr const char* kCib =
    R"(<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
<configuration><crm_config><cluster_property_set id="o"><nvpair id="d" name="dc-deadtime" value="5s"/>
</cluster_property_set></crm_config><nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes><resources/>
<constraints/></configuration><status/></cib>)";

// The coordinator n1 of a view of itself; n2 is configured.
struct Fixture {
  explicit Fixture(bool grouped = true) : parts(SettingsOf(grouped)) {
    Hard hard;
    hard.index = 1;
    hard.cib = kCib;
    std::string error;
    REQUIRE_MESSAGE(parts.replica.Install(hard, error), error);
    parts.BeHere();
    membership.Open(OpenedGroup(2, 1000));
    membership.SetRing({{1, 1}, {1}});
    membership.SetProcesses({{{1, 10}}});
    membership.SetQuorum({{1, 1}, true});
  }

  void BeginView(bool started, bool had_quorum) {
    view.active = true;
    view.verdict = Verdict();
    view.verdict->had_quorum = had_quorum;
    parts.coordinator.BeginView(1, true, {}, {});
    Transfer transfer;
    transfer.started = started;
    gate.BeginView(transfer, At(0));
  }
  static Turn At(int64_t now_ms) {
    Turn turn;
    turn.now.boot_ms = now_ms;
    return turn;
  }
  bool May(int64_t now_ms) {
    Turn turn = At(now_ms);
    return gate.MayGiveOrders(turn);
  }

  Parts parts;
  Membership membership;
  View view;
  Gate gate{parts, membership, view};
};

}  // namespace

TEST_CASE("a cold start waits for who is missing, and then tells that it has begun") {
  Fixture f;
  f.BeginView(false, true);
  CHECK_FALSE(f.May(4999));
  CHECK(f.gate.NextDeadline({4999, 0, 0}) == 5000);
  CHECK_FALSE(f.gate.started());
  Turn turn = Fixture::At(5000);
  CHECK(f.gate.MayGiveOrders(turn));
  REQUIRE(turn.out.messages.size() == 1);
  CHECK(std::holds_alternative<Progress>(turn.out.messages[0]));
  CHECK(f.gate.started());
}

TEST_CASE("a cold start with everybody here waits for nothing") {
  Fixture f;
  Peer here;
  here.standing = Standing::kMember;
  f.parts.replica.SetPeer("n2", here);
  f.BeginView(false, false);
  CHECK(f.May(1));
}

TEST_CASE("after a time without quorum the others have a moment to come") {
  Fixture f;
  f.BeginView(true, false);
  CHECK_FALSE(f.May(1199));
  CHECK(f.May(1200));
}

TEST_CASE("a machine whose picketd is away is waited for, and its loss is told once") {
  Fixture f;
  Peer away;
  away.standing = Standing::kMember;
  away.daemon_only = true;
  f.membership.SetRing({{1, 1}, {1, 2}});
  f.BeginView(true, true);
  f.parts.replica.SetPeer("n2", away);
  Turn first = Fixture::At(100);
  f.gate.NoticeDaemons(first);
  CHECK(first.out.messages.empty());
  CHECK(f.gate.NextDeadline({100, 0, 0}) == 10100);
  Turn late = Fixture::At(10100);
  f.gate.NoticeDaemons(late);
  f.gate.NoticeDaemons(late);
  REQUIRE(late.out.messages.size() == 1);
  CHECK(std::get<DaemonGone>(late.out.messages[0]).node == "n2");
}

TEST_CASE("while nobody knows what a machine in the ring runs, no order is given") {
  Fixture f;
  f.membership.SetRing({{1, 1}, {1, 2}});
  f.BeginView(true, true);
  Turn turn = Fixture::At(100);
  f.gate.NoticeDaemons(turn);
  CHECK_FALSE(f.May(101));
  f.membership.SetProcesses({{{1, 10}, {2, 20}}});
  f.gate.NoticeDaemons(turn);
  CHECK(f.May(102));
}

TEST_CASE("a Corosync that has just come is not taken at its word that there is no quorum") {
  Fixture f;
  f.membership.SetQuorum({{1, 1}, false});
  f.gate.Open(Fixture::At(0));
  f.BeginView(true, true);
  CHECK_FALSE(f.May(2999));
  CHECK(f.May(3000));
}

TEST_CASE("only the coordinator of a view gives orders, and only with a configuration") {
  Fixture f;
  CHECK_FALSE(f.May(60000));
  f.BeginView(true, true);
  f.parts.coordinator.BeginView(2, false, {}, {});
  CHECK_FALSE(f.May(60000));
  f.parts.coordinator.BeginView(3, true, {}, {});
  CHECK(f.May(60000));
  f.view.active = false;
  CHECK_FALSE(f.May(60000));
}

TEST_CASE("a group of one waits for nobody") {
  Fixture f(false);
  f.BeginView(false, false);
  CHECK(f.May(0));
}
