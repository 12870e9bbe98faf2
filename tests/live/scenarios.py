"""What picketd on several nodes has to do when things go wrong, with real Corosync and real agents in a lab.

    scenarios.py GROUP [--engine picket|pacemaker] [--binaries FOLDER]

A group is one cluster and some acts, played one after the other. Each act does something to the cluster, waits for
what must come of it, and asks the records for what must not have happened; after each act the cluster is whole again
and the records of everything so far hold (nothing ran twice, never two operations at once). With `--engine pacemaker`
an act shows that it asks for nothing that a cluster cannot do; what only Picket promises is left out then.
"""
import argparse
import os
import re
import signal
import sys
import time
import traceback

import cluster as cluster_module
import engines
import lab as lab_module
from cluster import BACK, FRONT
from storm import Storm

THREE = ["n1", "n2", "n3"]
TWO = ["n1", "n2"]
ALL = FRONT + BACK


def only_picket(act):
    """What is not asked of Pacemaker."""
    act.only_picket = True
    return act


def whole(cluster):
    """Every node is on and takes part, nothing is left to do, the address answers."""
    cluster.wait("all are back", lambda: cluster.ring_is(cluster.names) and all(
        sorted(cluster.engine.online(cluster.lab, name)) == cluster.names for name in cluster.names), 120)
    cluster.wait("it has settled", cluster.settled, 120)
    cluster.wait("the address answers", cluster.answers)


def started_once_since(cluster, elsewhere_than=None):
    """The service was started exactly once, and not where it was."""
    starts = cluster.runs(operation="start")
    cluster.require(len(starts) == 1, "work was started once, and not %d times" % len(starts))
    cluster.require(starts[0].node != elsewhere_than, "work was started elsewhere than on %s" % elsewhere_than)


def left_alone(cluster):
    """The service was neither stopped nor started, and nobody was fenced."""
    cluster.require(not cluster.runs(operation="start") + cluster.runs(operation="stop"), "work was left alone")
    cluster.require(cluster.fenced() == [], "nobody was fenced, and not: " + " ".join(cluster.fenced()))


def fenced_only(cluster, victim):
    cluster.require(cluster.fenced() == [victim],
                    "%s was fenced, once, and nobody else; in fact: %s" % (victim, " ".join(cluster.fenced())))


# --- failover ----------------------------------------------------------------------------------------------------


def everything_runs(cluster):
    """From cold to all resources running, the address answering from a client."""
    for resource, nodes in (("vip", 1), ("work", 1), ("plain", 1), ("db", 3)):
        cluster.require(len(cluster.where(resource)) == nodes, "%s runs on %d nodes" % (resource, nodes))
    cluster.require(cluster.runs_on("vip") == cluster.runs_on("work"), "a group is in one place")
    started_once_since(cluster)
    for name in cluster.names:
        cluster.require(len(cluster.runs(operation="monitor", node=name)) == 1, "work was probed on %s" % name)


@only_picket
def simulate_knows(cluster):
    """What simulate says of the live state is what is then done."""
    holder = cluster.runs_on("work")
    live = cluster.live_cib()
    cluster.require(cluster.simulated(live) == [], "simulate finds nothing to do at rest")
    foretold = cluster.simulated(live, standby=holder)
    cluster.change("standby", holder)
    cluster.wait("work has moved", lambda: cluster.settled() and holder not in cluster.where("work"))
    done = [(run.operation, run.node) for run in cluster.runs()]
    cluster.require(done == foretold, "what was done, %s, is what was foretold, %s" % (done, foretold))
    cluster.change("online", holder)


def standby_and_back(cluster):
    """A node in standby gives everything away, and gets nothing back only because it is online again."""
    holder = cluster.runs_on("work")
    cluster.change("standby", holder)
    cluster.wait("nothing runs there", lambda: cluster.settled() and all(
        holder not in cluster.where(resource) for resource in ("vip", "work", "plain", "db")))
    cluster.change("online", holder)
    cluster.wait("db runs there again", lambda: len(cluster.where("db")) == len(cluster.names))
    whole(cluster)
    started_once_since(cluster, elsewhere_than=holder)
    cluster.require(cluster.fenced() == [], "nobody was fenced")


