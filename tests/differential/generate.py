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
    """Takes out what names something that is gone: constraints, members of tags, references to blocks."""
    named = ("primitive", "group", "clone", "bundle", "template", "tag")
    known = {e.attributes["id"] for e in cluster.all() if e.tag in named}
    blocks = {e.attributes["id"] for e in cluster.all() if "id" in e.attributes}
    for parent in cluster.all():
        parent.children = [c for c in parent.children if c.attributes.get("id-ref", "") in blocks
                           or "id-ref" not in c.attributes]
        if parent.tag == "tag":
            parent.children = [c for c in parent.children if c.attributes["id"] in known]
        if parent.tag == "tags":
            parent.children = [c for c in parent.children if c.children]
        if parent.attributes.get("template", "") not in known | {""}:
            parent.optional = True

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
        self.templates, self.tags, self.blocks = [], [], []

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

    def with_rule(self, block, node_expressions):
        """The block, which now and then holds only while a rule says so."""
        if self.chance(10):
            kinds = (self.date,) + ((self.expression,) if node_expressions else ())
            inner = [self.pick(kinds)() for _ in range(self.random.randint(1, 2))]
            attributes = {"id": self.id("rule"), "boolean-op": self.pick(("and", "or")), "score": "INFINITY"}
            block.children.insert(0, Element("rule", attributes, inner, optional=True))
            block.attributes["score"] = self.pick(("1", "5", "10"))
        return block

    def date(self):
        """Something about the moment, which is 14 November 2023, 22:13:20 UTC, or what -t says."""
        kind, attributes = self.random.random(), {"id": self.id("date")}
        if kind < 0.3:
            attributes.update({"operation": "gt", "start": self.pick(("2020-01-01", "2023-11-14 22:13:20Z",
                                                                      "2030-01-01"))})
        elif kind < 0.5:
            attributes.update({"operation": "lt", "end": self.pick(("2020-01-01", "2023-11-14 23:13:20Z",
                                                                    "2030-01-01"))})
        elif kind < 0.7:
            attributes.update({"operation": "in_range", "start": "2023-11-14 20:00:00Z"})
            if self.chance(50):
                attributes["end"] = self.pick(("2023-11-14 21:00:00Z", "2023-11-15", "2024-02-01T00:00:00Z"))
            else:
                return Element("date_expression", attributes, [Element("duration", {"id": self.id("du"), self.pick(
                    ("hours", "days", "months", "minutes")): self.pick("123")})])
        else:
            spec = {"id": self.id("spec")}
            for name, values in (("hours", ("9-16", "22", "20-23", "0-")), ("weekdays", ("1-5", "2", "6-7")),
                                 ("months", ("11", "1-6")), ("years", ("2023", "2024-")), ("monthdays", ("14",
                                                                                                         "1-10"))):
                if self.chance(35):
                    spec[name] = self.pick(values)
            attributes["operation"] = "date_spec"
            return Element("date_expression", attributes, [Element("date_spec", spec)])
        return Element("date_expression", attributes)

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
                                      ("critical", 6, ("false", "true")),
                                      ("restart-type", 3, ("restart", "ignore")),
                                      ("provides", 1, ("unfencing",)),
                                      ("resource-discovery", 1, ("never",))):
            if r.random() * 100 < percent:
                pairs.append((name, r.choice(values)))
        blocks = [self.with_rule(self.block("meta_attributes", pairs), False)] if pairs else []
        if blocks and self.chance(6):
            extra = [("priority", "7"), ("target-role", self.pick(ROLES)), ("resource-stickiness", "33")]
            blocks.append(self.with_rule(self.block("meta_attributes", [self.pick(extra)], score=self.pick("19")),
                                         False))
        if not blocks and self.blocks and self.chance(10):
            return [Element("meta_attributes", {"id-ref": self.pick(self.blocks)}, optional=True)]
        self.blocks += [b.attributes["id"] for b in blocks]
        return blocks

    def operations(self, promotable):
        r, ops = self.random, []

        def op(name, interval, **more):
            if self.chance(20):
                more["on-fail"] = self.pick(("restart", "block", "stop", "standby", "fence", "ignore", "demote"))
            if self.chance(20):
                more["timeout"] = self.pick(("20s", "30s", "60s", "90"))
            if self.chance(4):
                more["enabled"] = self.pick(("true", "false"))
            if self.chance(4):
                more["record-pending"] = self.pick(("true", "false"))
            if self.chance(3):
                more["start-delay"] = "5s"
            if self.chance(2) and name == "monitor":
                more["interval-origin"] = "2023-11-14 20:00:07Z"
            inner = []
            if self.chance(5):
                name_, values = self.pick((("timeout", ("25s", "0", "PT1M")), ("on-fail", ("block", "fence", "ignore",
                                                                                           "standby")),
                                           ("enabled", ("false",)), ("migration-threshold", ("1",))))
                inner.append(self.with_rule(self.block("meta_attributes", [(name_, self.pick(values))]), True))
            if self.chance(4):
                inner.append(self.block("instance_attributes", [("OCF_CHECK_LEVEL", "10")]))
            ops.append(Element("op", dict({"id": self.id("op"), "name": name, "interval": interval}, **more), inner,
                               optional=True))
        if promotable:
            if self.chance(80):
                op("monitor", "%ds" % r.randint(10, 14), role="Promoted")
            if self.chance(80):
                op("monitor", "%ds" % r.randint(15, 19), role="Unpromoted")
        elif self.chance(75):
            op("monitor", self.pick(("%ds" % r.randint(10, 30), "%d" % r.randint(10, 30), "1min", "PT45S",
                                     "%d000ms" % r.randint(10, 30))))
            if self.chance(6):
                op("monitor", "%ds" % r.randint(31, 39))
        if self.chance(8):
            op("monitor", "%ds" % r.randint(40, 50), role="Stopped")
        for name in ("start", "stop", "promote", "demote", "migrate_to"):
            if self.chance(20 if name in ("start", "stop") else 5):
                op(name, "0")
        return [Element("operations", {}, ops, optional=True)] if ops else []

    def agent(self, promotable, plain):
        """Class, provider and type, or the template that has them."""
        if promotable:
            return {"class": "ocf", "provider": "pacemaker", "type": "Stateful"}
        if self.templates and not plain and self.chance(15):
            return {"template": self.pick(self.templates)}
        if not plain and self.chance(8):
            return self.pick(({"class": "systemd", "type": "foo"}, {"class": "lsb", "type": "bar"},
                              {"class": "service", "type": "baz"}, {"class": "ocf", "provider": "heartbeat",
                                                                    "type": "IPaddr2"}))
        return {"class": "ocf", "provider": "pacemaker", "type": "Dummy"}

    def template(self, name):
        children = self.meta() + self.operations(False)
        self.templates.append(name)
        return Element("template", {"id": name, "class": "ocf", "provider": "pacemaker", "type": "Dummy"}, children)

    def primitive(self, name, promotable=False, plain=False):
        agent = self.agent(promotable, plain)
        extra = []
        if not plain and self.chance(20):
            extra.append(("allow-migrate", "true"))
        children = self.meta(extra)
        if self.chance(25):
            children.append(self.with_rule(self.block("instance_attributes", [("fake", self.pick("abc"))]), True))
            if self.chance(10):
                children.append(self.block("instance_attributes", [("state", "x"), ("fake", "d")], score="3"))
        if self.utilization and self.chance(60):
            children.append(self.block("utilization", [(n, self.random.randint(1, 4)) for n in ("cpu", "mem")
                                                       if self.chance(70)]))
        children += self.operations(promotable)
        self.primitives.append(name)
        return Element("primitive", dict({"id": name}, **agent), children, optional=True)

    def group(self, name, plain=False):
        members = [self.primitive("%sm%d" % (name, i), plain=plain) for i in range(self.random.randint(1, 4))]
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
            child = self.group(name + "g", promotable)
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
        for key, percent, values in (("network", 10, ("host",)), ("options", 8, ("--log-driver=none",)),
                                     ("run-command", 8, ("/sbin/run",))):
            if self.chance(percent):
                container[key] = self.pick(values)
        children = self.meta() + [Element(self.pick(("docker", "docker", "podman", "podman", "rkt")), container)]
        child = self.chance(75)
        network = {}
        for key, percent, values in (("host-netmask", 8, ("24",)), ("host-interface", 8, ("eth0",)),
                                     ("control-port", 10, ("3333",)), ("add-host", 5, ("false",))):
            if self.chance(percent):
                network[key] = self.pick(values)
        if child or self.chance(50):
            network["ip-range-start"] = "10.0.%d.1" % self.random.randint(1, 200)
        if child or network:
            ports = [Element("port-mapping", {"id": self.id("port"), "port": "80"})] if self.chance(15) else []
            children.append(Element("network", network, ports))
        if self.chance(10):
            mapping = {"id": self.id("vol"), "source-dir": "/srv", "target-dir": "/var", "options": "rw"}
            children.append(Element("storage", {}, [Element("storage-mapping", mapping)]))
        if child:
            inner = self.primitive(name + "p", "promoted-max" in container, plain=True)
            if self.chance(10):
                inner.children.append(self.block("meta_attributes", [("container-attribute-target", "host")]))
            children.append(inner)
        self.bundles.append(name)
        return Element("bundle", {"id": name}, children, optional=True)

    def guest(self, name):
        element = self.primitive(name)
        node = "g" + name
        pairs = [("remote-node", node)]
        if self.chance(15):
            pairs.append(("remote-addr", "192.168.1.7"))
        if self.chance(10):
            pairs.append(("remote-allow-migrate", self.pick(("true", "false"))))
        element.children.append(self.block("meta_attributes", pairs))
        self.remote.append(node)
        return element

    def remote_node(self, name):
        element = Element("primitive", {"id": name, "class": "ocf", "provider": "pacemaker", "type": "remote"},
                          self.meta() + [self.block("instance_attributes", [("server", "h-" + name)] + (
                              [("reconnect_interval", self.pick(("60s", "0")))] if self.chance(20) else []))] +
                          self.operations(False), optional=True)
        self.remote.append(name)
        return element

    def resources(self, count):
        tops = []
        if self.fencing:
            tops.append(Element("primitive", {"id": "fencing", "class": "stonith", "type": "fence_dummy"},
                                [self.block("instance_attributes", [("mode", "pass")])], optional=False))
            if self.chance(15):
                pairs = [("provides", "unfencing")] if self.chance(50) else [("priority", "3")]
                tops.append(Element("primitive", {"id": "fencing2", "class": "stonith", "type": "fence_other"},
                                    [self.block("meta_attributes", pairs),
                                     self.block("instance_attributes", [("pcmk_host_list", self.nodes[0])])],
                                     optional=True))
                self.primitives.append("fencing2")
        tops += [self.template("t%d" % i) for i in range(self.pick((0, 0, 0, 1, 2)))]
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
            self.tops = [t.attributes["id"] for t in tops if t.tag != "template" and t.attributes["id"] != "fencing"]
        return tops

    # --- constraints

    def expression(self):
        if self.chance(12):
            attributes = {"id": self.id("ex"), "attribute": self.pick(("weight", "weight", "rack")),
                          "value": self.pick(("2", "10", "1.5")),
                          "operation": self.pick(("lt", "gt", "lte", "gte", "eq"))}
            if self.chance(70):
                attributes["type"] = self.pick(("string", "integer", "number", "version"))
            return Element("expression", attributes)
        attribute = self.pick(("rack", "#uname", "#kind", "site", "#id", "#ra-version"))
        operation = self.pick(("eq", "ne", "defined", "not_defined"))
        attributes = {"id": self.id("ex"), "attribute": attribute, "operation": operation}
        if operation in ("eq", "ne"):
            attributes["value"] = self.pick(self.nodes + ["a", "b", "remote", "1"])
            if self.chance(6):
                attributes.update({"value-source": self.pick(("param", "meta")), "value": self.pick(("fake",
                                                                                                     "priority"))})
        return Element("expression", attributes)

    def location_rule(self, depth=0):
        rule = {"id": self.id("rule")}
        if not depth:
            rule.update({"score": self.pick(SCORES)} if self.chance(85) else {"score-attribute": self.pick(("weight",
                                                                                                            "site"))})
            if self.chance(20):
                rule["role"] = self.pick(ROLES)
        if self.chance(50):
            rule["boolean-op"] = self.pick(("and", "or"))
        inner = [self.date() if self.chance(12) else self.expression() for _ in range(self.random.randint(1, 2))]
        if depth < 2 and self.chance(10):
            inner.append(self.location_rule(depth + 1))
        return Element("rule", rule, inner)

    def lifetime(self, constraint):
        if self.chance(3):
            rule = Element("rule", {"id": self.id("rule"), "boolean-op": "and", "score": "INFINITY"}, [self.date()])
            constraint.children.append(Element("lifetime", {}, [rule], optional=True))
        return constraint

    def location(self):
        attributes = {"id": self.id("loc"), "rsc": self.target()}
        if self.chance(15):
            attributes["resource-discovery"] = self.pick(("always", "never", "exclusive"))
        sets = []
        if self.chance(8):
            del attributes["rsc"]
            if self.chance(50):
                attributes["rsc-pattern"] = self.pick(("^r1", "r.*m", "!r[12]", "^(r)([0-9])$", "R0"))
            else:
                sets.append(self.set("rsc", role=(15, ROLES)))
        if self.chance(35):
            return Element("rsc_location", attributes, sets + [self.location_rule()], optional=True)
        if self.chance(12):
            attributes["role"] = self.pick(ROLES)
        attributes.update({"node": self.pick(self.nodes + self.remote), "score": self.pick(SCORES)})
        return self.lifetime(Element("rsc_location", attributes, sets, optional=True))

    def target(self, names=True):
        """A resource, or what stands for several: a tag, a template."""
        if names and self.chance(4) and self.tags + self.templates:
            return self.pick(self.tags + self.templates)
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
                    for _ in range(self.random.randint(1, 3))]
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
        return self.lifetime(Element("rsc_colocation", attributes, optional=True))

    def order(self):
        attributes = {"id": self.id("ord")}
        if self.chance(70):
            attributes["kind"] = self.pick(("Mandatory", "Mandatory", "Optional", "Serialize"))
        if self.chance(15) and attributes.get("kind") != "Serialize":
            attributes["symmetrical"] = self.pick(("true", "false"))
        if self.chance(12):
            sets = [self.set("rsc", sequential=(40, ("true", "false")), require_all=(20, ("true", "false")),
                             action=(15, ("start", "stop", "promote", "demote")))
                    for _ in range(self.random.randint(1, 3))]
            return Element("rsc_order", attributes, sets, optional=True)
        first, then = self.target(False), self.target(False)
        attributes.update({"first": first, "then": then if then != first else self.target(False)})
        if self.chance(20):
            attributes["first-action"] = self.pick(("start", "stop", "promote", "demote"))
        if self.chance(15):
            attributes["then-action"] = self.pick(("start", "stop", "promote", "demote"))
        return Element("rsc_order", attributes, optional=True)

    def ticket(self):
        attributes = {"id": self.id("tic"), "ticket": "T" + self.pick("ab")}
        if self.chance(40):
            attributes["loss-policy"] = self.pick(("stop", "demote", "fence", "freeze"))
        if self.chance(12):
            return Element("rsc_ticket", attributes, [self.set("rsc", role=(30, ROLES))], optional=True)
        attributes["rsc"] = self.target()
        if self.chance(30):
            attributes["rsc-role"] = self.pick(ROLES)
        return Element("rsc_ticket", attributes, optional=True)

    # --- the whole

    def cluster(self):
        r = self.random
        size = r.choice((1, 2, 2, 3, 3, 4, 5, 8, 16)[:self.sizes])
        count = r.choice((1, 2, 3, 5, 8, 12, 20, 40, 60)[:self.counts])
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
                                      ("node-health-strategy", 6, ("migrate-on-red", "only-green", "progressive",
                                                                   "custom")),
                                      ("node-health-base", 2, ("10", "-5")), ("node-health-green", 2, ("3",)),
                                      ("node-health-yellow", 2, ("-10",)), ("node-health-red", 2, ("-100",)),
                                      ("stonith-action", 6, ("off", "reboot", "poweroff")),
                                      ("stonith-timeout", 4, ("90s",)), ("remove-after-stop", 3, ("true",)),
                                      ("stonith-watchdog-timeout", 3, ("10s",)), ("have-watchdog", 4, ("true",
                                                                                                       "false")),
                                      ("stop-removed-resources", 1, ("false",)), ("cluster-delay", 4, ("30s",)),
                                      ("batch-limit", 4, ("3",)), ("migration-limit", 2, ("1",)),
                                      ("shutdown-lock-limit", 3, ("10min",)),
                                      ("fence-reaction", 1, ("panic",)), ("cluster-recheck-interval", 2, ("5min",))):
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
            pairs += [("#health-x", r.choice(("red", "yellow", "green", "-7")))] if self.chance(8) else []
            pairs += [("weight", r.choice(("1", "2", "10", "2.5", "-INFINITY", "abc")))] if self.chance(25) else []
            pairs += [("resource-discovery-enabled", "false")] if self.chance(1) else []
            for clone in self.promotable:
                if self.chance(45):
                    pairs.append(("master-%sp" % clone, r.choice(("5", "10", "100", "-1", "INFINITY"))))
            children = [self.block("instance_attributes", pairs)] if pairs else []
            if self.utilization and self.chance(85):
                children.append(self.block("utilization", [("cpu", r.randint(1, 20)), ("mem", r.randint(1, 20))]))
            attributes = {"id": str(i + 1), "uname": name}
            if self.chance(4):
                attributes["type"] = self.pick(("member", "member", "ping"))
            nodes.append(Element("node", attributes, children))
        for name in self.remote:
            if self.chance(25):
                pairs = [self.pick((("rack", "a"), ("standby", "on"), ("maintenance", "true"), ("weight", "3")))]
                nodes.append(Element("node", {"id": name, "uname": name, "type": "remote"},
                                     [self.block("instance_attributes", pairs)], optional=True))
        constraints, tags = [], []
        for i in range(r.choice((0, 0, 0, 1, 2)) if self.tops else 0):
            members = r.sample(self.tops, min(len(self.tops), r.randint(1, 3)))
            tags.append(Element("tag", {"id": "tag%d" % i}, [Element("obj_ref", {"id": m}) for m in members],
                                optional=True))
            self.tags.append("tag%d" % i)
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
                configuration.append(Element(tag, {}, [self.block("meta_attributes", pairs)] + self.defaults(tag)))
        if self.fencing and self.chance(6):
            level = {"id": self.id("level"), "target": self.nodes[0], "index": "1", "devices": "fencing"}
            configuration.append(Element("fencing-topology", {}, [Element("fencing-level", level)]))
        if tags:
            configuration.append(Element("tags", {}, tags))
        states = [self.node_state(i, name) for i, name in enumerate(self.nodes)]
        states = [s for s in states if len(states) == 1 or not self.chance(2)]
        if self.chance(20):
            attributes = {"id": "T" + self.pick("ab"), "granted": self.pick(("true", "false")),
                          "last-granted": "1699990000"}
            if self.chance(30):
                attributes["standby"] = self.pick(("true", "false"))
            states.append(Element("tickets", {}, [Element("ticket_state", attributes)], optional=True))
        root = {"crm_feature_set": self.feature_set, "validate-with": self.schema, "epoch": "1", "num_updates": "1",
                "admin_epoch": "0", "have-quorum": self.pick("11110"), "dc-uuid": "1", "execution-date": "1700000000"}
        return Element("cib", root, [Element("configuration", {}, configuration), Element("status", {}, states)])

    def defaults(self, tag):
        """One more block of defaults, for some resources or operations only."""
        if not self.chance(40):
            return []
        inner = [self.pick((Element("rsc_expression", {"id": self.id("re"), "class": "ocf", "type": "Dummy"}),
                            Element("rsc_expression", {"id": self.id("re"), "class": "ocf", "provider": "pacemaker"}),
                            Element("rsc_expression", {"id": self.id("re"), "type": "Stateful",
                                                       "provider": "pacemaker"}),
                            self.date()))]
        pairs = [("priority", "2")] if tag == "rsc_defaults" else [self.pick((("timeout", "77s"), ("on-fail",
                                                                                                   "block")))]
        if tag == "op_defaults" and self.chance(50):
            inner.append(Element("op_expression", {"id": self.id("oe"), "name": self.pick(("start", "monitor",
                                                                                           "stop"))}))
        block = self.block("meta_attributes", pairs, score=self.pick("149"))
        rule = {"id": self.id("rule"), "boolean-op": self.pick(("and", "or")), "score": "INFINITY"}
        block.children.insert(0, Element("rule", rule, inner))
        return [block]

    def node_state(self, index, name):
        state = Element("node_state", {"id": str(index + 1), "uname": name, "in_ccm": "true", "crmd": "online",
                                       "join": "member", "expected": "member"})
        if self.chance(3):
            state.attributes.update(self.pick(({"crmd": "offline"}, {"join": "down"}, {"expected": "down"},
                                               {"in_ccm": "false"},
                                               {"join": "pending"}, {"in_ccm": "false", "crmd": "offline",
                                                                     "join": "down"})))
        pairs = [("master-%sp" % c, self.pick(("5", "10", "100", "-1"))) for c in self.promotable if self.chance(8)]
        pairs += [("standby", "on")] if self.chance(2) else []
        pairs += [("shutdown", "1699990000")] if self.chance(2) else []
        pairs += [("#health-y", self.pick(("red", "green", "5")))] if self.chance(3) else []
        pairs += [("#feature-set", self.pick(("3.16.1", "3.15.0")))] if self.chance(10) else []
        if pairs:
            state.children.append(Element("transient_attributes", {"id": str(index + 1)},
                                          [self.block("instance_attributes", pairs)], optional=True))
        return state

    feature_set, schema, sizes, counts = "3.16.1", "pacemaker-3.9", 9, 9

    # One way of going on: options of crm_simulate, or an edit of the CIB (edits.py).
    def happening(self, edits=False):
        r, nodes = self.random, self.nodes
        if edits and self.chance(25):
            return ["--edit", str(r.randint(0, 999999))]
        if self.chance(12):
            return self.one_happening() + self.one_happening()
        if self.chance(5):
            return ["-t", self.pick(("2023-11-15 01:00:00Z", "2023-12-24 12:00:00Z", "2025-01-01",
                                     "2019-06-01T09:00:00+02:00"))]
        if self.chance(4):
            return ["-w", self.pick("01")]
        return self.one_happening()

    def one_happening(self):
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
        resource, node = r.choice(self.primitives), r.choice(nodes + (self.remote if self.chance(10) else []))
        operation = r.choice(("monitor_10000", "monitor_0", "start_0", "stop_0", "promote_0", "demote_0"))
        rc = r.choice((0, 1, 2, 5, 7, 8, 9, 190)) if operation.startswith("monitor") else r.choice((0, 1, 1, 5, 6))
        spec = "%s_%s@%s=%d" % (resource, operation, node, rc)
        return ["-F" if kind < 0.80 else "-i", spec]
