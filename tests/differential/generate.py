"""Random clusters for the comparison with the installed crm_simulate (tests/differential/run).

A cluster is a tree of plain lists and dictionaries, so that it can be shrunk by leaving parts out: see Cluster.parts().
Everything is drawn from one random.Random, so a seed gives the same cluster on every machine.
"""
import random
from xml.sax.saxutils import quoteattr

ROLES = ("Started", "Promoted", "Unpromoted", "Stopped")
SCORES = ("INFINITY", "-INFINITY", "1000", "500", "100", "10", "1", "-1", "-10", "-100", "-1000", "1000000", "0")


class Element:
    """An XML element; `optional` says that the cluster still makes sense without it."""

    def __init__(self, tag, attributes=None, children=None, optional=False):
        self.tag = tag
        self.attributes = dict(attributes or {})
        self.children = list(children or [])
        self.optional = optional

    def text(self, depth=0):
        blank = "  " * depth
        line = blank + "<" + self.tag + "".join(" %s=%s" % (k, quoteattr(str(v))) for k, v in self.attributes.items())
        if not self.children:
            return line + "/>\n"
        return line + ">\n" + "".join(c.text(depth + 1) for c in self.children) + blank + "</" + self.tag + ">\n"

    def copy(self):
        return Element(self.tag, self.attributes, [c.copy() for c in self.children], self.optional)

    def all(self):
        yield self
        for child in self.children:
            yield from child.all()


def drop_dangling(cluster):
    """Takes out the constraints that name something that is gone."""
    known = {e.attributes["id"] for e in cluster.all() if e.tag in ("primitive", "group", "clone", "bundle")}

    def dangles(constraint):
        named = [constraint.attributes[k] for k in ("rsc", "with-rsc", "first", "then") if k in constraint.attributes]
        named += [e.attributes["id"] for e in constraint.all() if e.tag == "resource_ref"]
        return any(name not in known for name in named)
    for section in cluster.all():
        if section.tag == "constraints":
            section.children = [c for c in section.children if not dangles(c)]
        if section.tag == "group" and not section.children:
            section.optional = True


