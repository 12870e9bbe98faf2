#!/usr/bin/env python3
"""What one solve costs: shape by shape, beside the installed crm_simulate, and from the start of the process.

    shapes.py PROGRAM                         every table, every shape at all its sizes
    shapes.py PROGRAM --before OLD            beside another build of picket
    shapes.py PROGRAM --doublings 1 chain     one shape, at two sizes
    shapes.py PROGRAM --no-reference          without crm_simulate, which takes a minute for the largest cluster
    shapes.py --print chain 1000              the CIB itself

A shape is a cluster that starts: all nodes are online, nothing runs. Measured is the CPU time (user and system) of
`simulate -R -G`, median of so many runs (--runs), with half of the spread from the least to the most. Growth is how
much the time grows for each doubling of what is printed; at most 2.2 is the aim, and more is marked. What else runs on
the machine slows all of it: look at ratios within one run. It is a measurement and no test.
"""

import argparse
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

AIM = 2.2


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
        constraints.append(
            f'<rsc_order id="o{i}" first="s{i}" first-action="promote" then="v{i}" then-action="start"/>'
        )
        i += 9
    return resources, constraints


def of(build, nodes):
    """A shape whose resources grow."""
    return lambda size: (*build(size), nodes)


def by_nodes(build, resources):
    """A shape whose nodes grow."""
    return lambda size: (*build(resources), size)


# Each with its smallest size, and how often that doubles.
SHAPES = {
    "mixed": (of(mixed, 32), 1000, 4),
    "mixed, by nodes": (by_nodes(mixed, 1000), 32, 3),
    "ordered clones": (of(ordered_clones("true"), 32), 75, 4),
    "ordered clones, no interleave": (of(ordered_clones("false"), 32), 75, 3),
    "ordered clones, by nodes": (by_nodes(ordered_clones("true"), 150), 8, 4),
    "one group": (of(group, 32), 125, 4),
    "chain": (of(chain(True), 32), 250, 4),
    "chain, colocation only": (of(chain(False), 32), 1000, 3),
    "sets": (of(sets, 32), 250, 3),
    "apart": (of(apart, 32), 8, 3),
}


def cib(shape, size):
    resources, constraints, nodes = SHAPES[shape][0](size)
    return document(resources, constraints, nodes)


def document(resources, constraints, nodes):
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


def cost(command):
    """CPU seconds, and the most memory in MiB."""
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            errors.seek(0)
            sys.exit(f"{' '.join(command)} ended with {child.returncode}: {errors.read(300).decode(errors='replace')}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measured(command, runs):
    """Median and whole spread of the CPU seconds, and the median of the memory."""
    costs = [cost(command) for _ in range(runs)]
    times = sorted(seconds for seconds, _ in costs)
    return statistics.median(times), times[-1] - times[0], statistics.median(memory for _, memory in costs)


def simulate(program, path, graph):
    words = [program] if os.path.basename(program) == "crm_simulate" else [program, "simulate"]
    return words + ["-x", path, "-R", "-G", graph]


def print_row(cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def print_head(cells):
    print_row(cells)
    print("|" + "---|" * len(cells))


def written(text, folder):
    path = os.path.join(folder, "cib.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path, os.path.join(folder, "graph.xml")


def growth(now, last):
    """By output, and by time for each doubling of the output. Each of both: seconds, bytes."""
    output = now[1] / last[1]
    per_doubling = (now[0] / last[0]) ** (1 / math.log2(output))
    return [f"× {output:.1f}", f"× {per_doubling:.1f}" + (" (!)" if per_doubling > AIM else "")]


def print_shapes(arguments, folder):
    print_head(["shape", "size", "CPU seconds", "output", "time per doubling"] + ["before"] * bool(arguments.before))
    for shape in arguments.shapes or SHAPES:
        _, first, doublings = SHAPES[shape]
        last = None
        for doubling in range(1 + (doublings if arguments.doublings is None else arguments.doublings)):
            size = first << doubling
            path, graph = written(cib(shape, size), folder)
            seconds, spread, _ = measured(simulate(arguments.program, path, graph), arguments.runs)
            now = seconds, os.path.getsize(graph)
            cells = [shape, str(size), f"{seconds:.3f} (± {spread / 2:.3f})"]
            cells += growth(now, last) if last else ["", ""]
            if arguments.before:
                old, _, _ = measured(simulate(arguments.before, path, graph), arguments.runs)
                cells.append(f"{old:.3f}, {old / seconds:.1f} times")
            print_row(cells)
            last = now


def print_reference(arguments, folder):
    """Mixed clusters, beside crm_simulate, which is run once."""
    reference = shutil.which("crm_simulate")
    if not reference or arguments.no_reference:
        print("\ncrm_simulate is not installed; nothing to compare with" if not reference else "")
        return
    print()
    print_head(["mixed", "CPU seconds", "crm_simulate", "times as fast", "MiB", "crm_simulate", "a part of its memory"])
    for nodes, resources in ((8, 100), (16, 300), (32, 1000)):
        path, graph = written(document(*mixed(resources), nodes), folder)
        seconds, spread, memory = measured(simulate(arguments.program, path, graph), arguments.runs)
        other, other_memory = cost(simulate(reference, path, graph))
        print_row([f"{nodes} × {resources:,}", f"{seconds:.4f} (± {spread / 2:.4f})", f"{other:.3f}",
                   f"{other / seconds:.0f}", f"{memory:.0f}", f"{other_memory:.0f}", f"1/{other_memory / memory:.1f}"])


def print_starts(arguments, folder):
    """The whole process, milliseconds; a hundred runs, since the clock of one run is coarse."""
    path, _ = written(document([primitive("p")], [], 1), folder)
    policy = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples/pbx/pbx.picket")
    commands = [["simulate", "-x", path, "-R"], ["check", policy], ["--version"]]
    print()
    print_head(["whole process", "CPU milliseconds"] + ["before"] * bool(arguments.before))
    for words in commands:
        cells = [" ".join(os.path.basename(word) for word in words)]
        for program in [arguments.program] + [arguments.before] * bool(arguments.before):
            times = [cost([program] + words)[0] * 1000 for _ in range(100)]
            cells.append(f"{statistics.fmean(times):.2f} (± {statistics.stdev(times):.2f})")
        print_row(cells)


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?", help="the picket that is measured")
    parser.add_argument("shapes", nargs="*", help="which shapes; every table without")
    parser.add_argument("--before", help="another picket")
    parser.add_argument("--no-reference", action="store_true", help="without crm_simulate")
    parser.add_argument("--doublings", type=int, help="how often each shape doubles")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--print", nargs=2, metavar=("SHAPE", "SIZE"), help="print a CIB")
    arguments = parser.parse_intermixed_args()
    unknown = [s for s in arguments.shapes + (arguments.print or [])[:1] if s not in SHAPES]
    if unknown:
        parser.error(f"there is no shape {unknown[0]!r}; there are: {', '.join(SHAPES)}")
    if not arguments.print and not arguments.program:
        parser.error("which program?")
    return arguments


def main():
    arguments = parsed()
    if arguments.print:
        print(cib(arguments.print[0], int(arguments.print[1])))
        return
    with tempfile.TemporaryDirectory() as folder:
        print_shapes(arguments, folder)
        if not arguments.shapes:
            print_reference(arguments, folder)
            print_starts(arguments, folder)


if __name__ == "__main__":
    main()
