// Who is there: the tables of spec 01 §8.4 and §8.6.
#include <doctest/doctest.h>

#include "solver/status/testing/recorded.h"

namespace picket::solver::testing {
namespace {

Recorded Member(const std::string& attributes, bool fencing, const std::string& transient = {}) {
  return {.nodes = "n1",
          .properties = Pair("node-pending-timeout", "60s"),
          .attributes = {{"n1", transient}},
          .membership = {{"n1", attributes}},
          .fencing = fencing};
}

std::string Fenced(const std::string& attributes, const std::string& transient = {}) {
  const Read read(Member(attributes, true, transient));
  const std::string actions = read.Actions();
  return read.Node("n1") + (actions.empty() ? "" : " " + actions.substr(actions.find('\'')));
}

std::string Unfenced(const std::string& attributes, const std::string& transient = {}) {
  return Read(Member(attributes, false, transient)).Node("n1");
}

}  // namespace

TEST_CASE("with fencing") {
  CHECK(Fenced("in_ccm='true' crmd='online' join='member' expected='member'") == "online");
  CHECK(Fenced("in_ccm='1' crmd='999999990' join='member' expected='member'") == "online");
  CHECK(Fenced("crmd='online' join='member' expected='member'") ==
        "offline unclean 'peer has not been seen by the cluster'");
  CHECK(Fenced("in_ccm='true' crmd='online' join='banned' expected='member'") ==
        "online unclean 'peer failed Pacemaker membership criteria'");
  CHECK(Fenced("in_ccm='true' crmd='online' join='member' expected='member'", Pair("terminate", "true")) ==
        "online unclean 'fencing was requested'");
  CHECK(Fenced("in_ccm='false' crmd='offline' join='down' expected='member'", Pair("terminate", "5")) == "offline");
  CHECK(Fenced("in_ccm='true' crmd='online' join='member' expected='down'") == "online standby pending");
  CHECK(Fenced("in_ccm='999999900' crmd='offline' join='down' expected='down'") ==
        "online unclean 'peer pending timed out on joining the process group'");
  CHECK(Fenced("in_ccm='999999950' crmd='offline' join='down' expected='down'") == "online standby pending");
  CHECK(Fenced("in_ccm='false' crmd='offline' join='down' expected='down'") == "offline");
  CHECK(Fenced("in_ccm='false' crmd='online' join='member' expected='member'") ==
        "offline unclean 'peer is no longer part of the cluster'");
  CHECK(Fenced("in_ccm='true' crmd='offline' join='member' expected='member'") ==
        "online unclean 'peer process is no longer available'");
  CHECK(Fenced("in_ccm='true' crmd='online' join='pending' expected='member'") == "online standby pending");
  CHECK(Fenced("in_ccm='true' crmd='online' join='odd' expected='member'") ==
        "online unclean 'peer was in an unknown state'");
  CHECK(Fenced("in_ccm='true' crmd='online' join='member' expected='member'", Pair("shutdown", "1")) ==
        "online shutdown");
  CHECK(Fenced("in_ccm='true' crmd='offline' join='down' expected='down'", Pair("shutdown", "1")) ==
        "offline shutdown");
  CHECK(Fenced("in_ccm='true' crmd='online' join='member' expected='member'", Pair("standby", "on")) ==
        "online standby");
}

TEST_CASE("without fencing") {
  CHECK(Unfenced("in_ccm='true' crmd='online' join='member' expected='member'") == "online");
  CHECK(Unfenced("in_ccm='true' crmd='online' join='member' expected='down'") == "online");
  CHECK(Unfenced("in_ccm='true' crmd='online' join='down' expected='member'") == "offline");
  CHECK(Unfenced("in_ccm='true' crmd='offline' join='member' expected='member'") == "offline unclean");
  CHECK(Unfenced("in_ccm='true' crmd='offline' join='member' expected='down'") == "offline");
  CHECK(Unfenced("in_ccm='false' crmd='online' join='member' expected='member'") == "offline");
}

TEST_CASE("quorum") {
  Recorded recorded{.properties = Pair("no-quorum-policy", "fence"), .fencing = true, .quorum = false};
  CHECK(Read(recorded).Node("n1") == "online");  // it never had quorum, so the policy is to stop
}

}  // namespace picket::solver::testing
