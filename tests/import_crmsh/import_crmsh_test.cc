// Text of crmsh becomes the CIB that crmsh itself makes of it (NAME.xml, recorded), and a policy that
// compiles to that.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/import/crmsh.h"
#include "compiler/import/import.h"
#include "tests/import_text/import_text.h"

namespace picket::compiler::import {
namespace {

std::string AsCib(const std::string& text, CrmshRead& read) {
  return AsCib(ReadCrmsh, text, read);
}

std::string PolicyOf(const std::string& text, CrmshRead& read) {
  Imported imported;
  std::string reason;
  CHECK(Import(AsCib(text, read), {}, imported, reason));
  CHECK(reason == "");
  return imported.policy;
}

TEST_CASE("each text gives the CIB that crmsh gives, and a policy that compiles to it") {
  const auto texts = FilesIn("tests/import_crmsh", ".crm");
  CHECK(texts.size() >= 19);
  for (const auto& path : texts) {
    CAPTURE(path);
    CrmshRead read;
    const std::string cib = AsCib(Contents(path), read);
    CHECK(read.faults.empty());
    const auto theirs = Lines(Contents(std::filesystem::path(path).replace_extension(".xml")));
    REQUIRE(!theirs.empty());
    CHECK(Lines(cib) == theirs);
    Imported imported;
    std::string reason;
    REQUIRE(Import(cib, {}, imported, reason));
    CHECK(imported.warnings.empty());
    CHECK(imported.elements_as_xml == 0);
    CHECK(LinesOfPolicy(cib) == theirs);
  }
}

TEST_CASE("comments stay with what they are about") {
  CrmshRead read;
  const std::string policy = PolicyOf(
      "node n1\nproperty stonith-enabled=false\n# the address\nprimitive vip ocf:heartbeat:IPaddr2 \\\n"
      "  # of the callers\n  params ip=192.0.2.1\n# joins them\ngroup g vip\n",
      read);
  CHECK(policy.find("# the address\n# of the callers\nprimitive vip") != std::string::npos);
  CHECK(policy.find("# joins them\ngroup g") != std::string::npos);
}

TEST_CASE("what is no configuration is skipped and listed") {
  CrmshRead read;
  AsCib("$ sudo crm configure edit\ncrm(live)configure# show\nnode n1\ncommit\nsomething else\nbye\n", read);
  CHECK(read.faults.empty());
  REQUIRE(read.skipped.size() == 5);
  CHECK(read.skipped[0].starts_with("line 1: `edit`"));
  CHECK(read.skipped[3] == "line 5: `something else` is no statement of crmsh");
}

TEST_CASE("XML in a statement is XML, and takes the place of what was said before") {
  CrmshRead read;
  const std::string cib = AsCib(
      "primitive a ocf:x:y\nxml <group id=\"g\" description=\"&quot;q&quot;\"> \\\n  <primitive id=\"a\" "
      "class=\"ocf\" provider=\"x\" type=\"y\"/> \\\n</group>\nxml <fencing-topology><fencing-level id=\"l\" "
      "index=\"2\" target=\"n\" devices=\"a\"/></fencing-topology>\nclone c g\n",
      read);
  CHECK(read.faults.empty());
  const auto lines = Lines(cib);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "fencing-topology: <fencing-level devices=\"a\" index=\"2\" target=\"n\">");
  CHECK(lines[1].starts_with("resources: <clone id=\"c\"><group description=\"\"q\"\" id=\"g\"><primitive"));
}

TEST_CASE("faults are named by line") {
  const auto fault = [](const std::string& text) {
    CrmshRead read;
    AsCib("node n1\nprimitive db2 ocf:pacemaker:Dummy\n" + text, read);
    return read.faults.empty() ? std::string() : read.faults[0];
  };
  CHECK(fault("order o Mandatory: db1 db2\n") == "line 3: there is no `db1`; did you mean `db2`?");
  CHECK(fault("group g db9\n") == "line 3: there is no `db9`; did you mean `db2`?");
  CHECK(fault("order o sometimes: db2 db2\n") == "line 3: `sometimes` is no kind of order");
  CHECK(fault("colocation c high: db2 db2\n") == "line 3: `high` is no score");
  CHECK(fault("\nprimitive x ocf:pacemaker:Dummy \\\n  op monitor interval=10s \\\n  op_params "
              "on_fail=restart\n") ==
        "line 4: `op_params on_fail=restart` is handed to the agent; it is an option of the operation: `op "
        "monitor "
        "on-fail=restart`");
  CHECK(fault("location l db2 rule 5: a eq b or c eq d and e eq f\n") ==
        "line 3: `and` and `or` in one rule: crmsh takes one of them");
  CHECK(fault("rsc-ticket t site: db2\n") == "line 3: `rsc-ticket` is written `rsc_ticket`; read as that");
  CHECK(fault("primitive y\n") == "line 3: `primitive y` names no agent");
  CHECK(fault("primitive z ocf:pacemaker:Dummy params a=b \\") == "the text ends in the middle of a statement");
}

TEST_CASE("what a running cluster writes stays out, with a word about it") {
  CrmshRead read;
  const std::string policy = PolicyOf(Contents("tests/import_crmsh/pasted.crm"), read);
  CHECK(policy.find("dc-version=") == std::string::npos);
  CHECK(policy.find("last-lrm-refresh=") == std::string::npos);
  CHECK(policy.find("# left out, since a running cluster writes them: have-watchdog, dc-version") != std::string::npos);
  CHECK(read.skipped.size() == 1);
}

TEST_CASE("text of crmsh is told from XML and from policies") {
  CHECK(LooksLikeCrmsh("primitive a ocf:pacemaker:Dummy\n"));
  CHECK(!LooksLikeCrmsh("<cib/>"));
  CHECK(!LooksLikeCrmsh(""));
  CHECK(!LooksLikeCrmsh("pcs resource create x\n"));
}

}  // namespace
}  // namespace picket::compiler::import
