#include "runtime/deploy/align.h"

#include <doctest/doctest.h>

#include <sstream>

#include "runtime/deploy/object_key.h"
#include "runtime/deploy/patch.h"

namespace picket::runtime {
namespace {

using pugi::xml_document;

xml_document Cib(const std::string& configuration) {
  xml_document document;
  const std::string text =
      R"(<cib admin_epoch="0" epoch="7" num_updates="3" validate-with="pacemaker-3.7"><configuration>)" +
      configuration + "</configuration><status/></cib>";
  REQUIRE(document.load_string(text.c_str()));
  return document;
}

std::string Resources(const std::string& resources) {
  return "<crm_config/><nodes/><resources>" + resources + "</resources><constraints/>";
}

// The edits in words: `+ PATH`, `- PATH`, `~ PATH`, `> PATH 2`.
std::string EditsOf(const Alignment& alignment, const xml_document& live) {
  std::string text;
  for (const Edit& edit : EditsBetween(live, alignment.target)) {
    std::string path = edit.path.substr(std::string("/cib/configuration").size());
    if (edit.kind == Edit::Kind::kCreate)
      path += "/" + std::string(edit.after.name()) + " " + edit.after.attribute("id").value();
    text += std::string(1, "-~+>"[static_cast<size_t>(edit.kind)]) + " " + path;
    if (edit.kind == Edit::Kind::kMove) text += " " + std::to_string(edit.position);
    if (edit.kind == Edit::Kind::kModify && edit.after.attribute("value"))
      text += " = " + std::string(edit.after.attribute("value").value());
    text += "\n";
  }
  return text;
}

struct Aligned {
  std::string edits, beside, objections;
};

Aligned Of(const std::string& declared, const std::string& live, const AlignOptions& options = {}) {
  const xml_document wanted = Cib(declared), is = Cib(live);
  const Alignment alignment = Align(wanted, is, options);
  Aligned result{EditsOf(alignment, is), "", ""};
  for (const std::string& key : alignment.beside) result.beside += key + "\n";
  for (const Objection& objection : alignment.objections) result.objections += objection.what + "\n";
  // Whatever happened: once it is done, there is nothing to do.
  const Alignment again = Align(wanted, alignment.target, options);
  CHECK(EditsOf(again, alignment.target) == "");
  return result;
}

std::string Web(const std::string& inside, const std::string& id = "web") {
  return "<primitive id=\"" + id + R"(" class="ocf" provider="pacemaker" type="Dummy">)" + inside + "</primitive>";
}

TEST_CASE("what means the same is left alone, whatever its ids") {
  CHECK(Of(Resources(Web(R"(<instance_attributes id="a"><nvpair id="a1" name="x" value="1"/>)"
                         R"(<nvpair id="a2" name="y" value="2"/></instance_attributes>)")),
           Resources(Web(R"(<instance_attributes id="web-ia"><nvpair id="web-y" name="y" value="2"/>)"
                         R"(<nvpair id="web-x" name="x" value="1"/></instance_attributes>)")))
            .edits == "");
}

TEST_CASE("a pair is changed under the id that it has") {
  const Aligned aligned =
      Of(Resources(Web(R"(<instance_attributes id="a"><nvpair id="a1" name="x" value="2"/></instance_attributes>)")),
         Resources(Web(R"(<instance_attributes id="pcs"><nvpair id="pcs-x" name="x" value="1"/>)"
                       R"(<nvpair id="pcs-z" name="z" value="9"/></instance_attributes>)")));
  CHECK(aligned.edits == "~ /resources/primitive[@id='web']/instance_attributes[@id='pcs']/nvpair[@id='pcs-x'] = 2\n");
  CHECK(aligned.beside == "primitive web/instance_attributes/z\n");
}

TEST_CASE("what Picket wrote goes when it is declared no longer, what others wrote stays") {
  const std::string live =
      Resources(Web(R"(<meta_attributes id="m"><nvpair id="m1" name="target-role" value="Stopped"/>)"
                    R"(<nvpair id="m2" name="priority" value="3"/></meta_attributes>)") +
                Web("", "old") + Web("", "theirs"));
  AlignOptions options;
  options.owned = {"primitive web", "primitive web/meta_attributes/priority", "primitive old"};
  const Aligned aligned = Of(Resources(Web("")), live, options);
  CHECK(aligned.edits ==
        "- /resources/primitive[@id='old']\n"
        "- /resources/primitive[@id='web']/meta_attributes[@id='m']/nvpair[@id='m2']\n");
  CHECK(aligned.beside == "primitive web/meta_attributes/target-role\nprimitive theirs\n");
  options.own_all = true;
  CHECK(Of(Resources(Web("")), live, options).edits ==
        "- /resources/primitive[@id='old']\n- /resources/primitive[@id='theirs']\n"
        "- /resources/primitive[@id='web']/meta_attributes[@id='m']\n");
}

TEST_CASE("operations are known by name, interval and role") {
  const std::string live = R"(<operations><op id="o1" name="monitor" interval="10s" timeout="20s"/>)"
                           R"(<op id="o2" name="start" interval="0" timeout="60s"/></operations>)";
  const std::string path = "/resources/primitive[@id='web']/operations";
  CHECK(Of(Resources(Web(R"(<operations><op id="x" name="monitor" interval="10000ms" timeout="20"/>)"
                         R"(<op id="y" name="start" interval="0s" timeout="1min"/></operations>)")),
           Resources(Web(live)))
            .edits == "");
  CHECK(Of(Resources(Web(R"(<operations><op id="x" name="monitor" interval="30s" timeout="20s"/></operations>)")),
           Resources(Web(live)))
            .edits == "~ " + path + "/op[@id='o1']\n");
  CHECK(Of(Resources(Web(R"(<operations><op id="x" name="monitor" interval="30s" role="Promoted"/>)"
                         R"(<op id="z" name="monitor" interval="10s" timeout="20s"/></operations>)")),
           Resources(Web(live)))
            .edits == "+ " + path + "/op x\n");
}

TEST_CASE("members of a group keep what they are and go to their places") {
  const std::string live = Resources("<group id=\"g\">" + Web("", "a") + Web("", "b") + "</group>" + Web("", "c"));
  CHECK(Of(Resources("<group id=\"g\">" + Web("", "b") + Web("", "a") + "</group>" + Web("", "c")), live).edits ==
        "> /resources/group[@id='g']/primitive[@id='b'] 0\n");
  CHECK(Of(Resources("<group id=\"g\">" + Web("", "a") + Web("", "b") + Web("", "c") + "</group>"), live).edits ==
        "- /resources/primitive[@id='c']\n+ /resources/group[@id='g']/primitive c\n");
  CHECK(Of(Resources("<group id=\"g\">" + Web("", "n") + Web("", "a") + Web("", "b") + "</group>" + Web("", "c")), live)
            .edits == "+ /resources/group[@id='g']/primitive n\n");
  CHECK(Of(Resources("<group id=\"g\">" + Web("", "a") + "</group>" + Web("", "c")), live).beside == "primitive b\n");
}

TEST_CASE("a resource is put into a clone, and out of it") {
  const std::string alone =
      Resources(Web(R"(<operations><op id="o" name="monitor" interval="5s"/></operations>)", "a"));
  const std::string cloned =
      Resources("<clone id=\"c\">" + Web(R"(<operations><op id="p" name="monitor" interval="5s"/></operations>)", "a") +
                "</clone>");
  CHECK(Of(cloned, alone).edits == "- /resources/primitive[@id='a']\n+ /resources/clone c\n");
  AlignOptions options;
  options.owned = {"clone c"};
  CHECK(Of(alone, cloned, options).edits == "- /resources/clone[@id='c']\n+ /resources/primitive a\n");
  CHECK(Of(alone, cloned).objections.find("`c` is not Picket's") == 0);
}

TEST_CASE("a constraint is known by its id, or by what it says") {
  const std::string resources = "<crm_config/><nodes/><resources>" + Web("") + "</resources><constraints>";
  const std::string live = resources + R"(<rsc_location id="cli-ban" rsc="web" node="n1" score="-INFINITY"/>)"
                                       R"(<rsc_location id="mine" rsc="web" node="n2" score="5"/></constraints>)";
  CHECK(Of(resources + R"(<rsc_location id="derived" rsc="web" node="n1" score="-INFINITY"/>)"
                       R"(<rsc_location id="mine" rsc="web" node="n2" score="6"/></constraints>)",
           live)
            .edits == "~ /constraints/rsc_location[@id='mine']\n");
  const Aligned aligned = Of(resources + "</constraints>", live);
  CHECK(aligned.edits == "");
  CHECK(aligned.beside == "rsc_location cli-ban\nrsc_location mine\n");
  // Whoever owns what is declared owns it under the id that it has.
  const xml_document is = Cib(live);
  const xml_document wanted =
      Cib(resources + R"(<rsc_location id="derived" rsc="web" node="n1" score="-INFINITY"/></constraints>)");
  CHECK(Align(wanted, is, {}).renamed == std::vector<std::string>{"rsc_location cli-ban"});
}

TEST_CASE("what is kept must not speak of what goes") {
  AlignOptions options;
  options.owned = {"primitive old"};
  const xml_document
      wanted = Cib(Resources(Web(""))),
      live = Cib("<crm_config/><nodes/><resources>" + Web("") + Web("", "old") +
                 R"(</resources><constraints><rsc_location id="l" rsc="old" node="n1" score="1"/></constraints>)");
  const Alignment alignment = Align(wanted, live, options);
  REQUIRE(alignment.objections.size() == 1);
  CHECK(alignment.objections[0].id == "l");
}

TEST_CASE("options of the cluster itself are nobody's business") {
  const std::string live =
      R"(<crm_config><cluster_property_set id="cib-bootstrap-options"><nvpair id="1" name="dc-version" value="2.1.5"/>
      <nvpair id="2" name="stonith-enabled" value="false"/>)"
      R"(<nvpair id="3" name="no-quorum-policy" value="stop"/></cluster_property_set></crm_config>)"
      R"(<nodes/><resources/><constraints/>)";
  const Aligned aligned =
      Of(R"(<crm_config><cluster_property_set id="cib-bootstrap-options">)"
         R"(<nvpair id="x" name="fencing-enabled" value="true"/></cluster_property_set></crm_config>)"
         R"(<nodes/><resources/><constraints/>)",
         live);
  CHECK(aligned.edits == "~ /crm_config/cluster_property_set[@id='cib-bootstrap-options']/nvpair[@id='2'] = true\n");
  CHECK(aligned.beside == "crm_config/cluster_property_set/no-quorum-policy\n");
}

