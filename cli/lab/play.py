"""Plays a policy's tests in labs, one lab for each test, judges what is expected, and keeps a record.

The record has the form that docs/testing-policies.md describes; `picket test --record` writes the same of the simulated
world.
"""
import json
import os
import sys
import tempfile
import time
import traceback

import engines
import facts
import judge
import lab as lab_module
import live as live_module
import operators
import records
import substitutes

_GOOD = (0, 8, 190, 191)
_SILENT = ("notify", "validate-all", "meta-data")


class Play:
    def __init__(self, plan, engine, test):
        self.live = live_module.Live(plan, engine)
        self.test = test
        self.steps = []
        self.verdict = "passed"
        self._text = ""        # of the faults since the last rest
        self._since = 0.0      # what happened before is in an earlier step

    def play(self):
        """The test's record."""
        live = self.live
        for line in live.substitutes.statement():
            live.say(line)
        try:
            live.say("== start")
            live.start()
            self._close("start", live.rest())
            self._steps()
        except (live_module.Failed, operators.Unwilling, lab_module.LabError) as failure:
            live.say("FAILED: %s" % failure)
            self.verdict = "unplayed: %s" % failure
            self._tell()
        return {"name": self.test["name"], "steps": self.steps, "verdict": self.verdict}

    def _tell(self):
        for name in self.live.on():
            print("=== %s" % name)
            print(self.live.engine.tell(self.live.lab, name))
            print(engines.tail("Corosync", self.live.lab.log(name, "corosync"), 15))

    def _steps(self):
        struck, steps = False, self.test["steps"]
        for number, step in enumerate(steps):
            if "given" in step:
                self._given(step)
                struck = False
            elif "expect" in step:
                if not self._expect(step):
                    return
            else:
                if not struck:
                    self.live.history.mark = time.time()
                struck = True
                self._strike(step, "during" in (steps + [{}])[number + 1])

    def _strike(self, step, goes_on):
        """One fault; with `goes_on` the next one strikes while the cluster is at work."""
        live = self.live
        live.say("== " + step["text"])
        if "during" in step:
            live.wait("%(operation)s of %(subject)s begins" % step["during"], lambda: self._begins(step["during"]))
            for fault in step["during"]["faults"]:
                live.strike(fault)
        else:
            live.strike(step["fault"])
        self._text += (", " if self._text else "") + step["text"]
        if not goes_on:
            self._close(self._text, live.rest())
            self._text = ""

    def _begins(self, during):
        """Whether the operation has begun since the last fault."""
        if during["operation"] == "fencing":
            return any(when >= self.live.changed and target == during["subject"] and outcome == "begun"
                       for when, _, _, target, _, outcome in self.live.lab.fenced)
        wanted = facts.primitives(self.live.configuration, during["subject"])
        return any(run.begin >= self.live.changed and run.resource.split(":")[0] in wanted and not run.interval_ms
                   and run.operation == during["operation"] and during["node"] in (None, run.node)
                   for run in self.live.history.runs())

    def _given(self, step):
        judged = judge.Judge(self.live)
        if judged.holds(step["given"]) or self._steer(step["given"], judged):
            return
        raise live_module.Failed("given `%s` does not hold" % step["text"])

    def _steer(self, condition, judged):
        """As an operator: the other nodes go to standby and come back."""
        keep = _nodes_of(condition)
        others = [name for name in self.live.names if name not in keep]
        if not keep or not others:
            return False
        for word in ("standby", "online"):
            self.live.strike({"do": word, "nodes": others})
            self._close("given", self.live.rest())
        return judged.holds(condition)

    def _expect(self, step):
        judged = judge.Judge(self.live)
        well = judged.holds(step["expect"]) and \
            ("within_ms" not in step or judged.held_within(step["expect"], step["within_ms"]))
        self.live.say("%s `%s`" % ("holds:" if well else "DOES NOT HOLD:", step["text"]))
        if not well:
            self.verdict = "failed: expected `%s`" % step["text"]
        return well

    # --- the record ----------------------------------------------------------------------------------------------

    def _close(self, text, cib):
        """Ends a step: what happened since the last one, and how the cluster is now."""
        until = time.time()
        self.steps.append({"step": text, "operations": self._operations(until), "fencing": self._fencings(until),
                           "nodes": facts.nodes(cib) if cib is not None else {}})
        self._since = until

    def _operations(self, until):
        lines, last = [], {}
        runs = [run for run in self.live.history.runs() if run.operation not in _SILENT and run.begin < until]
        for run in runs:
            if run.interval_ms and run.end == records.INFINITY and not self._hung(run, runs):
                continue
            key = (run.node, run.resource, run.interval_ms)
            repeats = run.interval_ms and (run.rc in _GOOD or last.get(key) == run.rc)
            if run.interval_ms:
                last[key] = run.rc
            else:
                last = {other: rc for other, rc in last.items() if other[:2] != key[:2]}
            if run.begin >= self._since and not repeats:
                lines.append("%s %s %s_%d rc=%s" % (run.node, run.resource, run.operation, run.interval_ms,
                                                    self._rc(run)))
        return lines

    @staticmethod
    def _hung(run, runs):
        """Whether a monitor without an end was killed at its timeout; else it is under way, or was cancelled."""
        next_one = min((other.begin for other in runs if (other.node, other.resource) == (run.node, run.resource)
                        and other.begin > run.begin), default=0)
        return next_one >= run.begin + run.timeout_ms / 1000

    def _rc(self, run):
        if run.end != records.INFINITY:
            return run.rc
        off = min((when for when, _, what, boot in self.live.lab.history if what == "off" and boot == run.boot),
                  default=records.INFINITY)
        return "lost" if off < run.begin + run.timeout_ms / 1000 else "timeout"

    def _fencings(self, until):
        mark, self.live.history.mark = self.live.history.mark, self._since
        calls = self.live.history.fencings()
        self.live.history.mark = mark
        return ["%s %s %s %s" % (target, action, device, outcome) for when, target, action, device, outcome in calls
                if when < until and action in ("on", "off", "reboot")]


