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
      {"E0107", "a bracket closes nothing", "There is one closing bracket too many, or the opening one was lost.",
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
      {"E0113", "not UTF-8",
       "Policies are UTF-8, and so are the files that are written from them. The message names the first byte that "
       "is not part of a character; most often the file was saved in an encoding of old.",
       ""},
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
      {"E0208", "a resource with two containers", "A resource belongs to at most one group, clone or bundle.",
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
      {"E0212", "a placement that contradicts itself",
       "Two statements that both hold absolutely ask for what cannot be: a resource with its "
       "partner and apart from it, or on a node on which its partner may not run. The cluster "
       "would never start it. Chains of colocations, groups, sets and tags are followed.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ndepend a on b\n"
       "separate a from b\n"},
      {"E0213", "a level that never succeeds",
       "A level succeeds when all its devices do, and a device fences only the nodes that it is for. "
       "A device that is for another node makes the whole level fail, and a later level does not make "
       "that right: the time is lost when it counts. A comment `# allow E0213: …` with a reason lets such "
       "a level stand, for a cluster takes it: a test may show what comes of it.",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f1 stonith:fence_ipmilan for n1 { pcmk_delay_base=5s }\n"
       "fence f2 stonith:fence_ipmilan for n2\nfencing n1: f2 then f1\n"},
      {"E0230", "an action that waits for a promotion that never comes",
       "Only the instances of a `promotable` (and of a bundle) are promoted. What is ordered after the "
       "promotion of anything else, a `clone` for example, never happens either: the cluster plans it and "
       "blocks "
       "it at once.",
       "primitive d ocf:linbit:drbd\nprimitive fs ocf:heartbeat:Dummy\nclone c of d\n"
       "order promote c then fs\n"},
      {"E0231", "not an address",
       "Corosync and Pacemaker Remote connect to an address or to a host's name. What is made of digits and dots is "
       "meant as an address, and Corosync does not start with one that is none.",
       "cluster c { link lan }\nnode n1 { id=1; link lan 192.0.2.312 }\nfencing n1: none \"an example\"\n"},
      {"E0232", "an address twice",
       "Each link of each node has an address of its own. With one address for two of them Corosync does not start.",
       "cluster c { link lan; quorum two_node=yes }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.1 }\nfencing n1: none \"an example\"\nfencing n2: none \"an example\"\n"},
      {"E0233", "a constraint on what a clone holds",
       "The copies of a clone have no names of their own, and the resource that they are made from does not run. "
       "Constraints name the clone. Pacemaker refuses any other name as `not a valid resource or tag`.",
       "primitive d ocf:pacemaker:Stateful\npromotable m of d\nprimitive v ocf:heartbeat:Dummy\n"
       "depend v on promoted d\n"},
      {"E0234", "a time that Corosync refuses",
       "Times in `totem` are milliseconds where nothing else is said, as they are in corosync.conf, so `token=3` is "
       "three milliseconds. Corosync does not start with a time below 30.",
       "cluster c { link lan; totem token=3 }\n"},
      {"E0235", "one name for a node and a remote node",
       "A connection to a remote node has the name of that node. A node that runs Corosync needs a name of its own: "
       "Pacemaker tells the two apart by nothing else.",
       "cluster c { link lan }\nnode n1 { id=1; link lan 192.0.2.1 }\nfencing n1: none \"an example\"\n"
       "primitive n1 ocf:pacemaker:remote { server=192.0.2.9 }\n"},
      {"E0240", "a name that no systemd unit can have",
       "Units are named with letters, digits and `:-_.\\@`, in at most 255 characters; an instance stands "
       "after "
       "the `@`. A path is written with dashes for its slashes, as in `srv-data.mount`. Nothing of another "
       "name can "
       "ever be started.",
       "primitive data systemd:srv/data.mount\n"},
      {"E0301", "a lock of agents that cannot be used",
       "`agents.lock`, beside the policy or named by `--agents`, says which agents the nodes have. It is "
       "written by `picket agents lock` and not meant to be edited. This one is damaged (by a merge, "
       "perhaps) or comes from a newer version of this program.",
       ""},
      {"E0310", "an unknown agent",
       "There is no such agent in the lock, or among the built-in ones of a provider that are known "
       "whole. Either the name is misspelt, or the nodes have an agent that the lock does not know yet: "
       "`picket agents lock` writes a new lock on one of them. `picket agents list` shows all names.",
       "primitive vip ocf:heartbeat:IPAddr { ip=192.0.2.50 }\n"},
      {"E0311", "an unknown parameter",
       "The agent has no parameter of this name and would not look at it. Where there is one, the "
       "nearest name that it has is shown; `picket agents show AGENT` lists them all. Fence devices "
       "know the parameters of Pacemaker's fence daemon besides (`pcmk_delay_base`).",
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; netmask=24 }\n"},
      {"E0312", "a required parameter is missing",
       "The agent cannot do anything without it, so the resource would fail on every node. What comes "
       "from a template, a group or a shared block counts, and so does what is set under a condition.",
       "primitive fs ocf:heartbeat:Filesystem { device=/dev/sdb1; fstype=xfs }\n"},
      {"E0313", "an operation that the agent does not have",
       "Pacemaker would ask the agent for it and be told that it is not implemented.",
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; op monitr interval=10s }\n"},
      {"E0314", "a parameter with a value of the wrong type",
       "The agent says what it expects: an integer, yes or no, a duration, or one of a few words. Fence "
       "agents take seconds as a number without a unit, Pacemaker's own `pcmk_` parameters with one. A "
       "`secret()` and text with a `$`, `%` or `{` in it are not judged.",
       "fence f stonith:fence_apc { ip=192.0.2.9; delay=5s }\n"},
      {"E0315", "promotable, but the agent is not",
       "The instances of a `promotable` are promoted by the agent's own operation, and this agent has "
       "none. A `clone` runs alike on every node.",
       "primitive a ocf:heartbeat:IPaddr2 { ip=192.0.2.50 }\npromotable a-ms of a\n"},
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
       "does on purpose (`grant`, `standby`, `maintenance on`, …) may lead to it. The two sides of a "
       "partition "
       "share no node.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "test \"t\" {\n  kill n1\n  given running a\n}\n"},
      {"E0503", "a policy that cannot be deployed",
       "A test may deploy another policy over this one while the cluster runs. That policy must be "
       "one that compiles, and it leaves nodes, links, votes and Corosync's times as they are: a "
       "running cluster does not take those over with its configuration.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "test \"t\" {\n  deploy \"missing.picket\"\n  expect running a\n}\n"},
      {"W0207", "placed together, but not ordered",
       "A colocation says where, an order says when. With only the first, both resources may be "
       "started at the same moment, and which is up first is chance. `depend` says both.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ncolocation a with b\n"},
      {"W0208", "ordered, but not placed together",
       "An order says when, not where: the second resource may well start on another node than the "
       "first. What is meant nearly always is `depend`, which says both. Where the place does not "
       "matter, a location of either, `kind=optional` or `# allow W0208: reason` says so.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\norder a then b\n"},
      {"W0209", "a member of a group, related to its own group",
       "The members of a group run on one node and start from left to right. To say so once more "
       "adds nothing, and a member that waits for the whole group waits for itself.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ngroup g of a, b\n"
       "depend b on a\n"},
      {"W0210", "a colocation that stickiness outweighs",
       "A colocation with a score is a wish, and stickiness is one too. Where the stickiness is "
       "larger, a resource stays where it is when its partner moves: the score counts only while "
       "both are started. For a group, the stickiness of all its members counts.",
       "primitive a ocf:heartbeat:Dummy { meta resource-stickiness=100 }\n"
       "primitive b ocf:heartbeat:Dummy\ndepend a on b score=50\n"},
      {"W0211", "a preference that outweighs one member, but not the group",
       "A group sticks to its node with the sum of its members' stickiness. A preference above the "
       "stickiness of one member looks as if the group would move back, and it does not.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nrsc_defaults resource-stickiness=100\n"
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ngroup g of a, b\n"
       "location g prefers n1 score=150\n"},
      {"W0212", "stickiness that counts for nothing",
       "No stickiness outweighs `score=inf`: the resource moves back as soon as its node is there "
       "again, which interrupts the service a second time.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\n"
       "primitive a ocf:heartbeat:Dummy { meta resource-stickiness=100 }\n"
       "location a prefers n1 score=inf\n"},
      {"W0213", "left behind by a move or a ban",
       "Commands that move a resource or ban it from a node put a constraint into the CIB, called "
       "`cli-prefer-…` or `cli-ban-…`, which stays until somebody clears it. Most are forgotten, "
       "and bind the resource at the next failure.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location cli-prefer-a: a prefers n1 score=inf\n"},
      {"W0214", "a node that would have to fence itself",
       "A device is used by a node on which it may run. If that is only the node that it fences, "
       "nobody can use it when that node is lost.",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f1 stonith:fence_ipmilan for n1 { pcmk_delay_base=5s }\n"
       "fence f2 stonith:fence_ipmilan for n2\nlocation f1 only n1\n"},
      {"W0215", "a resource that no node may run",
       "Every node of the policy is forbidden to it. If it should not run at all, "
       "`meta target-role=stopped` says so.",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"
       "primitive a ocf:heartbeat:Dummy\nlocation a never n1, n2\n"},
      {"W0216", "a role that the resource never has",
       "Only a `promotable` (and a bundle) has promoted instances. In a location, a ticket or an optional "
       "order "
       "the role of anything else has no effect. A colocation is worse than that: the resource on the left "
       "does "
       "not follow the one on the right, while its own preferences and stickiness still draw the one on the "
       "right "
       "to it. A mandatory order after such a promotion is an error of its own, E0230.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ncolocation promoted a with b\n"},
      {"W0316", "an operation has less time than its agent advises",
       "Those who wrote the agent know how long it may take. An operation that is cut off has failed: "
       "after a stop that took too long the node is fenced.",
       "primitive fs ocf:heartbeat:Filesystem {\n  device=/dev/sdb1; directory=/srv; fstype=xfs\n"
       "  op stop timeout=10s\n}\n"},
      {"W0317", "the default time is less than the agent advises",
       "An operation without a timeout has that of `op_defaults`, or else 20 seconds, which is too little "
       "for many agents. Say it for each operation, or set `op_defaults timeout=…` to the longest.",
       "primitive fs ocf:heartbeat:Filesystem { device=/dev/sdb1; directory=/srv; fstype=xfs }\n"},
      {"W0318", "a promotable that nothing monitors",
       "Without a monitor that is repeated nobody notices that an instance has failed. The agent advises "
       "one for each role; the two need different intervals.",
       "primitive s ocf:pacemaker:Stateful\npromotable s-ms of s\n"},
      {"W0319", "a deprecated parameter", "The agent still understands it, and names another that takes its place.",
       "fence f stonith:fence_apc { ipaddr=192.0.2.9 }\n"},
      {"W0320", "two resources share what each should have alone",
       "The agent says that no two resources of its kind may have the same value here: one address, one "
       "state file, one volume for each.",
       "primitive a ocf:heartbeat:IPaddr2 { ip=192.0.2.50 }\n"
       "primitive b ocf:heartbeat:IPaddr2 { ip=192.0.2.50 }\n"},
      {"W0321", "an agent that hears nothing of its neighbours",
       "Agents of replication learn by `notify` who was promoted and who is gone. The operation is called for clones "
       "with `notify=yes` only; without it DRBD and PostgreSQL do not take over.",
       "primitive d ocf:linbit:drbd { drbd_resource=r; op monitor interval=29s role=promoted; "
       "op monitor interval=31s role=unpromoted }\npromotable m of d\n"},
      {"W0402", "a fencing race",
       "When two nodes lose sight of each other, each fences the other. Without a delay both may "
       "succeed, and the service is gone. A delay in the device that fences one node lets that "
       "node win. `priority-fencing-delay` does so too, if resources have priorities.",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f stonith:fence_ipmilan for n1, n2\n"},
      {"W0403", "a clone that waits for another clone and does not interleave",
       "Without `interleave=yes` each instance of the clone that waits does so for every instance of the "
       "other "
       "clone, on every node, and is restarted when any of them is. Most mean the instance on their own "
       "node. "
       "Only what the waiting clone says counts: the option of the other clone makes no difference, and a "
       "primitive or a group that depends on a clone needs none.",
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
      {"W0406", "a role that is never checked",
       "The two roles of a promotable have monitors of their own, each with an interval of its "
       "own. Without a monitor for a role, a failure in that role is never noticed.",
       "primitive d ocf:linbit:drbd { op monitor interval=29s }\npromotable m of d\n"},
      {"W0407", "equal intervals for different roles",
       "A cluster knows a recurring operation by its name and its interval. Two monitors of one "
       "resource with the same interval are one to it, even if their roles differ, and one of the "
       "roles is not checked.",
       "primitive d ocf:linbit:drbd {\n  op monitor interval=10s role=promoted\n"
       "  op monitor interval=10s role=unpromoted\n}\npromotable m of d\n"},
      {"W0408", "failures that are forgotten before they count",
       "`failure-timeout` forgets a failure when no other followed it in that time. If monitors "
       "are further apart, the count never gets beyond one, and `migration-threshold` is never "
       "reached.",
       "primitive a ocf:heartbeat:Dummy {\n  op monitor interval=60s\n"
       "  meta failure-timeout=30s migration-threshold=3\n}\n"},
      {"W0409", "quorum is ignored",
       "With `no-quorum-policy=ignore` each part of a split cluster goes on as if the others were "
       "dead. The option dates from clusters of two nodes without `two_node`, which Corosync has "
       "had for many years.",
       "property no-quorum-policy=ignore\n"},
      {"W0410", "fencing is switched off",
       "Without fencing the cluster believes what it cannot know: that a node from which it hears "
       "nothing does nothing. Its resources are started elsewhere while they may still be "
       "running, and data that both sides write is lost.",
       "property fencing-enabled=no\n"},
      {"W0411", "two_node without two nodes",
       "`two_node` gives one node alone the quorum. Corosync ignores it, with a line in its log, "
       "in a cluster of more nodes.",
       "cluster c { link lan; quorum two_node=yes }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "fencing n1: none \"an example\"\n"},
      {"W0412", "a node that boots alone fences its partner",
       "`two_node` brings `wait_for_all`: after a boot a node waits until it has seen the other "
       "one. Switched off, two nodes that boot without a link between them fence each other, "
       "again and again.",
       "cluster c { link lan; quorum two_node=yes wait_for_all=no }\n"
       "node n1 { id=1; link lan 192.0.2.1 }\nnode n2 { id=2; link lan 192.0.2.2 }\n"
       "fence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"},
      {"W0413", "two nodes that need each other",
       "Without `two_node` and without a quorum device, one of two nodes is no majority: if the "
       "other one is lost, everything stops.",
       "cluster c { link lan }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\n"
       "fence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"},
      {"W0414", "more copies than there is room for",
       "A clone runs at most one copy on a node, or as many as `clone-node-max` says; a bundle as "
       "many as `replicas-per-host`. The rest stays stopped for good.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "clone c of a { clone-max=2 }\n"},
      {"W0415", "a filesystem for one node, mounted on several",
       "ext4, xfs and their like keep what they know in memory and do not ask whether somebody "
       "else writes to the device. Two nodes that mount it destroy it. A device that each node "
       "has for itself is fine: say so with `# allow W0415: reason`.",
       "primitive fs ocf:heartbeat:Filesystem { device=/dev/sdb; directory=/srv; fstype=xfs }\n"
       "clone c of fs\n"},
      {"W0417", "a template that nothing is made from",
       "An `rsc_template` does nothing by itself. Most often the `from` was forgotten.",
       "rsc_template t ocf:heartbeat:Dummy\n"},
      {"W0418", "a resource that is looked at once",
       "A monitor without an interval is carried out before a start, to see whether the resource "
       "runs already. Only one with an interval notices that it fails later.",
       "primitive a ocf:heartbeat:Dummy { op monitor timeout=20s }\n"},
      {"W0420", "a meta attribute among the parameters",
       "Plain lines of a primitive are parameters of its agent. What is said to the cluster "
       "about the resource stands in `meta`.",
       "primitive a ocf:acme:app { migration-threshold=3 }\n"},
      {"W0421", "an option that is probably misspelt",
       "Cluster options and meta attributes may have any name, and nobody complains about one "
       "that means nothing. This one is very near to one that does.",
       "property no-quorum-polcy=stop\n"},
      {"W0422", "a value that Pacemaker does not know here",
       "The option has a fixed set of values, or wants a number or a duration. Any other value "
       "is ignored, and the default holds.",
       "property no-quorum-policy=stopp\n"},
      {"W0423", "levels between which a cluster chooses",
       "For each node one set of levels counts: that of its name, else one of those whose pattern or "
       "attribute matches. Which one of several, no order decides: it may differ from run to run. Levels "
       "for the node by its name come before all others.",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f1 stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"
       "fence f2 stonith:fence_ipmilan for n1, n2\nfencing /n[12]/: f1\nfencing /n./: f2\n"},
      {"W0424", "a level that replaces another",
       "Of two levels for the same target with the same index the later one counts, and the earlier one "
       "is never tried.",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f1 stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"
       "fence f2 stonith:fence_ipmilan for n1, n2\nfencing n1: f1\nfencing n1: f2\n"},
      {"W0425", "a delay that outweighs the priorities",
       "`priority-fencing-delay` lets the node with the more important resources win: its fencing is "
       "delayed. A `pcmk_delay_base` or `pcmk_delay_max` that is as long delays the other side as much, and "
       "decides instead. The option has to be at least twice as long as the longest of them.",
       "node n1 { id=1 }\nnode n2 { id=2 }\nproperty priority-fencing-delay=15s\n"
       "fence f1 stonith:fence_ipmilan for n1 { pcmk_delay_base=20s }\nfence f2 stonith:fence_ipmilan for "
       "n2\n"
       "primitive a ocf:heartbeat:Dummy { meta priority=10 }\n"},
      {"W0426", "a map of delays that Pacemaker does not read",
       "In `pcmk_delay_base`, Pacemaker separates a node from its delay by `:` alone. picketd takes `=` as "
       "well, as both do in `pcmk_host_map`; Pacemaker reads such a text as no delay.",
       "node n1 { id=1 }\nnode n2 { id=2 }\n"
       "fence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_base=\"n1=5s;n2=0s\" }\n"},
      {"W0428", "switched off, as if for an hour",
       "`is-managed=no`, `maintenance=yes` and a node in `standby` are what people set while they work on something. "
       "In a policy they hold for ever: nothing is recovered there, and nobody is told.",
       "primitive a ocf:heartbeat:Dummy { op monitor interval=10s; meta is-managed=no }\n"},
      {"W0429", "a parameter that nobody reads",
       "A unit of systemd is started and stopped, and that is all: parameters do not reach it. And a fence device is "
       "told "
       "by the cluster what to do with which node; `action`, `option` and `nodename` are not for the configuration.",
       "primitive a systemd:nginx { port=80; op monitor interval=10s }\n"},
      {"W0430", "a remote node's connection where the machine is meant",
       "A remote node and the connection to it bear one name. In a group, an order or a colocation the name "
       "means "
       "the connection, a resource that runs on some cluster node. What should run on the machine says so "
       "with a "
       "`location`, and the cluster connects to the machine before it starts anything there.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nnode far remote { server=192.0.2.9 }\n"
       "fencing far: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\norder far then a\n"},
      {"W0431", "utilization that nobody reads",
       "What resources need and nodes have counts only with a `placement-strategy` other than `default`. "
       "Without one, resources go where there is no room for them.",
       "primitive a ocf:heartbeat:Dummy { utilization memory=4GiB }\n"},
      {"W0432", "a resource for which no node has room",
       "With a `placement-strategy`, a resource (or a group as a whole) runs on a node that has as much of "
       "everything as it needs; a node that says nothing has nothing. Where an agent such as "
       "`ocf:pacemaker:NodeUtilization` measures the nodes, nothing is said.",
       "node n1 { id=1; utilization cpu=4 }\nfencing n1: none \"an example\"\n"
       "property placement-strategy=balanced\nprimitive a ocf:heartbeat:Dummy { utilization cpu=40 }\n"},
      {"W0433", "a health agent that is banned by what it reports",
       "With a `node-health-strategy`, everything leaves a node that is red, the agent that could report "
       "that "
       "it is green again included. `allow-unhealthy-nodes=yes` lets the agent stay; it counts on the "
       "outermost resource, the clone.",
       "property node-health-strategy=migrate-on-red\nprimitive cpu ocf:pacemaker:HealthCPU\n"
       "clone cpus of cpu\n"},
      {"W0434", "a switch that stops the cluster's work",
       "`maintenance-mode` and `stop-all-resources` are for a person at work, not for a policy: compiled and "
       "applied, they take effect again each time.",
       "property maintenance-mode=yes\n"},
      {"W0435", "a resource that needs one which is to stay stopped",
       "`target-role=stopped` keeps a resource stopped, and with it everything that may only run beside it "
       "or "
       "after it.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy { meta target-role=stopped }\n"
       "depend a on b\n"},
      {"W0436", "an on-fail that cannot be meant",
       "`demote` answers failures of a promoted instance only. A stop that failed leaves open whether the "
       "resource still runs: without `on-fail` the node is fenced, which settles it; `ignore` starts a "
       "second "
       "one elsewhere, `restart` tries for ever, and `standby`, `stop` and `demote` are not possible.",
       "primitive a ocf:heartbeat:Dummy { op stop timeout=20s on-fail=ignore }\n"},
      {"W0437", "an interval for what is not repeated",
       "Operations are told apart by name and interval. Those by which a cluster starts, stops and moves a "
       "resource have the interval 0, so an `op start interval=10s` is about an operation that never takes "
       "place.",
       "primitive a ocf:heartbeat:Dummy { op start timeout=60s interval=10s }\n"},
      {"W0438", "allow-migrate for an agent that cannot migrate",
       "A live migration takes an agent with `migrate_to` and `migrate_from`. Units of systemd have neither.",
       "primitive a systemd:nginx { meta allow-migrate=yes }\n"},
      {"W0439", "a live migration that never takes place",
       "A resource that needs another one beside it and moves together with it migrates live only if the "
       "other one does, or is there already (a clone). Otherwise the other one has to be stopped for the "
       "move, and before that what needs it.",
       "primitive store ocf:heartbeat:Dummy\nprimitive vm ocf:pacemaker:Dummy { meta allow-migrate=yes }\n"
       "depend vm on store\n"},
      {"W0440", "nothing lets a resource in",
       "With `symmetric-cluster=no` a resource runs only where a location with `prefers` or `allows` lets it "
       "in. `only` says where not, and lets in on no node.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nproperty symmetric-cluster=no\n"
       "primitive a ocf:heartbeat:Dummy\nlocation a only n1\n"},
      {"W0441", "a preference that is the same everywhere",
       "A rule that only looks at the date gives every node the same score, and none is better than another.",
       "primitive a ocf:heartbeat:Dummy\nlocation a prefers where date after 2026-11-01 score=100\n"},
      {"W0442", "a delay before a monitor",
       "With `start-delay` a failure right after a start stays unnoticed for as long. Until the delayed "
       "monitor has answered, the cluster carries nothing else out either, if the delay is five minutes or "
       "less. An agent's `start` should end when the service is there.",
       "primitive a ocf:heartbeat:Dummy { op monitor interval=10s start-delay=60s }\n"},
      {"W0443", "an option of a clone elsewhere",
       "How many copies there are, and how they behave, is said of the clone or promotable itself; a group "
       "or "
       "a primitive does not hand it on.",
       "primitive a ocf:heartbeat:Dummy\ngroup g of a { interleave=yes }\nclone c of g\n"},
      {"W0444", "a rule on a promotion score",
       "`master-NAME` is the promotion score that an agent sets. In a test it comes from what is known of "
       "the "
       "agent, so a rule that compares it with a certain number may hold in the cluster and not in a test, "
       "or "
       "the other way round. What is meant is most often to be, or not to be, where the resource is "
       "promoted.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive d ocf:linbit:drbd\npromotable m of d\n"
       "primitive a ocf:heartbeat:Dummy\nlocation a never where master-d == 1000\n"
       "test \"t\" { expect running a }\n"},
      {"W0445", "an operation of a role that never comes",
       "A resource that belongs to no promotable is started and stopped, and that is all: what `role=promoted` or "
       "`role=unpromoted` says is for copies of a promotable. Most often `clone` stands where `promotable` is meant.",
       "primitive d ocf:pacemaker:Stateful {\n  op monitor interval=10s role=promoted\n"
       "  op monitor interval=11s role=unpromoted\n}\nclone c of d\n"},
      {"W0446", "several copies on a node that are all alike",
       "Copies of a clone that are all alike run once on a node: Pacemaker 2 ignores a `clone-node-max` above 1 unless "
       "`globally-unique` is set. Pacemaker 3 sets it by itself, and the copies become resources of their own.",
       "primitive a ocf:heartbeat:Dummy\nclone c of a { clone-node-max=2 }\n"},
      {"W0447", "more that are kept apart than there are nodes",
       "Each `separate` without a score is absolute. Where more resources exclude each other than there are nodes, not "
       "all of them can run.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "primitive b ocf:heartbeat:Dummy\nseparate a from b\n"},
      {"W0448", "more promoted copies than the agent knows",
       "Some services have one primary: PostgreSQL, MySQL and MariaDB with replication, Redis, Db2, HANA. Their agents "
       "tell the cluster which copy is the best one. With a `promoted-max` above 1 the second best is promoted too.",
       "primitive r ocf:heartbeat:redis { op monitor interval=10s }\npromotable rs of r { promoted-max=2 }\n"},
      {"W0449", "an address that nobody brings",
       "Standbys of PostgreSQL fetch from `master_ip`. A resource has to bring that address to where the database is "
       "promoted.",
       "primitive p ocf:heartbeat:pgsql { master_ip=192.0.2.51; rep_mode=sync; node_list=\"n1 n2\" }\n"
       "primitive v ocf:heartbeat:IPaddr2 { ip=192.0.2.50 }\n"},
      {"W0450", "beside any copy of a promotable",
       "Without a role, a resource that needs a promotable runs beside any of its copies. An address runs beside a "
       "standby then. `promoted` in front of the name says which copy is meant, and `unpromoted` the others.",
       "primitive d ocf:pacemaker:Stateful\npromotable m of d\nprimitive v ocf:heartbeat:Dummy\ndepend v on m\n"},
      {"W0451", "all copies tied to one node",
       "What depends stands on the left. A clone that depends on a resource which runs once has to run where that "
       "one runs, all copies of it, and there is room for one. Most often the sides are exchanged.",
       "primitive d ocf:heartbeat:Dummy\nclone c of d\nprimitive v ocf:heartbeat:Dummy\ndepend c on v\n"},
      {"W0452", "a resource that is tied to itself",
       "A constraint has two sides. With the same resource on both it says nothing; one of the names is a slip of "
       "the pen.",
       "primitive a ocf:heartbeat:Dummy\nseparate a from a\n"},
      {"W0453", "the same thing twice",
       "A constraint that repeats another one adds its score a second time, if it has one, and nothing else. A fence "
       "device that stands twice in a level is used once; one that stands in two levels has failed already when the "
       "second is tried.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\norder a then b kind=optional\n"
       "order a then b kind=optional\n"},
      {"W0454", "a score beyond INFINITY",
       "INFINITY is 1000000, and every score beyond counts as that: it is absolute, and not just large. Pacemaker 3 "
       "ignores a constraint whose score it cannot read.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a prefers n1 score=5000000\n"},
      {"W0455", "a number that is a switch",
       "A negative `resource-stickiness` drives resources away from where they run. `migration-threshold=0` is no "
       "threshold at all. `clone-max=0` and `promoted-max=0` leave nothing to run or to promote.",
       "rsc_defaults resource-stickiness=-100\n"},
      {"W0456", "utilization that is no whole number",
       "Pacemaker reads utilization as a whole number and drops what follows the digits: `4GB` is 4. A size with "
       "`MiB`, `GiB` or `TiB` becomes a number of MiB here.",
       "node n1 { id=1; utilization memory=4GB }\nfencing n1: none \"an example\"\n"},
      {"W0457", "seconds that look like milliseconds",
       "A duration without a unit is seconds. `timeout=60000` waits for more than sixteen hours.",
       "primitive a ocf:heartbeat:Dummy { op monitor interval=10s timeout=60000 }\n"},
      {"W0458", "times by which Corosync loses nodes",
       "A node that does not answer within `token` counts as lost. Below a third of a second a busy machine is too "
       "slow, and is fenced. `consensus` has to be at least 1.2 times as long, which it is by itself.",
       "cluster c { link lan; totem token=100 }\n"},
      {"W0459", "an option in the wrong block",
       "`property` is about the cluster, `rsc_defaults` and `meta` about resources, `op_defaults` and the line of an "
       "`op` about operations. An option of the one means nothing in the other, and nobody complains. What stands in "
       "the braces of an operation is handed to the agent.",
       "op_defaults resource-stickiness=100\n"},
      {"W0460", "a host that is no node",
       "Fence devices and some agents are given names of nodes as text. Pacemaker does not compare that text with the "
       "nodes there are: a device for a node of another name is never used.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\n"
       "fence f stonith:fence_ipmilan { pcmk_host_list=\"m1\"; ip=192.0.2.9 }\n"},
      {"W0461", "a resource that nobody watches",
       "Without a monitor, a cluster starts a resource and takes it for running ever after. Only a lost node moves "
       "it. Agents that stand for nothing (`Dummy`, `Stateful`) are left out.",
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50 }\n"},
      {"W0462", "a constraint that never acts",
       "A score of 0 prefers nothing and places nothing, and a preference for a node from which `never` keeps the "
       "resource away does not count.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a prefers n1 score=0\n"},
      {"W0463", "votes that nobody has",
       "Corosync counts the nodes by itself. With `expected_votes` above their number, half of what is not there "
       "has to "
       "agree, and the loss of a node or two stops everything. With less it takes the number of nodes.",
       "cluster c { link lan; quorum expected_votes=5 }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "fencing n1: none \"an example\"\n"},
      {"W0464", "an address that somebody has already",
       "The cluster puts the address on the node where the resource runs. A node that has it for good, or a fence "
       "device, "
       "answers for it as well; on that node the resource seems to run already.",
       "cluster c { link lan }\nnode n1 { id=1; link lan 192.0.2.1 }\nfencing n1: none \"an example\"\n"
       "primitive ip ocf:heartbeat:IPaddr2 { ip=192.0.2.1; op monitor interval=10s timeout=20s }\n"},
      {"W0465", "SBD with two disks",
       "SBD needs the majority of its disks: one of one, two of three, and two of two. So with two disks the "
       "failure of "
       "either is the failure of both.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\n"
       "fence s stonith:fence_sbd { devices=\"/dev/sda1,/dev/sdb1\"; pcmk_host_list=\"n1\" }\n"},
      {"W0466", "an alert that nobody finds",
       "Pacemaker runs the program of an alert by its path, and looks in no other folder. A name alone is not found, "
       "and no alert is sent.",
       "alert a mail.sh\n"},
      {"W0467", "a unit with its ending",
       "`systemd:nginx` is the unit nginx.service. With the ending the same unit has a second name, and a `service:` "
       "of one spelling is another resource than one of the other.",
       "primitive a systemd:nginx.service { op monitor interval=10s }\n"},
      {"W0468", "a network that anybody may join",
       "knet is what Corosync has for transport: several links, encryption, signatures. `udp` and `udpu` have none of "
       "that and are going away. Without a `hash` whoever reaches the port can speak as a node.",
       "cluster c { transport=udpu; link lan }\n"},
      {"W0469", "watchdogs without SBD",
       "`fencing-watchdog-timeout` says that a node whose watchdog is fed by SBD counts as fenced after that time. "
       "Pacemaker ends on a node where SBD does not run. Where the nodes have SBD, `sbd` in `cluster` says so, or "
       "`have-watchdog`, which a cluster sets itself.",
       "property fencing-watchdog-timeout=10s\n"},
      {"W0470", "SBD waits for less than two watchdogs",
       "With disks, a node counts as fenced `msgwait` after the message was written. Until then its watchdog must have "
       "fired, whatever happens: twice the watchdog's time is what it may take.",
       "cluster c { link lan; sbd watchdog=10s msgwait=15s }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\nnode n3 { id=3; link lan 192.0.2.3 }\n"
       "fence s stonith:fence_sbd { pcmk_host_list=\"n1 n2 n3\" }\n"},
      {"W0471", "a fencing that ends before SBD has waited",
       "`fence_sbd` succeeds when SBD has waited for `msgwait`. Where the device has less time, which is "
       "`fencing-timeout` or its own `pcmk_reboot_timeout`, it is killed before, and every fencing fails.",
       "cluster c { link lan; sbd watchdog=60s msgwait=120s }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\nnode n3 { id=3; link lan 192.0.2.3 }\n"
       "fence s stonith:fence_sbd { pcmk_host_list=\"n1 n2 n3\" }\n"},
      {"W0472", "a watchdog that is trusted too early",
       "Nobody confirms that a watchdog has fired: the others wait for `fencing-watchdog-timeout` and go on. It has to "
       "be twice the watchdog's time, and no less than the watchdog's time and Corosync's token, since a node that is "
       "cut off may notice that later than the others.",
       "cluster c { link lan; sbd watchdog=10s }\nproperty fencing-watchdog-timeout=15s\n"
       "node n1 { id=1; link lan 192.0.2.1 }\nnode n2 { id=2; link lan 192.0.2.2 }\n"
       "node n3 { id=3; link lan 192.0.2.3 }\n"},
      {"W0473", "a watchdog that fires while a quorum device is asked",
       "After a node is lost, Corosync asks the quorum device for up to its `sync_timeout`, 30 seconds. Meanwhile "
       "nobody "
       "knows whether there is quorum, SBD does not feed the watchdog, and the survivors are reset as well.",
       "cluster c { link lan; qdevice net host=q.example.org; sbd watchdog=10s }\n"
       "property fencing-watchdog-timeout=20s\n"
       "node n1 { id=1; link lan 192.0.2.1 }\nnode n2 { id=2; link lan 192.0.2.2 }\n"
       "node n3 { id=3; link lan 192.0.2.3 }\n"},
      {"W0474", "a fence agent that is killed while it waits",
       "A fence agent waits for up to `power_timeout` until the power is off, besides what `power_wait` and `delay` "
       "say. "
       "Where it has less time, which is `fencing-timeout` or its own `pcmk_reboot_timeout`, it is killed. A killed "
       "agent "
       "has failed, whatever it did, and is not tried again.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\n"
       "fence f stonith:fence_ipmilan for n1 { ip=192.0.2.9; power_timeout=100 }\n"},
      {"W0475", "two nodes with watchdogs and no third vote",
       "A watchdog fires when its node loses quorum. With `two_node` neither loses it, so after a split each side "
       "waits for "
       "`fencing-watchdog-timeout`, takes the other one for dead, and starts what it runs.",
       "cluster c { link lan; quorum two_node=yes }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\nproperty fencing-watchdog-timeout=10s\n"},
      {"W0476", "one board for two nodes",
       "A management board sits in one machine and switches that one. Two fence devices with the address of the same "
       "board are a copy in which the address was forgotten: the cluster means one node and shoots another, and goes "
       "on as if the first one were dead.",
       "node n1 { id=1 }\nnode n2 { id=2 }\n"
       "fence f1 stonith:fence_ipmilan for n1 { ip=192.0.2.9; username=u; password=p }\n"
       "fence f2 stonith:fence_ipmilan for n2 { ip=192.0.2.9; username=u; password=p }\n"},
      {"W0477", "the address of a node for its board",
       "A management board has an address of its own, and answers when its node is dead. A node's own address does "
       "not.",
       "cluster c { link lan }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "fence f1 stonith:fence_ipmilan for n1 { ip=192.0.2.1; username=u; password=p }\n"},
      {"W0478", "one device for two filesystems",
       "Two resources that mount the same device in different places are most often a copy in which the device was "
       "forgotten. On two nodes at a time they destroy what is on it.",
       "primitive a ocf:heartbeat:Filesystem { device=/dev/vg/a; directory=/srv/a; fstype=ext4 }\n"
       "primitive b ocf:heartbeat:Filesystem { device=/dev/vg/a; directory=/srv/b; fstype=ext4 }\n"},
      {"W0479", "one address on every node",
       "A clone of an address puts it on every node, and several machines answer for it. An address runs once. For "
       "load balancers that share one, `nic=lo` or `lvs_support` says so.",
       "primitive v ocf:heartbeat:IPaddr2 { ip=192.0.2.50 }\nclone c of v\n"},
      {"W0480", "deprecated in Pacemaker 3",
       "Pacemaker 3 still reads it and says in its log that it will not for ever. Told with `--target 3.0` only. "
       "Options "
       "that were renamed are compiled to the name that the target knows, whichever the policy has.",
       ""},
      {"W0481", "ignored by Pacemaker 3",
       "Pacemaker 3 does not know it any more: the option counts for nothing, the resource is dropped. Told with "
       "`--target 3.0` only.",
       ""},
      {"W0482", "of another meaning in Pacemaker 3",
       "The same text makes another cluster of Pacemaker 3 than of 2.1. Told with `--target 3.0` only. `picket test "
       "--as "
       "2.1.10` and `--as 3.0.2` play the policy as either; `sweep` has the option too.",
       ""},
      {"W0490", "otherwise than a profile wants it",
       "`check --profile NAME` compares a policy with what a provider advises for its machines, or with a file of your "
       "own house. It is told only where it is asked for: what suits one cloud is wrong in another.",
       ""},
      {"W0501", "a condition that is never true here",
       "Rules are read in different places, and not everything is known in each of them. A "
       "cluster option is the same on all nodes, and a meta attribute is read before its "
       "resource has a node: neither can depend on a node's attributes. `resource(…)` is known "
       "in `meta`, `rsc_defaults` and `op_defaults`, `op(…)` in `op_defaults`, and the date "
       "everywhere. Where a resource runs is said by a `location`, and what an agent is told on "
       "each node by `params when`.",
       "property when rack == a { maintenance-mode=yes }\n"},
      {"W0502", "a date that never comes",
       "Hours go from 0 to 23, weekdays from 1 (Monday) to 7 (Sunday), and a range ends after it begins: what "
       "goes over midnight is two ranges. Pacemaker finds anything else false, or ignores it.",
       "rsc_defaults when date(hours=22..3) { resource-stickiness=0 }\n"},
      {"W0503", "a claim that nothing could fulfil",
       "Corosync takes its token timeout and then its consensus timeout until a silent node is "
       "declared lost, and more with each node beyond the second. Only then does anything else "
       "begin.",
       "cluster c { link lan; quorum two_node=yes }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\n"
       "fence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"
       "primitive a ocf:heartbeat:Dummy\n"
       "test \"t\" { given running a on n1; kill n1; expect downtime(a) < 5s }\n"},
      {"W0504", "an attribute that no node has",
       "A rule looks at attributes of nodes. Nobody here gives this one to a node, no agent is known to set it, and "
       "no test does. Where something outside of the policy sets it, say so with `# allow W0504: reason`.",
       "node n1 { id=1; attributes rack=a }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a prefers where rak == a score=10\n"},
      {"W0505", "a value that no node has",
       "The nodes have the attribute, and none of them has this value, or the values are no numbers and are compared "
       "as such. The comparison is never true.",
       "node n1 { id=1; attributes rack=a }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a prefers where rack == c score=10\n"},
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
