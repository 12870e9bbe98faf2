#!/usr/bin/python3 -B
"""Writes scenarios that nobody has thought of: small random policies with random faults, one for each seed.

    tests/agreement/wander.py --first 1 --seeds 20 --into FOLDER

FOLDER needs a link to `scenarios/base`. One is played on real nodes by

    picket test FOLDER/wander1.picket --live --engine pacemaker --record FILE

What the world does with it must be the same, but for what a live cluster leaves open.
"""
import argparse
import os
import random

ACTS = ["fail", "fail", "fail", "failop", "failop", "standby", "kill", "shutdown", "leave", "reboot", "move", "ban",
        "clear", "cleanup", "refresh", "disable", "maintenance", "unmanage", "byhand", "crash", "edit"]


def resources(rng):
    """Lines of the policy, and what can be acted upon: {name: kind}."""
    lines, known = [], {}
    kinds = rng.sample(["plain", "plain", "group", "clone", "promotable", "moving", "sticky"], rng.randint(2, 4))
    for number, kind in enumerate(kinds):
        name = "%s%d" % (kind[0], number)
        meta = []
        if rng.random() < 0.4:
            meta.append("migration-threshold=%d" % rng.randint(1, 3))
        if rng.random() < 0.25:
            meta.append("failure-timeout=10min")
        if kind == "sticky" or rng.random() < 0.3:
            meta.append("resource-stickiness=%d" % rng.choice([1, 60, 200]))
        if kind == "moving":
            meta.append("allow-migrate=true")
        reactions = ["block", "stop", "standby", "fence", "ignore"]
        on_fail = rng.choice([""] * 6 + [" on-fail=" + reaction for reaction in reactions])
        body = "op monitor interval=3s timeout=20s" + on_fail
        told = "\n  meta " + " ".join(meta) if meta else ""
        if kind == "group":
            members = [name + letter for letter in "abc"[:rng.randint(2, 3)]]
            for member in members:
                lines.append("primitive %s ocf:pacemaker:Dummy {\n  %s\n}" % (member, body))
                known[member] = "member"
            lines.append("group %s of %s {%s\n}" % (name, ", ".join(members), told))
        elif kind == "promotable":
            lines.append("primitive %s ocf:pacemaker:Stateful {\n  op monitor interval=3s timeout=20s role=promoted%s\n"
                         "  op monitor interval=4s timeout=20s role=unpromoted%s\n}" %
                         (name + "s", rng.choice([""] * 3 + [" on-fail=demote"]), ""))
            lines.append("promotable %s of %s {%s%s\n}" %
                         (name, name + "s", told, "\n  meta notify=true" if rng.random() < 0.3 else ""))
        elif kind == "clone":
            lines.append("primitive %s ocf:pacemaker:Dummy {\n  %s\n}" % (name + "p", body))
            lines.append("clone %s of %s {%s%s\n}" %
                         (name, name + "p", told, "\n  meta interleave=true" if rng.random() < 0.5 else ""))
        else:
            lines.append("primitive %s ocf:pacemaker:Dummy {\n  %s%s\n}" % (name, body, told))
        known[name] = kind
    return lines, known


def constraints(rng, known, nodes):
    lines = []
    tops = [name for name, kind in known.items() if kind != "member"]
    for name in tops:
        if known[name] != "clone" and rng.random() < 0.6:
            promoted = "promoted " if known[name] == "promotable" else ""
            where = (promoted, name, rng.choice(nodes), rng.choice([50, 100]))
            lines.append("location %s%s prefers %s score=%d" % where)
    pairs = [(a, b) for a in tops for b in tops if tops.index(a) < tops.index(b)]
    rng.shuffle(pairs)
    for first, then in pairs[:rng.randint(0, 2)]:
        lead = "promoted " if known[first] == "promotable" else ""
        if rng.random() < 0.7:
            action = "promote " if lead and rng.random() < 0.7 else "start "
            optional = " kind=optional" if rng.random() < 0.2 else ""
            lines.append("order %s%s then start %s%s" % (action, first, then, optional))
        if rng.random() < 0.6 and known[then] not in ("clone", "promotable"):
            lines.append("colocation %s with %s%s%s" % (then, lead, first, rng.choice(["", "", " score=80"])))
    return lines


