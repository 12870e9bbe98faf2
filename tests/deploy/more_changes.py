"""More changes of every kind, each replacing the one before: deploy_test plays them with --full, file_test always."""

import changes

HEAD = """cluster lab { transport = knet; totem token=3s; link lan }
node n1 { id=1; link lan 192.0.2.1 %(n1)s }
node n2 { id=2; link lan 192.0.2.2 %(n2)s }
node n3 { id=3; link lan 192.0.2.3 }
property %(properties)sfencing-enabled=no
property dc-deadtime=2s
"""
MONITOR = "op monitor interval=10s timeout=20s"
STATEFUL = changes.STATE + "location there: promoted ms prefers n1 score=50\n"


def head(n1="", n2="", properties=""):
    return HEAD % {"n1": n1 and "; " + n1, "n2": n2 and "; " + n2, "properties": properties}


def prim(name, body="", agent="ocf:pacemaker:Dummy", op=MONITOR):
    return "primitive %s %s { %s }\n" % (name, agent, body + "; " + op if body else op)


web, db, x, ip = prim("web"), prim("db"), prim("x"), prim("ip")


def resources():
    """Names, agents, parameters, groups and clones."""
    b = head()
    yield "begin", b + web + db
    yield "rename web to www", b + prim("www") + db
    yield "another agent for db", b + prim("www") + prim("db", agent="ocf:heartbeat:Dummy")
    yield "and back, with parameter", b + prim("www") + prim("db", "fake=x")
    yield "unique parameter", b + prim("www", 'state="/run/other.state"') + prim("db", "fake=x")
    yield "reloadable param", b + prim("www", 'state="/run/other.state"') + prim("db", "fake=y")
    yield "both", b + prim("www", 'state="/run/other2.state"; fake=q') + prim("db", "fake=y")
    yield "primitive into a group with new", b + prim("www") + db + ip + "group g of ip, db\n"
    yield "other primitive joins in front", b + prim("www") + db + ip + "group g of www, ip, db\n"
    yield "group cloned", b + prim("www") + db + ip + "group g of www, ip, db\nclone gc of g { interleave=yes }\n"
    yield "clone-max 2", b + prim(
        "www"
    ) + db + ip + "group g of www, ip, db\nclone gc of g { interleave=yes; clone-max=2 }\n"
    yield "clone gone, group stays", b + prim("www") + db + ip + "group g of www, ip, db\n"
    yield "all gone but www", b + prim("www")
    yield "clone of it", b + prim("www") + "clone c of www\n"
    yield "unique", b + prim("www") + "clone c of www { globally-unique=yes; clone-max=4; clone-node-max=2 }\n"
    yield "unique fewer", b + prim("www") + "clone c of www { globally-unique=yes; clone-max=2; clone-node-max=2 }\n"
    yield "anonymous", b + prim("www") + "clone c of www { clone-max=2 }\n"
    yield "renamed clone", b + prim("www") + "clone cc of www { clone-max=2 }\n"
    yield "everything gone", b


def moves():
    """What is promoted, what migrates, orders over sets, resources that are kept apart."""
    b = head()
    yield "begin", b + web
    yield "promotable", b + web + STATEFUL % ""
    yield "notify", b + web + STATEFUL % "{ notify=yes }"
    yield "depend on promoted", b + web + STATEFUL % "{ notify=yes }" + "depend web on promoted ms\n"
    yield "moved promoted", b + web + (STATEFUL % "{ notify=yes }").replace(
        "n1 score=50", "n2 score=500"
    ) + "depend web on promoted ms\n"
    yield "promotable is clone", b + web + (STATEFUL % "").replace("promotable ms", "clone ms").split("location")[0]
    yield "promotable again", b + web + STATEFUL % "{ promoted-max=2 }"
    yield "gone", b + web
    yield "migratable", b + prim("web", "meta allow-migrate=yes") + db
    yield "migrates", b + prim("web", "meta allow-migrate=yes") + db + "location l: web prefers n3 score=100\n"
    yield "migrates back with other", b + prim(
        "web", "meta allow-migrate=yes"
    ) + db + "location l: web prefers n2 score=100\ncolocation cc: db with web\n"
    yield "migrates with order", b + prim(
        "web", "meta allow-migrate=yes"
    ) + db + "location l: web prefers n1 score=100\ndepend db on web\n"
    yield "set order", b + prim("web", "meta allow-migrate=yes") + db + x + "order oo: {web, db} then x\n"
    yield "set changed", b + prim("web", "meta allow-migrate=yes") + db + x + "order oo: [web, db, x]\n"
    yield "set gone", b + web + db + x
    yield "separate", b + web + db + x + "separate [web, db, x]\n"
    yield "gone too", b + web


