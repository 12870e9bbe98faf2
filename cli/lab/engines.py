"""What runs a policy in a lab: picketd, or Pacemaker to compare with and to prove the tests themselves.

An engine starts its daemons at each boot of a node and tells what it believes. The tests ask it where things should
be by now; what really happened they read from the agents' records (records.py).

Nothing here waits: every question is answered at once, from one node, and None or an empty answer means that this
node cannot say.
"""
import json
import os
import re
import signal
import time
import xml.etree.ElementTree as xml

PICKETD = "/usr/sbin/picketd"
PICKET = "/usr/bin/picket"


class Picket:
    name = "picket"

    def __init__(self, binaries):
        """`binaries`: where picket, picketd and picket-agent-tool were built, by name."""
        self.programs = [(binaries["picket"], PICKET, 0o755), (binaries["picketd"], PICKETD, 0o755),
                         (binaries["picket-agent-tool"], "/usr/sbin/picket-agent-tool", 0o755)]
        self.simulator = binaries["picket"]

    def boot(self, lab, node):
        lab.start(node, "picketd", [PICKETD])

    def apply(self, lab, node, policy):
        """The policy's text in force; the output and exit status of `picket apply`."""
        lab.write(node, "/etc/live.picket", policy)
        return lab.run(node, [PICKET, "apply", "/etc/live.picket", "--to", "picket", "--yes"], 90)

    def load(self, lab, node, cib):
        """The same of a CIB's text."""
        lab.write(node, "/etc/live.xml", cib)
        return lab.run(node, [PICKET, "apply", "/etc/live.xml", "--to", "picket", "--yes"], 90)

    def cib(self, lab, node):
        """Configuration and status in the eyes of `node`, parsed; None where it cannot say."""
        return parsed(*lab.run(node, [PICKET, "status", "--cib"], 15))

    def stop(self, lab, node):
        """The cluster software leaves in good order; returns once it has."""
        lab.run(node, [PICKET, "stop", "--yes"], 300)

    def status(self, lab, node):
        status, output = lab.run(node, [PICKET, "status", "--format", "json"], 15)
        try:
            return json.loads(output) if status == 0 else None
        except ValueError:
            return None

    def settled(self, lab, node):
        status = self.status(lab, node)
        return bool(status and status.get("configured") and status.get("settled"))

    def at_rest(self, lab, node):
        """Nothing is left to do there. A side without quorum does nothing, and waits."""
        status = self.status(lab, node) or {}
        return bool(status.get("settled")) or not status.get("quorate", True)

    def where(self, lab, node, resource):
        """The nodes on which the resource is active, in the eyes of `node`."""
        status = self.status(lab, node) or {}
        return [name for each in status.get("resources", []) if each["id"].split(":")[0] == resource
                for name in each["nodes"]]

    def coordinator(self, lab, node):
        status = self.status(lab, node) or {}
        return status.get("view", {}).get("coordinator")

    def online(self, lab, node):
        """The nodes that take part, in the eyes of `node`."""
        status = self.status(lab, node) or {}
        if not status.get("configured"):
            return status.get("view", {}).get("members", [])
        return [each["name"] for each in status["nodes"] if each["ready"]]

    def change(self, lab, node, *words, timeout_s=90):
        """A verb that changes something: standby, online, fence, cleanup …"""
        return lab.run(node, [PICKET, *words, "--yes"], timeout_s)

    def events(self, lab, node):
        return lab.run(node, [PICKET, "events"], 15)[1]

    def live_cib(self, lab, node):
        """Configuration and status as they are now."""
        return lab.run(node, [PICKET, "status", "--cib"], 15)[1]

    def simulate(self, lab, cib, standby=None):
        """(resource, operation, node) that `picket simulate` carries out in that state, without recurring ones."""
        tree = xml.fromstring(cib)
        if standby:
            node = tree.find("configuration/nodes/node[@uname='%s']" % standby)
            attributes = xml.SubElement(node, "instance_attributes", id="foretold")
            xml.SubElement(attributes, "nvpair", id="foretold-standby", name="standby", value="true")
        path = lab.folder + "/foretold.xml"
        xml.ElementTree(tree).write(path)
        _, output = lab.client([self.simulator, "simulate", "-x", path, "-S"])
        return re.findall(r"^ *\* Resource action: (\S+) +(\w+) on (\S+)$", output, re.MULTILINE)

    def hang(self, lab, node, goes_on=False):
        """The daemon alone stands still, or goes on."""
        lab.signal(node, "picketd", signal.SIGCONT if goes_on else signal.SIGSTOP)

    def kill(self, lab, node):
        """The daemon alone, with -9."""
        lab.signal(node, "picketd", signal.SIGKILL)

    def crash(self, lab, node):
        """The same, and it is started again at once."""
        self.kill(lab, node)
        end = time.monotonic() + 30
        while "picketd" in lab.running(node) and time.monotonic() < end:
            time.sleep(0.1)
        self.boot(lab, node)

    def overview(self, lab, node):
        return lab.run(node, [PICKET, "status"], 15)[1]

    def tell(self, lab, node):
        """For a person who looks at a failed test."""
        text = ""
        for words in (["status"], ["events"]):
            text += lab.run(node, [PICKET] + words, 15)[1]
        return text + tail("picketd", lab.log(node, "picketd"))


