#include "compiler/diagnostics/registry.h"

namespace picket::compiler {

const std::vector<CodeInfo>& AllCodes() {
  static const std::vector<CodeInfo> codes = {
      {"E0001", "a file cannot be read",
       "The file on the command line, or the file of an `import`, does not exist or cannot be opened. The path of "
       "an import is relative to the file with the `import`.",
       "import \"no-such-file.picket\"\n", ""},
      {"E0002", "a file is too large",
       "A policy has at most 16 MiB. The limit keeps a wrong file name from filling the memory.", "", ""},
      {"E0101", "something else was expected here",
       "The beginning of the line is right, but no statement goes on like this. The message says what may stand "
       "at the marked place. Picket skips the rest of the line and then reads on.",
       "order a the b\n",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\norder a then b kind=optional\n"},
      {"E0102", "unknown statement",
       "The first word of a statement names its kind: `primitive`, `group`, `order`. The marked word is not such "
       "a word.",
       "primitve vip ocf:heartbeat:IPaddr2\n",
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; op monitor interval=10s timeout=20s }\n"},
      {"E0103", "not a valid name",
       "A name without quotes consists of letters, digits, `_`, `-` and `.`, and begins with a letter, a digit or "
       "`_`. Put any other name in quotes. A name that becomes an id of the CIB may not begin with a digit, even "
       "in quotes.",
       "primitive a/b ocf:heartbeat:Dummy\n", "primitive a-b ocf:heartbeat:Dummy\n"},
      {"E0104", "a string or regular expression has no end",
       "A string in \"double quotes\" or 'single quotes' ends on its own line. A string in '''three single "
       "quotes''' may have several lines.",
       "primitive p ocf:heartbeat:Dummy { state = \"/tmp/x }\n",
       "primitive p ocf:heartbeat:Dummy { state = \"/tmp/x\" }\n"},
      {"E0105", "nested too deeply",
       "Brackets may be nested 64 deep, and expressions 100 deep. Most often a closing bracket is missing.", "", ""},
      {"E0106", "a bracket is never closed",
       "The marked bracket has no partner. Picket guesses the place of the missing bracket: before the next "
       "statement at the beginning of a line.",
       "node ha1 {\n  id=1\ngroup g of a\n", "node ha1 {\n  id=1\n}\nfencing ha1: none \"an example\"\n"},
      {"E0107", "a closing bracket without a partner",
       "There is one closing bracket too many, or an opening bracket is missing.", "node ha1 { id=1 } }\n",
       "node ha1 { id=1 }\nfencing ha1: none \"an example\"\n"},
      {"E0108", "an unexpected character",
       "The language has no use for this character outside quotes. Put the text in quotes.",
       "primitive p ocf:heartbeat:Dummy { a = x|y }\n", "primitive p ocf:heartbeat:Dummy { state = \"x|y\" }\n"},
      {"E0109", "a comment sign inside a value",
       "`#` begins a comment only after a blank. Here `#` follows a value directly. Put the value in quotes if "
       "`#` is part of the value.",
       "primitive p ocf:heartbeat:Dummy { colour=#ff0000 }\n", "primitive p ocf:heartbeat:Dummy { state = \"a#b\" }\n"},
      {"E0110", "an unknown escape in a string",
       "In \"double quotes\" a backslash begins one of \\\" \\\\ \\n \\t \\$ \\u{…}. In 'single quotes' a "
       "backslash is an ordinary character.",
       "primitive p ocf:heartbeat:Dummy { state = \"\\q\" }\n",
       "primitive p ocf:heartbeat:Dummy { state = \"\\\\q\" }\n"},
      {"E0111", "this does not belong in this block",
       "Each block has words of its own. The marked line must begin with one of these words, or be an option "
       "`name = value`.",
       "cluster c { lnk lan }\n", "cluster c { link lan }\n"},
      {"E0112", "not a valid ${…}",
       "Between `${` and `}` write a variable or an expression: `${n}`, `${n + 1}`, `${sites[site].lan}`. The "
       "closing `}` stands on the same line.",
       "let a = ${b\n", "let b = 1\nlet a = ${b}\n"},
      {"E0113", "not UTF-8",
       "A policy is a text in UTF-8. The message names the first byte that is not part of a character. Most often "
       "an editor saved the file in an older encoding.",
       "", ""},
      {"E0114", "another kind of file",
       "The whole file is something else than a policy: a CIB in XML, text of crmsh or pcs, a packed file, "
       "the configuration of another program. The message says what it is, and what reads it. A single line "
       "in the words of another tool is no reason: Picket then says what to write instead.",
       "", ""},
      {"E0201", "an unknown name",
       "The policy declares nothing of this name. The message shows the nearest known name.",
       "primitive vip ocf:heartbeat:IPaddr2\ngroup g of vpi\n",
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; op monitor interval=10s timeout=20s }\n"
       "group g of vip\n"},
      {"E0202", "a name is given twice",
       "Resources, constraints, tags, roles and alerts share one set of names, as in the CIB. Nodes have a set of "
       "names of their own. A block sets an option only once.",
       "primitive a ocf:heartbeat:Dummy\nprimitive a ocf:heartbeat:Dummy\n",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\n"},
      {"E0203", "a name of the wrong kind",
       "The name exists, but a thing of this kind is not allowed here. Examples are a clone in a group, a role in "
       "an order, and a group as a fence device.",
       "primitive a ocf:heartbeat:Dummy\nclone c of a\ngroup g of c\n",
       "primitive a ocf:heartbeat:Dummy\ngroup g of a\nclone c of g\n"},
      {"E0204", "an unknown option",
       "The statement or block has a fixed set of options, and this option is not one of them. The message shows "
       "the nearest known option. Parameters of an agent stand in the braces of the resource.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\norder a then b scoer=5\n",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\norder a then b kind=optional\n"},
      {"E0205", "a value of the wrong shape",
       "The option requires a number, a duration, yes or no, a role, or one of a few words. The message says "
       "which.",
       "primitive a ocf:heartbeat:Dummy { op monitor interval=often }\n",
       "primitive a ocf:heartbeat:Dummy { op monitor interval=10s }\n"},
      {"E0206", "a necessary part is missing",
       "The statement needs this part. `prefers` needs a score, for example, because no score is the obvious one. "
       "If you mean \"only there\", write `only`.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a prefers n1\n",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a prefers n1 score=100\n"},
      {"E0208", "a resource with two containers", "A resource belongs to at most one group, clone or bundle.",
       "primitive a ocf:heartbeat:Dummy\ngroup g of a\ngroup h of a\n",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ngroup g of a\ngroup h of b\n"},
      {"E0209", "a negative score",
       "In a constraint the verb gives the direction: `prefers` or `avoids`, `colocation` or `separate`. Every "
       "score is positive.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ncolocation a with b score=-5\n",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\nseparate a from b score=5\n"},
      {"E0210", "orders in a circle",
       "Each of these statements makes one action wait for another, and the last action waits for the first. The "
       "cluster would never start any of these resources. The order inside a group counts too.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\norder a then b\norder b then a\n",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ndepend b on a\n"},
      {"E0211", "a node that no device can fence",
       "A cluster must be sure that a lost node is dead before the cluster restarts the node's resources "
       "elsewhere. Every node needs a fence device. The exceptions are `fencing-enabled=no`, and a written "
       "reason: `fencing NODE: none \"reason\"`.",
       "node n1 { id=1 }\n",
       "node n1 { id=1 }\nfence f stonith:fence_ipmilan for n1 { ip=192.0.2.9; username=u; password=p }\n"},
      {"E0212", "a placement that contradicts itself",
       "Two absolute statements contradict each other. They want a resource together with its partner and apart "
       "from it, for example, or on a node that its partner may not use. The cluster would never start the "
       "resource. Picket follows chains of colocations, groups, sets and tags.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ndepend a on b\nseparate a from b\n",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ndepend a on b\n"},
      {"E0213", "a level that never succeeds",
       "A level succeeds only if all its devices succeed, and a device fences only the nodes in its `for`. One "
       "device for another node makes the whole level fail. The cluster then loses time before the next level. A "
       "cluster accepts such a level, so `# allow E0213: reason` permits it, for a test that shows the effect.",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f1 stonith:fence_ipmilan for n1 { pcmk_delay_base=5s }\n"
       "fence f2 stonith:fence_ipmilan for n2\nfencing n1: f2 then f1\n",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f1 stonith:fence_ipmilan for n1 { pcmk_delay_base=5s }\n"
       "fence f2 stonith:fence_ipmilan for n2\nfencing n1: f1\nfencing n2: f2\n"},
      {"E0230", "an action that waits for a promotion that never comes",
       "Only the instances of a `promotable` or a bundle are promoted. The promotion of any other resource never "
       "happens, so an action that is ordered after that promotion never happens either.",
       "primitive d ocf:linbit:drbd\nprimitive fs ocf:heartbeat:Dummy\nclone c of d\norder promote c then fs\n",
       "primitive d ocf:pacemaker:Stateful {\n  op monitor interval=10s role=promoted\n"
       "  op monitor interval=11s role=unpromoted\n}\nprimitive fs ocf:heartbeat:Dummy\npromotable c of d\n"
       "depend fs on promoted c\n"},
      {"E0231", "not an address",
       "Corosync and Pacemaker Remote connect to an IP address or to the name of a host. A word of digits and "
       "dots has to be a valid address; Corosync does not start with any other.",
       "cluster c { link lan }\nnode n1 { id=1; link lan 192.0.2.312 }\nfencing n1: none \"an example\"\n",
       "cluster c { link lan }\nnode n1 { id=1; link lan 192.0.2.31 }\nfencing n1: none \"an example\"\n"},
      {"E0232", "an address twice",
       "Each link of each node needs an address of its own. Corosync does not start with the same address twice.",
       "cluster c { link lan; quorum two_node=yes }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.1 }\nfencing n1: none \"an example\"\nfencing n2: none \"an example\"\n",
       "cluster c { link lan; quorum two_node=yes }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\nfencing n1: none \"an example\"\nfencing n2: none \"an example\"\n"},
      {"E0233", "a constraint on the resource inside a clone",
       "The copies of a clone have no names of their own, and the resource inside the clone does not run by "
       "itself. Write the name of the clone. Pacemaker refuses any other name as `not a valid resource or tag`.",
       "primitive d ocf:pacemaker:Stateful\npromotable m of d\nprimitive v ocf:heartbeat:Dummy\n"
       "depend v on promoted d\n",
       "primitive d ocf:pacemaker:Stateful {\n  op monitor interval=10s role=promoted\n"
       "  op monitor interval=11s role=unpromoted\n}\npromotable m of d\nprimitive v ocf:heartbeat:Dummy\n"
       "depend v on promoted m\n"},
      {"E0234", "a time that Corosync refuses",
       "Without a unit, a time in `totem` is in milliseconds, as in corosync.conf. So `token=3` means three "
       "milliseconds. Corosync does not start with a time below 30 ms.",
       "cluster c { link lan; totem token=3 }\n", "cluster c { link lan; totem token=3s }\n"},
      {"E0235", "one name for a node and a remote node",
       "The connection to a remote node has the name of that node. Pacemaker tells nodes apart by their names, so "
       "a node that runs Corosync needs another name.",
       "cluster c { link lan }\nnode n1 { id=1; link lan 192.0.2.1 }\nfencing n1: none \"an example\"\n"
       "primitive n1 ocf:pacemaker:remote { server=192.0.2.9 }\n",
       "cluster c { link lan }\nnode n1 { id=1; link lan 192.0.2.1 }\nfencing n1: none \"an example\"\n"
       "primitive far ocf:pacemaker:remote { server=192.0.2.9; op start timeout=60s; op stop timeout=60s }\n"
       "fencing far: none \"an example\"\n"},
      {"E0236", "a combination with which Corosync does not start",
       "Each option is right by itself, and Corosync refuses them together: a quorum device with `two_node`, "
       "`auto_tie_breaker`, `last_man_standing` or `allow_downscale`; a cipher without a hash; several links "
       "without knet; addresses of IPv4 and of IPv6 on one link.",
       "cluster c {\n"
       "  link lan\n"
       "  quorum two_node=yes\n"
       "  qdevice net host=qnetd.example.org algorithm=ffsplit\n"
       "}\n"
       "node n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\n"
       "fencing /^n/: none \"an example\"\n",
       "cluster c {\n"
       "  link lan\n"
       "  qdevice net host=qnetd.example.org algorithm=ffsplit\n"
       "}\n"
       "node n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\n"
       "fencing /^n/: none \"an example\"\n"},
      {"E0240", "a name that no systemd unit can have",
       "The name of a unit consists of letters, digits and `:-_.\\@`, with at most 255 characters. The instance "
       "stands after the `@`. In a path write dashes for slashes, as in `srv-data.mount`. systemd never starts a "
       "unit with any other name.",
       "primitive data systemd:srv/data.mount\n",
       "primitive data systemd:srv-data.mount { op monitor interval=10s timeout=20s }\n"},
      {"E0241", "a bundle whose resource the cluster cannot reach",
       "Pacemaker talks to the resource in a container over the network: each container needs an address of "
       "its own (`ip-range-start`), or a port of its host (`control-port`). Pacemaker refuses a bundle with "
       "a resource and without either.",
       "bundle web podman {\n"
       "  image=registry.example/web:1\n"
       "  primitive httpd ocf:heartbeat:Dummy { op monitor interval=10s timeout=20s }\n"
       "}\n",
       "bundle web podman {\n"
       "  image=registry.example/web:1\n"
       "  network ip-range-start=192.0.2.60\n"
       "  primitive httpd ocf:heartbeat:Dummy { op monitor interval=10s timeout=20s }\n"
       "}\n"},
      {"E0301", "a lock of agents that cannot be used",
       "`agents.lock`, beside the policy or named by `--agents`, says which agents the nodes have. `picket agents "
       "lock` writes this file; do not edit it. This file is damaged (by a merge, perhaps), or comes from a newer "
       "version of Picket.",
       "", ""},
      {"E0310", "an unknown agent",
       "The lock does not have this agent, nor does the built-in set, which has all agents of this provider. "
       "Either the name is misspelt, or the nodes have an agent that is newer than the lock. `picket agents list` "
       "shows all names. `picket agents lock`, on a node, writes a new lock.",
       "primitive vip ocf:heartbeat:IPAddr { ip=192.0.2.50 }\n",
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; op monitor interval=10s timeout=20s }\n"},
      {"E0311", "an unknown parameter",
       "The agent has no parameter of this name, and would ignore it. The message shows the nearest name. `picket "
       "agents show AGENT` lists all parameters. A fence device also has the parameters of Pacemaker's fence "
       "daemon, such as `pcmk_delay_base`.",
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; netmask=24 }\n",
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; cidr_netmask=24; op monitor interval=10s timeout=20s }\n"},
      {"E0312", "a required parameter is missing",
       "Without this parameter the resource would fail on every node. The parameter may also come from a "
       "template, a group or a shared block, and may stand under a condition.",
       "primitive fs ocf:heartbeat:Filesystem { device=/dev/sdb1; fstype=xfs }\n",
       "primitive fs ocf:heartbeat:Filesystem {\n  device=/dev/sdb1; directory=/srv; fstype=xfs\n"
       "  op start timeout=60s\n  op stop timeout=60s\n  op monitor interval=20s timeout=40s\n}\n"},
      {"E0313", "an operation that the agent does not have",
       "Pacemaker would call the agent with this operation, and the agent would answer that the operation is not "
       "implemented.",
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; op monitr interval=10s }\n",
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; op monitor interval=10s }\n"},
      {"E0314", "a parameter with a value of the wrong type",
       "The agent states the type of each parameter: an integer, yes or no, a duration, or one of a few words. "
       "Write seconds for a fence agent without a unit, and durations for the `pcmk_` parameters with a unit. "
       "Picket does not check a `secret()`, nor a text with `$`, `%` or `{`.",
       "fence f stonith:fence_apc { ip=192.0.2.9; delay=5s }\n",
       "fence f stonith:fence_apc { ip=192.0.2.9; username=u; password=p; delay=5 }\n"},
      {"E0315", "promotable, but the agent is not",
       "The cluster promotes an instance by the agent's operation `promote`, and this agent does not have that "
       "operation. Use a `clone` for a resource that is the same on every node.",
       "primitive a ocf:heartbeat:IPaddr2 { ip=192.0.2.50 }\npromotable a-ms of a\n",
       "primitive a ocf:pacemaker:Stateful {\n  op monitor interval=10s role=promoted\n"
       "  op monitor interval=11s role=unpromoted\n}\npromotable a-ms of a\n"},
      {"E0401", "an unknown variable, key or define",
       "Inside `${ }`, after `if` and after `in`, a bare word is a variable. A variable comes from `let`, from "
       "`for`, or from the parameters of a `define`. A variable at the top level is known in the whole file; any "
       "other variable only in its block.",
       "let site = berlin\nprimitive p ocf:heartbeat:Dummy { state = ${sit} }\n",
       "let site = berlin\nprimitive p ocf:heartbeat:Dummy { state = ${site} }\n"},
      {"E0402", "a value of the wrong kind in an expression",
       "Arithmetic and `<` need integers. A condition needs yes or no. `for` needs a list, a map or a range. A "
       "list cannot be part of a name.",
       "for i in 5 { tag t of a }\n", "primitive a ocf:heartbeat:Dummy\nfor i in 1..5 { tag t-${i} of a }\n"},
      {"E0403", "arguments that do not fit",
       "A `use` gives each parameter of the define exactly once, by position or by name. A parameter with a "
       "default may be left out. If a parameter has a type, the argument must have that type.",
       "define d(name, n: int) { primitive ${name} ocf:heartbeat:Dummy }\nuse d(a, n=many)\n",
       "define d(name, n: int) { primitive ${name} ocf:heartbeat:Dummy }\nuse d(a, n=5)\n"},
      {"E0404", "a define or an import that uses itself",
       "The language has no recursion, so every policy has a finite size.", "define d() { use d() }\nuse d()\n",
       "define d() { primitive a ocf:heartbeat:Dummy }\nuse d()\n"},
      {"E0405", "not here, or too much",
       "`import` and `define` stand at the top level of a file. A `for` has at most 10000 rounds, and a policy at "
       "most 200000 statements.",
       "for i in 1..3 { import \"x.picket\" }\n",
       "define d(name) { primitive ${name} ocf:heartbeat:Dummy }\nfor i in 1..3 { use d(\"a-${i}\") }\n"},
      {"E0406", "a variable or define of this name exists",
       "A block sets a variable only once. No statement overwrites a variable, so a search for the name finds the "
       "value.",
       "let a = 1\nlet a = 2\n", "let a = 1\nlet b = 2\n"},
      {"E0501", "a condition that makes no sense here",
       "A rule may use node attributes and the date, because the cluster knows these when it decides. Only a test "
       "may use events: states, counts and durations.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a never where fenced n1\n",
       "node n1 { id=1; attributes rack=a }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a never where rack == a\n"},
      {"E0502", "a step that makes no sense here",
       "`given` comes before failures and expectations. Before `given` only operator actions are allowed "
       "(`grant`, `standby`, `maintenance on`, …). A node stands on one side of a partition only.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\ntest \"t\" {\n"
       "  kill n1\n  given running a\n}\n",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\ntest \"t\" {\n"
       "  given running a\n  kill n1\n  expect stopped a\n}\n"},
      {"E0503", "a policy that cannot be deployed",
       "A test may deploy another policy over this policy while the cluster runs. The other policy must compile. "
       "It must have the same nodes, links, votes and times of Corosync, because a running cluster does not take "
       "these over from its configuration.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\ntest \"t\" {\n"
       "  deploy \"missing.picket\"\n  expect running a\n}\n",
       ""},
      {"W0207", "placed together, but not ordered",
       "A colocation gives the place, and an order gives the time. With the colocation alone, both resources may "
       "start at the same moment, and either may be up first. `depend` gives both.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ncolocation a with b\n",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ndepend a on b\n"},
      {"W0208", "ordered, but not placed together",
       "An order gives the time, not the place. The second resource may start on another node than the first. "
       "Nearly always `depend` is the right statement. If the place does not matter, write a location for one of "
       "the resources, or `kind=optional`, or `# allow W0208: reason`.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\norder a then b\n",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ndepend b on a\n"},
      {"W0209", "a member of a group, related to its own group",
       "The members of a group run on one node and start from left to right, so a constraint between them adds "
       "nothing. A member that waits for its whole group waits for itself.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ngroup g of a, b\ndepend b on a\n",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ngroup g of a, b\n"},
      {"W0210", "a colocation that stickiness outweighs",
       "A colocation with a score is a wish, and so is stickiness. If the stickiness is larger, a resource stays "
       "on its node when its partner moves. The score then counts only at the first start. For a group, the "
       "stickiness of all members counts.",
       "primitive a ocf:heartbeat:Dummy { meta resource-stickiness=100 }\nprimitive b ocf:heartbeat:Dummy\n"
       "depend a on b score=50\n",
       "primitive a ocf:heartbeat:Dummy { meta resource-stickiness=100 }\nprimitive b ocf:heartbeat:Dummy\n"
       "depend a on b\n"},
      {"W0211", "a preference that outweighs one member, but not the group",
       "A group's stickiness is the sum of its members' stickiness. The preference is larger than the stickiness "
       "of one member and smaller than that of the group, so the group does not move back.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nrsc_defaults resource-stickiness=100\n"
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ngroup g of a, b\n"
       "location g prefers n1 score=150\n",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nrsc_defaults resource-stickiness=100\n"
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ngroup g of a, b\n"
       "location g prefers n1 score=300\n"},
      {"W0212", "a stickiness without effect",
       "`score=inf` is stronger than any stickiness. The resource moves back as soon as its node is back, and the "
       "service is interrupted a second time.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\n"
       "primitive a ocf:heartbeat:Dummy { meta resource-stickiness=100 }\nlocation a prefers n1 score=inf\n",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\n"
       "primitive a ocf:heartbeat:Dummy { meta resource-stickiness=100 }\nlocation a prefers n1 score=50\n"},
      {"W0213", "left behind by a move or a ban",
       "A command that moves or bans a resource puts a constraint into the CIB, with the name `cli-prefer-…` or "
       "`cli-ban-…`. The constraint stays until somebody clears it. A forgotten constraint binds the resource at "
       "the next failure.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location cli-prefer-a: a prefers n1 score=inf\n",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a prefers n1 score=100\n"},
      {"W0214", "a node that would have to fence itself",
       "A node uses a fence device only if the device may run on that node. Here the device may run only on the "
       "node that it fences, so no other node can use the device when that node is lost.",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f1 stonith:fence_ipmilan for n1 { pcmk_delay_base=5s }\n"
       "fence f2 stonith:fence_ipmilan for n2\nlocation f1 only n1\n",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f1 stonith:fence_ipmilan for n1 { pcmk_delay_base=5s }\n"
       "fence f2 stonith:fence_ipmilan for n2\nlocation f1 only n2\n"},
      {"W0215", "a resource that may run on no node",
       "The policy forbids every node to this resource. If the resource should not run, write `meta "
       "target-role=stopped`.",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"
       "primitive a ocf:heartbeat:Dummy\nlocation a never n1, n2\n",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"
       "primitive a ocf:heartbeat:Dummy\nlocation a never n1\n"},
      {"W0216", "a role that the resource never has",
       "Only a `promotable` or a bundle has promoted instances. In a location, a ticket or an optional order, the "
       "role of any other resource has no effect. In a colocation, the left resource does not follow the right "
       "one, but the wishes of the left resource still move the right one. In a mandatory order the role is the "
       "error E0230.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ncolocation promoted a with b\n",
       "primitive d ocf:pacemaker:Stateful {\n  op monitor interval=10s role=promoted\n"
       "  op monitor interval=11s role=unpromoted\n}\npromotable m of d\nprimitive b ocf:heartbeat:Dummy\n"
       "depend b on promoted m\n"},
      {"W0316", "an operation has less time than its agent advises",
       "The authors of the agent know how long the operation may take. An operation that takes longer than its "
       "timeout has failed. After a failed stop the cluster fences the node.",
       "primitive fs ocf:heartbeat:Filesystem {\n  device=/dev/sdb1; directory=/srv; fstype=xfs\n"
       "  op stop timeout=10s\n}\n",
       "primitive fs ocf:heartbeat:Filesystem {\n  device=/dev/sdb1; directory=/srv; fstype=xfs\n"
       "  op start timeout=60s\n  op stop timeout=60s\n  op monitor interval=20s timeout=40s\n}\n"},
      {"W0317", "the default time is less than the agent advises",
       "An operation without a timeout has the timeout of `op_defaults`, or else 20 seconds. That is too short "
       "for many agents. Write a timeout for each operation, or set `op_defaults timeout=…` to the longest.",
       "primitive fs ocf:heartbeat:Filesystem { device=/dev/sdb1; directory=/srv; fstype=xfs }\n",
       "op_defaults timeout=60s\nprimitive fs ocf:heartbeat:Filesystem {\n"
       "  device=/dev/sdb1; directory=/srv; fstype=xfs\n  op monitor interval=20s timeout=40s\n}\n"},
      {"W0318", "a promotable without a monitor",
       "The cluster notices the failure of an instance only by a monitor with an interval. The agent advises one "
       "monitor for each role. The two monitors need different intervals.",
       "primitive s ocf:pacemaker:Stateful\npromotable s-ms of s\n",
       "primitive s ocf:pacemaker:Stateful {\n  op monitor interval=10s role=promoted\n"
       "  op monitor interval=11s role=unpromoted\n}\npromotable s-ms of s\n"},
      {"W0319", "a deprecated parameter", "The agent still accepts this parameter, and names its successor.",
       "fence f stonith:fence_apc { ipaddr=192.0.2.9 }\n",
       "fence f stonith:fence_apc { ip=192.0.2.9; username=u; password=p }\n"},
      {"W0320", "two resources share what each should have alone",
       "Each resource of this agent needs a value of its own here: one address, one state file, one volume.",
       "primitive a ocf:heartbeat:IPaddr2 { ip=192.0.2.50 }\n"
       "primitive b ocf:heartbeat:IPaddr2 { ip=192.0.2.50 }\n",
       "primitive a ocf:heartbeat:IPaddr2 { ip=192.0.2.50; op monitor interval=10s timeout=20s }\n"
       "primitive b ocf:heartbeat:IPaddr2 { ip=192.0.2.51; op monitor interval=10s timeout=20s }\n"},
      {"W0321", "an agent that needs notifications",
       "Agents of replication use the operation `notify` to learn which instance was promoted and which instance "
       "is gone. The cluster calls `notify` only for a clone with `notify=yes`. Without these calls DRBD and "
       "PostgreSQL do not take over.",
       "primitive d ocf:linbit:drbd { drbd_resource=r; op monitor interval=29s role=promoted; op monitor interval=31s "
       "role=unpromoted }\n"
       "promotable m of d\n",
       "op_defaults timeout=240s\nprimitive d ocf:linbit:drbd {\n  drbd_resource=r\n"
       "  op monitor interval=29s role=promoted\n  op monitor interval=31s role=unpromoted\n}\n"
       "promotable m of d { notify=yes }\n"},
      {"W0322", "a fence agent of cluster-glue",
       "Agents such as `external/ipmi` belong to cluster-glue, which current systems do not have. The agents "
       "of fence-agents do the same work under other names, with other names for parameters. The help names "
       "the agent and the parameters that change.",
       "node n1 { id=1 }\n"
       "fence f stonith:external/ipmi for n1 { hostname=n1; ipaddr=192.0.2.101; userid=a; passwd=secret(\"n1\"); "
       "interface=lanplus }\n",
       "node n1 { id=1 }\n"
       "fence f stonith:fence_ipmilan for n1 { ip=192.0.2.101; username=a; password=secret(\"n1\"); lanplus=yes }\n"},
      {"W0323", "an agent that is out of date",
       "Another agent has taken the place of this one. Newer packages do not have the old one any more, so a "
       "new node cannot run the resource.",
       "primitive vg ocf:heartbeat:LVM { volgrpname=vg0; op start timeout=30s; op stop timeout=30s; op monitor "
       "interval=10s timeout=30s }\n",
       "primitive vg ocf:heartbeat:LVM-activate {\n"
       "  vgname=vg0; vg_access_mode=system_id\n"
       "  op start timeout=90s; op stop timeout=90s; op monitor interval=30s timeout=90s\n"
       "}\n"},
      {"W0402", "a fencing race",
       "When two nodes lose sight of each other, each node fences the other. Without a delay both may succeed, "
       "and the service is gone. A delay in the device that fences one node lets that node win. "
       "`priority-fencing-delay` has the same effect, if resources have priorities.",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f stonith:fence_ipmilan for n1, n2\n",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"},
      {"W0403", "a clone that waits for another clone and does not interleave",
       "Without `interleave=yes` each instance of the waiting clone waits for every instance of the other clone, "
       "on every node. The instance also restarts when any of those instances restarts. Most policies mean only "
       "the instance on the same node. Set the option on the waiting clone; the option of the other clone makes "
       "no difference. A primitive or a group that depends on a clone needs no such option.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\nclone c of a\nclone d of b\n"
       "depend d on c\n",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\nclone c of a\n"
       "clone d of b { interleave=yes }\ndepend d on c\n"},
      {"W0404", "text put into the CIB unchecked",
       "`xml` is for elements without a statement in the language. Picket neither checks such an element nor "
       "translates it for another version of Pacemaker.",
       "xml constraints '<rsc_location id=\"l\" rsc-pattern=\"x\" node=\"n\" score=\"0\"/>'\n",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a never n1\n"},
      {"W0405", "a set in braces without a partner",
       "`{a, b}` has no order and no partner, so the constraint does nothing. In `[a, b]` each member needs the "
       "member before it.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ncolocation {a, b}\n",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ncolocation [a, b]\n"},
      {"W0406", "a role that is never checked",
       "Each role of a promotable needs a monitor of its own, with an interval of its own. Without a monitor for "
       "a role, the cluster never notices a failure in that role.",
       "primitive d ocf:linbit:drbd { op monitor interval=29s }\npromotable m of d\n",
       "primitive d ocf:pacemaker:Stateful {\n  op monitor interval=10s role=promoted\n"
       "  op monitor interval=11s role=unpromoted\n}\npromotable m of d\n"},
      {"W0407", "equal intervals for different roles",
       "A cluster identifies a recurring operation by its name and its interval. Two monitors of one resource "
       "with the same interval are one monitor for the cluster, even with different roles. So one of the roles is "
       "not monitored.",
       "primitive d ocf:linbit:drbd {\n  op monitor interval=10s role=promoted\n"
       "  op monitor interval=10s role=unpromoted\n}\npromotable m of d\n",
       "primitive d ocf:pacemaker:Stateful {\n  op monitor interval=10s role=promoted\n"
       "  op monitor interval=11s role=unpromoted\n}\npromotable m of d\n"},
      {"W0408", "failures that are forgotten before they count",
       "`failure-timeout` forgets a failure if no other failure follows within that time. If monitors are further "
       "apart, the count never passes one, and `migration-threshold` is never reached.",
       "primitive a ocf:heartbeat:Dummy {\n  op monitor interval=60s\n"
       "  meta failure-timeout=30s migration-threshold=3\n}\n",
       "primitive a ocf:heartbeat:Dummy {\n  op monitor interval=10s\n"
       "  meta failure-timeout=10min migration-threshold=3\n}\n"},
      {"W0409", "quorum is ignored",
       "With `no-quorum-policy=ignore` each part of a split cluster acts as if the other part were dead. The "
       "option comes from a time before Corosync had `two_node`.",
       "property no-quorum-policy=ignore\n", "property no-quorum-policy=stop\n"},
      {"W0410", "fencing is switched off",
       "Without fencing the cluster only assumes that a silent node is dead. The cluster starts the node's "
       "resources elsewhere while they may still run. Data that both sides write is lost.",
       "property fencing-enabled=no\n", "property fencing-enabled=yes\n"},
      {"W0411", "two_node without two nodes",
       "`two_node` gives a single node quorum. In a cluster of more than two nodes, Corosync ignores the option "
       "and says so in its log.",
       "cluster c { link lan; quorum two_node=yes }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "fencing n1: none \"an example\"\n",
       "cluster c { link lan; quorum two_node=yes }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\nfence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"},
      {"W0412", "a node that boots alone fences its partner",
       "`two_node` implies `wait_for_all`: after a boot a node waits until the node has seen its partner. Without "
       "`wait_for_all`, two nodes that boot without a link fence each other again and again.",
       "cluster c { link lan; quorum two_node=yes wait_for_all=no }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\nfence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n",
       "cluster c { link lan; quorum two_node=yes }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\nfence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"},
      {"W0413", "two nodes that need each other",
       "Without `two_node` and without a quorum device, one of two nodes is not a majority. If one node is lost, "
       "everything stops.",
       "cluster c { link lan }\nnode n1 { id=1; link lan 192.0.2.1 }\nnode n2 { id=2; link lan 192.0.2.2 }\n"
       "fence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n",
       "cluster c { link lan; quorum two_node=yes }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\nfence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"},
      {"W0414", "more copies than there is room for",
       "A clone runs at most one copy on a node, or `clone-node-max` copies. A bundle runs at most "
       "`replicas-per-host`. The copies beyond that stay stopped.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "clone c of a { clone-max=2 }\n",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\nclone c of a\n"},
      {"W0415", "a filesystem for one node, mounted on several",
       "ext4, xfs and similar filesystems belong to one node at a time. Two nodes that mount the same device "
       "destroy the data. If each node has a device of its own, write `# allow W0415: reason`.",
       "primitive fs ocf:heartbeat:Filesystem { device=/dev/sdb; directory=/srv; fstype=xfs }\nclone c of fs\n",
       "property no-quorum-policy=freeze\nop_defaults timeout=240s\nprimitive fs ocf:heartbeat:Filesystem {\n"
       "  device=/dev/sdb; directory=/srv; fstype=gfs2\n  op monitor interval=20s timeout=40s\n}\n"
       "clone c of fs { interleave=yes }\n"
       "primitive dlm ocf:pacemaker:controld { op start timeout=90s; op stop timeout=100s; op monitor interval=30s "
       "timeout=20s }\n"
       "clone dlm-c of dlm { interleave=yes }\ndepend c on dlm-c\n"},
      {"W0416", "two links in one network",
       "A second link is there for the case that the first one breaks. The kernel sends everything for one "
       "network over one interface, so two links with addresses of one network break together. Picket does "
       "not know how large the networks are, and compares the first three numbers of the addresses.",
       "cluster c {\n"
       "  link lan\n"
       "  link back\n"
       "  quorum two_node=yes\n"
       "}\n"
       "node n1 { id=1; link lan 192.0.2.1; link back 192.0.2.11 }\n"
       "node n2 { id=2; link lan 192.0.2.2; link back 192.0.2.12 }\n"
       "fencing /^n/: none \"an example\"\n",
       "cluster c {\n"
       "  link lan\n"
       "  link back\n"
       "  quorum two_node=yes\n"
       "}\n"
       "node n1 { id=1; link lan 192.0.2.1; link back 198.51.100.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2; link back 198.51.100.2 }\n"
       "fencing /^n/: none \"an example\"\n"},
      {"W0417", "an unused template",
       "An `rsc_template` does nothing by itself. Most often the word `from` is missing in a primitive.",
       "rsc_template t ocf:heartbeat:Dummy\n", "rsc_template t ocf:heartbeat:Dummy\nprimitive a from t\n"},
      {"W0418", "a resource that is monitored only once",
       "The cluster carries out a monitor without an interval once, before the start. Only a monitor with an "
       "interval notices a later failure.",
       "primitive a ocf:heartbeat:Dummy { op monitor timeout=20s }\n",
       "primitive a ocf:heartbeat:Dummy { op monitor interval=10s timeout=20s }\n"},
      {"W0420", "a meta attribute among the parameters",
       "Plain lines of a primitive are parameters of its agent. Options for the cluster stand in `meta`.",
       "primitive a ocf:acme:app { migration-threshold=3 }\n",
       "primitive a ocf:acme:app {\n  op monitor interval=10s timeout=20s\n  meta migration-threshold=3\n}\n"},
      {"W0421", "an option that is probably misspelt",
       "Cluster options and meta attributes may have any name, and Pacemaker ignores an unknown name silently. "
       "This name is nearly the name of a known option.",
       "property no-quorum-polcy=stop\n", "property no-quorum-policy=stop\n"},
      {"W0422", "a value that Pacemaker does not know here",
       "The option requires one of a fixed set of values, a number or a duration. Pacemaker ignores any other "
       "value and uses the default.",
       "property no-quorum-policy=stopp\n", "property no-quorum-policy=stop\n"},
      {"W0423", "levels without a fixed choice",
       "One set of levels counts for each node: the levels for the node's name, or else the levels for one "
       "pattern or attribute that matches the node. If several patterns or attributes match, the choice may "
       "differ from run to run. Write levels for the node by name: these levels come first.",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f1 stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"
       "fence f2 stonith:fence_ipmilan for n1, n2\nfencing /n[12]/: f1\nfencing /n./: f2\n",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f1 stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"
       "fence f2 stonith:fence_ipmilan for n1, n2\nfencing n1: f1\nfencing n2: f2\n"},
      {"W0424", "a level that replaces another",
       "Two levels have the same target and the same index. The later level counts. The cluster never tries the "
       "earlier level.",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f1 stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"
       "fence f2 stonith:fence_ipmilan for n1, n2\nfencing n1: f1\nfencing n1: f2\n",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f1 stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"
       "fence f2 stonith:fence_ipmilan for n1, n2\nfencing n1: f1 then f2\n"},
      {"W0425", "a delay that outweighs the priorities",
       "`priority-fencing-delay` delays the fencing of the node with the more important resources, so that this "
       "node wins. A `pcmk_delay_base` or `pcmk_delay_max` of the same length delays the other side as much. Make "
       "`priority-fencing-delay` at least twice as long as the longest of these delays.",
       "node n1 { id=1 }\nnode n2 { id=2 }\nproperty priority-fencing-delay=15s\n"
       "fence f1 stonith:fence_ipmilan for n1 { pcmk_delay_base=20s }\nfence f2 stonith:fence_ipmilan for n2\n"
       "primitive a ocf:heartbeat:Dummy { meta priority=10 }\n",
       "node n1 { id=1 }\nnode n2 { id=2 }\nproperty priority-fencing-delay=40s\n"
       "fence f1 stonith:fence_ipmilan for n1 { pcmk_delay_base=20s }\nfence f2 stonith:fence_ipmilan for n2\n"
       "primitive a ocf:heartbeat:Dummy { meta priority=10 }\n"},
      {"W0426", "a map of delays that Pacemaker does not read",
       "In `pcmk_delay_base`, Pacemaker accepts only `:` between a node and its delay. picketd also accepts `=`, "
       "as both programs do in `pcmk_host_map`. For Pacemaker a text with `=` means no delay.",
       "node n1 { id=1 }\nnode n2 { id=2 }\n"
       "fence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_base=\"n1=5s;n2=0s\" }\n",
       "node n1 { id=1 }\nnode n2 { id=2 }\n"
       "fence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_base=\"n1:5s;n2:0s\" }\n"},
      {"W0427", "a device that never gives access back",
       "`fence_scsi` and `fence_mpath` take the access to shared disks away from a node. A node gets its "
       "access when it joins, and only if the device says `provides=unfencing`. Pacemaker does not look at "
       "the agent's metadata for this.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fence scsi stonith:fence_scsi for n1, n2 { devices=/dev/mapper/data; pcmk_delay_max=5s; op monitor "
       "interval=60s timeout=20s }\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fence scsi stonith:fence_scsi for n1, n2 {\n"
       "  devices=/dev/mapper/data; pcmk_delay_max=5s; op monitor interval=60s timeout=20s; meta provides=unfencing\n"
       "}\n"},
      {"W0428", "switched off, as if for an hour",
       "People set `is-managed=no`, `maintenance=yes` or `standby` while they work on a resource or a node. In a "
       "policy "
       "these settings hold for ever: the cluster recovers nothing there, and nobody is told.",
       "primitive a ocf:heartbeat:Dummy { op monitor interval=10s; meta is-managed=no }\n",
       "primitive a ocf:heartbeat:Dummy { op monitor interval=10s }\n"},
      {"W0429", "a parameter that nobody reads",
       "The cluster only starts and stops a unit of systemd, so a parameter does not reach the unit. The cluster "
       "itself "
       "tells a fence device what to do with which node, so `action`, `option` and `nodename` do not belong in the "
       "configuration.",
       "primitive a systemd:nginx { port=80; op monitor interval=10s }\n",
       "primitive a systemd:nginx { op monitor interval=10s timeout=20s }\n"},
      {"W0430", "a remote node's connection where the machine is meant",
       "A remote node and the connection to it have the same name. In a group, an order or a colocation the name "
       "means the connection, which is a resource on a cluster node. For a resource on the remote machine write a "
       "`location`. The cluster connects to the machine before it starts a resource there.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nnode far remote { server=192.0.2.9 }\n"
       "fencing far: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\norder far then a\n",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\n"
       "node far remote { server=192.0.2.9; op start timeout=60s; op stop timeout=60s }\n"
       "fencing far: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\nlocation a only far\n"},
      {"W0431", "utilization without a placement strategy",
       "Pacemaker uses `utilization` only with a `placement-strategy` other than `default`. Without such a "
       "strategy, a resource may run on a node without room for it.",
       "primitive a ocf:heartbeat:Dummy { utilization memory=4GiB }\n",
       "property placement-strategy=balanced\nnode n1 { id=1; utilization memory=8GiB }\n"
       "fencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy { utilization memory=4GiB }\n"},
      {"W0432", "a resource for which no node has room",
       "With a `placement-strategy`, a node must have as much of everything as the resource, or the whole group, "
       "needs. A node without `utilization` has nothing. Picket does not warn where an agent such as "
       "`ocf:pacemaker:NodeUtilization` measures the nodes.",
       "node n1 { id=1; utilization cpu=4 }\nfencing n1: none \"an example\"\n"
       "property placement-strategy=balanced\nprimitive a ocf:heartbeat:Dummy { utilization cpu=40 }\n",
       "node n1 { id=1; utilization cpu=4 }\nfencing n1: none \"an example\"\n"
       "property placement-strategy=balanced\nprimitive a ocf:heartbeat:Dummy { utilization cpu=4 }\n"},
      {"W0433", "a health agent that its own report stops",
       "With a `node-health-strategy`, every resource leaves a red node, including the agent that could report "
       "that the node is green again. `allow-unhealthy-nodes=yes` lets the agent stay. Set the option on the "
       "outermost resource, the clone.",
       "property node-health-strategy=migrate-on-red\nprimitive cpu ocf:pacemaker:HealthCPU\nclone cpus of cpu\n",
       "property node-health-strategy=migrate-on-red\n"
       "primitive cpu ocf:pacemaker:HealthCPU { op monitor interval=10s }\n"
       "clone cpus of cpu { meta allow-unhealthy-nodes=yes }\n"},
      {"W0434", "a switch that stops the cluster's work",
       "`maintenance-mode` and `stop-all-resources` are for a person at work. In a policy they take effect again "
       "at every `apply`.",
       "property maintenance-mode=yes\n", "property maintenance-mode=no\n"},
      {"W0435", "a resource that needs a stopped resource",
       "`target-role=stopped` keeps a resource stopped. Every resource that depends on it stays stopped too.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy { meta target-role=stopped }\n"
       "depend a on b\n",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\ndepend a on b\n"},
      {"W0436", "an on-fail with a harmful effect",
       "`demote` is only for failures of a promoted instance. After a failed stop the resource may still run, so "
       "without `on-fail` the cluster fences the node. With `ignore` the cluster starts a second instance "
       "elsewhere. With `restart` the cluster tries for ever. `standby`, `stop` and `demote` are not possible for "
       "a stop.",
       "primitive a ocf:heartbeat:Dummy { op stop timeout=20s on-fail=ignore }\n",
       "primitive a ocf:heartbeat:Dummy { op stop timeout=20s on-fail=fence }\n"},
      {"W0437", "an interval for an operation that is not repeated",
       "Pacemaker identifies an operation by its name and its interval. The operations that start, stop and move "
       "a resource have the interval 0. So the options of `op start interval=10s` belong to an operation that "
       "never takes place.",
       "primitive a ocf:heartbeat:Dummy { op start timeout=60s interval=10s }\n",
       "primitive a ocf:heartbeat:Dummy { op start timeout=60s }\n"},
      {"W0438", "allow-migrate for an agent that cannot migrate",
       "A live migration needs an agent with the operations `migrate_to` and `migrate_from`. Units of systemd "
       "have neither.",
       "primitive a systemd:nginx { meta allow-migrate=yes }\n",
       "primitive a systemd:nginx { op monitor interval=10s timeout=20s }\n"},
      {"W0439", "a live migration that never takes place",
       "The resource needs another resource beside it. The live migration takes place only if the other resource "
       "migrates live as well, or already runs on the target (a clone). Otherwise the cluster stops both "
       "resources for the move.",
       "primitive store ocf:heartbeat:Dummy\nprimitive vm ocf:pacemaker:Dummy { meta allow-migrate=yes }\n"
       "depend vm on store\n",
       "primitive store ocf:heartbeat:Dummy\nclone stores of store { interleave=yes }\n"
       "primitive vm ocf:pacemaker:Dummy { meta allow-migrate=yes }\ndepend vm on stores\n"},
      {"W0440", "no location lets a resource in",
       "With `symmetric-cluster=no` a resource runs only on nodes that a location with `prefers` or `allows` "
       "names. `only` excludes the other nodes, and does not allow the named ones.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nproperty symmetric-cluster=no\n"
       "primitive a ocf:heartbeat:Dummy\nlocation a only n1\n",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nproperty symmetric-cluster=no\n"
       "primitive a ocf:heartbeat:Dummy\nlocation a prefers n1 score=100\n"},
      {"W0441", "a preference that is the same everywhere",
       "A rule with only a date gives every node the same score, so no node is better than another.",
       "primitive a ocf:heartbeat:Dummy\nlocation a prefers where date after 2026-11-01 score=100\n",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a prefers n1 score=100\n"},
      {"W0442", "a delay before a monitor",
       "During `start-delay` a failure right after the start stays unnoticed. If the delay is five minutes or "
       "less, the cluster does nothing else until the delayed monitor has answered. Let the agent's `start` end "
       "when the service works.",
       "primitive a ocf:heartbeat:Dummy { op monitor interval=10s start-delay=60s }\n",
       "primitive a ocf:heartbeat:Dummy { op monitor interval=10s }\n"},
      {"W0443", "an option of a clone in another block",
       "The number and the behaviour of copies are options of the clone or promotable. A group or a primitive "
       "does not pass them on.",
       "primitive a ocf:heartbeat:Dummy\ngroup g of a { interleave=yes }\nclone c of g\n",
       "primitive a ocf:heartbeat:Dummy\ngroup g of a\nclone c of g { interleave=yes }\n"},
      {"W0444", "a rule on a promotion score",
       "`master-NAME` is the promotion score that an agent sets. In a test the score comes from Picket's model of "
       "the agent. A rule that compares the score with a number may therefore hold in the cluster and not in a "
       "test, or the other way round. Most often a colocation with the promoted role is the right statement.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive d ocf:linbit:drbd\npromotable m of d\n"
       "primitive a ocf:heartbeat:Dummy\nlocation a never where master-d == 1000\n"
       "test \"t\" { expect running a }\n",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive d ocf:pacemaker:Stateful {\n"
       "  op monitor interval=10s role=promoted\n  op monitor interval=11s role=unpromoted\n}\n"
       "promotable m of d\nprimitive a ocf:heartbeat:Dummy\ndepend a on promoted m\n"},
      {"W0445", "an operation for a role that never comes",
       "A resource outside a promotable has only one role: it is started and stopped. An operation with "
       "`role=promoted` or `role=unpromoted` is for copies of a promotable, and never takes place here. Most "
       "often `clone` stands where `promotable` is meant.",
       "primitive d ocf:pacemaker:Stateful {\n  op monitor interval=10s role=promoted\n"
       "  op monitor interval=11s role=unpromoted\n}\nclone c of d\n",
       "primitive d ocf:pacemaker:Stateful {\n  op monitor interval=10s role=promoted\n"
       "  op monitor interval=11s role=unpromoted\n}\npromotable c of d\n"},
      {"W0446", "several equal copies on one node",
       "Copies of a clone are equal unless `globally-unique` is set, and equal copies run once on a node. "
       "Pacemaker 2 ignores a `clone-node-max` above 1 without `globally-unique`. Pacemaker 3 then sets "
       "`globally-unique` by itself, and the copies become resources of their own.",
       "primitive a ocf:heartbeat:Dummy\nclone c of a { clone-node-max=2 }\n",
       "primitive a ocf:heartbeat:Dummy\nclone c of a { clone-node-max=2; globally-unique=yes }\n"},
      {"W0447", "more resources kept apart than there are nodes",
       "Each `separate` without a score is absolute. If more resources exclude each other than there are nodes, "
       "some of these resources cannot run.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "primitive b ocf:heartbeat:Dummy\nseparate a from b\n",
       "node n1 { id=1 }\nnode n2 { id=2 }\nfence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\nseparate a from b\n"},
      {"W0448", "more promoted copies than the agent knows",
       "Some services have one primary: PostgreSQL, MySQL and MariaDB with replication, Redis, Db2, HANA. Their agents "
       "tell the cluster which copy is the best one. With a `promoted-max` above 1 the cluster also promotes the "
       "second "
       "best.",
       "primitive r ocf:heartbeat:redis { op monitor interval=10s }\npromotable rs of r { promoted-max=2 }\n",
       "primitive d ocf:pacemaker:Stateful {\n  op monitor interval=10s role=promoted\n"
       "  op monitor interval=11s role=unpromoted\n}\npromotable ds of d { promoted-max=2 }\n"},
      {"W0449", "an address that no resource brings",
       "Standbys of PostgreSQL fetch their data from the address `master_ip`. A resource of the policy has to "
       "bring this address to the node where the database is promoted.",
       "primitive p ocf:heartbeat:pgsql { master_ip=192.0.2.51; rep_mode=sync; node_list=\"n1 n2\" }\n"
       "primitive v ocf:heartbeat:IPaddr2 { ip=192.0.2.50 }\n",
       "op_defaults timeout=240s\nprimitive p ocf:heartbeat:pgsql {\n"
       "  master_ip=192.0.2.50; rep_mode=sync; node_list=\"n1 n2\"\n  op monitor interval=10s timeout=30s\n}\n"
       "primitive v ocf:heartbeat:IPaddr2 { ip=192.0.2.50; op monitor interval=10s timeout=20s }\n"},
      {"W0450", "beside any copy of a promotable",
       "Without a role, a resource that needs a promotable runs beside any of its copies. An address may then run "
       "beside a standby. Write `promoted` or `unpromoted` in front of the name.",
       "primitive d ocf:pacemaker:Stateful\npromotable m of d\nprimitive v ocf:heartbeat:Dummy\ndepend v on m\n",
       "primitive d ocf:pacemaker:Stateful {\n  op monitor interval=10s role=promoted\n"
       "  op monitor interval=11s role=unpromoted\n}\npromotable m of d\nprimitive v ocf:heartbeat:Dummy\n"
       "depend v on promoted m\n"},
      {"W0451", "all copies tied to one node",
       "The dependent resource stands on the left. Here all copies of a clone depend on a resource that runs only "
       "once, so all copies have to run on one node, which has room for only one. Most often the two sides are "
       "exchanged.",
       "primitive d ocf:heartbeat:Dummy\nclone c of d\nprimitive v ocf:heartbeat:Dummy\ndepend c on v\n",
       "primitive d ocf:heartbeat:Dummy\nclone c of d\nprimitive v ocf:heartbeat:Dummy\ndepend v on c\n"},
      {"W0452", "a resource that is tied to itself",
       "A constraint between a resource and itself has no effect. One of the two names is wrong.",
       "primitive a ocf:heartbeat:Dummy\nseparate a from a\n",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\nseparate a from b\n"},
      {"W0453", "the same thing twice",
       "A repeated constraint only adds its score a second time. A fence device that stands twice in a level is "
       "used once. A fence device in two levels has already failed when the cluster tries the second level.",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\norder a then b kind=optional\n"
       "order a then b kind=optional\n",
       "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\norder a then b kind=optional\n"},
      {"W0454", "a score beyond INFINITY",
       "INFINITY is 1000000. A larger score counts as INFINITY, which is absolute. Pacemaker 3 ignores a "
       "constraint with an invalid score.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a prefers n1 score=5000000\n",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a prefers n1 score=500\n"},
      {"W0455", "a number that is a switch",
       "Some numbers switch a function off. A negative `resource-stickiness` drives resources away from their "
       "nodes. `migration-threshold=0` means no threshold. `clone-max=0` and `promoted-max=0` leave no copy to "
       "run or to promote.",
       "rsc_defaults resource-stickiness=-100\n", "rsc_defaults resource-stickiness=100\n"},
      {"W0456", "utilization that is not a whole number",
       "Pacemaker reads utilization as a whole number and ignores the text after the digits: `4GB` is 4. Picket "
       "turns a size with `MiB`, `GiB` or `TiB` into a number of MiB.",
       "node n1 { id=1; utilization memory=4GB }\nfencing n1: none \"an example\"\n",
       "node n1 { id=1; utilization memory=4GiB }\nfencing n1: none \"an example\"\n"
       "property placement-strategy=balanced\n"},
      {"W0457", "seconds that look like milliseconds",
       "A duration without a unit is in seconds. `timeout=60000` waits for more than sixteen hours.",
       "primitive a ocf:heartbeat:Dummy { op monitor interval=10s timeout=60000 }\n",
       "primitive a ocf:heartbeat:Dummy { op monitor interval=10s timeout=60s }\n"},
      {"W0458", "times by which Corosync loses nodes",
       "A node that does not answer within `token` counts as lost. With less than a third of a second, a busy "
       "machine answers too late and is fenced. `consensus` has to be at least 1.2 times as long as `token`. "
       "Without the option it is exactly that long.",
       "cluster c { link lan; totem token=100 }\n", "cluster c { link lan; totem token=1s }\n"},
      {"W0459", "an option in the wrong block",
       "`property` is about the cluster. `rsc_defaults` and `meta` are about resources. `op_defaults` and the "
       "line of an `op` are about operations. Pacemaker ignores an option in the wrong block silently. Options in "
       "the braces of an operation go to the agent.",
       "op_defaults resource-stickiness=100\n", "rsc_defaults resource-stickiness=100\n"},
      {"W0460", "a host that is not a node",
       "Fence devices and some agents take names of nodes as text. Pacemaker does not check that text. A device "
       "for an unknown name is never used.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\n"
       "fence f stonith:fence_ipmilan { pcmk_host_list=\"m1\"; ip=192.0.2.9 }\n",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\n"
       "fence f stonith:fence_ipmilan { pcmk_host_list=\"n1\"; ip=192.0.2.9 }\n"},
      {"W0461", "a resource without a monitor",
       "Without a monitor, a cluster starts a resource and then assumes that the resource runs. Only the loss of "
       "the node moves the resource. Picket does not warn about agents for tests (`Dummy`, `Stateful`).",
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50 }\n",
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; op monitor interval=10s timeout=20s }\n"},
      {"W0462", "a constraint that never acts",
       "A score of 0 has no effect. A preference has no effect on a node that `never` forbids.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a prefers n1 score=0\n",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a prefers n1 score=100\n"},
      {"W0463", "expected votes that differ from the number of nodes",
       "Corosync counts the nodes by itself. If `expected_votes` is larger than the number of nodes, the missing "
       "votes count against quorum, and the loss of a node or two stops everything. If `expected_votes` is "
       "smaller, Corosync takes the number of nodes.",
       "cluster c { link lan; quorum expected_votes=5 }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "fencing n1: none \"an example\"\n",
       "cluster c { link lan }\nnode n1 { id=1; link lan 192.0.2.1 }\nfencing n1: none \"an example\"\n"},
      {"W0464", "an address that is already in use",
       "The cluster puts the address on the node where the resource runs. Here a node or a fence device has the "
       "same address for good, and answers too. On that node the resource seems to run already.",
       "cluster c { link lan }\nnode n1 { id=1; link lan 192.0.2.1 }\nfencing n1: none \"an example\"\n"
       "primitive ip ocf:heartbeat:IPaddr2 { ip=192.0.2.1; op monitor interval=10s timeout=20s }\n",
       "cluster c { link lan }\nnode n1 { id=1; link lan 192.0.2.1 }\nfencing n1: none \"an example\"\n"
       "primitive ip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; op monitor interval=10s timeout=20s }\n"},
      {"W0465", "SBD with two disks",
       "SBD needs the majority of its disks: one of one, two of two, two of three. With two disks, the failure of "
       "either disk is the failure of SBD.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\n"
       "fence s stonith:fence_sbd { devices=\"/dev/disk/by-id/a,/dev/disk/by-id/b\"; pcmk_host_list=\"n1\" }\n",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\n"
       "fence s stonith:fence_sbd { devices=\"/dev/disk/by-id/a,/dev/disk/by-id/b,/dev/disk/by-id/c\"; "
       "pcmk_host_list=\"n1\" }\n"},
      {"W0466", "an alert without a path",
       "Pacemaker runs the program of an alert by its whole path. With a name alone Pacemaker does not find the "
       "program and sends no alert.",
       "alert a mail.sh\n", "alert a /usr/local/bin/mail.sh\n"},
      {"W0467", "a unit with its ending",
       "`systemd:nginx` is the unit nginx.service. With the ending, the same unit has a second name. For "
       "`service:` the two spellings are even two different resources.",
       "primitive a systemd:nginx.service { op monitor interval=10s }\n",
       "primitive a systemd:nginx { op monitor interval=10s }\n"},
      {"W0468", "a network that any machine may join",
       "knet is the transport with several links, encryption and signatures. `udp` and `udpu` have none of these "
       "and will be removed from Corosync. Without a `hash`, any machine that reaches the port can act as a node.",
       "cluster c { transport=udpu; link lan }\n",
       "cluster c {\n  transport=knet\n  link lan\n  totem crypto_hash=sha256 crypto_cipher=aes256\n}\n"},
      {"W0469", "watchdogs without SBD",
       "With `fencing-watchdog-timeout` a node whose watchdog is fed by SBD counts as fenced after that time. "
       "Pacemaker "
       "ends on a node without SBD. If the nodes have SBD, write `sbd` in `cluster`, or `have-watchdog`, which a "
       "cluster sets itself.",
       "property fencing-watchdog-timeout=10s\n", "property have-watchdog=yes fencing-watchdog-timeout=10s\n"},
      {"W0470", "SBD waits for less than two watchdogs",
       "With disks, a node counts as fenced when `msgwait` has passed since the message was written. By then the "
       "watchdog of the node must have fired. That may take twice the time of the watchdog, so `msgwait` has to "
       "be at least that long.",
       "cluster c { link lan; sbd watchdog=10s msgwait=15s }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\nnode n3 { id=3; link lan 192.0.2.3 }\n"
       "fence s stonith:fence_sbd { pcmk_host_list=\"n1 n2 n3\" }\n",
       "cluster c { link lan; sbd watchdog=10s msgwait=20s }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\nnode n3 { id=3; link lan 192.0.2.3 }\n"
       "fence s stonith:fence_sbd { pcmk_host_list=\"n1 n2 n3\" }\n"},
      {"W0471", "a fencing that ends before SBD has waited",
       "`fence_sbd` succeeds when SBD has waited for `msgwait`. The time of the device is `fencing-timeout`, or "
       "its own `pcmk_reboot_timeout`. If this time is shorter than `msgwait`, the agent is killed and every "
       "fencing fails.",
       "cluster c { link lan; sbd watchdog=60s msgwait=120s }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\nnode n3 { id=3; link lan 192.0.2.3 }\n"
       "fence s stonith:fence_sbd { pcmk_host_list=\"n1 n2 n3\" }\n",
       "cluster c { link lan; sbd watchdog=60s msgwait=120s }\nproperty fencing-timeout=150s\n"
       "node n1 { id=1; link lan 192.0.2.1 }\nnode n2 { id=2; link lan 192.0.2.2 }\n"
       "node n3 { id=3; link lan 192.0.2.3 }\nfence s stonith:fence_sbd { pcmk_host_list=\"n1 n2 n3\" }\n"},
      {"W0472", "a watchdog that is trusted too early",
       "No message confirms that a watchdog has fired. The other nodes wait for `fencing-watchdog-timeout` and go "
       "on. This time has to be at least twice the time of the watchdog. It also has to be at least the time of "
       "the watchdog plus Corosync's token, because a node that is cut off may notice the cut later than the "
       "others.",
       "cluster c { link lan; sbd watchdog=10s }\nproperty fencing-watchdog-timeout=15s\n"
       "node n1 { id=1; link lan 192.0.2.1 }\nnode n2 { id=2; link lan 192.0.2.2 }\n"
       "node n3 { id=3; link lan 192.0.2.3 }\n",
       "cluster c { link lan; sbd watchdog=10s }\nproperty fencing-watchdog-timeout=20s\n"
       "node n1 { id=1; link lan 192.0.2.1 }\nnode n2 { id=2; link lan 192.0.2.2 }\n"
       "node n3 { id=3; link lan 192.0.2.3 }\n"},
      {"W0473", "a watchdog that fires while a quorum device is asked",
       "After the loss of a node, Corosync asks the quorum device for up to `sync_timeout`, which is 30 seconds. "
       "During that time quorum is unknown, and SBD does not feed the watchdog. If the watchdog fires first, the "
       "surviving nodes are reset too.",
       "cluster c { link lan; qdevice net host=q.example.org; sbd watchdog=10s }\n"
       "property fencing-watchdog-timeout=20s\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\nnode n3 { id=3; link lan 192.0.2.3 }\n",
       "cluster c { link lan; qdevice net host=q.example.org; sbd watchdog=40s }\n"
       "property fencing-watchdog-timeout=80s\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\nnode n3 { id=3; link lan 192.0.2.3 }\n"},
      {"W0474", "a fence agent that is killed while it waits",
       "A fence agent waits for up to `power_timeout` until the power is off, and also for `power_wait` and "
       "`delay`. The time of the device is `fencing-timeout`, or its own `pcmk_reboot_timeout`. If this time is "
       "shorter, the agent is killed. A killed agent counts as failed, and the cluster does not try it again.",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\n"
       "fence f stonith:fence_ipmilan for n1 { ip=192.0.2.9; power_timeout=100 }\n",
       "node n1 { id=1 }\nfencing n1: none \"an example\"\n"
       "fence f stonith:fence_ipmilan for n1 { ip=192.0.2.9; power_timeout=20 }\n"},
      {"W0475", "two nodes with watchdogs and no third vote",
       "A watchdog fires when its node loses quorum. With `two_node` no node loses quorum. After a split each "
       "side waits for `fencing-watchdog-timeout`, takes the other side for dead, and starts its resources.",
       "cluster c { link lan; quorum two_node=yes }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\nproperty fencing-watchdog-timeout=10s\n",
       "cluster c { link lan }\nnode n1 { id=1; link lan 192.0.2.1 }\nnode n2 { id=2; link lan 192.0.2.2 }\n"
       "node n3 { id=3; link lan 192.0.2.3 }\nproperty have-watchdog=yes fencing-watchdog-timeout=10s\n"},
      {"W0476", "one board for two nodes",
       "A management board sits in one machine and switches only that machine. Two fence devices with the address "
       "of one board are most often a copy with a forgotten address. The cluster then switches off the wrong "
       "node, and goes on as if the first node were dead.",
       "node n1 { id=1 }\nnode n2 { id=2 }\n"
       "fence f1 stonith:fence_ipmilan for n1 { ip=192.0.2.9; username=u; password=p }\n"
       "fence f2 stonith:fence_ipmilan for n2 { ip=192.0.2.9; username=u; password=p }\n",
       "node n1 { id=1 }\nnode n2 { id=2 }\n"
       "fence f1 stonith:fence_ipmilan for n1 { ip=192.0.2.9; username=u; password=p; pcmk_delay_base=5s }\n"
       "fence f2 stonith:fence_ipmilan for n2 { ip=192.0.2.10; username=u; password=p }\n"},
      {"W0477", "the address of a node instead of its board",
       "A management board has an address of its own, and answers when its node is dead. The address of the node "
       "itself does not answer then.",
       "cluster c { link lan }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "fence f1 stonith:fence_ipmilan for n1 { ip=192.0.2.1; username=u; password=p }\n",
       "cluster c { link lan }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "fence f1 stonith:fence_ipmilan for n1 { ip=192.0.2.101; username=u; password=p }\n"},
      {"W0478", "one device for two filesystems",
       "Two resources mount the same device in different places. Most often one is a copy with a forgotten "
       "device. On two nodes at a time, the two mounts destroy the data.",
       "primitive a ocf:heartbeat:Filesystem { device=/dev/vg/a; directory=/srv/a; fstype=ext4 }\n"
       "primitive b ocf:heartbeat:Filesystem { device=/dev/vg/a; directory=/srv/b; fstype=ext4 }\n",
       "op_defaults timeout=60s\nprimitive a ocf:heartbeat:Filesystem {\n"
       "  device=/dev/vg/a; directory=/srv/a; fstype=ext4\n  op monitor interval=20s timeout=40s\n}\n"
       "primitive b ocf:heartbeat:Filesystem {\n  device=/dev/vg/b; directory=/srv/b; fstype=ext4\n"
       "  op monitor interval=20s timeout=40s\n}\n"},
      {"W0479", "one address on every node",
       "A clone of an address puts the address on every node, and several machines answer for it. An address runs "
       "once. For load balancers that share an address, write `nic=lo` or `lvs_support`.",
       "primitive v ocf:heartbeat:IPaddr2 { ip=192.0.2.50 }\nclone c of v\n",
       "primitive v ocf:heartbeat:IPaddr2 { ip=192.0.2.50; op monitor interval=10s timeout=20s }\n"},
      {"W0480", "deprecated in Pacemaker 3",
       "Pacemaker 3 still accepts this, and says in its log that a later release will not. Picket warns only with "
       "`--target 3.0`. For an option with a new name, Picket writes the name that the target knows.",
       "", ""},
      {"W0481", "ignored by Pacemaker 3",
       "Pacemaker 3 does not know this any more: Pacemaker ignores the option, or drops the resource. Picket "
       "warns only with `--target 3.0`.",
       "", ""},
      {"W0482", "a different meaning in Pacemaker 3",
       "Pacemaker 3 makes another cluster from the same text than Pacemaker 2.1. Picket warns only with `--target "
       "3.0`. `picket test --as 2.1.10` and `picket test --as 3.0.2` play the policy with either release; `sweep` "
       "has the option too.",
       "", ""},
      {"W0483", "a resource that uses what another one brings",
       "The path of a device, a folder or a target exists only while another resource of this policy runs: a "
       "volume group, a disk of DRBD, a mounted filesystem. If nothing ties the two, the user may start "
       "first, or on another node. In a group, the resource that brings it stands to the left.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive vg ocf:heartbeat:LVM-activate {\n"
       "  vgname=vg0; vg_access_mode=system_id\n"
       "  op start timeout=90s; op stop timeout=90s; op monitor interval=30s timeout=90s\n"
       "}\n"
       "primitive fs ocf:heartbeat:Filesystem {\n"
       "  device=/dev/vg0/data; directory=/srv/data; fstype=xfs\n"
       "  op start timeout=60s; op stop timeout=60s; op monitor interval=20s timeout=40s\n"
       "}\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive vg ocf:heartbeat:LVM-activate {\n"
       "  vgname=vg0; vg_access_mode=system_id\n"
       "  op start timeout=90s; op stop timeout=90s; op monitor interval=30s timeout=90s\n"
       "}\n"
       "primitive fs ocf:heartbeat:Filesystem {\n"
       "  device=/dev/vg0/data; directory=/srv/data; fstype=xfs\n"
       "  op start timeout=60s; op stop timeout=60s; op monitor interval=20s timeout=40s\n"
       "}\n"
       "group data of vg, fs\n"},
      {"W0484", "a cluster filesystem without its lock manager",
       "GFS2, OCFS2 and lvmlockd need the distributed lock manager on every node before they start. "
       "`ocf:pacemaker:controld` starts it. The clone of the filesystem depends on the clone of the lock "
       "manager, and both interleave.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive fs ocf:heartbeat:Filesystem {\n"
       "  device=/dev/sdb1; directory=/srv/data; fstype=gfs2\n"
       "  op start timeout=60s; op stop timeout=60s; op monitor interval=20s timeout=40s\n"
       "}\n"
       "clone fs-c of fs { interleave=yes }\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "property no-quorum-policy=freeze\n"
       "primitive dlm ocf:pacemaker:controld { op start timeout=90s; op stop timeout=100s; op monitor interval=30s "
       "timeout=20s }\n"
       "clone dlm-c of dlm { interleave=yes }\n"
       "primitive fs ocf:heartbeat:Filesystem {\n"
       "  device=/dev/sdb1; directory=/srv/data; fstype=gfs2\n"
       "  op start timeout=60s; op stop timeout=60s; op monitor interval=20s timeout=40s\n"
       "}\n"
       "clone fs-c of fs { interleave=yes }\n"
       "depend fs-c on dlm-c\n"},
      {"W0485", "an agent that works only where it is promoted",
       "The agents of DRBD, Galera and other replicated services start a copy that serves nobody until it is "
       "promoted. A plain resource and a plain clone are never promoted.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive drbd ocf:linbit:drbd {\n"
       "  drbd_resource=r0\n"
       "  op start timeout=240s; op stop timeout=100s;\n"
       "  op monitor interval=29s timeout=20s\n"
       "}\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive drbd ocf:linbit:drbd {\n"
       "  drbd_resource=r0\n"
       "  op start timeout=240s; op stop timeout=100s; op promote timeout=90s; op demote timeout=90s; op notify "
       "timeout=90s\n"
       "  op monitor interval=29s timeout=20s role=promoted; op monitor interval=31s timeout=20s role=unpromoted\n"
       "}\n"
       "promotable drbd-ms of drbd { notify=yes }\n"},
      {"W0486", "a wait for the start where the promotion is meant",
       "The colocation puts the resource beside the promoted copy, and the order waits only until the copies "
       "have started. A copy starts first and is promoted later, so the resource may start too early and "
       "fail.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive drbd ocf:linbit:drbd {\n"
       "  drbd_resource=r0\n"
       "  op start timeout=240s; op stop timeout=100s; op promote timeout=90s; op demote timeout=90s; op notify "
       "timeout=90s\n"
       "  op monitor interval=29s timeout=20s role=promoted; op monitor interval=31s timeout=20s role=unpromoted\n"
       "}\n"
       "promotable drbd-ms of drbd { notify=yes }\n"
       "primitive fs ocf:heartbeat:Filesystem {\n"
       "  device=/dev/drbd0; directory=/srv/data; fstype=xfs\n"
       "  op start timeout=60s; op stop timeout=60s; op monitor interval=20s timeout=40s\n"
       "}\n"
       "colocation fs with promoted drbd-ms\n"
       "order drbd-ms then fs\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive drbd ocf:linbit:drbd {\n"
       "  drbd_resource=r0\n"
       "  op start timeout=240s; op stop timeout=100s; op promote timeout=90s; op demote timeout=90s; op notify "
       "timeout=90s\n"
       "  op monitor interval=29s timeout=20s role=promoted; op monitor interval=31s timeout=20s role=unpromoted\n"
       "}\n"
       "promotable drbd-ms of drbd { notify=yes }\n"
       "primitive fs ocf:heartbeat:Filesystem {\n"
       "  device=/dev/drbd0; directory=/srv/data; fstype=xfs\n"
       "  op start timeout=60s; op stop timeout=60s; op monitor interval=20s timeout=40s\n"
       "}\n"
       "depend fs on promoted drbd-ms\n"},
      {"W0487", "a promotion that follows what depends on it",
       "The promoted copy has to be where the address or the filesystem is. Usually the other way round is "
       "meant: the agent knows which copy is good, and the address follows it. As it stands, a failure of "
       "the address moves the promotion, and a bad copy may be promoted.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive drbd ocf:linbit:drbd {\n"
       "  drbd_resource=r0\n"
       "  op start timeout=240s; op stop timeout=100s; op promote timeout=90s; op demote timeout=90s; op notify "
       "timeout=90s\n"
       "  op monitor interval=29s timeout=20s role=promoted; op monitor interval=31s timeout=20s role=unpromoted\n"
       "}\n"
       "promotable drbd-ms of drbd { notify=yes }\n"
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; cidr_netmask=24; op monitor interval=10s timeout=20s }\n"
       "depend promoted drbd-ms on vip\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive drbd ocf:linbit:drbd {\n"
       "  drbd_resource=r0\n"
       "  op start timeout=240s; op stop timeout=100s; op promote timeout=90s; op demote timeout=90s; op notify "
       "timeout=90s\n"
       "  op monitor interval=29s timeout=20s role=promoted; op monitor interval=31s timeout=20s role=unpromoted\n"
       "}\n"
       "promotable drbd-ms of drbd { notify=yes }\n"
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; cidr_netmask=24; op monitor interval=10s timeout=20s }\n"
       "depend vip on promoted drbd-ms\n"},
      {"W0488", "a database of which one copy is promoted",
       "Galera serves clients on each promoted copy. Without `promoted-max` Pacemaker promotes one.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "node n3 { id=3 }\n"
       "fencing /^n/: none \"an example\"\n"
       "primitive galera ocf:heartbeat:galera {\n"
       "  wsrep_cluster_address=\"gcomm://n1,n2,n3\"\n"
       "  op start timeout=120s; op stop timeout=120s; op promote timeout=300s; op demote timeout=120s\n"
       "  op monitor interval=20s timeout=30s; op monitor interval=10s timeout=30s role=promoted\n"
       "  op monitor interval=30s timeout=30s role=unpromoted\n"
       "}\n"
       "promotable galera-ms of galera {  }\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "node n3 { id=3 }\n"
       "fencing /^n/: none \"an example\"\n"
       "primitive galera ocf:heartbeat:galera {\n"
       "  wsrep_cluster_address=\"gcomm://n1,n2,n3\"\n"
       "  op start timeout=120s; op stop timeout=120s; op promote timeout=300s; op demote timeout=120s\n"
       "  op monitor interval=20s timeout=30s; op monitor interval=10s timeout=30s role=promoted\n"
       "  op monitor interval=30s timeout=30s role=unpromoted\n"
       "}\n"
       "promotable galera-ms of galera { promoted-max=3 }\n"},
      {"W0489", "two exports with one number",
       "A client of NFS knows a filesystem by the `fsid` of its export. Two folders with one number are the "
       "same filesystem to it.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive e1 ocf:heartbeat:exportfs {\n"
       "  directory=/srv/a; clientspec=192.0.2.0/24; fsid=1; options=\"rw\"\n"
       "  op start timeout=40s; op stop timeout=120s; op monitor interval=10s timeout=20s\n"
       "}\n"
       "primitive e2 ocf:heartbeat:exportfs {\n"
       "  directory=/srv/b; clientspec=192.0.2.0/24; fsid=1; options=\"rw\"\n"
       "  op start timeout=40s; op stop timeout=120s; op monitor interval=10s timeout=20s\n"
       "}\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive e1 ocf:heartbeat:exportfs {\n"
       "  directory=/srv/a; clientspec=192.0.2.0/24; fsid=1; options=\"rw\"\n"
       "  op start timeout=40s; op stop timeout=120s; op monitor interval=10s timeout=20s\n"
       "}\n"
       "primitive e2 ocf:heartbeat:exportfs {\n"
       "  directory=/srv/b; clientspec=192.0.2.0/24; fsid=2; options=\"rw\"\n"
       "  op start timeout=40s; op stop timeout=120s; op monitor interval=10s timeout=20s\n"
       "}\n"},
      {"W0490", "different from the advice of a profile",
       "`check --profile NAME` compares a policy with the advice of a provider for its machines, or with a file "
       "of your own. Picket compares only if you ask for it, because the advice of one provider is wrong for "
       "another.",
       "", ""},
      {"W0491", "a remote node that nothing can fence",
       "When the connection to a remote node is lost, its resources start elsewhere only after the node has "
       "been fenced. Without a device they stay where nobody sees them.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "node far remote {\n"
       "  server=192.0.2.77\n"
       "  op start timeout=60s; op stop timeout=60s; op monitor interval=30s timeout=30s\n"
       "}\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "node far remote {\n"
       "  server=192.0.2.77\n"
       "  op start timeout=60s; op stop timeout=60s; op monitor interval=30s timeout=30s\n"
       "}\n"
       "fencing far: none \"an example\"\n"},
      {"W0492", "a clone of a fence device",
       "Every node uses a fence device, wherever the device runs. Copies only watch it more often.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive sbd stonith:fence_sbd { devices=/dev/disk/by-id/a; pcmk_delay_max=5s; op monitor interval=60s "
       "timeout=30s }\n"
       "clone sbd-c of sbd\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive sbd stonith:fence_sbd { devices=/dev/disk/by-id/a; pcmk_delay_max=5s; op monitor interval=60s "
       "timeout=30s }\n"},
      {"W0493", "a volume group for one node, on several",
       "With `system_id`, with a tag, or with an exclusive lock a volume group is active on one node at a "
       "time. The other copies of a clone fail. A group that several nodes use has `vg_access_mode=lvmlockd` "
       "and `activation_mode=shared`.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive vg ocf:heartbeat:LVM-activate {\n"
       "  vgname=vg0; vg_access_mode=system_id\n"
       "  op start timeout=90s; op stop timeout=90s; op monitor interval=30s timeout=90s\n"
       "}\n"
       "clone vg-c of vg { interleave=yes }\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive vg ocf:heartbeat:LVM-activate {\n"
       "  vgname=vg0; vg_access_mode=system_id\n"
       "  op start timeout=90s; op stop timeout=90s; op monitor interval=30s timeout=90s\n"
       "}\n"},
      {"W0494", "a disk under a name that changes",
       "The kernel numbers disks in the order in which it finds them. All nodes must open the same disk for "
       "SBD, so name the disk below `/dev/disk/by-id/`.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fence sbd stonith:fence_sbd for n1, n2 { devices=/dev/sda1; pcmk_delay_max=5s; op monitor interval=60s "
       "timeout=30s }\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fence sbd stonith:fence_sbd for n1, n2 { devices=/dev/disk/by-id/a; pcmk_delay_max=5s; op monitor interval=60s "
       "timeout=30s }\n"},
      {"W0495", "a comment that allows nothing",
       "A comment `# allow CODE: reason` silences a warning on its line. It needs an existing code and a "
       "reason. Errors cannot be allowed, except E0213.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive a ocf:heartbeat:Dummy\n"
       "primitive b ocf:heartbeat:Dummy\n"
       "depend a on b   # allow W0207\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive a ocf:heartbeat:Dummy\n"
       "primitive b ocf:heartbeat:Dummy\n"
       "colocation a with b   # allow W0207: the agent waits by itself\n"},
      {"W0496", "a ping from one node only",
       "A ping sets its attribute on the node where it runs. Rules that ask for the attribute forbid every "
       "other node. Run the ping as a clone.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive ping ocf:pacemaker:ping {\n"
       "  host_list=\"192.0.2.254\"\n"
       "  op start timeout=60s; op stop timeout=20s; op monitor interval=10s timeout=60s\n"
       "}\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive ping ocf:pacemaker:ping {\n"
       "  host_list=\"192.0.2.254\"\n"
       "  op start timeout=60s; op stop timeout=20s; op monitor interval=10s timeout=60s\n"
       "}\n"
       "clone ping-c of ping\n"},
      {"W0497", "a cluster filesystem that is to stop without quorum",
       "A part of a cluster that loses quorum gets no locks from the lock manager, and a filesystem such as "
       "GFS2 cannot be unmounted without them. With `no-quorum-policy=stop` the stop fails, and the nodes "
       "wait to be fenced. With `freeze` nothing is touched until quorum is back.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing /^n/: none \"an example\"\n"
       "primitive dlm ocf:pacemaker:controld { op start timeout=90s; op stop timeout=100s; op monitor interval=10s "
       "timeout=20s }\n"
       "clone dlms of dlm { interleave=yes }\n"
       "primitive fs ocf:heartbeat:Filesystem {\n"
       "  device=/dev/vg/data; directory=/srv/data; fstype=gfs2\n"
       "  op start timeout=60s; op stop timeout=60s; op monitor interval=20s timeout=40s\n"
       "}\n"
       "clone all of fs { interleave=yes }\n"
       "depend all on dlms\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing /^n/: none \"an example\"\n"
       "property no-quorum-policy=freeze\n"
       "primitive dlm ocf:pacemaker:controld { op start timeout=90s; op stop timeout=100s; op monitor interval=10s "
       "timeout=20s }\n"
       "clone dlms of dlm { interleave=yes }\n"
       "primitive fs ocf:heartbeat:Filesystem {\n"
       "  device=/dev/vg/data; directory=/srv/data; fstype=gfs2\n"
       "  op start timeout=60s; op stop timeout=60s; op monitor interval=20s timeout=40s\n"
       "}\n"
       "clone all of fs { interleave=yes }\n"
       "depend all on dlms\n"},
      {"W0498", "a value that nobody has filled in",
       "The value is what a template engine (`{{ vip }}`, `<%= vip %>`) or a person (`CHANGEME`, "
       "`<password>`) was to replace. Picket has variables of its own: `let vip = 192.0.2.50` and `${vip}`.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing /^n/: none \"an example\"\n"
       "primitive vip ocf:heartbeat:IPaddr2 { ip=\"{{ vip }}\"; cidr_netmask=24; op monitor interval=10s timeout=20s "
       "}\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing /^n/: none \"an example\"\n"
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; cidr_netmask=24; op monitor interval=10s timeout=20s }\n"},
      {"W0499", "more chains of colocations than are followed",
       "What a resource prefers counts for those that it is colocated with or kept apart from, and for theirs, along "
       "every "
       "chain. Resources that are all kept apart by an attribute have a chain for every subset of them: each resource "
       "more "
       "doubles the work. Picket stops after ten million steps, and preferences along the other chains do not count. "
       "Pacemaker follows them all.",
       "", ""},
      {"W0501", "a condition that is never true here",
       "Pacemaker reads each rule at a certain time, and does not know everything at that time. A cluster option "
       "is the same on all nodes, and Pacemaker reads a meta attribute before it chooses a node. So neither can "
       "depend on the attributes of a node. `resource(…)` works in `meta`, `rsc_defaults` and `op_defaults`. "
       "`op(…)` works in `op_defaults`. The date works everywhere. Use a `location` for the place of a resource, "
       "and `params when` for parameters that differ between nodes.",
       "property when rack == a { maintenance-mode=yes }\n",
       "property when date after 2026-11-01 { maintenance-mode=yes }\n"},
      {"W0502", "a date that never comes",
       "Hours go from 0 to 23, and weekdays from 1 (Monday) to 7 (Sunday). The end of a range is larger than its "
       "beginning, so write two ranges for a time across midnight. For Pacemaker any other range is false or has "
       "no effect.",
       "rsc_defaults when date(hours=22..3) { resource-stickiness=0 }\n",
       "rsc_defaults when date(hours=22..23) or date(hours=0..3) { resource-stickiness=0 }\n"},
      {"W0503", "a claim that no cluster can fulfil",
       "Corosync waits for its token timeout and then for its consensus timeout before a silent node counts as "
       "lost. Each node beyond the second makes this time longer. Any reaction begins only after that.",
       "cluster c { link lan; quorum two_node=yes }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\nfence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"
       "primitive a ocf:heartbeat:Dummy\n"
       "test \"t\" { given running a on n1; kill n1; expect downtime(a) < 5s }\n",
       "cluster c { link lan; quorum two_node=yes }\nnode n1 { id=1; link lan 192.0.2.1 }\n"
       "node n2 { id=2; link lan 192.0.2.2 }\nfence f stonith:fence_ipmilan for n1, n2 { pcmk_delay_max=5s }\n"
       "primitive a ocf:heartbeat:Dummy\n"
       "test \"t\" { given running a on n1; kill n1; expect downtime(a) < 60s }\n"},
      {"W0504", "an attribute that no node has",
       "A rule looks at an attribute of nodes. No node of the policy has this attribute, no known agent sets it, "
       "and no test sets it. If a program outside the policy sets the attribute, write `# allow W0504: reason`.",
       "node n1 { id=1; attributes rack=a }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a prefers where rak == a score=10\n",
       "node n1 { id=1; attributes rack=a }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a prefers where rack == a score=10\n"},
      {"W0505", "a value that no node has",
       "The nodes have the attribute, but no node has this value. Or the rule compares the values as numbers, and "
       "the values are not numbers. The comparison is never true.",
       "node n1 { id=1; attributes rack=a }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a prefers where rack == c score=10\n",
       "node n1 { id=1; attributes rack=a }\nfencing n1: none \"an example\"\nprimitive a ocf:heartbeat:Dummy\n"
       "location a prefers where rack == a score=10\n"},
      {"W0506", "a pattern that matches nothing",
       "No resource has a name in which the pattern is found, or no node has. The statement is about "
       "nothing.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive web-1 ocf:heartbeat:Dummy\n"
       "location /^wbe-/ never n1\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive web-1 ocf:heartbeat:Dummy\n"
       "location /^web-/ never n1\n"},
      {"W0507", "a condition about nothing",
       "No resource of the policy has this class, provider or agent, or no operation has this name. The "
       "condition is never true.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; cidr_netmask=24; op monitor interval=10s timeout=20s }\n"
       "rsc_defaults when resource(type=IPadr2) { resource-stickiness=5 }\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing n1: none \"an example\"\n"
       "fencing n2: none \"an example\"\n"
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; cidr_netmask=24; op monitor interval=10s timeout=20s }\n"
       "rsc_defaults when resource(type=IPaddr2) { resource-stickiness=5 }\n"},
      {"W0508", "a promotable that its agent cannot serve",
       "An agent that replicates a database needs to know between which nodes. Without these parameters it "
       "runs a single database; on a node that its list does not have, it fails.",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing /^n/: none \"an example\"\n"
       "primitive pg ocf:heartbeat:pgsql {\n"
       "  rep_mode=sync; master_ip=192.0.2.50; node_list=\"n1\"\n"
       "  op start timeout=120s; op stop timeout=120s; op promote timeout=120s; op demote timeout=120s; op notify "
       "timeout=90s\n"
       "  op monitor interval=7s timeout=30s role=promoted; op monitor interval=8s timeout=30s role=unpromoted\n"
       "}\n"
       "promotable pgs of pg { notify=yes }\n"
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; cidr_netmask=24; op monitor interval=10s timeout=20s }\n"
       "depend vip on promoted pgs\n",
       "node n1 { id=1 }\n"
       "node n2 { id=2 }\n"
       "fencing /^n/: none \"an example\"\n"
       "primitive pg ocf:heartbeat:pgsql {\n"
       "  rep_mode=sync; master_ip=192.0.2.50; node_list=\"n1 n2\"\n"
       "  op start timeout=120s; op stop timeout=120s; op promote timeout=120s; op demote timeout=120s; op notify "
       "timeout=90s\n"
       "  op monitor interval=7s timeout=30s role=promoted; op monitor interval=8s timeout=30s role=unpromoted\n"
       "}\n"
       "promotable pgs of pg { notify=yes }\n"
       "primitive vip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; cidr_netmask=24; op monitor interval=10s timeout=20s }\n"
       "depend vip on promoted pgs\n"},
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
