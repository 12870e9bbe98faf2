#!/usr/bin/env python3
"""One small cluster for each rule that changed a decision: `picket diff --from --to` tells the change and its cause.

    tests/upgrades/upgrades_test.py --picket bazel-bin/cli/picket [ENTRY…]

Each row of CASES names an entry of `picket explain versions`, two releases, a cluster, and what the upgrade does to one
of its resources before anything fails. The last line is `N passed, N failed`. Exit status 0 if none failed.
"""
import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile

Case = collections.namedtuple("Case", "entry before after cluster what was becomes failures", defaults=(0,))
TIMEOUT_S = 60


class Ids:
    """A fresh XML id for each element."""

    def __init__(self):
        self.count = 0

    def __call__(self):
        self.count += 1
        return "id-%d" % self.count


fresh = Ids()


def pairs(block, values, rule="", score=None):
    """A block of nvpairs; `values` is `name=value …`, or a list of (name, value)."""
    if isinstance(values, str):
        values = [word.split("=", 1) for word in values.split()]
    score = "" if score is None else ' score="%s"' % score
    inner = "".join('<nvpair id="%s" name="%s" value="%s"/>' % (fresh(), name, value) for name, value in values)
    return '<%s id="%s"%s>%s%s</%s>' % (block, fresh(), score, rule, inner, block)


def meta(values):
    return pairs("meta_attributes", values) if values else ""


def rule(inside, **attributes):
    words = "".join(' %s="%s"' % (name.replace("_", "-"), value) for name, value in attributes.items())
    return '<rule id="%s"%s>%s</rule>' % (fresh(), words, inside)


def expression(attribute, operation, value=None):
    value = "" if value is None else ' value="%s"' % value
    return '<expression id="%s" attribute="%s" operation="%s"%s/>' % (fresh(), attribute, operation, value)



def primitive(name, values="", inside="", agent="ocf:pacemaker:Dummy"):
    words = agent.split(":")
    provider = ' provider="%s"' % words[1] if len(words) == 3 else ""
    return '<primitive id="%s" class="%s"%s type="%s">%s%s</primitive>' % (
        name, words[0], provider, words[-1], meta(values), inside)


def group(name, *members, values=""):
    return '<group id="%s">%s%s</group>' % (name, meta(values), "".join(members))


def clone(name, child, values=""):
    return '<clone id="%s">%s%s</clone>' % (name, meta(values), child)



def constraint(tag, inside="", **attributes):
    words = "".join(' %s="%s"' % (name.replace("_", "-"), value) for name, value in attributes.items())
    return '<rsc_%s id="%s"%s>%s</rsc_%s>' % (tag, fresh(), words, inside, tag)


def resource_set(*members, **attributes):
    words = "".join(' %s="%s"' % (name.replace("_", "-"), value) for name, value in attributes.items())
    return '<resource_set id="%s"%s>%s</resource_set>' % (
        fresh(), words, "".join('<resource_ref id="%s"/>' % member for member in members))


def operation(name, inside="", **attributes):
    words = "".join(' %s="%s"' % (key.replace("_", "-"), value) for key, value in attributes.items())
    return '<op id="%s" name="%s"%s>%s</op>' % (fresh(), name, words, inside)


def operations(*ops):
    return "<operations>%s</operations>" % "".join(ops)


def location(resource, node, score):
    return constraint("location", rsc=resource, node=node, score=score)


def colocation(resource, other, score, **more):
    return constraint("colocation", rsc=resource, with_rsc=other, score=score, **more)


def order(first, then, **more):
    return constraint("order", first=first, then=then, **more)


def entry(resource, operation, rc=0, interval=0, call=1, **more):
    """One result of an operation, as a node's history keeps it."""
    key = "%s_%s_%s" % (resource, operation, interval)
    words = {"id": "%s_%s" % (key, call), "operation_key": key, "operation": operation, "interval": interval,
             "call-id": call, "rc-code": rc, "op-status": 0, "transition-key": "1:1:0:x",
             "transition-magic": "0:%s;1:1:0:x" % rc, "last-rc-change": 1700000000}
    words.update({name if name == "on_node" else name.replace("_", "-"): value for name, value in more.items()})
    return "<lrm_rsc_op%s/>" % "".join(' %s="%s"' % item for item in words.items() if item[1] is not None)


