#!/usr/bin/python3 -B
"""A lab by hand: nodes with Corosync and picketd (or Pacemaker), and a prompt to do things to them.

    bazel build //cli:picket //runtime/daemon:picketd //runtime/attributes:picket-agent-tool
    tests/live/by_hand.py                          three nodes, as root; `help` says what can be done
    echo 'on' | tests/live/by_hand.py --bare       commands from a pipe, nothing but Corosync in the nodes

All of it goes when the prompt does.
"""
import argparse
import cmd
import os
import shlex
import subprocess
import sys

import cluster as cluster_module
import engines
import records

ROOT = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../bazel-bin")


class Bare:
    """No engine: Corosync alone."""
    name = "bare"
    programs = ()

    def boot(self, lab, node):
        pass


class Prompt(cmd.Cmd):
    prompt = "lab> " if sys.stdin.isatty() else ""

    def __init__(self, cluster):
        super().__init__()
        self.cluster, self.lab = cluster, cluster.lab

    def onecmd(self, line):
        try:
            return super().onecmd(line)
        except (cluster_module.Failed, cluster_module.lab_module.LabError, KeyError, ValueError) as error:
            print("%s: %s" % (type(error).__name__, error))

    def emptyline(self):
        pass

    def _each(self, line):
        return shlex.split(line) or self.cluster.names

    def do_on(self, line):
        """on [NODE …]: boots nodes, all if none is named"""
        self.lab.power_on(*self._each(line))

    def do_off(self, line):
        """off [NODE …]: cuts the power"""
        self.lab.power_off(*self._each(line))

    def do_pause(self, line):
        """pause NODE: every process of it stands still"""
        self.lab.pause(line)

    def do_resume(self, line):
        """resume NODE"""
        self.lab.resume(line)

    def do_partition(self, line):
        """partition n1 / n2 n3: groups that do not hear one another"""
        self.lab.partition(*[group.split() for group in line.split("/")])

    def do_heal(self, _):
        """heal: everybody hears everybody"""
        self.lab.heal()

    def do_do(self, line):
        """do NODE COMMAND …: runs it in the node; `client` is outside, on the same links"""
        node, *command = shlex.split(line)
        status, output = self.lab.client(command) if node == "client" else self.lab.run(node, command)
        print(output, end="" if output.endswith("\n") else "\n")
        if status:
            print("exit status %d" % status)

    def do_shell(self, line):
        """shell NODE: a shell in it"""
        subprocess.run(["nsenter", "-t", str(self.lab.process(line)), "-m", "-u", "-i", "-n", "-p", "-w/", "--",
                        "bash", "--norc"], check=False)

    def do_start(self, line):
        """start NODE SERVICE COMMAND …: a daemon, whose output is a log"""
        node, service, *command = shlex.split(line)
        self.lab.start(node, service, command)

    def do_signal(self, line):
        """signal NODE SERVICE NUMBER"""
        node, service, number = shlex.split(line)
        self.lab.signal(node, service, int(number))

    def do_log(self, line):
        """log NODE SERVICE: its last lines; the services are corosync, picketd, syslog, boot"""
        node, service = shlex.split(line)
        print(engines.tail(service, self.lab.log(node, service)))

    def do_switch(self, line):
        """switch OPERATION RESOURCE [hang|sleep N|fail RC]: how a Recorder misbehaves; without the last: no more"""
        operation, resource, *what = shlex.split(line)
        self.cluster.switch(operation, resource, " ".join(what) or None)

    def do_fail(self, line):
        """fail [DEVICE …]: these fence devices fail, and no others"""
        self.lab.failing_devices = set(shlex.split(line))

    def do_apply(self, line):
        """apply [FILE]: a policy in force; without one, that of the tests"""
        if line:
            with open(line, encoding="utf-8") as file:
                policy = file.read()
        else:
            policy = self.cluster.policy(cluster_module.FRONT + cluster_module.BACK)
        self.cluster.apply(policy, self.cluster.on()[0])

    def do_records(self, _):
        """records: what the agents wrote down, and what is wrong with it"""
        runs = records.read(self.lab.shared + "/records")
        for run in runs:
            if run.interval_ms == 0:
                print("%s: %d" % (run, run.rc))
        print("\n".join(records.complaints(runs, self.lab.history)))

    def do_quit(self, _):
        """quit: the end of all"""
        return True

    do_EOF = do_quit


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("nodes", type=int, nargs="?", default=3)
    parser.add_argument("--engine", choices=list(engines.ENGINES), default="picket")
    parser.add_argument("--bare", action="store_true", help="no engine, Corosync alone")
    parser.add_argument("--binaries", default=ROOT, help="the folder with cli/picket and so on")
    parser.add_argument("--token", type=int, default=1000, help="milliseconds")
    options = parser.parse_args()
    missing = cluster_module.missing()
    if missing:
        sys.exit("there can be no lab: " + missing)
    engine = Bare() if options.bare else engines.ENGINES[options.engine](engines.binaries(options.binaries))
    names = ["n%d" % number for number in range(1, options.nodes + 1)]
    Prompt(cluster_module.Cluster(names, engine, options.token)).cmdloop()
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
