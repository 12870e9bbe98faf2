"""How long a virtual IP is away when the node that holds it dies, with Picket and with Pacemaker, side by side.

    failover.py BINARIES [--runs N] [--engine picket|pacemaker]

Each run kills, in a cluster of three nodes in a lab (cli/lab), the node that holds the address, and measures
until the address answers elsewhere, seen from a client on the same link. The two engines get the same corosync.conf,
policy and agents. Once for a victim that was not the coordinator and once for one that was; five runs each, of which
the median counts. It is a measurement, and no test: what else runs on the machine slows it.

The clock starts when a surviving Corosync logs its new membership ("A new membership ... was formed"). The time from
the kill to that is Corosync's own: token and consensus, the same for both, and three quarters of everything. Its log
line carries milliseconds and is written in the moment that matters. A watcher (`corosync-quorumtool -m`, a client
of libquorum) would see the same change later, by its own wake-up on a busy machine, and would be one more process in
the race. Both nodes' logs are read, and the first line counts.
"""
import argparse
import datetime
import json
import os
import statistics
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "../live"))

import cluster as cluster_module  # noqa: E402
import engines  # noqa: E402

CASES = ("a member", "the coordinator")


def time_of(line):
    """Of a line of Corosync's log, which says neither the year nor the zone."""
    written = datetime.datetime.strptime("%d %s" % (datetime.date.today().year, " ".join(line.split()[:3])),
                                         "%Y %b %d %H:%M:%S.%f")
    return written.timestamp()


def membership_changes(lab, node):
    return [time_of(line) for line in lab.log(node, "corosync").splitlines() if "A new membership" in line]


def until_answer(cluster, killed):
    """When the address answers again; it has to go away first."""
    gone = False
    while time.time() - killed < 60:
        if cluster.lab.answers(cluster_module.VIP, 0.05):
            if gone:
                return time.time()
        else:
            gone = True
        time.sleep(0.005)
    raise cluster_module.Failed("the address does not come back")


def bring_into_place(cluster, wants_coordinator):
    """The address to where the case wants it; gives the victim."""
    coordinator = cluster.coordinator()
    wanted = coordinator if wants_coordinator else cluster.others(coordinator)[0]
    if cluster.runs_on("vip") != wanted:
        for other in cluster.others(wanted):
            cluster.change("standby", other)
        cluster.wait("the address moves", lambda: cluster.where("vip") == [wanted])
        for other in cluster.others(wanted):
            cluster.change("online", other)
    cluster.wait("it settles", lambda: cluster.settled() and cluster.answers())
    return wanted


def one_run(cluster, wants_coordinator):
    victim = bring_into_place(cluster, wants_coordinator)
    if (cluster.coordinator() == victim) != wants_coordinator:
        raise cluster_module.Failed("%s has the wrong part" % victim)
    cluster.remember()
    killed = time.time()
    cluster.lab.power_off(victim)
    answered = until_answer(cluster, killed)
    # What it logged before the kill has nothing to do with it.
    changed = min(at for name in cluster.others(victim) for at in membership_changes(cluster.lab, name) if at > killed)
    cluster.wait("all are back", lambda: cluster.ring_is(cluster.names) and sorted(
        cluster.engine.online(cluster.lab, cluster.others(victim)[0])) == cluster.names and cluster.settled(), 120)
    return answered - killed, answered - changed


def measure(engine, runs):
    """case -> [(since the kill, since the change of membership)]"""
    cluster = cluster_module.Cluster(["n1", "n2", "n3"], engine)
    result = {case: [] for case in CASES}
    try:
        cluster.cold_start(cluster.policy(cluster_module.FRONT))
        for number in range(runs):
            for case in CASES:
                result[case].append(one_run(cluster, case == CASES[1]))
                print("%s, %s, run %d: %.2f s, of these %.2f s after the change of membership"
                      % (engine.name, case, number + 1, *result[case][-1]), flush=True)
    except cluster_module.Failed as failure:
        print("%s: %s" % (engine.name, failure))
        cluster.tell()
    cluster.lab.power_off(*cluster.names)
    return result


def in_its_own_process(engine, runs):
    """A process makes one lab in its life."""
    come, go = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(come)
        result = measure(engine, runs)
        with os.fdopen(go, "w") as pipe:
            json.dump([result[case] for case in CASES], pipe)
        sys.stdout.flush()
        os._exit(0)
    os.close(go)
    with os.fdopen(come) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else [[] for _ in CASES]


def show(results):
    print("\nthe address answers elsewhere, seconds, median of the runs:\n")
    print("%-30s%s" % ("", "".join("%24s" % name for name in results)))
    for i, case in enumerate(CASES):
        for column, what in ((1, "after the change"), (0, "after the kill")):
            cells = ["%.2f (%.2f..%.2f)" % (statistics.median(values), min(values), max(values)) if values else "-"
                     for values in ([run[column] for run in result[i]] for result in results.values())]
            print("%-30s%s" % ("%s dies: %s" % (case, what) if column else "    " + what,
                               "".join("%24s" % cell for cell in cells)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binaries", help="the folder with cli/picket and so on")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--engine", choices=list(engines.ENGINES), action="append")
    options = parser.parse_args()
    missing = cluster_module.missing()
    if missing:
        print("skipped: " + missing)
        return
    binaries = engines.binaries(options.binaries)
    show({name: in_its_own_process(engines.ENGINES[name](binaries), options.runs)
          for name in options.engine or engines.ENGINES})


main()
