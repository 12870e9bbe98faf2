"""A lab: some nodes of a cluster on this machine, for tests of what needs several of them and a network.

    with Lab(["n1", "n2", "n3"]) as lab:
        lab.power_on(*lab.names)
        lab.start("n1", "corosync", ["corosync", "-f"])
        lab.answers("10.77.0.100")

Each node is a set of namespaces (node.py) and the links are bridges (network.py). The process that makes the lab
becomes part of it: it moves into a network and a mount namespace of its own, is the client on the links, and is the
power supply that the fence agent (fence_lab) asks. So all of a lab hangs on that one process. When it ends, however it
ends, the nodes die, and with them their files, which are in memory, and the links. Nothing is visible from outside,
nothing is left behind, and any number of labs run side by side. A process makes one lab in its life, before it has
threads.

It knows nothing of Picket or Pacemaker. It needs root and a kernel with namespaces, overlayfs, bridges and cls_bpf;
missing() says what is not there.
"""
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import namespaces
import network
import node

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
HERE = os.path.dirname(os.path.realpath(__file__))
# Folders that the host may use itself: each node begins with empty ones.
OWN = ("/etc/corosync", "/var/lib/corosync", "/var/lib/picket")
_BOOT_S = 60

# Who starts a test may have a path without the folders of an administrator, where `ip` and `tc` are.
os.environ["PATH"] = PATH


class LabError(Exception):
    pass


def missing():
    """What a lab wants and this machine does not have, in words; nothing if all is there."""
    if os.geteuid() != 0:
        return "a lab of nodes needs root"
    for program in ("corosync", "ip", "tc", "nsenter", "pivot_root"):
        if not shutil.which(program):
            return "the program %s is not installed" % program
    probe = subprocess.run([sys.executable, "-BS", HERE + "/lab.py", "probe"], stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True)
    return probe.stdout.strip().splitlines()[-1] if probe.returncode else ""


def _probe():
    """Tries what a lab is made of, in a process that ends right after."""
    try:
        with Lab(["probe"]) as lab:
            lab.power_on("probe")
            lab.partition(["probe"], [])
    except (OSError, LabError, network.NetworkError) as error:
        sys.exit("this machine cannot hold a lab: %s" % error)


class Node:
    """What the lab knows of a node."""

    def __init__(self, name, number, folder):
        self.name, self.number, self.folder = name, number, folder
        self.lock = threading.RLock()      # of its power
        self.asking = threading.Lock()     # process 1 answers one after the other
        self.keeper = None                 # None: it is off
        self.pid = 0                       # of process 1, seen from outside
        self.boot_id = ""
        self.paused = False
        self.control = self.lines = None

    @property
    def is_on(self):
        return self.keeper is not None


