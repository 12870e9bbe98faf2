"""A cluster in a lab, as the scenarios speak of it: words for what is done to it, and for what must come true.

Nothing is asserted after a fixed time. A scenario waits for what must come (`wait`, with a generous bound), and looks
into the records for what must not have happened.
"""
import os
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, HERE + "/../../cli/lab")

import engines  # noqa: E402
import lab as lab_module  # noqa: E402
import records  # noqa: E402

VIP = "10.77.0.100"
RECORDER = (HERE + "/../../cli/lab/scripted_agent", "/usr/lib/ocf/resource.d/picket-test/Recorder", 0o755)

FRONT = """
primitive vip ocf:heartbeat:IPaddr2 {
  ip=%s; cidr_netmask=24
  op start timeout=20s; op stop timeout=20s; op monitor interval=5s timeout=20s
}
primitive work ocf:picket-test:Recorder {
  op start timeout=90s; op stop timeout=10s; op monitor interval=5s timeout=20s
}
group front of vip, work
""" % VIP
BACK = """
primitive db ocf:pacemaker:Stateful {
  op start timeout=20s; op stop timeout=20s; op promote timeout=20s; op demote timeout=20s
  op monitor interval=5s timeout=20s role=promoted; op monitor interval=6s timeout=20s role=unpromoted
}
promotable db-ms of db { promoted-max=1 }
primitive plain ocf:pacemaker:Dummy { op start timeout=20s; op stop timeout=20s; op monitor interval=5s timeout=20s }
"""
POWER = "fence power stonith:fence_lab for %s { op monitor interval=60s timeout=20s }\n"


AGENTS = ("heartbeat/IPaddr2", "pacemaker/Dummy", "pacemaker/Stateful")


def missing():
    """What the scenarios want and this machine does not have, in words; nothing if all is there."""
    for agent in AGENTS:
        if not os.access("/usr/lib/ocf/resource.d/" + agent, os.X_OK):
            return "the agent ocf:%s is not installed" % agent.replace("/", ":")
    return lab_module.missing()


class Failed(Exception):
    """Something did not come true; the message says what."""


