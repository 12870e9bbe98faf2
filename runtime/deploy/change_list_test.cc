#include "runtime/deploy/change_list.h"

#include <doctest/doctest.h>

#include "runtime/deploy/align.h"

namespace picket::runtime {
namespace {

std::string Between(const std::string& live, const std::string& declared) {
  pugi::xml_document is, wanted;
  const auto whole = [](const std::string& resources) {
    return "<cib><configuration><crm_config/><nodes/><resources>" + resources +
           "</resources><constraints/></configuration></cib>";
  };
  REQUIRE(is.load_string(whole(live).c_str()));
  REQUIRE(wanted.load_string(whole(declared).c_str()));
  AlignOptions options;
  options.own_all = true;
  const Alignment alignment = Align(wanted, is, options);
  return ChangesText(ChangesBetween(is, alignment.target));
}

std::string Dummy(const std::string& id, const std::string& inside = "") {
  return "<primitive id=\"" + id + R"(" class="ocf" provider="pacemaker" type="Dummy">)" + inside + "</primitive>";
}
std::string Pair(const std::string& name, const std::string& value) {
  return R"(<instance_attributes id="i"><nvpair id="p" name=")" + name + "\" value=\"" + value +
         "\"/></instance_attributes>";
}

TEST_CASE("removals first, then what comes and what changes, in the author's words") {
  CHECK(Between(Dummy("a", Pair("x", "1")) + Dummy("b"), Dummy("a", Pair("x", "2")) + Dummy("c")) ==
        "- primitive b (ocf:pacemaker:Dummy)\n"
        "~ primitive a\n"
        "    instance_attributes/x: 1 -> 2\n"
        "+ primitive c (ocf:pacemaker:Dummy)\n");
  CHECK(Between(Dummy("a"), Dummy("a")) == "");
}

TEST_CASE("a resource that goes into a group is not new") {
  CHECK(Between(Dummy("a") + Dummy("b"), "<group id=\"g\">" + Dummy("a") + Dummy("b") + "</group>") ==
        "+ group g\n"
        "~ primitive a\n"
        "    place: elsewhere -> in group g\n"
        "~ primitive b\n"
        "    place: elsewhere -> in group g\n");
}

TEST_CASE("pairs that come and go") {
  CHECK(Between(Dummy("a"), Dummy("a", Pair("x", "1"))) == "~ primitive a\n    instance_attributes/x: nothing -> 1\n");
  CHECK(Between(Dummy("a", Pair("x", "1")), Dummy("a")) == "~ primitive a\n    instance_attributes/x: 1 -> nothing\n");
}

TEST_CASE("a section that was not there is told by what is in it") {
  pugi::xml_document is, wanted;
  REQUIRE(is.load_string("<cib><configuration><resources/></configuration></cib>"));
  REQUIRE(wanted.load_string(
      R"(<cib><configuration><resources/><tags><tag id="t"><obj_ref id="a"/></tag></tags></configuration></cib>)"));
  const Alignment alignment = Align(wanted, is, {});
  CHECK(ChangesText(ChangesBetween(is, alignment.target)) == "+ tag t\n");
}

TEST_CASE("what may be secret is not shown, neither the old nor the new") {
  for (const char* name : {"password", "passwd", "auth_token", "login_secret"}) {
    CAPTURE(name);
    CHECK(Between(Dummy("a", Pair(name, "hush")), Dummy("a", Pair(name, "quiet"))) ==
          "~ primitive a\n    instance_attributes/" + std::string(name) + ": (hidden) -> (hidden)\n");
    CHECK(Between(Dummy("a"), Dummy("a", Pair(name, "quiet"))).find("quiet") == std::string::npos);
  }
  CHECK(Between(Dummy("a"), Dummy("a", Pair("x", "secret(p)"))).find("(hidden)") != std::string::npos);
  pugi::xml_document is, wanted;
  REQUIRE(is.load_string("<cib><configuration><resources><primitive id=\"a\"/></resources></configuration></cib>"));
  REQUIRE(wanted.load_string(("<cib><configuration><resources><primitive id=\"a\">" + Pair("x", "hush") +
                              "</primitive></resources></configuration></cib>")
                                 .c_str()));
  CHECK(ChangesText(ChangesBetween(is, wanted, {"primitive a/instance_attributes/x"})) ==
        "~ primitive a\n    instance_attributes/x: nothing -> (hidden)\n");
  CHECK_FALSE(MayBeSecret("password_script", "/etc/x"));
  CHECK_FALSE(MayBeSecret("ip", "192.0.2.1"));
}

}  // namespace
}  // namespace picket::runtime