class Lab:
    def __init__(self, names, links=2, programs=()):
        """`programs` are files for every node: (source, path in the node below /etc, /usr or /var, mode)."""
        read = [(path, mode, _bytes_of(source)) for source, path, mode in
                list(programs) + [(HERE + "/fence_lab", "/usr/sbin/fence_lab", 0o755)]]
        self._environment = {name: value for name, value in os.environ.items() if name.startswith("PCMK_")}
        self._environment.update(PATH=PATH, HOME="/tmp", LC_ALL="C.UTF-8")
        namespaces.unshare(namespaces.NEW_NETWORK | namespaces.NEW_MOUNTS)
        namespaces.mount(None, "/", None, namespaces.RECURSIVE | namespaces.PRIVATE)
        self.folder = _place()
        namespaces.mount("lab", self.folder, "tmpfs", namespaces.NO_DEVICES, "mode=755")
        self.shared = self.folder + "/shared"
        os.mkdir(self.shared, 0o777)
        for path, mode, content in read:
            _write(self.folder + "/common" + path, content, mode)
        self.names = list(names)
        self._nodes = {name: Node(name, number, "%s/nodes/%s" % (self.folder, name))
                       for number, name in enumerate(self.names, 1)}
        self.network = network.Network(links)
        self.links = links
        self._lifeline = os.pipe()         # Nobody writes; the keepers see its other end close.
        self.on_boot = []                  # functions of a node's name: what its boot starts
        self.history = []                  # (wall clock, node, "on" or "off", boot id)
        self.failing_devices = set()
        self.lying_devices = set()         # they say that it is done, and do nothing
        self.hanging_devices = set()       # they never answer
        self.powered_by = {}               # device -> the node without whose power it does not answer
        self.answer_delay_s = {}           # device -> how long it takes to say that it is done
        self.away = set()                  # nodes that stay off when a fence device gives their power back
        self.boot_delay_s = 0              # how long a node that was reset takes to boot
        self.booting = 0                   # how many will boot by themselves
        self.fenced = []                   # (wall clock, asking node, action, target, device, outcome)
        for each in self._nodes.values():
            self._prepare(each)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in self._nodes.values():
            self.power_off(each.name)

    # --- files ---------------------------------------------------------------------------------------------------

    def write(self, name, path, content, mode=0o644):
        """A file of a node, below /etc, /usr or /var; at any time before or between its boots."""
        _write(self._path(name, path), content.encode(), mode)

    def path(self, name, path):
        """Where a file below one of a node's OWN folders lies."""
        if not path.startswith(OWN):
            raise LabError("%s is not below one of the node's own folders" % path)
        return self._path(name, path)

    def log(self, name, service):
        try:
            with open("%s/log/%s" % (self._nodes[name].folder, service), encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def _path(self, name, path):
        return self._nodes[name].folder + ("/own" if path.startswith(OWN) else "/upper") + path

    def _prepare(self, each):
        for folder in ["log", "run/shared"] + ["own" + path for path in OWN]:
            os.makedirs("%s/%s" % (each.folder, folder))
        os.chmod(each.folder + "/log", 0o777)  # Daemons that give up root write there too.
        hosts = "127.0.0.1 localhost\n" + "".join("%s %s\n" % (network.address(other.number, 0), other.name)
                                                  for other in self._nodes.values())
        self.write(each.name, "/etc/hosts", hosts)
        self.write(each.name, "/etc/hostname", each.name + "\n")
        server = socket.socket(socket.AF_UNIX)
        server.bind(each.folder + "/run/fence")
        server.listen(16)
        _thread(self._serve, server, each)

    # --- power ---------------------------------------------------------------------------------------------------

    def power_on(self, *names):
        """Boots nodes; nothing happens to one that is on."""
        for name in names:
            each = self._nodes[name]
            with each.lock:
                if not each.is_on:
                    self._boot(each)
                    for start in self.on_boot:
                        start(name)

    def power_on_later(self, name, seconds):
        if seconds == 0:
            return self.power_on(name)
        self.booting += 1

        def boot():
            time.sleep(seconds)
            if name not in self.away:
                self.power_on(name)
            self.booting -= 1

        return _thread(boot)

    def power_off(self, *names):
        """At once, as if the cable were pulled. Returns when the last process of each has been reaped."""
        for name in names:
            each = self._nodes[name]
            with each.lock:
                if not each.is_on:
                    continue
                os.kill(each.pid, signal.SIGKILL)
                self.network.unplug(each.number)
                each.keeper.wait(30)
                each.control.close()
                each.keeper, each.paused = None, False
                self._note(each, "off")

    def is_on(self, name):
        return self._nodes[name].is_on

    def boot_id(self, name):
        """Of its last boot."""
        return self._nodes[name].boot_id

    def is_paused(self, name):
        return self._nodes[name].paused

    def _boot(self, each):
        each.boot_id = node.new_boot_id()
        ours, theirs = socket.socketpair()
        ours.settimeout(_BOOT_S)
        with theirs, open(each.folder + "/log/boot", "ab") as log:
            each.keeper = subprocess.Popen(
                [sys.executable, "-BS", HERE + "/node.py", str(theirs.fileno()), str(self._lifeline[0])],
                pass_fds=[theirs.fileno(), self._lifeline[0]], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self._environment, cwd="/", start_new_session=True)
        each.control, each.lines = ours, ours.makefile("r")
        try:
            each.pid = self._hear(each)["pid"]
            self.network.plug(each.number, each.pid)
            # From here on it may run things, so the record has to begin here.
            self._note(each, "on")
            self._ask(each, {"name": each.name, "number": each.number, "folder": each.folder, "shared": self.shared,
                             "common": self.folder + "/common", "links": self.links, "boot_id": each.boot_id,
                             "own": OWN, "environment": self._environment})
        except Exception:
            each.keeper.kill()
            each.keeper.wait()
            each.keeper = None
            self.network.unplug(each.number)
            raise

    def _note(self, each, what):
        self.history.append((time.time(), each.name, what, each.boot_id))

    # --- what runs in a node -------------------------------------------------------------------------------------

    def start(self, name, service, command):
        """A daemon as a child of process 1; its output is its log()."""
        self._ask(self._nodes[name], {"do": "start", "name": service, "command": command})

    def signal(self, name, service, number):
        self._ask(self._nodes[name], {"do": "signal", "name": service, "signal": int(number)})

    def running(self, name):
        """The services that run."""
        each = self._nodes[name]
        return self._ask(each, {"do": "look"})["running"] if each.is_on else []

    def run(self, name, command, timeout_s=60):
        """A command in a node, to its end. Its output, both streams in one, and its exit status; 124 if it hangs."""
        each = self._nodes[name]
        if not each.is_on:
            return 125, "%s is off" % name
        enter = ["nsenter", "-t", str(each.pid), "-m", "-u", "-i", "-n", "-p", "-w/", "--"]
        return self._finish(enter + command, timeout_s)

    def client(self, command, timeout_s=60):
        """A command outside of the cluster, on the same links."""
        return self._finish(command, timeout_s)

    def answers(self, address, timeout_s=0.2):
        """Whether something on the links answers at that address: a refusal to connect is an answer."""
        with socket.socket(socket.AF_INET) as caller:
            caller.settimeout(timeout_s)
            try:
                caller.connect((address, 9))
            except ConnectionRefusedError:
                return True
            except OSError:
                return False
            return True

    def _finish(self, command, timeout_s):
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=self._environment, text=True, errors="replace", start_new_session=True) as process:
            try:
                output, _ = process.communicate(timeout=timeout_s)
                return process.returncode, output
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return 124, process.communicate()[0]

    def process(self, name):
        """Process 1 of a node, as seen from outside."""
        return self._nodes[name].pid

    # --- pause and network ---------------------------------------------------------------------------------------

    def pause(self, name):
        """Stops every process of the node. Its kernel still answers ping for it."""
        each = self._nodes[name]
        with each.lock:
            each.paused = True
            stopped = set()
            while True:
                # Until nothing was forked behind our back.
                new = set(self._processes(each)) - stopped
                if not new:
                    return
                for pid in new:
                    _send(pid, signal.SIGSTOP)
                stopped |= new

    def resume(self, name):
        each = self._nodes[name]
        with each.lock:
            if each.is_on:
                for pid in self._processes(each):
                    _send(pid, signal.SIGCONT)
            each.paused = False

    def partition(self, *groups):
        """Lists of names that no longer hear one another."""
        self.network.partition([[self._nodes[name].number for name in group] for group in groups])

    def isolate(self, pairs):
        """Exactly these pairs of names do not hear one another."""
        self.network.isolate([(self._nodes[one].number, self._nodes[other].number) for one, other in pairs])

    def pull(self, cables):
        """Exactly these cables, (name, number of the link), are pulled."""
        self.network.pull([(self._nodes[name].number, link) for name, link in cables])

    def heal(self):
        self.network.heal()

    def _processes(self, each):
        space = os.readlink("/proc/%d/ns/pid" % each.pid)
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                with contextlib.suppress(OSError):
                    if os.readlink("/proc/%s/ns/pid" % entry) == space:
                        yield int(entry)

    # --- fencing -------------------------------------------------------------------------------------------------

    def _serve(self, server, asking):
        while True:
            connection, _ = server.accept()
            _thread(self._serve_one, connection, asking)

    def _serve_one(self, connection, asking):
        # Who asks may die before it has its answer, for instance by what it asked for.
        with connection, contextlib.suppress(OSError):
            line = connection.makefile().readline()
            try:
                answer = self._fence(asking, json.loads(line))
            except (LabError, ValueError, KeyError) as error:
                answer = {"error": str(error)}
            connection.sendall(json.dumps(answer).encode() + b"\n")

    def _fence(self, asking, request):
        action, device, target = request["action"], request["device"], request["target"]
        if action == "list":
            return {"nodes": self.names}
        source = self.powered_by.get(device)
        if source and not self.is_on(source):
            self._refuse(asking, request)
        if action == "monitor":
            return {}
        # A device that fails or hangs does so when it has to fence; it is still there.
        if device in self.hanging_devices:
            self._record(asking, request, "hangs")
            time.sleep(3600)
        if device in self.failing_devices:
            self._refuse(asking, request)
        if target not in self._nodes:
            raise LabError("there is no node %s" % target)
        if action == "status":
            return {"on": self.is_on(target)}
        self._record(asking, request, "begun")
        lies = device in self.lying_devices
        if action in ("off", "reboot") and not lies:
            self.power_off(target)
        if action in ("on", "reboot") and not lies and target not in self.away:
            self.power_on_later(target, self.boot_delay_s)
        time.sleep(self.answer_delay_s.get(device, 0))
        self._record(asking, request, "done")
        return {}

    def _refuse(self, asking, request):
        if request["target"]:
            self._record(asking, request, "failed")
        raise LabError("the device %s does not answer" % request["device"])

    def _record(self, asking, request, outcome):
        self.fenced.append((time.time(), asking.name, request["action"], request["target"], request["device"], outcome))

    # --- the way to process 1 ------------------------------------------------------------------------------------

    def _ask(self, each, request):
        if not each.is_on or each.paused:
            raise LabError("%s is %s" % (each.name, "paused" if each.is_on else "off"))
        with each.asking:
            try:
                each.control.sendall(json.dumps(request).encode() + b"\n")
                return self._hear(each)
            except (OSError, ValueError) as error:
                raise LabError("%s does not answer: %s" % (each.name, error)) from error

    @staticmethod
    def _hear(each):
        line = each.lines.readline()
        if not line:
            raise LabError("%s went down; its log `boot` says why" % each.name)
        answer = json.loads(line)
        if "error" in answer:
            raise LabError(answer["error"])
        return answer


