// Commands of pcs become the CIB that pcs itself makes of them (NAME.xml, recorded), and a policy that
// compiles to that. Nodes are not compared: commands only name the ones that they are about.
#include <doctest/doctest.h>

#include <filesystem>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "compiler/import/pcs.h"
#include "tests/import_text/import_text.h"

namespace picket::compiler::import {
namespace {

std::string AsCib(const std::string& text, TextRead& read) {
  return AsCib(ReadPcs, text, read);
}

TEST_CASE("each text gives the CIB that pcs gives, and a policy that compiles to it") {
  const auto texts = FilesIn("tests/import_pcs", ".pcs");
  CHECK(texts.size() >= 15);
  for (const auto& path : texts) {
    CAPTURE(path);
    TextRead read;
    const std::string text = Contents(path);
    CHECK(LooksLikePcs(text));
    const std::string cib = AsCib(text, read);
    CHECK(read.faults == std::vector<std::string>());
    CHECK(read.skipped == std::vector<std::string>());
    const auto theirs = Lines(Contents(std::filesystem::path(path).replace_extension(".xml")), "nodes");
    REQUIRE(!theirs.empty());
    CHECK(Lines(cib, "nodes") == theirs);
    CHECK(LinesOfPolicy(cib, "nodes") == theirs);
  }
}

TEST_CASE("attributes and utilization of nodes") {
  TextRead read;
  pugi::xml_document cib;
  ReadPcs("pcs node attribute n1 rack=a\npcs node utilization n1 cpu=4\npcs node standby n2\n", Resolve, cib, read);
  CHECK(read.faults.empty());
  const pugi::xml_node nodes = cib.child("cib").child("configuration").child("nodes");
  const pugi::xml_node first = nodes.find_child_by_attribute("uname", "n1");
  CHECK(first.child("instance_attributes").child("nvpair").attribute("value").value() == std::string("a"));
  CHECK(first.child("utilization").child("nvpair").attribute("value").value() == std::string("4"));
  CHECK(nodes.find_child_by_attribute("uname", "n2").child("instance_attributes").child("nvpair"));
}

TEST_CASE("what is no configuration is skipped and listed") {
  TextRead read;
  AsCib(
      "set -e\n[root@n1 ~]# pcs tag create t a b\nsudo pcs status\npcs resource create a ocf:x:y op monitor "
      "interval=9s\n",
      read);
  CHECK(read.faults.empty());
  REQUIRE(read.skipped.size() == 3);
  CHECK(read.skipped[0] == "line 1: `set -e` does not call pcs");
  CHECK(read.skipped[1] == "line 3: `pcs status` is not read");
  CHECK(read.skipped[2].starts_with("line 4: operations that the agent of `a` suggests"));
}

TEST_CASE("faults are named by line") {
  const auto fault = [](const std::string& text) {
    TextRead read;
    AsCib("pcs resource create --no-default-ops -- db2 ocf:x:y \\\n  op monitor interval=9s\n" + text, read);
    return read.faults.empty() ? std::string() : read.faults[0];
  };
  CHECK(fault("pcs resource group add g db1\n") == "line 3: there is no `db1`; did you mean `db2`?");
  CHECK(fault("pcs constraint order db2 then db9\n") == "line 3: there is no `db9`; did you mean `db2`?");
  CHECK(fault("pcs constraint order db2 then db2 kind=never\n") == "line 3: `never` is no kind of order");
  CHECK(fault("\npcs constraint location db2 prefers n1=much\n") == "line 4: `much` is no score");
  CHECK(fault("pcs constraint location db2 rule '(a eq 1'\n") == "line 3: a bracket is never closed");
  CHECK(fault("pcs resource create $NAME ocf:x:y\n") ==
        "line 3: only a shell can read this (`$` or a backquote outside single quotes)");
  CHECK(fault("pcs tag create 'a\n") == "line 3: the quote is never closed");
  CHECK(fault("pcs resource clone\n") == "line 3: `pcs resource clone` is not complete");
  CHECK(fault("pcs tag create t db2 \\") == "line 3: the text ends in the middle of a command");
  CHECK(fault("pcs resource group add g g\n") == "line 3: there is no `g`");
  CHECK(fault("pcs resource bundle create b container 'x y'\n") == "line 3: `x y` is no kind of container");
  CHECK(fault("pcs constraint order db2 then db2 'a b=c'\n") == "line 3: `a b` is no name of an option");
}

TEST_CASE("what stands behind `||` is for when the command before it fails") {
  TextRead read;
  const std::string cib = AsCib("pcs property set a=1 || pcs property set b=2\npcs property set c=3 || exit 1\n", read);
  CHECK(read.faults.empty());
  REQUIRE(read.skipped.size() == 2);
  CHECK(read.skipped[0] == "line 1: what stands behind `||` is for when the command before it fails");
  CHECK(cib.find("name=\"a\"") != std::string::npos);
  CHECK(cib.find("name=\"b\"") == std::string::npos);
  CHECK(cib.find("name=\"c\"") != std::string::npos);
}

TEST_CASE("a command with a fault leaves nothing behind") {
  const std::string good =
      "pcs resource create --no-default-ops A ocf:x:y op monitor interval=9s\n"
      "pcs resource create --no-default-ops B ocf:x:y op monitor interval=9s\n"
      "pcs resource clone A\n";
  TextRead of_good;
  const std::string expected = AsCib(good, of_good);
  REQUIRE(of_good.faults.empty());
  for (const std::string bad : {
           "pcs resource group add g A-clone",
           "pcs resource group add g A",
           "pcs resource group add g B nothing",
           "pcs resource group add g B --before A",
           "pcs resource create A ocf:x:y",
           "pcs resource create C ocf:x:y fake=a b",
           "pcs resource create C ocf:x:y --group B",
           "pcs resource op add B monitor interval=9",
           "pcs resource op add B monitor interval=10s",
           "pcs constraint location B rule score=5 a eq 1 or b",
           "pcs resource bundle update B container image=x",
           "pcs stonith level remove 1 target n1",
           "pcs constraint order A then B kind=never",
           "pcs resource ungroup g",
           "pcs resource unclone B",
           "pcs constraint delete o1",
           "pcs constraint order remove A",
           "pcs tag update t add A",
           "pcs property unset batch-limit",
           "pcs acl role assign r A",
           "pcs stonith level clear target n1",
       }) {
    CAPTURE(bad);
    TextRead read;
    CHECK(AsCib(good + bad + '\n', read) == expected);
    CHECK(read.faults.size() == 1);
    CHECK(read.skipped.empty());
  }
}

TEST_CASE("what a tag or a clone needs does not go") {
  const std::string good =
      "pcs resource create --no-default-ops A ocf:x:y op monitor interval=9s\n"
      "pcs resource create --no-default-ops B ocf:x:y op monitor interval=9s\n"
      "pcs resource create --no-default-ops C ocf:x:y op monitor interval=9s\n"
      "pcs resource group add g B\npcs resource group add h C\npcs resource clone g\n"
      "pcs tag create t A g-clone\npcs constraint location h prefers n1=5\n";
  const auto fault = [&](const std::string& text) {
    TextRead read;
    AsCib(good + text + '\n', read);
    return read.faults.empty() ? std::string() : read.faults[0];
  };
  CHECK(fault("pcs resource delete A") == "line 9: `A` cannot go while it is in the tag `t`");
  CHECK(fault("pcs resource delete B") == "line 9: `g-clone` cannot go while it is in the tag `t`");
  CHECK(fault("pcs resource ungroup g") ==
        "line 9: a cloned group has to keep a member; `pcs resource unclone g` comes first");
  CHECK(fault("pcs resource group add k C") ==
        "line 9: `h` would be empty, and other elements name it; `pcs resource ungroup h` comes first");
  CHECK(fault("pcs resource delete C\npcs constraint order C then A") == "line 10: there is no `C`");
  CHECK(fault("pcs resource ungroup h") == "");
}

TEST_CASE("a byte that is no text spoils its own command only") {
  for (const std::string& byte : {std::string("\xff"), std::string(1, '\0')}) {
    TextRead read;
    const std::string cib = AsCib(
        "\xEF\xBB\xBFpcs property set a=1\n# " + byte + "\npcs property set b=" + byte + "\npcs property set c=1\n",
        read);
    REQUIRE(read.faults.size() == 1);
    CHECK(read.faults[0] == "line 3: a byte that is not UTF-8; the command is left out");
    CHECK(read.skipped.empty());
    CHECK(cib.find("name=\"a\"") != std::string::npos);
    CHECK(cib.find("name=\"b\"") == std::string::npos);
    CHECK(cib.find("name=\"c\"") != std::string::npos);
  }
}

TEST_CASE("what a shell does with files is passed over, and so is what stands before pcs") {
  TextRead read;
  const std::string cib = AsCib(
      "sudo -u root pcs property set a=1 >/dev/null 2>&1\nX=y pcs property set b=2 &>\"$LOG\" && pcs "
      "property "
      "set c=3 2> 'x y' </dev/null\nenv X=y /usr/sbin/pcs property set d=4 >>x\ncat <<END\npcs property set "
      "e=5\nEND\npcs property set f=6\n",
      read);
  CHECK(read.faults.empty());
  REQUIRE(read.skipped.size() == 1);
  CHECK(read.skipped[0] == "line 4: `cat` does not call pcs");
  pugi::xml_document document;
  REQUIRE(document.load_string(cib.c_str()));
  std::string set;
  const pugi::xml_node options = document.child("cib").child("configuration").child("crm_config").first_child();
  for (const pugi::xml_node pair : options.children()) set += pair.attribute("name").value();
  CHECK(set == "abcdf");
}

TEST_CASE("a monitor that pcs would add is told, and hosts of fence devices are nodes") {
  TextRead read;
  pugi::xml_document cib;
  ReadPcs(
      "pcs resource create a ocf:x:y --no-default-ops\npcs stonith create f fence_x pcmk_host_list=n1,n2 "
      "pcmk_host_map='n3:1;n4:2' op monitor interval=9s\npcs node standby n1\npcs node unstandby n1\n",
      Resolve, cib, read);
  CHECK(read.faults.empty());
  REQUIRE(read.skipped.size() == 1);
  CHECK(read.skipped[0].starts_with("line 1: the monitor that the agent of `a` suggests"));
  const pugi::xml_node nodes = cib.child("cib").child("configuration").child("nodes");
  for (const char* name : {"n1", "n2", "n3", "n4"}) CHECK(nodes.find_child_by_attribute("uname", name));
  CHECK(!nodes.find_node([](pugi::xml_node node) { return std::string_view(node.name()) == "nvpair"; }));
}

TEST_CASE("commands of pcs are told from XML and other text") {
  CHECK(LooksLikePcs("pcs tag create t a\n"));
  CHECK(!LooksLikePcs("<cib/>"));
  CHECK(!LooksLikePcs(""));
  CHECK(!LooksLikePcs("primitive a ocf:pacemaker:Dummy\n"));
}

}  // namespace
}  // namespace picket::compiler::import
