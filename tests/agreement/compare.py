#!/usr/bin/python3 -B
"""Compares what the simulated world does with what a live cluster did, scenario by scenario and step by step.

    tests/agreement/compare.py                  every difference from the recordings of Pacemaker, in words
    tests/agreement/compare.py --engine picket  the same of picketd
    tests/agreement/compare.py dc_killed -v     one scenario, with both sides
    tests/agreement/compare.py --check          as CI does: only the differences of differences.txt, and all of them
    tests/agreement/compare.py --table          the table of README.md

Operations of one resource on one node have one order; those on several nodes are only ordered where the resource runs
in one place. Everything else is compared as it stands.
"""
import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile

import scenarios

HERE = os.path.dirname(os.path.realpath(__file__))
KINDS = ("verdict", "steps", "operations", "fencing", "online", "entries", "attributes")


ENGINES = {"pacemaker": "recorded", "picket": "recorded_picketd"}
RELEASE = {"pacemaker": ["--as", "2.1.5"], "picket": []}  # that was recorded


def known(engine):
    """(scenario, number of the step, kind) -> the reason."""
    lines = {}
    with open("%s/%s/differences.txt" % (HERE, ENGINES[engine]), encoding="utf-8") as file:
        for line in file:
            head, _, reason = line.strip().partition("#")
            if head.strip():
                scenario, step, kind = head.split()
                lines[scenario, step, kind] = reason.strip()
    return lines