TEST_CASE("nodes are taken as they are, with our attributes") {
  const std::string live =
      R"(<crm_config/><nodes><node id="1" uname="n1"/><node id="9" uname="n9"/></nodes><resources/><constraints/>)";
  const xml_document wanted =
      Cib(R"(<crm_config/><nodes><node id="n1" uname="n1" type="member"><instance_attributes id="i">)"
          R"(<nvpair id="ii" name="site" value="a"/></instance_attributes></node><node id="2" uname="n2"/>)"
          R"(</nodes><resources/><constraints/>)");
  const xml_document is = Cib(live);
  const Alignment alignment = Align(wanted, is, {});
  CHECK(EditsOf(alignment, is) == "+ /nodes/node[@id='1']/instance_attributes i\n");
  CHECK(alignment.absent_nodes == std::vector<std::string>{"n2"});
}

TEST_CASE("a secret that is not known here is taken to be right") {
  const xml_document wanted = Cib(Resources(Web(
      R"x(<instance_attributes id="a"><nvpair id="a1" name="password" value="secret(x)"/></instance_attributes>)x")));
  const xml_document live = Cib(Resources(
      Web(R"(<instance_attributes id="b"><nvpair id="b1" name="password" value="hush"/></instance_attributes>)")));
  const Alignment alignment = Align(wanted, live, {});
  CHECK(EditsOf(alignment, live) == "");
  CHECK(alignment.unread_secrets == std::vector<std::string>{"primitive web/instance_attributes/password"});
}

