"""`picket bootstrap` on bare nodes of a lab, with real Corosync and Pacemaker.

    bootstrap_lab_test.py PICKET PICKETD [-k WORD] [--full]

Every test has a lab of its own. --full plays everything, and more moments of the bad days.
Exit status: 0 all is well or there can be no lab here, 1 something is wrong.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

NAME = "bootstrap-test-%d" % os.getpid()
NO_LAB = 3
CONF, KEY, CIB = "/etc/corosync/corosync.conf", "/etc/corosync/authkey", "/var/lib/pacemaker/cib/cib.xml"
HEAD = """cluster shop {
  transport = knet
  crypto cipher=aes256 hash=sha256
  preflight selinux=disabled
  link lan
  link back
%s}
"""
NODE = "node n%d { id=%d; link lan 192.0.2.%d; link back 198.51.100.%d }\n"
TAIL = """property fencing-enabled=no
primitive web ocf:pacemaker:Dummy { op monitor interval=10s }
"""
# What Debian's package brings: a cluster of one node with a name that nobody has.
EXAMPLE = """totem {
  version: 2
  cluster_name: debian
  crypto_cipher: none
  crypto_hash: none
}
quorum {
  provider: corosync_votequorum
}
nodelist {
  node {
    name: node1
    nodeid: 1
    ring0_addr: 127.0.0.1
  }
}
"""


def policy(count, more="", tail=TAIL):
    quorum = "  quorum two_node=yes\n" if count == 2 else ""
    return HEAD % (quorum + more) + "".join(NODE % (i, i, i, i) for i in range(1, count + 1)) + tail


class Wrong(Exception):
    """Something is not as it should be."""


def need(what, that):
    if not that:
        raise Wrong(what)


class Lab:
    """Three bare nodes, n1 to n3, of which a policy may have fewer."""

    def __init__(self, options):
        self.picket, self.picketd, self.full = options.picket, options.picketd, options.full
        self.folder = tempfile.mkdtemp(prefix="picket-bootstrap-")
        os.environ.update(LAB_NAME=NAME, PICKET_SSH=self.picket + " lab exec", XDG_STATE_HOME=self.folder + "/state")
        self.two, self.three = self.write(policy(2), "two.picket"), self.write(policy(3), "three.picket")

    def up(self):
        return self.run("lab", "up", self.three, "--bare", "--name", NAME)

    def down(self):
        self.run("lab", "down")

    def write(self, text, name):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def program(self, text, name):
        path = self.write("#!/bin/sh\n" + text, name)
        os.chmod(path, 0o755)
        return path

    def run(self, *words, **more):
        return subprocess.run([self.picket, *words], capture_output=True, text=True, check=False, timeout=600, **more)

    def bootstrap(self, path, *more, status=0):
        done = self.run("bootstrap", path, *([] if "--dry-run" in more else ["--yes"]), *more)
        need("bootstrap %s ends with %d, not %d:\n%s%s" % (more, done.returncode, status, done.stdout, done.stderr),
             done.returncode == status)
        return done.stdout + done.stderr

    def node(self, name, script, stdin=None):
        done = self.run("lab", "exec", name, "--", "sh", "-c", script, input=stdin)
        if done.returncode:
            raise Wrong("%s on %s: %s%s" % (script, name, done.stdout, done.stderr))
        return done.stdout

    def has(self, name, path):
        return self.node(name, "if [ -e %s ]; then echo yes; fi" % path) != ""

    def runs(self, name):
        return self.node(name, "for p in corosync pacemakerd; do pidof $p >/dev/null && echo $p; done; :").split()

    def nodes_of_cib(self):
        done = self.run("lab", "exec", "n1", "--", "cibadmin", "--query", "--scope", "nodes")
        return sorted(part.split('"')[0] for part in done.stdout.split('uname="')[1:])

    def is_cluster(self, path, names):
        """Nothing is left to do, by bootstrap's word and by doctor's."""
        told = self.bootstrap(path)
        need("a second run has nothing to do: " + told, "nothing to do" in told)
        self.bootstrap(path, "--dry-run")
        doctor = self.run("doctor", path, "--format", "json")
        amiss = [check for check in json.loads(doctor.stdout)["checks"] if check["state"] == "amiss"]
        need("doctor finds %s" % amiss, doctor.returncode == 0)
        keys = {self.node(name, "sha256sum <%s; stat -c '%%a %%U:%%G' %s" % (KEY, KEY)) for name in names}
        need("one key, for root's eyes: %s" % keys, len(keys) == 1 and "400 root:root" in keys.pop())
        need("nobody works there", not any(self.has(name, "/var/lib/picket/bootstrap/driver") for name in names))
        for name in names:
            need("services of %s" % name, self.runs(name) == ["corosync", "pacemakerd"])
            need("nothing half-written on " + name,
                 self.node(name, "find /etc /var/lib/pacemaker /var/lib/picket -name '*.picket-new'") == "")
            enabled = self.node(name, "ls /var/lib/picket-lab/enabled").split()
            need("enabled: %s" % enabled, enabled == ["corosync", "pacemaker"])

    def is_bare(self, names):
        for name in names:
            need("%s runs %s" % (name, self.runs(name)), self.runs(name) == [])
            for path in (CONF, KEY, CIB):
                need("%s on %s" % (path, name), not self.has(name, path))
            need("enabled on " + name, self.node(name, "ls /var/lib/picket-lab/enabled").split() == [])


# --- good days ---------------------------------------------------------------------------------------------------


def fresh(lab):
    """From bare nodes, again without a change, and back to bare nodes."""
    told = lab.bootstrap(lab.two, "--dry-run", status=5)
    need("the plan has the file: " + told, "+ nodelist {" in told and "start corosync, pacemaker" in told)
    lab.is_bare(["n1", "n2"])
    refused = lab.run("bootstrap", lab.two, stdin=subprocess.DEVNULL)
    need("who is not asked has to say --yes", refused.returncode == 2 and "--yes" in refused.stderr)
    lab.is_bare(["n1", "n2"])
    told = lab.bootstrap(lab.two)
    lab.is_cluster(lab.two, ["n1", "n2"])
    key = lab.node("n1", "base64 -w0 %s" % KEY)
    need("the key is nowhere else", key[:40] not in told and lab.node(
        "n2", "grep -rl '%s' /etc /var/lib/picket /tmp /run 2>/dev/null || :" % key[:40]) == "")
    # The journal and what was kept are for root alone.
    need("the journal is root's", lab.node("n1", "stat -c %a /var/lib/picket/bootstrap").strip() == "700")
    lab.bootstrap(lab.two, "--undo")
    lab.is_bare(["n1", "n2"])
    need("once is enough", "nothing to take back" in lab.bootstrap(lab.two, "--undo"))
    lab.bootstrap(lab.two)
    need("a key of its own each time", lab.node("n1", "base64 -w0 %s" % KEY) != key)


def as_json(lab):
    done = lab.run("bootstrap", lab.two, "--dry-run", "--format", "json")
    plan = json.loads(done.stdout)
    need(done.stdout, plan["format"] == "picket-bootstrap" and not plan["nothing_to_do"] and
         [node["node"] for node in plan["nodes"]] == ["n1", "n2"] and plan["authkey"] == "fresh")
    done = lab.run("bootstrap", lab.two, "--yes", "--format", "json")
    need(done.stdout + done.stderr,
         done.returncode == 0 and json.loads(done.stdout) and "n1: start corosync" in done.stderr)


def leftovers(lab):
    """The ghost of Debian's package at work, an old cluster's state, wrong names: moved aside, and back again."""
    lab.node("n1", "cat >%s; systemctl enable corosync; systemctl start pacemaker >/dev/null 2>&1" % CONF, EXAMPLE)
    until(lambda: "node1" in lab.nodes_of_cib(), "the ghost is there")
    lab.node("n2", "umask 027; echo '<cib><configuration><nodes><node id=\"9\" uname=\"old\"/></nodes><resources>"
             "<primitive id=\"x\"/></resources></configuration></cib>' >%s; echo old >%s; chmod 644 %s" %
             (CIB, KEY, KEY))
    lab.node("n2", "hostname localhost; cp /etc/hosts /etc/h; sed 's/.* n2$/127.0.1.1 n2/' /etc/h >/etc/hosts")
    told = lab.bootstrap(lab.two, "--dry-run", status=5)
    for word in ("the CIB of an earlier cluster", "stop pacemaker, corosync", "is called n2", "- 127.0.1.1 n2"):
        need("%s is in\n%s" % (word, told), word in told)
    lab.bootstrap(lab.two)
    lab.is_cluster(lab.two, ["n1", "n2"])
    need("no ghost: %s" % lab.nodes_of_cib(), lab.nodes_of_cib() == ["n1", "n2"])
    need("the name", lab.node("n2", "uname -n").strip() == "n2")
    kept = lab.node("n2", "cat /var/lib/picket/bootstrap/*/before%s" % CIB)
    need("the old CIB is kept", 'uname="old"' in kept)
    lab.bootstrap(lab.two, "--undo")
    need("the ghost is back",
         EXAMPLE == lab.node("n1", "cat %s" % CONF) and lab.runs("n1") == ["corosync", "pacemakerd"])
    need("n2 is as it was", lab.runs("n2") == [] and kept == lab.node("n2", "cat %s" % CIB) and
         lab.node("n2", "uname -n; stat -c %%a %s; cat %s" % (KEY, KEY)) == "localhost\n644\nold\n" and
         "127.0.1.1 n2" in lab.node("n2", "cat /etc/hosts"))


def grow_and_shrink(lab):
    """A node joins and leaves while a service runs, which does not notice; then each is taken back."""
    lab.bootstrap(lab.two)
    done = lab.run("apply", lab.two, "--to", "pacemaker", "--host", "n1", "--yes", "--wait", "90")
    need(done.stdout + done.stderr, done.returncode == 0)
    lab.node("n1", "crm_resource -M -r web -N n1 >/dev/null 2>&1 || :")
    told = lab.bootstrap(lab.three, "--dry-run", status=5)
    need("what it takes is foretold: " + told, "1 of 2 votes (two_node) -> 2 of 3 votes" in told and
         "quorum.two_node: 1 -> nothing" in told and "n3 joins the cluster" in told and
         "nothing stops, starts or moves" in told)
    started = lab.node("n1", "stat -c %Y /run/Dummy-web.state 2>/dev/null || ls -l --time-style=full-iso /run/*web*")
    lab.bootstrap(lab.three)
    lab.is_cluster(lab.three, ["n1", "n2", "n3"])
    need("members", lab.nodes_of_cib() == ["n1", "n2", "n3"])
    need("web ran on", started == lab.node(
        "n1", "stat -c %Y /run/Dummy-web.state 2>/dev/null || ls -l --time-style=full-iso /run/*web*"))
    # It runs on the node that leaves: it moves, as foretold.
    lab.node("n1", "crm_resource -M -r web -N n3 >/dev/null 2>&1")
    until(lambda: "n3" in lab.node("n1", "crm_resource -W -r web"), "web is on n3")
    lab.node("n1", "crm_resource -U -r web >/dev/null 2>&1")
    told = lab.bootstrap(lab.two)
    need("the move is foretold: " + told, "web moves" in told and "n3 leaves the CIB" in told)
    lab.is_cluster(lab.two, ["n1", "n2"])
    lab.is_bare(["n3"])
    need("n3 is no more: %s" % lab.nodes_of_cib(), lab.nodes_of_cib() == ["n1", "n2"])
    need("web is elsewhere", "n3" not in lab.node("n1", "crm_resource -W -r web"))
    # The leave taken back, and then the join.
    told = lab.bootstrap(lab.two, "--undo")
    lab.is_cluster(lab.three, ["n1", "n2", "n3"])
    told = lab.bootstrap(lab.three, "--undo")
    lab.is_cluster(lab.two, ["n1", "n2"])
    lab.is_bare(["n3"])
    need("n3 is no more after that", lab.nodes_of_cib() == ["n1", "n2"])
    # And the cluster itself is not taken away from under its service.
    told = lab.bootstrap(lab.two, "--undo", status=1)
    need(told, "resources since" in told)
    lab.is_cluster(lab.two, ["n1", "n2"])


def dead_node_leaves(lab):
    """A node that is dead and no member any more leaves; one that is a member and not reached does not."""
    lab.bootstrap(lab.three)
    way = lab.program("[ $1 = n3 ] && { echo no route >&2; exit 255; }\nexec %s lab exec \"$@\"\n" % lab.picket, "way")
    told = lab.bootstrap(lab.two, "--ssh", way, status=1)
    need(told, "is still a member of it" in told)
    lab.run("lab", "kill", "n3")
    until(lambda: "3" not in lab.node("n1", "corosync-quorumtool -s | sed -n 's/^Nodes: *//p'"), "n3 is gone")
    until(lambda: 'name="n3" id="3" online="true"' not in lab.node("n1", "crm_mon -1 --output-as=xml"), "it is offline")
    told = lab.bootstrap(lab.two)
    need(told, "leaves and is not reached" in told)
    need("n3 is no more", lab.nodes_of_cib() == ["n1", "n2"])


def settings(lab):
    """What a reload changes, what a start changes, and what stops the cluster, which has to be said."""
    lab.bootstrap(lab.two)
    began = lab.node("n1", "pidof corosync")
    lab.bootstrap(lab.write(policy(2, "  totem token=5s\n"), "token.picket"))
    need("no restart", began == lab.node("n1", "pidof corosync"))
    told = lab.node("n1", "corosync-cmapctl -g runtime.config.totem.token")
    need(told, "5000" in told)
    aes128 = lab.write(policy(2).replace("aes256", "aes128"), "crypto.picket")
    told = lab.bootstrap(aes128, status=1)
    need(told, "--restart" in told and "totem.crypto_cipher" in told)
    need("nothing happened", "aes256" in lab.node("n1", "cat %s" % CONF))
    lab.bootstrap(aes128, "--restart")
    need("restarted", began != lab.node("n1", "pidof corosync"))
    lab.is_cluster(aes128, ["n1", "n2"])
    told = lab.bootstrap(aes128, "--undo", status=1)
    need(told, "--restart" in told)
    lab.bootstrap(aes128, "--undo", "--restart")
    need("as before", "aes256" in lab.node("n2", "cat %s" % CONF))


def picketd(lab):
    """The same for a cluster of picketd."""
    stand_in = ("#!/bin/sh\ncase $2 in picketd) ;; *) exec /usr/bin/systemctl \"$@\" ;; esac\n"
                "e=/var/lib/picket-lab/enabled; mkdir -p $e\ncase $1 in\nenable) : >$e/picketd ;;\n"
                "disable) rm -f $e/picketd ;;\n"
                "start) pidof picketd >/dev/null ||\n"
                "    setsid picketd --agent-tool /bin/true >/var/log/lab/picketd 2>&1 </dev/null & ;;\n"
                "stop) kill $(pidof picketd); while pidof picketd >/dev/null; do sleep 0.1; done ;;\n"
                "is-enabled) if [ -e $e/picketd ]; then echo enabled; else echo disabled; fi ;;\n"
                "is-active) if pidof picketd >/dev/null; then echo active; else echo inactive; fi ;;\nesac\n")
    for name in ("n1", "n2"):
        lab.node(name, "cat >/usr/local/sbin/systemctl; chmod 755 /usr/local/sbin/systemctl", stand_in)
        with open(lab.picketd, "rb") as file:
            subprocess.run([lab.picket, "lab", "exec", name, "--", "sh", "-c",
                            "cat >/usr/local/sbin/picketd; chmod 755 /usr/local/sbin/picketd"], stdin=file, check=True)
    path = lab.write(policy(2, "  engine = picket\n"), "picketd.picket")
    lab.bootstrap(path)
    need("nothing to do", "nothing to do" in lab.bootstrap(path))
    for name in ("n1", "n2"):
        need("picketd on " + name, lab.node(name, "pidof corosync picketd | wc -w").split() == ["2"] and
             "pacemakerd" not in lab.runs(name))
    lab.bootstrap(path, "--undo")
    lab.is_bare(["n1", "n2"])
    need("picketd has ended", lab.node("n1", "pidof picketd || echo none") == "none\n")


def emitted(lab):
    """The shell script does the same, again without a change, and with a node more; no secret is in a file."""
    scp = lab.program("while [ \"${1#-}\" != \"$1\" ]; do shift; done\n"
                      "from() { case $1 in *:*) %s lab exec ${1%%%%:*} -- cat ${1#*:} ;; *) cat $1 ;; esac; }\n"
                      "to() { %s lab exec ${1%%%%:*} -- sh -c \"umask 077; cat >${1#*:}\"; }\nfrom $1 | to $2\n"
                      % (lab.picket, lab.picket), "scp")
    environment = dict(os.environ, SSH=lab.picket + " lab exec", SCP=scp)
    for path, names in ((lab.two, ["n1", "n2"]), (lab.two, ["n1", "n2"]), (lab.three, ["n1", "n2", "n3"]),
                        (lab.two, ["n1", "n2"])):
        done = lab.run("bootstrap", path, "--emit", "script")
        need(done.stderr, done.returncode == 0)
        script = lab.write(done.stdout, "emitted.sh")
        done = subprocess.run(["sh", script], env=environment, capture_output=True, text=True, check=False)
        need(done.stdout + done.stderr, done.returncode == 0 and "has quorum" in done.stdout)
        lab.is_cluster(path, names)
    lab.is_bare(["n3"])
    began = lab.node("n1", "pidof corosync")
    done = subprocess.run(["sh", script], env=environment, capture_output=True, text=True, check=False)
    need("no harm: " + done.stderr, done.returncode == 0 and began == lab.node("n1", "pidof corosync"))


# What Ansible takes for ssh: the options before the host mean nothing here.
ANSIBLE_SSH = """while :; do
    case $1 in
    -o | -p | -i | -l | -F | -E) shift 2 ;;
    -*) shift ;;
    *) break ;;
    esac