def values():
    """Templates, utilization, attributes of nodes, rules and dates."""
    b = head()
    yield "begin", b + web + db
    T = "rsc_template t ocf:pacemaker:Dummy { %s op monitor interval=%s timeout=20s }\nprimitive web from t %s\n"
    yield "web from template", b + T % ("", "10s", "") + db
    yield "template param", b + T % ("fake=t;", "10s", "") + db
    yield "template interval", b + T % ("fake=t;", "12s", "") + db
    yield "template override", b + T % ("fake=t;", "12s", "{ fake=u }") + db
    yield "template and state", b + T % ('state="/run/tt";', "12s", "{ fake=u }") + db
    yield "no template", b + web + db
    u = head("utilization memory=100", "utilization memory=100", "placement-strategy=balanced ")
    yield "utilization", u + prim("web", "utilization memory=60") + prim("db", "utilization memory=60")
    u = head("utilization memory=10", "utilization memory=200", "placement-strategy=utilization ")
    yield "utilization moves", u + prim("web", "utilization memory=60") + prim("db", "utilization memory=60")
    yield "utilization gone", b + web + db
    yield "node attribute and rule", head(
        "attributes rack=a", "attributes rack=b"
    ) + web + db + "location r: web prefers where rack == b score=100\n"
    yield "attribute swapped", head(
        "attributes rack=b", "attributes rack=a"
    ) + web + db + "location r: web prefers where rack == b score=100\n"
    yield "rule changed", head(
        "attributes rack=b", "attributes rack=a"
    ) + web + db + "location r: web never where rack == b\n"
    yield "attribute gone", head("", "attributes rack=a") + web + db + "location r: web never where not defined(rack)\n"
    yield "params when", b + prim(
        "web", "params when node == n1 score=10 { fake=one }; params when node == n2 score=10 { fake=two }"
    ) + db
    yield "gone", b + web + db
    yield "date rule", b + prim("web", "meta when date before 2020-01-01 { target-role=stopped }") + db
    yield "date rule on", b + prim("web", "meta when date after 2020-01-01 { target-role=stopped }") + db
    yield "date rule gone", b + web + db


def operations():
    """Operations, and all that is left alone for a while."""
    b = head()
    yield "begin", b + web + db
    yield "op timeout", b + prim("web", op="op monitor interval=10s timeout=25s") + db
    yield "second monitor", b + prim(
        "web", op="op monitor interval=10s timeout=25s; op monitor interval=33s timeout=66s"
    ) + db
    yield "second monitor role=stopped", b + prim(
        "web", op="op monitor interval=10s timeout=25s; op monitor interval=31s role=stopped"
    ) + db
    yield "monitor disabled", b + prim("web", op="op monitor interval=10s timeout=20s enabled=no") + db
    yield "enabled", b + web + db
    yield "no monitor", b + "primitive web ocf:pacemaker:Dummy # allow all\n" + db
    yield "start timeout, on-fail", b + prim(
        "web", op="op monitor interval=10s timeout=20s on-fail=stop; op start timeout=44s; op stop timeout=33s"
    ) + db
    yield "back", b + web + db
    yield "maintenance of a resource", b + prim("web", "meta maintenance=yes") + db
    yield "param while in maintenance", b + prim("web", "meta maintenance=yes; fake=z") + db
    yield "out of it", b + prim("web", "fake=z") + db
    yield "node maintenance", head("attributes maintenance=on") + prim("web", "fake=z") + db
    yield "node out", b + prim("web", "fake=z") + db
    yield "maintenance-mode", head(properties="maintenance-mode=yes ") + web + db
    yield "maintenance-mode off", head() + web + db
    yield "stop all", head(properties="stop-all-resources=yes ") + web + db
    yield "start all", head() + web + db
    yield "symmetric no", head(properties="symmetric-cluster=no ") + web + db + "location l: web prefers n1 score=10\n"
    yield "symmetric yes", head() + web + db


def others():
    """Tags, access, alerts, tickets, and chains of dependence."""
    b = head()
    yield "begin", b + web + db
    yield "tag", b + web + db + "tag both of web, db\n"
    yield "tag in location", b + web + db + "tag both of web, db\nlocation lb: both prefers n3 score=70\n"
    yield "tag changed", b + web + db + "tag both of web\nlocation lb: both prefers n3 score=70\n"
    yield "acl", b + web + db + "role operator { read all; write meta of web }\nacl user alice is operator\n"
    deny = "role operator { read all; deny secrets }\n"
    yield "acl changed", b + web + db + deny + "acl user alice is operator\nacl user bob is operator\n"
    yield "alert", b + web + db + "alert mail /bin/true { meta timeout=15s; select nodes; recipient a@b }\n"
    mail = "alert mail /bin/true { meta timeout=16s; select nodes, fencing; recipient a@c; recipient d@e }\n"
    yield "alert changed", b + web + db + mail
    yield "ticket", b + web + db + "ticket t1: site grants web on-loss=stop\n"
    yield "ticket gone", b + web + db
    yield "resource discovery", b + web + db + x + "location ln: x never n3 discovery=never\nlocation lo: x never n1\n"
    yield "three chained", b + web + db + x + "depend x on web\ndepend db on x\n"
    yield "first moves", b + web + db + x + "depend x on web\ndepend db on x\nlocation l: web prefers n2 score=100\n"
    yield "first restarts", b + prim(
        "web", 'state="/run/w2"'
    ) + db + x + "depend x on web\ndepend db on x\nlocation l: web prefers n2 score=100\n"
    yield "middle removed", b + prim(
        "web", 'state="/run/w2"'
    ) + db + "depend db on web\nlocation l: web prefers n2 score=100\n"
    yield "first removed", b + db
    yield "priority and stickiness", b + prim("db", "meta priority=5 resource-stickiness=1000") + web
    yield "location against stickiness", b + prim(
        "db", "meta priority=5 resource-stickiness=1000"
    ) + web + "location ldb: db prefers n3 score=500\nlocation lweb: web prefers n3 score=500\n"
    yield "all off", b


def steps():
    """(what changes, the policy) in order."""
    for part in (resources, moves, values, operations, others):
        yield from part()
