"""A node of a lab from the inside: what makes its namespaces, and process 1 in them.

    node.py CONTROL LIFELINE        descriptors: a socket to the lab, and a pipe that ends when the lab does

Two processes. The keeper stays outside: it ends when process 1 has been reaped, which the kernel does last of all
processes of the node, so its end is the proof that the node is off; and it kills process 1 when the lab is gone,
even where the node is paused. Process 1 builds the node's files and interfaces, starts what it is told to start,
and reaps. It is no service manager: nothing is restarted.

What a node sees: the host's files with a layer of its own over /etc, /usr and /var, kept until the lab goes; empty
/run, /tmp and /dev/shm at each boot; no disks, no watchdog; a boot id of its own for each boot.
"""
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
import uuid

import namespaces
import network

LAYERED = ("etc", "usr", "var")
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")


def keep(control, lifeline):
    """The keeper. Its exit status is how process 1 ended."""
    namespaces.unshare(namespaces.NEW_MOUNTS | namespaces.NEW_HOST_NAME | namespaces.NEW_IPC |
                       namespaces.NEW_NETWORK | namespaces.NEW_PROCESSES)
    child = os.fork()
    if child == 0:
        namespaces.die_with_parent(signal.SIGKILL)
        os.close(lifeline)
        First(socket.socket(fileno=control)).live()
        os._exit(0)
    os.write(control, json.dumps({"pid": child}).encode() + b"\n")
    os.close(control)
    ended = os.pidfd_open(child)
    ready, _, _ = select.select([ended, lifeline], [], [])
    if ended not in ready:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


class First:
    """Process 1."""

    def __init__(self, control):
        self.control = control
        self.services = {}   # name -> pid, until it is reaped
        self.environment = {}

    def live(self):
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        lines = self.control.makefile("r")
        first = lines.readline()
        if not first:
            return
        try:
            boot = json.loads(first)
            self.environment = boot["environment"]
            build_files(boot)
            socket.sethostname(boot["name"])
            log = self._open_syslog()
            raise_interfaces(boot)
        except (OSError, network.NetworkError) as error:
            self._tell({"error": "%s does not boot: %s" % (boot["name"], error)})
            return
        self._tell({"booted": True})
        self._serve(lines, log)

    def _open_syslog(self):
        log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        log.bind("/dev/log")
        os.chmod("/dev/log", 0o666)
        return log

    def _serve(self, lines, log):
        woken, wake = os.pipe()
        for end in (woken, wake):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        with open("/var/log/lab/syslog", "ab", buffering=0) as kept:
            while True:
                ready, _, _ = select.select([self.control, log, woken], [], [])
                if woken in ready:
                    os.read(woken, 512)
                self._reap()
                if log in ready:
                    kept.write(log.recv(65536).rstrip(b"\0\n") + b"\n")
                if self.control in ready:
                    # One request is answered before the next is sent, so no line waits unseen in the buffer.
                    line = lines.readline()
                    if not line:
                        return
                    self._tell(self._answer(json.loads(line)))

    def _answer(self, request):
        try:
            if request["do"] == "start":
                return self._start(request["name"], request["command"])
            if request["do"] == "signal":
                os.kill(self.services[request["name"]], request["signal"])
            return {"running": sorted(self.services)}
        except KeyError:
            return {"error": "%s does not run" % request["name"]}
        except OSError as error:
            return {"error": str(error)}

    def _start(self, name, command):
        if name in self.services:
            return {"error": "%s runs already" % name}
        with open("/var/log/lab/%s" % name, "ab", buffering=0) as log:
            log.write(b"--- started at %.3f\n" % time.time())
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                                       env=self.environment, start_new_session=True)
        process.returncode = 0   # It is reaped here, with everybody else's orphans.
        self.services[name] = process.pid
        return {"running": sorted(self.services)}

    def _reap(self):
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.services = {name: other for name, other in self.services.items() if other != pid}

    def _tell(self, answer):
        self.control.sendall(json.dumps(answer).encode() + b"\n")