def history(resource, *entries, agent="ocf:pacemaker:Dummy"):
    words = agent.split(":")
    return '<lrm_resource id="%s" class="%s" provider="%s" type="%s">%s</lrm_resource>' % (
        resource, words[0], words[1], words[-1], "".join(entries))


def started(resource, agent="ocf:pacemaker:Dummy"):
    return history(resource, entry(resource, "start"), agent=agent)


def settled(resource, agent="ocf:pacemaker:Dummy"):
    """As started() is, with the digest of no parameters: nothing restarts it."""
    done = entry(resource, "start", id=resource + "_last_0", op_digest="f2317cad3d54cec5d7d7aa7d0bf35cf8")
    return history(resource, done, agent=agent)


def promotion_score(resource, score):
    return pairs("instance_attributes", [("master-" + resource, score)])


def state(node, histories="", transient="", **more):
    words = {"in_ccm": "true", "crmd": "online", "join": "member", "expected": "member"}
    words.update(more)
    attributes = "".join(' %s="%s"' % item for item in words.items())
    if transient:
        transient = '<transient_attributes id="%s">%s</transient_attributes>' % (node, transient)
    return '<node_state id="%s" uname="%s"%s>%s<lrm id="%s"><lrm_resources>%s</lrm_resources></lrm></node_state>' % (
        node, node, attributes, transient, node, histories)


def probed(*resources):
    """A node where nothing of them runs."""
    return "".join(history(resource, entry(resource, "monitor", 7)) for resource in resources)


def fail_count(resource, operation, count, last):
    return pairs("instance_attributes", [("fail-count-%s#%s" % (resource, operation), count),
                                         ("last-failure-%s#%s" % (resource, operation), last)])


def at(epoch_s, cluster):
    """The cluster as it was recorded at that time."""
    return cluster.replace("<cib ", '<cib execution-date="%d" ' % epoch_s, 1)


def cib(resources, constraints="", nodes="n1 n2", options="stonith-enabled=false", states=None, defaults="",
        node_inside=None, schema="pacemaker-3.9", feature_set="3.16.1"):
    """A cluster; `states` is {node: histories or a whole state}, `node_inside` {node: (attributes, elements)}."""
    states, node_inside = states or {}, node_inside or {}
    text = ('<cib crm_feature_set="%s" validate-with="%s" epoch="1" num_updates="0" admin_epoch="0" have-quorum="1" '
            'dc-uuid="n1"><configuration><crm_config>%s</crm_config><nodes>' %
            (feature_set, schema, pairs("cluster_property_set", options)))
    for node in nodes.split():
        attributes, inside = node_inside.get(node, ("", ""))
        text += '<node id="%s" uname="%s"%s>%s</node>' % (node, node, attributes, inside)
    text += "</nodes><resources>%s</resources><constraints>%s</constraints>%s</configuration><status>" % (
        resources, constraints, defaults)
    for node in nodes.split():
        of_node = states.get(node, "")
        text += of_node if of_node.startswith("<node_state") else state(node, of_node)
    return text + "</status></cib>"


STATEFUL = "ocf:pacemaker:Stateful"
A = primitive("A")
B = primitive("B")
FENCE = primitive("fence", agent="stonith:fence_dummy")
FENCED = "stonith-enabled=true"
STICKY = "resource-stickiness=%s"
DEFINED = expression("#uname", "defined")


def stopped_if(rules):
    """Everything stays stopped where one of the rules holds."""
    return "<rsc_defaults>%s</rsc_defaults>" % pairs("meta_attributes", "target-role=Stopped", rule=rules)


DATE_PASSED = '<date_expression id="%s" operation="gt" start="2001-01-01"/>'
MONITORED = '<operations><op id="often" name="monitor" interval="10s"/></operations>'