def _nodes_of(condition):
    """The nodes where a `given` wants something to run."""
    if condition["is"] == "and":
        return {name for each in condition["operands"] for name in _nodes_of(each)}
    if condition["is"] in ("running", "promoted") and condition["node"]:
        return {condition["node"]}
    return set()


def play(plan, engine, only, record):
    """All tests of the plan; whether all passed. `record` is a path or None."""
    results = []
    for test in plan["tests"]:
        if only in test["name"]:
            print("--- %s" % test["name"], flush=True)
            results.append(_in_a_process_of_its_own(plan, engine, test))
    for result in results:
        print("%s  %s%s" % ("PASS" if result["verdict"] == "passed" else "FAIL", result["name"],
                            "" if result["verdict"] == "passed" else "\n      " + result["verdict"]))
    if record:
        with open(record + ".new", "w", encoding="utf-8") as file:
            json.dump({"engine": engine.name, "tests": results}, file, indent=1)
            file.write("\n")
        os.rename(record + ".new", record)
    return bool(results) and all(result["verdict"] == "passed" for result in results)


def _in_a_process_of_its_own(plan, engine, test):
    """A process makes one lab in its life."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8", suffix=".json") as told:
        child = os.fork()
        if child == 0:
            try:
                result = Play(plan, engine, test).play()
            except substitutes.Impossible as why:
                result = {"name": test["name"], "steps": [], "verdict": "unplayed: %s" % why}
            except Exception as error:
                traceback.print_exc(file=sys.stdout)
                result = {"name": test["name"], "steps": [], "verdict": "unplayed: %s" % error}
            with open(told.name, "w", encoding="utf-8") as file:
                json.dump(result, file)
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)
        return json.loads(told.read() or '{"name": "%s", "steps": [], "verdict": "unplayed"}' % test["name"])
