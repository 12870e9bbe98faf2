"""Faults one after the other, by a seed, without a pause between them: what nobody thought of when writing an act.

The faults overlap: a node dies while another stands still while somebody puts a third on standby. During it only one
thing is asked for, that nothing runs twice; once it is over, that the cluster finds back by itself, and that simulate
then sees nothing to do. A seed gives the same faults again, though not the same moments: the machine has its say.
"""
import contextlib
import random
import signal
import time

import lab as lab_module


class Storm:
    def __init__(self, cluster, seed):
        self.cluster, self.lab = cluster, cluster.lab
        self.random = random.Random(seed)
        self.later = []   # (when, what): ends of faults
        self.killed = set()   # (node, boot) whose picketd we have killed and not started again

    def blow(self, seconds):
        faults = [self.power, self.pause, self.partition, self.picketd, self.corosync, self.standby, self.agent,
                  self.service, self.device]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.strike(self.random.choice(faults))
            pause_until = time.monotonic() + self.random.choice((0.1, 0.5, 1.5, 3))
            while time.monotonic() < pause_until:
                self.end_what_is_due(time.monotonic())
                time.sleep(0.05)

    def strike(self, fault):
        # What a fault needs may be gone already: the node is off, the daemon does not run.
        with contextlib.suppress(lab_module.LabError, ProcessLookupError, FileNotFoundError):
            fault(self.random.choice(self.cluster.names))

    def end_what_is_due(self, now):
        due = [what for when, what in self.later if when <= now]
        self.later = [each for each in self.later if each[0] > now]
        for what in due:
            with contextlib.suppress(lab_module.LabError, FileNotFoundError):
                what()

    def calm(self):
        """All faults end, everything is on, failures are forgotten."""
        self.end_what_is_due(float("inf"))
        self.lab.heal()
        self.lab.failing_devices.clear()
        for name in self.cluster.names:
            self.lab.resume(name)
            self.lab.power_on(name)
            self.bring_daemons(name)

    def bring_daemons(self, name):
        boot = self.lab.boot_id(name)
        running = self.lab.running(name)
        if "corosync" not in running:
            self.cluster.start_corosync(name)
        if "picketd" not in running:
            self.cluster.require((name, boot) in self.killed or self.lab.boot_id(name) != boot,
                                 "picketd on %s runs, since nobody killed it" % name)
            self.cluster.engine.boot(self.lab, name)
        self.killed.discard((name, boot))

    def after(self, seconds, what):
        self.later.append((time.monotonic() + seconds, what))

    def tell(self, text):
        self.cluster.say("   " + text)

    # --- faults --------------------------------------------------------------------------------------------------

    def power(self, name):
        self.tell("power off: " + name)
        self.lab.power_off(name)
        self.after(self.random.choice((0.5, 4, 10)), lambda: self.lab.power_on(name))

    def pause(self, name):
        seconds = self.random.choice((0.3, 1, 2, 4, 6))
        self.tell("pause: %s for %s s" % (name, seconds))
        self.lab.pause(name)
        self.after(seconds, lambda: self.lab.resume(name))

    def partition(self, name):
        seconds = self.random.choice((0.5, 2, 4, 8))
        self.tell("partition: %s for %s s" % (name, seconds))
        self.lab.partition([name], self.cluster.others(name))
        self.after(seconds, self.lab.heal)

    def picketd(self, name):
        seconds = self.random.choice((0, 1, 5, 15))
        self.tell("picketd: %s for %s s" % (name, seconds))
        self.lab.signal(name, "picketd", signal.SIGKILL)
        self.killed.add((name, self.lab.boot_id(name)))
        self.after(seconds, lambda: self.bring_daemons(name))

    def corosync(self, name):
        seconds = self.random.choice((0, 1, 5))
        self.tell("corosync: %s for %s s" % (name, seconds))
        self.lab.signal(name, "corosync", signal.SIGKILL)
        self.after(seconds, lambda: self.bring_daemons(name))

    def standby(self, name):
        if self.lab.is_paused(name):
            return
        self.tell("standby: " + name)
        self.cluster.engine.change(self.lab, name, "standby", name, timeout_s=3)
        self.after(self.random.choice((1, 5)), lambda: self.online(name))

    def online(self, name):
        for other in self.cluster.on():
            if self.cluster.engine.change(self.lab, other, "online", name, timeout_s=3)[0] == 0:
                return

    def agent(self, _):
        operation, what = self.random.choice((("stop", "hang"), ("start", "sleep 4"), ("start", "fail 1"),
                                              ("stop", "sleep 2"), ("monitor", "fail 7"), ("monitor", "hang")))
        self.tell("agent: %s of work, %s" % (operation, what))
        self.cluster.switch(operation, "work", what)
        self.after(self.random.choice((2, 6)), lambda: self.cluster.switch(operation, "work", None))

    def service(self, name):
        self.tell("service: work on %s dies" % name)
        self.lab.run(name, ["rm", "-f", "/run/scripted.work"])

    def device(self, _):
        self.tell("device: fails")
        self.lab.failing_devices.add("power")
        self.after(self.random.choice((3, 10)), self.lab.failing_devices.clear)