def act(rng, known, nodes, state):
    """One step: lines of the test."""
    anyone = rng.choice(sorted(known))
    single = [name for name, kind in sorted(known.items()) if kind in ("plain", "moving", "sticky", "member")]
    runs = rng.choice(single or sorted(known))
    top = rng.choice([name for name, kind in sorted(known.items()) if kind != "member"])
    node = rng.choice(nodes)
    away = sorted(state["away"])
    if away and rng.random() < 0.5:
        back = rng.choice(away)
        state["away"].discard(back)
        return ["online " + back]
    what = rng.choice(ACTS)
    may_go = len(nodes) - len(state["away"]) > 1
    if what in ("standby", "kill", "shutdown", "leave") and may_go and node not in state["away"]:
        state["away"].add(node)
        return ["%s %s" % (what, node)]
    if what in ("reboot", "crash") and node not in state["away"]:
        return ["%s %s" % (what, node)]
    if what == "fail":
        return ["fail %s" % runs]
    if what == "failop":
        operation = rng.choice(["start", "stop", "monitor"])
        lines = ["fail %s %s rc=%d%s" % (runs, operation, rng.choice([1, 1, 7]) if operation == "monitor" else 1,
                                         " times=2" if rng.random() < 0.3 else "")]
        return lines + (["fail " + runs] if operation != "monitor" and rng.random() < 0.5 else [])
    if what == "move":
        return ["move %s to %s" % (top, node)] if known[top] not in ("clone", "promotable") else ["cleanup"]
    if what == "ban":
        return ["ban %s on %s" % (top, node)]
    if what == "clear":
        return ["clear %s" % top]
    if what == "cleanup":
        return [rng.choice(["cleanup", "cleanup %s" % top])]
    if what == "refresh":
        return ["refresh %s" % top]
    if what == "disable":
        return ["disable %s" % top, "enable %s" % top]
    if what == "maintenance":
        inner = rng.choice([[], ["fail %s" % runs], ["by hand stop %s on %s" % (runs, node)]])
        return ["maintenance on"] + inner + ["maintenance off"]
    if what == "unmanage":
        inner = rng.choice([[], ["fail %s" % runs], ["standby %s" % node, "online %s" % node]])
        if inner and node in state["away"]:
            inner = []
        return ["unmanage %s" % top] + inner + ["manage %s" % top]
    if what == "byhand":
        return ["by hand %s %s on %s" % (rng.choice(["stop", "start"]), runs, node)]
    if what == "edit":
        return [rng.choice(["set meta resource-stickiness=300 of %s" % top,
                            "set meta migration-threshold=1 of %s" % top,
                            "set op monitor interval=5s of %s" % runs, "set property no-quorum-policy=freeze",
                            "set meta target-role=stopped of %s" % top])]
    return ["fail %s" % runs]


def scenario(seed):
    rng = random.Random(seed)
    nodes = ["n1", "n2", "n3"] if rng.random() < 0.6 else ["n1", "n2"]
    base = "three_fenced" if len(nodes) == 3 else "two_fenced"
    lines, known = resources(rng)
    lines += constraints(rng, known, nodes)
    state = {"away": set()}
    steps = []
    for _ in range(rng.randint(4, 6)):
        steps += act(rng, known, nodes, state)
    text = "# Seed %d.\nimport \"base/%s.picket\"\n\n" % (seed, base) + "\n".join(lines)
    text += "\n\ntest \"seed %d\" {\n" % seed + "".join("  %s\n" % step for step in steps)
    return text + "  expect count(online) >= 1\n}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--into", required=True)
    options = parser.parse_args()
    os.makedirs(options.into, exist_ok=True)
    for seed in range(options.first, options.first + options.seeds):
        with open("%s/wander%d.picket" % (options.into, seed), "w", encoding="utf-8") as file:
            file.write(scenario(seed))


if __name__ == "__main__":
    main()