# --- Corosync ----------------------------------------------------------------------------------------------------


def corosync_conf(names, links=2, token_ms=1000, two_node=False):
    """For all nodes. Without real-time priority: what else a machine of tests does goes on."""
    text = """totem {
  version: 2
  cluster_name: lab
  transport: knet
  token: %d
}
system {
  sched_rr: no
}
quorum {
  provider: corosync_votequorum
  two_node: %d
}
logging {
  to_stderr: yes
  to_logfile: no
  to_syslog: no
  timestamp: hires
}
nodelist {
""" % (token_ms, two_node)
    for number, name in enumerate(names, 1):
        text += "  node {\n    name: %s\n    nodeid: %d\n" % (name, number)
        for link in range(links):
            text += "    ring%d_addr: %s\n" % (link, network.address(number, link))
        text += "  }\n"
    return text + "}\n"


def membership(lab, name):
    """(quorate, number of members) as the node's Corosync has it; (False, 0) where there is none."""
    _, output = lab.run(name, ["corosync-quorumtool", "-s"], 10)
    quorate = re.search(r"^Quorate:\s+(\w+)", output, re.MULTILINE)
    members = re.search(r"^Nodes:\s+(\d+)", output, re.MULTILINE)
    return bool(quorate and quorate[1] == "Yes"), int(members[1]) if members else 0


# --- small things ------------------------------------------------------------------------------------------------


def _place():
    """A folder that every system has, with nothing in it that a lab needs to see."""
    needed = [HERE, os.path.realpath(sys.executable), os.getcwd()]
    for candidate in ("/mnt", "/media", "/srv"):
        if os.path.isdir(candidate) and not any(path.startswith(candidate + "/") for path in needed):
            return candidate
    raise LabError("there is no folder to put the lab into")


def _bytes_of(source):
    """Of a path, or of a text that an object brings."""
    if hasattr(source, "text"):
        return source.text
    with open(source, "rb") as file:
        return file.read()


def _write(path, content, mode):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)
    os.chmod(path, mode)


def _send(pid, number):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _thread(function, *arguments):
    threading.Thread(target=function, args=arguments, daemon=True).start()


if __name__ == "__main__" and sys.argv[1:] == ["probe"]:
    _probe()
