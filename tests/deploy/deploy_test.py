"""`picket plan`, `apply --to pacemaker`, `drift` and `rollback` on a real Pacemaker, in a lab of three nodes.

    deploy_test.py PICKET [--full] [-k WORD] [--keep]

The counts are small, for CI; --full plays what docs/deploy.md promises: every change, 60 races, 40 applies under load.
Exit status: 0 all is well or there can be no lab here, 1 something is wrong.
"""
import argparse
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import bad_days
import changes
import more_changes

NAME = "deploy-test-%d" % os.getpid()
NO_LAB = 3


Wrong = bad_days.Wrong


class Cluster:
    def __init__(self, picket):
        self.picket = picket
        self.folder = tempfile.mkdtemp(prefix="picket-deploy-")
        os.environ.update(LAB_NAME=NAME, PICKET_SSH=picket + " lab exec", XDG_STATE_HOME=self.folder + "/state")

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def run(self, *words, stdin=None):
        return subprocess.run([self.picket, *words], input=stdin, capture_output=True, text=True, check=False)

    def good(self, *words, status=0):
        done = self.run(*words)
        if done.returncode != status:
            raise Wrong("picket %s ends with %d:\n%s%s" %
                        (shlex.join(words), done.returncode, done.stdout, done.stderr))
        return done.stdout

    def apply(self, path, *more, status=0):
        return self.good("apply", path, "--to", "pacemaker", "--host", "n1", "--yes", *more, status=status)

    def plan(self, path, *more, status=0):
        return self.good("plan", path, "--host", "n1", *more, status=status)

    def node(self, name, *words):
        done = self.run("lab", "exec", name, "--", *words)
        if done.returncode != 0:
            raise Wrong("%s on %s: %s" % (shlex.join(words), name, done.stderr))
        return done.stdout

    def cib(self):
        return self.node("n1", "cibadmin", "--query")


need = bad_days.need


two = bad_days.two


def every_change(cluster, full):
    """What is foretold is done, action by action, and nothing is left to do after it."""
    steps = [*changes.steps(), *more_changes.steps()]
    for number, (what, policy) in enumerate(steps if full else steps[:7] + steps[13:18]):
        path = cluster.write("change.picket", policy)
        told = cluster.apply(path, "--wait", "120")
        need("%s:\n%s" % (what, told), "done as foretold" in told or number == 0 or "nothing to do" in told)
        cluster.plan(path)
        print("    %s" % what, flush=True)


def drift(cluster, _):
    """What others do behind our back is told line by line, taken over into the policy, and taken back."""
    path = cluster.write("drift.picket", two())
    cluster.apply(path, "--wait", "60")
    cluster.good("drift", path, "--host", "n1")
    for words in (["crm_attribute", "--name", "cluster-recheck-interval", "--update", "9min"],
                  ["crm_attribute", "--type", "nodes", "--node", "n2", "--name", "site", "--update", "b"],
                  ["crm_resource", "-r", "web", "--set-parameter", "priority", "--meta", "-v", "5"],
                  ["cibadmin", "--create", "--scope", "resources", "--xml-text",
                   '<primitive id="theirs" class="ocf" provider="pacemaker" type="Dummy"/>'],
                  ["cibadmin", "--delete", "--xpath", "//op[@id='db-monitor-interval-10s']"]):
        cluster.node("n1", *words)
    lines = {line["what"]: line for line in
             json.loads(cluster.good("drift", path, "--host", "n1", "--format", "json", status=5))["drift"]}
    wanted = {"crm_config/cluster_property_set/cluster-recheck-interval": (None, "9min"),
              "node n2/instance_attributes/site": (None, "b"),
              "primitive web/meta_attributes/priority": (None, "5"),
              "primitive theirs": (None, "there")}
    for what, (declared, live) in wanted.items():
        need("%s in %s" % (what, sorted(lines)), what in lines)
        need(str(lines[what]), (lines[what]["declared"], lines[what]["live"]) == (declared, live))
    need(str(sorted(lines)), len(lines) == 5)
    adopted = cluster.write("adopted.picket", two())
    cluster.good("drift", adopted, "--host", "n1", "--adopt")
    cluster.good("drift", adopted, "--host", "n1")
    cluster.good("fmt", "--check", adopted)
    cluster.good("drift", path, "--host", "n1", "--revert", "--yes", "--wait", "60")
    cluster.good("drift", path, "--host", "n1")


