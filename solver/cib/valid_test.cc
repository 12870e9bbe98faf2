#include "solver/cib/valid.h"

#include <doctest/doctest.h>

#include <string>

namespace picket::solver {
namespace {

std::string Cib(const std::string& resources, const std::string& constraints = "", const std::string& more = "",
                const std::string& schema = "pacemaker-3.9") {
  return "<cib validate-with='" + schema + "'><configuration><crm_config/><nodes><node id='1' uname='n1'/></nodes>" +
         "<resources>" + resources + "</resources><constraints>" + constraints + "</constraints>" + more +
         "</configuration><status/></cib>";
}

// The faults as lines: where, a blank, what.
std::string Of(const std::string& text) {
  pugi::xml_document document;
  REQUIRE(document.load_string(text.c_str()));
  std::string lines;
  for (const CibFault& fault : FindFaults(document)) {
    std::string where = fault.Where();
    if (where.starts_with("/cib/configuration")) where = where.substr(18);
    lines += (lines.empty() ? "" : "\n") + where + " " + fault.what;
  }
  return lines;
}

constexpr const char* kDummy = "<primitive id='a' class='ocf' provider='heartbeat' type='Dummy'/>";

TEST_CASE("a configuration as the schemas want it has no fault") {
  CHECK(Of(Cib("")).empty());
  CHECK(Of(Cib(R"(<group id="g"><primitive id="a" class="lsb" type="x"><operations>
      <op id="o" name="monitor" interval="0" on-fail="block"/></operations><meta_attributes id="m">
      <nvpair id="n" name="priority"/></meta_attributes></primitive></group>
      <clone id="c"><primitive id="b" template="t"/><meta_attributes id-ref="m"/></clone>
      <template id="t" class="stonith" type="fence_x"/>
      <bundle id="u"><podman image="i"/><network><port-mapping id="p" range="1-2"/></network></bundle>)",
               R"(<rsc_location id="l" rsc="a"><rule id="r" score="1"><date_expression id="d" operation="date_spec">
      <date_spec id="s" hours="1-2"/></date_expression></rule></rsc_location>
      <rsc_order id="x"><resource_set id="y"><resource_ref id="a"/></resource_set><resource_set id-ref="y"/></rsc_order>
      <rsc_ticket id="k" ticket="T" rsc="b" loss-policy="freeze"/>)",
               R"(<fencing-topology><fencing-level id="f" target="n1" index="1" devices="a"/></fencing-topology>
      <acls><acl_role id="ar"><acl_permission id="ap" kind="read" reference="a"/></acl_role>
      <acl_target id="1"><role id="ar"/></acl_target></acls><tags><tag id="ta"><obj_ref id="gone"/></tag></tags>
      <alerts><alert id="i" path="/x"><select><select_nodes/></select><recipient id="w" value="v"/></alert></alerts>)"))
            .empty());
  // Nobody validates this one.
  CHECK(Of(Cib("<bakery/>", "", "", "none")).empty());
}

TEST_CASE("what the schemas refuse is told with its place") {
  struct Row {
    std::string cib;
    std::string told;
  };
  const std::string a = kDummy;
  const std::string of_a = "/resources/primitive[@id='a'] ";
  const Row rows[] = {
      {"<cib/>", "/cib has no <configuration>"},
      {"<cib><configuration><crm_config/><nodes/><resources/></configuration></cib>", " has no <constraints>"},
      {Cib("<bakery/>"), "/resources/bakery may not stand in <resources>"},
      {Cib(a, "", "<tags/><tags/>"), " has more than one <tags>"},
      {Cib(a + a), of_a + "has the id a, which stands before"},
      {Cib("<primitive id='a' class='ocf' type='Dummy'/>"), of_a + "has an agent of class `ocf` and no `provider`"},
      {Cib("<primitive id='a' type='Dummy'/>"), of_a + "has no `class`"},
      {Cib("<primitive id='a' class='exe' type='x'/>"),
       of_a + "has a `class` that is not one of: ocf lsb heartbeat stonith service systemd upstart nagios"},
      {Cib("<group id='g'/>"), "/resources/group[@id='g'] has no <primitive>"},
      {Cib("<clone id='c'/>"), "/resources/clone[@id='c'] has no <primitive> or <group>"},
      {Cib("<primitive id='1a' class='lsb' type='x'/>"),
       "/resources/primitive[@id='1a'] has an id that is not a letter or _ with letters, digits, - _ . after "
       "it"},
      {Cib("<primitive id='a&#10;b' class='lsb' type='x'/>"),
       "/resources/primitive[@id='a?b'] has an id that is not a letter or _ with letters, digits, - _ . "
       "after it"},
      {Cib(a, "<rsc_order id='o' first='a' then='b'/>"),
       "/constraints/rsc_order[@id='o'] names `b` as its then, which is no id here"},
      {Cib(a, "<rsc_location id='l' rsc='a' node='n1'/>"), "/constraints/rsc_location[@id='l'] has no `score`"},
      {Cib(a, "<rsc_location id='l' rsc='a' node='n1' score='+INF'/>"),
       "/constraints/rsc_location[@id='l'] has a `score` that is neither an integer nor INFINITY"},
      {Cib(a, "<rsc_order id='o' first='a' then='a' kind='Optional' score='1'/>"),
       "/constraints/rsc_order[@id='o'] has both `kind` and `score`"},
      {Cib("<primitive id='a' class='lsb' provider='x' type='y'/>"),
       of_a + "has a `provider`, which only agents of class `ocf` have"},
      {Cib(a, "<rsc_order id='o' first='a' then='a' kind='mandatory'/>"),
       "/constraints/rsc_order[@id='o'] has a `kind` that is not one of: Optional Mandatory Serialize"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.cib);
    CHECK(Of(row.cib) == row.told);
  }
}

}  // namespace
}  // namespace picket::solver
