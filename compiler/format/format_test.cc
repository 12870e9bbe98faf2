#include "compiler/format/format.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "compiler/syntax/dump.h"
#include "compiler/syntax/parse.h"

namespace picket::compiler {
namespace {

// Formats, and checks on the way that the meaning and every comment are kept
// and that a second time changes nothing.
std::string Formatted(const std::string& text) {
  Diagnostics diagnostics;
  const ast::File file = Parse(text, 0, diagnostics);
  REQUIRE_MESSAGE(!diagnostics.HasErrors(), text);
  const std::string out = Format(file, text);
  Diagnostics again;
  const ast::File reread = Parse(out, 0, again);
  REQUIRE_MESSAGE(!again.HasErrors(), out);
  CHECK(SameMeaning(file.statements, reread.statements));
  CHECK(file.comments.size() == reread.comments.size());
  CHECK(Format(reread, out) == out);
  return out;
}

struct Case {
  std::string before;
  std::string after;
};

TEST_CASE("spelling of lines") {
  const std::vector<Case> cases = {
      {"primitive  vip   ocf:heartbeat:IPaddr2", "primitive vip ocf:heartbeat:IPaddr2\n"},
      {"primitive a ocf:x:y { }", "primitive a ocf:x:y\n"},
      {"primitive a ocf:x:y {b = 1;c=2}", "primitive a ocf:x:y { b=1; c=2 }\n"},
      {"primitive a ocf:x:y {\n b=1\nlong=2 \n}", "primitive a ocf:x:y {\n  b    = 1\n  long = 2\n}\n"},
      {"primitive a ocf:x:y {\nop start timeout=5s\nop promote timeout=5s\nop monitor interval=5s\n}",
       "primitive a ocf:x:y {\n  op start   timeout=5s\n  op promote timeout=5s\n  op monitor "
       "interval=5s\n}\n"},
      {"node n {\nlink a 192.0.2.1\nlink back 192.0.2.2\n}",
       "node n {\n  link a    192.0.2.1\n  link back 192.0.2.2\n}\n"},
      {"property a=1   b=2", "property a=1 b=2\n"},
      {"order a \\\n then b", "order a then b\n"},
      {"order a then\n b", "order a then b\n"},
      {"order start then b", "order \"start\" then b\n"},
      {"order \"start\" then b", "order \"start\" then b\n"},
      {"order start a then promote b", "order start a then promote b\n"},
      {"colocation c1: [ a,b ] with promoted {x}", "colocation c1: [a, b] with promoted {x}\n"},
      {"order {@s a, b score=5} then {from t}", "order {@s a, b score=5} then {from t}\n"},
      {"location a never where (not defined(x)) or ((y<5) and z==1)",
       "location a never where not defined(x) or y < 5 and z == 1\n"},
      {"location a never where (x==1 or y==2) and z==3", "location a never where (x == 1 or y == 2) and z == 3\n"},
      {"location /^a\\/b/ never n", "location /^a\\/b/ never n\n"},
      {"location promoted   not /x/ never n", "location promoted not /x/ never n\n"},
      {"let x={a=1,b=[1,2]}", "let x = {a = 1, b = [1, 2]}\n"},
      {"primitive ${n}-ip ocf:x:y { a=\"x ${n + 1}\" }", "primitive ${n}-ip ocf:x:y { a=\"x ${n + 1}\" }\n"},
      {"primitive a ocf:x:y { b='it is \"so\"' }", "primitive a ocf:x:y { b='it is \"so\"' }\n"},
      {"primitive a ocf:x:y { b=\"\\${x}\" }", "primitive a ocf:x:y { b='${x}' }\n"},
      {"primitive a ocf:x:y { b=\"a\\nb\" }", "primitive a ocf:x:y { b=\"a\\nb\" }\n"},
      {"primitive a ocf:x:y { b='plain' }", "primitive a ocf:x:y { b=\"plain\" }\n"},
      {"fencing n: a and b then 4: c", "fencing n: a and b then 4: c\n"},
      {"fencing where rack==1: a", "fencing where rack == 1: a\n"},
      {"if (promoted) { tag t of a }", "if (promoted) { tag t of a }\n"},
      {"if x {\n tag t of a\n} else if y {\n tag u of a\n} else {\n tag v of a\n}",
       "if x {\n  tag t of a\n} else if y {\n  tag u of a\n} else {\n  tag v of a\n}\n"},
      {"test \"t\" {\n kill   a,b\n expect not  running x on n\n}",
       "test \"t\" {\n  kill a, b\n  expect not running x on n\n}\n"},
      {"", ""},
      {"\n\n\n", ""},
  };
  for (const Case& one : cases) CHECK(Formatted(one.before) == one.after);
}

TEST_CASE("comments and blank lines stay where they belong") {
  const std::vector<Case> cases = {
      {"if a {\n node x\n} else if b {\n node z\n} else {\n node y\n} # last\n",
       "if a {\n  node x\n} else if b {\n  node z\n} else {\n  node y\n}  # last\n"},
      {"# only\n", "# only\n"},
      {"# a\n\n\n\n# b\ntag t of a\n# c", "# a\n\n# b\ntag t of a\n# c\n"},
      {"tag t of a   # why\n", "tag t of a  # why\n"},
      {"tag t of a # x\ntag long of a # y\n", "tag t of a     # x\ntag long of a  # y\n"},
      {"node n { # head\n id=1 # one\n # last\n}\n", "node n {  # head\n  id = 1  # one\n  # last\n}\n"},
      {"node n { id=1 } # tail\n", "node n { id=1 }  # tail\n"},
      {"node n {\n\n id=1\n\n\n link a b\n\n}\n", "node n {\n  id = 1\n\n  link a b\n}\n"},
      {"order a then # why\n b\n", "order a then b  # why\n"},
      {"order a then # one\n b then # two\n c\n", "# one\norder a then b then c  # two\n"},
      {"let x = [ # in\n 1,\n # two\n 2\n]\n", "let x = [  # in\n  1,\n  # two\n  2\n]\n"},
      {"if x {\n tag t of a\n # end of then\n} else {\n tag u of a\n # end of else\n}\n",
       "if x {\n  tag t of a\n  # end of then\n} else {\n  tag u of a\n  # end of else\n}\n"},
      {"tag a of b; tag c of d # both\n", "tag a of b\ntag c of d  # both\n"},
  };
  for (const Case& one : cases) CHECK(Formatted(one.before) == one.after);
}

TEST_CASE("what does not fit is broken where the language allows it") {
  std::string members = "member-1";
  for (int i = 2; i < 20; ++i) members += ", member-" + std::to_string(i);
  const std::string tag = Formatted("tag t of " + members);
  CHECK(tag.find(",\n    member-") != std::string::npos);
  for (std::size_t at = 0; at < tag.size();) {
    const std::size_t end = tag.find('\n', at);
    CHECK(end - at <= 100);
    at = end + 1;
  }
  const std::string block =
      "node n { id=1; attributes rack=aaaaaaaaaaaaaaaaaaaaaaaaa site=bbbbbbbbbbbbbbbbbbbbbbbbb; "
      "utilization cpu=16 memory=64GiB }  # allow W0207: so";
  CHECK(Formatted(block).starts_with("node n {  # allow W0207: so\n  id = 1\n"));
}

}  // namespace
}  // namespace picket::compiler
