#!/usr/bin/env python3
"""How the cost of one solve grows with the size of the cluster, shape by shape.

    shapes.py PROGRAM                         every shape at three sizes, each twice the one before
    shapes.py PROGRAM --before OLD            beside another build of picket
    shapes.py PROGRAM --reference             beside the crm_simulate of this machine, at the smallest size
    shapes.py PROGRAM --doublings 4 chain     one shape, further
    shapes.py --print chain 1000              the CIB itself

A shape is a cluster that starts: all nodes are online, nothing runs. Measured is the CPU time (user and system) of
`simulate -R -G`, median of so many runs (--runs), with the spread from the least to the most. Growth is how much the
time grows where the size doubles, beside how much what is printed grows. What else runs on the machine slows all of it:
look at ratios within one run. It is a measurement and no test.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile


def nvpairs(tag, owner, values):
    pairs = "".join(f'<nvpair id="{owner}-{k}" name="{k}" value="{v}"/>' for k, v in values.items())
    return f'<{tag} id="{owner}-{tag}">{pairs}</{tag}>'


def primitive(name, agent="Dummy"):
    return (
        f'<primitive id="{name}" class="ocf" provider="pacemaker" type="{agent}"><operations>'
        f'<op id="{name}-monitor" name="monitor" interval="10s"/></operations></primitive>'
    )


def clone(name, **meta):
    return f'<clone id="{name}">{nvpairs("meta_attributes", name, meta)}{primitive(name + "-p")}</clone>'


def order(first, then):
    return f'<rsc_order id="o-{first}-{then}" first="{first}" then="{then}"/>'


def colocation(dependent, primary, score="INFINITY"):
    return f'<rsc_colocation id="c-{dependent}-{primary}" rsc="{dependent}" with-rsc="{primary}" score="{score}"/>'


def ordered_clones(interleave):
    def build(size):
        names = [f"c{i}" for i in range(size)]
        pairs = list(zip(names, names[1:]))
        resources = [clone(name, interleave=interleave) for name in names]
        return resources, [order(a, b) for a, b in pairs] + [colocation(b, a) for a, b in pairs]

    return build


def group(size):
    return ['<group id="g">' + "".join(primitive(f"m{i}") for i in range(size)) + "</group>"], []


def chain(ordered):
    def build(size):
        names = [f"p{i}" for i in range(size)]
        pairs = list(zip(names, names[1:]))
        orders = [order(a, b) for a, b in pairs] if ordered else []
        return [primitive(name) for name in names], orders + [colocation(b, a) for a, b in pairs]

    return build


def sets(size):
    names = [f"p{i}" for i in range(size)]
    members = "".join(f'<resource_ref id="{name}"/>' for name in names)
    both = [
        f'<rsc_colocation id="cs" score="INFINITY"><resource_set id="cs0">{members}</resource_set></rsc_colocation>',
        f'<rsc_order id="os" kind="Mandatory"><resource_set id="os0">{members}</resource_set></rsc_order>',
    ]
    return [primitive(name) for name in names], both


def apart(size):
    names = [f"p{i}" for i in range(size)]
    pairs = [(b, a) for i, b in enumerate(names) for a in names[:i]]
    return [primitive(name) for name in names], [colocation(b, a, "-INFINITY") for b, a in pairs]


def mixed(size):
    resources, constraints, i = [], [], 0
    while i < size:
        resources.append(primitive(f"p{i}"))
        resources.append(f'<group id="g{i}">' + "".join(primitive(f"g{i}-{k}") for k in range(5)) + "</group>")
        resources.append(clone(f"c{i}", interleave="true"))
        resources.append(clone(f"s{i}", promotable="true", **{"clone-max": 2, "notify": "true"}))
        resources.append(primitive(f"v{i}"))
        constraints.append(f'<rsc_location id="l{i}" rsc="g{i}" node="node{i % 32 + 1}" score="50"/>')
        constraints.append(
            f'<rsc_colocation id="k{i}" rsc="v{i}" with-rsc="s{i}" with-rsc-role="Promoted" score="INFINITY"/>'
        )
        i += 9
    return resources, constraints


# Each with its number of nodes and its smallest size.
SHAPES = {
    "mixed": (mixed, 32, 1000),
    "ordered clones": (ordered_clones("true"), 32, 75),
    "ordered clones, no interleave": (ordered_clones("false"), 32, 75),
    "one group": (group, 32, 125),
    "chain": (chain(True), 32, 250),
    "chain, colocation only": (chain(False), 32, 1000),
    "sets": (sets, 32, 250),
    "apart": (apart, 32, 8),
}


def cib(shape, size):
    build, nodes, _ = SHAPES[shape]
    resources, constraints = build(size)
    options = nvpairs("cluster_property_set", "options", {"stonith-enabled": "true", "no-quorum-policy": "stop"})
    numbers = range(1, nodes + 1)
    states = "".join(
        f'<node_state id="{n}" uname="node{n}" in_ccm="true" crmd="online" join="member" expected="member">'
        f'<lrm id="{n}"><lrm_resources/></lrm></node_state>'
        for n in numbers
    )
    return (
        '<cib crm_feature_set="3.16.2" validate-with="pacemaker-3.7" epoch="1" num_updates="0" admin_epoch="0" '
        f'have-quorum="1" dc-uuid="1"><configuration><crm_config>{options}</crm_config><nodes>'
        + "".join(f'<node id="{n}" uname="node{n}"/>' for n in numbers)
        + '</nodes><resources><primitive id="fence" class="stonith" type="fence_dummy"/>'
        + "".join(resources)
        + "</resources><constraints>"
        + "".join(constraints)
        + f"</constraints></configuration><status>{states}</status></cib>"
    )


def cpu_seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode()[:300]}")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def measured(command, runs):
    times = sorted(cpu_seconds(command) for _ in range(runs))
    return statistics.median(times), times[-1] - times[0]


def row(shape, size, folder, arguments, last):
    path = os.path.join(folder, "cib.xml")
    graph = os.path.join(folder, "graph.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(cib(shape, size))
    seconds, spread = measured([arguments.program, "simulate", "-x", path, "-R", "-G", graph], arguments.runs)
    output = os.path.getsize(graph)
    cells = [shape, str(size), f"{seconds:.3f} (± {spread / 2:.3f})"]
    growth = f"× {output / last[1]:.1f}" if last else "", f"× {seconds / last[0]:.1f}" if last else ""
    cells += growth
    if arguments.before:
        old, _ = measured([arguments.before, "simulate", "-x", path, "-R", "-G", graph], arguments.runs)
        cells.append(f"{old:.3f}, {old / seconds:.1f} times")
    if arguments.reference:
        cells.append("")
        if not last:
            other, _ = measured([arguments.reference, "-x", path, "-R", "-G", graph], 1)
            cells[-1] = f"{other:.2f}, {other / seconds:.0f} times"
    print("| " + " | ".join(cells) + " |", flush=True)
    return seconds, output


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?", help="the picket that is measured")
    parser.add_argument("shapes", nargs="*", help="which shapes; all without")
    parser.add_argument("--before", help="another picket")
    parser.add_argument("--reference", action="store_true", help="crm_simulate too")
    parser.add_argument("--doublings", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--print", nargs=2, metavar=("SHAPE", "SIZE"), help="print a CIB")
    arguments = parser.parse_args()
    unknown = [s for s in arguments.shapes + (arguments.print or [])[:1] if s not in SHAPES]
    if unknown:
        parser.error(f"there is no shape {unknown[0]!r}; there are: {', '.join(SHAPES)}")
    if arguments.print:
        print(cib(arguments.print[0], int(arguments.print[1])))
        return
    if not arguments.program:
        parser.error("which program?")
    if arguments.reference:
        arguments.reference = shutil.which("crm_simulate") or parser.error("crm_simulate is not installed")
    head = ["shape", "size", "CPU seconds", "output", "time"]
    head += ["before"] if arguments.before else []
    head += ["crm_simulate"] if arguments.reference else []
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    with tempfile.TemporaryDirectory() as folder:
        for shape in arguments.shapes or SHAPES:
            last = None
            for doubling in range(arguments.doublings + 1):
                last = row(shape, SHAPES[shape][2] << doubling, folder, arguments, last)


if __name__ == "__main__":
    main()
