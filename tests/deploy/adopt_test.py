"""`picket drift --adopt` and `--revert` for every kind of object, with Pacemaker's cibadmin on a CIB in a file.

    adopt_test.py PICKET [-k WORD]

Somebody changes one thing behind the policy's back. The drift is told; adopted, the change stands in the policy at the
right place, in canonical spelling, and there is no drift; taken back, the cluster is as before. Skipped where cibadmin
is not installed.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

NODES = "".join('<node id="%d" uname="n%d"/>' % (n, n) for n in (1, 2, 3))
EMPTY = ('<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.7" admin_epoch="0" epoch="1" num_updates="0">'
         '<configuration><crm_config/><nodes>%s</nodes><resources/><constraints/></configuration><status/></cib>'
         % NODES)
POLICY = """# The shop.
cluster shop {
  link lan
}

node n1 {
  id=1
  link lan 192.0.2.1
  attributes rack=a
  utilization memory=100
}

node n2 {
  id=2
  link lan 192.0.2.2
}

node n3 {
  id=3
  link lan 192.0.2.3
}

property cluster-recheck-interval=7min
rsc_defaults { resource-stickiness=100 }
op_defaults { timeout=33s }

rsc_template base ocf:pacemaker:Dummy {
  fake=base
  op monitor interval=10s timeout=20s
}

primitive web ocf:pacemaker:Dummy {
  # Why it is one.
  fake=one
  meta priority=5
  utilization memory=10
  op monitor interval=10s timeout=20s
}

primitive db ocf:pacemaker:Dummy { op monitor interval=10s timeout=20s }
primitive from-base from base
primitive one ocf:pacemaker:Dummy { op monitor interval=10s timeout=20s }
primitive two ocf:pacemaker:Dummy { op monitor interval=10s timeout=20s }
group pair of one, two

primitive each ocf:pacemaker:Dummy { op monitor interval=10s timeout=20s }
clone all of each { interleave=yes }

primitive s ocf:pacemaker:Stateful {
  op monitor interval=10s role=promoted
  op monitor interval=11s role=unpromoted
}
promotable ms of s { promoted-max=1 }

bundle box podman {
  image="localhost/box"
  replicas=1
}

fence f1 stonith:fence_dummy for n1, n2, n3
fence f2 stonith:fence_dummy for n1, n2, n3

location at-home: web prefers n2 score=200
location by-rack: db prefers where rack == a score=100
colocation near: db with web score=500
order first-web: web then db
order many: [one, db]
tag both of web, db
ticket gate: site grants db on-loss=stop

