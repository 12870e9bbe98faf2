"""What stands in a lab for the agents of a policy, and what of the policy is changed for that.

Every resource agent is replaced, in the nodes, by the scripted agent (scripted_agent): a resource keeps its class, its
type and its parameters, but what runs is a file. The agents in REAL are run behind it. Every fence device is replaced
by fence_lab under the device's own name: it keeps its id, its parameters and its levels, and really cuts the node's
power. `statement()` says all of this in words.
"""
import os
import subprocess
import xml.etree.ElementTree as xml

HERE = os.path.dirname(os.path.realpath(__file__))
AGENTS = "/usr/lib/ocf/resource.d"
KEPT = "/usr/lib/picket-lab"
REAL = ("pacemaker:Dummy", "pacemaker:Stateful", "heartbeat:Dummy", "heartbeat:IPaddr2")
IMPOSSIBLE = (("remote", "a remote node"), ("bundle", "a bundle"))


class Impossible(Exception):
    """A lab cannot play this policy; the message says why."""


class Substitutes:
    def __init__(self, cib, links):
        """`cib` is changed in place; `links` are the prefixes of the lab's networks."""
        self.cib = cib
        self.links = links
        self.programs = []    # as Lab takes them
        self._said = []
        self._agents, self._fence_agents = set(), set()
        self.attributes = {}  # resource -> (attribute, value) that its agent writes
        self._refuse()
        for primitive in list(cib.iter("primitive")) + list(cib.iter("template")):
            if primitive.get("class") == "stonith":
                self._replace_device(primitive)
            else:
                self._replace_agent(primitive)

    def statement(self):
        return self._said

    def _refuse(self):
        for primitive in self.cib.iter("primitive"):
            if (primitive.get("provider"), primitive.get("type")) == ("pacemaker", "remote"):
                raise Impossible("%s is a remote node, which a lab cannot play" % primitive.get("id"))
            for pair in primitive.findall("meta_attributes/nvpair"):
                if pair.get("name") == "remote-node":
                    raise Impossible("%s is a guest node, which a lab cannot play" % pair.get("value"))
        for bundle in self.cib.iter("bundle"):
            raise Impossible("%s is a bundle, which a lab cannot play" % bundle.get("id"))

    def _replace_agent(self, primitive):
        if primitive.get("class") is None:
            return  # of a template
        if primitive.get("class") != "ocf":
            self._said.append("%s (%s:%s) runs scripted" % (
                primitive.get("id"), primitive.get("class"), primitive.get("type")))
            primitive.set("class", "ocf")
            primitive.set("provider", "picket-test")
            primitive.set("type", "Scripted")
        agent = "%s:%s" % (primitive.get("provider"), primitive.get("type"))
        real = agent in REAL and (agent != "heartbeat:IPaddr2" or self._address_fits(primitive))
        path = "%s/%s" % (AGENTS, agent.replace(":", "/"))
        if not real and agent != "picket-test:Scripted":
            self._said.append("%s (ocf:%s) runs scripted" % (primitive.get("id"), agent))
        if agent == "pacemaker:ping":
            self.attributes[primitive.get("id")] = self._ping(primitive)
        if agent in self._agents:
            return
        self._agents.add(agent)
        self.programs.append((HERE + "/scripted_agent", path, 0o755))
        if os.access(path, os.X_OK):
            self.programs.append((_Text(metadata(path)), "%s/metadata/%s" % (KEPT, agent.replace(":", "/")), 0o644))
            if real:
                self.programs.append((path, "%s/real/%s" % (KEPT, agent.replace(":", "/")), 0o755))

    def _address_fits(self, primitive):
        ip = parameter(primitive, "ip") or ""
        return any(ip.startswith(prefix) for prefix in self.links)

    @staticmethod
    def _ping(primitive):
        hosts = len((parameter(primitive, "host_list") or "").split())
        return parameter(primitive, "name") or "pingd", str(hosts * int(parameter(primitive, "multiplier") or "1"))

    def _replace_device(self, primitive):
        kind = primitive.get("type")
        if not (kind or "fence_").startswith("fence_"):
            self._said.append("%s (stonith:%s) is fence_lab" % (primitive.get("id"), kind))
            primitive.set("type", "fence_lab")
        elif kind and kind != "fence_lab":
            self._said.append("%s (stonith:%s) is fence_lab under that name" % (primitive.get("id"), kind))
            if kind not in self._fence_agents:
                self._fence_agents.add(kind)
                self.programs.append((HERE + "/fence_lab", "/usr/sbin/" + kind, 0o755))
        if primitive.tag == "template":
            return
        attributes = primitive.find("instance_attributes")
        if attributes is None:
            attributes = xml.Element("instance_attributes", id=primitive.get("id") + "-lab")
            primitive.insert(len(primitive.findall("meta_attributes")), attributes)
        xml.SubElement(attributes, "nvpair", id=primitive.get("id") + "-lab-device", name="device",
                       value=primitive.get("id"))


class _Text:
    """A file that is only a text, among those that a lab copies."""

    def __init__(self, text):
        self.text = text


def parameter(primitive, name):
    for pair in primitive.findall("instance_attributes/nvpair"):
        if pair.get("name") == name:
            return pair.get("value")
    return None


def metadata(path):
    environment = dict(os.environ, OCF_ROOT="/usr/lib/ocf", OCF_RESOURCE_INSTANCE="metadata")
    done = subprocess.run([path, "meta-data"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          stdin=subprocess.DEVNULL, timeout=60, check=False)
    return done.stdout
