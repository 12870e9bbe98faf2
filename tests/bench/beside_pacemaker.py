"""What picketd costs beside Pacemaker, in the same lab, with the same agents and the same configuration.

    beside_pacemaker.py BINARIES [--resources N…] [--seconds S] [--interval S] [--engines ENGINE…]

One node. For each engine and each number of resources, all at once: how long until all of them run, and then, for so
many seconds, the CPU of the engine's own daemons as a share of one core. Corosync and the agents are not counted. The
agent does next to nothing; each resource has a monitor. It is a measurement, and no test. It needs root.
"""
import argparse
import os
import subprocess
import tempfile
import time

import load

POLICY = """cluster load { transport = knet; link lan }
node n1 { id=1; link lan 192.0.2.1 }
property fencing-enabled=no no-quorum-policy=ignore
primitive first ocf:pacemaker:Dummy { op monitor interval=60s timeout=20s }
"""
FOLDER = "/run/load"
AGENT = "/usr/lib/ocf/resource.d/picket-test/Tiny"
# Of each of the engine's daemons: its line of CPU time, and its memory in pages.
USED = """for folder in /proc/[0-9]*; do
  read -r name 2>/dev/null < $folder/comm || continue
  case $name in picketd|pacemaker*) cat $folder/stat; echo "MEMORY $(cat $folder/statm)" ;; esac
done 2>/dev/null"""


class Lab:
    def __init__(self, binaries, engine):
        self.picket = binaries + "/cli/picket"
        self.engine = engine
        self.folder = tempfile.mkdtemp(prefix="picket-load-")
        with open(self.folder + "/load.picket", "w", encoding="ascii") as file:
            file.write(POLICY)
        self.lab("up", "--quiet", self.folder + "/load.picket", "--engine", engine)
        self.on_node("mkdir -p %s && cat > %s && chmod 755 %s" % (os.path.dirname(AGENT), AGENT, AGENT), load.AGENT)

    def lab(self, *words):
        subprocess.run([self.picket, "lab", *words], check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def on_node(self, script, given=""):
        return subprocess.run([self.picket, "lab", "exec", "n1", "--", "sh", "-c", script], input=given, text=True,
                              stdout=subprocess.PIPE, check=False, cwd=self.folder).stdout

    def configure(self, count, interval_s):
        cib = load.policy(count, FOLDER, interval_s).replace('uname="here"', 'uname="n1"')
        if self.engine == "picket":
            self.on_node("cat > /run/load.xml; picket apply /run/load.xml --to picket --yes", cib)
            return
        resources = cib[cib.index("<resources>"):cib.index("<constraints/>")]
        self.on_node("cat > /run/load.xml; cibadmin --replace --scope resources --xml-file /run/load.xml", resources)

    def running(self):
        return int(self.on_node("ls %s | grep -c ^r" % FOLDER).strip() or 0)

    def used(self):
        """CPU seconds and megabytes of the daemons."""
        cpu_s = pages = 0
        for line in self.on_node(USED).splitlines():
            words = line.split()
            if words[0] == "MEMORY":
                pages += int(words[2]) if len(words) > 2 else 0  # it may have ended meanwhile
            elif ")" in line:
                cpu_s += load.seconds_of(line)
        return cpu_s, pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)

    def down(self):
        self.lab("down")


def measure(binaries, engine, count, options):
    lab = Lab(binaries, engine)
    try:
        lab.on_node("mkdir -p " + FOLDER)
        began = time.monotonic()
        lab.configure(count, options.interval)
        while lab.running() < count:
            if time.monotonic() - began > options.patience:
                return "%d of %d after %d s" % (lab.running(), count, options.patience)
            time.sleep(0.2)
        settled_s = time.monotonic() - began
        time.sleep(2 * options.interval)
        before, began = lab.used()[0], time.monotonic()
        time.sleep(options.seconds)
        after, memory_mb = lab.used()
        share = (after - before) / (time.monotonic() - began) * 100
        return "%5.1f s until all run, then %5.2f %% of a core, %4.0f MB" % (settled_s, share, memory_mb)
    finally:
        lab.down()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binaries", help="the folder with cli/picket and so on")
    parser.add_argument("--resources", type=int, nargs="*", default=[10, 100, 400, 1000])
    parser.add_argument("--engines", nargs="*", default=["picket", "pacemaker"])
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--interval", type=int, default=10)
    parser.add_argument("--patience", type=float, default=600, help="until all run, in seconds")
    options = parser.parse_args()
    for count in options.resources:
        for engine in options.engines:
            print("%5d resources, %-9s  %s" % (count, engine, measure(os.path.realpath(options.binaries), engine, count,
                                                                     options)), flush=True)


if __name__ == "__main__":
    main()