done
host=$1
shift
exec %s lab exec "$host" -- sh -c "$*"
"""


def playbook(lab):
    """The playbook has no secret, and Ansible, where it is installed, makes with it what bootstrap makes: there, again
    without a change, a node more, a node less."""
    done = lab.run("bootstrap", lab.two, "--emit", "ansible")
    need(done.stderr, done.returncode == 0 and "no_log: true" in done.stdout)
    if not shutil.which("ansible-playbook"):
        return print("    not played: ansible-playbook is not installed", flush=True)
    ssh = lab.program(ANSIBLE_SSH % lab.picket, "ansible-ssh")
    inventory = lab.write("n1\nn2\nn3\n[all:vars]\nansible_ssh_executable=%s\nansible_become=false\n"
                          "ansible_python_interpreter=/usr/bin/python3\n" % ssh, "inventory")
    environment = dict(os.environ, ANSIBLE_PIPELINING="1", ANSIBLE_SSH_ARGS="", ANSIBLE_NOCOLOR="1",
                       ANSIBLE_SSH_TRANSFER_METHOD="piped", ANSIBLE_HOME=lab.folder + "/ansible",
                       ANSIBLE_LOCAL_TEMP=lab.folder + "/ansible/tmp", ANSIBLE_CONFIG=lab.write("", "ansible.cfg"))
    # Ansible asks systemd for what runs only where systemd is in charge.
    for name in ("n1", "n2", "n3"):
        lab.node(name, "mkdir -p /run/systemd/system; cat >/usr/local/sbin/hostnamectl; chmod 755 "
                 "/usr/local/sbin/hostnamectl", "#!/bin/sh\ncase $* in *status*) uname -n ;;\n*) for last in "
                 "\"$@\"; do :; done; hostname \"$last\"; echo \"$last\" >/etc/hostname ;; esac\n")
    lab.node("n2", "hostname localhost; cp /etc/hosts /etc/h; sed 's/.* n2$/127.0.1.1 n2/' /etc/h >/etc/hosts")
    key = ""
    for path, names, changes in ((lab.two, ["n1", "n2"], True), (lab.two, ["n1", "n2"], False),
                                 (lab.three, ["n1", "n2", "n3"], True), (lab.three, ["n1", "n2", "n3"], False),
                                 (lab.two, ["n1", "n2"], True), (lab.two, ["n1", "n2"], False)):
        play = lab.write(lab.run("bootstrap", path, "--emit", "ansible").stdout, "play.yml")
        began = lab.node("n1", "pidof corosync || :")
        done = subprocess.run(["ansible-playbook", "-v", "-i", inventory, play], env=environment, capture_output=True,
                              text=True, check=False)
        need(done.stdout + done.stderr, done.returncode == 0)
        recap = done.stdout.split("PLAY RECAP")[1]
        need(recap, ("changed=0" not in recap) if changes and path == lab.three else changes or
             recap.count("changed=0") == len(names))
        need("Corosync of n1 runs on", began in ("", lab.node("n1", "pidof corosync")))
        lab.is_cluster(path, names)
        fresh = lab.node("n1", "base64 -w0 %s" % KEY)
        need("the key stays, and is in no output", key in ("", fresh) and fresh[:40] not in done.stdout)
        key = fresh
    lab.is_bare(["n3"])
    need("n3 is no more: %s" % lab.nodes_of_cib(), lab.nodes_of_cib() == ["n1", "n2"])
    # One that leaves and is not reached: nothing is changed.
    lab.bootstrap(lab.three)
    lab.run("lab", "kill", "n3")
    before = lab.node("n1", "cat %s" % CONF)
    done = subprocess.run(["ansible-playbook", "-i", inventory, play], env=environment, capture_output=True, text=True,
                          check=False)
    need("n3 has to be reached: " + done.stdout, done.returncode != 0 and "n3" in done.stdout)
    need("nothing was changed", before == lab.node("n1", "cat %s" % CONF))


# --- bad days ----------------------------------------------------------------------------------------------------


def strangers(lab):
    """Somebody else's cluster at work is not touched."""
    conf = EXAMPLE.replace("debian", "prod").replace("node1", "db1")
    lab.node("n2", "cat >%s; systemctl start pacemaker >/dev/null 2>&1" % CONF, conf)
    told = lab.bootstrap(lab.two, status=1)
    need(told, "a cluster called `prod`" in told and "nothing was changed" in told)
    need("prod is as it was", lab.node("n2", "cat %s" % CONF) == conf and "corosync" in lab.runs("n2"))
    lab.is_bare(["n1"])
    # Stopped, its files go aside.
    lab.node("n2", "systemctl stop corosync")
    lab.bootstrap(lab.two)
    lab.is_cluster(lab.two, ["n1", "n2"])
    need("kept", lab.node("n2", "cat /var/lib/picket/bootstrap/*/before%s" % CONF) == conf)