class Cluster:
    def __init__(self, names, engine, token_ms=1000):
        self.names = names
        self.engine = engine
        self.lab = lab_module.Lab(names, programs=[RECORDER, *engine.programs])
        self.two_node = len(names) == 2
        conf = lab_module.corosync_conf(names, token_ms=token_ms, two_node=self.two_node)
        for name in names:
            self.lab.write(name, "/etc/corosync/corosync.conf", conf)
        os.mkdir(self.lab.shared + "/switch")
        self.lab.on_boot.append(self.start_corosync)
        self.lab.on_boot.append(lambda name: engine.boot(self.lab, name))
        self._began = time.time()
        self.mark = 0.0

    def start_corosync(self, name):
        self.lab.start(name, "corosync", ["corosync", "-f"])

    # --- what is done --------------------------------------------------------------------------------------------

    def policy(self, body, properties="", fencing=None):
        """A policy for these nodes: fencing by the lab if nothing else is said."""
        text = "cluster live {\n  totem token=1s\n"
        if self.two_node:
            text += "  quorum two_node=yes wait_for_all=yes\n"
        text += "  link front\n  link back\n}\n"
        for number, name in enumerate(self.names, 1):
            text += "node %s { id=%d; link front 10.77.0.%d; link back 10.77.1.%d }\n" % (name, number, number, number)
        text += "property fencing-enabled=yes no-quorum-policy=stop %s\n" % properties
        text += "rsc_defaults { resource-stickiness=100; migration-threshold=3 }\n"
        return text + (fencing or POWER % ", ".join(self.names)) + body

    def apply(self, policy, node=None):
        status, output = self.engine.apply(self.lab, node or self.names[0], policy)
        self.require(status == 0, "apply ends well: %s" % output)

    def cold_start(self, policy):
        """From all off to all that the policy wants running."""
        self.lab.power_on(*self.names)
        self.wait("all are members of one ring", lambda: self.ring_is(self.names))
        self.wait("the engine answers everywhere", lambda: all(
            sorted(self.engine.online(self.lab, name)) == sorted(self.names) for name in self.names), 60)
        self.apply(policy)
        self.wait("it settles", lambda: self.settled(), 90)

    def change(self, *words, node=None):
        """As a person does it, who tries again where the group has just changed and nobody could say."""
        for _ in range(5):
            status, output = self.engine.change(self.lab, node or self.names[0], *words)
            if "the group changed" not in output:
                break
            self.wait("the group is whole again", lambda: self.settled(), 60)
        self.require(status == 0, "%s ends well: %s" % (" ".join(words), output))

    def switch(self, operation, resource, what, node=None):
        """Makes an operation of a Recorder misbehave; `what` is None to end that."""
        path = "%s/switch/%s.%s%s" % (self.lab.shared, operation, resource, "." + node if node else "")
        if what is None:
            os.remove(path)
            return
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(what + "\n")
        os.rename(path + ".new", path)

    def say(self, text):
        print("%6.1f  %s" % (time.time() - self._began, text), flush=True)

    def remember(self):
        """From here on is what the next questions about records look at."""
        self.mark = time.time()

    # --- what is seen --------------------------------------------------------------------------------------------

    def on(self):
        return [name for name in self.names if self.lab.is_on(name) and not self.lab.is_paused(name)]

    def others(self, *names):
        return [name for name in self.names if name not in names]

    def ring_is(self, names):
        return all(lab_module.membership(self.lab, name)[1] == len(names) for name in names)

    def settled(self, names=None):
        return all(self.engine.settled(self.lab, name) for name in names or self.on())

    def where(self, resource, asked=None):
        return self.engine.where(self.lab, asked or self.on()[0], resource)

    def runs_on(self, resource, asked=None):
        """The one node that has it; an answer of none or two is a failure."""
        nodes = self.where(resource, asked)
        self.require(len(nodes) == 1, "%s runs on one node, and not on: %s" % (resource, " ".join(nodes) or "none"))
        return nodes[0]

    def coordinator(self, asked=None):
        name = self.engine.coordinator(self.lab, asked or self.on()[0])
        self.require(name in self.names, "there is a coordinator")
        return name

    def answers(self):
        return self.lab.answers(VIP)

    def runs(self, resource="work", operation=None, node=None):
        """The agents' runs since the last remember(), recurring ones left out."""
        return [run for run in records.read(self.lab.shared + "/records")
                if run.begin >= self.mark and run.resource == resource and run.interval_ms == 0
                and operation in (None, run.operation) and node in (None, run.node)]

    def fenced(self):
        """Who was fenced since the last remember(): names, in the order of the requests that succeeded."""
        return [target for when, _, action, target, _, outcome in self.lab.fenced
                if when >= self.mark and outcome == "done" and action in ("off", "reboot")]

    def fencing_failed(self, device=None):
        """Whether a device has failed since the last remember()."""
        return any(when >= self.mark and outcome == "failed" and device in (None, used)
                   for when, _, _, _, used, outcome in self.lab.fenced)

    def active(self, resource):
        """Where the service runs now by the records, whatever anybody believes."""
        times = records.active_times(records.read(self.lab.shared + "/records"), self.lab.history)
        return [time.node for time in times if time.resource == resource and time.end == records.INFINITY]

    def told(self, text):
        """Whether some node's events have that text."""
        return any(text in self.engine.events(self.lab, name) for name in self.on())

    def live_cib(self):
        return self.engine.live_cib(self.lab, self.on()[0])

    def simulated(self, cib, standby=None):
        """(operation, node) of `work` that `picket simulate` would have done, recurring ones left out."""
        return [(operation, node) for resource, operation, node in self.engine.simulate(self.lab, cib, standby)
                if resource == "work"]

    def tear_store(self, name):
        """Half of the newest file of the node's store; it is off."""
        folder = self.lab.path(name, "/var/lib/picket")
        files = [os.path.join(folder, file) for file in os.listdir(folder) if file.startswith("hard-")]
        newest = max(files, key=lambda path: int("".join(filter(str.isdigit, os.path.basename(path)))))
        os.truncate(newest, os.path.getsize(newest) // 2)

    # --- what must come true -------------------------------------------------------------------------------------

    def wait(self, what, predicate, limit_s=60):
        """Until it is so; Failed if that takes longer than the bound."""
        began = time.time()
        while True:
            if predicate():
                self.say("%s (%.1f s)" % (what, time.time() - began))
                return
            if time.time() - began > limit_s:
                raise Failed("%s: not within %d s" % (what, limit_s))
            time.sleep(0.1)

    def require(self, condition, what):
        if not condition:
            raise Failed("not so: " + what)

    def breaches(self):
        """Of what must hold whatever happened: nothing ran twice, never two operations at once."""
        return records.complaints(records.read(self.lab.shared + "/records"), self.lab.history)

    def check_records(self):
        found = self.breaches()
        self.require(not found, "all is well by the records, where in fact " + "; ".join(found))

    def forgive(self):
        """What was done so far was meant to go wrong."""
        os.remove(self.lab.shared + "/records")

    def tell(self):
        """Everything that a person wants to see of a failure."""
        for when, *words in sorted(self.lab.history + self.lab.fenced):
            print("%.3f  %s" % (when, " ".join(words)))
        for run in records.read(self.lab.shared + "/records"):
            if run.interval_ms == 0:
                print("%s: %d" % (run, run.rc))
        for name in self.names:
            print("=== %s%s" % (name, "" if name in self.on() else " is off or paused"))
            if name in self.on():
                print(self.engine.tell(self.lab, name))
            print(engines.tail("Corosync", self.lab.log(name, "corosync"), 15))
