#include "runtime/store/replica.h"

#include <doctest/doctest.h>

#include "runtime/store/secret_pairs.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/status/parameter_digest.h"

namespace picket::runtime {
namespace {

constexpr const char* kCib = R"(<cib crm_feature_set="3.16.0" validate-with="pacemaker-3.7" epoch="1" num_updates="0"
    admin_epoch="0"><configuration><crm_config><cluster_property_set id="cib-bootstrap-options">
    <nvpair id="o1" name="no-quorum-policy" value="stop"/></cluster_property_set></crm_config>
    <nodes><node id="1" uname="n1"/><node id="2" uname="n2"><instance_attributes id="n2-a">
    <nvpair id="n2-standby" name="standby" value="off"/></instance_attributes></node></nodes>
    <resources><primitive id="db" class="ocf" provider="heartbeat" type="Dummy">
    <instance_attributes id="p"><nvpair id="p1" name="passwd" value="hush"/></instance_attributes></primitive>
    </resources><constraints/></configuration><status/></cib>)";

Replica WithCib() {
  Replica replica;
  std::string error;
  REQUIRE(replica.Install(Applied({}, ReplaceConfiguration{kCib, "test"}), error));
  replica.SetMembers({"n1"});
  replica.SetQuorate(true);
  return replica;
}

Result Of(const std::string& name, uint32_t interval_ms, int target_rc, int rc) {
  Result result;
  result.node = "n1";
  result.operation.resource = "db";
  result.operation.cls = "ocf";
  result.operation.provider = "heartbeat";
  result.operation.type = "Dummy";
  result.operation.name = name;
  result.operation.interval_ms = interval_ms;
  result.operation.target_rc = target_rc;
  result.outcome.rc = rc;
  result.call = 5;
  result.when_s = 1000;
  return result;
}

TEST_CASE("members are online, everybody else has left in good order") {
  const Replica replica = WithCib();
  REQUIRE(replica.state().nodes.size() == 2);
  CHECK(replica.Find("n1")->Get("crmd") == "online");
  CHECK(replica.Find("n2")->Get("crmd") == "offline");
  CHECK(replica.Find("n2")->Get("expected") == "down");
}

TEST_CASE("a configuration that cannot be read changes nothing") {
  Replica replica = WithCib();
  std::string error;
  CHECK_FALSE(replica.Install(Applied(replica.hard(), ReplaceConfiguration{"<cib", "broken"}), error));
  CHECK_FALSE(error.empty());
  CHECK(replica.hard().source == "test");
  CHECK(replica.HasNode("n2"));
}

TEST_CASE("what was set by hand stands over the policy, and stays when the policy is applied again") {
  Replica replica = WithCib();
  std::string error;
  Hard hard = Applied(replica.hard(), SetPermanent{"n2", "standby", "on"});
  hard = Applied(hard, SetProperty{"no-quorum-policy", "freeze"});
  hard = Applied(hard, SetProperty{"maintenance-mode", "true"});
  REQUIRE(replica.Install(hard, error));
  CHECK(replica.Permanent("n2", "standby") == "on");
  REQUIRE(replica.Install(Applied(hard, ReplaceConfiguration{kCib, "again"}), error));
  CHECK(replica.Permanent("n2", "standby") == "on");
  const std::string text = replica.Text({}, true);
  CHECK(text.find("value=\"freeze\"") != std::string::npos);
  CHECK(text.find("name=\"maintenance-mode\" value=\"true\"") != std::string::npos);
  CHECK(text.find("value=\"stop\"") == std::string::npos);
}

TEST_CASE("a failing monitor counts, a failing probe does not, a failing stop counts for all") {
  Replica replica = WithCib();
  replica.Apply(Of("monitor", 0, 7, 1));
  CHECK(replica.Transient("n1", "fail-count-db#monitor_0") == nullptr);
  replica.Apply(Of("monitor", 10000, 0, 7));
  replica.Apply(Of("monitor", 10000, 0, 7));
  REQUIRE(replica.Transient("n1", "fail-count-db#monitor_10000") != nullptr);
  CHECK(*replica.Transient("n1", "fail-count-db#monitor_10000") == "2");
  Result stop = Of("stop", 0, 0, 1);
  stop.operation.failure_is_fatal = true;
  replica.Apply(stop);
  CHECK(*replica.Transient("n1", "fail-count-db#stop_0") == "INFINITY");
  CHECK(replica.Apply(FailuresCleared{"n1", "db", false}));
  CHECK(replica.Transient("n1", "fail-count-db#stop_0") == nullptr);
}

TEST_CASE("a snapshot keeps what it has seen") {
  Replica replica = WithCib();
  replica.Apply(Of("start", 0, 0, 0));
  const solver::State before = replica.Snapshot({});
  replica.Apply(Of("stop", 0, 0, 0));
  CHECK(before.nodes[0]->history[0].entries[0].operation == "start");
  CHECK(replica.state().nodes[0]->history[0].entries[0].operation == "stop");
}

TEST_CASE("soft state goes to the next daemon, without its recurring operations") {
  Replica replica = WithCib();
  replica.Apply(Of("start", 0, 0, 0));
  replica.Apply(Of("monitor", 10000, 0, 0));
  replica.Apply(AttributeSet{"n1", "master-db", "10"});
  Begin begin;
  begin.node = "n1";
  begin.operation = Of("stop", 0, 0, 0).operation;
  replica.Apply(begin);

  Replica next = WithCib();
  REQUIRE(next.TakeSoftText("n1", replica.SoftText("n1")));
  next.TakeOver("n1");
  REQUIRE(next.Find("n1")->history.size() == 1);
  CHECK(next.Find("n1")->history[0].entries.size() == 2);
  CHECK(next.Pending("n1") == std::vector<std::string>{"db"});
  REQUIRE(next.Transient("n1", "master-db") != nullptr);
  CHECK_FALSE(next.TakeSoftText("n1", "<cib"));
}

TEST_CASE("when a stop begins its monitors are no longer in the history, however it ends") {
  Replica replica = WithCib();
  replica.Apply(Of("start", 0, 0, 0));
  replica.Apply(Of("monitor", 10000, 0, 0));
  Begin begin;
  begin.node = "n1";
  begin.operation = Of("stop", 0, 0, 0).operation;
  replica.Apply(begin);
  CHECK(replica.Find("n1")->history[0].entries.size() == 2);
  replica.Apply(Of("stop", 0, 0, 1));
  for (const auto& entry : replica.Find("n1")->history[0].entries) CHECK(entry.interval_ms == 0);
}

TEST_CASE("recorded times move along with a clock that was set") {
  Replica replica = WithCib();
  replica.Apply(Of("monitor", 10000, 0, 7));
  replica.ShiftTimes(3600);
  CHECK(replica.Find("n1")->history[0].entries[0].last_rc_change_s == 4600);
  CHECK(*replica.Transient("n1", "last-failure-db#monitor_10000") == "4600");
}

TEST_CASE("secrets are not for everybody") {
  const Replica replica = WithCib();
  CHECK(replica.Text({}, true).find("hush") != std::string::npos);
  CHECK(replica.Text({}, false).find("hush") == std::string::npos);
}

TEST_CASE("who is shown no secrets can compare what is left, and guess nothing") {
  Replica replica = WithCib();
  Result result = Of("start", 0, 0, 0);
  result.operation.parameters = {
      {"passwd", "hush"}, {"ip", "1"}, {"CRM_meta_timeout", "1"}, {"crm_feature_set", "3.19.0"}};
  result.operation.digest = "of hush";
  result.force_restart = " passwd ";
  result.restart_digest = "of hush too";
  replica.Apply(result);
  const std::string all = replica.Text({}, true);
  const std::string shown = replica.Text({}, false);
  CHECK(all.find("op-digest=\"of hush\"") != std::string::npos);
  CHECK(all.find("op-restart-digest=\"of hush too\"") != std::string::npos);
  CHECK(shown.find("of hush") == std::string::npos);
  solver::Table ip;
  ip.Add("ip", "1");
  CHECK(shown.find("op-secure-params=\" passwd \"") != std::string::npos);
  CHECK(shown.find("op-secure-digest=\"" + solver::ParameterDigest(ip) + "\"") != std::string::npos);
  CHECK(shown.find("crm_feature_set=\"3.19.0\"") != std::string::npos);
}

TEST_CASE("what a policy calls a secret is one, whatever its name") {
  pugi::xml_document document;
  REQUIRE(document.load_string(kCib));
  pugi::xml_node configuration = document.document_element().child("configuration");
  document.select_node("//nvpair[@id='p1']").node().attribute("name").set_value("pin");
  MarkSecretPairs(configuration, {"p1"});
  Replica replica;
  std::string error;
  REQUIRE(replica.Install(Applied({}, ReplaceConfiguration{solver::DocumentText(document), "test"}), error));
  CHECK(replica.Text({}, true).find("hush") != std::string::npos);
  CHECK(replica.Text({}, false).find("hush") == std::string::npos);
}

FenceDone Fenced(const std::string& target, const std::string& incarnation, int64_t when_s = 1000) {
  FenceDone done;
  done.node = "n1";
  done.target = target;
  done.incarnation = incarnation;
  done.action = "reboot";
  done.success = true;
  done.when_s = when_s;
  return done;
}

TEST_CASE("a success of fencing counts for the life that it was asked for") {
  Replica replica = WithCib();
  Peer lost;
  lost.standing = Standing::kLost;
  lost.incarnation = "second";
  replica.SetPeer("n2", lost);
  CHECK(replica.Apply(Fenced("n2", "first")) == FenceVerdict::kStale);
  CHECK(replica.PeerOf("n2").standing == Standing::kLost);
  CHECK(replica.Apply(Fenced("n2", "second")) == FenceVerdict::kProven);
  CHECK(replica.PeerOf("n2").standing == Standing::kFenced);
}

TEST_CASE("fencings for a failed stop are counted for an hour, until somebody has looked") {
  Replica replica = WithCib();
  for (const int64_t when_s : {1000, 1000, 1100}) {
    FenceDone done = Fenced("n2", "", when_s);
    done.because = "db";
    replica.Apply(done);
  }
  replica.Apply(Fenced("n2", "", 1200));
  // The same one twice is one.
  CHECK(replica.StopFencings("db", 1200) == 2);
  CHECK(replica.StopFencings("web", 1200) == 0);
  CHECK(replica.StopFencings("db", 1000 + kStopFencingsS) == 1);
  replica.ShiftTimes(kStopFencingsS);
  CHECK(replica.StopFencings("db", 1200 + kStopFencingsS) == 2);
  replica.ForgetStopFencings("db:1");
  CHECK(replica.StopFencings("db", 1200 + kStopFencingsS) == 0);
}

TEST_CASE("a cleanup that has reached one node of two does not yet let go of the brake") {
  Replica replica = WithCib();
  FenceDone done = Fenced("n2", "", 1000);
  done.because = "db";
  replica.Apply(done);
  replica.Apply(Of("stop", 0, 0, 1));
  CHECK(replica.FailedStop("n1") == "db");
  replica.Apply(ResourceForgotten{"n2", "db", false});
  replica.ForgetStopFencings("db");
  CHECK(replica.StopFencings("db", 1200) == 1);
  // The count goes first, the record of the stop after it: a plan between the two would fence n1.
  replica.Apply(FailuresCleared{"n1", "db", false});
  replica.ForgetStopFencings("db");
  CHECK(replica.FailedStop("n1") == "db");
  CHECK(replica.StopFencings("db", 1200) == 1);
  replica.Apply(ResourceForgotten{"n1", "db", false});
  replica.ForgetStopFencings("db");
  CHECK(replica.FailedStop("n1").empty());
  CHECK(replica.StopFencings("db", 1200) == 0);
}

TEST_CASE("a secret is masked wherever somebody repeats it") {
  const Replica replica = WithCib();
  CHECK(replica.Masked("login with hush failed, hush!") == "login with ******** failed, ********!");
  CHECK(replica.Masked("nothing of the kind") == "nothing of the kind");
}

TEST_CASE("what a session keeps of one resource is read back alone") {
  Replica replica = WithCib();
  replica.TakeSoftChanges("n1");
  replica.Apply(Of("start", 0, 0, 0));
  const SoftChanges changes = replica.TakeSoftChanges("n1");
  CHECK_FALSE(changes.whole);
  CHECK(changes.resources == std::set<std::string>{"db"});
  replica.Apply(AttributeSet{"n1", "master-db", "10"});
  CHECK(replica.TakeSoftChanges("n1").attributes);
  Replica next = WithCib();
  REQUIRE(next.TakeSoftPart("n1", "db", replica.SoftPart("n1", "db")));
  REQUIRE(next.TakeSoftPart("n1", "", replica.SoftPart("n1", "")));
  CHECK(next.SoftText("n1") == replica.SoftText("n1"));
  replica.Apply(ResourceForgotten{"n1", "db", false});
  REQUIRE(next.TakeSoftPart("n1", "db", replica.SoftPart("n1", "db")));
  CHECK(next.Find("n1")->history.empty());
}

}  // namespace
}  // namespace picket::runtime
