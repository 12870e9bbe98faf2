#include "web/serve/change.h"

#include <doctest/doctest.h>

#include <sstream>

namespace picket::web {
namespace {

using Verb = Change::Verb;

constexpr const char* kCib =
    R"(<cib validate-with="pacemaker-3.7"><configuration><crm_config/><nodes><node id="1" uname="n1"/>
<node id="2" uname="n2"><instance_attributes id="nodes-2"><nvpair id="s2" name="standby" value="off"/>
</instance_attributes></node></nodes><resources><group id="g"><primitive id="a" class="ocf" type="X"/></group>
<clone id="c"><meta_attributes id="c-m"><nvpair id="c-m-p" name="promotable" value="true"/></meta_attributes>
<primitive id="p" class="ocf" type="X"><meta_attributes id="p-m"><nvpair id="t" name="target-role" value="Started"/>
</meta_attributes></primitive></clone></resources><constraints><rsc_location id="cli-ban-c-on-n1" rsc="c" node="n1"
score="-INFINITY"/><rsc_location id="mine" rsc="c" node="n1" score="5"/></constraints></configuration></cib>)";

struct Edited {
  pugi::xml_document cib;
  std::string reason;
  bool done = false;
  Edited(Verb verb, const std::string& node, const std::string& resource) {
    REQUIRE(cib.load_string(kCib));
    Change change;
    change.verb = verb;
    change.node = node;
    change.resource = resource;
    done = Edit(change, cib, reason);
  }
  std::string At(const std::string& path) const {
    std::ostringstream text;
    for (const auto& found : cib.select_nodes(path.c_str())) found.node().print(text, "", pugi::format_raw);
    return text.str();
  }
};

std::string WhyNot(const std::string& request) {
  std::string reason;
  const auto change = ReadChange(nlohmann::json::parse(request, nullptr, false), reason);
  return change ? TitleOf(*change) : "no: " + reason;
}

TEST_CASE("requests are read, or refused with a reason") {
  CHECK(WhyNot(R"({"verb":"standby","node":"n1"})") == "put n1 in standby");
  CHECK(WhyNot(R"({"verb":"maintenance-on"})") == "begin maintenance of the whole cluster");
  CHECK(WhyNot(R"({"verb":"move","resource":"g","node":"n2"})") == "move g to n2");
  CHECK(WhyNot(R"({"verb":"cleanup","resource":"a","node":"n2"})") == "forget the failures of a on n2");
  CHECK(WhyNot(R"({"verb":"cleanup","node":"n2"})") == "forget the failures on n2");
  CHECK(WhyNot(R"({"verb":"cleanup"})") == "forget the failures of everything");
  for (const char* wrong :
       {"[]", "{}", "7", "{", R"({"verb":7})", R"({"verb":"rm"})", R"({"verb":"standby"})",
        R"({"verb":"standby","node":7})", R"({"verb":"standby","node":"a\u0000b"})", R"({"verb":"start","node":"n1"})",
        R"({"verb":"move","resource":"g"})", R"({"verb":"standby","node":"n1","resource":"g"})"}) {
    CHECK_MESSAGE(WhyNot(wrong).starts_with("no: "), wrong);
  }
  CHECK(WhyNot("{\"verb\":\"standby\",\"node\":\"" + std::string(300, 'x') + "\"}").starts_with("no: "));
}

TEST_CASE("standby is a pair of the node, put where one is already") {
  CHECK(Edited(Verb::kStandby, "n1", "").At("//node[@id='1']/*") ==
        R"(<instance_attributes id="nodes-1"><nvpair id="nodes-1-standby" name="standby" )"
        R"(value="on"/></instance_attributes>)");
  CHECK(Edited(Verb::kStandby, "n2", "").At("//node[@id='2']//nvpair") ==
        R"(<nvpair id="s2" name="standby" value="on"/>)");
  CHECK(Edited(Verb::kOnline, "n2", "").At("//node[@id='2']//nvpair").empty());
}

TEST_CASE("maintenance of the cluster is an option, of a node a pair") {
  CHECK(Edited(Verb::kMaintenanceOn, "", "").At("//crm_config/*") ==
        R"(<cluster_property_set id="cib-bootstrap-options"><nvpair id="cib-bootstrap-options-maintenance-mode" )"
        R"(name="maintenance-mode" value="true"/></cluster_property_set>)");
  CHECK(Edited(Verb::kMaintenanceOn, "n1", "").At("//node[@id='1']//nvpair") ==
        R"(<nvpair id="nodes-1-maintenance" name="maintenance" value="true"/>)");
  CHECK(Edited(Verb::kMaintenanceOff, "", "").done);
}

TEST_CASE("start and stop set the role that is wanted") {
  CHECK(Edited(Verb::kStop, "", "g").At("//group/meta_attributes") ==
        R"(<meta_attributes id="g-meta_attributes"><nvpair id="g-meta_attributes-target-role" name="target-role" )"
        R"(value="Stopped"/></meta_attributes>)");
  CHECK(Edited(Verb::kStop, "", "p").At("//primitive[@id='p']//nvpair") ==
        R"(<nvpair id="t" name="target-role" value="Stopped"/>)");
  CHECK(Edited(Verb::kStart, "", "p").At("//primitive[@id='p']//nvpair").empty());
}

TEST_CASE("a move replaces earlier ones, and takes the whole clone along") {
  const Edited moved(Verb::kMove, "n2", "p");
  CHECK(moved.At("//constraints/*") ==
        R"(<rsc_location id="mine" rsc="c" node="n1" score="5"/><rsc_location id="cli-prefer-c" rsc="c" )"
        R"(role="Promoted" node="n2" score="INFINITY"/>)");
  CHECK(Edited(Verb::kClear, "", "c").At("//constraints/*") ==
        R"(<rsc_location id="mine" rsc="c" node="n1" score="5"/>)");
  CHECK(Edited(Verb::kMove, "n2", "a").At("//rsc_location[@rsc='a']/@role").empty());
}

TEST_CASE("what is not there cannot be changed") {
  CHECK(Edited(Verb::kStandby, "n9", "").reason == "there is no node `n9`");
  CHECK(Edited(Verb::kStop, "", "'] | //*").reason == "there is no resource `'] | //*`");
  CHECK_FALSE(Edited(Verb::kMove, "n9", "g").done);
}

}  // namespace
}  // namespace picket::web
