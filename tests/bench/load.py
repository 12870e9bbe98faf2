"""What picketd itself costs with many small resources, each monitored every ten seconds.

    load.py BINARIES [--resources N…] [--seconds S] [--interval S]

A group of one on this machine, with an agent that does next to nothing. For each number of resources: how long until
all run, and then, for so many seconds, picketd's own CPU as a share of one core (its agents are not counted), its
memory and how many monitors ended. It is a measurement, and no test; what else runs on the machine makes it wait
longer, and does not add to its CPU.
"""
import argparse
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

AGENT = """#!/bin/sh
case $1 in
  start) : >"$OCF_RESKEY_state" ;;
  stop) rm -f "$OCF_RESKEY_state" ;;
  monitor) [ -e "$OCF_RESKEY_state" ] || exit 7; printf . >>"$OCF_RESKEY_count" ;;
  meta-data) echo '<resource-agent name="Tiny"><actions><action name="start"/></actions></resource-agent>' ;;
esac
"""


def policy(count, folder, interval_s):
    one = """<primitive id="r%(n)d" class="ocf" provider="picket-test" type="Tiny">
<instance_attributes id="r%(n)d-i"><nvpair id="r%(n)d-s" name="state" value="%(folder)s/r%(n)d"/>
<nvpair id="r%(n)d-c" name="count" value="%(folder)s/count"/></instance_attributes>
<operations><op id="r%(n)d-m" name="monitor" interval="%(interval)ds" timeout="60s"/></operations></primitive>"""
    resources = "".join(one % {"n": n, "folder": folder, "interval": interval_s} for n in range(count))
    return """<cib crm_feature_set="3.19.0" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
<configuration><crm_config><cluster_property_set id="cib-bootstrap-options">
<nvpair id="o1" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>
<nodes><node id="1" uname="here"/></nodes><resources>%s</resources><constraints/></configuration></cib>
""" % resources


def seconds_of(stat):
    """The CPU seconds that a line of /proc/PID/stat tells."""
    fields = stat.rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_s(pid):
    with open("/proc/%d/stat" % pid, encoding="ascii", errors="replace") as file:
        return seconds_of(file.read())


def memory_mb(pid):
    with open("/proc/%d/status" % pid, encoding="ascii", errors="replace") as file:
        return [int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS")][0]


def measure(binaries, count, seconds, interval_s):
    folder = tempfile.mkdtemp(prefix="picket-load-", dir="/root" if os.geteuid() == 0 else None)
    os.makedirs(folder + "/ocf/resource.d/picket-test")
    os.mkdir(folder + "/dir")
    agent = folder + "/ocf/resource.d/picket-test/Tiny"
    with open(agent, "w", encoding="ascii") as file:
        file.write(AGENT)
    os.chmod(agent, 0o755)
    with open(folder + "/policy.xml", "w", encoding="ascii") as file:
        file.write(policy(count, folder, interval_s))
    daemon = subprocess.Popen(
        [binaries + "/runtime/daemon/picketd", "--local", folder + "/policy.xml", "--dir", folder + "/dir", "--node",
         "here", "--ocf-root", folder + "/ocf", "--agent-tool", binaries + "/runtime/attributes/picket-agent-tool"],
        stderr=subprocess.DEVNULL)
    try:
        began = time.time()
        while len([name for name in os.listdir(folder) if name.startswith("r")]) < count:
            time.sleep(0.1)
            if time.time() - began > 600:
                return None
        settled_s, settling_cpu_s = time.time() - began, cpu_s(daemon.pid)
        time.sleep(min(2 * interval_s, seconds))
        count_file = folder + "/count"
        before = cpu_s(daemon.pid), os.path.getsize(count_file), time.time()
        time.sleep(seconds)
        took = time.time() - before[2]
        return {"resources": count, "running after s": round(settled_s, 1),
                "CPU s until then": round(settling_cpu_s, 2),
                "CPU % of a core": round((cpu_s(daemon.pid) - before[0]) / took * 100, 2),
                "monitors per s": round((os.path.getsize(count_file) - before[1]) / took, 1),
                "MB": round(memory_mb(daemon.pid), 1)}
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait()
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binaries", help="the folder with cli/picket and so on")
    parser.add_argument("--resources", type=int, nargs="*", default=[10, 100, 400, 1000])
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--interval", type=int, default=10)
    options = parser.parse_args()
    for count in options.resources:
        print(json.dumps(measure(os.path.realpath(options.binaries), count, options.seconds, options.interval)),
              flush=True)


if __name__ == "__main__":
    main()
