"""Edits of a live cluster's configuration in the middle of a test: `set`, `delete` and `deploy`.

Pacemaker gets a patch, as `picket apply` sends one: a whole configuration that is replaced would make all nodes join
anew. picketd gets the changed configuration as a whole.
"""
import copy
import xml.etree.ElementTree as xml

import facts

_REPLACED = ("resources", "constraints", "rsc_defaults", "op_defaults", "fencing-topology", "tags", "alerts", "acls")
_NAMING = ("rsc", "with-rsc", "first", "then")


def edit(live, fault):
    def change(configuration):
        for owner in _owners(configuration, fault):
            if owner.tag == "op":
                owner.set(fault["option"], fault["value"])
            else:
                _set_pair(owner, fault)

    _both(live, change)


def delete(live, fault):
    _both(live, lambda configuration: _remove(configuration, fault["subject"]))


def deploy(live, fault):
    new = live.deployments[fault["cib"]].find("configuration")
    live.configuration = copy.deepcopy(live.deployments[fault["cib"]])
    if live.engine.name != "pacemaker":
        live.load()
        return
    _patch(live, lambda configuration: _put_in_force(configuration, new))


# --- single options and resources --------------------------------------------------------------------------------


def _owners(configuration, fault):
    """The elements that the option belongs to."""
    if fault["block"] == "property":
        return configuration.findall("crm_config/cluster_property_set")[:1]
    resource = next(each for each in configuration.find("resources").iter()
                    if each.get("id") == fault["resource"] and each.tag != "nvpair")
    if fault["block"] == "op":
        return [op for op in resource.findall("operations/op") if op.get("name") == fault["operation"]]
    tag = "meta_attributes" if fault["block"] == "meta" else "instance_attributes"
    block = resource.find(tag)
    if block is None:
        block = xml.Element(tag, id="%s-%s" % (resource.get("id"), tag))
        resource.insert(0, block)
    return [block]


def _set_pair(block, fault):
    pair = block.find("nvpair[@name='%s']" % fault["option"])
    if pair is None:
        pair = xml.SubElement(block, "nvpair", id="%s-%s" % (block.get("id"), fault["option"]), name=fault["option"])
    pair.set("value", fault["value"])


def _remove(configuration, subject):
    """The resource with what names it and with what held it alone; or the constraint."""
    gone = {subject}
    _remove_resource(configuration.find("resources"), subject, gone)
    constraints = configuration.find("constraints")
    for each in list(constraints):
        for a_set in each.findall("resource_set"):
            for reference in [one for one in a_set if one.get("id") in gone]:
                a_set.remove(reference)
            if len(a_set) == 0:
                each.remove(a_set)
        emptied = each.find("resource_set") is None and not any(each.get(name) for name in _NAMING)
        if each.get("id") == subject or emptied or any(each.get(name) in gone for name in _NAMING):
            constraints.remove(each)


def _remove_resource(parent, subject, gone):
    for each in list(parent):
        if each.tag not in ("primitive", "group", "clone", "master", "bundle"):
            continue
        if each.get("id") != subject:
            _remove_resource(each, subject, gone)
            if each.tag == "primitive" or any(one.tag in ("primitive", "group") for one in each):
                continue
        gone.update(one.get("id") for one in each.iter() if one.get("id"))
        parent.remove(each)


# --- whole policies ----------------------------------------------------------------------------------------------


def _put_in_force(configuration, new):
    """What people set by hand (`cli-` constraints) and what the cluster writes itself stays."""
    by_hand = [each for each in configuration.findall("constraints/rsc_location") if each.get("id").startswith("cli-")]
    for tag in _REPLACED:
        old, wanted = configuration.find(tag), new.find(tag)
        if old is not None:
            configuration.remove(old)
        if wanted is not None:
            configuration.append(copy.deepcopy(wanted))
    constraints = configuration.find("constraints")
    known = {each.get("id") for each in configuration.find("resources").iter()}
    constraints.extend(each for each in by_hand if each.get("rsc") in known)
    block = configuration.find("crm_config/cluster_property_set")
    for pair in new.findall("crm_config/cluster_property_set/nvpair"):
        _set_pair(block, {"option": pair.get("name"), "value": pair.get("value")})


# --- how it gets there -------------------------------------------------------------------------------------------


def _both(live, change):
    change(live.configuration.find("configuration"))
    if live.engine.name == "pacemaker":
        _patch(live, change)
    else:
        live.load()


def _patch(live, change):
    """Changes the configuration as it is live, which has more in it than the lab's own."""
    cib = live.cib()
    changed = copy.deepcopy(cib)
    change(changed.find("configuration"))
    for name, tree in (("old.xml", cib), ("new.xml", changed)):
        xml.ElementTree(tree).write(live.lab.shared + "/" + name)
    shared = "/run/lab/shared/"
    script = "crm_diff --no-version -o %sold.xml -n %snew.xml >%spatch.xml; cibadmin --patch --xml-file %spatch.xml"
    status, output = live.lab.run(live.main_part()[0], ["sh", "-c", script % ((shared,) * 4)], 90)
    if status != 0:
        raise facts.Unwilling("the change is not taken: " + output.strip())
