#include "runtime/daemon/membership.h"

#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "runtime/daemon/test_group.h"

using namespace picket::runtime;

namespace {

constexpr GroupPeer kSelf{1, 10};

// Both machines are in the ring, and both have their picketd.
Membership Both() {
  Membership membership;
  membership.Open(OpenedGroup(2));
  membership.SetRing({{1, 4}, {1, 2}});
  membership.SetProcesses({{kSelf, {2, 20}}});
  return membership;
}

}  // namespace

TEST_CASE("a membership has a key once we are among its processes") {
  Membership membership;
  CHECK(membership.Key().empty());
  membership.Open(OpenedGroup(2));
  membership.SetRing({{1, 4}, {1, 2}});
  membership.SetProcesses({{{2, 20}}});
  CHECK(membership.Key().empty());
  membership.SetProcesses({{kSelf, {2, 20}}});
  const std::string key = membership.Key();
  CHECK_FALSE(key.empty());
  // A picketd that was started again is another one.
  membership.SetProcesses({{kSelf, {2, 21}}});
  CHECK(membership.Key() != key);
}

TEST_CASE("ring and quorum are two streams: they agree when they name the same ring") {
  Membership membership = Both();
  CHECK_FALSE(membership.agreed());
  membership.SetQuorum({{1, 3}, true});
  CHECK_FALSE(membership.agreed());
  membership.SetQuorum({{1, 4}, true});
  CHECK(membership.agreed());
  CHECK(membership.quorate());
}

TEST_CASE("of two processes of a node the first counts") {
  Membership membership = Both();
  CHECK(membership.SetProcesses({{kSelf, {2, 20}, {2, 21}}}) == std::vector<NodeId>{2});
  CHECK(membership.processes().size() == 2);
  CHECK(membership.Counts({2, 20}));
  CHECK_FALSE(membership.Counts({2, 21}));
  // Of a node without a process nothing is known to be wrong.
  CHECK(membership.Counts({3, 30}));
}

TEST_CASE("a machine may be in the ring without its picketd") {
  Membership membership = Both();
  membership.SetProcesses({{kSelf}});
  CHECK(membership.InRing("N2"));
  CHECK_FALSE(membership.InRing("n3"));
  CHECK_FALSE(membership.HasProcess(2));
  CHECK(membership.NameOf(3) == "node 3");
}

TEST_CASE("without Corosync we are alone after a while, once") {
  Membership membership = Both();
  membership.SetQuorum({{1, 4}, true});
  CHECK(membership.Lose(1000));
  CHECK(membership.Key().empty());
  CHECK_FALSE(membership.quorate());
  CHECK(membership.NextDeadline() == 1000 + kAloneAfterMs);
  CHECK_FALSE(membership.IsToBeAlone(1000 + kAloneAfterMs - 1));
  CHECK(membership.IsToBeAlone(1000 + kAloneAfterMs));
  CHECK_FALSE(membership.IsToBeAlone(1000 + kAloneAfterMs));
  membership.BeAlone("n1", false);
  CHECK(membership.loopback());
  CHECK(membership.agreed());
  CHECK(membership.processes() == std::vector<GroupPeer>{kSelf});
  const std::string key = membership.Key();
  membership.BeAlone("n1", false);
  CHECK(membership.Key() != key);
}

TEST_CASE("Corosync that is back in time keeps us from being alone") {
  Membership membership = Both();
  membership.Lose(1000);
  membership.Open(OpenedGroup(2));
  CHECK(membership.NextDeadline() == INT64_MAX);
  CHECK_FALSE(Membership().Lose(0));
}

TEST_CASE("corosync.conf may change others and votes, not who we are") {
  Membership membership = Both();
  GroupOpened now = OpenedGroup(2);
  now.self = {9, 9};
  now.nodes.push_back({3, "n3", 2});
  CHECK(membership.Configure(now, "n1"));
  CHECK(membership.self() == 1);
  CHECK(membership.NameOf(3) == "n3");
  now.nodes = {{2, "n2", 1}};
  CHECK_FALSE(membership.Configure(now, "n1"));
  CHECK(membership.NameOf(1) == "n1");
  CHECK_FALSE(membership.Configure(OpenedGroup(2), "another"));
}

TEST_CASE("a group of one knows itself by the name it was given") {
  Membership membership;
  CHECK_FALSE(membership.known());
  membership.BeAlone("laptop", true);
  CHECK(membership.NameOf(membership.self()) == "laptop");
  CHECK(membership.quorate());
  CHECK_FALSE(membership.Configure(OpenedGroup(2), "laptop"));
}