role operator { read all }
acl user alice is operator
alert mail /bin/true { recipient a@b }
"""


class Wrong(Exception):
    """Something is not as it should be."""


def find(root, ident):
    for element in root.iter():
        if element.get("id") == ident:
            return element
    raise Wrong("there is no %s in\n%s" % (ident, ET.tostring(root, encoding="unicode")))


def parent_of(root, child):
    return next(element for element in root.iter() if child in list(element))


def put(path, text, first=False):
    """An element more below the one with that id, or below that section."""
    def edit(root):
        place = root.find("configuration/" + path)
        place = find(root, path) if place is None else place
        if isinstance(text, str):
            element = ET.fromstring(text)
            place.insert(0 if first else len(place), element)
    return edit


def section(name, text):
    def edit(root):
        configuration = root.find("configuration")
        place = configuration.find(name)
        if place is None:
            place = ET.SubElement(configuration, name)
        place.append(ET.fromstring(text))
    return edit


def drop(ident):
    def edit(root):
        element = find(root, ident)
        parent_of(root, element).remove(element)
    return edit


def attribute(ident, name, value):
    def edit(root):
        element = find(root, ident)
        if value is None:
            del element.attrib[name]
        else:
            element.set(name, value)
    return edit


def pair(ident, name, value):
    """The value of a pair anywhere below the element with that id."""
    def edit(root):
        found = [each for each in find(root, ident).iter("nvpair") if each.get("name") == name]
        if not found:
            raise Wrong("%s has no %s" % (ident, name))
        found[0].set("value", value)
    return edit


def no_pair(ident, name):
    def edit(root):
        holder = find(root, ident)
        found = next(each for each in holder.iter("nvpair") if each.get("name") == name)
        parent_of(root, found).remove(found)
    return edit


def operation(ident, what):
    def edit(root):
        what(find(root, ident).find("operations").find("op"))
    return edit


def block(ident, tag, name, value):
    """A pair in the first block of that kind, which is made where it is missing."""
    def edit(root):
        holder = find(root, ident)
        place = holder.find(tag)
        if place is None:
            place = ET.Element(tag, id="x-%s-%s" % (ident, tag))
            holder.insert(0, place)
        ET.SubElement(place, "nvpair", id="x-%s-%s-%s" % (ident, tag, name), name=name, value=value)
    return edit


def turned(ident):
    def edit(root):
        group = find(root, ident)
        members = [child for child in group if child.tag == "primitive"]
        group.remove(members[0])
        group.append(members[0])
    return edit


def option(name, value):
    def edit(root):
        place = next(each for each in root.find("configuration/crm_config") if each.get("id") != "picket")
        ET.SubElement(place, "nvpair", id="opt-" + name, name=name, value=value)
    return edit


DUMMY = '<primitive id="%s" class="ocf" provider="pacemaker" type="Dummy"/>'
# What, the change, and what stands in the policy after it was adopted (None: that nothing of this kind does).
KINDS = (
    ("parameter, another value", pair("web", "fake", "two"), r"(?s)# Why it is one.\n  fake=two\n", None),
    ("parameter more", block("web", "instance_attributes", "state", "/run/w"), r"state=\"?/run/w", None),
    ("parameter less", no_pair("web", "fake"), None, r"fake=one"),
    ("meta, another value", pair("web", "priority", "9"), r"meta priority=9", None),
    ("meta more", block("db", "meta_attributes", "target-role", "Stopped"), r"(?s)primitive db [^}]*target-role=",
     None),
    ("meta less", no_pair("web", "priority"), None, r"priority=5"),
    ("utilization, another value", pair("web", "memory", "20"), r"utilization memory=20", None),
    ("utilization more", block("db", "utilization", "cpu", "2"), r"(?s)primitive db [^}]*utilization cpu=2", None),
    ("operation, another timeout", operation("web", lambda op: op.set("timeout", "25s")), r"timeout=25s", None),
    ("operation, another interval", operation("web", lambda op: op.set("interval", "15s")), r"interval=15s", None),
    ("operation more", lambda root: find(root, "web").find("operations").append(
        ET.fromstring('<op id="web-start" name="start" interval="0" timeout="44s"/>')), r"op start [^\n]*timeout=44s",
     None),
    ("operation less", lambda root: find(root, "db").remove(find(root, "db").find("operations")),
     r"primitive db ocf:pacemaker:Dummy(?! *\{[^}]*op)", None),
    ("another agent", attribute("db", "provider", "heartbeat"), r"primitive db ocf:heartbeat:Dummy", None),
    ("primitive more", put("resources", DUMMY % "new"), r"primitive new ocf:pacemaker:Dummy", None),
    ("primitive less", lambda root: [drop("from-base")(root)], None, r"primitive from-base"),
    ("a parameter over the template's", block("from-base", "instance_attributes", "fake", "mine"),
     r"(?s)from base \{[^}]*fake=mine", None),
    ("template, another value", pair("base", "fake", "other"), r"(?s)rsc_template base[^}]*fake=other", None),
    ("template more", put("resources", '<template id="t2" class="ocf" provider="pacemaker" type="Dummy"/>'),
     r"rsc_template t2", None),
    ("group, turned", turned("pair"), r"group pair of two, one|group pair \{?\s*of two, one", None),
    ("group member more", put("pair", DUMMY % "three"), r"group pair of one, two, three", None),
    ("group member less", drop("two"), r"group pair of one\b(?!, two)", r"primitive two"),
    ("group more", put("resources", '<group id="g2">%s</group>' % DUMMY % "in-g2"), r"group g2 of in-g2", None),
    ("clone, another value", pair("all", "interleave", "false"), r"interleave=(no|false)", None),
    ("clone more options", block("all", "meta_attributes", "clone-max", "2"), r"(?s)clone all of each [^}]*clone-max=2",
     None),
    ("clone more", put("resources", '<clone id="c2">%s</clone>' % DUMMY % "in-c2"), r"clone c2 of in-c2", None),
    ("promotable, another value", pair("ms", "promoted-max", "2"), r"promoted-max=2", None),
    ("bundle, another value", lambda root: find(root, "box").find("podman").set("replicas", "2"), r"replicas=2", None),
    ("bundle more", put("resources", '<bundle id="b2"><podman image="localhost/x" replicas="1"/></bundle>'),
     r"bundle b2",
     None),
    ("location, another score", attribute("at-home", "score", "300"), r"at-home: web prefers n2 score=300", None),
    ("location, another node", attribute("at-home", "node", "n3"), r"at-home: web prefers n3", None),
    ("location more", put("constraints", '<rsc_location id="l2" rsc="db" node="n1" score="-INFINITY"/>'),
     r"location l2: db never n1|l2.*db.*n1", None),
    ("location less", drop("at-home"), None, r"at-home"),
    ("rule, another value", lambda root: next(find(root, "by-rack").iter("expression")).set("value", "b"),
     r"by-rack: db prefers where rack == b", None),
    ("rule, another score", lambda root: next(find(root, "by-rack").iter("rule")).set("score", "55"), r"score=55",
     None),
    ("rule more", put("constraints", '<rsc_location id="l3" rsc="web"><rule id="l3-r" score="-INFINITY"><expression '
                      'id="l3-e" attribute="rack" operation="not_defined"/></rule></rsc_location>'),
     r"location l3: web never where not defined\(rack\)", None),
    ("colocation, another score", attribute("near", "score", "600"), r"near: db with web score=600", None),
    ("colocation more", put("constraints",
     '<rsc_colocation id="c3" rsc="from-base" with-rsc="web" score="-INFINITY"/>'),
     r"(?m)^.*from-base.*web|web.*from-base", None),
    ("colocation less", drop("near"), None, r"colocation near"),
    ("colocation of sets more", put("constraints",
     '<rsc_colocation id="c4" score="50"><resource_set id="c4-0"><resource_ref '
                                    'id="web"/><resource_ref id="db"/></resource_set></rsc_colocation>'),
     r"colocation c4", None),
    ("order, another kind", attribute("first-web", "kind", "Optional"), r"(?i)first-web: web then db [^\n]*optional",
     None),
    ("order more", put("constraints", '<rsc_order id="o2" first="web" then="from-base"/>'), r"web then from-base",
     None),
    ("order less", drop("first-web"), None, r"first-web"),
    ("order of sets, one more", lambda root: next(find(root, "many").iter("resource_set")).append(
        ET.fromstring('<resource_ref id="from-base"/>')), r"order many: \[?one, db, from-base", None),
    ("ticket, another policy", attribute("gate", "loss-policy", "freeze"), r"on-loss=freeze", None),
    ("ticket more", put("constraints", '<rsc_ticket id="t3" ticket="far" rsc="web" loss-policy="stop"/>'),
     r"ticket t3: far grants web", None),
    ("option, another value", lambda root: next(each for each in root.iter("nvpair") if each.get("name") ==
                                                "cluster-recheck-interval").set("value", "9min"),
     r"property cluster-recheck-interval=9min", None),
    ("option more", option("stop-all-resources", "false"), r"property stop-all-resources=(no|false)", None),
    ("option less", lambda root: [parent.remove(each) for parent in root.iter("cluster_property_set") for each in
                                  list(parent) if each.get("name") == "cluster-recheck-interval"], None,
     r"cluster-recheck-interval"),
    ("resource default, another value", lambda root: next(root.find("configuration/rsc_defaults").iter("nvpair")).set(
        "value", "200"), r"resource-stickiness=200", None),
    ("resource default more", lambda root: root.find("configuration/rsc_defaults")[0].append(
        ET.fromstring('<nvpair id="rd" name="migration-threshold" value="3"/>')), r"migration-threshold=3", None),
    ("operation default, another value", lambda root: next(root.find("configuration/op_defaults").iter("nvpair")).set(
        "value", "44s"), r"op_defaults \{[^}]*timeout=44s", None),
    ("node attribute, another value", pair("1", "rack", "z"), r"attributes rack=z", None),
    ("node attribute more", block("2", "instance_attributes", "site", "b"), r"(?s)node n2 \{[^}]*attributes site=b",
     None),
    ("node attribute less", no_pair("1", "rack"), None, r"attributes rack=a"),
    ("node utilization, another value", pair("1", "memory", "200"), r"utilization memory=200", None),
    ("node utilization more", block("2", "utilization", "memory", "50"), r"(?s)node n2 \{[^}]*utilization memory=50",
     None),
    ("tag, one more", put("both", '<obj_ref id="from-base"/>'), r"tag both of web, db, from-base", None),
    ("tag more", section("tags", '<tag id="t4"><obj_ref id="web"/></tag>'), r"tag t4 of web", None),
    ("tag less", drop("both"), None, r"tag both"),
    ("fencing level more", section("fencing-topology", '<fencing-level id="fl1" target="n1" index="1" devices="f1"/>'),
     r"(?m)^fencing n1: f1$", None),
    ("alert, another recipient", lambda root: find(root, "mail").find("recipient").set("value", "c@d"), r"c@d", r"a@b"),
    ("alert more", section("alerts", '<alert id="a2" path="/bin/false"/>'), r"alert a2 /bin/false", None),
    ("alert less", drop("mail"), None, r"alert mail"),
    ("role, one permission more", put("operator", '<acl_permission id="p2" kind="write" xpath="//constraints"/>'),
     r"(?s)role operator \{[^}]*write", None),
    ("role more", section("acls", '<acl_role id="r2"><acl_permission id="p3" kind="read" xpath="/cib"/></acl_role>'),
     r"role r2 ", None),
    ("user more", section("acls", '<acl_target id="bob"><role id="operator"/></acl_target>'),
     r"acl user bob is operator",
     None),
    ("user less", drop("alice"), None, r"user alice"),
)


class Bench:
    def __init__(self, picket):
        self.picket, self.folder = picket, tempfile.mkdtemp(prefix="picket-adopt-")
        self.cib = self.folder + "/cib.xml"
        self.environment = dict(os.environ, CIB_file=self.cib, XDG_STATE_HOME=self.folder, HOME=self.folder,
                                PATH=os.environ.get("PATH", "") + ":/usr/sbin")

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8") as file:
            return file.read()

    def run(self, *words, status=0):
        done = subprocess.run([self.picket, *words], capture_output=True, text=True, env=self.environment, check=False)
        if done.returncode != status:
            raise Wrong("picket %s ends with %d, not %d:\n%s%s" %
                        (" ".join(words), done.returncode, status, done.stdout, done.stderr))
        return done.stdout + done.stderr

    def change(self, edit):
        root = ET.fromstring(self.read("cib.xml"))
        edit(root)
        root.set("epoch", str(int(root.get("epoch")) + 1))
        done = subprocess.run(["cibadmin", "--replace", "--xml-pipe"], input=ET.tostring(root, encoding="unicode"),
                              capture_output=True, text=True, env=self.environment, check=False)
        if done.returncode != 0:
            raise Wrong("Pacemaker does not take it: " + done.stderr)

    def kind(self, edit, there, gone):
        base = self.read("base.xml")
        self.write("cib.xml", base)
        policy = self.write("shop.picket", POLICY)
        self.change(edit)
        told = self.run("drift", policy, status=5)
        if not self.run("drift", policy, "--adopt").strip():
            raise Wrong("nothing is said of what was adopted")
        text = re.sub(" += +", "=", self.read("shop.picket"))
        if there and not re.search(there, text) or gone and re.search(gone, text):
            raise Wrong("it is not at its place; drift was\n%s\nthe policy is now\n%s" % (told, text))
        lost = [line for line in ("# The shop.", "# Why it is one.") if line not in text]
        if lost:
            raise Wrong("%s is lost of\n%s" % (lost, text))
        self.run("drift", policy)
        self.run("fmt", "--check", policy)
        # And back, by the policy as it was.
        self.run("drift", self.write("old.picket", POLICY), "--revert", "--yes")
        self.run("drift", self.folder + "/old.picket")


def main():
    only = sys.argv[3] if len(sys.argv) > 3 and sys.argv[2] == "-k" else ""
    bench = Bench(os.path.realpath(sys.argv[1]))
    if not shutil.which("cibadmin", path=bench.environment["PATH"]):
        print("skipped: cibadmin is not installed")
        return 0
    bench.write("cib.xml", EMPTY)
    bench.run("apply", bench.write("shop.picket", POLICY), "--to", "pacemaker", "--yes")
    bench.run("fmt", bench.folder + "/shop.picket")
    shutil.copy(bench.cib, bench.folder + "/base.xml")
    wrong = 0
    for what, edit, there, gone in KINDS:
        if only not in what:
            continue
        try:
            bench.kind(edit, there, gone)
        except Wrong as fault:
            wrong += 1
            print("FAIL  %s: %s" % (what, fault), flush=True)
    print("%d of %d changes are adopted and taken back" % (len(KINDS) - wrong, len(KINDS)))
    shutil.rmtree(bench.folder)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