TEST_CASE("new inner elements get ids that nothing else has") {
  const Aligned aligned =
      Of(Resources(Web(R"(<meta_attributes id="m"><nvpair id="m-1" name="a" value="1"/></meta_attributes>)")),
         Resources(Web(R"(<instance_attributes id="m"><nvpair id="m-1" name="a" value="1"/></instance_attributes>)")));
  CHECK(aligned.edits == "+ /resources/primitive[@id='web']/meta_attributes m-2\n");
}

TEST_CASE("the notes are read back, and their serial number changes in place") {
  xml_document before = Cib(Resources(""));
  Ownership ownership;
  ownership.serial = 7;
  for (int i = 0; i < 300; ++i) ownership.owned.insert("primitive r" + std::to_string(i) + "/op monitor@10000");
  ownership.notes["by"] = "me";
  ownership.secrets["primitive r1/instance_attributes/fake"] = "folder/web";
  WriteOwnership(before.document_element().child("configuration"), ownership);
  CHECK(ReadOwnership(before.document_element().child("configuration")) == ownership);
  xml_document after;
  after.reset(before);
  ++ownership.serial;
  WriteOwnership(after.document_element().child("configuration"), ownership);
  const std::vector<Edit> edits = EditsBetween(before, after);
  REQUIRE(edits.size() == 1);
  CHECK(edits[0].kind == Edit::Kind::kModify);
  CHECK(edits[0].path ==
        "/cib/configuration/crm_config/cluster_property_set[@id='picket']/nvpair[@id='picket-serial-7']");
  CHECK(PatchText(edits, {0, 7, 3}, Guard::kConfiguration) ==
        R"(<diff format="2"><version><source admin_epoch="0" epoch="7"/><target admin_epoch="0" epoch="8"/>)"
        R"(</version>)"
        R"(<change operation="modify")"
        R"( path="/cib/configuration/crm_config/cluster_property_set[@id='picket']/nvpair[@id='picket)"
        R"(-serial-7']"><change-list><change-attr name="id" operation="set" value="picket-serial-8"/>)"
        R"(<change-attr name="value" operation="set" value="8"/></change-list><change-result><nvpair )"
        R"(id="picket-serial-8" name="picket-serial" value="8"/></change-result></change></diff>)");
  CHECK(PatchText({}, {0, 7, 3}, Guard::kExact) ==
        R"(<diff format="2"><version><source admin_epoch="0" epoch="7" num_updates="3"/>)"
        R"(<target admin_epoch="0" epoch="7" num_updates="3"/></version></diff>)");
}

