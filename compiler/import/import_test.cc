#include "compiler/import/import.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "compiler/compile.h"
#include "compiler/format/format.h"
#include "compiler/import/normal_form.h"
#include "compiler/syntax/parse.h"
#include "solver/cib/document.h"

namespace picket::compiler::import {
namespace {

constexpr const char* kNodes =
    "<nodes><node id=\"1\" uname=\"n1\"/><node id=\"2\" uname=\"n2\"/></nodes>"
    "<crm_config><cluster_property_set id=\"cib-bootstrap-options\">"
    "<nvpair id=\"o1\" name=\"stonith-enabled\" value=\"false\"/></cluster_property_set></crm_config>";
constexpr const char* kDummies =
    "<resources><primitive id=\"a\" class=\"ocf\" provider=\"heartbeat\" type=\"Dummy\"/>"
    "<primitive id=\"b\" class=\"ocf\" provider=\"heartbeat\" type=\"Dummy\"/>"
    "<clone id=\"c\"><meta_attributes id=\"cm\"><nvpair id=\"cp\" name=\"promotable\" value=\"true\"/>"
    "</meta_attributes><primitive id=\"d\" class=\"ocf\" provider=\"pacemaker\" "
    "type=\"Stateful\"/></clone></resources>";

std::string Cib(const std::string& sections) {
  return "<cib validate-with=\"pacemaker-3.7\"><configuration>" + sections + "</configuration></cib>";
}

// The policy; on the way it is made sure that it compiles to the same and is
// in canonical spelling.
std::string Policy(const std::string& sections, bool all_ids = false) {
  Imported imported;
  std::string reason;
  const std::string cib = Cib(sections);
  REQUIRE_MESSAGE(Import(cib, {all_ids}, imported, reason), reason);
  CHECK(imported.warnings.empty());
  Diagnostics diagnostics;
  const ast::File file = Parse(imported.policy, 0, diagnostics);
  CHECK(Format(file, imported.policy) == imported.policy);
  const CompileResult result = CompileText(imported.policy, "p", {});
  REQUIRE_MESSAGE(result.compiled, imported.policy);
  pugi::xml_document original;
  original.load_string(cib.c_str());
  CHECK(NormalForm(original) == NormalForm(result.compiled->cib));
  return imported.policy;
}

bool Has(const std::string& policy, const std::string& line) {
  const bool has = policy.find(line) != std::string::npos;
  if (!has) MESSAGE(policy);
  return has;
}

struct Case {
  std::string xml;
  std::string line;
};

TEST_CASE("constraints in words") {
  const std::vector<Case> cases = {
      {"<rsc_location id=\"l\" rsc=\"a\" node=\"n1\" score=\"50\"/>", "location l: a prefers n1 score=50\n"},
      {"<rsc_location id=\"l\" rsc=\"a\" node=\"n1\" score=\"-50\"/>", "location l: a avoids n1 score=50\n"},
      {"<rsc_location id=\"l\" rsc=\"a\" node=\"n1\" score=\"-INFINITY\"/>", "location l: a never n1\n"},
      {"<rsc_location id=\"l\" rsc=\"a\" node=\"n1\" score=\"INFINITY\"/>", "location l: a prefers n1 score=inf\n"},
      {"<rsc_location id=\"l\" rsc=\"a\" node=\"n1\" score=\"0\" resource-discovery=\"never\"/>",
       "location l: a allows n1 discovery=never\n"},
      {"<rsc_location id=\"l\" rsc-pattern=\"!^a/\" node=\"n1\" score=\"1\"/>",
       "location l: not /^a\\// prefers n1 score=1\n"},
      {"<rsc_location id=\"l\" rsc=\"c\"><rule id=\"r\" role=\"Master\" score-attribute=\"pingd\">"
       "<expression id=\"e\" attribute=\"pingd\" operation=\"defined\"/></rule></rsc_location>",
       "location l: promoted c prefers where defined(pingd) score=attribute(pingd)\n"},
      {"<rsc_location id=\"l\" rsc=\"a\"><rule id=\"r\" score=\"-INFINITY\" boolean-op=\"or\">"
       "<expression id=\"e1\" attribute=\"#uname\" operation=\"eq\" value=\"n1\"/>"
       "<expression id=\"e2\" attribute=\"node\" operation=\"lt\" value=\"5\" "
       "type=\"integer\"/></rule></rsc_location>",
       "location l: a never where node == n1 or integer(\"node\") < 5\n"},
      {"<rsc_location id=\"l\" rsc=\"a\"><rule id=\"r\" score=\"5\"><date_expression id=\"e\" "
       "operation=\"date_spec\">"
       "<date_spec id=\"s\" hours=\"9-16\" years=\"2026-\"/></date_expression></rule></rsc_location>",
       "location l: a prefers where date(hours=9..16, years=2026..) score=5\n"},
      {"<rsc_colocation id=\"x\" rsc=\"a\" with-rsc=\"c\" with-rsc-role=\"Master\" score=\"INFINITY\"/>",
       "colocation x: a with promoted c\n"},
      {"<rsc_colocation id=\"x\" rsc=\"a\" with-rsc=\"b\" score=\"-5\" node-attribute=\"rack\"/>",
       "separate x: a from b score=5 same=rack\n"},
      {"<rsc_colocation id=\"x\" score=\"INFINITY\"><resource_set id=\"s\" sequential=\"false\">"
       "<resource_ref id=\"a\"/><resource_ref id=\"b\"/></resource_set><resource_set id=\"t\">"
       "<resource_ref id=\"c\"/></resource_set></rsc_colocation>",
       "colocation x: {a, b} with c\n"},
      {"<rsc_order id=\"o\" first=\"c\" first-action=\"promote\" then=\"a\" then-action=\"start\"/>",
       "order o: promote c then a\n"},
      {"<rsc_order id=\"o\" first=\"c\" first-action=\"promote\" then=\"a\"/>", "order o: promote c then promote a\n"},
      {"<rsc_order id=\"o\" first=\"a\" then=\"b\" kind=\"Optional\" symmetrical=\"false\"/>",
       "order o: a then b kind=optional symmetrical=no\n"},
      {"<rsc_order id=\"o\" first=\"c\" then=\"b\" require-all=\"false\"/>", "order o: any c then b\n"},
      {"<rsc_order id=\"o\"><resource_set id=\"s\" require-all=\"false\" sequential=\"false\"><resource_ref "
       "id=\"a\"/>"
       "<resource_ref id=\"b\"/></resource_set><resource_set id=\"t\"><resource_ref "
       "id=\"c\"/></resource_set></rsc_order>",
       "order o: any {@s a, b} then c\n"},
      {"<rsc_colocation id=\"x\" rsc=\"a\" with-rsc=\"c\" with-rsc-role=\"Promoted\" score=\"INFINITY\"/>"
       "<rsc_order id=\"o\" first=\"c\" first-action=\"promote\" then=\"a\" then-action=\"start\"/>",
       "depend x, o: a on promoted c\n"},
      {"<rsc_order id=\"s-order\" first=\"b\" then=\"a\"/>"
       "<rsc_colocation id=\"s-colocation\" rsc=\"a\" with-rsc=\"b\" score=\"7\"/>",
       "depend s: a on b score=7\n"},
      {"<rsc_ticket id=\"t\" ticket=\"geo\" rsc=\"c\" rsc-role=\"Promoted\" loss-policy=\"fence\"/>",
       "ticket t: geo grants promoted c on-loss=fence\n"},
  };
  for (const Case& one : cases) {
    CHECK(Has(Policy(kNodes + std::string(kDummies) + "<constraints>" + one.xml + "</constraints>"), one.line));
  }
}

TEST_CASE("what has no word is taken over as it is") {
  const std::vector<std::string> cases = {
      "<rsc_colocation id=\"x\" rsc=\"a\" with-rsc=\"gone\" score=\"INFINITY\"/>",
      "<rsc_location id=\"x\" rsc=\"a\" node=\"n9\" score=\"5\"/>",
      "<rsc_location id=\"x\" rsc=\"a\" node=\"n1\" score=\"5\" foreign=\"yes\"/>",
      "<rsc_order id=\"x\" first=\"a\" then=\"b\" kind=\"Sometimes\"/>",
      "<rsc_location id=\"x\" rsc=\"a\" node=\"n1\" score=\"5\"><lifetime><rule id=\"r\">"
      "<date_expression id=\"e\" operation=\"lt\" end=\"2026-11-01\"/></rule></lifetime></rsc_location>",
  };
  for (const std::string& xml : cases) {
    const std::string policy = Policy(kNodes + std::string(kDummies) + "<constraints>" + xml + "</constraints>");
    CHECK(Has(policy, "# as it is: "));
    CHECK(Has(policy, "xml constraints '<rsc_"));
  }
  // Constraints may still be about it.
  const std::string twins =
      "<resources><primitive id=\"a\" class=\"ocf\" provider=\"heartbeat\" type=\"Dummy\"><operations>"
      "<op id=\"1\" name=\"monitor\" interval=\"5\"/><op id=\"2\" name=\"monitor\" "
      "interval=\"5\"/></operations></primitive>"
      "</resources><constraints><rsc_location id=\"l\" rsc=\"a\" node=\"n1\" score=\"5\"/></constraints>";
  CHECK(Has(Policy(kNodes + twins), "location l: a prefers n1 score=5\n"));
}

TEST_CASE("resources in words") {
  const std::string sections =
      "<nodes><node id=\"1\" uname=\"n1\"/><node id=\"far\" uname=\"far\" "
      "type=\"remote\"/></nodes><resources>"
      "<primitive id=\"ipmi\" class=\"stonith\" type=\"fence_ipmilan\"><instance_attributes id=\"i\">"
      "<nvpair id=\"i1\" name=\"ip\" value=\"192.0.2.1\"/><nvpair id=\"i2\" name=\"pcmk_host_list\" "
      "value=\"n1\"/>"
      "</instance_attributes></primitive>"
      "<primitive id=\"vm\" class=\"ocf\" provider=\"heartbeat\" type=\"VirtualDomain\"><meta_attributes "
      "id=\"m\">"
      "<nvpair id=\"m1\" name=\"remote-node\" value=\"guest1\"/><nvpair id=\"m2\" name=\"remote-port\" "
      "value=\"3121\"/>"
      "<nvpair id=\"m3\" name=\"resource-stickiness\" value=\"INFINITY\"/></meta_attributes></primitive>"
      "<primitive id=\"far\" class=\"ocf\" provider=\"pacemaker\" type=\"remote\"/>"
      "<group id=\"g\"><meta_attributes id=\"gm\"><nvpair id=\"gm1\" name=\"priority\" "
      "value=\"5\"/></meta_attributes>"
      "<primitive id=\"a\" class=\"ocf\" provider=\"heartbeat\" type=\"Dummy\"><!-- keeps the light on -->"
      "<operations><op id=\"a1\" name=\"monitor\" interval=\"10s\" role=\"Started\" "
      "timeout=\"5s\"/></operations>"
      "</primitive></group>"
      "<master id=\"ms\"><primitive id=\"d\" class=\"ocf\" provider=\"pacemaker\" "
      "type=\"Stateful\"/></master></resources>";
  const std::string policy = Policy(sections);
  CHECK(Has(policy, "node far remote { id=far }\n"));
  CHECK(Has(policy, "fence ipmi stonith:fence_ipmilan for n1 { ip=192.0.2.1 }\n"));
  CHECK(Has(policy, "primitive vm ocf:heartbeat:VirtualDomain { meta resource-stickiness=inf }\n"));
  CHECK(Has(policy, "node guest1 guest of vm { port=3121 }\n"));
  CHECK(Has(policy, "# keeps the light on\n"));
  CHECK(Has(policy, "op monitor interval=10s timeout=5s role=started"));
  CHECK(Has(policy, "group g of a { priority=5 }\n"));
  CHECK(Has(policy, "promotable ms of d\n"));
}

TEST_CASE("blocks: conditions, scores, names, references") {
  const std::string sections =
      kNodes + std::string(
                   "<resources><primitive id=\"a\" class=\"ocf\" provider=\"heartbeat\" type=\"Dummy\">"
                   "<instance_attributes id=\"p1\"><nvpair id=\"x1\" name=\"x\" value=\"a b\"/>"
                   "<nvpair id=\"x2\" name=\"x\" value=\"second\"/><nvpair id=\"odd\" name=\"odd name\" value=\"\"/>"
                   "</instance_attributes>"
                   "<instance_attributes id=\"p2\" score=\"10\"><rule id=\"r\" score=\"5\"><expression id=\"e\" "
                   "attribute=\"#uname\" "
                   "operation=\"eq\" value=\"n1\"/></rule><nvpair id=\"y1\" name=\"y\" "
                   "value=\"1\"/></instance_attributes>"
                   "<instance_attributes id=\"p3\"><nvpair id=\"z1\" name=\"z\" value=\"1\"/></instance_attributes>"
                   "<operations id=\"ops\"><op id=\"op1\" name=\"monitor\" interval=\"10s\"/></operations></primitive>"
                   "<primitive id=\"b\" class=\"ocf\" provider=\"heartbeat\" type=\"Dummy\"><instance_attributes "
                   "id-ref=\"p1\"/>"
                   "<operations id-ref=\"ops\"/></primitive></resources>");
  const std::string policy = Policy(sections);
  CHECK(Has(policy, "params @p1 {"));
  CHECK(Has(policy, "# the second of its name, so ignored: x = second\n"));
  CHECK(Has(policy, "\"odd name\""));
  CHECK(Has(policy, "params when node == n1 score=10 { y=1 }\n"));
  CHECK(Has(policy, "params from p1"));
  CHECK(Has(policy, "operations @ops"));
  CHECK(Has(policy, "operations from ops"));
  CHECK(Has(Policy(sections, true), "op monitor @op1 interval=10s"));
}

TEST_CASE("administration in words") {
  const std::string sections =
      kNodes + std::string(kDummies) +
      "<tags><tag id=\"t\"><obj_ref id=\"a\"/><obj_ref id=\"b\"/></tag></tags>"
      "<acls><acl_role id=\"op\"><acl_permission id=\"p1\" kind=\"read\" xpath=\"/cib\"/>"
      "<acl_permission id=\"p2\" kind=\"write\" xpath=\"//*[@id='a']/meta_attributes\"/></acl_role>"
      "<acl_target id=\"alice\"><role id=\"op\"/></acl_target></acls>"
      "<alerts><alert id=\"mail\" path=\"/usr/bin/mail\"><select><select_fencing/></select>"
      "<recipient id=\"r\" value=\"noc@example.org\"/></alert></alerts>";
  const std::string policy = Policy(sections);
  CHECK(Has(policy, "tag t of a, b\n"));
  CHECK(Has(policy, "role op { read all; write meta of a }\n"));
  CHECK(Has(policy, "acl user alice is op\n"));
  CHECK(Has(policy, "alert mail /usr/bin/mail { select fencing; recipient noc@example.org }\n"));
}

TEST_CASE("access control of 1.x has words as well") {
  Imported imported;
  std::string reason;
  const std::string cib = std::string("<cib validate-with=\"pacemaker-1.2\"><configuration>") + kNodes + kDummies +
                          "<acls><acl_role id=\"ro\"><read id=\"r1\" xpath=\"/cib\"/></acl_role>"
                          "<acl_user id=\"alice\"><role_ref id=\"ro\"/></acl_user></acls></configuration></cib>";
  REQUIRE_MESSAGE(Import(cib, {false}, imported, reason), reason);
  CHECK(imported.warnings.empty());
  CHECK(Has(imported.policy, "role ro { read all }\n"));
  CHECK(Has(imported.policy, "acl user alice is ro\n"));
}

TEST_CASE("what is no CIB is refused") {
  Imported imported;
  std::string reason;
  CHECK_FALSE(Import("", {}, imported, reason));
  CHECK_FALSE(Import("<cib", {}, imported, reason));
  CHECK_FALSE(Import("<cib/>", {}, imported, reason));
  std::string deep = "<cib><configuration>";
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  CHECK_FALSE(Import(deep, {}, imported, reason));

  // A byte that is not UTF-8, unless the document says which encoding it has.
  const std::string body =
      "<cib><configuration><crm_config/><nodes/><resources><primitive id=\"a\" class=\"ocf\" "
      "provider=\"heartbeat\" type=\"D\xb5mmy\"/></resources><constraints/></configuration></cib>";
  CHECK_FALSE(Import("\n" + body, {}, imported, reason));
  CHECK(reason == "no CIB: line 2 has a byte that is not UTF-8; name the encoding in its first line");
  CHECK(Import("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + body, {}, imported, reason));
  CHECK(imported.policy.find("D\u00b5mmy") != std::string::npos);
}

TEST_CASE("what the normal form leaves apart, and what not") {
  const auto same = [](const std::string& left, const std::string& right) {
    pugi::xml_document a, b;
    a.load_string(Cib(left).c_str());
    b.load_string(Cib(right).c_str());
    return NormalForm(a) == NormalForm(b);
  };
  CHECK(same("<constraints><rsc_order id=\"o\" first=\"a\" then=\"b\"/></constraints>",
             "<constraints><rsc_order id=\"o\" then=\"b\" first=\"a\" first-action=\"start\"/></constraints>"));
  CHECK_FALSE(same("<constraints><rsc_order id=\"o\" first=\"a\" then=\"b\"/></constraints>",
                   "<constraints><rsc_order id=\"p\" first=\"a\" then=\"b\"/></constraints>"));
  CHECK_FALSE(
      same("<constraints><rsc_order id=\"o\" first=\"a\" then=\"b\"/><rsc_order id=\"p\" first=\"a\" then=\"c\"/>"
           "</constraints>",
           "<constraints><rsc_order id=\"p\" first=\"a\" then=\"c\"/><rsc_order id=\"o\" first=\"a\" then=\"b\"/>"
           "</constraints>"));
  // Its default depends on the role, so it is never left out.
  CHECK_FALSE(same("<constraints><rsc_ticket id=\"t\" rsc=\"a\" ticket=\"x\" loss-policy=\"stop\"/></constraints>",
                   "<constraints><rsc_ticket id=\"t\" rsc=\"a\" ticket=\"x\"/></constraints>"));
  // Written out it decides which members stand for a set.
  CHECK_FALSE(
      same("<constraints><rsc_order id=\"o\"><resource_set id=\"s\" sequential=\"true\"><resource_ref id=\"a\"/>"
           "</resource_set></rsc_order></constraints>",
           "<constraints><rsc_order id=\"o\"><resource_set id=\"s\"><resource_ref id=\"a\"/></resource_set>"
           "</rsc_order></constraints>"));
}

// More warnings than the compiler keeps do not hide an error.
TEST_CASE("hundreds of elements that cannot be said in words") {
  std::string sections = "<nodes><node id=\"1\" uname=\"n1\"/></nodes>" + std::string(kDummies) + "<constraints>";
  for (int i = 0; i < 700; ++i) {
    const std::string number = std::to_string(i);
    sections += "<rsc_location id=\"l" + number + "\" rsc=\"a\" node=\"gone" + number + "\" score=\"1\"/>";
  }
  const std::string policy = Policy(sections + "</constraints>");
  CHECK(Has(policy, "# as it is: unknown node `gone699`"));
}

TEST_CASE("a node of which a review says that nothing fences it is written down as such") {
  ImportOptions options;
  options.review = [](const Review& review) {
    if (review.unfenced.empty()) {
      review.diagnostics.Error("E0211", review.members.at(1).second, "nothing can fence `n2`");
    }
  };
  Imported imported;
  std::string reason;
  REQUIRE(Import(Cib(kNodes), options, imported, reason));
  CHECK(imported.warnings.empty());
  CHECK(Has(imported.policy, "fencing n2: none"));
  CHECK_FALSE(Has(imported.policy, "fencing n1: none"));
}

TEST_CASE("an action that is none has no word") {
  const std::string policy =
      Policy(std::string(kNodes) + kDummies +
             "<constraints><rsc_order id=\"o\" first=\"a\" first-action=\"\" then=\"b\"/></constraints>");
  CHECK(Has(policy, "xml constraints '<rsc_order id=\"o\""));
}

TEST_CASE("nodes that a resource brings along are known") {
  const std::string policy =
      Policy(std::string(kNodes) +
             "<resources><bundle id=\"web\"><podman image=\"i\" replicas=\"2\"/></bundle></resources>"
             "<constraints><rsc_location id=\"l\" rsc=\"web\" node=\"web-1\" score=\"5\"/></constraints>");
  CHECK(Has(policy, "location l: web prefers web-1 score=5\n"));
}

TEST_CASE("two monitors of one interval differ in their role") {
  const std::string policy =
      Policy(std::string(kNodes) +
             "<resources><primitive id=\"a\" class=\"ocf\" provider=\"x\" type=\"y\"><operations>"
             "<op id=\"m1\" name=\"monitor\" interval=\"P5S\" role=\"Promoted\"/>"
             "<op id=\"m2\" name=\"monitor\" interval=\"5s\" "
             "role=\"Unpromoted\"/></operations></primitive></resources>");
  CHECK(Has(policy, "  op monitor interval=P5S role=promoted\n"));
  CHECK(Has(policy, "  op monitor interval=5s role=unpromoted\n"));
}

TEST_CASE("a remark is one line, whatever it tells") {
  const std::string policy =
      Policy(std::string(kNodes) +
             "<resources><primitive id=\"a\" class=\"ocf\" provider=\"x\" type=\"y\"><instance_attributes id=\"b\">"
             "<nvpair id=\"p1\" name=\"x\" value=\"1\"/><nvpair id=\"p2\" name=\"x\" value=\"two&#10;lines\"/>"
             "</instance_attributes></primitive></resources>");
  CHECK(Has(policy, "# the second of its name, so ignored: x = two\\nlines\n"));
}

}  // namespace
}  // namespace picket::compiler::import