CASES = [
    # --- placement
    Case("A-1", "2.1.5", "2.1.6",
         cib(A + group("g", primitive("m1"), primitive("m2")) + B,
             colocation("g", "A", "INFINITY") + colocation("B", "g", 100) + location("B", "n2", 100)),
         "A", "on n1", "on n2"),
    Case("A-2", "2.1.5", "2.1.6",
         cib(A + B + primitive("C", STICKY % 100),
             colocation("B", "A", 5) + colocation("C", "B", "INFINITY") + location("A", "n1", 10),
             states={"n2": started("C")}),
         "A", "on n2", "on n1"),
    Case("A-4", "2.1.6", "2.1.7",
         cib(group("g", primitive("m1"), primitive("m2")) + B,
             colocation("m2", "B", 50) + location("B", "n2", 100) + location("g", "n1", 10)),
         "g", "on n1", "on n2"),
    Case("A-6", "2.1.6", "2.1.7",
         cib(A + primitive("B", STICKY % 10),
             colocation("B", "A", -500) + location("B", "n2", "-INFINITY") + location("A", "n1", 5)),
         "A", "on n1", "on n2"),
    Case("A-7", "2.1.6", "2.1.7",
         cib(A + B, colocation("B", "A", "-INFINITY", with_rsc_role="Promoted") + location("A", "n1", 5) +
             location("B", "n1", 5)),
         "B", "on n2", "on n1"),
    Case("A-8", "2.1.7", "2.1.8",
         cib(A + group("g", primitive("m1"), primitive("m2")),
             colocation("m2", "A", "INFINITY") + location("g", "n1", "-INFINITY")),
         "A", "on n1", "on n2"),
    Case("A-11", "2.1.7", "2.1.8",
         cib(A, constraint("location", rule(DEFINED, score=10, boolean_op="or"), rsc="A") + location("A", "n1", 150),
             node_inside={"n2": (' score="100"', "")}),
         "A", "on n2", "on n1"),
    Case("A-12", "2.1.10", "3.0.0",
         cib(A, constraint("location", rule(DEFINED, score_attribute="weight"), rsc="A")),
         "A", "nowhere", "on n1"),
    Case("A-13", "2.1.10", "3.0.0",
         cib(A, constraint("location", rule(expression("#uname", "eq", "n1"), score="-INFINITY") +
                           rule(expression("#uname", "eq", "n2"), score="-INFINITY"), rsc="A"), schema="none"),
         "A", "nowhere", "on n2"),
    Case("A-14", "2.1.10", "3.0.0",
         cib(A, constraint("location", "<lifetime>%s</lifetime>" % rule(DATE_PASSED % fresh(), score="INFINITY"),
                           rsc="A", node="n1", score="-INFINITY")),
         "A", "on n2", "on n1"),
    Case("A-15", "2.1.10", "3.0.0",
         cib(A + B, colocation("B", "A", "INFINITY", rsc_role="nonsense") + location("A", "n1", 5) +
             location("B", "n2", 5), schema="none"),
         "B", "on n1", "on n2"),
    Case("A-16", "2.1.10", "3.0.0",
         cib(primitive("A", "migration-threshold=-3", MONITORED), location("A", "n1", 5)),
         "A", "on n2", "on n1", 1),
    Case("A-18", "2.1.6", "2.1.7",
         cib(A + B, constraint("colocation", resource_set("X", "A", sequential="false") +
                               resource_set("B", sequential="false"), score=-100) +
             location("A", "n1", 5) + location("B", "n1", 10), schema="none"),
         "A", "on n1", "on n2"),
    Case("A-19", "2.1.10", "3.0.0",
         cib(A, location("A", "n3", 5), nodes="n1 n2 n3", schema="none", node_inside={"n2": (' type="other"', "")}),
         "A", "on n3", "on n1"),
    # --- clones
    Case("A-3", "2.1.5", "2.1.6",
         cib(A + B + primitive("C"), colocation("A", "B", -100) + colocation("A", "C", "INFINITY") +
             location("B", "n1", 10) + location("C", "n1", 50) + location("C", "n2", 40)),
         "A", "on n2", "on n1"),
    Case("B-2", "2.1.6", "2.1.7",
         cib(clone("c", primitive("A", STICKY % 1), "clone-max=2"), location("c", "n3", 5), nodes="n1 n2 n3",
             states={"n1": started("A"), "n2": started("A")}),
         "c", "on n2, on n3", "on n1, on n3"),
    Case("B-1", "2.1.6", "2.1.7",
         cib(clone("c", A, "clone-max=2 clone-node-max=2 globally-unique=true") + B,
             colocation("c", "B", 50) + location("B", "n2", 10)),
         "c", "on n1", "on n2"),
    Case("B-5", "2.1.6", "2.1.7",
         cib('<bundle id="b"><docker image="i" replicas="2" promoted-max="1"/>'
             '<network ip-range-start="10.0.0.1"/>%s</bundle>' % primitive("A", agent=STATEFUL) + B,
             colocation("B", "b", "-INFINITY", with_rsc_role="Promoted")),
         "B", "nowhere", "on n2"),
    Case("B-7", "2.1.7", "2.1.8",
         cib(clone("c", group("g", primitive("A", agent=STATEFUL)), "promotable=true") + B,
             colocation("c", "B", 1000, rsc_role="Promoted"),
             states={"n1": state("n1", settled("A", STATEFUL), promotion_score("A", 10)),
                     "n2": state("n2", settled("A", STATEFUL) + settled("B"), promotion_score("A", 5))}),
         "c", "promoted on n1, on n2", "on n1, promoted on n2"),
    Case("B-8", "3.0.1", "3.0.2",
         cib(clone("c", primitive("A", agent=STATEFUL), "promotable=true") +
             clone("d", primitive("B", agent=STATEFUL), "promotable=true"),
             colocation("c", "d", 1000, rsc_role="Promoted", with_rsc_role="Promoted", node_attribute="rack") +
             location("c", "n1", "-INFINITY") + location("d", "n2", "-INFINITY") + location("d", "n3", "-INFINITY"),
             nodes="n1 n2 n3",
             node_inside={node: ("", pairs("instance_attributes", "rack=" + rack))
                          for node, rack in (("n1", "r1"), ("n2", "r1"), ("n3", "r2"))},
             states={"n1": state("n1", settled("B", STATEFUL), promotion_score("B", 10)),
                     "n2": state("n2", settled("A", STATEFUL), promotion_score("A", 5)),
                     "n3": state("n3", settled("A", STATEFUL), promotion_score("A", 10))}),
         "c", "on n2, promoted on n3", "promoted on n2, on n3"),
    Case("B-15", "2.1.10", "3.0.0",
         cib(clone("c", A, "clone-max=2 clone-node-max=2"), location("c", "n1", 100)),
         "c", "on n1, on n2", "on n1"),
    Case("B-17", "2.1.10", "3.0.0",
         cib('<bundle id="b"><rkt image="i" replicas="1"/></bundle>', schema="pacemaker-3.0"), "b", "nowhere", "-"),
    # --- history
    Case("C-1", "2.1.5", "2.1.6",
         at(1700001000, cib(primitive("A", "failure-timeout=10s"), location("A", "n2", 100), states={
             "n1": state("n1", history("A", entry("A", "stop", 4)), fail_count("A", "stop_0", 1, 1700000000)),
             "n2": probed("A")})),
         "A", "nowhere", "on n2"),
    Case("C-2", "2.1.5", "2.1.6",
         cib(primitive("A", "", operations(operation("start", interval=0, on_fail="stop"))),
             states={"n1": history("A", entry("A", "start", 190))}),
         "A", "nowhere", "on n1"),
    Case("C-8", "2.1.10", "3.0.0",
         cib(primitive("A", STICKY % 100), location("A", "n2", 10), states={
             "n1": history("A", entry("A", "start", call=1, on_node="n1", last_rc_change=1700000100),
                           entry("A", "stop", call=2, last_rc_change=1700000000))}),
         "A", "on n2", "on n1"),
    Case("C-6", "2.1.10", "3.0.0",
         cib(primitive("A", "is-managed=false"),
             states={"n2": history("A", entry("A", "monitor", 7), entry("A", "cancel", call=2))}),
         "A", "on n2", "nowhere"),
    Case("C-7", "2.1.5", "3.0.0",
         cib(primitive("A", "is-managed=false"), states={"n2": history("A", entry("A", "start", rc_code=None))}),
         "A", "on n2", "nowhere"),
    Case("C-9", "2.1.10", "3.0.0",
         cib(A, location("A", "n1", 5), feature_set="3.0.9", states={"n1": state(
             "n1", history("A", entry("A", "stop")), pairs("instance_attributes", "fail-count-A#start_0=INFINITY"))}),
         "A", "on n1", "on n2"),
    Case("C-10", "2.1.10", "3.0.0",
         at(1700001000, cib(
             primitive("A", "failure-timeout=999500ms migration-threshold=1 resource-stickiness=1000"),
             location("A", "n1", 5), states={
                 "n1": state("n1", probed("A"), fail_count("A", "monitor_10000", 1, 1700000000)), "n2": probed("A")})),
         "A", "on n1", "on n2"),
    Case("C-12", "2.1.10", "3.0.0",
         cib(primitive("A", "", operations(operation("monitor", pairs(
             "meta_attributes", "on-fail=block", rule(expression("#uname", "eq", "n1"), score="INFINITY")),
                                                     interval="10s")))),
         "A", "nowhere", "on n1", 1),
    Case("C-13", "2.1.10", "3.0.0",
         cib(clone("c", primitive("A", "", operations(operation("monitor", interval="10s", role="Promoted").replace(
                       "<op ", '<op role_after_failure="Stopped" ')), STATEFUL),
                   "promotable=true"), schema="none",
             node_inside={"n1": ("", pairs("instance_attributes", "master-A=10"))},
             states={"n1": history("A", entry("A", "promote"),
                                   entry("A", "monitor", 1, 10000, 4, id="A_last_failure_0"), agent=STATEFUL)}),
         "c", "nowhere", "promoted on n1, on n2"),
    Case("C-14", "2.1.6", "2.1.7",
         cib(A, location("A", "n1", 5), states={"n1": state("n1", started("A"), crmd="ONLINE")}),
         "A", "on n1", "on n2"),
    # --- nodes
    Case("D-1", "2.1.6", "2.1.7",
         cib(A + FENCE, options=FENCED, states={"n1": state("n1").replace(' uname="n1"', "")}),
         "A", "on n2", "on n1"),
    Case("D-2", "2.1.6", "2.1.7",
         cib(A, options="stonith-enabled=true node-pending-timeout=10s",
             states={"n1": state("n1", started("A"), in_ccm="1700000000", crmd="0")}),
         "A", "nowhere", "on n1"),
    Case("D-3", "2.1.6", "2.1.7",
         cib(A + FENCE, location("A", "n1", 5), options=FENCED, states={
             "n1": state("n1", "", pairs("instance_attributes", "terminate=true"), in_ccm="false", crmd="offline",
                         join="down"),
             "n2": probed("A")}),
         "A", "on n1", "on n2"),
    Case("D-4", "2.1.5", "2.1.6",
         cib(primitive("A", inside=pairs("utilization", "cpu=2")), location("A", "n1", 5),
             options="stonith-enabled=false placement-strategy=utilization",
             node_inside={"n2": ("", pairs("utilization", "cpu=4"))},
             states={"n1": state("n1", "", pairs("utilization", "cpu=4"))}),
         "A", "on n2", "on n1"),
    Case("D-5", "2.1.10", "3.0.0",
         cib(A, constraint("location", rule(expression("foo", "eq", "b"), score="-INFINITY"), rsc="A"),
             states={"n1": state("n1", "", pairs("instance_attributes", "foo=a foo=b"))}),
         "A", "on n2", "on n1"),
    Case("D-9", "2.1.6", "2.1.7",
         cib(A, options=FENCED, states={"n1": state("n1", started("A")).replace('uname="n1"', 'uname="other"')}),
         "A", "nowhere", "on n1"),
    # --- actions
    Case("E-2", "2.1.5", "2.1.6",
         cib(group("g", primitive("m1"), primitive("m2", "is-managed=false")) + B, order("m1", "B"), states={
             "n1": probed("m1") + started("m2"), "n2": probed("m1", "m2")}),
         "B", "on n2", "nowhere"),
    Case("E-5", "2.1.5", "2.1.6",
         cib(primitive("A", "is-managed=false") + B,
             constraint("order", resource_set("A", action="stop") + resource_set("B", action="start")),
             states={"n1": started("A")}),
         "B", "nowhere", "on n2"),
    Case("E-6", "2.1.6", "2.1.7",
         cib(primitive("A", "target-role=Stopped") + B, order("A", "B", kind="optional"), schema="none"),
         "B", "on n1", "nowhere"),
    Case("E-10", "2.1.10", "3.0.0",
         cib(primitive("A", "", operations(operation("monitor", pairs(
             "meta_attributes", "on-fail=block on-fail=restart"), interval="10s")))),
         "A", "on n1", "nowhere", 1),
    Case("E-13", "2.1.10", "3.0.0",
         cib(A, options="stonith-enabled=false remove-after-stop=true"),
         "downtime of A", "63.8 s", "63.6 s", 1),
    Case("E-16", "2.1.10", "3.0.0",
         cib(A + primitive("B", "restart-type=restart"), order("A", "B", kind="Optional") + location("A", "n1", 5) +
             location("B", "n2", 5), states={"n1": started("A") + probed("B"), "n2": started("B") + probed("A")}),
         "downtime of A", "72.7 s", "72.6 s", 1),
    # --- options and rules
    Case("F-1", "3.0.1", "3.0.2",
         cib(A, options="fencing-enabled=false"),
         "A", "nowhere", "on n1"),
    Case("F-2", "2.1.7", "2.1.8",
         cib(A, defaults=stopped_if(rule(expression("foo", "not_defined"), score="INFINITY"))),
         "A", "on n1", "nowhere"),
    Case("F-3", "2.1.7", "2.1.8",
         cib(A, defaults=stopped_if(rule('<rsc_expression id="%s" class="ocf" type="Dummy"/>' % fresh(),
                                         score="INFINITY"))),
         "A", "on n1", "nowhere"),
    Case("F-4", "2.1.10", "3.0.0",
         cib(A, constraint("location", rule(expression("foo", "ne", ""), score="-INFINITY"), rsc="A")),
         "A", "on n1", "nowhere"),
    Case("F-5", "2.1.10", "3.0.0",
         cib(A, constraint("location", rule("", score="-INFINITY", boolean_op="or"), rsc="A"), schema="none"),
         "A", "on n1", "nowhere"),
    Case("F-6", "2.1.10", "3.0.0",
         cib(A, constraint("location", rule('<expression id="%s" attribute="#uname" operation="eq" value="x" '
                                            'type="nonsense"/>' % fresh(), score="-INFINITY"), rsc="A"),
             schema="none"),
         "A", "nowhere", "on n1"),
    Case("F-7", "2.1.7", "2.1.8",
         cib(primitive("A", "", operations(operation("monitor", pairs("meta_attributes", "on-fail=block", rule(
             expression("#uname", "eq", "n1").replace("/>", ' value-source="param"/>'), score="INFINITY")),
                                                     interval="10s")))),
         "A", "nowhere", "on n1", 1),
    Case("F-8", "2.1.10", "3.0.0",
         cib(A, schema="none", defaults=stopped_if(rule(expression("foo", "defined"), score="INFINITY") +
                                                   rule(DATE_PASSED % fresh(), score="INFINITY"))),
         "A", "nowhere", "on n1"),
    Case("F-9", "2.1.10", "3.0.0",
         cib(primitive("A", "", '<meta_attributes id="a"><nvpair id="r" name="target-role" value="Stopped"/>'
                       "</meta_attributes>") +
             primitive("B", "", '<meta_attributes id="b"><nvpair id-ref="r" name="target-role" value="Started"/>'
                       "</meta_attributes>"), schema="none"),
         "B", "on n1", "nowhere"),
    Case("F-10", "3.0.1", "3.0.2",
         cib(primitive("A", "", operations(operation("monitor", interval="10s", on_fail="block")) +
                       operations(operation("monitor", interval="10s", on_fail="restart"))), schema="none"),
         "A", "on n1", "nowhere", 1),
    Case("F-14", "3.0.1", "3.0.2",
         cib(A, constraint("location", rule('<date_expression id="%s" operation="gt" start="2001-01-01T"/>' % fresh(),
                                            score="-INFINITY"), rsc="A")),
         "A", "nowhere", "on n1"),
    Case("F-16", "2.1.7", "2.1.8", cib(A, feature_set="3.30.0"), "A", "on n1", "-"),
    Case("F-15", "2.1.10", "3.0.0", cib(primitive("A", agent="upstart:daemon")), "A", "on n1", "-"),
    Case("X-2", "2.1.10", "3.0.0",
         cib(A, constraint("location", rule(DEFINED, score="-INFINITY", role="Started"), rsc="A")),
         "A", "on n1", "nowhere"),
]


