"""Changes of every kind that the lab can run, one after the other: each policy replaces the one before."""

HEAD = """cluster lab { transport = knet; totem token=3s; link lan }
node n1 { id=1; link lan 192.0.2.1 %(n1)s }
node n2 { id=2; link lan 192.0.2.2 }
node n3 { id=3; link lan 192.0.2.3 }
property fencing-enabled=no
property dc-deadtime=2s
"""
WEB = "primitive web ocf:pacemaker:Dummy { %s op monitor interval=10s timeout=20s }\n"
DB = "primitive db ocf:pacemaker:Dummy { %s op monitor interval=%s timeout=20s }\n"
STATE = """primitive s ocf:pacemaker:Stateful { op monitor interval=10s role=promoted
  op monitor interval=11s role=unpromoted }
promotable ms of s %s
"""


def steps():
    """(what changes, the policy) in order. The first one is what the lab comes up with."""
    base = HEAD % {"n1": ""}
    yield "the beginning", base + WEB % ""
    yield "a primitive is added", base + WEB % "" + DB % ("", "10s")
    yield "a parameter is added: a restart", base + WEB % "fake=one;" + DB % ("", "10s")
    yield "a parameter is changed", base + WEB % "fake=two;" + DB % ("", "10s")
    yield "a parameter is removed", base + WEB % "" + DB % ("", "10s")
    yield "an interval is changed", base + WEB % "" + DB % ("", "15s")
    two = base + WEB % "" + DB % ("", "15s")
    yield "a location is added", two + "location at-home: web prefers n2 score=200\n"
    yield "a location is changed", two + "location at-home: web prefers n3 score=200\n"
    yield "a location is removed", two
    yield "a colocation is added", two + "colocation together: db with web score=500\n"
    yield "its score is changed", two + "colocation together: db with web\n"
    yield "an order beside it", two + "colocation together: db with web score=500\norder first-web: web then db\n"
    yield "both are removed", two
    yield "a group is made of what runs", two + "group g of web, db\n"
    yield "the order of the members is turned", two + "group g of db, web\n"
    yield "a member is added in front", (
        two + "primitive ip ocf:pacemaker:Dummy { op monitor interval=10s }\ngroup g of ip, db, web\n")
    yield "a member is taken away", two + "group g of db, web\n"
    yield "the group is taken apart", two
    yield "a clone is made of what runs", two + "clone web-all of web\n"
    yield "the clone has an option", two + "clone web-all of web { clone-max=2 }\n"
    yield "another value", two + "clone web-all of web { clone-max=1 }\n"
    yield "the clone is a primitive again", two
    # Of several nodes with the same score any may be promoted first: this says which.
    where = "location there: promoted ms prefers n1 score=50\n"
    yield "a promotable is added", two + STATE % "" + where
    yield "promoted twice", two + STATE % "{ promoted-max=2 }" + where
    yield "a promotable is removed", two
    yield "a resource is stopped", base + WEB % "meta target-role=Stopped;" + DB % ("", "15s")
    yield "and started again", two
    yield "a node is in standby", (HEAD % {"n1": "; attributes standby=on"}) + WEB % "" + DB % ("", "15s")
    yield "the node is back", two
    yield "resource defaults", two + "rsc_defaults { resource-stickiness=100 }\n"
    yield "another default", two + "rsc_defaults { resource-stickiness=100; migration-threshold=3 }\n"
    yield "the defaults are gone", two
    yield "defaults of operations", two + "op_defaults { timeout=33s }\n"
    yield "those are gone", two
    yield "a cluster option", two + "property cluster-recheck-interval=7min\n"
    yield "the option is gone", two
    yield "not managed", base + WEB % "meta is-managed=false;" + DB % ("", "15s")
    yield "managed again", two
    yield "a tag", two + "tag both of web, db\n"
    yield "the tag is gone", two
    yield "a primitive is removed", base + WEB % ""