TEST_CASE("a block without pairs means nothing and stays") {
  CHECK(Of(Resources(Web("")), Resources(Web(R"(<meta_attributes id="m"/>)"))).edits == "");
  CHECK(Of(Resources(""),
           "<crm_config/><nodes/><resources/><constraints/><op_defaults>"
           "<meta_attributes id=\"m\"/></op_defaults>")
            .edits == "");
}

TEST_CASE("blocks with rules are known by their rules") {
  const auto block = [](const std::string& id, const std::string& end, const std::string& value,
                        const std::string& score = "") {
    return "<instance_attributes id=\"" + id + "\"><rule id=\"" + id + "-r\"" + score + "><date_expression id=\"" + id +
           "-d\" operation=\"lt\" end=\"" + end + "\"/></rule><nvpair id=\"" + id + "-p\" name=\"x\" value=\"" + value +
           "\"/></instance_attributes>";
  };
  const std::string live = Resources(
      Web(block("a", "2005-001", "1", " score=\"INFINITY\"") + block("b", "2006-001", "2", " score=\"INFINITY\"")));
  CHECK(Of(Resources(Web(block("c", "2005-001", "1") + block("d", "2006-001", "3"))), live).edits ==
        "~ /resources/primitive[@id='web']/instance_attributes[@id='b']/nvpair[@id='b-p'] = 3\n");
}

TEST_CASE("damaged notes own nothing") {
  for (const char* value : {"", "12", "12:!!", "99999999999999:AAAA", "5:AAAA", "-1:"}) {
    CAPTURE(value);
    const xml_document document =
        Cib(std::string(R"(<crm_config><cluster_property_set id="picket"><nvpair id="a" name="picket-owned" value=")") +
            value + R"("/></cluster_property_set></crm_config>)");
    CHECK(ReadOwnership(document.document_element().child("configuration")).owned.empty());
  }
}

}  // namespace
}  // namespace picket::runtime
