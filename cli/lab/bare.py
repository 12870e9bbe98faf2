"""Bare nodes: machines with the names and addresses of a policy, and no cluster on them yet.

For what prepares nodes (`picket doctor`). There is no systemd in a node: its stand-in `systemctl` starts, stops and
enables the two services of a cluster. The clock is the host's; a process called chronyd stands for what keeps it.
"""
import ipaddress
import os
import shutil

import lab as lab_module

HERE = os.path.dirname(os.path.realpath(__file__))
CIB = "/var/lib/pacemaker/cib"


def missing():
    return "" if shutil.which("pacemakerd") else "the program pacemakerd is not installed"


class Nothing:
    """The substitutes of a lab in which nothing is substituted."""

    @staticmethod
    def statement():
        return ["systemctl is a stand-in, which starts corosync and pacemakerd"]


class Bare:
    substitutes, engine = Nothing(), None

    def __init__(self, plan):
        self.plan = plan
        self.names = [node["name"] for node in plan["nodes"]]
        self.link_names = plan["links"] or ["link0"]
        self.apart, self.cut = set(), set()
        self.lab = lab_module.Lab(self.names, links=len(self.link_names),
                                  programs=[(HERE + "/systemctl", "/usr/bin/systemctl", 0o755)])
        hosts = "127.0.0.1 localhost\n" + "".join("%s %s\n" % (address, name) for name, address in self._first())
        for name in self.names:
            self.lab.write(name, "/etc/hosts", hosts)
        self.lab.on_boot.append(self._boot)

    def _first(self):
        for node in self.plan["nodes"]:
            for address in list(node["addresses"].values())[:1]:
                yield node["name"], address

    def _boot(self, name):
        node = self.plan["nodes"][self.names.index(name)]
        lines = []
        for link, address in node["addresses"].items():
            own = ipaddress.ip_address(address)
            lines.append("ip addr add %s/%d dev eth%s" % (address, 24 if own.version == 4 else 64, link))
        script = " && ".join(lines + ["mkdir -p %s && rm -rf %s/*" % (CIB, CIB), "chown hacluster:haclient " + CIB,
                                      "chmod 750 " + CIB])
        status, output = self.lab.run(name, ["sh", "-c", script])
        if status:
            raise lab_module.LabError("%s: %s" % (name, output))
        self.lab.start(name, "chronyd", ["sh", "-c", "cp /usr/bin/sleep /run/chronyd && exec /run/chronyd infinity"])

    def start(self):
        self.lab.power_on(*self.names)

    def power_off(self, name):
        self.lab.power_off(name)

    def power_on(self, name):
        self.lab.power_on(name)

    def part(self):
        self.lab.isolate(self.apart)
        self.lab.pull({(name, link) for name, link in self.cut})