def of_world(picket, engine, name):
    with tempfile.TemporaryDirectory() as folder:
        path = folder + "/record.json"
        subprocess.run([picket, "test", scenarios.path(name), "--engine", engine, *RELEASE[engine], "--record", path],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return recorded(folder, "record") if os.path.exists(path) else []


def recorded(folder, name):
    with open("%s/%s.json" % (folder, name), encoding="utf-8") as file:
        return json.load(file)["tests"]


# --- one step ----------------------------------------------------------------------------------------------------


def compare_step(world, live):
    """(kind, what the world has, what was live), for each difference."""
    for what, one, other in compare_operations(world["operations"], live["operations"]):
        yield "operations", what + one, what + other
    if world["fencing"] != live["fencing"]:
        yield "fencing", "; ".join(world["fencing"]) or "none", "; ".join(live["fencing"]) or "none"
    for name in sorted(set(world["nodes"]) | set(live["nodes"])):
        one, other = world["nodes"].get(name, {}), live["nodes"].get(name, {})
        if one.get("online", False) != other.get("online", False):
            yield "online", "%s online: %s" % (name, one.get("online")), "%s online: %s" % (name, other.get("online"))
        for kind in ("entries", "attributes"):
            for key in sorted(set(one.get(kind, {})) | set(other.get(kind, {}))):
                left, right = one.get(kind, {}).get(key), other.get(kind, {}).get(key)
                if left != right:
                    yield kind, "%s %s: %s" % (name, key, tell(left)), "%s %s: %s" % (name, key, tell(right))


def tell(value):
    return "-" if value is None else value if isinstance(value, str) else ", ".join(value)


def compare_operations(world, live):
    sides = [by_resource(world), by_resource(live)]
    for resource in sorted(set(sides[0]) | set(sides[1])):
        one, other = (side.get(resource, []) for side in sides)
        if in_one_place(one) and in_one_place(other):
            same = ordered(one) == ordered(other) and collections.Counter(one) == collections.Counter(other)
        else:
            same = True
        nodes = {line.split()[0] for line in one + other}
        same = same and all([line for line in one if line.split()[0] == node] ==
                            [line for line in other if line.split()[0] == node] for node in nodes)
        if not same:
            yield resource + ": ", brief(one), brief(other)


def by_resource(lines):
    told = collections.defaultdict(list)
    for line in lines:
        node, resource, rest = line.split(" ", 2)
        told[resource].append("%s %s" % (node, rest))
    return told


def ordered(lines):
    """All but probes, which run side by side."""
    return [line for line in lines if " monitor_0 " not in line]


def in_one_place(lines):
    active = set()
    for line in ordered(lines):
        node, operation = line.split()[:2]
        if operation in ("start_0", "migrate_from_0"):
            active.add(node)
        elif operation == "stop_0":
            active.discard(node)
        if len(active) > 1:
            return False
    return True


def brief(lines):
    return "; ".join(line.replace("_0 rc=0", "").replace("_0 rc=", " rc=") for line in lines) or "none"


# --- a scenario --------------------------------------------------------------------------------------------------


def together(steps, texts):
    """The steps, where what one of `texts` names with commas between is made one."""
    merged = []
    for step in steps:
        wanted = texts[len(merged) - 1] if 0 < len(merged) <= len(texts) else ""
        if merged and (merged[-1]["step"] + ", " + step["step"] + ", ") in wanted + ", ":
            last = merged[-1]
            merged[-1] = {"step": last["step"] + ", " + step["step"], "nodes": step["nodes"],
                          "operations": last["operations"] + step["operations"],
                          "fencing": last["fencing"] + step["fencing"]}
        else:
            merged.append(step)
    return merged


def compare(world, live):
    """(number of the step, its text, kind, world, live)."""
    number = 0
    for index, there in enumerate(live):
        here = world[index] if index < len(world) else {"steps": [], "verdict": "unplayed"}
        steps = together(there["steps"], [step["step"] for step in here["steps"]])
        for position, step in enumerate(steps):
            if position >= len(here["steps"]):
                yield number, step["step"], "steps", "there is no such step", "played"
                break
            for kind, one, other in compare_step(here["steps"][position], step):
                yield number, step["step"], kind, one, other
            number += 1
        good = [side["verdict"].split(":")[0] for side in (here, there)]
        if good[0] != good[1]:
            yield number, there["name"], "verdict", here["verdict"], there["verdict"]


def differences(options, engine):
    """(names of the scenarios, {(scenario, step, kind): [(text, world, live)]})."""
    folder = options.recorded or "%s/%s" % (HERE, ENGINES[engine])
    names = options.names or sorted(name[:-5] for name in os.listdir(folder) if name.endswith(".json"))
    found = {}
    for name in names:
        for number, text, kind, one, other in compare(of_world(options.picket, engine, name), recorded(folder, name)):
            found.setdefault((name, str(number), kind), []).append((text, one, other))
    return names, found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--picket", default=HERE + "/../../bazel-bin/cli/picket")
    parser.add_argument("--engine", choices=sorted(ENGINES), default="pacemaker")
    parser.add_argument("--recorded", help="the folder with recordings, if they are not the product's")
    parser.add_argument("--check", action="store_true", help="differences that nobody knows of are a failure")
    parser.add_argument("--lines", action="store_true", help="print what belongs into differences.txt")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    if options.table:
        return table(options)
    names, found = differences(options, options.engine)
    if options.lines:
        return lines(options.engine, found)
    if options.check:
        return check(options.engine, names, found)
    for (name, number, kind), each in found.items():
        for text, one, other in each:
            print("%s, step %s `%s`, %s\n    world: %s\n    live:  %s" % (name, number, text, kind, one, other))
    well = len(set(names) - {name for name, _, _ in found})
    print("%d of %d scenarios agree" % (well, len(names)))
    return 0


def lines(engine, found):
    reasons = known(engine)
    for key in found:
        print("%s %s %s  # %s" % (*key, reasons.get(key, "?")))
    return 0


def check(engine, names, found):
    expected = known(engine)
    bad = 0
    for key, each in found.items():
        if key not in expected:
            bad += 1
            for text, one, other in each:
                print("a new difference: %s %s %s, `%s`\n    world: %s\n    live:  %s" % (*key, text, one, other))
    for key in expected:
        if key[0] in names and key not in found:
            bad += 1
            print("no difference any more, so take the line out: %s %s %s" % key)
    print("%d scenarios, %d known differences" % (len(names), len(expected)))
    return 1 if bad else 0


def table(options):
    """Each scenario with what the world differs in from each engine; steps that share a reason are told together."""
    columns = {engine: differences(options, engine) for engine in ENGINES}
    print("| scenario | Pacemaker 2.1.5 | picketd |\n|---|---|---|")
    for name in sorted(set().union(*(names for names, _ in columns.values()))):
        cells = [cell(known(engine), name, *columns[engine]) for engine in ENGINES]
        print("| `%s` | %s |" % (name, " | ".join(cells)))
    return 0


def cell(reasons, name, names, found):
    if name not in names:
        return "not recorded"
    mine = collections.defaultdict(list)
    for key in found:
        if key[0] == name:
            mine[key[2], reasons.get(key, "?")].append(int(key[1]))
    return "; ".join("%s, %s: %s" % (steps(numbers), kind, reason) for (kind, reason), numbers in mine.items()) \
        or "agrees"


def steps(numbers):
    if len(numbers) == 1:
        return "step %d" % numbers[0]
    if numbers == list(range(numbers[0], numbers[-1] + 1)):
        return "steps %d to %d" % (numbers[0], numbers[-1])
    return "steps " + ", ".join(map(str, numbers))


if __name__ == "__main__":
    sys.exit(main())