def kill_of_the_holder(cluster):
    """The node that holds the address loses its power."""
    victim = cluster.runs_on("vip")
    cluster.lab.power_off(victim)
    cluster.wait("it is fenced", lambda: victim in cluster.fenced())
    cluster.wait("the address answers elsewhere", cluster.answers)
    whole(cluster)
    started_once_since(cluster, elsewhere_than=victim)
    fenced_only(cluster, victim)


def kill_of_the_coordinator(cluster):
    """The coordinator loses its power; what runs elsewhere is not touched by that."""
    victim, holder = cluster.coordinator(), cluster.runs_on("work")
    cluster.lab.power_off(victim)
    cluster.wait("another one coordinates", lambda: cluster.engine.coordinator(
        cluster.lab, cluster.others(victim)[0]) in cluster.others(victim))
    cluster.wait("the old one is fenced", lambda: victim in cluster.fenced())
    whole(cluster)
    fenced_only(cluster, victim)
    if holder != victim:
        cluster.require(cluster.runs(operation="start") == [], "work was left alone")
    cluster.require(cluster.coordinator() != victim, "who comes back takes nothing over")


def kill_in_a_transition(cluster):
    """A node dies while a service is being started on it."""
    holder = cluster.runs_on("work")
    cluster.switch("start", "work", "sleep 3")
    cluster.change("standby", holder)
    cluster.wait("a start is under way", lambda: cluster.runs(operation="start"))
    victim = cluster.runs(operation="start")[0].node
    cluster.lab.power_off(victim)
    cluster.wait("it is fenced", lambda: victim in cluster.fenced())
    cluster.wait("work runs elsewhere", lambda: cluster.answers() and cluster.runs(operation="start")[-1].rc == 0)
    cluster.switch("start", "work", None)
    cluster.change("online", holder, node=cluster.others(victim)[0])
    whole(cluster)
    fenced_only(cluster, victim)
    cluster.require(cluster.runs(operation="start")[-1].node != victim, "it was started elsewhere")


# --- partition ---------------------------------------------------------------------------------------------------


def partition(cluster):
    """The holder of the address is cut off: it is fenced before anything of it is started elsewhere."""
    victim = cluster.runs_on("vip")
    cluster.lab.partition([victim], cluster.others(victim))
    cluster.wait("the minority is fenced", lambda: victim in cluster.fenced())
    cluster.wait("work runs elsewhere", lambda: cluster.runs(operation="start"))
    # It boots into the partition: alone, without quorum.
    cluster.wait("it is alone", lambda: lab_module.membership(cluster.lab, victim) == (False, 1))
    cluster.lab.heal()
    whole(cluster)
    started_once_since(cluster, elsewhere_than=victim)
    fenced_only(cluster, victim)


def short_pause(cluster):
    """A node that stands still for less than a token is nobody's business."""
    victim = cluster.runs_on("work")
    cluster.lab.pause(victim)
    time.sleep(0.4)
    cluster.lab.resume(victim)
    whole(cluster)
    left_alone(cluster)


def pause(cluster):
    """A node that stands still for longer is fenced like one that is dead."""
    victim = cluster.runs_on("work")
    cluster.lab.pause(victim)
    cluster.wait("it is fenced", lambda: victim in cluster.fenced())
    whole(cluster)
    started_once_since(cluster, elsewhere_than=victim)
    fenced_only(cluster, victim)


def pause_and_resume(cluster):
    """A node goes on that was given up and could not be fenced: it must not act on what it knew."""
    victim = cluster.runs_on("work")
    cluster.lab.failing_devices.add("power")
    cluster.lab.pause(victim)
    cluster.wait("fencing has failed", cluster.fencing_failed)
    cluster.require(cluster.runs(operation="start") == [], "nothing is recovered before it is proven off")
    cluster.lab.resume(victim)
    cluster.wait("all are members again", lambda: cluster.ring_is(cluster.names))
    cluster.lab.failing_devices.clear()
    whole(cluster)