def rollback(cluster, _):
    """The last apply is taken back, unless what it changed has been changed since."""
    old, new = cluster.write("old.picket", two()), cluster.write("new.picket", two(web="fake=new;"))
    cluster.apply(old, "--wait", "60")
    cluster.apply(new, "--wait", "60")
    cluster.good("rollback", "--host", "n1", "--yes", "--wait", "60")
    cluster.plan(old)
    cluster.apply(new, "--wait", "60")
    cluster.node("n1", "crm_resource", "-r", "web", "--set-parameter", "fake", "-v", "theirs")
    cluster.good("rollback", "--host", "n1", "--yes", status=1)
    need("theirs is kept", "theirs" in cluster.cib())


def races(cluster, full):
    """Of two plans that were made for the same configuration one comes in force, and the other changes nothing."""
    cluster.apply(cluster.write("begin.picket", two()), "--wait", "60")
    for number in range(60 if full else 6):
        plans = []
        for who in ("web", "db"):
            path = cluster.write(who + ".picket", two(**{who: "fake=r%d;" % number}))
            plans.append(os.path.join(cluster.folder, who + ".json"))
            cluster.plan(path, "-o", plans[-1], status=5)
        runs = [subprocess.Popen([cluster.picket, "apply", plan, "--host", "n1", "--yes"], stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True) for plan in plans]
        told = [run.communicate()[0] for run in runs]
        ends = [run.returncode for run in runs]
        need("race %d: %s\n%s" % (number, ends, "\n".join(told)), sorted(ends) == [0, 1])
        winner = ("web", "db")[ends.index(0)]
        cluster.plan(os.path.join(cluster.folder, winner + ".picket"))


