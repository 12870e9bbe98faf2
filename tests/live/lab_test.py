"""The lab itself: what hangs on it goes with it, even where it is killed and a node stands still.

Prints `skipped: …` where there cannot be a lab.
"""
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)) + "/../../cli/lab")

import lab as lab_module  # noqa: E402


def outside():
    """What a lab must not change."""
    with open("/proc/self/mounts", encoding="utf-8") as file:
        mounts = file.read()
    return mounts, subprocess.run(["ip", "-o", "link"], stdout=subprocess.PIPE, text=True, check=True).stdout


def make_and_stand_still(pipe):
    lab = lab_module.Lab(["n1", "n2"])
    lab.power_on("n1", "n2")
    lab.start("n1", "sleeper", ["sleep", "1000"])
    lab.pause("n2")
    os.write(pipe, " ".join(str(lab.process(name)) for name in lab.names).encode())
    signal.pause()


def a_lab_that_is_killed_leaves_nothing():
    before = outside()
    come, go = os.pipe()
    child = os.fork()
    if child == 0:
        make_and_stand_still(go)
    os.close(go)
    pids = os.read(come, 200).decode().split()
    assert len(pids) == 2 and all(os.path.exists("/proc/" + pid) for pid in pids), "two nodes are up: %s" % pids
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    end = time.monotonic() + 30
    while any(os.path.exists("/proc/" + pid) for pid in pids):
        assert time.monotonic() < end, "a node outlives its lab"
        time.sleep(0.05)
    assert outside() == before, "mounts and links are as before"


def power_and_network():
    with lab_module.Lab(["n1", "n2"]) as lab:
        lab.power_on("n1", "n2")
        _, first = lab.run("n1", ["cat", "/proc/sys/kernel/random/boot_id"])
        lab.run("n1", ["touch", "/var/kept", "/run/lost"])
        assert lab.run("n1", ["hostname"]) == (0, "n1\n"), "a node has its own name"
        assert lab.answers("10.77.0.1") and lab.answers("10.77.1.2"), "all links carry"
        assert hears(lab, "n1", "10.77.0.2"), "nodes hear one another"
        lab.partition(["n1"], ["n2"])
        assert not hears(lab, "n1", "10.77.0.2"), "parted nodes do not"
        assert lab.answers("10.77.0.1") and lab.answers("10.77.0.2"), "the client hears both"
        lab.heal()
        assert hears(lab, "n1", "10.77.0.2"), "until it heals"
        assert fence(lab, "n2", "reboot", "n1") == 0, "a node can be fenced"
        _, second = lab.run("n1", ["cat", "/proc/sys/kernel/random/boot_id"])
        assert first != second, "each boot has an id of its own"
        assert lab.run("n1", ["ls", "/var/kept"])[0] == 0, "what is in /var is kept"
        assert lab.run("n1", ["ls", "/run/lost"])[0] != 0, "what is in /run is not"
        lab.failing_devices.add("power")
        assert fence(lab, "n2", "off", "n1") == 1 and lab.is_on("n1"), "a device can be made to fail"
        lab.failing_devices.clear()
        lab.pause("n1")
        assert fence(lab, "n2", "off", "n1") == 0 and not lab.is_on("n1"), "a node that stands still can be fenced"
        assert not lab.answers("10.77.0.1"), "a node that is off is silent"


def hears(lab, node, address):
    script = "import socket; s = socket.socket(); s.settimeout(1); print(s.connect_ex((%r, 9)))" % address
    return lab.run(node, ["/usr/bin/python3", "-BSc", script])[1].strip() == "111"


def fence(lab, node, action, target):
    return lab.run(node, ["sh", "-c", "printf 'action=%s\\nplug=%s\\n' | fence_lab" % (action, target)])[0]


def main():
    missing = lab_module.missing()
    if missing:
        print("skipped: " + missing)
        return
    a_lab_that_is_killed_leaves_nothing()
    power_and_network()
    print("ok")


if __name__ == "__main__":
    main()
