"""What a test does to a live cluster: the faults of the policy language, by power, cables, switches and tools.

What people do on purpose (specification 09 section 15) is done with Pacemaker's own tools, or with picket's verbs and
changed configurations where the engine is picketd.
"""
import time
import xml.etree.ElementTree as xml

import edits
import facts


def strike(live, fault):
    _DO[fault["do"]](live, fault)


def _run(live, *command):
    """A tool on a node of the part that counts."""
    part = live.main_part()
    for _ in range(5):
        status, output = live.lab.run(part[0], list(command), 90)
        if status == 0:
            return
        time.sleep(1)
    raise Unwilling("%s: %s" % (" ".join(command), output.strip()))


Unwilling = facts.Unwilling


def _is_pacemaker(live):
    return live.engine.name == "pacemaker"


# --- power and network -------------------------------------------------------------------------------------------


def _kill(live, fault):
    for name in fault["nodes"]:
        live.power_off(name)


def _online(live, fault):
    for name in fault["nodes"]:
        if not live.lab.is_on(name):
            live.power_on(name)
        elif name in live.leaving:
            live.come_back(name)
        live.apart = {pair for pair in live.apart if name not in pair}
        live.cut = {cable for cable in live.cut if cable[0] != name}
        live.part()
        if _permanent(live, name, "standby"):
            _standby_to(live, name, False)


def _isolate(live, fault):
    for name in fault["nodes"]:
        live.apart |= {(name, other) for other in live.names if other != name}
    live.part()


def _partition(live, fault):
    live.apart |= {(one, other) for one in fault["left"] for other in fault["right"]}
    live.part()


def _cut(live, fault):
    link = live.link_names.index(fault["link"])
    live.cut |= {(name, link) for name in ([fault["node"]] if fault["node"] else live.names)}
    live.part()


def _heal(live, fault):
    if fault["link"] is None:
        live.apart, live.cut = set(), set()
    else:
        link = live.link_names.index(fault["link"])
        live.cut = {(name, of) for name, of in live.cut if of != link or fault["node"] not in (None, name)}
    live.part()


def _shutdown(live, fault):
    for name in fault["nodes"]:
        live.leave(name, fault["do"] == "reboot", fault["do"] != "leave")


def _crash(live, fault):
    for name in fault["nodes"]:
        live.engine.crash(live.lab, name)


def _confirm(live, fault):
    for name in fault["nodes"]:
        if _is_pacemaker(live):
            _run(live, "stonith_admin", "--confirm", name)
        else:
            _run(live, "picket", "fence", name, "--confirm", "--yes")


def _restart_cluster(live, _):
    live.lab.power_off(*live.names)
    for name in live.names:
        live.power_on(name)


def _advance(live, fault):
    time.sleep(fault["ms"] / 1000)
    live.changed = time.time()


# --- agents and devices ------------------------------------------------------------------------------------------


def _fail(live, fault):
    primitive = (facts.primitives(live.configuration, fault["resource"]) or [fault["resource"]])[0]
    element = facts.element(live.configuration, primitive)
    if element.get("class") == "stonith":
        return _fail_fence(live, {"device": primitive, "how": "hangs" if fault["hangs"] else
                                  "refuses" if fault["rc"] else "lies"})
    times = "" if fault["times"] < 0 else str(fault["times"])
    if fault["operation"] == "monitor" and fault["times"] == 1:
        # It has stopped serving where it runs, until it is started or demoted.
        live.touched.add(primitive)
        for (resource, node) in live.history.now():
            if resource == primitive and fault["node"] in (None, node):
                live.shared.write("broken", "%s.%s" % (primitive, node), "%s %s" % (
                    "hang" if fault["hangs"] else fault["rc"], live.lab.boot_id(node)))
        return None
    if fault["operation"] == "monitor":
        live.touched.add(primitive)
    name = "%s.%s%s" % (fault["operation"], primitive, "." + fault["node"] if fault["node"] else "")
    how = ("hang %s" % times if fault["hangs"] else "fail %d %s" % (fault["rc"], times)).strip()
    return live.shared.write("switch", name, how)


def _fail_fence(live, fault):
    lab = live.lab
    for devices in (lab.failing_devices, lab.hanging_devices, lab.lying_devices):
        devices.discard(fault["device"])
    {"refuses": lab.failing_devices, "hangs": lab.hanging_devices, "lies": lab.lying_devices}[fault["how"]].add(
        fault["device"])