def others(cluster, full):
    """What somebody else changes elsewhere while we apply is not lost, and does not stop us."""
    for number in range(20 if full else 4):
        path = cluster.write("mine.picket", two(web="fake=o%d;" % number))
        run = subprocess.Popen([cluster.picket, "apply", path, "--to", "pacemaker", "--host", "n1", "--yes"],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        time.sleep(random.uniform(0, 0.8))
        cluster.node("n2", "crm_attribute", "--name", "other%d" % number, "--update", "x")
        told = run.communicate()[0]
        need("apply %d: %s" % (number, told), run.returncode == 0)
        cib = cluster.cib()
        need("both of %d" % number, 'name="other%d"' % number in cib and 'value="o%d"' % number in cib)


def under_load(cluster, full):
    """Changes of the status, ten a second, do not make an apply fail."""
    stop = threading.Event()

    def churn():
        # One process that does it all: starting one each time would be slower.
        script = "i=0; while :; do i=$((i+1)); attrd_updater -n churn -U $i -d 0; sleep 0.1; done"
        process = subprocess.Popen([cluster.picket, "lab", "exec", "n2", "--", "sh", "-c", script],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stop.wait()
        process.kill()

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        for number in range(40 if full else 5):
            cluster.apply(cluster.write("load.picket", two(db="fake=l%d;" % number)))
    finally:
        stop.set()
        thread.join()
        cluster.run("lab", "exec", "n2", "--", "sh", "-c", "for p in /proc/[0-9]*; do grep -q attrd_updater $p/cmdline "
                    "&& kill ${p#/proc/}; done 2>/dev/null; attrd_updater -n churn -D")
    need("the load was there", True)


def killed(cluster, full):
    """An apply that is killed has done all or nothing, and the next one goes on."""
    texts = [two(web="fake=k0;"), two(web="fake=k1;", db="fake=k1;")]
    paths = [cluster.write("k%d.picket" % i, text) for i, text in enumerate(texts)]
    cluster.apply(paths[0])
    for number in range(30 if full else 6):
        target = paths[(number + 1) % 2]
        run = subprocess.Popen([cluster.picket, "apply", target, "--to", "pacemaker", "--host", "n1", "--yes"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(0.05, 2.0))
        run.kill()
        run.wait()
        ends = sorted(cluster.run("plan", path, "--host", "n1").returncode for path in paths)
        need("killed %d: %s" % (number, ends), ends == [0, 5])
        cluster.apply(target)
        cluster.plan(target)


def partition(cluster, _):
    """A part without quorum takes nothing; what the others took is there when it comes back."""
    path = cluster.write("part.picket", two(web="fake=part;"))
    cluster.good("lab", "partition", "n1,n2/n3")
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end and 'have-quorum="0"' not in cluster.node("n3", "cibadmin", "--query", "--local"):
            time.sleep(0.3)
        done = cluster.run("apply", path, "--to", "pacemaker", "--host", "n3", "--yes")
        need("n3 refuses: %d %s" % (done.returncode, done.stderr), done.returncode == 3 and "no quorum" in done.stderr)
        cluster.apply(path, "--wait", "60")
    finally:
        cluster.good("lab", "heal")
    end = time.monotonic() + 60
    while time.monotonic() < end and cluster.run("plan", path, "--host", "n3").returncode != 0:
        time.sleep(0.5)
    cluster.good("plan", path, "--host", "n3")


def secrets(cluster, _):
    """A secret arrives, and is nowhere else."""
    folder = os.path.join(cluster.folder, "secrets")
    os.makedirs(folder, exist_ok=True)
    with open(os.open(folder + "/web", os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
        file.write("very-hush\n")
    cluster.apply(cluster.write("plain.picket", two()), "--wait", "60")
    path = cluster.write("secret.picket", two(web='fake=secret("web");'))
    kept = os.path.join(cluster.folder, "secret.json")
    told = cluster.plan(path, "-o", kept, status=5)
    refused = cluster.run("apply", path, "--to", "pacemaker", "--host", "n1", "--yes")
    need("without its value: %s" % refused.stderr, refused.returncode == 2 and "--secrets" in refused.stderr)
    told += cluster.good("apply", kept, "--host", "n1", "--yes", "--secrets", folder)
    need("it is there", "very-hush" in cluster.cib())
    told += cluster.plan(path) + cluster.plan(path, "--secrets", folder)
    for root, _, files in os.walk(cluster.folder):
        for path in (os.path.join(root, name) for name in files):
            if path != folder + "/web" and not os.path.islink(path):
                with open(path, encoding="utf-8", errors="replace") as file:
                    told += file.read()
    need("nowhere else", "very-hush" not in told)


def guide(cluster, _):
    """The commands of docs/deploy.md, from a live cluster to a policy, as they stand there."""
    cluster.apply(cluster.write("begin.picket", two()), "--wait", "60")
    here = os.path.dirname(os.path.realpath(__file__))
    with open(os.path.join(here, "..", "..", "docs", "deploy.md"), encoding="utf-8") as file:
        text = file.read().split("## From a live cluster")[1].split("\n## ")[0]
    commands = [line[6:] for line in text.splitlines() if line.startswith("    $ ")]
    need("the guide has its commands", len(commands) >= 8)
    folder = os.path.join(cluster.folder, "guide")
    os.makedirs(folder)
    os.symlink(cluster.picket, os.path.join(folder, "picket"))
    author = {"GIT_%s_%s" % (who, what): "a@example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = dict(os.environ, PATH=folder + ":" + os.environ["PATH"], HOME=folder, **author)
    policy, web, changed = os.path.join(folder, "cluster.picket"), "primitive web ocf:pacemaker:Dummy {", False
    for command in commands:
        if "plan.json" in command and not changed:
            changed = True     # "Change something".
            with open(policy, encoding="utf-8") as file:
                text = file.read()
            need("web is in " + text, web in text)
            cluster.write("guide/cluster.picket", text.replace(web, web + "\n  fake=guide\n"))
        words = command.replace("ha1", "n1") + (" --yes" if " apply " in command else "")  # A person is asked.
        done = subprocess.run(["sh", "-c", words], cwd=folder, env=environment, capture_output=True, text=True,
                              check=False)
        expected = 5 if " -o plan.json" in words else 0
        need("%s ends with %d:\n%s%s" % (words, done.returncode, done.stdout, done.stderr),
             done.returncode == expected)


# What is played each time; a Pacemaker that restarts again and again is played with --full or by its name (-k).
TESTS = (guide, every_change, drift, rollback, secrets, races, others, under_load, killed, partition, *bad_days.TESTS)
FULL_ONLY = (bad_days.restarting,)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("picket")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("-k", dest="only", default="")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    cluster = Cluster(os.path.realpath(options.picket))
    first = cluster.write("first.picket", next(changes.steps())[1])
    up = cluster.run("lab", "up", first, "--engine", "pacemaker", "--name", NAME)
    if up.returncode == NO_LAB:
        print(up.stdout.strip() or "skipped: there can be no lab here")
        return 0
    if up.returncode != 0:
        print(up.stdout + up.stderr)
        return 1
    failed = 0
    try:
        for test in TESTS:
            if options.only not in test.__name__ or (test in FULL_ONLY and not options.full and not options.only):
                continue
            began = time.monotonic()
            try:
                test(cluster, options.full)
                print("PASS  %s (%.0f s)" % (test.__name__, time.monotonic() - began), flush=True)
            except Wrong as wrong:
                failed += 1
                print("FAIL  %s: %s" % (test.__name__, wrong), flush=True)
    finally:
        if not options.keep:
            cluster.run("lab", "down")
            shutil.rmtree(cluster.folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