def load_configuration(cluster, conf):
    """Gives every node this corosync.conf and has Corosync read it."""
    for name in cluster.names:
        cluster.lab.write(name, "/etc/corosync/corosync.conf", conf)
    status, output = cluster.lab.run(cluster.names[0], ["corosync-cfgtool", "-R"], 20)
    cluster.require(status == 0, "Corosync reads its configuration again: " + output)


def total_votes(cluster, name):
    """All votes of the members, as the node's Corosync counts them."""
    _, output = cluster.lab.run(name, ["corosync-quorumtool", "-s"], 10)
    votes = re.search(r"^Total votes:\s+(\d+)", output, re.MULTILINE)
    return int(votes[1]) if votes else 0


@only_picket
def reload_of_votes(cluster):
    """corosync.conf is loaded again with other votes: the node with most of them goes on alone and accepts changes."""
    heavy = cluster.runs_on("vip")
    light = cluster.others(heavy)
    conf = lab_module.corosync_conf(cluster.names, token_ms=1000)
    number = cluster.names.index(heavy) + 1
    weighted = conf.replace("nodeid: %d\n" % number, "nodeid: %d\n    quorum_votes: 3\n" % number)
    cluster.require(weighted != conf, "the node has an entry in corosync.conf")
    load_configuration(cluster, weighted)
    cluster.wait("Corosync counts five votes", lambda: total_votes(cluster, heavy) == 5)
    # picketd looks every 5 s.
    cluster.wait("picketd has read it", lambda: all(
        "corosync.conf was read again" in cluster.engine.events(cluster.lab, name) for name in cluster.names))
    cluster.lab.partition([heavy], light)
    cluster.wait("the others are fenced", lambda: sorted(cluster.fenced()) == sorted(light))
    cluster.require(cluster.runs(operation="start") == [], "work stayed where it was")
    cluster.change("standby", light[0], node=heavy)
    cluster.lab.heal()
    cluster.wait("all are members again", lambda: cluster.ring_is(cluster.names))
    cluster.change("online", light[0], node=heavy)
    load_configuration(cluster, conf)
    cluster.wait("Corosync counts three votes", lambda: total_votes(cluster, heavy) == 3)


def everyone_alone(cluster):
    """Each node is cut off from each other: without quorum all is stopped and nobody shoots; then all goes on."""
    # Where two find each other first, they have quorum and may shoot the third: that is after the heal.
    cluster.lab.partition(*[[name] for name in cluster.names])
    cluster.wait("work is stopped", lambda: cluster.active("work") == [])
    cluster.wait("the address is gone", lambda: not cluster.answers())
    cluster.require(cluster.fenced() == [], "nobody was fenced, and not: " + " ".join(cluster.fenced()))
    cluster.lab.heal()
    whole(cluster)
    cluster.require(len(cluster.active("work")) == 1, "work runs once")


def pause_of_all(cluster):
    """All nodes stand still together for longer than a token, like machines on one host that is moved."""
    for name in cluster.names:
        cluster.lab.pause(name)
    time.sleep(6)
    for name in cluster.names:
        cluster.lab.resume(name)
    whole(cluster)
    cluster.require(len(cluster.active("work")) == 1, "work runs once")


def partition_of_two(cluster):
    """Both halves are quorate: the delay of a device decides, and only one is shot."""
    cluster.lab.partition(["n1"], ["n2"])
    cluster.wait("n2 is fenced", lambda: "n2" in cluster.fenced())
    cluster.wait("work runs", lambda: cluster.answers() and cluster.where("work", "n1") == ["n1"])
    cluster.wait("n2 is alone", lambda: lab_module.membership(cluster.lab, "n2") == (False, 1))
    cluster.lab.heal()
    whole(cluster)
    fenced_only(cluster, "n2")


@only_picket
def device_that_lies(cluster):
    """A device says that n2 is off, and it is not: the records show what comes of that, and so does an alarm."""
    cluster.change("standby", "n1")
    cluster.wait("work runs on n2", lambda: cluster.settled() and cluster.where("work") == ["n2"])
    cluster.change("online", "n1")
    cluster.lab.lying_devices.add("p2")
    cluster.lab.failing_devices.add("p1")
    cluster.lab.partition(["n1"], ["n2"])
    cluster.wait("work runs twice", lambda: any("ran twice" in breach for breach in cluster.breaches()))
    cluster.lab.heal()
    cluster.lab.lying_devices.clear()
    cluster.lab.failing_devices.clear()
    cluster.wait("there is an alarm", lambda: cluster.told("the device lies"))
    whole(cluster)
    cluster.require(len(cluster.active("work")) == 1, "work runs once again")
    cluster.forgive()


