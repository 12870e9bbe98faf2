"""What an administrator, or life, changes in a cluster that has run already (tests/differential/run).

An edit is drawn from its number and the CIB alone: parameters, meta-attributes, operations and resources of the
configuration, and what stands in the histories. The result stays a valid CIB.
"""
import copy
import random
import xml.etree.ElementTree as ElementTree

MARKERS = {"resource-stickiness": ("0", "50", "INFINITY"), "target-role": ("Stopped", "Started", "Unpromoted",
                                                                           "Promoted"),
           "is-managed": ("false", "true"), "maintenance": ("true", "false"), "priority": ("0", "3", "20"),
           "migration-threshold": ("1", "2"), "multiple-active": ("stop_only", "block", "stop_unexpected",
                                                                  "stop_start"),
           "clone-max": ("1", "2", "4"), "promoted-max": ("1", "2"), "interleave": ("true", "false"),
           "notify": ("true", "false"), "failure-timeout": ("10s", "1d"), "allow-migrate": ("true", "false")}


class Editor:
    def __init__(self, root, seed):
        self.root = root
        self.random = random.Random(seed)
        self.seed = seed
        self.number = 0

    def id(self, kind):
        self.number += 1
        return "e%s-%s-%d" % (self.seed, kind, self.number)

    def any(self, *tags):
        found = [e for tag in tags for e in self.root.iter(tag)]
        return self.random.choice(found) if found else None

    def section(self, name):
        return self.root.find("configuration/" + name)

    def parent_of(self, element):
        return next((p for p in self.root.iter() if element in list(p)), None)

    def set_pair(self, element, tag, name, value):
        for block in element.findall(tag):
            for pair in block.findall("nvpair"):
                if pair.get("name") == name:
                    pair.set("value", value)
                    return
        block = element.find(tag)
        if block is None or block.get("id-ref"):
            block = ElementTree.Element(tag, {"id": self.id("block")})
            element.insert(0, block)
        ElementTree.SubElement(block, "nvpair", {"id": self.id("nv"), "name": name, "value": value})

    # --- the configuration

    def parameter(self):
        resource = self.any("primitive")
        if resource is not None and resource.get("class") == "ocf" and resource.find("instance_attributes") is not None:
            self.set_pair(resource, "instance_attributes", self.random.choice(("fake", "state")), "e%d" % self.seed)

    def meta(self):
        resource = self.any("primitive", "group", "clone", "bundle")
        if resource is None:
            return
        block = resource.find("meta_attributes")
        if block is not None and not block.get("id-ref"):
            name = self.random.choice(sorted(MARKERS))
            self.set_pair(resource, "meta_attributes", name, self.random.choice(MARKERS[name]))

    def operation(self):
        op = self.any("op")
        if op is None or op.get("id-ref"):
            return
        kind = self.random.random()
        if kind < 0.3:
            self.parent_of(op).remove(op)
        elif kind < 0.6:
            op.set("timeout", "33s")
        elif op.get("name") == "monitor":
            op.set("interval", "%ds" % self.random.randint(60, 90))

    def forget(self):
        """A resource goes from the configuration while its history stays."""
        resources = self.section("resources")
        victims = [r for r in resources if r.tag != "template" and r.get("class") != "stonith"]
        if len(victims) < 2:
            return
        victim = self.random.choice(victims)
        gone = {e.get("id") for e in victim.iter() if e.get("id")}
        for section in ("constraints", "tags"):
            for parent in self.root.iter():
                for child in list(parent):
                    names = [child.get(k) for k in ("rsc", "with-rsc", "first", "then")] + \
                        [r.get("id") for r in child.iter("resource_ref")] + [r.get("id") for r in child.iter("obj_ref")]
                    if parent.tag == section and gone & {n for n in names if n}:
                        parent.remove(child)
        if not any(e.get("id-ref") in gone for e in self.root.iter() if e not in set(victim.iter())):
            resources.remove(victim)

    def constraint(self):
        element = self.any("rsc_location", "rsc_colocation", "rsc_order")
        if element is not None and element.get("score") is not None and element.get("score-attribute") is None:
            element.set("score", self.random.choice(("INFINITY", "-INFINITY", "7", "-7")))

    def node_attribute(self):
        node = self.any("node")
        if node is not None:
            name, values = self.random.choice((("standby", ("on", "off")), ("maintenance", ("true", "false")),
                                               ("rack", "ab")))
            self.set_pair(node, "instance_attributes", name, self.random.choice(values))

    def option(self):
        block = self.root.find("configuration/crm_config/cluster_property_set")
        if block is not None:
            name, values = self.random.choice((("maintenance-mode", ("true", "false")), ("stop-all-resources",
                                                                                         ("true", "false")),
                                               ("symmetric-cluster", ("true", "false")),
                                               ("no-quorum-policy", ("stop", "freeze", "ignore", "demote"))))
            self.set_pair(self.section("crm_config"), "cluster_property_set", name, self.random.choice(values))

    # --- the status

    def entry(self):
        """One history entry says something else: a result, that it still runs, a moment, other parameters."""
        entry = self.any("lrm_rsc_op")
        if entry is None:
            return
        kind = self.random.random()
        if kind < 0.35:
            code = self.random.choice(("0", "1", "2", "5", "6", "7", "8", "9", "190", "191", "193"))
            self.result(entry, code, "0")
        elif kind < 0.5:
            self.result(entry, self.random.choice(("1", "193")), self.random.choice(("1", "2", "3", "4", "5", "6")))
        elif kind < 0.65:
            self.result(entry, "-1" if self.random.random() < 0.5 else "193", "-1")
        elif kind < 0.8:
            entry.set("op-digest", "0" * 32)
        elif kind < 0.9:
            entry.set("last-rc-change", str(1700000000 - self.random.choice((5, 30, 500, 90000))))
        else:
            self.parent_of(entry).remove(entry)

    @staticmethod
    def result(entry, rc, status):
        entry.set("rc-code", rc)
        entry.set("op-status", status)
        if entry.get("transition-magic"):
            entry.set("transition-magic", "%s:%s;%s" % (status, rc, entry.get("transition-magic").partition(";")[2]))

    def copied(self):
        """A resource that is active on one more node."""
        history = self.any("lrm_resource")
        target = self.any("lrm_resources")
        if history is None or any(known.get("id") == history.get("id") for known in target):
            return
        target.append(copy.deepcopy(history))

    def unknown_history(self):
        target = self.any("lrm_resources")
        if target is None:
            return
        history = ElementTree.SubElement(target, "lrm_resource", {"id": "gone%d" % self.random.randint(1, 3),
                                                                  "class": "ocf",
                                                                  "provider": "pacemaker", "type": "Dummy"})
        if any(h is not history and h.get("id") == history.get("id") for h in target):
            target.remove(history)
            return
        key = "3:1:0:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
        name = history.get("id")
        rc = self.random.choice(("0", "0", "1", "7"))
        for number, (operation, interval) in enumerate((("start", "0"), ("monitor", "10000"))):
            if number and self.random.random() < 0.5:
                break
            ElementTree.SubElement(history, "lrm_rsc_op", {
                "id": "%s_%s" % (name, "last_0" if not number else "monitor_10000"),
                "operation_key": "%s_%s_%s" % (name, operation, interval), "operation": operation,
                "crm-debug-origin": "x", "crm_feature_set": "3.16.1", "transition-key": key,
                "transition-magic": "0:%s;%s" % (rc, key),
                "call-id": str(number + 1), "rc-code": rc, "op-status": "0", "interval": interval,
                "last-rc-change": "1699999000", "exec-time": "0", "queue-time": "0"})

    def node_state(self):
        state = self.any("node_state")
        if state is None:
            return
        kind = self.random.random()
        if kind < 0.2:
            state.set("crmd", "offline")
        elif kind < 0.35:
            state.set("expected", "down")
        elif kind < 0.5:
            state.set("join", self.random.choice(("down", "pending", "banned", "member")))
        elif kind < 0.6:
            state.set("in_ccm", "false")
        elif kind < 0.7:
            self.parent_of(state).remove(state)
        else:
            self.transient(state)

    def transient(self, state):
        transient = state.find("transient_attributes")
        if transient is None:
            transient = ElementTree.SubElement(state, "transient_attributes", {"id": state.get("id")})
        primitive = self.any("primitive")
        name, values = self.random.choice((
            ("standby", ("on",)), ("shutdown", ("1699990000",)), ("terminate", ("true", "1699990000")),
            ("#health-disk", ("red", "yellow", "green", "-20", "30")), ("rack", "ab"),
            ("master-" + (primitive.get("id") if primitive is not None else "x"), ("5", "100", "-INFINITY", "1000000")),
            ("fail-count-%s#monitor_10000" % (primitive.get("id") if primitive is not None else "x"), ("1",
                                                                                                       "INFINITY")),
            ("fail-count-%s#start_0" % (primitive.get("id") if primitive is not None else "x"), ("1", "INFINITY"))))
        self.set_pair(transient, "instance_attributes", name, self.random.choice(values))

    def apply(self):
        for _ in range(self.random.randint(1, 3)):
            self.random.choice((self.parameter, self.meta, self.operation, self.forget, self.constraint,
                                self.node_attribute,
                                self.option, self.entry, self.entry, self.entry, self.copied, self.unknown_history,
                                self.node_state, self.node_state))()


def edit(source, target, seed):
    """The CIB in the file `source`, edited, into the file `target`."""
    tree = ElementTree.parse(source)
    Editor(tree.getroot(), seed).apply()
    tree.write(target, encoding="utf-8")
