"""`picket doctor` on bare nodes of a lab: nothing on healthy ones, and each planted fault by its own check.

    doctor_lab_test.py PICKET [-k WORD]

Exit status: 0 all is well or there can be no lab here, 1 something is wrong.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

NAME = "doctor-test-%d" % os.getpid()
NO_LAB = 3
POLICY = """cluster shop {
  transport = knet
  crypto cipher=aes256 hash=sha256
  preflight selinux=disabled
  link lan
  link back
}
node n1 { id=1; link lan 192.0.2.1; link back 198.51.100.1 }
node n2 { id=2; link lan 192.0.2.2; link back 198.51.100.2 }
node n3 { id=3; link lan 192.0.2.3; link back 198.51.100.3 }
fence power stonith:fence_lab for n1, n2, n3 { device=power }
primitive web ocf:pacemaker:Dummy { op monitor interval=10s }
primitive nginx systemd:nginx { op monitor interval=10s }
"""
# A program of the node's own in place of the host's.
FAKE = "printf '#!/bin/sh\\n%s\\n' >/usr/local/sbin/%s; chmod 755 /usr/local/sbin/%s"
# The check, the node, what is done to it, and what undoes that.
FAULTS = (
    ("root", "n1", FAKE % ("[ \"$1\" = -u ] \\&\\& echo 1000", "id", "id"), "rm /usr/local/sbin/id"),
    ("node-name", "n2", "hostname localhost", "hostname n2"),
    ("names", "n1", "cp /etc/hosts /etc/h; grep -v n3 /etc/h >/etc/hosts", "cat /etc/h >/etc/hosts"),
    ("names", "n2", "cp /etc/hosts /etc/h; sed -i 's/.* n2$/127.0.1.1 n2/' /etc/hosts", "cat /etc/h >/etc/hosts"),
    ("names", "n3", "cp /etc/hosts /etc/h; sed -i 's/.* n1$/192.0.2.77 n1/' /etc/hosts", "cat /etc/h >/etc/hosts"),
    ("addresses udp", "n1", "ip addr del 198.51.100.1/24 dev eth1", "ip addr add 198.51.100.1/24 dev eth1"),
    ("addresses udp", "n3", "ip link set eth1 down", "ip link set eth1 up"),
    ("address-twice udp", "n1", "ip addr add 192.0.2.3/32 dev lo", "ip addr del 192.0.2.3/32 dev lo"),
    ("mtu", "n2", "ip link set eth0 mtu 1300", "ip link set eth0 mtu 1500"),
    ("clock", "n3", FAKE % ("echo 1000000000.5", "date", "date"), "rm /usr/local/sbin/date"),
    ("time-sync", "n1", "kill -9 $(pidof chronyd)", "cd /; setsid /run/chronyd infinity >/dev/null 2>&1 </dev/null &"),
    ("disk", "n2", FAKE % ("printf \"h\\\\n/dev/x 100 90 10 90%%%% /\\\\n\"", "df", "df"), "rm /usr/local/sbin/df"),
    ("pacemaker-version", "n1", FAKE % ("echo Pacemaker 2.0.1", "pacemakerd", "pacemakerd"),
     "rm /usr/local/sbin/pacemakerd"),
    ("corosync-version", "n1", FAKE % ("echo \"version \\047 2.4.0\\047\"", "corosync", "corosync"),
     "rm /usr/local/sbin/corosync"),
    ("agents", "n2", "chmod -x /usr/lib/ocf/resource.d/pacemaker/Dummy",
     "chmod +x /usr/lib/ocf/resource.d/pacemaker/Dummy"),
    ("agents", "n3", "chmod -x /usr/sbin/fence_lab", "chmod +x /usr/sbin/fence_lab"),
    ("agent-versions", "n3", "echo >>/usr/lib/ocf/resource.d/pacemaker/Dummy",
     "truncate -s -1 /usr/lib/ocf/resource.d/pacemaker/Dummy"),
    ("started-at-boot", "n1", "touch /var/lib/picket-lab/enabled/nginx", "rm /var/lib/picket-lab/enabled/nginx"),
    ("cib-folder", "n1", "chown root:root /var/lib/pacemaker/cib", "chown hacluster:haclient /var/lib/pacemaker/cib"),
    ("password", "n1", "cp -p /etc/shadow /etc/s; echo hacluster:hacluster | chpasswd -c SHA512",
     "cat /etc/s >/etc/shadow"),
    ("leftovers corosync-conf", "n2", "printf '%s\\n' 'totem {' 'version: 2' 'cluster_name: debian' '}' 'nodelist {'"
     " 'node {' 'name: node1' 'nodeid: 1' 'ring0_addr: 127.0.0.1' '}' '}' >/etc/corosync/corosync.conf",
     "rm /etc/corosync/corosync.conf"),
    ("leftovers", "n2", "echo '<cib><node id=\"1\" uname=\"old\"/></cib>' >/var/lib/pacemaker/cib/cib.xml",
     "rm /var/lib/pacemaker/cib/cib.xml"),
    ("leftovers authkey", "n3", "echo key >/etc/corosync/authkey; chmod 644 /etc/corosync/authkey",
     "rm /etc/corosync/authkey"),
    ("udp ports", "n1", "cd /; setsid python3 -c 'import socket,time; s=socket.socket(2,2);"
     " s.bind((\"192.0.2.1\",5405)); time.sleep(600)' >/dev/null 2>&1 </dev/null & sleep 1",
     "kill $(ss -lunp | sed -n 's/.*:5405.*pid=\\([0-9]*\\).*/\\1/p')"),
    ("firewall", "n3", FAKE % ("case $1 in --state) echo running;; --list-services) echo ssh;; esac",
                               "firewall-cmd", "firewall-cmd"), "rm /usr/local/sbin/firewall-cmd"),
    ("selinux", "n3", FAKE % ("echo Enforcing", "getenforce", "getenforce"), "rm /usr/local/sbin/getenforce"),
    ("fence-devices agent-versions", "n2", FAKE % ("echo no answer >\\&2; exit 1", "fence_lab", "fence_lab"),
     "rm /usr/local/sbin/fence_lab"),
)


class Lab:
    def __init__(self, picket):
        self.picket, self.folder = picket, tempfile.mkdtemp(prefix="picket-doctor-")
        os.environ.update(LAB_NAME=NAME, PICKET_SSH=picket + " lab exec")
        self.policy = self.write(POLICY)

    def write(self, text, name="shop.picket"):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def run(self, *words):
        return subprocess.run([self.picket, *words], capture_output=True, text=True, check=False)

    def node(self, name, script):
        done = self.run("lab", "exec", name, "--", "sh", "-c", script)
        if done.returncode:
            raise AssertionError("%s on %s: %s%s" % (script, name, done.stdout, done.stderr))

    def doctor(self, policy=None):
        """The exit status, and the names of the checks that find something, with what they say."""
        done = self.run("doctor", policy or self.policy, "--format", "json")
        told = json.loads(done.stdout) if done.stdout else {"checks": []}
        amiss = {check["name"]: check["findings"] for check in told.get("checks", []) if check["state"] == "amiss"}
        return done.returncode, amiss, done.stderr


def healthy(lab):
    assert lab.doctor() == (0, {}, ""), lab.doctor()


def faults(lab):
    wrong = []
    for checks, node, plant, undo in FAULTS:
        lab.node(node, plant)
        status, amiss, _ = lab.doctor()
        lab.node(node, undo)
        told = all(finding["evidence"] and finding["remedy"] for each in amiss.values() for finding in each)
        if status != 1 or set(amiss) != set(checks.split()) or not told:
            wrong.append("%s on %s: status %d, %s" % (checks, node, status, amiss))
        else:
            print("    found on %s: %s" % (node, checks), flush=True)
    assert not wrong, "\n".join(wrong)


def network(lab):
    """Nodes that do not hear one another, on every link or on one."""
    lab.run("lab", "partition", "n1,n2/n3")
    status, amiss, _ = lab.doctor()
    lab.run("lab", "heal")
    assert status == 1 and sorted({each["node"] for each in amiss["udp"]}) == ["n1", "n2", "n3"], amiss
    lab.run("lab", "cut", "n2", "back")
    status, amiss, _ = lab.doctor()
    lab.run("lab", "heal")
    assert status == 1 and "udp" in amiss and all("link back" in each["evidence"] for each in amiss["udp"]), amiss


def unreached(lab):
    lab.run("lab", "kill", "n3")
    status, amiss, _ = lab.doctor()
    lab.run("lab", "start", "n3")
    assert status == 3 and [each["node"] for each in amiss["reach"]] == ["n3"], (status, amiss)


def password(lab):
    """A way that asks for a password is told as what it is."""
    way = lab.write("#!/bin/sh\necho 'root@n1: Permission denied (publickey,password).' >&2; exit 255\n", "way")
    os.chmod(way, 0o755)
    done = lab.run("doctor", lab.policy, "--ssh", way)
    assert done.returncode == 3 and "ssh-copy-id n1" in done.stdout, done


def waived(lab):
    lab.node("n2", "hostname localhost")
    named = POLICY.replace("198.51.100.2 }", "198.51.100.2 }  # allow doctor.node-name: it is renamed tonight")
    other = POLICY.replace("198.51.100.3 }", "198.51.100.3 }  # allow doctor.node-name: it is renamed tonight")
    try:
        assert lab.doctor(lab.write(named, "named.picket"))[0] == 0
        assert lab.doctor(lab.write(other, "other.picket"))[0] == 1
        done = lab.run("doctor", os.path.join(lab.folder, "named.picket"), "--format", "junit")
        assert "waived: it is renamed tonight" in done.stdout, done.stdout
        done = lab.run("doctor", lab.write(POLICY + "# allow doctor.name: x\n", "wrong.picket"))
        assert done.returncode == 2 and "no check" in done.stderr, done.stderr
    finally:
        lab.node("n2", "hostname n2")


def locked(lab):
    """Agents that are not those of agents.lock, with which the policy was checked."""
    lock = os.path.join(lab.folder, "agents.lock")
    # The lab's fence agent says nothing of itself.
    lines = [line for line in POLICY.splitlines() if not line.startswith("fence ")] + ['fencing /.*/: none "a test"']
    policy = lab.write("\n".join(lines) + "\n", "locked.picket")
    with open(lab.picket, "rb") as program:
        subprocess.run([lab.picket, "lab", "exec", "n1", "--", "sh", "-c", "cat >/run/picket; chmod 755 /run/picket"],
                       stdin=program, check=True)
    made = lab.run("lab", "exec", "n1", "--", "/run/picket", "agents", "lock", "-o", "-")
    assert made.returncode == 0, made
    dummy = "/usr/lib/ocf/resource.d/pacemaker/Dummy"
    try:
        with open(lock, "w", encoding="utf-8") as file:
            file.write(made.stdout)
        assert lab.doctor(policy) == (0, {}, ""), lab.doctor(policy)
        lab.node("n2", "cp -p %s /run/Dummy; sed -i 's/name=\"fake\"/name=\"other\"/' %s" % (dummy, dummy))
        status, amiss, _ = lab.doctor(policy)
        lab.node("n2", "cat /run/Dummy >%s" % dummy)
        told = amiss.get("agents-lock", [{"evidence": ""}])[0]
        assert status == 1 and set(amiss) == {"agent-versions", "agents-lock"}, amiss
        assert told["node"] == "n2" and "has no parameter `fake`" in told["evidence"], told
        lab.write(made.stdout.replace('"ocf:pacemaker:Dummy"', '"ocf:pacemaker:Dimmy"'), "agents.lock")
        status, amiss, _ = lab.doctor(policy)
        assert status == 1 and "is not in agents.lock" in amiss["agents-lock"][0]["evidence"], amiss
        lab.node("n3", "printf '#!/bin/sh\\nsleep 60\\n' >/run/slow; cp -p %s /run/Dummy; cat /run/slow >%s" %
                 (dummy, dummy))
        lab.write(made.stdout, "agents.lock")
        status, amiss, _ = lab.doctor(policy)
        lab.node("n3", "cat /run/Dummy >%s" % dummy)
        assert status == 1 and "does not say what it is" in amiss["agents-lock"][0]["evidence"], amiss
        lab.write("{", "agents.lock")
        status, _, told = lab.doctor(policy)
        assert status == 2 and "agents.lock" in told, told
    finally:
        os.remove(lock)
    assert lab.doctor(policy) == (0, {}, ""), lab.doctor(policy)


def running(lab):
    """The same policy's Corosync and real Pacemaker: nothing is amiss, until a node's stop or cannot be heard."""
    conf = os.path.join(lab.folder, "corosync.conf")
    lab.run("compile", lab.policy, "--corosync", conf, "-o", os.path.join(lab.folder, "cib.xml"))
    with open(conf, encoding="utf-8") as file:
        text = file.read()
    key = "0123456789abcdef" * 8   # Of a lab that nobody else hears.
    for name in ("n1", "n2", "n3"):
        lab.node(name, "cat >/etc/corosync/corosync.conf <<'END'\n%s\nEND\nprintf %s >/etc/corosync/authkey;"
                 "chmod 400 /etc/corosync/authkey; systemctl start pacemaker >/dev/null 2>&1" % (text, key))
    until(lab, lambda status, amiss: status == 0)
    lab.run("lab", "partition", "n1,n2/n3")
    until(lab, lambda status, amiss: {"udp", "quorum", "online"} <= set(amiss))
    lab.run("lab", "heal")
    until(lab, lambda status, amiss: status == 0)
    lab.node("n2", "systemctl stop corosync")
    until(lab, lambda status, amiss: {"services", "quorum", "udp", "online"} == set(amiss))


def until(lab, holds, limit_s=90):
    end = time.monotonic() + limit_s
    status, amiss, _ = lab.doctor()
    while not holds(status, amiss):
        assert time.monotonic() < end, (status, amiss)
        time.sleep(0.5)
        status, amiss, _ = lab.doctor()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("picket")
    parser.add_argument("-k", dest="only", default="")
    options = parser.parse_args()
    lab = Lab(os.path.realpath(options.picket))
    up = lab.run("lab", "up", lab.policy, "--bare", "--name", NAME)
    if up.returncode:
        print(up.stdout + up.stderr)
        return 0 if up.returncode == NO_LAB else 1
    failed = 0
    try:
        for name in ("n1", "n2", "n3"):
            lab.node(name, "mkdir -p /var/lib/picket-lab/enabled")
        for test in (healthy, faults, network, unreached, password, waived, locked, healthy, running):
            if options.only in test.__name__:
                try:
                    test(lab)
                    print("PASS  %s" % test.__name__, flush=True)
                except AssertionError as wrong:
                    failed += 1
                    print("FAIL  %s: %s" % (test.__name__, wrong), flush=True)
    finally:
        lab.run("lab", "down")
        shutil.rmtree(lab.folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
