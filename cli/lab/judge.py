"""Whether the conditions of a test hold in a live cluster; the same meaning as simulator/scenario/evaluate.cc.

`running`, `stopped`, `promoted`, `online` are about what is so now, by the agents' records; the rest is about what has
happened since the mark of the history.
"""
import bisect

import facts
import records

_BEGUN, _DONE = "begun", "done"


class Judge:
    def __init__(self, live):
        self.live, self.history = live, live.history
        self._online = None

    def holds(self, condition):
        self._online = None
        return self._holds(condition)

    def _holds(self, condition):
        kind = condition["is"]
        if kind == "and":
            return all(self._holds(each) for each in condition["operands"])
        if kind == "or":
            return any(self._holds(each) for each in condition["operands"])
        if kind == "not":
            return not self._holds(condition["operand"])
        if kind == "implies":
            return not self._holds(condition["premise"]) or self._holds(condition["conclusion"])
        if kind == "compared":
            return _COMPARED[condition["op"]](self._amount(condition["left"]), self._amount(condition["right"]))
        if kind == "before":
            first, second = self._when(condition["first"], _DONE), self._when(condition["second"], _BEGUN)
            return first is not None and second is not None and first < second
        if kind == "happened":
            return self._when(condition, _DONE) is not None
        if kind in ("no restart", "no move"):
            return self._undisturbed(condition)
        if kind == "utilization fits":
            return True
        return self._in_state(condition, self.history.now())

    def held_within(self, condition, milliseconds):
        """Whether it was so at some moment at most so long after the mark."""
        moment = self.history.mark + milliseconds / 1000
        if condition["is"] in ("running", "stopped", "promoted", "unpromoted"):
            return any(self.history.mark <= when <= moment and self._in_state(condition, serving)
                       for when, serving in self.history.timeline())
        if condition["is"] in ("fenced", "happened"):
            when = self._when(condition, _DONE)
            return when is not None and when <= moment
        return True

    # --- states --------------------------------------------------------------------------------------------------

    def _in_state(self, state, serving):
        if state["is"] == "fenced":
            return self._when(state, _DONE) is not None
        if state["is"] == "online":
            return state["subject"] in self._members()
        nodes = [state["node"]] if state["node"] else self.live.names
        on = [self._on(state, node, serving) for node in nodes]
        return all(on) if state["is"] == "stopped" else any(on)

    def _on(self, state, node, serving):
        wanted = facts.primitives(self.live.configuration, state["subject"])
        roles = [serving.get((name, node)) for name in wanted]
        if state["is"] == "stopped":
            return not any(roles)
        if state["is"] == "promoted":
            return "promoted" in roles
        if state["is"] == "unpromoted":
            return "started" in roles
        return bool(roles) and all(roles)

    def _members(self):
        if self._online is None:
            cib = self.live.cib()
            told = facts.nodes(cib) if cib is not None else {}
            self._online = [name for name, node in told.items() if node["online"]]
        return self._online

    # --- events --------------------------------------------------------------------------------------------------

    def _when(self, event, phase):
        """When it happened first since the mark; None if it did not."""
        mark = self.history.mark
        if event["is"] == "fenced":
            times = [when for when, _, action, target, device, outcome in self.live.lab.fenced
                     if when >= mark and outcome == "done" and action in ("off", "reboot")
                     and target == event["subject"] and event["device"] in (None, device)]
            return min(times, default=None)
        if event["is"] == "happened":
            wanted = facts.primitives(self.live.configuration, event["subject"])
            times = [run.begin if phase == _BEGUN else run.end for run in self.history.runs()
                     if run.begin >= mark and run.operation == event["action"] and run.interval_ms == 0
                     and run.resource.split(":")[0] in wanted and event["node"] in (None, run.node)
                     and (phase == _BEGUN or run.rc == 0)]
            return min(times, default=None)
        line = self.history.timeline()
        first = max(0, bisect.bisect_right([when for when, _ in line], mark) - 1)
        return next((max(when, mark) for when, serving in line[first:] if self._in_state(event, serving)), None)

    def _undisturbed(self, claim):
        wanted = facts.primitives(self.live.configuration, claim["subject"])
        last_stop = {}
        for run in self.history.runs():
            name = run.resource.split(":")[0]
            if run.begin < self.history.mark or name not in wanted or run.interval_ms:
                continue
            if run.operation == "stop":
                last_stop[name] = run.node
            if run.operation != "start":
                continue
            if claim["is"] == "no restart" and last_stop.get(name) == run.node and claim["node"] in (None, run.node):
                return False
            if claim["is"] == "no move" and last_stop.get(name) not in (None, run.node):
                return False
        return True

    # --- amounts -------------------------------------------------------------------------------------------------

    def _amount(self, quantity):
        kind = quantity["of"]
        if kind == "constant":
            return quantity["value"]
        if kind == "count":
            return self._count(quantity)
        if kind == "downtime":
            return self._downtime(quantity["subject"])
        left, right = self._amount(quantity["left"]), self._amount(quantity["right"])
        return _COMPUTED[kind](left, right)

    def _count(self, count):
        if count["state"] == "online":
            return len(self._members())
        state = {"is": count["state"], "subject": count["subject"], "node": None, "device": None}
        if count["state"] == "fenced":
            return sum(self._when(dict(state, subject=node), _DONE) is not None for node in self.live.names)
        serving = self.history.now()
        return sum(self._on(state, node, serving) for node in self.live.names)

    def _downtime(self, resource):
        """Milliseconds; without end where it is down now."""
        state = {"is": "running", "subject": resource, "node": None}
        if not self._in_state(state, self.history.now()):
            return records.INFINITY
        down, since = 0.0, None
        for when, serving in self.history.timeline():
            when = max(when, self.history.mark)
            if not self._in_state(state, serving):
                since = when if since is None else since
            elif since is not None:
                down, since = down + when - since, None
        return down * 1000


_COMPARED = {"==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b,
             "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b}
_COMPUTED = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b,
             "/": lambda a, b: a // b if b else 0, "%": lambda a, b: a % b if b else 0}
