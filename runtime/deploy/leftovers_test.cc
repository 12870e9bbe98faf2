#include "runtime/deploy/leftovers.h"

#include <doctest/doctest.h>

namespace picket::runtime {
namespace {

std::string Of(const std::string& constraints, const std::string& history) {
  pugi::xml_document cib;
  const std::string text = R"(<cib><configuration><resources><primitive id="web"/></resources><constraints>)" +
                           constraints +
                           R"(</constraints></configuration><status><node_state uname="n1"><lrm><lrm_resources>)" +
                           history + "</lrm_resources></lrm></node_state></status></cib>";
  REQUIRE(cib.load_string(text.c_str()));
  std::string all;
  for (const Leftover& leftover : LeftoversOf(cib, 1767614400))
    all += leftover.what + ", " + AgeText(leftover.age_s) + "\n";
  return all;
}

TEST_CASE("what was done by hand and forgotten") {
  CHECK(Of(R"(<rsc_location id="cli-ban-web-on-n1" rsc="web" node="n1" score="-INFINITY"/>
              <rsc_location id="cli-prefer-web" rsc="web" node="n2" score="INFINITY"/>
              <rsc_location id="mine" rsc="web" node="n2" score="1"/>)",
           "") ==
        "`web` is banned from n1 by hand (`cli-ban-web-on-n1`), nobody knows for how long\n"
        "`web` is wanted on n2 by hand (`cli-prefer-web`), nobody knows for how long\n");
}

TEST_CASE("rules whose time is over") {
  CHECK(Of(R"(<rsc_location id="l" rsc="web"><rule id="r" score="1"><date_expression id="d" operation="lt"
              end="2026-01-01 12:00:00Z"/></rule></rsc_location>
              <rsc_location id="l2" rsc="web"><rule id="r2" score="1"><date_expression id="d2" operation="lt"
              end="2036-01-01 12:00:00Z"/></rule></rsc_location>)",
           "") == "the rule of `l` holds no longer, 4 days\n");
}

TEST_CASE("failures, and what no configuration knows") {
  CHECK(Of("", R"(<lrm_resource id="web"><lrm_rsc_op id="web_last_failure_0" operation="monitor" rc-code="7"
              last-rc-change="1767614340"/></lrm_resource><lrm_resource id="old:1"><lrm_rsc_op id="old_last_0"
              operation="stop" rc-code="0" last-rc-change="1767600000"/></lrm_resource>)") ==
        "`web` failed on n1: monitor gave 7, 60 s\n"
        "`old:1` is known on n1 and in no configuration, 4 hours\n");
}

TEST_CASE("ages") {
  CHECK(AgeText(0) == "0 s");
  CHECK(AgeText(119) == "119 s");
  CHECK(AgeText(600) == "10 min");
  CHECK(AgeText(172800) == "2 days");
}

}  // namespace
}  // namespace picket::runtime