# --- daemons -----------------------------------------------------------------------------------------------------


@only_picket
def picketd_killed_and_back(cluster):
    """picketd dies and is back within its grace: nothing restarts, nobody is fenced."""
    for name in (cluster.runs_on("work"), cluster.coordinator()):
        cluster.engine.kill(cluster.lab, name)
        cluster.wait("it is gone", lambda: "picketd" not in cluster.lab.running(name))
        cluster.engine.boot(cluster.lab, name)
        cluster.wait("it answers", lambda: cluster.engine.status(cluster.lab, name))
        whole(cluster)
    left_alone(cluster)


@only_picket
def picketd_killed_for_good(cluster):
    """A node whose picketd does not come back is fenced, for nobody knows what runs there."""
    victim = cluster.runs_on("work")
    cluster.engine.kill(cluster.lab, victim)
    cluster.wait("it is fenced", lambda: victim in cluster.fenced())
    whole(cluster)
    # Perhaps where it was: the lab boots a node faster than Corosync notices that it is gone.
    started_once_since(cluster)
    fenced_only(cluster, victim)


@only_picket
def corosync_killed_and_back(cluster):
    """Corosync dies and is started again at once: picketd finds its way back, and nothing restarts."""
    victim = cluster.runs_on("work")
    cluster.lab.signal(victim, "corosync", signal.SIGKILL)
    cluster.wait("it is gone", lambda: "corosync" not in cluster.lab.running(victim))
    cluster.lab.start(victim, "corosync", ["corosync", "-f"])
    whole(cluster)
    left_alone(cluster)


@only_picket
def rolling_stop(cluster):
    """All three leave one after the other, in good order: services move on as long as there is where to."""
    for name in cluster.names:
        cluster.change("stop", node=name)
        cluster.wait("%s has left" % name, lambda: "picketd" not in cluster.lab.running(name))
    cluster.require(cluster.fenced() == [], "nobody was fenced")
    cluster.require(cluster.active("work") == [], "nothing was left running")
    cluster.require(not cluster.answers(), "the address is gone")
    for name in cluster.names:
        cluster.engine.boot(cluster.lab, name)
    whole(cluster)


# --- daemons that hang -------------------------------------------------------------------------------------------


def hang_then_power_cut(cluster):
    """The daemon of one node stands still; then the node with the address loses its power."""
    victim = cluster.runs_on("vip")
    hung = [name for name in cluster.others(victim) if name != cluster.coordinator(cluster.others(victim)[0])][0]
    cluster.engine.hang(cluster.lab, hung)
    time.sleep(1)
    began = time.time()
    cluster.lab.power_off(victim)
    cluster.wait("the address is gone", lambda: not cluster.answers())
    cluster.wait("the address answers elsewhere", cluster.answers, 90)
    cluster.say("== %s: recovered %.1f s after the power was cut, beside a daemon that hangs"
                % (cluster.engine.name, time.time() - began))
    cluster.require(victim in cluster.fenced(), "who was lost was fenced before that")
    whole(cluster)


def hang_of_the_coordinator(cluster):
    """The coordinator itself stands still, and another node dies."""
    coordinator = cluster.coordinator()
    if cluster.runs_on("vip") == coordinator:
        cluster.change("standby", coordinator)
        cluster.wait("the address moves", lambda: cluster.settled() and coordinator not in cluster.where("vip"))
        cluster.change("online", coordinator)
        cluster.wait("it settles", cluster.settled)
    victim = cluster.runs_on("vip")
    cluster.engine.hang(cluster.lab, coordinator)
    began = time.time()
    cluster.lab.power_off(victim)
    cluster.wait("the address is gone", lambda: not cluster.answers())
    cluster.wait("the address answers elsewhere", cluster.answers, 90)
    cluster.say("== %s: recovered %.1f s after the power was cut, the coordinator hangs"
                % (cluster.engine.name, time.time() - began))
    whole(cluster)


