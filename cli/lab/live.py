"""A policy's cluster in a lab: it boots, faults strike it, it comes to rest, and its state is told.

What counts as rest: the nodes that are on and connected are one ring with an idle coordinator, no agent and no fence
device is at work, no node is about to boot, every resource that a test has touched has been monitored since, and
nothing has changed for QUIET_S. Nothing is asserted after a fixed time.
"""
import copy
import re
import time
import xml.etree.ElementTree as xml

import facts
import lab as lab_module
import network
import operators
import records
import substitutes

QUIET_S = 3.0
BOOT_DELAY_S = 8      # A machine that was reset is not there again before the others have reacted.
REST_LIMIT_S = 240


def _deployed(plan):
    """The CIBs of the policies that tests deploy, each once."""
    found = []
    for test in plan["tests"]:
        for step in test["steps"]:
            for fault in [step.get("fault")] + step.get("during", {}).get("faults", []):
                if fault and fault["do"] == "deploy" and fault["cib"] and fault["cib"] not in found:
                    found.append(fault["cib"])
    return found


class Failed(Exception):
    """Something did not come true; the message says what."""


class Live:
    def __init__(self, plan, engine):
        """`plan` as `picket` writes it; `engine` as engines.py has them."""
        self.plan, self.engine = plan, engine
        self.names = [node["name"] for node in plan["nodes"]]
        self.link_names = plan["links"] or ["link0"]
        links = range(len(self.link_names))
        self.configuration = xml.fromstring(plan["cib"])
        self.substitutes = substitutes.Substitutes(
            self.configuration, [network.address(0, link).rsplit(".", 1)[0] + "." for link in links])
        self.deployments = {}  # by the text of the CIB; None: the policy's own
        programs = list(self.substitutes.programs)
        for cib in _deployed(plan):
            self.deployments[cib] = xml.fromstring(cib)
            programs += substitutes.Substitutes(self.deployments[cib], self.substitutes.links).programs
        self.deployments[None] = copy.deepcopy(self.configuration)
        self.lab = lab_module.Lab(self.names, links=len(links), programs=[*engine.programs, *programs])
        self.lab.boot_delay_s = BOOT_DELAY_S
        for name in self.names:
            self.lab.write(name, "/etc/corosync/corosync.conf", self._corosync_conf())
        self.shared = facts.Shared(self.lab.shared)
        for resource, pair in self.substitutes.attributes.items():
            self.shared.write("attribute", resource, "%s %s" % pair)
        for assumption in plan["assumptions"]:
            self._assume(assumption)
        self.lab.on_boot.append(lambda name: self.lab.start(name, "corosync", ["corosync", "-f"]))
        self.lab.on_boot.append(lambda name: engine.boot(self.lab, name))
        self.apart = set()     # pairs of nodes, in the order of names
        self.cut = set()       # (node, number of the link)
        self.leaving = set()   # nodes whose cluster software was stopped
        self.history = facts.History(self)
        self.began = self.changed = time.time()
        self.touched = set()   # primitives whose monitors have something to find out
        self._cibs = {}        # of the first node of each part, at the last look

    def _assume(self, assumption):
        node = "." + assumption["node"] if assumption.get("node") else ""
        if assumption["assume"] == "takes":
            for primitive in facts.primitives(self.configuration, assumption["resource"]):
                self.shared.write("takes", "%s.%s%s" % (assumption["operation"], primitive, node),
                                  "%.3f" % (assumption["ms"] / 1000))
        elif assumption["assume"] == "score":
            role = ".promoted" if assumption["promoted"] else ""
            for primitive in facts.primitives(self.configuration, assumption["resource"]):
                self.shared.write("score", primitive + node + role, assumption["score"])
        elif assumption["assume"] == "powered":
            self.lab.powered_by[assumption["device"]] = assumption["node"]

    def _corosync_conf(self):
        """The policy's, with the lab's addresses, without keys, and without real-time priority."""
        lines, skipped = [], 0
        text = self.plan["corosync"] if self.plan["links"] else ""
        if not text:
            return lab_module.corosync_conf(self.names, token_ms=3000, two_node=len(self.names) == 2)
        number, depth = -1, 0
        for line in text.splitlines():
            word = line.strip()
            if skipped or word.startswith(("device {", "logging {")):
                skipped += word.endswith("{") - (word == "}")
                continue
            if word == "node {":
                number += 1
            address = re.match(r"\s*ring(\d+)_addr:", line)
            if address:
                line = "\t\tring%s_addr: %s" % (address[1], network.address(number + 1, int(address[1])))
            if re.match(r"\s*(crypto_|bindnetaddr|mcast|secauth)", line):
                continue
            depth += word.endswith("{") - (word == "}")
            lines.append(line)
        return "\n".join(lines) + ("\nsystem {\n  sched_rr: no\n}\nlogging {\n  to_stderr: yes\n  to_logfile: no\n"
                                   "  to_syslog: no\n  timestamp: hires\n}\n")

    # --- waiting -------------------------------------------------------------------------------------------------

    def say(self, text):
        print("%6.1f  %s" % (time.time() - self.began, text), flush=True)

    def wait(self, what, predicate, limit_s=90):
        end = time.monotonic() + limit_s
        while not predicate():
            if time.monotonic() > end:
                raise Failed("%s: not within %d s" % (what, limit_s))
            time.sleep(0.1)

    def on(self):
        return [name for name in self.names if self.lab.is_on(name)]

    def active(self):
        """Nodes on which the cluster software should run."""
        return [name for name in self.on() if name not in self.leaving]

    def parts(self):
        """The active nodes, in lists of those who hear one another on some link."""
        left, parts = self.active(), []
        while left:
            part, new = [], [left[0]]
            while new:
                one = new.pop()
                part.append(one)
                left.remove(one)
                new += [other for other in left if other not in new and self._hears(one, other)]
            parts.append(sorted(part, key=self.names.index))
        return parts

    def _hears(self, one, other):
        if (one, other) in self.apart or (other, one) in self.apart:
            return False
        return any((one, link) not in self.cut and (other, link) not in self.cut
                   for link in range(len(self.link_names)))

    # --- boot ----------------------------------------------------------------------------------------------------

    def start(self):
        """All nodes, from nothing to rest under the policy. The first one is the coordinator of the beginning."""
        first = self.names[0]
        self.lab.power_on(first)
        if len(self.names) > 1:
            # Whoever has coordinated wins the election against those who come later.
            if self.engine.name == "pacemaker":
                self.wait("%s coordinates" % first, lambda: self.engine.coordinator(self.lab, first) == first)
            self.lab.power_on(*self.names[1:])
        self.wait("all are members of one ring", lambda: all(
            lab_module.membership(self.lab, name)[1] == len(self.names) for name in self.names))
        self.wait("the engine answers everywhere", lambda: all(
            sorted(self.engine.online(self.lab, name)) == sorted(self.names) for name in self.names))
        self.load()

    def load(self):
        node = self.main_part()[0]
        for _ in range(5):
            status, output = self.engine.load(self.lab, node, xml.tostring(self.configuration, encoding="unicode"))
            if status == 0:
                return
            time.sleep(1)
        raise Failed("the configuration is not taken: " + output)

    def main_part(self):
        """The part with quorum, else the largest."""
        parts = sorted(self.parts(), key=lambda part: -len(part))
        for part in parts:
            if lab_module.membership(self.lab, part[0])[0]:
                return part
        return parts[0] if parts else []

    # --- faults --------------------------------------------------------------------------------------------------

    def strike(self, fault):
        self.changed = time.time()
        self.touched = set()
        operators.strike(self, fault)

    def part(self):
        """Carries `apart` and `cut` out."""
        self.lab.isolate(self.apart)
        self.lab.pull(self.cut)

    def power_off(self, name):
        self.lab.away.add(name)
        self.lab.power_off(name)
        self.leaving.discard(name)

    def power_on(self, name):
        self.lab.away.discard(name)
        self.leaving.discard(name)
        self.lab.power_on(name)

    def leave(self, name, boots_again, halts=True):
        """An orderly stop of the cluster software and, if it `halts`, of the machine."""
        self.engine.stop(self.lab, name)
        self.leaving.add(name)
        self.lab.signal(name, "corosync", 15)
        self.wait("Corosync has left", lambda: "corosync" not in self.lab.running(name), 60)
        if not halts:
            return
        self.power_off(name)
        if boots_again:
            self.lab.away.discard(name)
            self.lab.power_on_later(name, BOOT_DELAY_S)

    def come_back(self, name):
        """The cluster software of a machine that is on is started again."""
        self.leaving.discard(name)
        for start in self.lab.on_boot:
            start(name)

    # --- rest ----------------------------------------------------------------------------------------------------

    def rest(self, limit_s=REST_LIMIT_S):
        """Until the cluster is at rest; gives the CIB as it is then."""
        began = time.monotonic()
        quiet_since, last = None, object()
        missing = "nothing"
        while time.monotonic() - began < limit_s:
            missing, look = self._look()
            if missing or look != last:
                last, quiet_since = look, time.monotonic()
            elif time.monotonic() - quiet_since >= QUIET_S:
                self.say("at rest after %.1f s" % (time.time() - self.changed))
                part = self.main_part()
                return self._cibs.get(part[0]) if part else None
            time.sleep(0.3)
        raise Failed("no rest within %d s: %s" % (limit_s, missing or "it goes on and on"))

    def _look(self):
        """What speaks against rest, or empty; and what must not change any more."""
        if self.lab.booting:
            return "somebody boots", None
        runs = records.read(self.lab.shared + "/records")
        for run in runs:
            if run.end == records.INFINITY and self._is_at_work(run):
                return str(run), None
        statuses, self._cibs = [], {}
        for part in self.parts():
            missing = self._look_at(part)
            if missing:
                return missing, None
            cib = self.engine.cib(self.lab, part[0])
            if cib is None:
                return "%s does not tell its CIB" % part[0], None
            pending = [entry.get("id") for entry in cib.iter("lrm_rsc_op") if entry.get("op-status") == "-1"]
            if pending:
                return "pending: " + " ".join(pending), None
            late = self._late_monitor(runs, part, cib)
            if late:
                return late, None
            statuses.append((part, facts.nodes(cib)))
            self._cibs[part[0]] = cib
        done = len([run for run in runs if run.interval_ms == 0])
        return "", (done, len(self.lab.fenced), statuses)

    def _is_at_work(self, run):
        """Whether the process of an agent is still there; one that hung has been killed."""
        return self.lab.is_on(run.node) and run.boot == self.lab.boot_id(run.node) and \
            self.lab.run(run.node, ["test", "-d", "/proc/" + run.pid], 10)[0] == 0

    def _look_at(self, part):
        for name in part:
            if lab_module.membership(self.lab, name)[1] != len(part):
                return "%s does not see that its ring is %s" % (name, " ".join(part))
        if sorted(self.engine.online(self.lab, part[0])) != sorted(part):
            return "not all of %s are online" % " ".join(part)
        if not self.engine.at_rest(self.lab, part[0]):
            return "the coordinator of %s is at work" % " ".join(part)
        return ""

    def _late_monitor(self, runs, part, cib):
        """A recurring operation of what was touched that has not been run since the last fault."""
        last = {}
        for run in runs:
            if run.interval_ms and run.end != records.INFINITY:
                last[run.node, run.resource, run.interval_ms] = run.begin
        for state in cib.findall("status/node_state"):
            if state.get("uname") not in part:
                continue
            for resource in state.iter("lrm_resource"):
                if resource.get("id").split(":")[0] not in self.touched:
                    continue
                for entry in resource.findall("lrm_rsc_op"):
                    interval = int(entry.get("interval") or 0)
                    at = last.get((state.get("uname"), resource.get("id"), interval))
                    if interval and not facts.is_stale(resource, entry) and at is not None and at < self.changed \
                            and time.time() < self.changed + interval / 1000 + 3:
                        return "the monitor of %s on %s has not run yet" % (resource.get("id"), state.get("uname"))
        return ""

    def cib(self):
        part = self.main_part()
        return self.engine.cib(self.lab, part[0]) if part else None
