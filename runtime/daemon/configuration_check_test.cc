#include "runtime/daemon/configuration_check.h"

#include <string>

#include "doctest/doctest.h"

using namespace picket::runtime;

namespace {

std::string Cib(const std::string& nodes, const std::string& resources = "") {
  return R"(<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">)"
         "<configuration><crm_config/><nodes>" +
         nodes + "</nodes><resources>" + resources + "</resources><constraints/></configuration><status/></cib>";
}

constexpr const char* kOurs = R"(<node id="1" uname="n1"/>)";

}  // namespace

TEST_CASE("a configuration that names us can be used") {
  CHECK(WhyUnusable(Cib(kOurs), {}, "n1").empty());
  CHECK(WhyUnusable(Cib(kOurs), {}, "N1").empty());
}

TEST_CASE("one that does not name us cannot, and its nodes are listed") {
  const std::string why = WhyUnusable(Cib(R"(<node id="1" uname="a"/><node id="2" uname="b"/>)"), {}, "n1");
  CHECK(why == "it has no node `n1`, which is who we are; its nodes: a b");
  CHECK(WhyUnusable(Cib(""), {}, "n1") == "it has no node `n1`, which is who we are");
}

TEST_CASE("what is no CIB is refused with a reason") {
  for (const char* text : {"", "<cib", "<other/>", "hello"}) CHECK_FALSE(WhyUnusable(text, {}, "n1").empty());
}

TEST_CASE("a fault in the CIB is refused with its place") {
  const std::string twice = R"(<primitive id="p" class="ocf" provider="heartbeat" type="Dummy"/>)";
  CHECK_FALSE(WhyUnusable(Cib(kOurs, twice + twice), {}, "n1").empty());
}
