"""A crowd at the control socket does not hold up a recovery: idle connections, readers in a loop, who never reads.

A group of one with an agent of its own. A service is taken away again and again, and what counts is how long picketd
takes to start it anew, alone and beside the crowd. Prints `skipped: …` where picketd cannot run.
"""
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

AGENT = """#!/bin/sh
case $1 in
  start) : >"$OCF_RESKEY_state" ;;
  stop) rm -f "$OCF_RESKEY_state" ;;
  monitor) [ -e "$OCF_RESKEY_state" ] || exit 7 ;;
  meta-data) echo '<resource-agent name="Tiny"><actions><action name="start"/></actions></resource-agent>' ;;
esac
"""
POLICY = """<cib crm_feature_set="3.19.0" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
<configuration><crm_config><cluster_property_set id="cib-bootstrap-options">
<nvpair id="o1" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>
<nodes><node id="1" uname="here"/></nodes><resources>
<primitive id="web" class="ocf" provider="picket-test" type="Tiny">
<instance_attributes id="web-i"><nvpair id="web-s" name="state" value="%s/web"/></instance_attributes>
<operations><op id="web-m" name="monitor" interval="1s" timeout="60s"/></operations></primitive>
</resources><constraints/></configuration></cib>
"""
READERS = 8
IDLE = 128
# Beside that there is the machine, which may be busy with something else.
SLACK_S = 1.0


class Crowd:
    def __init__(self, path):
        self.path, self.ends, self.answers = path, False, 0
        self.idle = [self.connect() for _ in range(IDLE)]
        self.deaf = self.connect()
        self.deaf.setblocking(False)
        try:
            self.deaf.send(b'{"verb":"status"}\n' * 2000)
        except BlockingIOError:
            pass
        self.threads = [threading.Thread(target=self.read, daemon=True) for _ in range(READERS)]
        for thread in self.threads:
            thread.start()

    def connect(self):
        client = socket.socket(socket.AF_UNIX)
        client.connect(self.path)
        return client

    def read(self):
        while not self.ends:
            try:
                client = self.connect()
                client.sendall(b'{"verb":"status"}\n')
                while b"\n" not in client.recv(65536):
                    pass
                self.answers += 1
            except OSError:
                pass

    def close(self):
        self.ends = True
        for thread in self.threads:
            thread.join(10)


def recoveries(state, count):
    """How long each takes, from the service's end to its start, sorted."""
    times = []
    for _ in range(count):
        began = time.monotonic()
        os.remove(state)
        while not os.path.exists(state):
            time.sleep(0.005)
            assert time.monotonic() - began < 60, "the service never comes back"
        times.append(time.monotonic() - began)
        time.sleep(0.3)
    return sorted(times)


def play(folder, binaries):
    os.makedirs(folder + "/ocf/resource.d/picket-test")
    with open(folder + "/ocf/resource.d/picket-test/Tiny", "w", encoding="ascii") as file:
        file.write(AGENT)
    os.chmod(file.name, 0o755)
    with open(folder + "/policy.xml", "w", encoding="ascii") as file:
        file.write(POLICY % folder)
    daemon = subprocess.Popen(
        [binaries + "/runtime/daemon/picketd", "--local", folder + "/policy.xml", "--dir", folder + "/dir", "--node",
         "here", "--ocf-root", folder + "/ocf", "--agent-tool", binaries + "/runtime/attributes/picket-agent-tool"],
        stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while not os.path.exists(folder + "/web"):
            assert time.monotonic() < end, "the service never starts"
            time.sleep(0.05)
        mode = os.stat(folder + "/dir/run/control").st_mode & 0o777
        assert mode in (0o600, 0o660), "the socket is not for everybody: %o" % mode
        time.sleep(1)
        alone = recoveries(folder + "/web", 5)
        crowd = Crowd(folder + "/dir/run/control")
        beside = recoveries(folder + "/web", 5)
        crowd.close()
        print("alone %s s, beside a crowd that got %d answers %s s" % (
            " ".join("%.2f" % each for each in alone), crowd.answers, " ".join("%.2f" % each for each in beside)))
        assert crowd.answers > 0, "readers are answered"
        assert beside[2] <= alone[2] + SLACK_S, "the median recovery is later by no more than a second"
        began = time.monotonic()
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(30)
        assert time.monotonic() - began < 10, "a stop is not held up by those who do not read"
    finally:
        daemon.kill()
        daemon.wait()


def main():
    binaries = os.path.realpath(sys.argv[1] if len(sys.argv) > 1 else ".")
    folder = tempfile.mkdtemp(prefix="picket-crowd-", dir="/tmp")
    try:
        play(folder, binaries)
    finally:
        shutil.rmtree(folder)
    print("ok")


if __name__ == "__main__":
    main()