def unfit(lab):
    """What doctor finds and bootstrap does not mend is in the way, unless it is waived."""
    lab.node("n2", "ip addr del 198.51.100.2/24 dev eth1")
    told = lab.bootstrap(lab.two, status=1)
    need(told, "n2: addresses: 198.51.100.2 of link back is on no interface" in told)
    lab.is_bare(["n1", "n2"])


def unreached(lab):
    """A node that is not reached from the n-th call on: nothing half done, and the next run goes on."""
    for calls in range(40) if lab.full else (0, 5):
        count = lab.folder + "/calls"
        if os.path.exists(count):
            os.remove(count)
        way = lab.program("if [ $1 = n2 ]; then echo >>%s; [ $(wc -l <%s) -gt %d ] && { echo no route >&2; exit 255\n}"
                          "; fi\nexec %s lab exec \"$@\"\n" % (count, count, calls, lab.picket), "way")
        done = lab.run("bootstrap", lab.two, "--yes", "--ssh", way, "--wait", "5")
        if calls == 0:
            need(done.stderr, done.returncode == 3 and "n2 is not reached: no route" in done.stderr)
            lab.is_bare(["n1", "n2"])
        need("%d calls: %d\n%s" % (calls, done.returncode, done.stderr), done.returncode in (0, 1, 3))
        lab.bootstrap(lab.two)
        lab.is_cluster(lab.two, ["n1", "n2"])
        lab.bootstrap(lab.two, "--undo")
        lab.is_bare(["n1", "n2"])
        if done.returncode == 0:
            return


