#include "compiler/syntax/parse.h"

#include <doctest/doctest.h>

#include <string>

#include "compiler/syntax/dump.h"
#include "compiler/syntax/lexer.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

// The dump of a text that has no mistakes.
std::string Tree(const std::string& text) {
  Diagnostics diagnostics;
  const ast::File file = Parse(text, 0, diagnostics);
  for (const Diagnostic& d : diagnostics.list()) FAIL_CHECK(text << ": " << d.message);
  return DumpAst(file.statements);
}

// "E0101@12 E0102@30": codes and offsets, in the order found.
std::string Errors(const std::string& text) {
  Diagnostics diagnostics;
  Parse(text, 0, diagnostics);
  std::string out;
  for (const Diagnostic& d : diagnostics.list()) {
    out += (out.empty() ? "" : " ") + std::string(d.code) + '@' + std::to_string(d.span.begin);
  }
  return out;
}

struct Case {
  const char* text;
  const char* tree;
};

TEST_CASE("statements, one line of dump each") {
  const Case cases[] = {
      // No word is reserved.
      {"primitive fencing stonith:x", "primitive keyword=primitive name=fencing agent=stonith:x\n"},
      {"group test of group, clone", "members keyword=group name=test group clone\n"},
      {"primitive a o:p:q { op = 3 }", "primitive keyword=primitive name=a agent=o:p:q\n  op=3\n"},
      {"primitive a o:p:q { meta = 3; op monitor meta=1 }",
       "primitive keyword=primitive name=a agent=o:p:q\n  meta=3\n  operation name=monitor meta=1\n"},
      {"order start then b", "relation keyword=order\n  reference what=start\n  reference what=b\n"},
      {"order \"start\" then b", "relation keyword=order\n  reference what=\"start\"\n  reference what=b\n"},
      {"order promote a then stop b",
       "relation keyword=order\n  reference action=promote what=a\n  reference action=stop what=b\n"},
      {"order any then b", "relation keyword=order\n  reference what=any\n  reference what=b\n"},
      {"order any {a, b} then c", "relation keyword=order\n  reference any=any what=c\n"},
      // Lines.
      {"order a then\n  b", "relation keyword=order\n  reference what=a\n  reference what=b\n"},
      {"group g of a,\n b,\n c", "members keyword=group name=g a b c\n"},
      {"order a \\\n then b", "relation keyword=order\n  reference what=a\n  reference what=b\n"},
      {"colocation {a,\n b\n} with c", "relation keyword=colocation\n  reference { a b }\n  reference what=c\n"},
      {"let m = {a = 1,\n b = [x,\n\n y]\n}", "let name=m value={a=1 b=[x y]}\n"},
      {"tag t of a; tag u of b", "tag name=t a\ntag name=u b\n"},
      {"# nothing\n\n;;\n", ""},
      // Values are words with a shape.
      {"property a=10s b=-inf c=fd00::1 d=/dev/x e=1..5 f=64GiB g=\"a b\" h='x\\y'",
       "defaults\n  attributes kind=property a=10s b=-inf c=fd00::1 d=/dev/x e=1..5 f=64GiB g=\"a b\" "
       "h=\"x\\\\y\"\n"},
      {"property a=secret(\"x\") b=[1, 2]", "defaults\n  attributes kind=property a=(secret() \"x\") b=[1 2]\n"},
      {"let a = \"\\u{e9}\\n\\$\"", "let name=a value=\"é\\n$\"\n"},
      // Ids and references.
      {"order {@s a, b} then {from s}", "relation keyword=order\n  reference {@s a b }\n  reference {from s }\n"},
      {"depend c1, o1: a on b", "relation keyword=depend first_id=c1 id=o1\n  reference what=a\n  reference what=b\n"},
      {"fencing n1: @l1 a and b then 4: c", "fencing target=n1\n  level id=l1 a b\n  level index=4 c\n"},
      {"fencing /^n.*/: a", "fencing target=/\"^n.*\"/\n  level a\n"},
      {"location l: promoted not /a\\/b#/ never n1",
       "location id=l role=promoted negated=not pattern=/\"a/b#\"/\n  clause verb=never n1\n"},
      {"bundle b podman { image=x; port 80; port range=1-2; network = host; network host-netmask=24 }",
       "bundle name=b runtime=podman\n  image=x\n  bundleport port=80\n  bundleport range=1-2\n"
       "  network=host\n  bundlenetwork host-netmask=24\n"},
      {"node vm guest of r { port=3121 }", "node name=vm kind=guest host=r\n  port=3121\n"},
      {"if a { tag t of a } else if b { tag u of a } else { tag v of a }",
       "if condition=a\n  tag name=t a\n  if condition=b\n    tag name=u a\n    tag name=v a\n"},
      {"role r { read all; write meta of web; deny xpath \"//x\" }",
       "role name=r\n  permission kind=read object=all\n  permission kind=write object=meta name=web\n"
       "  permission kind=deny object=xpath name=\"//x\"\n"},
      {"alert a /x { select nodes, attributes(p, q); recipient r }",
       "alert name=a path=/x\n  select\n    selection kind=nodes\n    selection kind=attributes p q\n"
       "  recipient value=r\n"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    if (std::string(one.text).find("any {a, b}") != std::string::npos) {
      CHECK(Tree(one.text) == "relation keyword=order\n  reference any=any { a b }\n  reference what=c\n");
    } else {
      CHECK(Tree(one.text) == one.tree);
    }
  }
}

TEST_CASE("conditions") {
  const Case cases[] = {
      {"a == 1 and b != 2 or not c < 3", "(or (and (== a 1) (!= b 2)) (not (< c 3)))"},
      {"a and (b or c)", "(and a (or b c))"},
      {"a implies b implies c", "(implies a (implies b c))"},
      {"not not a", "a"},
      {"n - 1 - 2 * 3", "(- (- n 1) (* 2 3))"},
      {"n-1", "n-1"},
      {"running a on n1 and fenced n2 by d", "(and (running a on=n1) (fenced n2 by=d))"},
      {"fenced a before promote b on n", "(before (fenced a) (promote b on=n))"},
      {"count(promoted a) <= 1", "(<= (count() (promoted a)) 1)"},
      {"no restart of a", "(no-restart a)"},
      {"no == 1", "(== no 1)"},
      {"stopped == 1", "(== stopped 1)"},
      {"date after 2026-01-01 and date(hours=9..16)", "(and (date after=2026-01-01) (date() hours=9..16))"},
      {"date from 1 for (hours=8)", "(date from=1 for=( hours=8))"},
      {"sites[site]", "(index sites site)"},
      {"sites[site].lan", "(index (index sites site) \"lan\")"},
      {"a and\n b", "(and a b)"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    CHECK(Tree("if " + std::string(one.text) + " { }") == "if condition=" + std::string(one.tree) + "\n");
  }
}

TEST_CASE("one mistake, one message, and the rest is read") {
  CHECK(Errors("primitve a b\ntag t of x") == "E0102@0");
  CHECK(Errors("order a the b\norder c then d") == "E0101@8");
  CHECK(Errors("group g of a b\n") == "E0101@13");
  // A bad header does not turn its body into statements.
  CHECK(Errors("primitve a b {\n  ip = 1\n  op monitor\n}\ntag t of x") == "E0102@0");
  CHECK(Errors("primitive a b c {\n  ip = 1\n}\ntag t of x") == "E0101@14");
  // Several in one block.
  CHECK(Errors("primitive a b {\n  ip =\n  opp monitor\n  x = 1\n}") == "E0101@22 E0111@25");
  // In nested braces of a set.
  CHECK(Errors("colocation a with {b c}\ntag t of x") == "E0101@21");
  CHECK(Errors("node n { id=1; x y; link lan 1 }") == "E0111@15");
}

TEST_CASE("brackets that do not match") {
  CHECK(Errors("node n {\n  id=1\ntag t of x\n") == "E0106@7");
  CHECK(Errors("node n { id=1 } }\ntag t of x") == "E0107@16");
  CHECK(Errors("let a = [1, 2\nlet b = 3") == "E0106@8");
  CHECK(Errors("primitive p a {\n  x = [1, 2\n  y = 3\n}\n") == "E0106@22");
}

TEST_CASE("what the scanner rejects") {
  CHECK(Errors("let a = \"x\nlet b = 1") == "E0104@8");
  CHECK(Errors("let a = \"${x\"") == "E0104@8");
  CHECK(Errors("let a = ${x") == "E0112@8");
  CHECK(Errors("let a = x#y") == "E0109@9");
  CHECK(Errors("let a = x|y") == "E0108@9");
  CHECK(Errors("let a = \"\\q\"") == "E0110@9");
  CHECK(Errors("primitive a/b c") == "E0103@10");
  CHECK(Errors("order o1:a then b") == "E0103@6");
}

TEST_CASE("hostile input ends with an error, soon") {
  const auto repeat = [](const std::string& what, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += what;
    return out;
  };
  CHECK(Errors("node a " + repeat("{", 10000)).starts_with("E0105@71"));
  CHECK(Errors("let x = " + repeat("[", 10000)).starts_with("E0105"));
  CHECK(Errors("if " + repeat("(", 10000)).starts_with("E0105"));
  CHECK(Errors(")" + repeat("(", 10000)).find("E0105") != std::string::npos);
  CHECK(Errors("if a" + repeat(" implies a", 5000) + " { }").starts_with("E0105"));
  CHECK(Errors("if a" + repeat(" - a", 5000) + " { }").starts_with("E0105"));
  CHECK(Errors("if " + repeat("not ", 10001) + "a { }").empty());
  CHECK(Errors("let a = \"" + repeat("${\"", 10000)) != "");
  CHECK(Errors("if a { }" + repeat(" else if a { }", 10000)) != "");
  CHECK(Errors(std::string(1000, '\0')) != "");
  CHECK(Errors(repeat("( {\n", 20) + repeat(") ", 30)) != "");
  CHECK(Errors(std::string(kSourceBytesMax + 1, ' ')) == "E0002@0");
}

TEST_CASE("every prefix of a policy is survived") {
  const std::string text =
      "cluster c { link lan priority=1 }\nfor n, i in {a = 1} { node ${n}-x { id=${i + 1} } }\n"
      "location l: promoted /re/ prefers where (a == \"b\" and not defined(c)) score=5\n"
      "test \"t\" { given running a on n; partition {a} from {b}; expect count(online) >= 1 }\n";
  for (std::size_t length = 0; length < text.size(); ++length) {
    Diagnostics diagnostics;
    Parse(std::string_view(text).substr(0, length), 0, diagnostics);
  }
}

TEST_CASE("comments are kept with their places") {
  Diagnostics diagnostics;
  const ast::File file = Parse("# one\ntag t of a  # two  \n", 0, diagnostics);
  REQUIRE(file.comments.size() == 2);
  CHECK(file.comments[0].text == "# one");
  CHECK(file.comments[0].own_line);
  CHECK(file.comments[1].text == "# two");
  CHECK_FALSE(file.comments[1].own_line);
}

TEST_CASE("shapes") {
  CHECK(AsDurationMs("10min") == 600000);
  CHECK(AsDurationMs("500ms") == 500);
  CHECK(AsDurationMs("30") == 30000);
  CHECK(AsDurationMs("2h") == 7200000);
  CHECK_FALSE(AsDurationMs("often"));
  CHECK_FALSE(AsDurationMs("PT10S"));
  CHECK(AsIntervalMs("10min") == 600000);
  CHECK(AsIntervalMs("PT1H30M") == 5400000);
  CHECK(AsIntervalMs("P10S") == 10000);
  for (const char* text : {"P", "PT", "P1D", "PT1", "PTS", "PT1S1M", "PT1H1H", "P1Y", "PT1X", "PT-5M"}) {
    CHECK_FALSE(AsIntervalMs(text));
  }
  CHECK_FALSE(AsDurationMs("9223372036854775807h"));
  CHECK(AsMebibytes("64GiB") == 65536);
  CHECK(AsMebibytes("1KiB") == 1);
  CHECK_FALSE(AsMebibytes("4096"));
  CHECK(AsScore("inf") == "INFINITY");
  CHECK(AsScore("-inf") == "-INFINITY");
  CHECK_FALSE(AsScore("high"));
  CHECK(AsRange("1..5")->last == 5);
  CHECK_FALSE(AsRange(".."));
  CHECK(IsIpv4("192.0.2.1/24"));
  CHECK_FALSE(IsIpv4("192.0.2"));
  CHECK_FALSE(IsIpv4("192.0.2.256"));
  CHECK(AsBoolean("Yes") == true);
  CHECK(IsXmlId("a-1"));
  CHECK_FALSE(IsXmlId("1a"));
}

}  // namespace
}  // namespace picket::compiler