REMOTE = "ocf:pacemaker:remote"
DOCKER = "ocf:heartbeat:docker"


def replica(bundle, number):
    """One replica of a bundle runs: its container, its address and its connection."""
    return (started("%s-docker-%d" % (bundle, number), DOCKER) +
            started("%s-ip-10.0.0.%d" % (bundle, number + 1), "ocf:heartbeat:IPaddr2") +
            started("%s-%d" % (bundle, number), REMOTE))


def needs(amount):
    return pairs("utilization", [("cpu", amount)])


def role_and_score(operation_name, score):
    """An instance of the clone of `s` in that role, and what its agent has set."""
    done = entry("s", operation_name, id="s_last_0", op_digest="f2317cad3d54cec5d7d7aa7d0bf35cf8")
    return {"histories": history("s", done, agent=STATEFUL), "transient": promotion_score("s", score)}


BALANCED = "stonith-enabled=false placement-strategy=balanced"
BUNDLE = ('<bundle id="K"><docker image="i" replicas="2"/><network ip-range-start="10.0.0.1"/>%s</bundle>' %
          primitive("D", "", needs(1)))
CASES += [
    # The preference for A's node counts twice, and outweighs the better score of the other node.
    Case("B-4", "2.1.7", "2.1.8",
         cib(A + clone("S", primitive("s", agent=STATEFUL), "promotable=true"),
             location("A", "n2", "INFINITY") + colocation("S", "A", 20, rsc_role="Promoted"),
             states={"n1": state("n1", **role_and_score("promote", 50)),
                     "n2": state("n2", **role_and_score("start", 20))}),
         "S", "on n1, promoted on n2", "promoted on n1, on n2"),
    # The bundle counts as on n1, where its second replica was found first; so A, which is at home, comes before it.
    Case("B-18", "2.1.5", "2.1.6",
         cib(primitive("A", STICKY % 10, needs(1)) + BUNDLE, location("K", "n2", "INFINITY"), options=BALANCED,
             states={"n1": replica("K", 1), "n2": replica("K", 0) + settled("A")},
             node_inside={"n1": ("", needs(2)), "n2": ("", needs(1))}),
         "A", "on n2", "on n1"),
    # A cannot be moved from n1, which has no cpu at all.
    Case("X-6", "2.1.5", "2.1.6",
         cib(primitive("A", "is-managed=false", needs(3)) + primitive("B", "", needs(0)), location("B", "n1", 10),
             options=BALANCED, states={"n1": settled("A"), "n2": probed("A")}),
         "B", "on n1", "on n2"),
]
ABSENT = {"in_ccm": "false", "crmd": "offline", "join": "down", "expected": "down"}
CASES.append(
    # Without quorum: a stop has failed on a remote node.
    Case("D-6", "3.0.0", "3.0.1",
         cib(primitive("A", "", operations(operation("stop", interval=0, on_fail="fence"))) +
             primitive("r1", agent=REMOTE) + FENCE, location("A", "r1", 100) + location("A", "n1", "-INFINITY"),
             nodes="n1 n2 n3", options="stonith-enabled=true no-quorum-policy=freeze",
             states={"n1": state("n1", started("r1", REMOTE)), "n2": state("n2", **ABSENT),
                     "n3": state("n3", **ABSENT)})
         .replace("</status>", state("r1", history("A", entry("A", "stop", 1)), remote_node="true") + "</status>")
         .replace('have-quorum="1"', 'have-quorum="0"'),
         "r1", "nowhere", "on n1"))