class Generator:
    def __init__(self, seed, options):
        self.random = random.Random(seed)
        self.options = options  # the names of the fencing options: `stonith` or `fencing`
        self.number = 0
        self.nodes, self.remote, self.primitives, self.tops, self.promotable = [], [], [], [], []
        self.groups, self.clones, self.bundles = [], [], []

    # --- small things

    def id(self, kind):
        self.number += 1
        return "%s-%d" % (kind, self.number)

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def pick(self, things):
        return self.random.choice(list(things))

    def block(self, tag, pairs, **attributes):
        children = [Element("nvpair", {"id": self.id("nv"), "name": n, "value": v}, optional=True) for n, v in pairs]
        return Element(tag, dict({"id": self.id(tag[:2])}, **attributes), children, optional=True)

    # --- resources

    def meta(self, extra=()):
        pairs = list(extra)
        r = self.random
        for name, percent, values in (("resource-stickiness", 25, ("1", "100", "INFINITY", "-1", "0")),
                                      ("priority", 20, ("0", "5", "10", "-5")),
                                      ("migration-threshold", 15, ("1", "2", "3", "INFINITY")),
                                      ("failure-timeout", 10, ("10s", "60s", "1h")),
                                      ("target-role", 8, ROLES),
                                      ("is-managed", 6, ("false", "true")),
                                      ("maintenance", 3, ("true", "false")),
                                      ("multiple-active", 6, ("stop_start", "stop_only", "block", "stop_unexpected")),
                                      ("requires", 6, ("nothing", "quorum", "fencing", "unfencing")),
                                      ("critical", 6, ("false", "true"))):
            if r.random() * 100 < percent:
                pairs.append((name, r.choice(values)))
        return [self.block("meta_attributes", pairs)] if pairs else []

    def operations(self, promotable):
        r, ops = self.random, []

        def op(name, interval, **more):
            if self.chance(20):
                more["on-fail"] = self.pick(("restart", "block", "stop", "standby", "fence", "ignore", "demote"))
            if self.chance(20):
                more["timeout"] = self.pick(("20s", "30s", "60s", "90"))
            if self.chance(4):
                more["enabled"] = self.pick(("true", "false"))
            ops.append(Element("op", dict({"id": self.id("op"), "name": name, "interval": interval}, **more),
                               optional=True))
        if promotable:
            if self.chance(80):
                op("monitor", "%ds" % r.randint(10, 14), role="Promoted")
            if self.chance(80):
                op("monitor", "%ds" % r.randint(15, 19), role="Unpromoted")
        elif self.chance(75):
            op("monitor", "%ds" % r.randint(10, 30))
        if self.chance(8):
            op("monitor", "%ds" % r.randint(40, 50), role="Stopped")
        for name in ("start", "stop", "promote", "demote", "migrate_to"):
            if self.chance(20 if name in ("start", "stop") else 5):
                op(name, "0")
        return [Element("operations", {}, ops, optional=True)] if ops else []

    def primitive(self, name, promotable=False, plain=False):
        agent = {"class": "ocf", "provider": "pacemaker", "type": "Stateful" if promotable else "Dummy"}
        extra = []
        if not plain and self.chance(20):
            extra.append(("allow-migrate", "true"))
        children = self.meta(extra)
        if self.chance(25):
            children.append(self.block("instance_attributes", [("fake", self.pick("abc"))]))
        if self.utilization and self.chance(60):
            children.append(self.block("utilization", [(n, self.random.randint(1, 4)) for n in ("cpu", "mem")
                                                       if self.chance(70)]))
        children += self.operations(promotable)
        self.primitives.append(name)
        return Element("primitive", dict({"id": name}, **agent), children, optional=True)

    def group(self, name):
        members = [self.primitive("%sm%d" % (name, i)) for i in range(self.random.randint(1, 4))]
        extra = []
        if self.chance(8):
            extra.append(("ordered", "false"))
        if self.chance(5):
            extra.append(("collocated", "false"))
        self.groups.append(name)
        return Element("group", {"id": name}, self.meta(extra) + members, optional=True)

    def clone(self, name):
        promotable, r, extra = self.chance(45), self.random, []
        if promotable:
            extra.append(("promotable", "true"))
            self.promotable.append(name)
        for key, percent, values in (("clone-max", 35, ("1", "2", "3", "5", "0")),
                                     ("clone-node-max", 15, ("1", "2", "3")),
                                     ("globally-unique", 15, ("true", "false")),
                                     ("interleave", 40, ("true", "false")), ("ordered", 25, ("true", "false")),
                                     ("notify", 25, ("true", "false")), ("clone-min", 8, ("1", "2")),
                                     ("promoted-max", 20 if promotable else 0, ("1", "2", "0")),
                                     ("promoted-node-max", 5 if promotable else 0, ("1", "2"))):
            if r.random() * 100 < percent:
                extra.append((key, r.choice(values)))
        if self.chance(30):
            child = self.group(name + "g")
            self.groups.remove(name + "g")
        else:
            child = self.primitive(name + "p", promotable, plain=True)
        child.optional = False
        self.clones.append(name)
        return Element("clone", {"id": name}, self.meta(extra) + [child], optional=True)

    def bundle(self, name):
        container = {"image": "img:1"}
        for key, percent, values in (("replicas", 70, ("1", "2", "3")), ("replicas-per-host", 15, ("1", "2")),
                                     ("promoted-max", 30, ("1", "2"))):
            if self.chance(percent):
                container[key] = self.pick(values)
        children = self.meta() + [Element(self.pick(("docker", "podman")), container)]
        child = self.chance(75)
        network = {}
        if child or self.chance(50):
            network["ip-range-start"] = "10.0.%d.1" % self.random.randint(1, 200)
        if child or network:
            children.append(Element("network", network))
        if child:
            children.append(self.primitive(name + "p", "promoted-max" in container, plain=True))
        self.bundles.append(name)
        return Element("bundle", {"id": name}, children, optional=True)

    def guest(self, name):
        element = self.primitive(name)
        node = "g" + name
        element.children.append(self.block("meta_attributes", [("remote-node", node)]))
        self.remote.append(node)
        return element

    def remote_node(self, name):
        element = Element("primitive", {"id": name, "class": "ocf", "provider": "pacemaker", "type": "remote"},
                          self.meta() + [self.block("instance_attributes", [("server", "h-" + name)])] +
                          self.operations(False), optional=True)
        self.remote.append(name)
        return element

    def resources(self, count):
        tops = []
        if self.fencing:
            tops.append(Element("primitive", {"id": "fencing", "class": "stonith", "type": "fence_dummy"},
                                [self.block("instance_attributes", [("mode", "pass")])], optional=False))
        while len(self.primitives) < count:
            name = "r%d" % len(tops)
            kind = self.random.random()
            if kind < 0.40:
                tops.append(self.primitive(name))
            elif kind < 0.60:
                tops.append(self.group(name))
            elif kind < 0.85:
                tops.append(self.clone(name))
            elif kind < 0.90 and self.containers:
                tops.append(self.bundle(name))
            elif kind < 0.95 and self.containers:
                tops.append(self.guest(name))
            elif kind < 0.97 and self.containers:
                tops.append(self.remote_node(name))
            self.tops = [t.attributes["id"] for t in tops if t.attributes["id"] != "fencing"]
        return tops

    # --- constraints

    def expression(self):
        attribute = self.pick(("rack", "#uname", "#kind", "site"))
        operation = self.pick(("eq", "ne", "defined", "not_defined"))
        attributes = {"id": self.id("ex"), "attribute": attribute, "operation": operation}
        if operation in ("eq", "ne"):
            attributes["value"] = self.pick(self.nodes + ["a", "b", "remote"])
        return Element("expression", attributes)

    def location(self):
        attributes = {"id": self.id("loc"), "rsc": self.target()}
        if self.chance(15):
            attributes["resource-discovery"] = self.pick(("always", "never", "exclusive"))
        if self.chance(35):
            rule = {"id": self.id("rule"), "score": self.pick(SCORES)}
            if self.chance(50):
                rule["boolean-op"] = self.pick(("and", "or"))
            if self.chance(20):
                rule["role"] = self.pick(ROLES)
            inner = [self.expression() for _ in range(self.random.randint(1, 2))]
            return Element("rsc_location", attributes, [Element("rule", rule, inner)], optional=True)
        if self.chance(12):
            attributes["role"] = self.pick(ROLES)
        return Element("rsc_location", dict(attributes, node=self.pick(self.nodes + self.remote),
                                            score=self.pick(SCORES)), optional=True)

    def target(self):
        return self.pick(self.tops + (self.primitives if self.chance(25) else []))

    def set(self, reference, **choices):
        attributes = {"id": self.id("set")}
        for key, (percent, values) in choices.items():
            if self.chance(percent):
                attributes[key.replace("_", "-")] = self.pick(values)
        members = self.random.sample(self.tops, min(len(self.tops), self.random.randint(1, 3)))
        return Element("resource_set", attributes, [Element("resource_ref", {"id": m}) for m in members])

    def colocation(self):
        attributes = {"id": self.id("col"), "score": self.pick(SCORES)}
        if self.chance(12):
            sets = [self.set("rsc", sequential=(40, ("true", "false")), role=(15, ROLES))
                    for _ in range(self.random.randint(1, 2))]
            return Element("rsc_colocation", attributes, sets, optional=True)
        attributes.update({"rsc": self.target(), "with-rsc": self.target()})
        if self.chance(20):
            attributes["rsc-role"] = self.pick(ROLES)
        if self.chance(20):
            attributes["with-rsc-role"] = self.pick(ROLES)
        if self.chance(8):
            attributes["node-attribute"] = "rack"
        if self.chance(8):
            attributes["influence"] = self.pick(("true", "false"))
        return Element("rsc_colocation", attributes, optional=True)

    def order(self):
        attributes = {"id": self.id("ord")}
        if self.chance(70):
            attributes["kind"] = self.pick(("Mandatory", "Mandatory", "Optional", "Serialize"))
        if self.chance(15) and attributes.get("kind") != "Serialize":
            attributes["symmetrical"] = self.pick(("true", "false"))
        if self.chance(12):
            sets = [self.set("rsc", sequential=(40, ("true", "false")), require_all=(20, ("true", "false")),
                             action=(15, ("start", "stop", "promote", "demote")))
                    for _ in range(self.random.randint(1, 2))]
            return Element("rsc_order", attributes, sets, optional=True)
        attributes.update({"first": self.target(), "then": self.target()})
        if self.chance(20):
            attributes["first-action"] = self.pick(("start", "stop", "promote", "demote"))
        if self.chance(15):
            attributes["then-action"] = self.pick(("start", "stop", "promote", "demote"))
        return Element("rsc_order", attributes, optional=True)

    def ticket(self):
        attributes = {"id": self.id("tic"), "rsc": self.target(), "ticket": "T" + self.pick("ab")}
        if self.chance(40):
            attributes["loss-policy"] = self.pick(("stop", "demote", "fence", "freeze"))
        if self.chance(30):
            attributes["rsc-role"] = self.pick(ROLES)
        return Element("rsc_ticket", attributes, optional=True)

    # --- the whole

    def cluster(self):
        r = self.random
        size = r.choice((1, 2, 2, 3, 3, 4, 5, 8, 16))
        count = r.choice((1, 2, 3, 5, 8, 12, 20, 40, 60))
        self.fencing = self.chance(70)
        self.utilization = self.chance(20)
        self.containers = self.chance(40)
        self.nodes = ["n%d" % (i + 1) for i in range(size)]
        resources = self.resources(count)
        options = [("%s-enabled" % self.options, "true" if self.fencing else "false")]
        for name, percent, values in (("no-quorum-policy", 40, ("stop", "freeze", "ignore", "demote", "suicide")),
                                      ("symmetric-cluster", 10, ("false", "true")),
                                      ("start-failure-is-fatal", 25, ("false", "true")),
                                      ("stop-orphan-resources", 5, ("false",)), ("stop-orphan-actions", 5, ("false",)),
                                      ("maintenance-mode", 4, ("true",)), ("stop-all-resources", 2, ("true",)),
                                      ("enable-startup-probes", 4, ("false",)),
                                      ("concurrent-fencing", 20, ("true", "false")),
                                      ("startup-fencing", 10, ("false", "true")),
                                      ("shutdown-lock", 8, ("true",)), ("priority-fencing-delay", 6, ("10s",)),
                                      ("node-health-strategy", 6, ("migrate-on-red", "only-green", "progressive"))):
            if r.random() * 100 < percent:
                options.append((name, r.choice(values)))
        if self.utilization:
            options.append(("placement-strategy", r.choice(("default", "utilization", "minimal", "balanced"))))
        nodes = []
        for i, name in enumerate(self.nodes):
            pairs = [("rack", r.choice("ab"))] if self.chance(70) else []
            pairs += [("site", r.choice("ab"))] if self.chance(20) else []
            pairs += [("standby", "on")] if self.chance(6) else []
            pairs += [("maintenance", "true")] if self.chance(3) else []
            pairs += [("#health-x", r.choice(("red", "yellow", "green")))] if self.chance(8) else []
            for clone in self.promotable:
                if self.chance(45):
                    pairs.append(("master-%sp" % clone, r.choice(("5", "10", "100", "-1", "INFINITY"))))
            children = [self.block("instance_attributes", pairs)] if pairs else []
            if self.utilization and self.chance(85):
                children.append(self.block("utilization", [("cpu", r.randint(1, 20)), ("mem", r.randint(1, 20))]))
            nodes.append(Element("node", {"id": str(i + 1), "uname": name}, children))
        constraints = []
        if self.tops:
            for _ in range(r.randint(0, 2 + count // 2)):
                last = self.ticket if self.chance(30) else self.order
                constraints.append(self.pick((self.location, self.location, self.colocation, self.colocation,
                                              self.order, self.order, last))())
        configuration = [Element("crm_config", {}, [self.block("cluster_property_set", options)]),
                         Element("nodes", {}, nodes), Element("resources", {}, resources),
                         Element("constraints", {}, constraints)]
        for tag, percent, pairs in (("rsc_defaults", 20, (("resource-stickiness", "10"),)),
                                    ("op_defaults", 20, (("timeout", "40s"),))):
            if self.chance(percent):
                configuration.append(Element(tag, {}, [self.block("meta_attributes", pairs)]))
        states = [Element("node_state", {"id": str(i + 1), "uname": name, "in_ccm": "true", "crmd": "online",
                                         "join": "member", "expected": "member"}) for i, name in enumerate(self.nodes)]
        root = {"crm_feature_set": self.feature_set, "validate-with": self.schema, "epoch": "1", "num_updates": "1",
                "admin_epoch": "0", "have-quorum": "1", "dc-uuid": "1", "execution-date": "1700000000"}
        return Element("cib", root, [Element("configuration", {}, configuration), Element("status", {}, states)])

    feature_set, schema = "3.16.1", "pacemaker-3.9"

    # One way of going on: options of crm_simulate.
    def happening(self):
        r, nodes = self.random, self.nodes
        kind = r.random()
        if kind < 0.25:
            return []
        if kind < 0.40:
            return ["-d", r.choice(nodes)]
        if kind < 0.50:
            return ["-f", r.choice(nodes)]
        if kind < 0.58:
            return ["-u", r.choice(nodes)]
        if kind < 0.62:
            return ["-q", r.choice(("0", "1")), "-u", r.choice(nodes)]
        if kind < 0.66:
            return [r.choice(("-g", "-r", "-b", "-e")), "T" + r.choice("ab")]
        resource, node = r.choice(self.primitives), r.choice(nodes)
        operation = r.choice(("monitor_10000", "monitor_0", "start_0", "stop_0", "promote_0", "demote_0"))
        rc = r.choice((0, 1, 2, 5, 7, 8, 9, 190)) if operation.startswith("monitor") else r.choice((0, 1, 1, 5, 6))
        spec = "%s_%s@%s=%d" % (resource, operation, node, rc)
        return ["-F" if kind < 0.80 else "-i", spec]
