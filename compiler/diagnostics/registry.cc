#include "compiler/diagnostics/registry.h"

namespace picket::compiler {

const std::vector<CodeInfo>& AllCodes() {
  static const std::vector<CodeInfo> codes = {
      {"E0001", "a file cannot be read",
       "The file named on the command line, or in an `import`, does not exist or may not be read. "
       "The path of an import is taken relative to the file that imports it.",
       "import \"no-such-file.picket\"\n"},
      {"E0002", "a file is too large",
       "A policy is text that people write; 16 MiB is more than any needs. The limit keeps a wrong "
       "file name from filling the memory.",
       ""},
      {"E0101", "something else was expected here",
       "The line began well and then went on in a way that no statement does. The message says "
       "what could have stood at the marked place. The rest of the line is skipped, and everything "
       "after it is read as usual.",
       "order a the b\n"},
      {"E0102", "unknown statement",
       "A statement begins with a word that says what it is: `primitive`, `group`, `order`. The "
       "marked word is none of them.",
       "primitve vip ocf:heartbeat:IPaddr2\n"},
      {"E0103", "not a valid name",
       "Unquoted names are letters, digits, `_`, `-` and `.`, and begin with a letter, a digit or "
       "`_`. Any other name is quoted. What becomes an id in the CIB cannot begin with a digit, "
       "quoted or not.",
       "primitive a/b ocf:heartbeat:Dummy\n"},
      {"E0104", "a string or regular expression has no end",
       "A string in \"double quotes\" or 'single quotes' ends on the line on which it begins. "
       "'''Three single quotes''' may hold several lines.",
       "primitive p ocf:heartbeat:Dummy { state = \"/tmp/x }\n"},
      {"E0105", "nested too deeply",
       "Brackets may be nested 64 deep, expressions 100. No policy needs that much; most often a "
       "bracket is never closed.",
       ""},
      {"E0106", "a bracket is never closed",
       "The marked bracket has no partner. Where the end is missing is guessed from a statement's "
       "word at the very beginning of a line.",
       "node ha1 {\n  id=1\ngroup g of a\n"},
      {"E0107", "a bracket closes nothing",
       "There is one closing bracket too many, or the opening one was lost.",
       "node ha1 { id=1 } }\n"},
      {"E0108", "an unexpected character",
       "The character has no meaning in the language. Inside quotes it would be text.",
       "primitive p ocf:heartbeat:Dummy { a = x|y }\n"},
      {"E0109", "a comment sign inside a value",
       "`#` begins a comment only after a blank. Directly behind a value it was probably meant as "
       "part of it.",
       "primitive p ocf:heartbeat:Dummy { colour=#ff0000 }\n"},
      {"E0110", "an unknown escape in a string",
       "In \"double quotes\" a backslash begins one of \\\" \\\\ \\n \\t \\$ \\u{…}. In 'single "
       "quotes' it is just a backslash.",
       "primitive p ocf:heartbeat:Dummy { state = \"\\q\" }\n"},
      {"E0111", "this does not belong into the block",
       "Each block has words of its own. The marked line begins with none of them, nor is it an "
       "option `name = value`.",
       "cluster c { lnk lan }\n"},
      {"E0112", "not a valid ${…}",
       "Between `${` and `}` stands a variable or an expression: `${n}`, `${n + 1}`, "
       "`${sites[site].lan}`. It ends on the line on which it begins.",
       "let a = ${b\n"},
      {"E0201", "an unknown name",
       "The name is used, but nothing in the policy is called so. Where there is one, the nearest "
       "known name is shown.",
       "primitive vip ocf:heartbeat:IPaddr2\ngroup g of vpi\n"},
      {"E0202", "a name is given twice",
       "Resources, constraints, tags, roles and alerts share one name space, in the policy as in "
       "the CIB; nodes have one of their own. An option is set once in a block.",
       "primitive a ocf:heartbeat:Dummy\nprimitive a ocf:heartbeat:Dummy\n"},
      {"E0203", "a name of the wrong kind",
       "What the name stands for cannot stand here: a clone in a group, a role in an order, a "
       "group as a fence device.",
       "primitive a ocf:heartbeat:Dummy\nclone c of a\ngroup g of c\n"},
      {"E0204", "an unknown option",
       "The statement or block has a fixed set of options, and this is none of them. Parameters of "
       "agents are not meant: those stand in the braces of their resource.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\norder a then b scoer=5\n"},
      {"E0205", "a value of the wrong shape",
       "The option wants a number, a duration, yes or no, a role, or one of a few words, and the "
       "value is none.",
       "primitive a ocf:heartbeat:Dummy { op monitor interval=often }\n"},
      {"E0206", "something necessary is missing",
       "The statement cannot mean anything without it. `prefers` needs a score because no score "
       "would be the obvious one: who means \"only there\" writes `only`.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a prefers n1\n"},
      {"E0208", "a resource with two containers",
       "A resource belongs to at most one group, clone or bundle.",
       "primitive a ocf:heartbeat:Dummy\ngroup g of a\ngroup h of a\n"},
      {"E0209", "a negative score",
       "In constraints the verb says which way it goes: `prefers` or `avoids`, `colocation` or "
       "`separate`. So every score is positive.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\n"
       "colocation a with b score=-5\n"},
      {"E0210", "orders in a circle",
       "Each of the statements makes an action wait for another one, and in the end the first "
       "waits for itself: the cluster would never start any of them. The order inside a group "
       "counts as well.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\norder a then b\n"
       "order b then a\n"},
      {"E0211", "a node that nothing can fence",
       "A cluster that cannot make sure that a lost node is dead must not restart its resources "
       "elsewhere. Every node needs a fence device, unless `fencing-enabled=no` is set or the "
       "reason is written down with `fencing NODE: none \"reason\"`.",
       "node n1 { id=1 }\n"},
      {"E0401", "an unknown variable, key or define",
       "Inside `${ }`, after `if` and after `in` a bare word is a variable. It is set by `let`, by "
       "`for`, or as a parameter of a `define`; in the whole file if at top level, else in its "
       "block.",
       "let site = berlin\nprimitive p ocf:heartbeat:Dummy { state = ${sit} }\n"},
      {"E0402", "a value of the wrong kind in an expression",
       "Arithmetic and `<` want integers, conditions want yes or no, `for` wants a list, a map or "
       "a range, and a list cannot become part of a name.",
       "for i in 5 { tag t of a }\n"},
      {"E0403", "arguments that do not fit",
       "A `use` gives each parameter of the define once, by position or by name; those with a "
       "default may be left out. A parameter may have a type.",
       "define d(name, n: int) { primitive ${name} ocf:heartbeat:Dummy }\nuse d(a, n=many)\n"},
      {"E0404", "a define or an import that reaches itself",
       "The language has no recursion, so that every policy expands to something finite.",
       "define d() { use d() }\nuse d()\n"},
      {"E0405", "not here, or too much",
       "`import` and `define` stand at the top level of a file. A `for` makes at most 10000 "
       "rounds, a policy at most 200000 statements.",
       "for i in 1..3 { import \"x.picket\" }\n"},
      {"E0406", "a variable or define of this name exists",
       "A variable is set once in its block. Nothing is ever overwritten, so its value can be "
       "found by looking for its name.",
       "let a = 1\nlet a = 2\n"},
      {"E0501", "a condition that makes no sense here",
       "Rules look at node attributes and the date, because that is what a cluster knows while it "
       "decides. Tests look at what happens: states, events, counts and durations.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a never where fenced n1\n"},
      {"E0502", "a step that makes no sense here",
       "What a test is `given` comes before its failures and expectations; only what an operator "
       "does on purpose (`grant`, `standby`, `set`, …) may lead to it. The two sides of a partition "
       "share no node.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "test \"t\" {\n  kill n1\n  given running a\n}\n"},
      {"E0901", "not supported yet",
       "The language has this, and this version of the compiler does not. It says so instead of "
       "leaving it out.",
       ""},
      {"W0207", "placed together, but not ordered",
       "A colocation says where, an order says when. With only the first, both resources may be "
       "started at the same moment, and which is up first is chance. `depend` says both.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ncolocation a with b\n"},
      {"W0402", "a fencing race",
       "When two nodes lose sight of each other, each fences the other. Without a delay both may "
       "succeed, and the service is gone. A delay in the device that fences one node lets that "
       "node win.",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f stonith:fence_ipmilan for n1, n2\n"},
      {"W0403", "depending on a clone that does not interleave",
       "Without `interleave=yes` a dependent instance waits for every instance of the clone, on "
       "every node, and is restarted when any of them is. Most mean the instance on their own "
       "node.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\nclone c of a\n"
       "clone d of b\ndepend d on c\n"},
      {"W0404", "text put into the CIB unchecked",
       "`xml` is for what the language has no word for. It is neither checked nor translated for "
       "another version of Pacemaker.",
       "xml constraints '<rsc_location id=\"l\" rsc-pattern=\"x\" node=\"n\" score=\"0\"/>'\n"},
      {"W0405", "a set in braces without a partner",
       "`{a, b}` has no order and nothing to be placed with, so it does nothing. In `[a, b]` each "
       "needs the one before it.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ncolocation {a, b}\n"},
  };
  return codes;
}

const CodeInfo* FindCode(std::string_view code) {
  for (const CodeInfo& info : AllCodes()) {
    if (info.code == code) return &info;
  }
  return nullptr;
}

}  // namespace picket::compiler