def standby_of_a_hanging_node(cluster):
    """What a node is told whose daemon hangs is carried out all the same: it is fenced, and its services move."""
    hung = cluster.runs_on("work")
    asked = cluster.others(hung)[0]
    cluster.engine.hang(cluster.lab, hung)
    began = time.time()
    cluster.change("standby", hung, node=asked)
    cluster.wait("work runs elsewhere", lambda: [run for run in cluster.runs(operation="start")
                                                 if run.node != hung and run.rc == 0], 90)
    cluster.say("== %s: moved %.1f s after the standby of a node whose daemon hangs"
                % (cluster.engine.name, time.time() - began))
    # Pacemaker's executor lives and can still stop things there.
    cluster.require(cluster.engine.name != "picket" or hung in cluster.fenced(), "it was fenced before that")
    cluster.change("online", hung, node=asked)
    whole(cluster)


@only_picket
def short_hang(cluster):
    """A daemon that stands still for three seconds is nobody's business."""
    hung = cluster.runs_on("work")
    cluster.engine.hang(cluster.lab, hung)
    time.sleep(3)
    cluster.engine.hang(cluster.lab, hung, goes_on=True)
    whole(cluster)
    left_alone(cluster)


# --- cold starts -------------------------------------------------------------------------------------------------


@only_picket  # Pacemaker's first election waits for 2 s here, so that the other acts need not wait for 20.
def late_node(cluster):
    """The whole cluster lost its power; a node that boots 10 s later than the others is not shot for that."""
    cluster.lab.power_off(*cluster.names)
    cluster.remember()
    cluster.lab.power_on("n1", "n2")
    time.sleep(10)
    cluster.lab.power_on("n3")
    whole(cluster)
    cluster.require(cluster.fenced() == [], "nobody was fenced")
    started_once_since(cluster)


@only_picket
def older_store_first(cluster):
    """The first node up is the one that missed the last change: the others' word counts."""
    cluster.lab.power_off("n1")
    cluster.wait("n1 is fenced", lambda: "n1" in cluster.fenced())
    cluster.wait("it settles", cluster.settled)
    cluster.apply(cluster.policy(ALL + "primitive late ocf:picket-test:Recorder\n", "fencing-action=off"), "n2")
    cluster.wait("what is new runs", lambda: cluster.runs("late", "start"))
    newest = cluster.engine.status(cluster.lab, "n2")["index"]
    cluster.lab.power_off("n2", "n3")
    cluster.remember()
    cluster.lab.power_on("n1")
    cluster.wait("n1 answers", lambda: cluster.engine.status(cluster.lab, "n1"))
    cluster.lab.power_on("n2", "n3")
    whole(cluster)
    for name in cluster.names:
        index = cluster.engine.status(cluster.lab, name)["index"]
        cluster.require(index == newest, "%s has configuration %d, and not %d" % (name, newest, index))
    cluster.require(len(cluster.runs("late", "start")) == 1, "what was new was started again")
    cluster.require(cluster.fenced() == [], "nobody was fenced")


@only_picket
def torn_store(cluster):
    """Half of a node's newest store file is lost: it takes the state from the others."""
    index = cluster.engine.status(cluster.lab, "n1")["index"]
    cluster.lab.power_off(*cluster.names)
    cluster.remember()
    cluster.tear_store("n1")
    cluster.lab.power_on(*cluster.names)
    whole(cluster)
    for name in cluster.names:
        cluster.require(cluster.engine.status(cluster.lab, name)["index"] == index, "%s has the newest" % name)
    cluster.require(cluster.fenced() == [], "nobody was fenced")
    started_once_since(cluster)


# --- fencing -----------------------------------------------------------------------------------------------------


def hanging_stop(cluster):
    """An agent that does not come back from `stop`: its node is fenced."""
    victim = cluster.runs_on("work")
    cluster.switch("stop", "work", "hang", node=victim)
    cluster.change("standby", victim)
    cluster.wait("it is fenced", lambda: victim in cluster.fenced())
    cluster.switch("stop", "work", None, node=victim)
    cluster.wait("the address answers elsewhere", cluster.answers)
    cluster.change("online", victim, node=cluster.others(victim)[0])
    whole(cluster)
    started_once_since(cluster, elsewhere_than=victim)
    fenced_only(cluster, victim)