def password(lab):
    way = lab.program("echo 'root@n1: Permission denied (publickey,password).' >&2; exit 255\n", "way")
    told = lab.bootstrap(lab.two, "--ssh", way, status=3)
    need(told, "ssh-copy-id n1" in told and "nothing was changed" in told)


def full_disk(lab):
    """A disk without room on one node: nothing changes anywhere."""
    for folder, size in (("/etc/corosync", "4k"), ("/var/lib/picket", "8k"), ("/var/lib/picket", "16k")):
        lab.node("n2", "mkdir -p %s; mount -t tmpfs -o size=%s,mode=755 none %s; [ %s != /etc/corosync ] || "
                 "head -c 4096 /dev/zero >%s/full" % (folder, size, folder, folder, folder))
        told = lab.bootstrap(lab.two, status=3)
        need(told, "nothing was changed" in told and "n2: " in told)
        lab.is_bare(["n1", "n2"])
        need("nothing half-written", lab.node("n1", "ls -A /etc/corosync") == "")
        lab.node("n2", "umount %s" % folder)
    lab.bootstrap(lab.two)
    lab.is_cluster(lab.two, ["n1", "n2"])


def killed(lab):
    """Killed at any moment: the next run says what is left, does it, and both are taken back as one."""
    for _ in range(30 if lab.full else 3):
        run = subprocess.Popen([lab.picket, "bootstrap", lab.two, "--yes"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(0.2, 6))
        run.kill()
        run.wait()
        lab.bootstrap(lab.two)
        lab.is_cluster(lab.two, ["n1", "n2"])
        lab.bootstrap(lab.two, "--undo")
        lab.is_bare(["n1", "n2"])
    lab.bootstrap(lab.two)
    for _ in range(10 if lab.full else 1):
        for path in (lab.three, lab.two):
            run = subprocess.Popen([lab.picket, "bootstrap", path, "--yes"], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
            time.sleep(random.uniform(0.2, 8))
            run.kill()
            run.wait()
            lab.bootstrap(path)
            lab.is_cluster(path, ["n1", "n2", "n3"] if path == lab.three else ["n1", "n2"])


def two_at_once(lab):
    """Of two at the same time at most one works; afterwards all is well."""
    runs = [subprocess.Popen([lab.picket, "bootstrap", lab.two, "--yes"], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True) for _ in range(2)]
    told = [run.communicate()[0] for run in runs]
    ends = sorted(run.returncode for run in runs)
    need("%s\n%s" % (ends, "\n".join(told)), ends in ([0, 3], [3, 3], [0, 0], [0, 1]))
    lab.bootstrap(lab.two)
    lab.is_cluster(lab.two, ["n1", "n2"])


def changed_since(lab):
    """What somebody changed since stays as it is, and is named."""
    lab.bootstrap(lab.two)
    lab.node("n2", "echo '# mine' >>%s" % CONF)
    told = lab.bootstrap(lab.two, "--undo", status=1)
    need(told, "left: n2: %s was changed since" % CONF in told)
    need("it stays", "# mine" in lab.node("n2", "cat %s" % CONF) and not lab.has("n1", CONF) and lab.runs("n2") == [])


def until(holds, what, limit_s=90):
    end = time.monotonic() + limit_s
    while not holds():
        need(what + " never comes true", time.monotonic() < end)
        time.sleep(0.3)


# What is played each time; the rest takes ten minutes more, with --full or by its name (-k).
QUICK = (fresh, leftovers, grow_and_shrink, picketd, unfit, unreached, password, full_disk)
TESTS = (fresh, as_json, leftovers, grow_and_shrink, dead_node_leaves, settings, picketd, emitted, playbook, strangers,
         unfit, unreached, password, full_disk, killed, two_at_once, changed_since)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("picket", type=os.path.realpath)
    parser.add_argument("picketd", type=os.path.realpath)
    parser.add_argument("-k", dest="only", default="")
    parser.add_argument("--full", action="store_true")
    lab = Lab(parser.parse_args())
    only = parser.parse_args().only
    failed = 0
    try:
        for test in TESTS:
            if only not in test.__name__ or not (only or lab.full or test in QUICK):
                continue
            up = lab.up()
            if up.returncode:
                print(up.stdout + up.stderr)
                return 0 if up.returncode == NO_LAB else 1
            began = time.monotonic()
            try:
                for name in ("n1", "n2", "n3"):
                    lab.node(name, "mkdir -p /var/lib/picket-lab/enabled")
                test(lab)
                print("PASS  %s (%.0f s)" % (test.__name__, time.monotonic() - began), flush=True)
            except Wrong as wrong:
                failed += 1
                print("FAIL  %s: %s" % (test.__name__, wrong), flush=True)
            finally:
                lab.down()
    finally:
        shutil.rmtree(lab.folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