class Pacemaker:
    name = "pacemaker"
    programs = ()
    _SEED = """<cib crm_feature_set="3.0.0" validate-with="pacemaker-3.7" epoch="1" num_updates="0" admin_epoch="0">
<configuration><crm_config><cluster_property_set id="cib-bootstrap-options">
<nvpair id="cib-bootstrap-options-dc-deadtime" name="dc-deadtime" value="2s"/>
</cluster_property_set></crm_config><nodes/><resources/><constraints/></configuration><status/></cib>
"""

    def __init__(self, binaries):
        self.compiler = binaries["picket"]

    def boot(self, lab, node):
        # It gives up where Corosync does not answer yet; and its first election waits for 20 s if nobody says less.
        script = ("cd /var/lib/pacemaker/cib && if [ ! -e cib.xml ]; then umask 077; printf '%s' \"$0\" >cib.xml;"
                  " chown hacluster:haclient cib.xml; fi;"
                  " until corosync-cpgtool >/dev/null 2>&1; do sleep 0.1; done; exec pacemakerd")
        lab.start(node, "pacemakerd", ["sh", "-c", script, self._SEED])

    def apply(self, lab, node, policy):
        lab.write(node, "/etc/live.picket", policy)
        with open(lab.folder + "/live.picket", "w", encoding="utf-8") as file:
            file.write(policy)
        status, output = lab.client([self.compiler, "compile", lab.folder + "/live.picket", "--target", "2.1",
                                     "-o", lab.shared + "/live.xml"])
        if status != 0:
            return status, output
        # Without the root, whose epochs are older than the cluster's own; and merged, so that what the cluster has
        # written there itself stays.
        with open(lab.shared + "/live.xml", encoding="utf-8") as file:
            return self.load(lab, node, file.read())

    def load(self, lab, node, cib):
        """The configuration of a CIB's text in force."""
        configuration = xml.fromstring(cib).find("configuration")
        xml.ElementTree(configuration).write(lab.shared + "/live.xml")
        return lab.run(node, ["cibadmin", "--modify", "--allow-create", "--scope", "configuration", "--xml-file",
                              "/run/lab/shared/live.xml"])

    def _look(self, lab, node):
        return parsed(*lab.run(node, ["crm_mon", "-1", "--output-as=xml"], 15))

    def settled(self, lab, node):
        dc = self.coordinator(lab, node)
        return bool(dc) and "S_IDLE" in lab.run(node, ["crmadmin", "-S", dc], 15)[1]

    at_rest = settled

    def where(self, lab, node, resource):
        look = self._look(lab, node)
        return [] if look is None else [
            on.get("name") for each in look.iter("resource")
            if each.get("id") == resource and each.get("active") == "true" and each.get("failed") == "false"
            and each.get("pending") is None
            for on in each.iter("node")]

    def coordinator(self, lab, node):
        look = self._look(lab, node)
        dc = None if look is None else look.find("summary/current_dc")
        return None if dc is None else dc.get("name")

    def online(self, lab, node):
        look = self._look(lab, node)
        return [] if look is None else [each.get("name") for each in look.findall("nodes/node")
                                        if each.get("online") == "true" and each.get("pending") == "false"
                                        and each.get("unclean") == "false"]

    def cib(self, lab, node):
        """Configuration and status in the eyes of `node`, parsed; None where it cannot say."""
        return parsed(*lab.run(node, ["cibadmin", "--query", "--local"], 15))

    def stop(self, lab, node):
        """The cluster software leaves in good order; returns once it has."""
        lab.signal(node, "pacemakerd", signal.SIGTERM)
        end = time.monotonic() + 300
        while "pacemakerd" in lab.running(node) and time.monotonic() < end:
            time.sleep(0.1)

    def crash(self, lab, node):
        """The controller ends with -9; its parent starts it again at once."""
        lab.run(node, ["sh", "-c", "kill -9 $(pidof pacemaker-controld)"], 10)

    def change(self, lab, node, *words, timeout_s=90):
        verbs = {"standby": ["crm_standby", "-v", "on", "-N"], "online": ["crm_standby", "-D", "-N"]}
        return lab.run(node, verbs[words[0]] + list(words[1:]), timeout_s)

    def hang(self, lab, node, goes_on=False):
        """Its controller alone stands still, or goes on; with all of its daemons stopped it never recovers here."""
        lab.run(node, ["pkill", "-CONT" if goes_on else "-STOP", "-x", "pacemaker-contr.*"])

    def overview(self, lab, node):
        return lab.run(node, ["crm_mon", "-1", "-rf"], 15)[1]

    def tell(self, lab, node):
        return lab.run(node, ["crm_mon", "-1", "-rf"], 15)[1] + tail("pacemakerd", lab.log(node, "pacemakerd"))


ENGINES = {engine.name: engine for engine in (Picket, Pacemaker)}


def binaries(root):
    """Where Bazel puts them: below the runfiles of a test, or below bazel-bin of a checkout."""
    names = {"picket": "cli/picket", "picketd": "runtime/daemon/picketd",
             "picket-agent-tool": "runtime/attributes/picket-agent-tool"}
    return {name: os.path.realpath(os.path.join(root, path)) for name, path in names.items()}


def parsed(status, text):
    try:
        return xml.fromstring(text) if status == 0 else None
    except xml.ParseError:
        return None


def tail(name, text, lines=40):
    return "--- the end of %s's log\n%s\n" % (name, "\n".join(text.splitlines()[-lines:]))


def seconds(corosync_line):
    """The time of day of a line of Corosync's log, in seconds since midnight."""
    found = re.match(r"\w+ +\d+ (\d+):(\d+):(\d+\.\d+)", corosync_line)
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else None
