"""What is so, and what has happened, in a lab's cluster: by the agents' records, the power's history and the CIB."""
import os
import time

import records


class Unwilling(Exception):
    """The cluster refuses what it was told."""


class Shared:
    """The folder that tells the scripted agents what to do."""

    def __init__(self, folder):
        self.folder = folder
        for kind in ("switch", "takes", "broken", "score", "attribute"):
            os.mkdir("%s/%s" % (folder, kind), 0o777)

    def path(self, kind, name):
        return "%s/%s/%s" % (self.folder, kind, name)

    def write(self, kind, name, text):
        path = self.path(kind, name)
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(text + "\n")
        os.rename(path + ".new", path)

    def read(self, kind, name):
        """Its text; empty where it is not there any more."""
        try:
            with open(self.path(kind, name), encoding="utf-8") as file:
                return file.read().strip()
        except FileNotFoundError:
            return ""

    def remove(self, kind, name):
        try:
            os.remove(self.path(kind, name))
        except FileNotFoundError:
            pass

    def names(self, kind):
        return os.listdir("%s/%s" % (self.folder, kind))


# --- configuration -----------------------------------------------------------------------------------------------


def element(cib, name):
    for each in cib.find("configuration/resources").iter():
        if each.get("id") == name and each.tag in ("primitive", "group", "clone", "master"):
            return each
    return None


def primitives(cib, name):
    """The primitives that a resource is made of, in their order."""
    found = element(cib, name)
    return [] if found is None else [each.get("id") for each in found.iter("primitive")]


def intervals(cib, primitive):
    """Milliseconds between a primitive's monitors."""
    return [milliseconds(op.get("interval") or "0") for op in element(cib, primitive).iter("op")
            if op.get("name") == "monitor"]


def milliseconds(text):
    units = {"ms": 1, "msec": 1, "s": 1000, "sec": 1000, "": 1000, "m": 60000, "min": 60000, "h": 3600000,
             "hr": 3600000}
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    return int(float(number) * units[text[len(number):]])


# --- the CIB's status --------------------------------------------------------------------------------------------


def is_stale(resource, entry):
    """Whether a recurring entry is from before the last stop."""
    last = resource.find("lrm_rsc_op[@id='%s_last_0']" % resource.get("id"))
    return last is not None and last.get("operation") in ("stop", "monitor") and last.get("rc-code") in ("0", "7") and \
        not (last.get("operation") == "monitor" and last.get("rc-code") == "0") and \
        int(last.get("call-id")) > int(entry.get("call-id"))


def is_online(state):
    def yes(value):
        return value not in (None, "0", "false", "offline")

    return yes(state.get("in_ccm")) and yes(state.get("crmd")) and state.get("join") == "member"


def nodes(cib):
    """Name -> what a snapshot has of a node."""
    return {state.get("uname"): {"online": is_online(state), "entries": _entries(state),
                                 "attributes": _attributes(state)}
            for state in cib.findall("status/node_state")}


def _entries(state):
    told = {}
    for resource in state.iter("lrm_resource"):
        lines = ["%s %s_%s rc=%s status=%s" % (
            entry.get("id"), entry.get("operation"), entry.get("interval") or "0", entry.get("rc-code"),
            entry.get("op-status")) for entry in resource.findall("lrm_rsc_op")]
        if lines:
            told[resource.get("id")] = sorted(lines)
    return dict(sorted(told.items()))


def _attributes(state):
    return {pair.get("name"): pair.get("value")
            for pair in sorted(state.findall("transient_attributes/instance_attributes/nvpair"),
                               key=lambda pair: pair.get("name"))
            if not pair.get("name").startswith(("#feature-set", "last-failure-", "probe_complete", "shutdown"))}


# --- what has happened -------------------------------------------------------------------------------------------


class History:
    """Answers the questions of conditions. `mark` is where the part that counts begins."""

    def __init__(self, live):
        self.live = live
        self.mark = time.time()

    def runs(self):
        return records.read(self.live.lab.shared + "/records")

    def timeline(self):
        """(moment, {(resource, node): role}) after each change, in order."""
        off = [(when, 0, node, boot) for when, node, what, boot in self.live.lab.history if what == "off"]
        ends = [(run.end, 1, run, None) for run in self.runs() if run.end != records.INFINITY and run.interval_ms == 0]
        serving, line = {}, [(0.0, {})]
        for when, kind, what, boot in sorted(off + ends, key=lambda each: each[:2]):
            if kind == 0:
                serving = {key: value for key, value in serving.items() if value[1] != boot}
            else:
                self._apply(serving, what)
            line.append((when, {key: value[0] for key, value in serving.items()}))
        return line

    @staticmethod
    def _apply(serving, run):
        key = (run.resource.split(":")[0], run.node)
        if run.operation in ("start", "migrate_from", "demote") and run.rc == 0:
            serving[key] = ("started", run.boot)
        elif run.operation == "promote" and run.rc == 0:
            serving[key] = ("promoted", run.boot)
        elif run.operation in ("stop", "migrate_to") and run.rc == 0:
            serving.pop(key, None)
        elif run.operation == "monitor" and run.rc in (0, 8) and key not in serving:
            serving[key] = ("promoted" if run.rc == 8 else "started", run.boot)
        elif run.operation == "monitor" and run.rc == 7:
            serving.pop(key, None)

    def broken(self):
        """(primitive, node) of the services that have failed and run no more."""
        told = set()
        for name in self.live.shared.names("broken"):
            primitive, _, node = name.partition(".")
            if self.live.shared.read("broken", name).endswith(self.live.lab.boot_id(node)):
                told.add((primitive, node))
        return told

    def now(self):
        """{(resource, node): role} of what serves."""
        broken = self.broken()
        return {key: role for key, role in self.timeline()[-1][1].items() if key not in broken}

    def fencings(self):
        """(begin, target, action, device, outcome) of the calls since the mark, in order."""
        calls = []
        for when, _, action, target, device, outcome in self.live.lab.fenced:
            if outcome == "done":
                for call in reversed(calls):
                    if call[1:4] == [target, action, device] and call[4] == "begun":
                        call[4] = "ok"
                        break
            else:
                calls.append([when, target, action, device, outcome])
        return [call for call in calls if call[0] >= self.mark]