def upgrade(picket, case, folder):
    """What `picket diff` says of the case, as JSON; None and what went wrong where it says nothing."""
    path = os.path.join(folder, "cib.xml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(case.cluster)
    command = [picket, "diff", path, "--from", case.before, "--to", case.after, "--format",
               "json", "--failures", str(case.failures)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=TIMEOUT_S, universal_newlines=True)
    if done.returncode not in (0, 1):
        return None, "exit %d: %s" % (done.returncode, done.stderr.strip())
    return json.loads(done.stdout), ""


def complaint(case, told):
    """What is wrong with the answer, or nothing."""
    for one in told["histories"]:
        for answer in one["answers"]:
            if answer["what"] == case.what and (answer["old"], answer["new"]) == (case.was, case.becomes):
                if case.entry in one["causes"]:
                    return ""
                return "the cause is not told, but %s" % (", ".join(one["causes"]) or "none")
    answers = ["%s: %s -> %s" % (a["what"], a["old"], a["new"]) for one in told["histories"] for a in one["answers"]]
    return "%s: %s -> %s is not told, but %s" % (case.what, case.was, case.becomes, "; ".join(answers) or "no change")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--picket", required=True, help="the program")
    parser.add_argument("entries", nargs="*", metavar="ENTRY", help="these only")
    options = parser.parse_args()
    passed = failed = 0
    for case in CASES:
        if options.entries and case.entry not in options.entries:
            continue
        with tempfile.TemporaryDirectory() as folder:
            told, wrong = upgrade(options.picket, case, folder)
        wrong = wrong or complaint(case, told)
        if wrong:
            print("%s, %s to %s: %s" % (case.entry, case.before, case.after, wrong))
        passed, failed = passed + (not wrong), failed + bool(wrong)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