def _hang(live, fault):
    for primitive in facts.primitives(live.configuration, fault["resource"]):
        if facts.element(live.configuration, primitive).get("class") == "stonith":
            _fail_fence(live, {"device": primitive, "how": "hangs"})
        live.touched.add(primitive)
        for operation in ("start", "stop", "promote", "demote", "monitor", "notify", "migrate_to", "migrate_from"):
            live.shared.write("switch", "%s.%s" % (operation, primitive), "hang")


def _repair(live, fault):
    lab = live.lab
    for devices in (lab.failing_devices, lab.hanging_devices, lab.lying_devices):
        devices.discard(fault["subject"])
    for primitive in facts.primitives(live.configuration, fault["subject"]):
        for name in live.shared.names("switch"):
            if name.split(".")[1] == primitive:
                live.shared.remove("switch", name)
        for name in live.shared.names("broken"):
            if name.split(".")[0] == primitive:
                live.shared.remove("broken", name)


def _by_hand(live, fault):
    """The agent itself is called, without a record."""
    for primitive in facts.primitives(live.configuration, fault["resource"]):
        live.touched.add(primitive)
        element = facts.element(live.configuration, primitive)
        agent = "%s/%s" % (element.get("provider"), element.get("type"))
        words = ["env", "OCF_ROOT=/usr/lib/ocf", "OCF_RESOURCE_INSTANCE=" + primitive,
                 "OCF_RESKEY_CRM_meta_interval=0"]
        words += ["OCF_RESKEY_%s=%s" % (pair.get("name"), pair.get("value"))
                  for pair in element.findall("instance_attributes/nvpair")]
        script = ("real=/usr/lib/picket-lab/real/%s; if [ -x $real ]; then exec $real %s; fi; %s" % (
            agent, fault["action"], "echo started >/run/scripted." + primitive if fault["action"] == "start" else
            "rm -f /run/scripted." + primitive))
        live.lab.run(fault["node"], words + ["sh", "-c", script], 90)
        if fault["action"] == "start":
            live.shared.remove("broken", "%s.%s" % (primitive, fault["node"]))


# --- what people do on purpose -----------------------------------------------------------------------------------


def _edit(live, change):
    """The configuration as changed, applied anew: picketd has no tools for single settings."""
    change(live.configuration)
    live.load()


def _permanent(live, node, attribute):
    if not live.main_part():
        return False
    told = []
    live.wait("somebody tells the CIB", lambda: told.append(live.cib()) or told[-1] is not None)
    cib = told[-1]
    for each in cib.findall("configuration/nodes/node"):
        if each.get("uname") == node:
            return any(pair.get("name") == attribute and pair.get("value") not in ("off", "false", "0")
                       for pair in each.iter("nvpair"))
    return False


def _standby(live, fault):
    for name in fault["nodes"]:
        _standby_to(live, name, True)


def _standby_to(live, name, on):
    if _is_pacemaker(live):
        _run(live, "crm_standby", *(["-v", "on"] if on else ["-D"]), "-N", name)
    else:
        _run(live, "picket", "standby" if on else "online", name, "--yes")


def _set(live, fault):
    tools = "" if _is_pacemaker(live) else "/run/picket/tools/"
    if fault["attribute"] in ("standby", "maintenance"):
        _run(live, tools + "crm_attribute", "-N", fault["node"], "-n", fault["attribute"], "-v", fault["value"],
             "-l", "reboot")
    else:
        _run(live, tools + "attrd_updater", "-N", fault["node"], "-n", fault["attribute"], "-U", fault["value"])


def _ticket(live, fault):
    _run(live, "crm_ticket", "-t", fault["ticket"], "-g" if fault["do"] == "grant" else "-r", "--force")


def _meta(live, resource, name, value):
    """Sets a meta-attribute of a resource, or takes it away where `value` is None."""
    if _is_pacemaker(live):
        change = ["-d", name] if value is None else ["-p", name, "-v", value]
        return _run(live, "crm_resource", "-r", resource, "--meta", *change)

    def change_it(cib):
        element = facts.element(cib, resource)
        block = element.find("meta_attributes")
        if block is None:
            block = xml.Element("meta_attributes", id=resource + "-meta_attributes")
            element.insert(0, block)
        for pair in block.findall("nvpair[@name='%s']" % name):
            block.remove(pair)
        if value is not None:
            xml.SubElement(block, "nvpair", id="%s-meta_attributes-%s" % (resource, name), name=name, value=value)

    return _edit(live, change_it)


