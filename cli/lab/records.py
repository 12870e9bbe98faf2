"""What the agents of a lab wrote down about themselves, and what must be true of it.

The truth of these tests: the scripted agent writes a line at the begin and at the end of each of its runs, the
lab writes down when the power of a node came and went. No daemon's opinion is in it.
"""
import dataclasses

INFINITY = float("inf")


@dataclasses.dataclass
class Run:
    """One run of the agent; ended only by its own word or with its node."""
    begin: float
    node: str
    boot: str
    resource: str
    operation: str
    interval_ms: int
    pid: str
    timeout_ms: int = 20000
    end: float = INFINITY
    rc: int = -1

    def __str__(self):
        end = "never ended" if self.end == INFINITY else "until %.3f" % self.end
        return "%s of %s on %s, from %.3f %s" % (self.operation, self.resource, self.node, self.begin, end)


@dataclasses.dataclass
class Active:
    """A time in which a service may have run: from the begin of its start to the end of a good stop, or power off."""
    begin: float
    node: str
    boot: str
    resource: str
    end: float = INFINITY


def read(path):
    """All runs, in the order of their beginnings."""
    runs = []
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        return runs
    for line in lines:
        when, node, boot, resource, operation, interval, phase, rc, pid = line.split()
        if phase == "begin":
            runs.append(Run(float(when), node, boot, resource, operation, int(interval), pid,
                            int(rc) if rc.isdigit() else 20000))
            continue
        for run in reversed(runs):
            if (run.node, run.boot, run.pid, run.resource, run.operation) == (node, boot, pid, resource, operation):
                run.end, run.rc = float(when), int(rc)
                break
    return runs


def active_times(runs, power):
    """`power`: (time, node, "on" or "off", boot id)."""
    gone = {boot: when for when, _, what, boot in power if what == "off"}
    times = []
    for run in runs:
        now = [time for time in times if (time.resource, time.boot) == (run.resource, run.boot)
               and time.end == INFINITY]
        if run.operation == "start" and not now:
            times.append(Active(run.begin, run.node, run.boot, run.resource))
        elif run.operation == "stop" and run.rc == 0:
            for time in now:
                time.end = run.end
    for time in times:
        time.end = min(time.end, gone.get(time.boot, INFINITY))
    return times


def complaints(runs, power):
    """Each breach of what must hold whatever happens, in a sentence."""
    found = []
    times = active_times(runs, power)
    for i, one in enumerate(times):
        for other in times[i + 1:]:
            same = one.resource == other.resource and one.boot != other.boot
            if same and one.begin < other.end and other.begin < one.end:
                found.append("%s ran twice: on %s from %.3f, and on %s from %.3f"
                             % (one.resource, one.node, one.begin, other.node, other.begin))
    for i, one in enumerate(runs):
        for other in runs[i + 1:]:
            same = (one.resource, one.boot) == (other.resource, other.boot)
            # A run without an end was killed, when is not known.
            if same and one.end != INFINITY and other.begin < one.end:
                found.append("two operations at once: %s; %s" % (one, other))
    return found
