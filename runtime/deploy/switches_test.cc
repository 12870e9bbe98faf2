#include "runtime/deploy/switches.h"

#include <doctest/doctest.h>

namespace picket::runtime {
namespace {

constexpr const char* kPolicy = R"(<cib><configuration>
  <crm_config><cluster_property_set id="o"><nvpair id="m" name="maintenance-mode" value="true"/></cluster_property_set>
  </crm_config><nodes><node id="1" uname="n1"/>
  <node id="2" uname="n2"><instance_attributes id="a"><nvpair id="s" name="standby" value="on"/>
  <nvpair id="t" name="maintenance" value="off"/></instance_attributes></node></nodes></configuration></cib>)";

TEST_CASE("a switch that the policy does not turn on goes away") {
  CHECK(ValueThatEnds(kPolicy, "n1", "standby", "off") == std::nullopt);
  CHECK(ValueThatEnds(kPolicy, "n2", "maintenance", "false") == std::nullopt);
  CHECK(ValueThatEnds("<cib/>", "", "maintenance-mode", "false") == std::nullopt);
  CHECK(ValueThatEnds("", "n1", "standby", "off") == std::nullopt);
}

TEST_CASE("against a policy that turns it on, a word stays") {
  CHECK(ValueThatEnds(kPolicy, "N2", "standby", "off") == "off");
  CHECK(ValueThatEnds(kPolicy, "", "maintenance-mode", "false") == "false");
}

}  // namespace
}  // namespace picket::runtime