def _maintenance(live, fault):
    # What has failed meanwhile is found out now.
    live.touched.update(primitive for primitive, _ in live.history.broken())
    value = "true" if fault["on"] else "false"
    if fault["resource"]:
        return _meta(live, fault["resource"], "maintenance", "true" if fault["on"] else None)
    if fault["node"]:
        if _is_pacemaker(live):
            return _run(live, "crm_attribute", "-N", fault["node"], "-n", "maintenance", "-l", "forever",
                        *(["-v", "true"] if fault["on"] else ["-D"]))
        return _run(live, "picket", "maintenance", "on" if fault["on"] else "off", "--node", fault["node"], "--yes")
    if _is_pacemaker(live):
        return _run(live, "crm_attribute", "-t", "crm_config", "-n", "maintenance-mode", "-v", value)
    return _run(live, "picket", "maintenance", "on" if fault["on"] else "off", "--yes")


def _manage(live, fault):
    live.touched.update(primitive for primitive, _ in live.history.broken())
    _meta(live, fault["resource"], "is-managed", None if fault["managed"] else "false")


def _enable(live, fault):
    _meta(live, fault["resource"], "target-role", None if fault["enabled"] else "Stopped")


def _move(live, fault):
    role = ["--promoted"] if fault["promoted"] else []
    node = ["-N", fault["node"]] if fault["node"] else []
    if _is_pacemaker(live):
        return _run(live, "crm_resource", "--ban" if fault["do"] == "ban" else "--move", "-r", fault["resource"], *node,
                    *role)
    node = fault["node"] or _place_of(live, fault["resource"])
    to = fault["do"] == "move" and fault["node"]

    def change_it(cib):
        name = "cli-prefer-" + fault["resource"] if to else "cli-ban-%s-on-%s" % (fault["resource"], node)
        xml.SubElement(cib.find("configuration/constraints"), "rsc_location", id=name, rsc=fault["resource"],
                       role="Promoted" if fault["promoted"] else "Started", node=node,
                       score="INFINITY" if to else "-INFINITY")

    return _edit(live, change_it)


def _place_of(live, resource):
    wanted = facts.primitives(live.configuration, resource)
    places = sorted((role != "promoted", node) for (name, node), role in live.history.now().items() if name in wanted)
    return places[0][1] if places else live.names[0]


def _clear(live, fault):
    if _is_pacemaker(live):
        return _run(live, "crm_resource", "--clear", "-r", fault["resource"],
                    *(["-N", fault["node"]] if fault["node"] else []))

    def change_it(cib):
        constraints = cib.find("configuration/constraints")
        for each in constraints.findall("rsc_location"):
            if each.get("rsc") == fault["resource"] and each.get("id").startswith("cli-") and \
                    fault["node"] in (None, each.get("node")):
                constraints.remove(each)

    return _edit(live, change_it)


def _cleanup(live, fault):
    if _is_pacemaker(live):
        return _run(live, "crm_resource", "--refresh" if fault["do"] == "refresh" else "--cleanup",
                    *(["-r", fault["resource"]] if fault["resource"] else []),
                    *(["-N", fault["node"]] if fault["node"] else []))
    return _run(live, "picket", "cleanup", *[word for word in (fault["resource"],) if word],
                *(["--node", fault["node"]] if fault["node"] else []), "--yes")


_DO = {"kill": _kill, "online": _online, "isolate": _isolate, "partition": _partition, "cut": _cut, "heal": _heal,
       "shutdown": _shutdown, "reboot": _shutdown, "leave": _shutdown, "crash": _crash,
       "confirm": _confirm,
       "restart cluster": _restart_cluster, "advance": _advance,
       "fail": _fail, "fail fence": _fail_fence, "hang": _hang, "repair": _repair, "by hand": _by_hand,
       "standby": _standby, "set": _set, "grant": _ticket, "revoke": _ticket, "maintenance": _maintenance,
       "manage": _manage, "enable": _enable, "move": _move, "ban": _move, "clear": _clear, "cleanup": _cleanup,
       "refresh": _cleanup, "edit": edits.edit, "delete": edits.delete, "deploy": edits.deploy}