def second_level(cluster):
    """The first device fails: the second level is taken."""
    victim = cluster.runs_on("work")
    cluster.lab.failing_devices.add("first")
    cluster.lab.power_off(victim)
    cluster.wait("it is fenced", lambda: victim in cluster.fenced())
    cluster.lab.failing_devices.clear()
    cluster.require(cluster.fencing_failed("first"), "the first level was tried before")
    whole(cluster)
    started_once_since(cluster, elsewhere_than=victim)
    fenced_only(cluster, victim)


@only_picket  # Pacemaker leaves a node that hears of its own fencing.
def rejoin_while_fenced(cluster):
    """The device gives the power back long before it says that it is done: the node is there again by then."""
    victim = cluster.runs_on("work")
    cluster.lab.answer_delay_s["first"] = 12
    cluster.lab.power_off(victim)
    cluster.wait("the victim is booted again", lambda: cluster.lab.is_on(victim))
    cluster.wait("it is a member again", lambda: cluster.ring_is(cluster.names))
    cluster.require(cluster.fenced() == [], "fencing is still under way")
    cluster.wait("the device is done", lambda: victim in cluster.fenced())
    cluster.lab.answer_delay_s.clear()
    whole(cluster)
    started_once_since(cluster)
    fenced_only(cluster, victim)


@only_picket  # Pacemaker, with another coordinator, starts it a second time.
def takeover_during_a_start(cluster):
    """The coordinator dies while a start of 60 s is under way elsewhere: it is waited for, and not repeated."""
    coordinator, holder = cluster.coordinator(), cluster.runs_on("work")
    target = [name for name in cluster.others(coordinator) if name != holder][0]
    cluster.switch("start", "work", "sleep 60")
    for name in cluster.others(target):
        cluster.change("standby", name)
    cluster.wait("the start is under way", lambda: cluster.runs(operation="start", node=target))
    cluster.lab.power_off(coordinator)
    cluster.wait("it is fenced", lambda: coordinator in cluster.fenced())
    cluster.switch("start", "work", None)
    cluster.wait("the start has ended", lambda: cluster.runs(operation="start")[0].rc == 0, 120)
    for name in cluster.others(target):
        cluster.change("online", name, node=target)
    whole(cluster)
    started_once_since(cluster)
    fenced_only(cluster, coordinator)


@only_picket  # Pacemaker fences node after node.
def brake(cluster):
    """A service that can be stopped nowhere: two nodes are fenced for it, and the third only by a person's word."""
    cluster.switch("stop", "work", "hang")
    for times in (1, 2):
        holder = cluster.runs_on("work")
        asked = cluster.others(holder)[0]
        cluster.change("standby", holder, node=asked)
        cluster.wait("%s is fenced" % holder, lambda: len(cluster.fenced()) == times)
        cluster.change("online", holder, node=asked)
        whole(cluster)
    holder = cluster.runs_on("work")
    asked = cluster.others(holder)[0]
    cluster.change("standby", holder, node=asked)
    cluster.wait("it is said why not", lambda: cluster.told("is not fenced though work could not be stopped there"))
    time.sleep(5)
    cluster.require(len(cluster.fenced()) == 2, "nobody else was fenced: " + " ".join(cluster.fenced()))
    status = cluster.engine.status(cluster.lab, asked)
    cluster.require("picket fence " + holder in str(status["messages"]), "status says what to do")
    cluster.switch("stop", "work", None)
    cluster.change("cleanup", "work", node=asked)
    cluster.wait("work has moved", lambda: cluster.settled() and holder not in cluster.where("work"))
    cluster.change("online", holder, node=asked)
    whole(cluster)
    cluster.require(len(cluster.fenced()) == 2, "nobody else was fenced: " + " ".join(cluster.fenced()))


# --- everything at once ------------------------------------------------------------------------------------------


