"""`plan`, `apply`, `drift` and `rollback` with Pacemaker's own cibadmin on a CIB in a file: no cluster, no root.

    file_test.py PICKET

From every policy of changes.py to the next, and to others in any order: what cibadmin makes of the patch is what was
meant. Skipped where cibadmin is not installed.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import changes
import more_changes

NODES = "".join('<node id="%d" uname="n%d"/>' % (n, n) for n in (1, 2, 3))
EMPTY = ('<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.7" admin_epoch="0" epoch="1" num_updates="0">'
         '<configuration><crm_config/><nodes>%s</nodes><resources/><constraints/></configuration><status/></cib>'
         % NODES)


def instead(picket, folder, environment):
    """CIB_shadow before CIB_file, by every verb that reads what is live, as crm_simulate does."""
    os.makedirs(folder + "/shadows", exist_ok=True)
    for name, path in (("in-file", "other.xml"), ("in-shadow", "shadows/shadow.mine")):
        with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
            file.write(EMPTY.replace("<resources/>", '<resources><primitive id="%s" class="ocf" provider="pacemaker" '
                                     'type="Dummy"/></resources>' % name))
    with open(folder + "/t.picket", "w", encoding="utf-8") as file:
        file.write('test "t" {\n  expect count(online) >= 0\n}\n')
    both = dict(environment, CIB_file=folder + "/other.xml", CIB_shadow="mine", CIB_shadow_dir=folder + "/shadows")
    report = folder + "/report.html"
    for name, env in (("in-file", dict(both, CIB_shadow="")), ("in-shadow", both), ("in-file", {
            key: value for key, value in both.items() if key != "CIB_shadow"})):
        policy = os.path.join(folder, name + ".picket")
        for words, statuses in ((["import", "--live", "-o", policy], (0,)), (["simulate", "-L"], (0,)),
                                (["import", "--live"], (0,)), (["why", name, "--live"], (0,)),
                                (["export", "--live", "--as", "crmsh"], (0,)), (["test", "live:", "--tests", folder +
                                                                               "/t.picket"], (0,)),
                                (["sweep", "--live"], (0, 1)), (["diff", policy, "--live"], (0, 1)),
                                (["report", "--live", "-o", report], (0,)), (["plan", policy], (0,)),
                                (["drift", policy], (0,)), (["apply", policy, "--to", "pacemaker", "--dry-run"], (0,))):
            done = subprocess.run([picket, *words], capture_output=True, text=True, env=env, check=False)
            told = done.stdout + done.stderr
            assert done.returncode in statuses, (words, done)
            other = {"in-file": "in-shadow", "in-shadow": "in-file"}[name]
            assert other not in told.replace(policy, ""), (words, told)
            if words[0] in ("simulate", "why", "export") or words == ["import", "--live"]:
                assert name in told, (words, told)
        simulated = subprocess.run(["crm_simulate", "-L"], capture_output=True, text=True, env=env, check=True)
        assert name in simulated.stdout, simulated
        with open(report, encoding="utf-8") as file:
            assert name in file.read()
    # sudo takes the environment away: what is changed is what was read.
    with open(folder + "/sudo", "w", encoding="utf-8") as file:
        file.write('#!/bin/sh\nshift\nexec env -i PATH="$PATH" "$@"\n')
    os.chmod(folder + "/sudo", 0o755)
    env = dict(both, CIB_shadow="", PATH=folder + ":" + both["PATH"])
    policy = os.path.join(folder, "sudo.picket")
    with open(policy, "w", encoding="utf-8") as file:
        file.write(changes.HEAD % {"n1": ""} + changes.WEB % "")
    done = subprocess.run([picket, "apply", policy, "--to", "pacemaker", "--sudo", "--yes"], capture_output=True,
                          text=True, env=env, check=False)
    with open(folder + "/other.xml", encoding="utf-8") as file:
        assert done.returncode == 0 and 'id="web"' in file.read(), done


def main():
    picket, folder = os.path.realpath(sys.argv[1]), tempfile.mkdtemp(prefix="picket-file-")
    if not shutil.which("cibadmin", path=os.environ.get("PATH", "") + ":/usr/sbin"):
        print("skipped: cibadmin is not installed")
        return 0
    cib = folder + "/cib.xml"
    environment = dict(os.environ, CIB_file=cib, XDG_STATE_HOME=folder, HOME=folder,
                       PATH=os.environ.get("PATH", "") + ":/usr/sbin")

    def write(name, text):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
        return os.path.join(folder, name)

    def run(*words, status=0):
        done = subprocess.run([picket, *words], capture_output=True, text=True, env=environment, check=False)
        if done.returncode != status:
            raise AssertionError("picket %s ends with %d, not %d:\n%s%s" %
                                 (" ".join(words), done.returncode, status, done.stdout, done.stderr))
        return done.stdout

    write("cib.xml", EMPTY)
    steps = [(what, write("p%03d.picket" % number, policy))
             for number, (what, policy) in enumerate([*changes.steps(), *more_changes.steps()])]
    random.seed(7)
    walk = list(range(len(steps))) + [random.randrange(len(steps)) for _ in range(60)]
    for turn, number in enumerate(walk):
        what, path = steps[number]
        try:
            run("apply", path, "--to", "pacemaker", "--yes")
            run("plan", path)
            if turn % 5 == 0:
                # What is imported is what is live.
                run("import", "--live", "-o", folder + "/imported.picket")
                run("plan", folder + "/imported.picket")
        except AssertionError as wrong:
            raise AssertionError(what + ": " + str(wrong)) from wrong
    print("PASS  %d changes" % len(walk))

    # Offline, against a file; and the exit status is that of the list.
    plan = json.loads(run("plan", steps[1][1], "--against", cib, "--format", "json", status=5))
    assert plan["changes"] and plan["format"] == "picket-plan" and plan["version"] == 1, plan
    # A plan that was kept holds as long as what it is about has not changed.
    run("apply", steps[0][1], "--to", "pacemaker", "--yes")
    run("plan", steps[1][1], "-o", folder + "/plan.json", status=5)
    run("apply", steps[2][1], "--to", "pacemaker", "--yes")
    run("apply", folder + "/plan.json", "--yes", status=1)
    write("nonsense.json", '{"format": "picket-plan", "version": 99, "declared": "", "text": ""}')
    run("apply", folder + "/nonsense.json", "--yes", status=2)
    print("PASS  plans")

    instead(picket, folder, environment)
    print("PASS  CIB_file and CIB_shadow")

    # A constraint that gets another id and then goes leaves nothing behind.
    two = changes.HEAD % {"n1": ""} + changes.WEB % "" + changes.DB % ("", "10s")
    run("apply", write("named.picket", two + "colocation mine: db with web\n"), "--to", "pacemaker", "--yes")
    run("apply", write("derived.picket", two + "colocation db with web\n"), "--to", "pacemaker", "--yes")
    run("apply", write("without.picket", two), "--to", "pacemaker", "--yes")
    with open(cib, encoding="utf-8") as file:
        assert "rsc_colocation" not in file.read()
    # A stranger's constraint that would be left without its resource is named, and nothing is changed.
    subprocess.run(["cibadmin", "--create", "--scope", "constraints", "--xml-text",
                    '<rsc_colocation id="theirs" rsc="db" with-rsc="web" score="5"/>'], env=environment, check=True)
    for words in (["plan"], ["apply", "--to", "pacemaker", "--yes"]):
        done = subprocess.run([picket, words[0], write("less.picket", changes.HEAD % {"n1": ""} + changes.WEB % ""),
                               *words[1:]], capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 2 and "`theirs`" in done.stderr and "`db`" in done.stderr, done
    run("plan", folder + "/without.picket")
    subprocess.run(["cibadmin", "--delete", "--xpath", "//rsc_colocation"], env=environment, check=True)
    print("PASS  names")

    # One step back, and no further where somebody else has been.
    run("apply", steps[4][1], "--to", "pacemaker", "--yes")
    run("apply", steps[3][1], "--to", "pacemaker", "--yes")
    run("rollback", "--yes")
    run("plan", steps[4][1])
    run("drift", steps[4][1])
    subprocess.run(["cibadmin", "--delete", "--xpath", "//op[@name='monitor']"], env=environment, check=True)
    run("drift", steps[4][1], status=5)
    run("drift", steps[4][1], "--revert", "--yes")
    run("drift", steps[4][1])
    print("PASS  drift and rollback")
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