# --- what a boot makes -------------------------------------------------------------------------------------------


def build_files(boot):
    """A new root beside the old one, which is in sight as long as anything is taken from it."""
    namespaces.mount(None, "/", None, namespaces.RECURSIVE | namespaces.PRIVATE)
    folder = boot["folder"]
    root = folder + "/root"
    os.makedirs(root, exist_ok=True)
    namespaces.bind("/", root)
    build_devices(root + "/dev")
    for name in LAYERED:
        lower = ":".join(["%s/%s" % (boot["common"], name), "/" + name])
        upper, work = "%s/upper/%s" % (folder, name), "%s/work/%s" % (folder, name)
        for each in (upper, work, "%s/%s" % (boot["common"], name)):
            os.makedirs(each, exist_ok=True)
        namespaces.mount("overlay", "%s/%s" % (root, name), "overlay", 0,
                         "lowerdir=%s,upperdir=%s,workdir=%s" % (lower, upper, work))
    # Folders in which the host may have things of its own that are nothing to the node.
    for path in boot["own"]:
        os.makedirs(root + path, exist_ok=True)
        namespaces.bind("%s/own%s" % (folder, path), root + path)
    for name, mode in (("run", "755"), ("tmp", "1777")):
        namespaces.mount(name, "%s/%s" % (root, name), "tmpfs", namespaces.NO_SUID | namespaces.NO_DEVICES,
                         "mode=" + mode)
    for path in ("run/lock", "run/lab", "run/resource-agents", "var/log/lab"):
        os.makedirs("%s/%s" % (root, path), exist_ok=True)
    namespaces.bind(folder + "/run", root + "/run/lab")
    namespaces.bind(boot["shared"], root + "/run/lab/shared")
    namespaces.bind(folder + "/log", root + "/var/log/lab")
    build_kernel_files(root, folder, boot["boot_id"])
    os.chdir(root)
    subprocess.run(["pivot_root", ".", "."], check=True)
    namespaces.detach(".")
    os.chdir("/")


def build_devices(target):
    namespaces.mount("dev", target, "tmpfs", namespaces.NO_SUID, "mode=755")
    for name in DEVICES:
        with open("%s/%s" % (target, name), "w"):
            pass
        namespaces.bind("/dev/" + name, "%s/%s" % (target, name))
    for name, kind, options in (("shm", "tmpfs", "mode=1777"),
                                ("pts", "devpts", "newinstance,ptmxmode=0666,mode=620")):
        os.mkdir("%s/%s" % (target, name))
        namespaces.mount(name, "%s/%s" % (target, name), kind, namespaces.NO_SUID, options)
    for name, source in (("ptmx", "pts/ptmx"), ("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"),
                         ("stderr", "fd/2")):
        os.symlink(source, "%s/%s" % (target, name))


def build_kernel_files(root, folder, boot_id):
    harmless = namespaces.NO_SUID | namespaces.NO_DEVICES | namespaces.NO_PROGRAMS
    namespaces.mount("proc", root + "/proc", "proc", harmless)
    namespaces.mount("sysfs", root + "/sys", "sysfs", harmless | namespaces.READ_ONLY)
    # The kernel's own is the same for all nodes and all their boots.
    with open(folder + "/boot_id", "w") as file:
        file.write(boot_id + "\n")
    namespaces.bind(folder + "/boot_id", root + "/proc/sys/kernel/random/boot_id")
    # Who fences itself by the magic key must not reach the real machine.
    if os.path.exists(root + "/proc/sysrq-trigger"):
        namespaces.bind("/dev/null", root + "/proc/sysrq-trigger")


def raise_interfaces(boot):
    lines = ["link set lo up"]
    for link in range(boot["links"]):
        lines += ["addr add %s/24 brd + dev eth%d" % (network.address(boot["number"], link), link),
                  "link set eth%d up" % link]
    network.batch("ip", lines)


def new_boot_id():
    return str(uuid.uuid4())


if __name__ == "__main__":
    keep(int(sys.argv[1]), int(sys.argv[2]))