@only_picket
def storm(cluster):
    """Faults by a seed, one over the other; then the cluster finds back by itself."""
    seed = int(os.environ.get("PICKET_SEED", "1"))
    cluster.say("PICKET_SEED=%d" % seed)
    weather = Storm(cluster, seed)
    weather.blow(float(os.environ.get("PICKET_STORM_S", "40")))
    weather.calm()
    cluster.say("the storm is over")
    cluster.wait("all are back", lambda: cluster.ring_is(cluster.names) and all(
        sorted(cluster.engine.online(cluster.lab, name)) == cluster.names for name in cluster.names), 120)
    cluster.check_records()
    for name in cluster.names:
        cluster.change("online", name)
    cluster.change("cleanup")
    whole(cluster)
    cluster.require(len(cluster.active("work")) == 1, "work runs once")
    cluster.wait("simulate finds nothing to do", lambda: cluster.simulated(cluster.live_cib()) == [])


# --- groups ------------------------------------------------------------------------------------------------------

RACE = """fence p1 stonith:fence_lab for n1 { device=p1; pcmk_delay_base=4s }
fence p2 stonith:fence_lab for n2 { device=p2 }
"""
# The first reboots at once instead of by off and on: only so is a node there again before the device is done.
LEVELS = """fence one stonith:fence_lab for n1, n2, n3 { device=first; pcmk_reboot_timeout=60s }
fence two stonith:fence_lab for n1, n2, n3 { device=second }
fencing n1: one then two
fencing n2: one then two
fencing n3: one then two
"""
# name -> (nodes, resources, properties, fencing, acts)
GROUPS = {
    "failover": (THREE, ALL, "", None, [everything_runs, simulate_knows, standby_and_back, kill_of_the_holder,
                                        kill_of_the_coordinator, kill_in_a_transition]),
    "partition": (THREE, ALL, "", None, [partition, everyone_alone, short_pause, pause, pause_and_resume,
                                         pause_of_all, reload_of_votes]),
    "two_nodes": (TWO, ALL, "", RACE, [partition_of_two, device_that_lies]),
    "daemons": (THREE, ALL, "", None, [picketd_killed_and_back, picketd_killed_for_good, corosync_killed_and_back,
                                       rolling_stop]),
    "cold_start": (THREE, ALL, "fencing-action=off", None, [late_node, torn_store, older_store_first]),
    "fencing": (THREE, ALL, "", LEVELS, [hanging_stop, second_level, rejoin_while_fenced]),
    "brake": (THREE, ALL, "", None, [brake]),
    "hangs": (THREE, ALL, "", None, [short_hang, hang_then_power_cut, hang_of_the_coordinator,
                                     standby_of_a_hanging_node]),
    "storm": (THREE, ALL, "", None, [storm]),
    "long_start": (THREE, ALL, "", None, [takeover_during_a_start]),
}


def play(group, engine):
    """Whether all acts of the group came out well."""
    names, body, properties, fencing, acts = GROUPS[group]
    acts = [act for act in acts if engine.name == "picket" or not hasattr(act, "only_picket")]
    cluster = cluster_module.Cluster(names, engine)
    try:
        cluster.say("== cold start")
        cluster.cold_start(cluster.policy(body, properties, fencing))
        for number, act in enumerate(acts):
            if number > 0 or act is not everything_runs:
                cluster.remember()
            cluster.say("== %s: %s" % (act.__name__, act.__doc__))
            act(cluster)
            whole(cluster)
            cluster.check_records()
        return True
    except (cluster_module.Failed, lab_module.LabError) as failure:
        cluster.say("FAILED: %s" % failure)
    except Exception:
        traceback.print_exc(file=sys.stdout)
    cluster.tell()
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("group", choices=list(GROUPS))
    parser.add_argument("--engine", choices=list(engines.ENGINES), default="picket")
    parser.add_argument("--binaries", default=".", help="the folder with cli/picket and so on")
    options = parser.parse_args()
    missing = cluster_module.missing()
    if missing:
        print("skipped: " + missing)
        return
    engine = engines.ENGINES[options.engine](engines.binaries(options.binaries))
    well = play(options.group, engine)
    sys.stdout.flush()
    # The lab goes with the process; threads that serve it are not waited for.
    os._exit(0 if well else 1)


if __name__ == "__main__":
    main()
